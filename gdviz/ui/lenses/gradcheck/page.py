"""The check page of the Formula lens: whether what a person derived is the gradient."""

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gdviz.engine.gradcheck.candidate import CandidateGradient, components
from gdviz.engine.language.formula import FormulaError
from gdviz.experiment.change_function import with_candidate
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.from_typed_text import Draft
from gdviz.experiment.validation import MAX_METHODS, ExperimentError
from gdviz.scene.palette import free_color
from gdviz.scene.scene import Scene
from gdviz.ui.lenses.gradcheck.empty_text import empty_text
from gdviz.ui.lenses.gradcheck.evidence import EvidenceView
from gdviz.ui.lenses.gradcheck.fields import CandidateFields
from gdviz.ui.lenses.gradcheck.verdict import VerdictView
from gdviz.ui.lenses.page import ExperimentPage
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.gradcheck_task import GradcheckTask
from gdviz.ui.toolkit.build import button, column, label, row
from gdviz.ui.toolkit.theme import Theme

_NOTHING = "", ""
_EMPTY, _WAITING, _FOUND = range(3)  #: what stands below the fields
#: Fields of the experiment that the page depends on.
_SHOWN_FIELDS = ("function", "range", "methods", "start")


class CheckPage(ExperimentPage):
    """Two fields for ∂f/∂a and ∂f/∂b, the verdicts on them, and the evidence.

    The experiment holds the last texts that could be read. What stands in the fields is the
    person's, and stays when it cannot be read, or when another formula has no place for it.

    Parameters
    ----------
    draft : Draft
        Knows whether f is what is written.
    parent : QWidget, optional

    Attributes
    ----------
    chosen : Signal(Experiment)
        The person wrote another gradient, wants its path drawn, or to start where it is worst.
    on_map_changed : Signal(object)
        An :class:`~gdviz.scene.map.gradient_error.ErrorDrawing` that belongs on the map, or None.
    fields : CandidateFields
        Where it is written.
    verdicts : list of VerdictView
        What is so of each component.
    evidence : EvidenceView
        What shows it.
    """

    chosen = Signal(object)
    on_map_changed = Signal(object)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._experiment = Experiment()
        self._failure = ""
        self._task = GradcheckTask(self._show_check, self._show_failure, self)
        self._build()

    def _build(self) -> None:
        self.fields = CandidateFields(self)
        self.fields.written.connect(self._read)
        self.fields.edited.connect(self._fade)
        self._draw_path = button("Draw its path", "", self._choose_path, self)
        tip = "Empty both fields; a method that descends with them is hidden"
        self._clear = button("Clear", tip, self._choose_nothing, self)
        self._status = label(kind="muted", wraps=False, parent=self)
        self._empty = label(rich=True, parent=self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verdicts = [VerdictView(self) for _ in range(2)]
        for verdict in self.verdicts:
            verdict.start_chosen.connect(self._choose_start)
        self.evidence = EvidenceView(self)
        self.evidence.on_map_changed.connect(self._lay_on_map)

        self._outdated = label(kind="muted", parent=self)
        self._outdated.hide()
        found = QWidget(self)
        column(self._outdated, *self.verdicts, (self.evidence, 1), inside=found, spacing=8)
        self._stack = QStackedWidget(self)
        for page in (self._empty, QWidget(self), found):
            self._stack.addWidget(page)
        buttons = row(self._draw_path, self._clear, None, self._status, spacing=8)
        column(self.fields, buttons, (self._stack, 1), inside=self, spacing=8)

    def recolor(self, theme: Theme) -> None:
        """Take the colours of mistakes and signs."""
        self.fields.set_theme(theme)
        for verdict in self.verdicts:
            verdict.set_theme(theme)
        self.evidence.refresh()

    # ---------------------------------------------------------------- showing

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose."""
        before, self._experiment = self._experiment, experiment
        self.fields.set_texts(_texts_after(before, experiment, self.fields.texts()))
        if any(getattr(before, name) != getattr(experiment, name) for name in _SHOWN_FIELDS):
            self._refresh_if_open()

    def show_scene(self, scene: Scene, step: int) -> None:
        """Take a scene, of which nothing is shown."""
        self._scene, self._step = scene, step

    def show_step(self, step: int) -> None:
        """Take another current step, which changes nothing."""
        self._step = step

    def refresh(self) -> None:
        """Show what the experiment claims, and have it checked."""
        experiment = self._experiment
        candidate = experiment.function.candidate_gradient
        self.fields.show_experiment(experiment)
        self._say_what_is_read()
        path_is_drawn = any(m.shown and m.estimate == "yours" for m in experiment.methods)
        self._draw_path.setText("Its path is drawn" if path_is_drawn else "Draw its path")
        full = len(experiment.methods) >= MAX_METHODS and _row_of_yours(experiment) is None
        self._draw_path.setEnabled(candidate is not None and not path_is_drawn and not full)
        self._draw_path.setToolTip(
            f"There are {MAX_METHODS} methods already: remove one"
            if full
            else "Descend with this gradient, right or wrong, beside the other methods"
        )
        self._clear.setEnabled(self.fields.texts() != _NOTHING or candidate is not None)
        if candidate is None:
            self._empty.setText(empty_text(experiment))
        self._task.show_experiment(experiment)
        self._show_check()

    def _say_what_is_read(self) -> None:
        """Say below the fields what is wrong with them, and why they are not checked."""
        texts, candidate = self.fields.texts(), self._experiment.function.candidate_gradient
        error, column, hint = "", None, ""
        if texts != candidate and texts != _NOTHING:
            names = components(self._experiment.function.parameters)
            missing = [name for name, text in zip(names, texts, strict=True) if not text]
            if missing:
                hint = f"{missing[0]} is still missing."
            else:
                error, column = _refusal(self._experiment, texts)
            if not (missing or error) and candidate is None:
                hint = "f has changed: press Enter to check this gradient against it."
        self.fields.say(error, column, hint)

    def _show_check(self) -> None:
        if not self.isVisible():
            return
        task, candidate = self._task, self._experiment.function.candidate_gradient
        if candidate is None or task.is_running():
            self._failure = ""
        remaining = "Working out what remains …" if task.is_current else "Checking …"
        self._status.setText(remaining if candidate and task.is_running() else self._failure)
        check = task.check
        if candidate is None or check is None:
            self._stack.setCurrentIndex(_EMPTY if candidate is None else _WAITING)
            self.on_map_changed.emit(None)
            return
        self._stack.setCurrentIndex(_FOUND)
        for view, verdict in zip(self.verdicts, check.verdicts, strict=True):
            view.show_verdict(verdict, task.is_complete or not task.is_running())
        self.evidence.show_check(check, self._experiment)
        self._fade()

    def _fade(self) -> None:
        """Fade what is not of the texts in the fields and of f, or of this range and start."""
        is_of_f = self._draft.is_of(self._experiment)
        is_theirs = is_of_f and self.fields.texts() == self._experiment.function.candidate_gradient
        is_current = is_theirs and self._task.is_current
        for view in self.verdicts:
            view.setEnabled(is_current)
        self.evidence.set_outdated(not is_current)
        self._outdated.setText(f"Of the last valid text{'' if is_of_f else ' of f'}:")
        self._outdated.setVisible(not is_theirs)
        self._lay_on_map(self.evidence.drawing() if is_theirs else None)

    def _show_failure(self, error: Exception) -> None:
        self._failure = failure(error, "The check")
        self._show_check()

    def _lay_on_map(self, drawing: object) -> None:
        is_shown = self.isVisible() and self._stack.currentIndex() == _FOUND
        self.on_map_changed.emit(drawing if is_shown else None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.fields.flush()  # what was typed is not lost with the page
        self._task.cancel()
        self.on_map_changed.emit(None)

    # ---------------------------------------------------------------- what the person does

    def _read(self) -> None:
        """Take what stands in the fields, if it can be read."""
        texts, candidate = self.fields.texts(), self._experiment.function.candidate_gradient
        if texts == _NOTHING and candidate is not None:
            self._choose_nothing()
        elif texts != candidate and all(texts) and not _refusal(self._experiment, texts)[0]:
            self.chosen.emit(with_candidate(self._experiment, texts))
        elif self.isVisible():
            self._task.show_experiment(self._experiment, again=True)
            self.refresh()

    def _choose_nothing(self) -> None:
        self.fields.set_texts(_NOTHING)
        if self._experiment.function.candidate_gradient is not None:
            self.chosen.emit(with_candidate(self._experiment, None))
        self.refresh()

    def _choose_start(self, a: float, b: float) -> None:
        self.chosen.emit(self._experiment.replace(start=(a, b)))

    def _choose_path(self) -> None:
        """Show the method that descends with the candidate gradient, or add one."""
        methods = list(self._experiment.methods)
        row = _row_of_yours(self._experiment)
        if row is None:
            methods.append(Method("yours", color=free_color(methods)))
        else:
            methods[row] = replace(methods[row], shown=True)
        self.chosen.emit(self._experiment.replace(methods=tuple(methods)))


def _texts_after(before: Experiment, now: Experiment, texts: tuple[str, str]) -> tuple[str, str]:
    """Return what is to stand in the fields once another experiment has come.

    A candidate that is another than before comes from a file, a guide or undo. One that is gone
    with the formula it was for leaves its text to the person; else it was removed.
    """
    candidate = now.function.candidate_gradient
    old = before.function.candidate_gradient
    if candidate is not None:
        return texts if candidate == old else candidate
    if now.function.text == before.function.text:
        return _NOTHING if old is not None else texts
    return texts if now.function.surface is None else _NOTHING


def _row_of_yours(experiment: Experiment) -> int | None:
    rows = (i for i, method in enumerate(experiment.methods) if method.estimate == "yours")
    return next(rows, None)


def _refusal(experiment: Experiment, texts: tuple[str, str]) -> tuple[str, int | None]:
    """Say why texts are no gradient here, and in which column; nothing if they are."""
    try:
        CandidateGradient.parse(experiment.function.formula_objective(), texts)
        with_candidate(experiment, texts)
    except FormulaError as error:
        return f"{error}.", error.column
    except ExperimentError as error:
        return f"{error.message}.", None
    return "", None
