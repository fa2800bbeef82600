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
     (*QT, "matplotlib", "sympy", "scipy", "h5py", "gdviz.sampling", "gdviz.cli.commands.render")),
    *((step, (*QT, "matplotlib", "sympy", "scipy", "h5py")) for step in (
        "import gdviz.files.landscapes",
        "from gdviz.experiment.experiment import Experiment\n"
        "from gdviz.scene.scene import build_scene\n"
        "build_scene(Experiment(), resolution=8)",
        COMMAND.format("surfaces --json"),
        COMMAND.format("costs --time"),
        COMMAND.format("sweep -o s.csv"),
        COMMAND.format("scaling --max 1 -o s.json"),
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
