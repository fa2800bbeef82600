"""The menus: what each entry is called, what it runs, what it does, and its keys."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from gdviz.experiment.guided.guides import headings
from gdviz.experiment.view import View
from gdviz.ui.files.documents import Documents
from gdviz.ui.files.opening import Opening
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.toolkit.sizes import STROKE_SIZES
from gdviz.ui.toolkit.text import as_caption, as_tip
from gdviz.ui.window.about import Help
from gdviz.ui.window.commands import Commands
from gdviz.ui.window.guide_control import GuideControl
from gdviz.ui.window.layout import Places
from gdviz.ui.window.size_choice import SizeChoice
from gdviz.ui.window.theme_choice import ThemeChoice
from gdviz.ui.window.view_control import ViewControl

Slot = Callable[..., object]
#: A window's actions, by what they run.
Actions = dict[Slot, QAction]

_KEY = QKeySequence.StandardKey

# Tooltips that are longer than their entry's line.
_OPEN = "Open an experiment, data as CSV, a loss landscape, or Python code with loss(a, b)"
_ASKS = "Ask before New, Open and Quit what becomes of changes that are in no file"
_SAMPLE = "Compute the loss of Python code on a grid, on all cores, into a loss landscape"
_PICTURE = "Map and panels as PNG, SVG, PDF, EPS or PGF"
_MOVING = "Paths that grow, or ε, α, η or the start that moves, as GIF, WebP, APNG, MP4 or WebM"
_PAGE = "A web page that opens without a network, in which α, ε and the start can be turned"
_TABLE = "All steps of all methods, CSV or JSON"
_COPY = "Copy the picture to the clipboard"
_QUIT = "Quit; the experiment is kept for the next launch"
_FORMULA = "Write a function of your own in a and b"
_STARTS = "Let all methods start at random points of the map as well; Shift+click adds one"
_RESET = "The surface's own start, α, ε and constants"
_FIT = "Show the start and all paths, wherever they are; so does a double click on the map"
_EQUAL = "A unit of a as long as a unit of b: circles are circles"
_OTHERS = "The paths from the other starts"
_TRAJECTORY = "The path in a loss landscape's file"
_RELIEF = "The surface in three dimensions, in the map's place"
_BASINS = "Which end each start on the map reaches"
_KEEP = "Keep the Step lens's circle and models on the map when the lens is closed"
_RIGHT = "What is measured of the paths, and f itself"
_COURSE = "Go through the guides of a folder, one after the other"
_GUIDE = "The experiment as it is seen, with a title and two sentences, for a course of your own"
_PRESENT = "Map, one panel and large controls fill the screen, for a lecture hall; Esc leaves"
_LEFT = "The surface, descent and methods"


class Window(Protocol):
    """What the entries run: a window's parts, and what it does itself."""

    commands: Commands
    documents: Documents
    opening: Opening
    view: ViewControl
    basins: BasinsControl
    timeline: Timeline
    step_lens: StepLens
    places: Places
    sizes: SizeChoice
    guides: GuideControl
    help: Help

    def cancel(self) -> None: ...
    def close(self) -> bool: ...
    def new_formula(self) -> None: ...
    def present(self, on: bool) -> None: ...
    def show_full_screen(self, full: bool) -> None: ...


class _Menu(QMenu):
    """A menu whose entries have tooltips, and are found by what they run."""

    def __init__(self, title: str, bar: QMenuBar | QMenu, actions: Actions) -> None:
        super().__init__(title, bar)
        self.setObjectName(title.replace("&", ""))
        self.setToolTipsVisible(True)
        self._actions = actions
        bar.addMenu(self)

    def add(
        self,
        text: str,
        slot: Slot,
        tip: str,
        keys: QKeySequence.StandardKey | str = "",
        is_on: bool | None = None,
    ) -> None:
        """Add an entry.

        Parameters
        ----------
        text : str
            With its mnemonic.
        slot : callable
            What it runs; a toggle tells it whether it is on.
        tip : str
            What it does.
        keys : standard key or str, optional
            Its shortcut.
        is_on : bool or None
            None for a command; otherwise it is a toggle, and this its first state.
        """
        action = self._actions[slot] = self.addAction(text)
        action.setToolTip(as_tip(tip))
        action.setStatusTip(tip)
        action.setShortcut(QKeySequence(keys))
        if is_on is None:
            action.triggered.connect(slot)
        else:
            action.setCheckable(True)
            action.setChecked(is_on)
            action.toggled.connect(slot)


class _SizeMenu(QMenu):
    """A choice of one size of strokes.

    Parameters
    ----------
    title : str
        With its mnemonic.
    name : str
        The size's field of :class:`~gdviz.experiment.view.View`.
    choose : callable
        Takes the entry that was chosen, whose data is the size.
    menu : QMenu
        Where it stands.
    """

    def __init__(self, title: str, name: str, choose: Slot, menu: QMenu) -> None:
        super().__init__(title, menu)
        self._name = name
        menu.addMenu(self)
        group = QActionGroup(self)
        for size in STROKE_SIZES:
            action = self.addAction(f"{size:.0%}")
            action.setCheckable(True)
            action.setData(size)
            group.addAction(action)
        group.triggered.connect(choose)

    def show_view(self, view: View) -> None:
        """Tick the size that is on."""
        for action in self.actions():
            action.setChecked(action.data() == getattr(view, self._name))


def _add_sizes(menu: _Menu, sizes: SizeChoice, view: ViewControl, actions: Actions) -> None:
    """Add the entries for the sizes of text, paths and dots.

    Parameters
    ----------
    menu : _Menu
        Where.
    sizes : SizeChoice
        What changes text.
    view : ViewControl
        What changes paths and dots.
    actions : dict
        Which all entries are put into that run something.
    """
    text = _Menu("Te&xt Size", menu, actions)
    text.add("&Larger", sizes.enlarge_text, "Larger text", "Ctrl++")
    text.add("&Smaller", sizes.shrink_text, "Smaller text", "Ctrl+-")
    text.add("&Usual", sizes.reset_text, "Text as large as at first", "Ctrl+0")
    actions[sizes.enlarge_text].setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
    for title, choose, name in (
        ("&Path Width", view.choose_path_width, "path_width"),
        ("Step Dots", view.choose_step_dots, "step_dots"),
    ):  # fmt: skip
        of_size = _SizeMenu(title, name, choose, menu)
        view.shown.connect(of_size.show_view)


def build_menus(bar: QMenuBar, window: Window, theming: ThemeChoice) -> Actions:
    """Fill a menu bar, and return the actions by what they run.

    Parameters
    ----------
    bar : QMenuBar
        The window's.
    window : Window
        Whose parts are there.
    theming : ThemeChoice
        Who offers themes, and takes the choice.
    """
    actions: Actions = {}
    commands, opening, timeline = window.commands, window.opening, window.timeline
    view, places, untitled = window.view, window.places, window.documents.untitled

    menu = _Menu("&File", bar, actions)
    menu.add("&New", commands.new, "Start over with the default experiment", _KEY.New)
    menu.add("&Open…", opening.open, _OPEN, _KEY.Open)
    menu.addMenu(opening.recent)
    menu.add("&Save", commands.save, "Write the experiment to its file", _KEY.Save)
    menu.add("Save &As…", commands.save_as, "Write the experiment to another file", "Ctrl+Shift+S")
    menu.add(
        "As&k About Untitled Experiments", untitled.set_asks, _ASKS,
        is_on=untitled.asks,
    )  # fmt: skip
    menu.add("Sa&mple a Network…", commands.sample_network, _SAMPLE)
    menu.addSeparator()
    menu.add("&Export Picture…", commands.export_picture, _PICTURE, "Ctrl+E")
    menu.add("Export An&imation…", commands.export_animation, _MOVING, "Ctrl+Alt+E")
    menu.add("Export &Page…", commands.export_page, _PAGE, "Ctrl+Alt+P")
    menu.add("Export &Table…", commands.export_table, _TABLE, "Ctrl+Shift+E")
    menu.add("&Copy Picture", commands.copy_picture, _COPY, "Ctrl+Shift+C")
    menu.addSeparator()
    menu.add("&Quit", window.close, _QUIT, _KEY.Quit)

    menu = _Menu("&Edit", bar, actions)
    menu.add("&Undo", commands.undo, "Take back the last change", _KEY.Undo)
    menu.add("&Redo", commands.redo, "Make the undone change again", "Ctrl+Shift+Z")
    menu.addSeparator()
    menu.add("New &Formula…", window.new_formula, _FORMULA, "Ctrl+L")
    menu.add("Random &Starts…", commands.draw_starts, _STARTS, "R")
    menu.add("Remove &Other Starts", commands.remove_starts, "Keep only the start itself")

    menu = _Menu("&View", bar, actions)
    menu.add("&Home Range", commands.show_home_range, "Show the surface's home range", "Home")
    menu.add("Fit to P&aths", commands.fit_to_paths, _FIT, "F")
    menu.add("E&qual Units", commands.set_equal_units, _EQUAL, "E", False)
    menu.add("&Reset Experiment", commands.reset, _RESET, "Ctrl+R")
    menu.add("Canc&el Computation", window.cancel, "Keep the last picture", "Esc")
    menu.addSeparator()
    menu.add("&Contours", view.show_contours, "Contour lines on the map", "C", True)
    menu.add("&Minima", view.show_minima, "Known minima on the map", "M", True)
    menu.add("Other &Starts", view.show_others, _OTHERS, "S", True)
    menu.add("&Trajectory", view.show_trajectory, _TRAJECTORY, "T", True)
    menu.add("&Basins", window.basins.set_shown, _BASINS, "B", False)
    menu.add("&Legend", view.show_legend, "The legend on the map", "L", True)
    menu.add("&Keep the Step's Drawings", view.keep_drawings, _KEEP, "K", False)
    menu.addSeparator()
    menu.add("&3-D", view.show_relief, _RELIEF, "3", False)
    menu.addSeparator()
    menu.add("C&ontrols on the Left", places.show_left, _LEFT, "F2", True)
    menu.add("Le&nses on the Right", places.show_right, _RIGHT, "F3", True)
    menu.add("Presentation", window.present, _PRESENT, "F11", False)
    menu.add("&Full Screen", window.show_full_screen, "Fill the screen", "Shift+F11", False)
    menu.addSeparator()
    _add_sizes(menu, window.sizes, view, actions)
    menu.addSeparator()
    themes = QActionGroup(menu)
    for name, text in ThemeChoice.CHOICES.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(name == theming.choice)
        action.setData(name)
        themes.addAction(action)
    themes.triggered.connect(theming.choose_from_menu)

    menu = _Menu("&Step", bar, actions)
    menu.add("&Play or Pause", timeline.toggle_playing, "Play through the steps", "Space")
    menu.addSeparator()
    menu.add("&First", timeline.first, "Where the paths start", "[")
    menu.add("P&revious", timeline.previous, "One step back", ",")
    menu.add("&Next", timeline.next, "One step forward", ".")
    menu.add("&Last", timeline.last, "Where the longest path ends", "]")

    menu = _Menu("E&xperiments", bar, actions)
    for place, heading in enumerate(headings()):
        action = menu.addAction(as_caption(heading.title))
        action.setToolTip(as_tip(heading.look))
        action.setData(place)
    menu.triggered.connect(window.guides.open_from_menu)
    menu.addSeparator()
    menu.add("Ne&xt Guide", window.guides.next, "Go on in the course", "Ctrl+PgDown")
    menu.add("Pre&vious Guide", window.guides.previous, "Go back in the course", "Ctrl+PgUp")
    menu.add("Open &Course…", window.guides.open_course, _COURSE)
    menu.add("Save as &Guide…", window.guides.save_guide, _GUIDE)

    menu = _Menu("&Help", bar, actions)
    menu.add("&Mouse and Keys", window.help.show_keys, "What mouse and keys do", _KEY.HelpContents)
    menu.add("Open &Log", window.help.show_log, "What went wrong, for a report of it")
    menu.add("&About gdviz", window.help.show_about, "Versions and licence")
    return actions
