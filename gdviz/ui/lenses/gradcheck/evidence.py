"""The evidence beside the verdicts: the error over the map, the ε sweep, the Taylor remainder."""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import pretty
from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.scene.palette import estimate_color
from gdviz.ui.lenses.gradcheck.plots import ErrorPlot, SweepPlot, TaylorPlot, error_picture
from gdviz.ui.toolkit.build import check, column, combo, label, row
from gdviz.ui.toolkit.widgets.fixed_height_label import FixedHeightLabel
from gdviz.ui.toolkit.widgets.segments import Segments

if TYPE_CHECKING:  # they take their time to be imported
    from gdviz.engine.gradcheck.check import GradientCheck
    from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest

_VIEWS = {
    "error": ("Error on the map", "How far your gradient is from the true one, and where"),
    "sweep": ("ε sweep", "Central differences against yours and against the true derivative"),
    "taylor": (
        "Taylor remainder",
        "|f(θ + t) − f(θ) − t·∂f| falls like t² with the right derivative, like t with a wrong one",
    ),
}
_FINER = 4  #: on the map, which is that much larger than the plot
_OUTDATED = 0.35  #: the opacity of what is not of the texts in the fields
_NORM = "both: ‖yours − ∇f‖"


class EvidenceView(QWidget):
    """One of three plots of a check.

    Attributes
    ----------
    on_map_changed : Signal(object)
        An :class:`~gdviz.scene.map.gradient_error.ErrorDrawing` that belongs on the map.
    """

    on_map_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check: GradientCheck | None = None
        self._colors = "", ""  # of yours and of the true one
        self._segments = Segments(_VIEWS, self)
        self._segments.chosen.connect(self._choose)
        self._component = combo("Component", "", self._choose, parent=self)
        self._component.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._chosen: dict[str, int] = {}  # what the person chose of each view
        tip = "Overlay the error on the map and mark the worst places"
        self._on_map = check("on the map", tip, self._tell_map, self)
        self._legend = label(wraps=False, rich=True, parent=self)
        self._caption = FixedHeightLabel(2, parent=self)
        self._error, self._sweep, self._taylor = ErrorPlot(self), SweepPlot(self), TaylorPlot(self)
        self._plots = {"error": self._error, "sweep": self._sweep, "taylor": self._taylor}
        self._stack = QStackedWidget(self)
        for plot in self._plots.values():
            self._stack.addWidget(plot)
        head = row(self._component, None, self._legend, self._on_map, spacing=10)
        column(self._segments, head, self._caption, (self._stack, 1), inside=self, spacing=6)

    def show_check(self, check: "GradientCheck", experiment: Experiment) -> None:
        """Show the evidence of a check, in the colours of an experiment's methods."""
        colors = tuple(estimate_color(experiment.methods, name) for name in ("yours", "analytic"))
        if check is self._check and colors == self._colors:
            return
        if self._check is None or check.candidate is not self._check.candidate:
            self._chosen = {}  # of another candidate another component may be of interest
        self._check, self._colors = check, (colors[0], colors[1])
        self.refresh()

    def set_outdated(self, outdated: bool) -> None:
        """Take whether it is of another gradient than the one in the fields: then it is faded."""
        for plot in self._plots.values():
            plot.plot.getPlotItem().setOpacity(_OUTDATED if outdated else 1.0)
        for widget in (self._caption, self._legend, *self._plots.values()):
            widget.setEnabled(not outdated)

    def drawing(self) -> ErrorDrawing | None:
        """Return what belongs on the map."""
        check = self._check
        if check is None:
            return None
        extent, marks = _extent(check), _marks(check)
        is_shown = self._on_map.isChecked() and self._segments.choice() == "error"
        error = self._shown_error() if is_shown else None
        if error is None:
            return ErrorDrawing(extent, None, marks)
        pixels, scale = error_picture(error, _FINER)
        component = self._shown_component()
        name = "∇f" if component == 2 else check.candidate.components[component]
        about = f"‖yours − {name}‖" if component == 2 else f"|yours − {name}|"
        return ErrorDrawing(extent, pixels, marks, scale, about)

    # ---------------------------------------------------------------- choosing

    def _choose(self, choice: str | int) -> None:
        if isinstance(choice, int):
            self._chosen[self._segments.choice()] = choice
        self.refresh()

    def _shown_component(self) -> int:
        """Return which component is shown: 0, 1, or 2 for the norm of both."""
        view, check = self._segments.choice(), self._check
        if view in self._chosen or check is None:
            return self._chosen.get(view, 0)
        if view == "error":
            return 2
        return next((i for i, verdict in enumerate(check.verdicts) if not verdict.right), 0)

    def _tell_map(self) -> None:
        self.on_map_changed.emit(self.drawing())

    # ---------------------------------------------------------------- showing

    def refresh(self) -> None:
        """Draw what is chosen of the check, in the colours of now."""
        check, view = self._check, self._segments.choice()
        if check is None:
            return
        names = [*check.candidate.components, *([_NORM] if view == "error" else [])]
        if names != [self._component.itemText(i) for i in range(self._component.count())]:
            self._component.clear()
            self._component.addItems(names)
        component = self._shown_component()
        self._component.setCurrentIndex(component)
        self._on_map.setVisible(view == "error")
        self._legend.setVisible(view != "error")
        yours, true = self._colors
        self._legend.setText(
            f"<span style='color:{yours}'>━</span> yours &nbsp; "
            f"<span style='color:{true}'>━</span> true"
            + (" &nbsp; ┈ rounding" if view == "taylor" else "")
        )
        self._stack.setCurrentWidget(self._plots[view])
        if view == "error":
            self._show_error(check)
        elif view == "sweep":
            self._sweep.show_test(check.epsilon[component], yours, true)
            self._caption.setText(_said_of_sweep(check.epsilon[component]))
        else:
            self._taylor.show_test(check.taylor[component], yours, true)
            self._caption.setText(_said_of_taylor(check.taylor[component]))
        self._tell_map()

    def _shown_error(self) -> np.ndarray | None:
        """Return the error that is shown; None where it is rounding, or nothing."""
        check, component = self._check, self._shown_component()
        shown = range(2) if component == 2 else (component,)
        if check is None or not any(_differs(check, i) for i in shown):
            return None
        error = check.error if component == 2 else check.errors[component]
        return None if np.isnan(error).all() else error

    def _show_error(self, check: "GradientCheck") -> None:
        component, error = self._shown_component(), self._shown_error()
        shown = range(2) if component == 2 else (component,)
        self._on_map.setEnabled(error is not None)
        if error is None:
            self._caption.setText("")
            self._error.say(_said_of_none(check, list(shown)))
            return
        worst = tuple(place for i, place in _worst(check).items() if i in shown)
        self._error.set_names(check.candidate.objective.parameters)
        self._error.show_error(_extent(check), error_picture(error), worst)
        j, i = np.unravel_index(int(np.nanargmax(error)), error.shape)
        place = pair((check.a[i], check.b[j]))
        least = float(np.nanmin(error))
        self._caption.setText(
            f"From {number(least, 2)} to {number(float(error[j, i]), 3)}, at {place}. "
            "Grey: nothing to compare."
            if np.isnan(error).any()
            else f"From {number(least, 2)} to {number(float(error[j, i]), 3)}, at {place}."
        )


def _extent(check: "GradientCheck") -> Range:
    ends = (check.a[0], check.a[-1], check.b[0], check.b[-1])
    return Range(*(float(end) for end in ends))


def _worst(check: "GradientCheck") -> dict[int, tuple[float, float]]:
    """Return where components that are wrong here are worst, by component."""
    return {
        i: (verdict.worst.a, verdict.worst.b)
        for i, verdict in enumerate(check.verdicts)
        if verdict.worst is not None and verdict.right is False and not verdict.only_for
    }


def _marks(check: "GradientCheck") -> tuple[tuple[float, float, str], ...]:
    """Return the worst places, and what is written beside each: one word where they are one."""
    places = _worst(check)
    if len(places) == 2 and places[0] == places[1]:
        return ((*places[0], "∇"),)
    names = check.candidate.objective.parameters
    return tuple((*place, f"∂{pretty(names[i])}") for i, place in places.items())


def _differs(check: "GradientCheck", component: int) -> bool:
    """Tell whether a component differs from the true one with the constants as they are."""
    verdict = check.verdicts[component]
    wrong = verdict.right is False and not verdict.only_for
    return wrong and not np.isnan(check.errors[component]).all()


def _said_of_none(check: "GradientCheck", components: list[int]) -> str:
    """Say why there is no picture of an error."""
    errors = check.errors[components]
    if any(_differs(check, i) for i in components):
        return "Nowhere do both components have a value: choose one of them."
    if np.isnan(errors).all():
        return "There is no point where the two could be compared."
    most = float(np.nanmax(errors))
    bound = any(check.verdicts[i].only_for for i in components)
    with_these = "With the constants as they are, yours" if bound else "Yours"
    if most == 0.0:
        return f"{with_these} has the same values as the true one wherever the map has both."
    return f"{with_these} is off by at most {number(most, 2)} anywhere on the map: just rounding."


def _said_of_sweep(test: "EpsilonTest") -> str:
    """Say how close central differences come to the two."""
    if test.best is None:
        return "There is no ε for which f has a value on both sides."
    epsilon = f"ε = {number(test.epsilon[test.best], 2)}".replace(" ", "\N{NO-BREAK SPACE}")
    closest = test.true[test.best]
    to_yours = float(np.nanmin(test.claimed)) if not np.isnan(test.claimed).all() else math.nan
    where = f"At {pair(test.at)} differences come within {number(closest, 2)} of the true one"
    if math.isnan(to_yours):
        return f"{where}, at {epsilon}; yours is undefined there."
    return f"{where}, at {epsilon}, and within {number(to_yours, 2)} of yours."


def _said_of_taylor(test: "TaylorTest") -> str:
    """Say like which power of t the two remainders fall."""
    where = f"At {pair(test.at)}"
    if test.sides is not None or test.is_blind or np.isnan(test.claimed).all():
        return f"The Taylor remainder {test.finding}."
    if math.isnan(test.slope) and math.isnan(test.true_slope):
        return f"{where} both remainders are only rounding: f is straight there, or very nearly so."
    yours, true = (
        "only rounding" if math.isnan(slope) else f"slope {slope:.2f}"
        for slope in (test.slope, test.true_slope)
    )
    return f"{where} yours has {yours}, the true one {true}. A right one has 2, a wrong one 1."
