"""The Step lens's page of directions: the loss on a circle around the point, and its lowest."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gdviz.base.format import number, pair, sentence
from gdviz.base.geometry import Range
from gdviz.engine.analysis.best_direction import FEWEST, Circle, best_direction
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import BOUNDS
from gdviz.scene.captions import point_name
from gdviz.scene.moment import Moment
from gdviz.scene.palette import BEST_COLOR
from gdviz.ui.lenses.step.page import StepPage
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.build import column, label, row
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import Curve
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.fixed_height_label import FixedHeightLabel
from gdviz.ui.toolkit.widgets.slider_field import SliderField

_SLIDER = 1e-4, 10.0  #: the slider's range of η
_HALF_TURN = 180.0
_TICKS = [[(float(x), f"{x}°".replace("-", "−")) for x in range(-180, 181, 60)]]


class DirectionPage(StepPage):
    """The best direction of a step of length η, beside that of −∇f."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._circle = CachedResult(_circle_of, self._refresh_if_open, self)
        self._build()

    def _build(self) -> None:
        low, high = BOUNDS["eta"]
        self.eta = SliderField(
            "η", Experiment().eta, *_SLIDER, minimum=low, maximum=high, scale="log", parent=self
        )
        self.eta.setToolTip(
            as_tip(
                "Length η of the step, the circle's radius. −∇f is the best direction of an "
                "infinitely short step only: let η shrink, and the angle between the two goes to 0."
            )
        )
        self.eta.value_changed.connect(self._turn)
        errors = FieldErrors(self)
        errors.watch([self.eta.field])
        self._numbers = FixedHeightLabel(3, rich=True, parent=self)
        self._between = FixedHeightLabel(rich=True, parent=self)
        self._cost = FixedHeightLabel(muted=True, parent=self)
        self._cost.setToolTip(
            as_tip(
                "The search is an optimisation in itself: values of f all around the circle, and "
                "more of them where the lowest may be. One gradient costs N = 2 evaluations."
            )
        )
        self._note = label(parent=self)
        self._plot = Plot("Loss on the circle", "angle from −∇f", "f", parent=self)
        self._plot.bottom.setTicks(_TICKS)
        self._sector = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        self._sector.setBrush(pg.mkBrush(f"{BEST_COLOR}30"))
        self._plot.add(self._sector, 0)
        add = self._plot.add_line
        self._here = add(lambda theme: pen(theme.muted, 1.0, Qt.PenStyle.DotLine), angle=0)
        self._steepest = add(lambda theme: pen(theme.text, 1.0, Qt.PenStyle.DashLine))
        self._best = add(lambda _theme: pen(BEST_COLOR, 1.5))
        self._marks = self._plot.add_marks(11)
        column(
            row((self.eta, 1), self._equal_units(), spacing=12), errors,
            self._numbers, self._between, self._cost, self._note,
            (self._plot, 1), inside=self, spacing=8,
        )  # fmt: skip

    def _turn(self, eta: float) -> None:
        self.changed.emit({"eta": eta})

    # ---------------------------------------------------------------- showing

    def on_map(self) -> Circle | None:
        """Return the circle; None where the path has left the numbers, or it is not yet there."""
        moment = self.moment
        if not moment.is_finite:
            return None
        eta = moment.scene.experiment.eta
        return self._circle.of(moment.scene.objective, moment.at, eta, points=FEWEST)

    def refresh(self) -> None:
        """Show the circle at the step."""
        moment = self.moment
        self.eta.set_value(moment.scene.experiment.eta)
        circle = self.on_map()
        if circle is None:
            for label in (self._numbers, self._between, self._cost):
                label.setText("")
            self._note.setText("" if moment.is_finite else _LOST)
            self._hide_marks()
            searching = self._circle.failure or "Searching…"
            self._plot.say(searching if moment.is_finite else "There is no circle to draw.")
        else:
            self._numbers.setText(_numbers(circle, moment, self.theme.text))
            self._between.setText(_between(circle))
            self._cost.setText(_cost(circle))
            self._note.setText(_note(circle, moment.scene.experiment.map_range))
            self._draw(circle, moment)
        self._note.setVisible(bool(self._note.text()))

    def _draw(self, circle: Circle, moment: Moment) -> None:
        """Draw the loss against the angle from −∇f, or from the direction of a without one."""
        from_steepest = math.isfinite(circle.steepest_angle)
        origin = circle.steepest_angle if from_steepest else 0.0
        self._plot.set_label("bottom", "angle from −∇f" if from_steepest else "angle from +a")
        angles = _turned(circle.angles, origin)
        order = np.argsort(angles)
        x, y = angles[order], circle.losses[order]
        # The circle is closed: its first sample is its last as well.
        x, y = np.append(x, x[0] + 2 * _HALF_TURN), np.append(y, y[0])
        marks = [
            (float(_turned(angle, origin)), loss, mark)
            for angle, loss, mark in (
                (circle.steepest_angle, circle.steepest_loss, ("d", brush(self.theme.text))),
                (circle.best_angle, circle.best_loss, ("o", brush(BEST_COLOR))),
            )
            if math.isfinite(loss)
        ]
        if not marks and not np.isfinite(y).any():
            self._hide_marks()
            self._plot.say("Nothing to draw: no value is finite.")
            return
        here = moment.loss_at(circle.at)
        self._plot.show_curves([Curve(x, y, pen(self.theme.text, 1.8))])
        self._plot.fit((-_HALF_TURN, _HALF_TURN), [*y, here, *(loss for _, loss, _ in marks)])
        self._marks.setData(
            pos=np.array([mark[:2] for mark in marks]).reshape(-1, 2),
            symbol=[symbol for _, _, (symbol, _) in marks],
            brush=[fill for _, _, (_, fill) in marks],
            pen=pen(self.theme.panel, 1.5),
        )
        self._here.setPos(here if math.isfinite(here) else 0.0)
        self._here.setVisible(math.isfinite(here))
        self._steepest.setVisible(from_steepest)
        self._best.setVisible(math.isfinite(circle.best_loss))
        self._sector.setVisible(math.isfinite(circle.angle_between))
        if math.isfinite(circle.best_loss):
            turn = float(_turned(circle.best_angle, origin))
            self._best.setPos(turn)
            self._sector.setRegion((0.0, turn))

    def _hide_marks(self) -> None:
        self._marks.clear()
        for item in (self._sector, self._here, self._steepest, self._best):
            item.hide()


_LOST = "The path is no longer finite at this step: choose an earlier one."


def _circle_of(_job: Job, objective: Objective, at: tuple[float, float], eta: float) -> Circle:
    return best_direction(objective, at, eta)


def _turned(angle: np.ndarray | float, origin: float) -> np.ndarray:
    """Return angles in degrees from the origin's, from −180 to 180."""
    turned = np.degrees(np.asarray(angle) - origin)
    return (turned + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN


def _numbers(circle: Circle, moment: Moment, ink: str) -> str:
    """Return where the two directions lead, as a table."""
    here = moment.loss_at(circle.at)
    rows = [
        (f"<span style='color:{ink}'>◆</span> −∇f", circle.steepest_point, circle.steepest_loss),
        (f"<span style='color:{BEST_COLOR}'>●</span> best, −δ*", circle.best_point,
         circle.best_loss),
    ]  # fmt: skip
    cells = "".join(
        f"<tr><td>{title}</td><td align='right'>{pair(point)}</td>"
        f"<td align='right'>{number(loss, 5)}</td>"
        f"<td align='right'>{_signed(loss - here)}</td></tr>"
        if math.isfinite(loss)
        else f"<tr><td>{title}</td><td align='right'>none</td><td></td><td></td></tr>"
        for title, point, loss in rows
    )
    return (
        "<table width='100%' cellspacing='0' cellpadding='1'><tr><td></td>"
        f"<td align='right'>leads to {point_name(moment.scene.experiment)}</td>"
        f"<td align='right'>f there</td><td align='right'>change</td></tr>{cells}</table>"
    )


def _between(circle: Circle) -> str:
    """Return how far the two directions are apart."""
    between = circle.angle_between
    apart = f"<b>{number(between, 4)}°</b> apart" if math.isfinite(between) else "No angle"
    gain = circle.steepest_loss - circle.best_loss
    return f"{apart}; the best one reaches {number(gain, 3)} lower." if gain > 0.0 else f"{apart}."


def _signed(change: float) -> str:
    return "" if math.isnan(change) else f"{'+' if change > 0 else ''}{number(change, 3)}"


def _cost(circle: Circle) -> str:
    return f"The search took {circle.evaluations} evaluations of f; ∇f takes 2."


def _note(circle: Circle, shown: Range) -> str:
    """Return what the numbers do not say: what is odd, and what lies outside the map."""
    outside = [
        f"{name} leads out of the map, to {pair(point)}"
        for name, point, loss in (
            ("−∇f", circle.steepest_point, circle.steepest_loss),
            ("the best direction", circle.best_point, circle.best_loss),
        )
        if math.isfinite(loss) and not shown.contains(*point)
    ]
    return sentence(circle.sentence, *outside)
