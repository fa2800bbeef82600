"""The formula page of the Formula lens: f is typed, and what follows from it is shown."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QWidget

from gdviz.engine.language.formula import FormulaError
from gdviz.engine.language.names import Written, parameters_note
from gdviz.experiment.change_function import is_written_here
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.first_seen import Guess, with_home
from gdviz.experiment.from_typed_text import (
    Draft,
    column_of,
    corrections_of,
    free_names,
    may_be_a_function,
    unfinished_word,
)
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.known_names import known_names
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.captions import origin_sentence, point_name
from gdviz.ui.lenses.formula.corrections import Corrections
from gdviz.ui.lenses.formula.derivatives import DerivativesView
from gdviz.ui.lenses.formula.library_row import LibraryRow
from gdviz.ui.lenses.formula.range_table import AXES, RangeTable
from gdviz.ui.lenses.formula_field import FormulaField
from gdviz.ui.lenses.page import ExperimentPage
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.range_task import with_guessed_range
from gdviz.ui.tasks.task import Newer, Task
from gdviz.ui.toolkit.build import column, label
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.message_label import MessageLabel, as_sentence

_PAUSE_MS = 600  # without a key, after which a word is taken for finished
_LIST = "Ctrl+Space lists the known ones."
_MOST_COLUMNS = 4  # that are named
_EMPTY = "Write a formula in a and b, such as a^2 + k*b^2; until then the map stays as it is."


class FormulaPage(ExperimentPage):
    """A formula of the person's own: its text, constants, range, derivatives and title.

    Each text that is a formula becomes an experiment at once; one that is none leaves the last
    on the screen, with a sentence below it.

    Parameters
    ----------
    draft : Draft
        Knows the values that constants had.
    parent : QWidget, optional

    Attributes
    ----------
    chosen : Signal(Experiment)
        The person wrote another formula, or chose a constant or a range.
    range_guessed : Signal(Experiment)
        The same formula on another range, which belongs to the change before.
    library : LibraryRow
        The row of the title.
    """

    chosen = Signal(object)
    range_guessed = Signal(object)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self._experiment = Experiment()
        self._origin = self._experiment  # what there was before anything was typed
        self._pending: Written | None = None  # the word that is no constant yet
        self._is_waiting = False  # the remark is about that
        self._is_fresh = False  # the next formula has nothing to do with the one before
        self._is_replaced = False  # nor has one that was written in its place
        self._may_guess = False  # nobody has chosen a range for it
        self._what_to_guess: Guess = "unfit"
        self._guessed: dict[str, object] = {}  # what was guessed for what was typed
        self._is_choosing = False
        self._is_over = False
        self.library = LibraryRow(self)
        self._guess = Task(
            with_guessed_range, self._take_guess, self._fail_to_guess,
            newer=Newer.REPLACES, parent=self,
        )  # fmt: skip
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._rest)
        self._build()

    def _build(self) -> None:
        self._heading = label(wraps=False, parent=self)
        self.field = FormulaField(self)
        self._heading.setBuddy(self.field)
        self.field.edited.connect(self._edit)
        self.field.entered.connect(self._finish)
        self.field.said.connect(self._say_refusal)
        self.field.cursorPositionChanged.connect(self._move)
        self.field.completer.opened_or_closed.connect(self._say_pending)
        self.remark = MessageLabel(self)
        self.fit_font()
        self.corrections = Corrections(self)
        self.corrections.chosen.connect(self.field.replace_text)
        self.table = RangeTable(self)
        self.table.value_chosen.connect(self._choose_value)
        self.table.range_chosen.connect(self._choose_range)
        self.table.guess_asked.connect(self._ask_guess)
        self.derivatives = DerivativesView(self)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        column(
            self.library, self._heading, self.field, self.remark, self.corrections, self.table,
            line, (self.derivatives, 1), inside=self, spacing=6,
        )  # fmt: skip
        self.field.set_text(self._experiment.function.text)
        self._accept()

    def recolor(self, theme: Theme) -> None:
        """Take the colour of mistakes."""
        self.field.set_error_color(theme.error)

    def stop(self) -> None:
        """Read the field no more, which loses the focus as the window closes."""
        self._is_over = True

    def fit_font(self) -> None:
        """Keep room for the lines that may come."""
        self.remark.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 2)

    # ---------------------------------------------------------------- showing

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose; what they are typing stays, unless f is another one now."""
        before, self._experiment = self._experiment, experiment
        self._may_guess &= experiment.range is None
        if not self._is_choosing and experiment.function.text != before.function.text:
            self._may_guess = self._is_fresh = self._is_replaced = False
            self._what_to_guess = "unfit"
            self._guess.cancel()
        self.library.show_experiment(experiment)
        if experiment.function.text not in (before.function.text, self._text()):
            self._pause.stop()
            self.field.set_text(experiment.function.text)
        if not self.field.document().isUndoAvailable():
            self._origin, self._guessed = experiment, {}
        if experiment.function.text == self._text():
            self._accept()
        self._show_experiment()

    def _show_experiment(self) -> None:
        names = self._experiment.function.parameters
        title = f"f{point_name(self._experiment)}"
        self._heading.setText(f"{title} =")
        self.field.setAccessibleName(title)
        tip = f"+ − * / ^, parentheses, {', '.join(names)}, functions such as exp({names[0]}), and "
        self.field.setToolTip(as_tip(f"{tip}your own names"))
        self.table.show_experiment(self._experiment)
        self.derivatives.show_experiment(self._experiment)
        self.field.completer.set_names(known_names(self._experiment))

    # ---------------------------------------------------------------- writing

    def begin(self) -> None:
        """Let the person write another formula; the one before stays on the map until then."""
        self._is_fresh = True
        self.library.clear_title()
        self.field.clear_text()
        self.field.setFocus()

    def _edit(self) -> None:
        self._pause.start()
        self._guess.cancel()
        self._is_replaced |= self.field.is_replaced()
        self._read(self._unfinished())

    def _move(self) -> None:
        """Take a name for a constant once the cursor has left it."""
        if self._pending is not None and self._unfinished() != self._pending:
            self._read(self._unfinished())

    def _rest(self) -> None:
        """Take a name for a constant after a pause, unless it may become a function's."""
        pending = self._unfinished()
        is_open = pending is not None and may_be_a_function(pending.name)
        self._read(pending if is_open else None, rested=True)
        self._guess_once()

    def _finish(self) -> None:
        if self._is_over:
            return
        self._pause.stop()
        self._read(None, rested=True)
        self._guess_once()

    def _text(self) -> str:
        """Return what is written, as far as it says something."""
        return self.field.text().rstrip()

    def _unfinished(self) -> Written | None:
        field = self.field
        if not field.hasFocus():
            return None
        return unfinished_word(field.text(), field.cursor_place(), self._experiment)

    def _read(self, pending: Written | None, rested: bool = False) -> None:
        """Make an experiment of the text, or say why it is none."""
        text, base = self._text(), self._experiment
        self._pending, self._is_waiting = pending, False
        if self._is_undone():
            self._return()
        elif not text:
            self._say(self._nothing_typed())
        elif text == base.function.text:
            self._is_replaced = False
            self._accept()
        else:
            is_new = self._is_fresh or self._is_replaced or is_written_here(base.function)
            if self._is_fresh and isinstance(base.function, FormulaFunction):
                base = base.replace(title="", range=None)
            try:
                experiment = self.draft.experiment(text, base, pending)
            except ExperimentError as error:
                self._refuse(error, rested)
                return
            self._may_guess |= is_new or not isinstance(base.function, FormulaFunction)
            if is_new:
                experiment = experiment.replace(range=None)
                self._is_fresh = self._is_replaced = False
                self._what_to_guess = "all"
            self._accept()
            self._choose(experiment)

    def _is_undone(self) -> bool:
        """Return whether the field's own undo brought back a text that means something else now."""
        return (
            self._text() == self._origin.function.text
            and not self.field.document().isUndoAvailable()
            and (self._origin.function, self._origin.range)
            != (self._experiment.function, self._experiment.range)
        )

    def _return(self) -> None:
        """Go back to the function whose text this was, be it a surface or losses from a file.

        What was guessed for another one goes with that, unless it was changed.
        """
        self._may_guess = self._is_fresh = self._is_replaced = False
        self._accept()
        origin = self._origin
        now = self._experiment
        guessed = [name for name, value in self._guessed.items() if getattr(now, name) == value]
        self._choose(
            now.replace(
                function=origin.function,
                range=origin.range,
                **{name: getattr(origin, name) for name in guessed},
            )
        )

    def _accept(self) -> None:
        self._pending, self._is_waiting = None, False
        self._say(_hint(self._experiment) if self._text() else self._nothing_typed())

    def _nothing_typed(self) -> str:
        """Return what to do, and what the map shows until then where that is no formula."""
        return " ".join(filter(None, (_EMPTY, origin_sentence(self._experiment))))

    def _refuse(self, error: ExperimentError, rested: bool) -> None:
        """Say what is wrong; quietly, as long as it may only be unfinished."""
        column, pending = column_of(error), self._pending
        if pending is not None and column == pending.column:
            self._is_waiting = True
            self._say_pending()
            return
        cause = error.__cause__
        at_end = self.field.cursor_place() >= len(self._text())
        if isinstance(cause, FormulaError) and cause.is_unfinished and at_end and not rested:
            self._say(as_sentence(error.message))
            return
        self._say_refusal(error.message if error.field == "formula" else str(error))
        self.corrections.offer(corrections_of(error))
        if column is not None:
            self.field.mark(column)

    def _say_pending(self) -> None:
        """Say what becomes of the word that is being typed, if that is all there is to say."""
        if not self._is_waiting or self._pending is None:
            return
        name = self._pending.name
        is_asked = name not in free_names(self._text(), self._experiment)
        if self.field.completer.is_open():
            then = "can be read in two ways" if is_asked else "can become a constant"
            sentence = f"Enter takes the marked name; after Esc, {name} {then}."
        elif is_asked:
            sentence = f"{name} can be read in two ways: that is asked once you go on."
        elif may_be_a_function(name):
            sentence = f"{name} becomes a constant with Enter, or once you go on."
        else:
            sentence = f"{name} becomes a constant once you go on."
        self._say(sentence)

    def _say_refusal(self, message: str) -> None:
        self._say(as_sentence(message), error=True)

    def _say(self, sentence: str, *, error: bool = False) -> None:
        self.remark.say(sentence, error=error)
        if not error:
            self.corrections.offer(())
        self.field.set_invalid(error)
        self.field.unmark()
        self.draft.written = self._text()
        self.derivatives.set_outdated(not self.draft.is_of(self._experiment))

    def _choose(self, experiment: Experiment) -> None:
        self._is_choosing = True
        self.chosen.emit(experiment)
        self._is_choosing = False

    # ---------------------------------------------------------------- constants and ranges

    def _choose_value(self, name: str, value: float) -> None:
        self._change(name, constants={**self._experiment.function.constants, name: value})

    def _choose_range(self, name: str, low: float, high: float) -> None:
        experiment, function = self._experiment, self._experiment.function
        fields: dict[str, object]
        subject = name
        if name in AXES:
            subject = function.parameters[AXES.index(name)]
            self._may_guess = False
            own = isinstance(function, FormulaFunction)
            before = function.home_range if own else experiment.map_range
            a, b = ((low, high), before[2:]) if name == AXES[0] else (before[:2], (low, high))
            fields = {"home": (*a, *b), "range": None} if own else {"range": (*a, *b)}
        else:
            # What was typed last wins: a value beyond its range widens that, and here is moved in.
            value = min(max(function.constants[name], low), max(low, high))
            fields = {
                "constant_ranges": {**function.constant_ranges, name: (low, high)},
                "constants": {**function.constants, name: value},
            }
        self._change(f"the range of {subject}", **fields)

    def _change(self, subject: str, **fields: object) -> None:
        try:
            experiment = self._experiment.replace(**fields)
        except ExperimentError as error:
            message = error.message
            for name in self._experiment.function.parameters:
                message = message.removeprefix(f"{name} ")  # the subject has it
            self.table.say(as_sentence(f"{subject} {message}"))
            return
        self._choose(experiment)

    def _ask_guess(self) -> None:
        if self._experiment.function.text:
            self._guess.request(self._experiment, "range")

    def _guess_once(self) -> None:
        """Guess the range of what was written, as long as nobody has chosen one."""
        if self._may_guess and self._text() == self._experiment.function.text:
            self._guess.request(self._experiment, self._what_to_guess)

    def _fail_to_guess(self, error: Exception) -> None:
        self.table.say(failure(error, "Guessing the range"))

    def _take_guess(self, experiment: Experiment | None) -> None:
        now = self._experiment
        if experiment is None:
            return  # the range does as well
        function, there = experiment.function, now.function
        if (function.text, function.constants) != (there.text, there.constants):
            return  # the person has gone on
        self._what_to_guess = "unfit"
        self._is_choosing = True
        guessed = with_home(now, experiment.map_range)
        names = ("start", "alpha", "epsilon")
        self._guessed = {name: getattr(experiment, name) for name in names}
        self.range_guessed.emit(guessed.replace(**self._guessed))
        self._is_choosing = False


def _hint(experiment: Experiment) -> str:
    """Say what becomes of names; where there is data, a column's may be mistyped."""
    function = experiment.function
    data = function.data_set
    notes = (
        parameters_note(function.text, function.parameters, function.constants),
        function.data_note,
    )
    said = "".join(f"{as_sentence(note)} " for note in notes if note)
    if data is None:
        return f"{said}New names become constants. {_LIST}"
    names = ", ".join(data.names[:_MOST_COLUMNS])
    more = ", …" if len(data.names) > _MOST_COLUMNS else ""
    return f"{said}The data's columns are {names}{more}. New names become constants. {_LIST}"
