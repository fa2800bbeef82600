"""The button that chooses whose basins lie on the map."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.scene.basins import compared_rows, shown_rows
from gdviz.scene.captions import method_title
from gdviz.ui.tasks.basins_task import Rows
from gdviz.ui.toolkit.text import as_tip

_TIP = (
    "Which minimum, or other end, a method reaches from each start on the map; or where "
    "two methods end differently (B)"
)


class BasinsButton(QToolButton):
    """A menu: off, the basins of a method, or where another one differs from the exact one.

    Attributes
    ----------
    rows_chosen : Signal(tuple)
        The rows of the methods, see :data:`gdviz.ui.tasks.basins_task.Rows`.
    """

    rows_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Experiment()
        self._rows: Rows = ()
        self.setProperty("segment", True)  # it stays down while there are some
        # It is as large as those beside it, and the indicator would cover the text.
        self.setStyleSheet(
            "QToolButton { padding: 1px 2px; } QToolButton::menu-indicator { image: none; }"
        )
        self.setCheckable(True)
        self.show_rows(())
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._menu.aboutToShow.connect(self._fill)
        self._group.triggered.connect(self._choose)
        self.setMenu(self._menu)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take the methods, for the menu."""
        self._experiment = experiment
        self._name()

    def show_rows(self, rows: Rows) -> None:
        """Show what is chosen."""
        self._rows = rows
        self.setText("Difference ▾" if len(rows) == 2 else "Basins ▾")
        self.setChecked(bool(rows))
        self._name()

    def said(self) -> str:
        """Return what is chosen: ``Basins: Analytic``; empty where nothing is."""
        methods = self._experiment.methods
        if max(self._rows, default=len(methods)) >= len(methods):
            return ""
        title = _title(self._experiment, self._rows)
        return f"{'Difference' if len(self._rows) == 2 else 'Basins'}: {title}"

    def _name(self) -> None:
        self.setToolTip(as_tip(f"{self.said()}\n{_TIP}".strip()))

    def _fill(self) -> None:
        self._menu.clear()
        self._add("Off", ())
        self._menu.addSection("Basins")
        for row in shown_rows(self._experiment):
            self._add(_title(self._experiment, (row,)), (row,))
        pairs = compared_rows(self._experiment)
        if pairs:
            self._menu.addSection("Difference")
        for rows in pairs:
            self._add(_title(self._experiment, rows), rows)

    def _add(self, text: str, rows: Rows) -> None:
        action = self._menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(rows == self._rows)
        action.setData(rows)
        self._group.addAction(action)

    def _choose(self, action: QAction) -> None:
        self.rows_chosen.emit(tuple(action.data()))


def _title(experiment: Experiment, rows: Rows) -> str:
    return " against ".join(method_title(experiment.methods[row]) for row in rows)
