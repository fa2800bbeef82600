"""Numbers and names as the window writes them."""

from gdviz.engine.gradients import ESTIMATES
from gdviz.engine.rules import RULES
from gdviz.experiment import Experiment, Method
from gdviz.scene import Run
from gdviz.ui.widgets.number_field import format_number


def number(value: float) -> str:
    """Return a number with four significant digits, with a real minus sign."""
    return format_number(float(f"{value:.4g}")).replace("-", "−")


def pair(values: tuple[float, float]) -> str:
    """Return a point or a gradient."""
    return f"({number(values[0])}, {number(values[1])})"


def method_title(method: Method) -> str:
    """Return a method's name, with its own α and ε and its rule where it is not the usual one."""
    parts = [ESTIMATES[method.estimate].title]
    if method.rule != "gd":
        parts.append(RULES[method.rule].title)
    own = (("α", method.alpha), ("ε", method.epsilon))
    parts += [f"{sign} {format_number(value)}" for sign, value in own if value is not None]
    return ", ".join(parts)


def run_title(run: Run) -> str:
    """Return a run's name."""
    return method_title(run.method)


def constants_text(experiment: Experiment) -> str:
    """Return the constants with their values, as text."""
    return ", ".join(f"{k} = {number(v)}" for k, v in experiment.constant_values.items())
