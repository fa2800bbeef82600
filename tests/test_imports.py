"""What is imported only by those who need it: a table without Qt, a picture without a window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

QT = ("PySide6", "shiboken6", "pyqtgraph", "tkinter", "matplotlib.pyplot")
COMMAND = "from gdviz.cli.main import main\nassert main({!r}.split()) == 0"
#: What one process does, and what it has not imported by then: the strictest come first.
STEPS = [
    ("import gdviz", (*QT, "matplotlib", "sympy", "scipy", "h5py", "msgspec", "numpy", "typing")),
    ("import gdviz.engine.objectives.surfaces",
     (*QT, "matplotlib", "sympy", "scipy", "h5py", "msgspec", "numpy")),
    # A command without the others.
    (COMMAND.format("table --steps 1 -o t.csv"),
     (*QT, "matplotlib", "sympy", "scipy", "h5py", "hashlib", "gdviz.sampling",
      "gdviz.cli.commands.render")),
    *((step, (*QT, "matplotlib", "sympy", "scipy", "h5py")) for step in (
        "import gdviz.files.landscapes",
        "from gdviz.experiment.experiment import Experiment\n"
        "from gdviz.scene.scene import build_scene\n"
        "build_scene(Experiment(), resolution=8)",
        COMMAND.format("surfaces --json"),
        COMMAND.format("costs --time"),
        COMMAND.format("sweep -o s.csv"),
        COMMAND.format("table --formula (a-1)^4+exp(b)-b --steps 1 -o t.csv"),
        COMMAND.format("scaling --max 1 -o s.json"),
        COMMAND.format("check --formula (a-1)^2+exp(a*b) --gradient 2*a-2+b*exp(a*b) a*exp(a*b)"),
    )),
    *((step, (*QT, "matplotlib", "sympy", "h5py")) for step in (
        "import gdviz.engine.gradcheck.check",
        COMMAND.format("rates --steps 3 -o r.csv"),
        COMMAND.format("basins --grid 8 -o b.npz"),
    )),
    *((step, (*QT, "sympy", "h5py")) for step in (
        COMMAND.format("render --dpi 20 -o p.png"),
        COMMAND.format("sweep --dpi 20 -o s.png"),
        COMMAND.format("scaling --max 1 -o s.svg"),
        COMMAND.format("rates --steps 3 --dpi 20 -o r.png"),
        COMMAND.format("basins --grid 8 --dpi 20 -o b.png"),
    )),
    ("import gdviz.engine.language.latex", QT),
    # The window opens without OpenGL, which is imported when three dimensions are asked for.
    ("import gdviz.ui.window.main_window", ("OpenGL",)),
]  # fmt: skip
PROGRAM = """
import json, sys
for step, banned in json.load(sys.stdin):
    exec(step)
    found = [name for name in sys.modules if any(f"{name}.".startswith(f"{b}.") for b in banned)]
    print(json.dumps(found), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Return what was imported too early, by step."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(STEPS), text=True, capture_output=True,
        cwd=tmp_path_factory.mktemp("imports"), check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]


@pytest.mark.parametrize("step", range(len(STEPS)), ids=[step for step, _ in STEPS])
def test_it_imports_what_it_needs(imported: list[list[str]], step: int) -> None:
    assert imported[step] == []


#: The window until its first frame is painted, as the program is started.
FIRST_FRAME = """
import json, sys
from gdviz.cli.main import main
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWindow():
            QTimer.singleShot(0, self.end)
        return False
    def end(self):
        print(json.dumps(sorted(sys.modules)))
        QApplication.closeAllWindows()

class Watched(QApplication):
    def exec(self):
        self.first = First()
        self.installEventFilter(self.first)
        return QApplication.exec()

import PySide6.QtWidgets
PySide6.QtWidgets.QApplication = Watched
sys.exit(main([]))
"""
#: What it does without: other libraries, pages and dialogs that nobody has opened, commands, and
#: what reads and writes files.
NOT_IN_THE_FIRST_FRAME = (
    "matplotlib", "sympy", "scipy", "h5py", "PIL", "numpy.ma", "OpenGL", "markdown", "hashlib",
    "gdviz.sampling", "gdviz.cli.commands.render", "gdviz.cli.commands.table",
    "gdviz.export.figures", "gdviz.export.tables", "gdviz.export.page.page",
    "gdviz.files.csv_data", "gdviz.files.text_table", "gdviz.files.landscape_formats",
    "gdviz.scene.animation.frames",
    "gdviz.ui.files.animation_dialog", "gdviz.ui.files.export_dialog",
    "gdviz.ui.files.page_dialog", "gdviz.ui.files.sampling.dialog",
    "gdviz.ui.window.random_starts_dialog",
    "gdviz.ui.lenses.cost", "gdviz.ui.lenses.data", "gdviz.ui.lenses.gradcheck",
    "gdviz.ui.lenses.formula.page", "gdviz.ui.lenses.scale.page", "gdviz.ui.lenses.step.arithmetic",
    "gdviz.ui.lenses.sweep",
)  # fmt: skip
#: Modules of this program that it takes: more are to have a reason.
MOST = 340


def test_the_first_frame_waits_for_what_is_seen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], text=True, capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]),
             "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path),
             "APPDATA": str(tmp_path)},
    )  # fmt: skip
    modules = json.loads(done.stdout.splitlines()[0])
    assert "gdviz.ui.window.main_window" in modules
    too_early = [
        name for name in modules
        if any(f"{name}.".startswith(f"{each}.") for each in NOT_IN_THE_FIRST_FRAME)
    ]  # fmt: skip
    assert too_early == []
    ours = [name for name in modules if name.startswith("gdviz.")]
    assert len(ours) <= MOST, f"{len(ours)} modules"
