"""A tab at the right: one page, or one of several, each of them made when it is first opened."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gdviz.scene.scene import Scene
from gdviz.ui.lenses.page import Page
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.segments import Segments

P = TypeVar("P", bound=Page)


@dataclass(frozen=True)
class PageEntry(Generic[P]):
    """A page that can be opened.

    Parameters
    ----------
    make : callable
        Makes the page, in a parent, and connects it; what it needs is imported only then.
    text, tip : str
        What is written on the button that opens it, and its tooltip; a page alone has none.
    """

    make: Callable[[QWidget], P]
    text: str = ""
    tip: str = ""


class Lens(Page, Generic[P]):
    """Pages of which one is seen.

    The first frame does not wait for pages that nobody has opened: neither are they made, nor
    their modules imported. One that is made is told all that there is to know.

    Parameters
    ----------
    title : str
        On its tab.
    entries : mapping of str to PageEntry
        The pages by name; the first one is opened at first.
    parent : QWidget, optional

    Attributes
    ----------
    pages : dict of str to Page
        Those that are made.
    """

    # Also while it is taken apart: Qt shows tabs of which the garbage collector has emptied the
    # Python side.
    _is_over = True

    def __init__(
        self, title: str, entries: Mapping[str, PageEntry[P]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.pages: dict[str, P] = {}
        self._entries = entries
        self._view = next(iter(entries))
        self._is_over = False
        self._segments: Segments | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 10, 10)
        self._column.setSpacing(8)
        if len(entries) > 1:
            self._segments = Segments({name: (e.text, e.tip) for name, e in entries.items()}, self)
            self._segments.chosen.connect(self.choose_view)
            self._column.addWidget(self._segments)
        self._stack = QStackedWidget(self)
        self._column.addWidget(self._stack, 1)

    def page(self, name: str) -> P:
        """Return a page, which is made if nobody has opened it yet."""
        if name not in self.pages:
            page = self.pages[name] = self._entries[name].make(self)
            self.tell(page)
            self._stack.addWidget(page)
        return self.pages[name]

    def tell(self, page: P) -> None:
        """Tell a new page all that the others know."""
        page.set_theme(self.theme)
        if self._scene is not None:
            page.show_scene(self._scene, self._step)

    def view(self) -> str:
        """Return the name of the page that is open, where there are several."""
        return self._view if len(self._entries) > 1 else ""

    def views(self) -> Collection[str]:
        """Return the names of the pages."""
        return self._entries.keys()

    def choose_view(self, name: str) -> None:
        """Open a page, by its name; as soon as the lens is open."""
        self._view = name
        if self._segments is not None:
            self._segments.choose(name)
        if not self.isHidden():
            self._open()

    def setVisible(self, visible: bool) -> None:
        # A page made in showEvent would come too late to be laid out and shown with the rest.
        if visible:
            self._open()
        super().setVisible(visible)

    def _open(self) -> None:
        if self._is_over:
            return
        self._stack.setCurrentWidget(self.page(self._view))

    # ---------------------------------------------------------------- what is handed on

    def set_theme(self, theme: Theme) -> None:
        """Hand a theme to the pages."""
        self.theme = theme
        for page in self.pages.values():
            page.set_theme(theme)

    def _take_colors(self) -> None:
        """Leave the plots to their pages."""

    def show_scene(self, scene: Scene, step: int) -> None:
        """Hand a scene to the pages."""
        super().show_scene(scene, step)
        for page in self.pages.values():
            page.show_scene(scene, step)

    def show_step(self, step: int) -> None:
        """Hand another current step to the pages."""
        super().show_step(step)
        for page in self.pages.values():
            page.show_step(step)

    def cancel(self) -> None:
        """Let the pages give up what the person began."""
        for page in self.pages.values():
            page.cancel()

    def stop(self) -> None:
        """Make no other page: as the window is taken apart, each tab comes to the front once."""
        self._is_over = True
        for page in self.pages.values():
            page.stop()
