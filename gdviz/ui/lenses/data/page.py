"""The page of data: what is being fitted, and how well at the current step."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.model_curves import Fit, Fitting, fitting, widened
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import AnyFunction
from gdviz.experiment.raw_units import conditioning, faintness, standardised
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.absences import no_runs
from gdviz.scene.captions import coordinates, method_title, origin_sentence, pretty
from gdviz.scene.moment import Moment
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Scene
from gdviz.ui.lenses.data.plot import MOST_POINTS, DataPlot, Drawn
from gdviz.ui.lenses.data.table import DataTable
from gdviz.ui.lenses.method_choice import MethodChoice
from gdviz.ui.lenses.page import Page
from gdviz.ui.toolkit.build import button, column, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.fixed_height_label import FixedHeightLabel
from gdviz.ui.toolkit.widgets.message_label import MessageLabel, as_sentence

_NO_BREAK = "\N{NO-BREAK SPACE}"
_WITH_DATA = tuple(surface for surface in SURFACES.values() if surface.data)
_ABOUT = (
    "This lens shows the points that a model is fitted to, and the model's curve or boundary at "
    "the current step: f is the sum or the mean of how wrong the model is at each of them."
)


class DataPage(Page):
    """Points, models, and a table of the rows; CSV files in and out.

    Attributes
    ----------
    open_asked : Signal()
        The person wants data from a file.
    save_asked : Signal()
        The person wants the data in a file.
    built_in_asked : Signal()
        The person wants the surface's own data again.
    surface_chosen : Signal(str)
        The name of a surface with data.
    standardised : Signal(Experiment)
        The same experiment, with standardised data.
    """

    open_asked = Signal()
    save_asked = Signal()
    built_in_asked = Signal()
    surface_chosen = Signal(str)
    standardised = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = 0  # the row of the experiment whose residuals are listed
        self._fitting: Fitting | None = None
        self._key: tuple = ()  # what the fitting was made from
        self._refused_on: tuple = ()  # what the refusal was about
        self._refusal = ""
        self._noted: tuple[Data | None, str] = (None, "")  # what was said of which data
        self._conditioning = ""  # what is said of the fitting
        self._build()

    def _build(self) -> None:
        self._pages = QStackedWidget(self)
        self._empty, self._full = self._empty_page(), self._full_page()
        for page in (self._empty, self._full):
            self._pages.addWidget(page)
        self._error = label(kind="error", parent=self)
        tip = "Read data from a file: a row of numbers for each observation, names above them"
        self._open = button("Open CSV…", tip, self.open_asked, self)
        self._save = button("Save CSV…", "Write the data to a file", self.save_asked, self)
        tip = "Go back to the data that the surface comes with"
        self._built_in = button("Built-in data", tip, self.built_in_asked, self)
        tip = (
            "Give each column but the target the mean 0 and the standard deviation 1, so that "
            "gradient descent arrives in a few steps: the parameters are then others, which is "
            "said above, and undo brings the raw units back"
        )
        self._standardise = button("Standardise", as_tip(tip), self._ask_standardised, self)
        buttons = row((self._open, 1), (self._save, 1), (self._built_in, 1), (self._standardise, 1))
        column((self._pages, 1), self._error, buttons, inside=self, spacing=6)
        self._show_refusal()

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        self._without = label(kind="muted", parent=page)
        self._surfaces = []
        for surface in _WITH_DATA:
            choice = button(surface.title, surface.note, self._choose_surface, page)
            choice.setProperty("surface", surface.name)
            self._surfaces.append(choice)
        about = label(_ABOUT, parent=page)
        column(about, self._without, *self._surfaces, None, inside=page, spacing=8)
        return page

    def _full_page(self) -> QWidget:
        page = QWidget(self)
        self._source = ElidedLabel(page)
        self._what = ElidedLabel(page)
        self._what.setProperty("muted", True)
        self._notes = MessageLabel(page)
        self.plot = DataPlot(page)
        self._legend = label(rich=True, parent=page)
        self._choice = MethodChoice("The method whose model is drawn in front and tabulated", page)
        self._choice.activated.connect(self._choose_method)
        self._summary = FixedHeightLabel(parent=page)
        self.table = DataTable(page)
        above, below = QWidget(page), QWidget(page)
        column(
            self._source, self._what, self._notes, (self.plot, 1), self._legend,
            inside=above, margins=(0, 0, 0, 4), spacing=4,
        )  # fmt: skip
        column(
            self._choice, self._summary, (self.table, 1),
            inside=below, margins=(0, 4, 0, 0), spacing=4,
        )  # fmt: skip
        splitter = QSplitter(Qt.Orientation.Vertical, page)
        splitter.setChildrenCollapsible(False)
        for part in (above, below):
            splitter.addWidget(part)
        splitter.setSizes([360, 260])
        column(splitter, inside=page)
        return page

    def recolor(self, theme: Theme) -> None:
        """Take the colour of marked rows."""
        self.table.rows.set_error_color(theme.error)

    # ---------------------------------------------------------------- what the person does

    def _choose_method(self, _index: int) -> None:
        self._method = self._choice.currentData()
        self._refresh_if_open()

    def _ask_standardised(self) -> None:
        try:
            experiment, sentence = standardised(self.scene.experiment)
        except ExperimentError as error:
            self.show_refusal(error.message)
            return
        self.note(experiment.function.data, as_sentence(sentence))
        self.standardised.emit(experiment)

    def _choose_surface(self) -> None:
        self.surface_chosen.emit(self.sender().property("surface"))

    # ---------------------------------------------------------------- showing

    def show_refusal(self, sentence: str) -> None:
        """Say why data was not taken or written, until there is other data."""
        experiment = self.scene.experiment if self._scene else Experiment()
        self._refusal = as_sentence(sentence)
        self._refused_on = _subject(experiment)
        self._show_refusal()

    def note(self, data: Data | None, sentences: str) -> None:
        """Say what a file's reader had to say of data, as long as it is shown."""
        self._noted = data, sentences

    def _show_refusal(self) -> None:
        self._error.setText(self._refusal)
        self._error.setVisible(bool(self._refusal))

    def refresh(self) -> None:
        """Show the scene at the step."""
        scene, experiment = self.scene, self.scene.experiment
        function = experiment.function
        data = function.data_set
        if self._refusal and _subject(experiment) != self._refused_on:
            self._refusal = ""
            self._show_refusal()
        self._save.setEnabled(data is not None)
        self._built_in.setEnabled(function.surface is not None and function.data is not None)
        self._standardise.setEnabled(function.data is not None)
        if data is None:
            said = (
                f"{_name_of(function)} has no data.",
                origin_sentence(experiment),
                "Open a CSV file, and a line is fitted to it until you write another formula. "
                "Surfaces with their own data:",
            )
            self._without.setText(" ".join(filter(None, said)))
            self._pages.setCurrentWidget(self._empty)
            return
        self._pages.setCurrentWidget(self._full)
        fitting = self._fitting_of(function, data)
        noted = self._noted[1] if function.data == self._noted[0] else ""
        signed = function.data_note and as_sentence(function.data_note)
        self._notes.say(" ".join(filter(None, (noted, signed, self._conditioning))))
        self._notes.setVisible(bool(self._notes.text()))
        self._show_step(scene, fitting)

    def _fitting_of(self, function: AnyFunction, data: Data) -> Fitting:
        """Return what is fitted to data, and show the points if it is another than the last."""
        labels = function.surface.labels == (-1.0, 1.0) if function.surface else None
        model, constants = function.model, function.constants
        key = data, model, constants, function.target, labels, function.parameters, function.text
        if self._fitting is not None and key == self._key:
            return self._fitting
        found = fitting(data, model, constants, function.target, labels, function.parameters)
        self._key, self._fitting = key, found
        own = function.data is not None
        conditioned = conditioning(self.scene.objective) if own else ""
        faint = faintness(self.scene.objective) if own else ""
        self._conditioning = " ".join(
            [*([as_sentence(conditioned), "Standardise the columns?"] if conditioned else []),
             *([as_sentence(faint)] if faint else [])]
        )  # fmt: skip
        source = (data.source or "data of your own") if own else data.source.partition(",")[0]
        rows = f"{data.rows:,} row" + "s" * (data.rows != 1)
        if data.rows > MOST_POINTS:
            rows += f", {MOST_POINTS:,} drawn at random"
        self._source.setText(f"{source}: {rows}" if own else f"Built-in data, {source}: {rows}")
        self.plot.show_fitting(found)
        self.table.show_fitting(found)
        return found

    def _show_step(self, scene: Scene, fitting: Fitting) -> None:
        moment = Moment.of(scene, self._method, self._step)
        self._choice.show_scene(scene, moment.run)
        models, chosen = [], scene.runs.index(moment.run) if moment.run else 0
        for i, run in enumerate(scene.runs):
            a, b = run.path.theta[min(self._step, run.path.updates)].tolist()
            drawn = fitting.at(a, b, by_row=i == chosen)
            models.append(Drawn(drawn, path_color(run.method, run.index)))
        self.plot.show_models(models, chosen)
        fit = models[chosen].fit if models else None
        self.table.rows.show_fit(fit)
        self._summary.setText(_summary(fitting, moment, fit))
        # A new text lays the lens out again.
        function = scene.experiment.function
        what = no_runs(scene) if fit is None else _what_is_drawn(fitting, fit, function)
        if what != self._what.text():
            self._what.setText(what)
        legend = _legend(fitting, scene, self.theme.error)
        if legend != self._legend.text():
            self._legend.setText(legend)


def _summary(fitting: Fitting, moment: Moment, fit: Fit | None) -> str:
    """Return the point, its loss, and how many points are on the wrong side."""
    if fit is None or moment.run is None:
        return ""
    at = coordinates(moment.scene.experiment, moment.at, 3)
    text = f"{at}, f = {number(moment.run.path.loss[moment.step], 4)}"
    if fitting.labels and fitting.has_model:
        text += f"; {fit.wrong.sum():,} of {len(fit.wrong):,} wrong"
    return text


def _subject(experiment: Experiment) -> tuple:
    """Return what a refusal is about: it is taken back when that changes."""
    return experiment.function.identity, experiment.objective()


def _name_of(function: AnyFunction) -> str:
    if function.code is not None:
        return function.code.name
    if function.grid is not None:
        return function.grid.source or "This loss landscape"
    return function.surface.title if function.surface else "This formula"


def _what_is_drawn(fitting: Fitting, fit: Fit, function: AnyFunction) -> str:
    """Return what is fitted, or why it is not drawn, on a line."""
    if fit.sentence:
        return fit.sentence
    model, surface = function.model, function.surface
    if fitting.is_plane:
        return f"Boundary: {pretty(model)} = {number(fitting.level)}"
    low, high = widened(fitting.y)
    unseen = "" if ((low <= fit.y) & (fit.y <= high)).any() else ", out of view here"
    if fitting.labels:  # of which the model is no estimate
        return f"{fitting.target} = 1 is where {pretty(model)} > 0{unseen}"
    if surface and surface.labels:
        return f"The probability of {fitting.target} = 1: {pretty(model)}{unseen}"
    return f"Fitted: {fitting.target} ≈ {pretty(model)}{unseen}"


def _legend(fitting: Fitting, scene: Scene, error: str) -> str:
    """Return what is what in the plot, as rich text."""
    level = number(fitting.level)
    names = ("= 1", "= −1") if fitting.labels else (f"above {level}", f"up to {level}")
    rows: list[tuple[str, str, str]] = []  # symbol, its style, name
    if fitting.is_plane:
        rows = [
            (sign, "", f"{fitting.target} {name}") for sign, name in zip("●○", names, strict=True)
        ]
        if fitting.labels and fitting.has_model:
            rows.append(("◯", f"color:{error}", "wrong side"))
    for run in () if fitting.sentence else scene.runs:
        style = f"color:{path_color(run.method, run.index)}"
        rows.append(("━", style, method_title(run.method)))
    return f"{2 * _NO_BREAK} ".join(  # lines are broken between rows only
        f"<span style='{style}'>{sign}</span>{_NO_BREAK}{escape(name).replace(' ', _NO_BREAK)}"
        for sign, style, name in rows
    )
