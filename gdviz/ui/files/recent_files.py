"""The files that were opened last, and the menu that opens them again."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gdviz.base.files import absolute, file_type, shown
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.text import as_caption, as_tip

_KEY = "files/recent"
_MOST = 10


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
        return _paths(self._settings.value(_KEY))

    def add(self, path: Path) -> None:
        """Put a file at the top."""
        name = str(absolute(path))

        def added(known: Mapping[str, object]) -> Mapping[str, object]:
            others = (other for other in _paths(known.get(_KEY)) if other != name)
            return {_KEY: [name, *others][:_MOST]}

        self._settings.change(added)  # another window may have added one since
        self.menuAction().setEnabled(True)

    def clear_all(self) -> None:
        """Forget all files."""
        self._settings.write({_KEY: []})
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


def _paths(kept: object) -> list[str]:
    """Return the paths of a file that anybody may have edited; one alone comes back as a string."""
    kept = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
    return [path for path in kept if isinstance(path, str) and path][:_MOST]
