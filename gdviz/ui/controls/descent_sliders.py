"""The sliders of what all methods share: the learning rate, the difference step, the steps."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtWidgets import QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import BOUNDS
from gdviz.experiment.validation import SLIDERS as RANGES
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.number_field import Scale
from gdviz.ui.toolkit.widgets.slider_field import SliderField

#: Field of the experiment: label, scale, whole numbers, tooltip.
SLIDERS: Mapping[str, tuple[str, Scale, bool, str]] = MappingProxyType({
    "alpha": (
        "α", "log", False,
        "Learning rate α: the step is −α times the gradient. Accepts 3e-7 as well as 0.1.",
    ),
    "epsilon": (
        "ε", "log", False,
        "Finite-difference step ε. Too large: the secant is not the tangent. "
        "Too small: round-off drowns the difference.",
    ),
    "steps": ("steps", "log", True, "The maximum number of updates θ ← θ − αĝ"),
})  # fmt: skip


def descent_slider(name: str, experiment: Experiment, parent: QWidget) -> SliderField:
    """Return the slider of a field of experiments, named after it.

    Parameters
    ----------
    name : str
        A key of :data:`SLIDERS`.
    experiment : Experiment
        Whose value it has at first, and after a double click.
    parent : QWidget
        Where it stands.
    """
    symbol, scale, integer, tip = SLIDERS[name]
    low, high = RANGES[name]
    minimum, maximum = BOUNDS[name]
    slider = SliderField(
        symbol, getattr(experiment, name), low, high,
        minimum=minimum, maximum=maximum, scale=scale, integer=integer, parent=parent,
    )  # fmt: skip
    slider.setToolTip(as_tip(tip))
    slider.setObjectName(name)
    return slider


def turned(name: str, value: float) -> dict[str, float]:
    """Return the field of experiments that a slider has turned, with its value."""
    return {name: int(value) if SLIDERS[name][2] else value}
