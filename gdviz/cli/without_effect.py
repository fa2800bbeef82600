"""Options and files that change nothing beside the others: each is said, with what would use it."""

from argparse import Namespace
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from gdviz.base.format import listed
from gdviz.cli.experiment_options import OPTION_OF
from gdviz.engine.language.names import names_in
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.method_settings import is_random, uses_alpha, uses_epsilon
from gdviz.export.animation.formats import ANIMATION_FORMATS
from gdviz.export.options import FORMATS

#: Fields that a command may have no use for, by what has one.
A_PATH = ("alpha", "steps", "more_starts", "samples", "schedule", "schedule_options")
OF_THE_MAP = ("color_scale", "equal_units")
OF_METHODS = ("rule_options", "estimate_options", "seed", "precision")


@dataclass(frozen=True, slots=True)
class Unused:
    """What of an experiment a command does not use.

    Parameters
    ----------
    fields : tuple of str
        Its fields that are never used.
    but_in_pictures : tuple of str
        Those that only a picture shows.
    has_own_methods : bool, default False
        Whether it runs other methods than those that are shown, or none.
    is_at_a_point : bool, default False
        Whether ``--at`` takes the place of the start.
    """

    fields: tuple[str, ...] = ()
    but_in_pictures: tuple[str, ...] = ()
    has_own_methods: bool = False
    is_at_a_point: bool = False


#: Of a command that uses all of it.
NOTHING = Unused()

#: The fields that an animation turns, and what they are called.
_TURNED = {"epsilon": "ε", "alpha": "α", "start": "the start"}
_NO_EPSILON = "no method that is shown uses ε"
_NO_DRAWS = "no method that is shown draws"
_NO_ALPHA = "no method that is shown uses α"


#: By field, which methods use it, and why it has no effect where none of them is shown.
_BY_METHODS: dict[str, tuple[Callable[[Method], bool], str]] = {
    "epsilon": (uses_epsilon, _NO_EPSILON),
    "representable_step": (uses_epsilon, _NO_EPSILON),
    "seed": (is_random, _NO_DRAWS),
    "samples": (is_random, _NO_DRAWS),
    "alpha": (uses_alpha, _NO_ALPHA),
    "schedule": (uses_alpha, _NO_ALPHA),
}


def without_effect(
    arguments: Namespace, chosen: Collection[str], experiment: Experiment
) -> Iterator[str]:
    """Yield a sentence for what was given and changes nothing.

    Parameters
    ----------
    arguments : Namespace
        Of the command, which says in it what it is called, and what it does not use; of the window
        there is none.
    chosen : collection of str
        The experiment's fields that options set.
    experiment : Experiment
        What came of them.
    """
    command = vars(arguments).get("command", "")
    by: Unused = vars(arguments).get("unused", NOTHING)
    unused = {*by.fields, *(() if is_picture(arguments) else by.but_in_pictures)}
    if experiment.function.code is not None:
        unused.discard("range")  # beyond which it is not tried
    idle = [OPTION_OF[field] for field in OPTION_OF if field in unused and field in chosen]
    if idle:
        nothing, them = ("changes", "it") if len(idle) == 1 else ("change", "them")
        yield f"{listed(idle)} {nothing} nothing: gdviz {command} does not use {them}"
    if by.is_at_a_point and "at" in arguments and "start" in chosen:
        yield "--start changes nothing: the point is that of --at"
    if command:  # in the window other methods can be chosen
        if not by.has_own_methods:
            yield from _of_no_method(chosen, unused, experiment)
        yield from _of_the_candidate(command, chosen, experiment)
    if command and not is_picture(arguments):
        for option in ("size", "dpi", "font-size", "transparent"):
            if option.replace("-", "_") in arguments:
                yield f"--{option} changes nothing: what is written is no picture"
    if command == "animate":
        yield from _of_an_animation(arguments, chosen)
    yield from _unnamed(chosen, experiment)


def _of_an_animation(arguments: Namespace, chosen: Collection[str]) -> Iterator[str]:
    """Yield what is said of options that an animation of this kind, or format, has no use for.

    Parameters
    ----------
    arguments : Namespace
        Of the command.
    chosen : collection of str
        The experiment's fields that options set.
    """
    given = vars(arguments)
    format_ = ANIMATION_FORMATS[Path(given["output"]).suffix.lower().removeprefix(".")]
    if "loops" in given and not format_.loops:
        yield (f"--loops changes nothing: how often {format_.title} is seen is left to what "
               "plays it")  # fmt: skip
    over = given.get("over", "steps")
    is_said = "first" in given and "last" in given
    # Of a formula ε is guessed where nobody says it, and fits the start.
    guesses = over == "start" and "formula" in chosen and "epsilon" not in chosen
    if over in _TURNED and over in chosen and is_said and not guesses:
        yield f"{OPTION_OF[over]} changes nothing: {_TURNED[over]} goes from --from to --to"


def _of_no_method(
    chosen: Collection[str], unused: Collection[str], experiment: Experiment
) -> Iterator[str]:
    """Yield what is said of options that no method which is shown uses.

    Parameters
    ----------
    chosen, unused : collection of str
        The fields that options set, and those that the command never uses.
    experiment : Experiment
        What came of them.
    """
    methods = [method for method in experiment.methods if method.shown]
    for field, (uses, why) in _BY_METHODS.items():
        if field in chosen and field not in unused and not any(map(uses, methods)):
            yield f"{OPTION_OF[field]} changes nothing: {why}"


def _of_the_candidate(
    command: str, chosen: Collection[str], experiment: Experiment
) -> Iterator[str]:
    """Yield what is said of a gradient of one's own that nothing takes."""
    shown = (method.estimate for method in experiment.methods if method.shown)
    if "candidate_gradient" in chosen and command != "check" and "yours" not in shown:
        yield "--gradient changes nothing: gdviz check and --method yours use it"


def is_picture(arguments: Namespace) -> bool:
    """Tell whether a command writes a picture."""
    output = vars(arguments).get("output", "")
    return Path(output).suffix.lower().removeprefix(".") in {*FORMATS, *ANIMATION_FORMATS}


def _unnamed(chosen: Collection[str], experiment: Experiment) -> Iterator[str]:
    """Yield what is said of data and constants that a formula does not name."""
    function = experiment.function
    if not isinstance(function, FormulaFunction):
        return
    formula = function.formula_objective().formula
    if function.data is not None and not formula.over_data:
        columns = listed(function.data.names)
        yield f"the data changes nothing: the formula names none of its columns, {columns}"
    if "constants" in chosen:
        named = {written.name for written in names_in(function.text)}
        for name in function.constants:
            if name not in named:
                yield f"--constant {name} changes nothing: the formula does not name it"
