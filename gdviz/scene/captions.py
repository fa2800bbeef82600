"""Numbers, names, formulas and captions as people write them, in the window and in figures.

No mathtext: its one parser in the process is not safe in two threads (matplotlib #26289), and
the window typesets formulas while a worker draws a figure.
"""

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gdviz.base.format import number, superscript
from gdviz.engine.analysis.best_direction import Circle
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import FRAMEWORKS, RULES, framework_of
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.network.settings import Directions, SliceSettings
from gdviz.experiment.black_box_functions import CallableFunction
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.method_settings import is_random, uses_alpha, uses_epsilon

#: A formula of 2,000 characters may be drawn, but need not be read.
_MAX_LINES = 4
#: Characters of a formula that is a page's title.
_LONGEST_NAME = 80

# A whole exponent that is the whole exponent: neither 2.5 nor 2e3 nor 2^3.
_POWER = re.compile(r"\s*(?:\^|\*\*)\s*(\d+)(?![\w.]|\s*(?:\^|\*\*))")
_SIGNS = {"**": "^", "*": "·", "-": "−", "sigmoid": "σ", "pi": "π", "kappa": "κ"}
# After an operand, and not that of 1e+3: long formulas are wrapped beside it.
_BINARY = re.compile(r"(?<=[\w)])(?<![\d.][eE])\s*([+−])\s*")
_SIGN = re.compile(r"\*\*?|(?<!\de)(?<!\dE)-|\b(?:sigmoid|pi|kappa)\b")


def pretty(formula: str) -> str:
    """Return a formula as people write it on one line: ``b*sigmoid(a*x)^2`` as b·σ(a·x)²."""
    raised = _POWER.sub(lambda power: superscript(int(power[1])), formula)
    return _BINARY.sub(r" \1 ", _SIGN.sub(lambda sign: _SIGNS[sign[0]], raised))


def method_title(method: Method) -> str:
    """Return a method's name for a legend, with what distinguishes its row.

    Of a rule that takes no gradient it is the rule's alone.
    """
    rule, estimate = RULES[method.rule], ESTIMATES[method.estimate]
    parts = [estimate.title] if rule.uses_gradient else []
    if method.rule != "gd":
        parts.append(rule_title(method))
    if rule.uses_gradient:
        if method.alpha is not None:
            parts.append(f"α = {number(method.alpha)}")
        if method.epsilon is not None:
            parts.append(f"ε = {number(method.epsilon)}")
        symbols = {option.name: option.symbol for option in estimate.options}
        of_estimate = method.estimate_options.items()
        parts += [f"{symbols[name]} = {number(value)}" for name, value in of_estimate]
    if not framework_of(method.rule, method.options):
        parts += chosen_values(method)
    return ", ".join(parts)


def rule_title(method: Method) -> str:
    """Return what a method's rule is called, and which framework's options it has, if any's."""
    title, framework = RULES[method.rule].title, framework_of(method.rule, method.options)
    return f"{title} as in {FRAMEWORKS[framework]}" if framework else title


def chosen_values(method: Method) -> list[str]:
    """Return the options that are chosen, as symbols and numbers; a switch is named if it is on."""
    known = {option.name: option for option in RULES[method.rule].options}
    return [
        f"{'' if value else 'not '}{known[name].symbol}"
        if known[name].is_switch
        else f"{known[name].symbol} = {number(value)}"
        for name, value in method.options.items()
    ]


def caption(
    experiment: Experiment, width: int, step: int | None = None, circle: Circle | None = None
) -> str:
    """Return what the figure shows, in lines.

    Parameters
    ----------
    experiment : Experiment
        What was chosen.
    width : int
        The most characters in a line.
    step : int, optional
        Up to which the paths are drawn; None draws them whole.
    circle : Circle, optional
        The circle of steps around the start that is drawn.
    """
    a, b = experiment.start
    steps = f"{experiment.steps} step" + "s" * (experiment.steps != 1)
    shown = [method for method in experiment.methods if method.shown]
    settings = [f"start ({number(a)}, {number(b)})"]
    # A method's own α and ε stand beside its name.
    if any(uses_alpha(method) and method.alpha is None for method in shown):
        settings.append(f"α = {number(experiment.alpha)}")
    if any(uses_epsilon(method) and method.epsilon is None for method in shown):
        settings.append(f"ε = {number(experiment.epsilon)}")
    settings += [
        steps if step is None else f"step {step} of {experiment.steps}",
        experiment.objective().arithmetic(experiment.precision),
    ]
    if circle is not None:
        settings.append(f"η = {number(circle.eta, 4)}")
        if math.isfinite(circle.angle_between):
            settings.append(f"best direction {circle.angle_between:.1f}° from −∇f")
    if experiment.schedule != "constant" and any(map(uses_alpha, shown)):
        settings.append(_schedule(experiment))
    if experiment.more_starts and experiment.view.others:
        others = len(experiment.more_starts)
        settings.append(f"{others} other start" + "s" * (others != 1))
    if any(map(is_random, shown)):
        settings.append(f"seed {experiment.seed}")
    if experiment.representable_step and any(map(uses_epsilon, shown)):
        settings.append("representable step")
    return "\n".join([*wrapped(subject(experiment), width), *wrapped(" · ".join(settings), width)])


def _schedule(experiment: Experiment) -> str:
    schedule = SCHEDULES[experiment.schedule]
    settings = schedule.option_values(experiment.schedule_options)
    values = [f"{option.symbol} = {number(settings[option.name])}" for option in schedule.options]
    return " with ".join([f"α as {schedule.about}", ", ".join(values)])


def subject(experiment: Experiment) -> str:
    """Return the function, with its constants' values and the surface's name."""
    function = experiment.function
    constants = [f"{pretty(name)} = {number(v)}" for name, v in function.constants.items()]
    title = f"{function.surface.title}: " if function.surface else ""
    return ", ".join([title + what(experiment), *constants])


def scene_name(experiment: Experiment) -> str:
    """Return what a page about an experiment is called: the surface, f's own title, or else f.

    A long formula is cut.
    """
    function = experiment.function
    if title := function.surface.title if function.surface else function.title:
        return title
    name = subject(experiment)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def what(experiment: Experiment) -> str:
    """Return what f is, in plain mathematics or in words."""
    function = experiment.function
    if function.code is not None:
        code, plane = function.code, function.code.slice
        along = "" if plane is None else f", sliced along {slice_axes(plane)}"
        drawn = "" if code.loss_seed is None else f", seeded with {code.loss_seed} in each call"
        return f"f = {code.loss} of {code.name}{along}{drawn}"
    if isinstance(function, CallableFunction):
        return f"f = {function.black_box().name}{point_name(experiment)}, a Python function"
    if function.grid is not None:
        grid = function.grid
        missing = f", {grid.holes} of them missing" if grid.holes else ""
        source = f", {grid.source}" if grid.source else ""
        return f"f = bicubic interpolant of {losses(grid)}{missing}{source}"
    return f"f{point_name(experiment)} = {pretty(function.plain_text)}"


def origin(experiment: Experiment) -> str:
    """Return whose f and ∇f are, a network's or an interpolant's, in a few words; else nothing."""
    function = experiment.function
    if function.grid is not None:
        return "of the interpolant"
    is_slice = function.code is not None and function.code.slice is not None
    return "of the network itself" if is_slice else ""


def origin_sentence(experiment: Experiment) -> str:
    """Return the same in a sentence; empty where f is neither."""
    function, code = experiment.function, experiment.function.code
    if function.grid is not None:
        of = f" of {function.grid.source}" if function.grid.source else ""
        return (
            f"f is an interpolant of {losses(function.grid)}{of}, and ∇f the interpolant's: "
            "between its points nobody knows the loss that was sampled."
        )
    if code is None or code.slice is None:
        return ""
    slope = "∇f its exact gradient" if code.has_gradient else "there are differences alone of it"
    return f"f is a slice of the loss of {code.name} itself, and {slope}: nothing is interpolated."


#: What spans a slice of a network, in words.
_AXES: Mapping[Directions, str] = MappingProxyType(
    {
        "random": "random directions",
        "pca": "the principal components of its trajectory",
        "hessian": "the Hessian's eigenvectors of the largest eigenvalues",
        "hessian-lowest": "the Hessian's eigenvectors of the lowest eigenvalues",
        "gradient": "the gradient and Adam's direction",
        "between": "its checkpoints",
        "file": "the directions of a file",
    }
)


def slice_axes(plane: SliceSettings) -> str:
    """Return what spans a slice of a network, with what random directions depend on."""
    if plane.directions != "random":
        return _AXES[plane.directions]
    sizes = "as drawn" if plane.normalize == "none" else f"normalised by {plane.normalize}"
    return f"{_AXES['random']} ({sizes}, seed {plane.seed})"


def losses(grid: LossGrid) -> str:
    """Return how many losses there are each way."""
    if grid.is_line:
        return f"{len(grid.a)} losses along a line"
    return f"{len(grid.a)} × {len(grid.b)} losses"


def axis_names(experiment: Experiment) -> tuple[str, str]:
    """Return what the map's axes are called, with a file's names where it has others."""
    own = experiment.function.parameters
    in_a, in_b = (
        pretty(letter) if name == letter else f"{letter} ({name})"
        for letter, name in zip(own, parameter_names(experiment), strict=True)
    )
    return in_a, in_b


def parameter_names(experiment: Experiment) -> tuple[str, str]:
    """Return what the person calls the parameters: by a formula, or by a file with losses."""
    grid = experiment.function.grid
    return experiment.function.parameters if grid is None else grid.names


def coordinates(experiment: Experiment, point: Sequence[float], digits: int = 6) -> str:
    """Return a point with the names of its coordinates: a = −1.2, b = 1.

    Parameters
    ----------
    experiment : Experiment
        Whose parameters they are.
    point : sequence of float
        The point.
    digits : int, default 6
        The most digits.
    """
    named = zip(experiment.function.parameters, point, strict=True)
    return ", ".join(f"{pretty(name)} = {number(value, digits)}" for name, value in named)


def point_name(experiment: Experiment) -> str:
    """Return what a point is called: (a, b)."""
    return f"({', '.join(map(pretty, experiment.function.parameters))})"


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of so many characters at most; a long one ends in an ellipsis."""
    # A setting such as "α = 1" is not torn apart: its spaces are no-break spaces while wrapping.
    kept = re.sub(r"(?<=\w) = (?=[\d−])", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(
        kept, max(width, 20), max_lines=_MAX_LINES, placeholder=" …", break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
