"""The files that were opened last, and the menu that opens them again."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gdviz.base.files import file_type, shown
from gdviz.ui.store.recent import RECENT, recent_paths, with_recent
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.text import as_caption, as_tip


class RecentMenu(QMenu):
    """File ▸ Open Recent: the newest first, what is gone in grey.

    Parameters
    ----------
    settings : Settings
        Where the list is kept.
    parent : QWidget, optional

    Attributes
    ----------
    chosen : Signal(str)
        A path.
    """

    chosen = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("Open &Recent", parent)
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.menuAction().setEnabled(bool(self.paths()))

    def paths(self) -> list[str]:
        """Return the files, the newest first."""
        return recent_paths(self._settings.values)

    def add(self, path: Path) -> None:
        """Put a file at the top."""
        self._settings.change(partial(with_recent, path=path))  # another window may have added one
        self.menuAction().setEnabled(True)

    def clear_all(self) -> None:
        """Forget all files."""
        self._settings.write({RECENT: []})
        self.menuAction().setEnabled(False)

    def fill(self) -> None:
        """Make the entries; whether a file is there is looked up when the menu opens."""
        self.clear()
        for number, name in enumerate(self.paths(), 1):
            path = Path(name)
            there = file_type(path) != "absent"
            title = as_caption(shown(path.name))
            action = self.addAction(f"&{number % 10}  {title}" + ("" if there else " (missing)"))
            action.setToolTip(as_tip(shown(name) + ("" if there else " is no longer there")))
            action.setData(name)
            action.setEnabled(there)
        empty = not self.actions()
        self.addSeparator()
        clear = self.addAction("&Clear")
        clear.setToolTip("Forget these files; the files themselves are kept")
        clear.setEnabled(not empty)
        self.menuAction().setEnabled(not empty)

    def _choose(self, action: QAction) -> None:
        path = action.data()
        if path is None:
            self.clear_all()
        else:
            self.chosen.emit(path)
