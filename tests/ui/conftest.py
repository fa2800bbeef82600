"""The real window with settings of its own, hands to use it, and an ear for Qt's complaints."""

import gc
from contextlib import contextmanager
from functools import cache

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gdviz.engine.analysis.grid import affordable_resolution
from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import build_scene
from gdviz.ui.files import documents, leaving
from gdviz.ui.store import store as store_module
from gdviz.ui.store.file import File
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.widgets.number_field import NumberField
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice

#: Milliseconds after which a wait is a hang, on however busy a machine.
HANG = 120_000


class Bot(QtBot):
    """A bot that waits for events, and never for a time."""

    def waitUntil(self, condition, *, timeout=HANG):
        super().waitUntil(condition, timeout=max(timeout, HANG))

    def waitSignal(self, signal, *, timeout=HANG, **options):
        return super().waitSignal(signal, timeout=max(timeout, HANG), **options)


@pytest.fixture
def qtbot(qapp, request):
    """As pytest-qt's, but that its waits end only by what they wait for."""
    return Bot(request)


@pytest.fixture(scope="module", autouse=True)
def _fine_enough(request):
    """Let the final map have a quarter of its cells, but in modules with MAPS_ARE_FINE.

    A quarter of the tests' time went into them; those modules are about maps and what they take.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "MAPS_ARE_FINE", False):
            patch.setattr(store_module, "FINE", store_module.FINE // 2)
        yield


@cache
def first_scene(resolution):
    """Return what every test begins with: its final map takes a window a tenth of a second."""
    return build_scene(Experiment(), resolution=resolution)


#: Where a window is under which nobody's mouse moves.
_ASIDE = QPoint(20_000, 0)

#: What entries say whose names in the tests say less.
_TEXTS = {
    "about": "About gdviz",
    "cancel": "Cancel Computation",
    "draw_starts": "Random Starts",
    "enlarge_text": "Larger",
    "fit_to_paths": "Fit to Paths",
    "save_as_guide": "Save as Guide",
    "keep_overlays": "Keep the Step's Drawings",
    "present": "Presentation",
    "remove_starts": "Remove Other Starts",
    "reset": "Reset Experiment",
    "reset_text": "Usual",
    "show_keys": "Mouse and Keys",
    "show_left": "Controls on the Left",
    "show_others": "Other Starts",
    "show_right": "Lenses on the Right",
    "shrink_text": "Smaller",
}


class Driver:
    """A window, and hands: what a person sees is read, what they do is done, with real events."""

    def __init__(self, window, theming, settings):
        self.window, self.theming, self.settings = window, theming, settings
        self._place = window.pos()
        # Nobody is asked but where a test is about that.
        self._checked = {
            action: action.isChecked() and action.text() != "As&k About Untitled Experiments"
            for action in window.menus.values()
        }
        self.qtbot = None  # of the test that runs

    def begin_again(self):
        """Forget what the test before has done."""
        window = self.window
        window.move(self._place)
        window.activateWindow()  # a test may have opened another one
        if self.settings._values:
            self.settings.write(dict.fromkeys(self.settings._values))
        window.store.cancel()
        window.documents.set_file(File())
        for field in window.findChildren(NumberField):
            field.set_value(field.value(), force=True)
        window.formula_lens.page("formula").library.say("")
        for action, is_checked in self._checked.items():
            action.setChecked(is_checked)
        for plot in window.run_lens.plots:
            if plot.choice.currentIndex():
                plot.choice.setCurrentIndex(0)
                plot.choice.activated.emit(0)
        for lens in window.lenses:
            if lens.views():
                lens.choose_view(next(iter(lens.views())))
        window.right.setCurrentWidget(window.run_lens)
        if self.theming.choice != "system":
            self.theming.choose("system")
        window.map_view._range_timer.stop()
        window.store._scene = first_scene(store_module.FINE)  # its grid is taken over
        window.store.set_experiment(Experiment())
        window.store.build_again()  # also where it was the same, and its fine grid given up
        self.settle()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        window.map_view._leave()  # the cursor of the test before
        window.basins._last = ()  # whose basins a test has shown
        window.history._past, window.history._future = [], []
        window.history.begin_step()
        window.history.changed.emit()

    @property
    def experiment(self):
        return self.window.store.experiment

    @property
    def scene(self):
        return self.window.store.scene

    def show(self, experiment):
        """Show an experiment, on its final grid."""
        self.window.store.set_experiment(experiment)
        self.settle()

    def change(self, **fields):
        assert self.window.store.change(**fields)
        self.settle()

    def frame(self):
        """Let the next frame be built, coarse where the map is new."""
        self.qtbot.waitUntil(
            lambda: self.scene is not None and self.scene.experiment is self.experiment
        )

    def settle(self):
        """Wait until the picture is the final one, and what was busy has given its room back."""
        self.qtbot.waitUntil(self.is_settled)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def is_settled(self):
        scene, store = self.scene, self.window.store
        return (
            scene is not None
            and scene.experiment is self.experiment
            and scene.landscape.grid.resolution
            >= affordable_resolution(scene.objective, store_module.FINE)
            and not store.is_busy()
            and not self.window.opening._task.is_running()
            and not self.window.library.is_busy()
            and not self.window.documents.is_saving()
            and not self.window.map_view._range_timer.isActive()
            and not self.window.run_lens._reading._rest.isActive()
        )

    # -- the map

    @property
    def viewport(self):
        return self.window.map_view.plot.viewport()

    def pixel(self, a, b):
        """Return where (a, b) is on the map's viewport."""
        view = self.window.map_view
        return view.plot.mapFromScene(view.box.mapViewToScene(QPointF(a, b)))

    def place(self, pixel):
        """Return (a, b) at a pixel of the viewport."""
        view = self.window.map_view
        point = view.box.mapSceneToView(QPointF(view.plot.mapToScene(pixel)))
        return point.x(), point.y()

    def point_at(self, a, b):
        # Qt drops a move to where the mouse was, in the window of another test if need be.
        QTest.mouseMove(self.viewport, QPoint(5, 5))
        QTest.mouseMove(self.viewport, self.pixel(a, b))

    def click(self, a, b, button=Qt.MouseButton.LeftButton):
        self.point_at(a, b)
        QTest.mouseClick(self.viewport, button, pos=self.pixel(a, b))

    def drag(self, start, pixels):
        """Press at a pixel, move through others (yielding after each), release at the last."""
        QTest.mouseMove(self.viewport, start)
        QTest.mousePress(self.viewport, Qt.MouseButton.LeftButton, pos=start)
        for pixel in pixels:
            QTest.mouseMove(self.viewport, pixel)
            yield pixel
        QTest.mouseRelease(self.viewport, Qt.MouseButton.LeftButton, pos=pixel)

    def wheel(self, a, b, notches):
        wheel(self.viewport, self.pixel(a, b), notches)

    # -- the controls

    def fields(self):
        """Return the number fields that can be typed into."""
        return [f for f in self.window.findChildren(NumberField) if f.isVisible() and f.isEnabled()]

    def field(self, name):
        """Return a number field by the name that its sentences call it."""
        (found,) = (f for f in self.fields() if f.accessibleName() == name)
        return found

    def type(self, field, text):
        field.setFocus()
        field.selectAll()
        field.insert(text)  # keyClicks knows Latin-1 only
        QTest.keyClick(field, Qt.Key.Key_Return)

    def action(self, name):
        """Return the action of a menu's entry: of Export Picture… as ``"export_picture"``."""
        text = _TEXTS.get(name, name.removeprefix("show_").replace("_", " ").title())
        (found,) = (
            action
            for action in self.window.menus.values()
            if action.text().replace("&", "").removesuffix("…") == text
        )
        return found

    def save(self, name="save"):
        """Choose an entry of the menu that saves, and wait until that is over."""
        self.action(name).trigger()
        self.qtbot.waitUntil(lambda: not self.window.documents.is_saving())

    def readout(self):
        return self.window.map_strip._readout.text()

    def sentences(self):
        """Return what is said about refused input, wherever it is visible."""
        from PySide6.QtWidgets import QLabel

        return [
            label.text()
            for label in self.window.findChildren(QLabel)
            if label.property("error") and label.isVisible() and label.text()
        ]


def wheel(widget, at, notches):
    """Turn the wheel over a widget."""
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


class Paints(QObject):
    """What is painted of a widget meanwhile: a region each time.

    Parameters
    ----------
    widget : QWidget
        Of a map or a plot its viewport.
    """

    def __init__(self, widget):
        super().__init__()
        self.widget, self.regions = widget, []

    def __enter__(self):
        QApplication.sendPostedEvents()  # what was to be painted before
        QApplication.processEvents()
        self.widget.installEventFilter(self)
        return self

    def __exit__(self, *_):
        self.widget.removeEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.regions.append(event.region())
        return False

    def touch(self, rect):
        """Tell whether anything of a rectangle was painted."""
        return any(region.intersects(rect) for region in self.regions)


@pytest.fixture
def settings(tmp_path):
    """Settings that nobody else has."""
    return Settings(tmp_path / "settings.ini")


#: What the theme gives a palette of their own, and everything else.
PALETTES = ("QAbstractButton", "QComboBox", None)


@contextmanager
def untouched(app, generation=2):
    """Give the application back as it was, and everything that was closed meanwhile its end.

    `generation` is the oldest that is collected. Nothing is between tests, so that what a test
    made itself is young: 1 will do for it.
    """
    palettes = {name: QPalette(app.palette(name) if name else app.palette()) for name in PALETTES}
    sheet, style = app.styleSheet(), app.style().name()
    rate = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)  # real hands are slower than these
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    pg.setConfigOption("mouseRateLimit", rate)
    if app.style().name() != style:
        app.setStyle(style)
    for name, palette in palettes.items():
        if (app.palette(name) if name else app.palette()) != palette:
            app.setPalette(palette, name)
    if app.styleSheet() != sheet:  # each widget that is open would take it over anew
        app.setStyleSheet(sheet)
    gc.collect(generation)


def make_driver(app, settings, experiment, size):
    theming = ThemeChoice(app, settings)
    window = MainWindow(experiment or Experiment(), settings, theming)
    if size is not None:
        window.resize(*size)
    window.show()
    window.activateWindow()
    return Driver(window, theming, settings)


def close(driver):
    driver.window.documents.asks = False
    driver.window.close()
    driver.window.deleteLater()
    driver.theming.deleteLater()


@pytest.fixture
def open_window(qtbot, qapp, settings):
    """Open windows that are closed when the test ends."""
    drivers = []

    def opened(experiment=None, size=(1280, 800)):
        for window in qapp.topLevelWidgets():
            if isinstance(window, MainWindow):  # else Qt would have the mouse move in the oldest
                window.move(_ASIDE)
        drivers.append(make_driver(qapp, settings, experiment, size))
        drivers[-1].qtbot = qtbot
        return drivers[-1]

    with untouched(qapp, generation=1):
        yield opened
        for driver in drivers:
            close(driver)
        drivers.clear()


@pytest.fixture(scope="module")
def window_of_the_module(qapp, tmp_path_factory):
    """A window that a module's tests share: opening one takes half a second."""
    path = tmp_path_factory.mktemp("settings") / "settings.ini"
    with untouched(qapp):
        driver = make_driver(qapp, Settings(path), Experiment(), (1280, 800))
        yield driver
        close(driver)


@pytest.fixture
def ui(window_of_the_module, qtbot):
    """The window as it is at the first start, its picture final."""
    driver = window_of_the_module
    driver.qtbot = qtbot
    driver.begin_again()
    return driver


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch):
    """Fail where a dialog would wait for an answer that no test gives."""

    def ask(_parent, place):
        raise AssertionError(f"asked what becomes of an experiment that is {place}")

    monkeypatch.setattr(leaving, "ask_about_untitled", ask)


@pytest.fixture
def told(monkeypatch):
    """The sentences of the dialogs that would have been shown."""
    sentences = []
    monkeypatch.setattr(documents, "tell", lambda _parent, sentence: sentences.append(sentence))
    return sentences


@pytest.fixture(autouse=True)
def _no_garbage_is_collected_within_qt():
    """Collect between tests, and never while Qt is at work.

    A closed window is a cycle. Where the collector comes upon it within connect(), which holds a
    lock of Qt's, the destructors wait for that same lock for ever (seen with PySide6 6.11.3).
    """
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def _nothing_is_complained_of(capfd, qtlog):
    """Fail where Qt warns, and where pyqtgraph swallows an exception, of which it prints a word."""
    yield
    complaints = [r.message for r in qtlog.records if "This plugin does not" not in r.message]
    assert complaints == []
    assert "Traceback" not in capfd.readouterr().err
