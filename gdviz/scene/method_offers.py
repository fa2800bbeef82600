"""What can be added to the methods of an experiment: estimates, rules, presets, and sets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES, YOURS
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.update_rules import FRAMEWORKS, GROUPS, RULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import AnyFunction
from gdviz.experiment.validation import MAX_METHODS
from gdviz.scene.captions import chosen_values


@dataclass(frozen=True, slots=True)
class Offer:
    """One or several methods to add.

    Parameters
    ----------
    key : str
        What the command line writes: an estimate, a rule or a preset; a title for a set.
    title : str
        What it is called.
    about : str
        What it is, in a sentence.
    methods : tuple of Method
        What is added.
    why_not : str, default ""
        Why it cannot be, if it cannot.
    definition : str, default ""
        Whose definition it is, and how others differ.
    sought_as : str, default ""
        Words by which people look for it, beside those of its title and its sentence.
    """

    key: str
    title: str
    about: str
    methods: tuple[Method, ...]
    why_not: str = ""
    definition: str = ""
    sought_as: str = ""


def method_offers(experiment: Experiment) -> dict[str, tuple[Offer, ...]]:
    """Return what can be added, in groups by their headings.

    An update rule comes with the first estimate that the function has.
    """
    function = experiment.function
    first = next((each for each in ESTIMATES if not function.why_not(each)), "forward")
    offers = {
        "Gradient estimates": [
            Offer(name, row.title, f"{row.formula}: {row.about}", (Method(name),),
                  why_no_estimate(function, name), row.definition, row.sought_as)
            for name, row in ESTIMATES.items()
        ],
        **{
            heading: [
                Offer(rule.name, rule.title, rule.about, (Method(first, rule.name),),
                      function.why_no_rule(rule.name), rule.definition, rule.sought_as)
                for rule in rules
                if rule.name != "gd"  # which the estimates come with
            ]
            for heading, rules in GROUPS.items()
        },
        "As other frameworks have them": list(_presets(function, first)),
        "Several to compare": list(_sets(function, first)),
    }  # fmt: skip
    room = MAX_METHODS - len(experiment.methods)
    return {
        heading: tuple(offer for offer in rows if len(offer.methods) <= room)
        for heading, rows in offers.items()
    }


def why_no_estimate(function: AnyFunction, name: str) -> str:
    """Say why a function does not have an estimate, and what would help; empty where it has."""
    why_not = function.why_not(name)
    if name == YOURS.name and why_not:
        why_not += ": write it in the Formula lens, under Check my gradient"
    return why_not


def _presets(function: AnyFunction, estimate: str) -> Iterator[Offer]:
    for rule in RULES.values():
        for framework, chosen in rule.presets.items():
            method = Method(estimate, rule.name, dict(chosen))
            yield Offer(
                f"{rule.name}@{framework}", f"{rule.title} as in {FRAMEWORKS[framework]}",
                f"{rule.title} with {', '.join(chosen_values(method))}",
                (method,), function.why_no_rule(rule.name), rule.definition, rule.known_as,
            )  # fmt: skip


def _sets(function: AnyFunction, estimate: str) -> Iterator[Offer]:
    def of_rules(*names: str) -> tuple[Method, ...]:
        return tuple(Method(estimate, name) for name in names)

    rows = function.data_set.rows if function.data_set else 1
    # What subtracts values of f: a complex step, which is precise since it does not, is none.
    differences = ("forward", "backward", "central", "richardson")
    yield Offer(
        "four differences", "The four differences",
        "Forward, backward, central and Richardson: what subtracts values of f, with errors O(ε), "
        "O(ε), O(ε²) and O(ε⁴).",
        tuple(map(Method, differences)),
    )  # fmt: skip
    yield Offer(
        "zeroth order", "Zeroth order",
        "SPSA, Gaussian smoothing, an evolution strategy and random coordinates: values alone, and "
        "as many whatever N is.",
        tuple(map(Method, ("spsa", "gaussian", "evolution", "random-coordinate"))),
    )  # fmt: skip
    forward = ("forward-mode", "forward-gradient")
    yield Offer(
        "forward only", "Forward without backward",
        "The exact gradient by a tangent for each parameter, and one slope along a random "
        "direction.",
        tuple(map(Method, forward)), function.why_not(forward[0]),
    )  # fmt: skip
    yield Offer(
        "batches", "A row, eight rows, all rows",
        "Mini-batches of 1 and 8 rows, and the gradient over all of the data.",
        (*(Method("mini-batch", estimate_options={"rows": n}) for n in (1, min(8, rows))),
         Method("analytic")),
        function.why_not("mini-batch"),
    )  # fmt: skip
    yield Offer(
        "four momenta", "Momentum, four ways",
        "PyTorch's, Polyak's heavy ball, PyTorch's Nesterov, and Nesterov's own of 1983.",
        of_rules("momentum", "heavy-ball", "nesterov", "nesterov-1983"),
    )  # fmt: skip
    yield Offer(
        "step lengths", "How long a step is",
        "A fixed α, a line search, Barzilai–Borwein's step and Polyak's, all along −ĝ.",
        of_rules("gd", "line-search", "barzilai-borwein", "polyak"),
    )  # fmt: skip
    for rule in RULES.values():
        if distinct := _distinct(rule):
            yield Offer(
                f"frameworks {rule.name}", f"What frameworks call {rule.title}",
                f"{', '.join(('PyTorch', *distinct))}: the same name, and other paths.",
                tuple(Method(estimate, rule.name, dict(each)) for each in ({}, *distinct.values())),
                function.why_no_rule(rule.name),
            )  # fmt: skip


def _distinct(rule: Rule) -> dict[str, Mapping[str, float]]:
    """Return the presets of a rule that differ, by the names of all who have them."""
    found: dict[str, Mapping[str, float]] = {}
    for framework, chosen in rule.presets.items():
        name = FRAMEWORKS[framework]
        same = next((names for names, other in found.items() if other == chosen), None)
        found[f"{same} and {name}" if same else name] = found.pop(same) if same else chosen
    return found
