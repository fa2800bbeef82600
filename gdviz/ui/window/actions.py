"""The menus as one table: what each entry is called, its keys, and the method it runs."""

from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

Keys = QKeySequence.StandardKey | str | None


@dataclass(frozen=True)
class Entry:
    """A menu entry.

    Parameters
    ----------
    text : str
        With its mnemonic.
    slot : str
        The window's method, or a name in `_PARTS`.
    keys : standard key or str, optional
        Its shortcut.
    tip : str
        What it does, for the tooltip.
    checked : bool or None
        None for an action; otherwise it is a toggle, and this its first state.
    """

    text: str
    slot: str
    keys: Keys = None
    tip: str = ""
    checked: bool | None = None


_KEY = QKeySequence.StandardKey
_SEPARATOR = None

MENUS: dict[str, tuple[Entry | None, ...]] = {
    "&File": (
        Entry("&New", "new", _KEY.New, "Start over with the default experiment"),
        Entry(
            "&Open…",
            "open",
            _KEY.Open,
            "Open an experiment, data as CSV, a loss landscape, or Python code with loss(a, b)",
        ),
        Entry("&Save", "save", _KEY.Save, "Write the experiment to its file"),
        Entry("Save &As…", "save_as", "Ctrl+Shift+S", "Write the experiment to another file"),
        _SEPARATOR,
        Entry("&Export Picture…", "export_picture", "Ctrl+E", "Map and panels as PNG, SVG or PDF"),
        Entry(
            "Export &Table…",
            "export_table",
            "Ctrl+Shift+E",
            "All steps of all methods, CSV or JSON",
        ),
        Entry("&Copy Picture", "copy_picture", "Ctrl+Shift+C", "Copy the picture to the clipboard"),
        _SEPARATOR,
        Entry("&Quit", "close", _KEY.Quit, "Quit; the experiment is kept for the next launch"),
    ),
    "&Edit": (
        Entry("&Undo", "undo", _KEY.Undo, "Take back the last change"),
        Entry("&Redo", "redo", "Ctrl+Shift+Z", "Make the undone change again"),
        _SEPARATOR,
        Entry("New &Formula…", "new_formula", "Ctrl+L", "Write a function of your own in a and b"),
        Entry(
            "Random &Starts…",
            "draw_starts",
            "R",
            "Let all methods start at random points of the map as well; Shift+click adds one",
        ),
        Entry("Remove &Other Starts", "remove_starts", None, "Keep only the start itself"),
    ),
    "&View": (
        Entry("&Home Range", "home_range", "Home", "Show the surface's home range"),
        Entry(
            "&Reset Experiment", "reset", "Ctrl+R", "The surface's own start, α, ε and constants"
        ),
        Entry("Canc&el Computation", "cancel", "Esc", "Keep the last picture"),
        _SEPARATOR,
        Entry("&Contours", "show_contours", "C", "Contour lines on the map", True),
        Entry("&Minima", "show_minima", "M", "Known minima on the map", True),
        Entry("Other &Starts", "show_others", "S", "The paths from the other starts", True),
        Entry("&Trajectory", "show_trajectory", "T", "The path in a loss landscape's file", True),
        Entry("&Basins", "show_basins", "B", "Which end each start on the map reaches", False),
        Entry("&Legend", "show_legend", "L", "The legend on the map", True),
        Entry(
            "&Keep the Step's Drawings",
            "keep_overlays",
            "K",
            "Keep the Step lens's circle and models on the map when the lens is closed",
            False,
        ),
        _SEPARATOR,
        Entry("C&ontrols on the Left", "show_left", "F2", "The surface, descent and methods", True),
        Entry("&Panels on the Right", "show_right", "F3", "The lenses", True),
        Entry("&Full Screen", "show_full_screen", "F11", "Fill the screen", False),
        _SEPARATOR,
        # The themes go here: a group of three, see theme_menu.
    ),
    "&Step": (
        Entry("&Play or Pause", "play", "Space", "Play through the steps"),
        _SEPARATOR,
        Entry("&First", "first_step", "[", "Where the paths start"),
        Entry("P&revious", "previous_step", ",", "One step back"),
        Entry("&Next", "next_step", ".", "One step forward"),
        Entry("&Last", "last_step", "]", "Where the longest path ends"),
    ),
    "E&xperiments": (),  # filled with the guided experiments, see guides.py
    "&Help": (
        Entry("&Mouse and Keys", "show_help", _KEY.HelpContents, "What mouse and keys do"),
        Entry("&About gdviz", "about", None, "Versions and licence"),
    ),
}


#: The slots that are methods of the window's parts.
_PARTS = {
    "show_contours": "map_view.set_contours_visible",
    "show_minima": "map_view.set_minima_visible",
    "show_others": "map_view.set_others_visible",
    "show_trajectory": "map_view.set_trajectory_visible",
    "show_legend": "map_view.set_legend_visible",
    "show_basins": "basins.set_shown",
    "keep_overlays": "step_lens.set_kept",
    "show_left": "left.setVisible",
    "show_right": "right.setVisible",
    "play": "timeline.toggle_playing",
    "first_step": "timeline.first",
    "previous_step": "timeline.previous",
    "next_step": "timeline.next",
    "last_step": "timeline.last",
}


def build_menus(window: QMainWindow) -> dict[str, QAction]:
    """Make the menus of a window whose parts are there; return its actions by their slots."""
    actions: dict[str, QAction] = {}
    for title, entries in MENUS.items():
        menu = window.menuBar().addMenu(title)
        menu.setObjectName(title.replace("&", ""))
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            action = menu.addAction(entry.text)
            action.setToolTip(entry.tip)
            action.setStatusTip(entry.tip)
            if entry.keys is not None:
                action.setShortcut(QKeySequence(entry.keys))
            slot = attrgetter(_PARTS.get(entry.slot, entry.slot))(window)
            if entry.checked is None:
                action.triggered.connect(slot)
            else:
                action.setCheckable(True)
                action.setChecked(entry.checked)
                action.toggled.connect(slot)
            actions[entry.slot] = action
    return actions
