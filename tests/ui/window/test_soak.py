"""Seeded events in the real window, with every long job begun and ended in its middle.

`pytest -m soak` takes 20,000 of them, and the gate 1,500. What is imported when it is first needed
is there before the first: each kind of job has run once by then.
"""

import gc
import mmap
import random
import time
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from gdviz.base.memory import give_back_free_pieces, give_back_freed_memory
from gdviz.ui.tasks import task as task_module
from gdviz.ui.tasks.task import Newer, Task
from tests.fuzz.files import ODD_WORDS, random_file
from tests.fuzz.promise import children
from tests.ui.window.jobs import KINDS

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it reads /proc")

#: Thread seconds that an event, or what follows from it, may take in the window's thread.
SECONDS = 0.1
#: The event after which memory is compared with that at the end.
EARLY = 1_000
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Tab)


class Hand:
    """What does one thing after the other."""

    def __init__(self, ui, source, folder):
        self.ui, self.source, self.folder = ui, source, folder
        self.job, self.ended = None, 0
        (folder / "bowl.py").write_text("def loss(a, b):\n    return a**2 + b**2\n")

    def pixel(self):
        size = self.ui.viewport.size()
        choose = self.source.randrange
        return QPoint(choose(size.width()), choose(size.height()))

    def click(self):
        QTest.mouseClick(self.ui.viewport, Qt.MouseButton.LeftButton, pos=self.pixel())

    def drag(self):
        return self.ui.drag(self.pixel(), [self.pixel() for _ in range(3)])  # move by move

    def wheel(self):
        self.ui.wheel(*self.ui.experiment.start, self.source.choice((-1, 1)))

    def key(self):
        QTest.keyClick(self.ui.window, self.source.choice(KEYS))

    def text(self):
        self.ui.type(self.source.choice(self.ui.fields()), self.source.choice(ODD_WORDS))

    def lens(self):
        right = self.ui.window.right
        right.setCurrentIndex(self.source.randrange(right.count()))

    def undo(self):
        self.ui.action(self.source.choice(("undo", "redo"))).trigger()

    def resize(self):
        self.ui.window.resize(self.source.randint(1000, 1600), self.source.randint(700, 1000))

    def theme(self):
        self.ui.theming.choose(self.source.choice(("dark", "light")))

    def open(self):
        kind = self.source.choice(("experiment.json", "table.csv", "arrays.npz"))
        (self.folder / kind).write_bytes(random_file(self.source, kind))
        self.ui.window.opening.open_path(self.folder / kind)

    def code(self):
        self.ui.window.opening.open_path(self.folder / "bowl.py")

    def prepare(self):
        """Open what a long job is begun from, of whichever kind."""
        self.job = self.source.choice(KINDS)(self.ui, self.folder)

    def begin(self):
        """Begin a long job."""
        self.job.begin(self.source.randrange(50))

    def end(self):
        """End the job, if it is in its middle."""
        if self.job.task._job is not None:
            self.job.task.cancel()
            self.ended += 1

    def each_job(self):
        """Begin one of each kind, end it in its middle, begin another, and wait for that."""
        for kind in KINDS:
            self.job, before = kind(self.ui, self.folder), self.ended
            while self.ended == before:  # one may be asked for what is there
                self.begin()
                while self.job.task._job is None and self.is_busy():
                    QCoreApplication.processEvents()  # for a moment: it may be short
                self.end()
            self.begin()
            self.ui.qtbot.waitUntil(lambda: not self.is_busy())

    def rest(self):
        """Have everything end, what nobody holds be gone, and given back, as it is each minute."""
        tasks = self.ui.window.findChildren(Task)
        for task in tasks:
            if task._newer is not Newer.QUEUES:
                task.cancel()
        self.ui.qtbot.waitUntil(lambda: not any(task.is_running() for task in tasks))
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        give_back_free_pieces()

    def is_busy(self):
        return self.job.task.is_running() or self.ui.window.store.is_busy()

    def escape(self):
        """Give up what the window calls busy."""
        self.ui.window.cancel()

    def basins(self):
        self.ui.action("basins").toggle()

    def reset(self):
        self.ui.action("reset").trigger()


#: How often each is done, of a hundred.
OFTEN = {
    Hand.click: 20, Hand.drag: 15, Hand.wheel: 12, Hand.key: 12, Hand.text: 10, Hand.lens: 8,
    Hand.undo: 12, Hand.resize: 3, Hand.theme: 1, Hand.open: 3, Hand.code: 1, Hand.reset: 3,
    Hand.basins: 2, Hand.prepare: 3, Hand.begin: 3, Hand.end: 4, Hand.escape: 1,
}  # fmt: skip


def memory():
    """Return the megabytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE / 1e6


def pace():
    """Return the thread seconds of a piece of work: on a busy machine the same takes longer."""
    began = time.thread_time()
    sum(range(50_000))
    return time.thread_time() - began


def turns(act):
    """Do something, and what follows from it; return the thread seconds of each turn."""
    taken = []

    def timed(part):
        began = time.thread_time()
        result = part()
        taken.append(time.thread_time() - began)
        return result

    moves = timed(act)
    while moves is not None and timed(partial(next, moves, None)) is not None:
        pass  # the event loop has its turn within each move of a drag
    timed(QCoreApplication.processEvents)
    return taken


@pytest.mark.parametrize(
    "events",
    [pytest.param(1_500, marks=pytest.mark.slow), pytest.param(20_000, marks=pytest.mark.soak)],
)
def test_soak(open_window, told, monkeypatch, tmp_path, events):
    from gdviz.ui.files import leaving, opening

    monkeypatch.setattr(leaving, "ask_to_save", lambda *_: "discard")
    monkeypatch.setattr(leaving, "ask_about_untitled", lambda *_: ("discard", False))
    for name in ("choose_kind", "may_run"):
        monkeypatch.setattr(opening, name, lambda *_: None)
    monkeypatch.setattr(opening.RangeDialog, "exec", lambda _: 0)
    monkeypatch.setattr(task_module.logger, "disabled", True)  # pytest keeps what is logged
    give_back_freed_memory()  # as what opens the window does
    gc.unfreeze()  # what the run of the tests has set aside: the window does it as for a person
    before, ui = children(), open_window()
    source, long, early = random.Random("soak"), [], 0.0
    hand = Hand(ui, source, tmp_path)
    hand.each_job()  # and what is imported when it is first needed is there
    quickest = min(pace() for _ in range(200))
    for i in range(events):
        act = source.choices(list(OFTEN), list(OFTEN.values()))[0]
        seconds = max(turns(partial(act, hand)))
        if seconds > SECONDS * max(1.0, pace() / quickest):
            long.append((i, act.__name__, seconds))
        if i == EARLY:
            hand.rest()
            early = memory()
    hand.rest()
    late = memory()
    ui.window.code.close()
    # What else runs slows a core down for moments that a pace does not see: where ten processes
    # shared each, 10,000 events had none, and 20,000 two, four events apart, of 0.13 and 0.14 s.
    assert len(long) <= max(1, events // 5_000), long
    assert late < 1.15 * early
    assert hand.ended > len(KINDS)
    assert children() <= before
