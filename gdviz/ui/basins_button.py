"""The button that chooses whose basins lie on the map."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gdviz.basins import compared_rows, shown_rows
from gdviz.experiment import Experiment
from gdviz.ui.basins_job import Rows
from gdviz.words import method_title


class BasinsButton(QToolButton):
    """A menu: off, the basins of a method, or where another one differs from the exact one.

    Attributes
    ----------
    rows_chosen : Signal(tuple)
        The rows of the methods, see :data:`gdviz.ui.basins_job.Rows`.
    """

    rows_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._rows: Rows = ()
        self.setText("Basins ▾")
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # it covers the text
        self.setCheckable(True)  # it is down while there are some
        self.setToolTip(
            "Which minimum, or other end, a method reaches from each start on the map; or where "
            "two methods end somewhere else (B)"
        )
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._menu.aboutToShow.connect(self._fill)
        self._group.triggered.connect(self._choose)
        self.setMenu(self._menu)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take the methods, for the menu."""
        self._experiment = experiment

    def show_rows(self, rows: Rows) -> None:
        """Show what is chosen."""
        self._rows = rows
        self.setText("Difference ▾" if len(rows) == 2 else "Basins ▾")
        self.setChecked(bool(rows))

    def _fill(self) -> None:
        self._menu.clear()
        self._add("Off", ())
        methods = self._experiment.methods
        self._menu.addSection("Basins")
        for row in shown_rows(self._experiment):
            self._add(method_title(methods[row]), (row,))
        pairs = compared_rows(self._experiment)
        if pairs:
            self._menu.addSection("Difference")
        for rows in pairs:
            self._add(" against ".join(method_title(methods[row]) for row in rows), rows)

    def _add(self, text: str, rows: Rows) -> None:
        action = self._menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(rows == self._rows)
        action.setData(rows)
        self._group.addAction(action)

    def _choose(self, action: QAction) -> None:
        self.rows_chosen.emit(tuple(action.data()))
