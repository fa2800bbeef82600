"""What a right click offers: what can be done with what lies under it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget

from gdviz.ui.controls.method_row import MethodRow
from gdviz.ui.files.documents import Documents
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.run.lens import RunLens
from gdviz.ui.lenses.run.plots import RunPlot
from gdviz.ui.lenses.run.results import ResultsTable
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.map.strip import MapStrip
from gdviz.ui.toolkit.copying import (
    Lines,
    as_png,
    as_typed,
    curve_lines,
    picture_of,
    table_lines,
)
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.text import as_caption
from gdviz.ui.window.commands import Commands
from gdviz.ui.window.menus import Actions
from gdviz.ui.window.view_control import ViewControl

#: An entry that is made for one click: its text, and what it runs; or one of the window's; or a
#: line between.
Entry = tuple[str, Callable[[], object]] | QAction | None

_PICTURES = "PNG picture (*.png)"


class Window(Protocol):
    """What the entries are about: a window's parts."""

    documents: Documents
    map_strip: MapStrip
    run_lens: RunLens
    basins: BasinsControl
    commands: Commands
    view: ViewControl
    menus: Actions

    def cancel(self) -> None: ...


class ContextMenu(QObject):
    """Makes the menus of right clicks.

    Parameters
    ----------
    parts : Window
        Whose entries there are.
    window : QWidget
        The menus' parent, which is the same.
    """

    def __init__(self, parts: Window, window: QWidget) -> None:
        super().__init__(window)
        self._documents, self._map_strip = parts.documents, parts.map_strip
        self._run_lens, self._window = parts.run_lens, window
        self._is_busy = False
        menus, commands, view = parts.menus, parts.commands, parts.view
        self._of_map: list[Entry] = [
            menus[commands.copy_picture], menus[commands.export_picture],
            menus[commands.export_animation], None,
            menus[commands.show_home_range], menus[commands.fit_to_paths],
            menus[commands.set_equal_units], None,
            menus[view.show_contours], menus[view.show_minima], menus[view.show_others],
            menus[view.show_trajectory], menus[parts.basins.set_shown], menus[view.show_legend],
            menus[view.keep_drawings], menus[view.show_relief],
        ]  # fmt: skip
        self._of_results: list[Entry] = [menus[commands.export_table]]
        tables = parts.documents.tables
        tables.busy_changed.connect(self._show_busy)
        tables.progressed.connect(self._show_progress)
        for asked in (menus[parts.cancel].triggered, parts.map_strip.cancel_asked):
            asked.connect(self._cancel)

    def open_at(self, at: QPoint) -> bool:
        """Open the menu of what is at a point of the screen; return whether there is one."""
        widget = QApplication.widgetAt(at)
        if widget is None:
            return False
        if (menu := self.menu_of(widget, at)) is None:
            return False
        is_own = not isinstance(menu.parent(), MethodRow)
        menu.exec(at)
        if is_own:
            menu.deleteLater()
        return True

    def menu_of(self, widget: QWidget, at: QPoint) -> QMenu | None:
        """Return the menu of a widget, and of what it stands in; None where there is none.

        Parameters
        ----------
        widget : QWidget
            What is under the cursor.
        at : QPoint
            Where that is on the screen.
        """
        above = [*_with_parents(widget)]
        for place in above:
            if isinstance(place, MethodRow):
                return place.menu
        entries = [entry for place in above for entry in self._entries(place, at)]
        if not entries:
            return None
        menu = QMenu(self._window)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QAction):
                menu.addAction(entry)
            else:
                text, run = entry
                menu.addAction(as_caption(text), run)
        return menu

    def _entries(self, place: QWidget, at: QPoint) -> Iterator[Entry]:
        """Yield what can be done with a widget itself."""
        if isinstance(place, MapPlace):
            yield "Copy Value", partial(self._copy_text, self._map_strip.said())
            yield None
            yield from self._of_map
        elif isinstance(place, QTableView):
            if text := place.indexAt(place.viewport().mapFromGlobal(at)).data():
                yield "Copy Value", partial(self._copy_text, as_typed(str(text)))
            yield from self._of_table(partial(table_lines, place), "table")
            if isinstance(place, ResultsTable):
                yield from self._of_results
            yield None
        elif isinstance(place, Plot):
            if place.plot.isVisible() and place.curves():
                yield from self._of_table(partial(curve_lines, place), "curves")
            yield "Copy Panel", partial(self._copy_picture, place)
            if isinstance(place, RunPlot):
                yield "Hide Panel", partial(self._run_lens.hide_part, place.title)
            yield None
        elif isinstance(place, Page) and place.title:
            if place is self._run_lens and self._run_lens.hides_any:
                yield "Show All Panels", partial(self._run_lens.show_only, "")
            yield f"Copy Picture of {place.title}", partial(self._copy_picture, place)
            yield f"Save Picture of {place.title}…", partial(self._save_picture, place)

    def _of_table(self, lines: Callable[[], Lines], name: str) -> Iterator[Entry]:
        yield "Copy Table", lambda: self._documents.copy_table(lines())
        yield "Save Table…", lambda: self._documents.save_table(lines(), name)

    # ---------------------------------------------------------------- long tables

    def _show_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._map_strip.set_busy(busy, "table", self._documents.tables.part_done)

    def _show_progress(self, part: float) -> None:
        if self._is_busy:
            self._map_strip.set_busy(True, "table", part)

    def _cancel(self) -> None:
        if self._documents.tables.cancel():
            self._map_strip.say("Cancelled: the table was not copied, or saved")

    # ---------------------------------------------------------------- what they run

    def _copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._map_strip.say("Copied to the clipboard")

    def _copy_picture(self, widget: QWidget) -> None:
        QGuiApplication.clipboard().setImage(picture_of(widget))
        self._map_strip.say("Copied to the clipboard")

    def _save_picture(self, page: Page) -> None:
        picture = as_png(picture_of(page))
        self._documents.save_bytes("Save picture", f"{page.title.lower()}.png", _PICTURES, picture)


def _with_parents(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget, and what it stands in, as far as its window."""
    place: QWidget | None = widget
    while place is not None and not place.isWindow():
        yield place
        place = place.parentWidget()
