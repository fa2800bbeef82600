"""The row of a formula's title: saving it in the personal library, and what else is done there."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import AnyFunction
from gdviz.experiment.validation import MAX_TITLE
from gdviz.ui.toolkit.build import button, column, row
from gdviz.ui.toolkit.widgets.message_label import MessageLabel


class LibraryRow(QWidget):
    """A title, Save, and a menu; below it what became of it.

    Attributes
    ----------
    save_asked, rename_asked : Signal(str)
        With the title that was written.
    delete_asked, restore_asked, export_asked, export_all_asked, import_asked : Signal()
        The menu, and the button that brings back what is gone.
    """

    save_asked = Signal(str)
    rename_asked = Signal(str)
    delete_asked = Signal()
    restore_asked = Signal()
    export_asked = Signal()
    export_all_asked = Signal()
    import_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLineEdit(self)
        self._title.setAcceptDrops(False)  # a file is for the window, which opens it
        self._title.setMaxLength(MAX_TITLE)
        self._title.setPlaceholderText("Title")
        self._title.setAccessibleName("Title")
        self._title.setToolTip("The formula's name in your library")
        self._title.returnPressed.connect(self._save)
        self._title.textEdited.connect(self._forget_refusal)
        tip = "Keep the formula under this title, beside the surfaces"
        self._save_button = button("Save", tip, self._save, self)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._rename = menu.addAction("&Rename")
        self._rename.setToolTip("Give the kept formula the title in the field")
        self._rename.triggered.connect(self._ask_rename)
        self._delete = menu.addAction("&Delete")
        self._delete.setToolTip("Remove the formula from the library; it stays on the screen")
        self._delete.triggered.connect(self.delete_asked)
        menu.addSeparator()
        self._export = menu.addAction("&Export This Formula…")
        self._export.triggered.connect(self.export_asked)
        self._export_all = menu.addAction("Export &All…")
        self._export_all.triggered.connect(self.export_all_asked)
        self._import = menu.addAction("&Import…")
        self._import.setToolTip("Add the formulas from a file; existing ones are not changed")
        self._import.triggered.connect(self.import_asked)
        self._menu_button = QPushButton("Library", self)
        self._menu_button.setToolTip("Rename, delete, export and import formulas in your library")
        self._menu_button.setMenu(menu)
        self._said = MessageLabel(self)
        tip = "Put the formula back into the library"
        self._restore = button("Bring it back", tip, self.restore_asked, self)
        column(
            row((self._title, 1), self._save_button, self._menu_button, spacing=6),
            row((self._said, 1), self._restore, spacing=6),
            inside=self, spacing=4,
        )  # fmt: skip
        self.say("")
        self._kept = ""
        self._function: AnyFunction | None = None
        self._titles: tuple[str, ...] = ()
        self._enable()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the title of an experiment's formula.

        What was refused of another function is not said of this one.
        """
        if experiment.function is not self._function:
            self._function = experiment.function
            self._forget_refusal()
        if experiment.function.title != self._kept:
            self._kept = experiment.function.title
            self._title.setText(experiment.function.title)
            self._title.setCursorPosition(0)
            self.say("")
        self._enable()

    def show_titles(self, titles: tuple[str, ...]) -> None:
        """Take the titles in the library."""
        self._titles = titles
        self._enable()

    def clear_title(self) -> None:
        """Let the person write another title."""
        self._title.clear()

    def say(self, sentence: str) -> None:
        """Say what became of a formula."""
        self._said.say(sentence)
        self._said.setVisible(bool(sentence))
        self._restore.hide()

    def say_lost(self, sentence: str) -> None:
        """Say that a formula is gone, and offer to bring it back."""
        self.say(sentence)
        self._restore.show()

    def say_refusal(self, sentence: str) -> None:
        """Say why nothing came of it."""
        self._said.say(sentence, error=True)
        self._said.show()

    def _forget_refusal(self) -> None:
        if self._said.is_error():
            self._said.say("")
            self._said.hide()

    def _enable(self) -> None:
        is_kept = self._kept in self._titles
        for action in (self._rename, self._delete, self._export):
            action.setEnabled(is_kept)
        self._export_all.setEnabled(bool(self._titles))

    def _save(self) -> None:
        self.save_asked.emit(self._title.text())

    def _ask_rename(self) -> None:
        self.rename_asked.emit(self._title.text())
