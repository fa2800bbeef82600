"""Presenting: the map, one panel and large controls fill the screen, and nothing else."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from gdviz.ui.controls.presentation_bar import PresentationBar
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.run.lens import RunLens
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.window.layout import Places
from gdviz.ui.window.size_choice import SizeChoice

_PANEL = "presentation/panel"
_FIRST = "Loss"
#: Of the width: the panel's part, on 16:9; the map is then about as wide as high.
_SHARE = 0.4


class Presentation(QObject):
    """Takes the window apart for a lecture hall, and puts it together again.

    Parameters
    ----------
    window : QMainWindow
        The window.
    settings : Settings
        Where the choice of the panel is kept.
    places : Places
        Its three places.
    bar : PresentationBar
        The large controls.
    timeline : Timeline
        Under the map.
    quiet : sequence of QWidget
        What is not seen meanwhile.
    lenses : sequence of Page
        What can stand beside the map; of the Run lens its parts as well.
    sizes : SizeChoice
        Of text, paths and dots.
    """

    def __init__(
        self,
        window: QMainWindow,
        settings: Settings,
        places: Places,
        bar: PresentationBar,
        timeline: Timeline,
        quiet: Sequence[QWidget],
        lenses: Sequence[Page],
        sizes: SizeChoice,
    ) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._places, self._bar, self._timeline = places, bar, timeline
        self._quiet, self._sizes = quiet, sizes
        self._run = next(lens for lens in lenses if isinstance(lens, RunLens))
        self._lenses = [lens.title for lens in lenses]
        self._before: tuple[Qt.WindowState, list[bool], list[int], int] | None = None
        self._geometry = QByteArray()
        bar.panel_chosen.connect(self.choose_panel)

    @property
    def is_on(self) -> bool:
        """Whether the window presents."""
        return self._before is not None

    @property
    def geometry(self) -> QByteArray | None:
        """What the window's size and place were, while it presents."""
        return self._geometry if self.is_on else None

    def set_on(self, on: bool) -> None:
        """Present, or leave that."""
        if on and not self.is_on:
            self._enter()
        elif not on and self.is_on:
            self._leave()

    def _enter(self) -> None:
        places, window = self._places, self._window
        self._geometry = window.saveGeometry()
        parts = [places.left, places.right, *self._quiet]
        self._before = (
            window.windowState(), [not part.isHidden() for part in parts], places.sizes(),
            places.right.currentIndex(),
        )  # fmt: skip
        window.menuBar().hide()
        for part in parts:
            part.hide()
        places.right.tabBar().hide()
        self._timeline.set_big(True)
        self._bar.show()
        self._sizes.set_presenting(True)
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        kept = self._settings.value(_PANEL, _FIRST)
        panel = kept if kept in ("", *self._run.parts, *self._lenses) else _FIRST
        self._bar.show_panel(panel)
        self.choose_panel(panel)

    def _leave(self) -> None:
        assert self._before is not None
        state, shown, sizes, lens = self._before
        self._before = None
        places = self._places
        places.keep_shares(None)
        self._run.show_only("")
        places.right.setCurrentIndex(lens)
        places.right.tabBar().show()
        self._bar.hide()
        self._timeline.set_big(False)
        self._sizes.set_presenting(False)
        for part, was_shown in zip((places.left, places.right, *self._quiet), shown, strict=True):
            part.setVisible(was_shown)
        self._window.menuBar().show()
        self._window.setWindowState(state)
        places.setSizes(sizes)

    def choose_panel(self, name: str) -> None:
        """Let a lens, or a part of the Run lens, stand beside the map; nothing if it is empty."""
        self._settings.write({_PANEL: name})
        is_part = name in self._run.parts
        self._run.show_only(name if is_part else "")
        self._places.right.setVisible(bool(name))
        if name:
            self._places.open_lens(self._run.title if is_part else name)
        self._places.keep_shares((1.0 - _SHARE, _SHARE))
        self._sizes.fit()
