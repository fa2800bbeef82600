"""Seeded events in the real window, for as long as one likes: `pytest -m soak` takes 20,000."""

import random
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest

from tests.fuzz.files import ODD_WORDS, random_file
from tests.fuzz.promise import children

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it reads /proc")

#: Thread seconds that an event may take in the window's thread.
SECONDS = 0.1
#: What may take longer: each widget's style is computed anew, or a whole page is made.
LONGER = {"theme", "lens", "resize"}
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Tab)


class Hand:
    """What does one thing after the other."""

    def __init__(self, ui, source, folder):
        self.ui, self.source, self.folder = ui, source, folder
        (folder / "bowl.py").write_text("def loss(a, b):\n    return a**2 + b**2\n")

    def pixel(self):
        size = self.ui.viewport.size()
        choose = self.source.randrange
        return QPoint(choose(size.width()), choose(size.height()))

    def click(self):
        QTest.mouseClick(self.ui.viewport, Qt.MouseButton.LeftButton, pos=self.pixel())

    def drag(self):
        list(self.ui.drag(self.pixel(), [self.pixel() for _ in range(3)]))

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

    def basins(self):
        """Begin a long job, or end it in its middle."""
        self.ui.action("basins").toggle()

    def reset(self):
        self.ui.action("reset").trigger()


#: How often each is done, of a hundred.
OFTEN = {
    Hand.click: 20, Hand.drag: 15, Hand.wheel: 12, Hand.key: 12, Hand.text: 10, Hand.lens: 8,
    Hand.undo: 12, Hand.resize: 3, Hand.theme: 1, Hand.open: 3, Hand.code: 1, Hand.reset: 3,
    Hand.basins: 3,
}  # fmt: skip


def memory():
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.parametrize(
    "events",
    [pytest.param(1_500, marks=pytest.mark.slow), pytest.param(20_000, marks=pytest.mark.soak)],
)
def test_soak(open_window, told, monkeypatch, tmp_path, events):
    from gdviz.ui.files import opening

    for name in ("choose_kind", "may_run"):
        monkeypatch.setattr(opening, name, lambda *_: None)
    monkeypatch.setattr(opening.RangeDialog, "exec", lambda _: 0)
    before, ui = children(), open_window()
    source, long, early = random.Random("soak"), [], 0
    hand = Hand(ui, source, tmp_path)
    for i in range(events):
        act = source.choices(list(OFTEN), list(OFTEN.values()))[0]
        began = time.thread_time()
        act(hand)
        QCoreApplication.processEvents()
        seconds = time.thread_time() - began
        if seconds > SECONDS:
            long.append(act.__name__)
        if i == events // 2:  # undo is full, and what is imported when it is needed is there
            early = memory()
    ui.window.code.close()
    assert memory() < 1.15 * early
    others = [name for name in long if name not in LONGER]
    assert len(others) <= events // 100, others  # a busy machine slows some of them
    assert children() <= before
