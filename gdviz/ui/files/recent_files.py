"""The files that were opened last, and the menu that opens them again."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gdviz.base.files import absolute, file_type, locked, shown
from gdviz.ui.toolkit.text import as_caption, as_tip

_KEY = "files/recent"
_MOST = 10


class RecentMenu(QMenu):
    """File ▸ Open Recent: the newest first, what is gone in grey.

    Parameters
    ----------
    settings : QSettings
        Where the list is kept.
    parent : QWidget, optional

    Attributes
    ----------
    chosen : Signal(str)
        A path.
    """

    chosen = Signal(str)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__("Open &Recent", parent)
        self._settings = settings
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.menuAction().setEnabled(bool(self.paths()))

    def paths(self) -> list[str]:
        """Return the files, the newest first."""
        kept = self._settings.value(_KEY)
        # A file that anybody may have edited; a list of one comes back as a string.
        kept = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [path for path in kept if isinstance(path, str) and path][:_MOST]

    def add(self, path: Path) -> None:
        """Put a file at the top."""
        name = str(absolute(path))
        # Another window may have added one since: read again, and nobody writes in between. Where
        # no lock can be had, as in a folder that cannot be written, nothing is kept anyway.
        with suppress(OSError), locked(self._settings.fileName()):
            self._settings.sync()
            self._keep([name, *(other for other in self.paths() if other != name)][:_MOST])
            self._settings.sync()

    def clear_all(self) -> None:
        """Forget all files."""
        self._keep([])

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

    def _keep(self, paths: list[str]) -> None:
        self._settings.setValue(_KEY, paths)
        self.menuAction().setEnabled(bool(paths))
