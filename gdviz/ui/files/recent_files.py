"""The files that were opened last, and the menu that opens them again."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gdviz.base.files import file_type, shown
from gdviz.ui.store.recent import RECENT, recent_paths, with_recent
from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.text import as_caption, as_tip


def missing_paths(job: Job, paths: Sequence[str]) -> frozenset[str]:
    """Return those of some paths at which nothing stands; reported while others are looked up."""
    missing: frozenset[str] = frozenset()
    for path in paths:
        if file_type(path) == "absent":
            missing |= {path}
            job.report(missing)
    return missing


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
        self._look = Task(
            missing_paths,
            self._show_missing,
            lambda _error: None,  # the log has it, and all entries can be chosen
            reported=self._show_missing,
            waits_for_drive=True,
            parent=self,
        )

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
        """Make the entries, and look up which files are there: the menu waits for no drive."""
        self.clear()
        for number, name in enumerate(self.paths(), 1):
            action = self.addAction(f"&{number % 10}  {as_caption(shown(Path(name).name))}")
            action.setToolTip(as_tip(shown(name)))
            action.setData(name)
        empty = not self.actions()
        self.addSeparator()
        clear = self.addAction("&Clear")
        clear.setToolTip("Forget these files; the files themselves are kept")
        clear.setEnabled(not empty)
        self.menuAction().setEnabled(not empty)
        if not self._look.is_running():  # a drive that is gone does not answer the next time either
            self._look.request(self.paths())

    def _show_missing(self, missing: frozenset[str]) -> None:
        """Show in grey what is no longer there."""
        for action in self.actions():
            name = action.data()
            if name in missing and action.isEnabled():
                action.setText(f"{action.text()} (missing)")
                action.setToolTip(as_tip(f"{shown(name)} is no longer there"))
                action.setEnabled(False)

    def _choose(self, action: QAction) -> None:
        path = action.data()
        if path is None:
            self.clear_all()
        else:
            self.chosen.emit(path)
