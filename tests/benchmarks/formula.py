"""A keystroke in a formula, until the new surface is painted, against SymPy on the same text.

The peer does what a program does that leaves formulas to SymPy: parse, differentiate, compile, and
evaluate the value on as coarse a grid. Both run in a process of their own, in turn.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from tests.benchmarks.frame import SIZE
from tests.benchmarks.harness import Result, quartiles

ROUNDS, KEYS = 6, 12
LENGTH = 200  # characters
#: Every function once or twice; its last number is what is typed.
FORMULA = (
    "(1 - a)^2 + 100*(b - a^2)^2 + sin(3*a)*cos(2*b) + log(1 + exp(-a*b)) + tanh(a)*sigmoid(b/2)"
    " + (a^4 - 16*a^2 + 5*a)/200 + (b^4 - 16*b^2 + 5*b)/200 + sqrt(1 + a^2 + b^2) + b*exp(a) + a*0."
)


def keystroke() -> list[Result]:
    """(k) From a keystroke in a formula of 200 characters to the new picture's first frame."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.formula"],
            capture_output=True, check=True, text=True, timeout=300,
            env={**os.environ, "XDG_CONFIG_HOME": folder, "APPDATA": folder},
        )  # fmt: skip
    ours, theirs = json.loads(done.stdout.splitlines()[-1])
    return [
        Result(f"(k) keystroke, {LENGTH} characters", "SymPy: parse, diff, lambdify, grid",
               quartiles(ours), quartiles(theirs), "ms", 0.5, faster=True, limit=50)
    ]  # fmt: skip


# ---------------------------------------------------------------- in the process


def _texts(round_: int) -> list[str]:
    """Return the text before and after each key of a round; none occurs in another round."""
    digits = f"{round_ + 1}" + "1234567890" * 3
    return [FORMULA + digits[: 1 + k] for k in range(KEYS + 1)]


def _by_sympy(text: str) -> float:
    import sympy

    from gdviz.engine.analysis.grid import COARSE

    class sigmoid(sympy.Function):  # noqa: N801
        def fdiff(self, argindex=1):
            return self * (1 - self)

    begin = time.perf_counter()
    a, b = sympy.symbols("a b", real=True)
    f = sympy.sympify(text.replace("^", "**"), {"a": a, "b": b, "sigmoid": sigmoid})
    modules = [{"sigmoid": _sigmoid}, "numpy"]
    value = sympy.lambdify((a, b), f, modules)
    sympy.lambdify((a, b), [f.diff(a), f.diff(b)], modules)
    side = np.linspace(-2.0, 2.0, COARSE)
    value(side, side[:, None])
    return (time.perf_counter() - begin) * 1e3


def _sigmoid(t):
    return 1 / (1 + np.exp(-t))


def main() -> None:
    """Print the milliseconds of both."""
    import pyqtgraph as pg
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gdviz.experiment.experiment import Experiment
    from gdviz.ui.toolkit.settings_file import Settings, settings_path
    from gdviz.ui.window.main_window import MainWindow
    from gdviz.ui.window.theme_choice import ThemeChoice
    from tests.benchmarks.frame_gdviz import Paints, _viewport

    app = QApplication(sys.argv[:1])
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    settings = Settings(settings_path())
    window = MainWindow(Experiment(), settings, ThemeChoice(app, settings))
    window.resize(*SIZE)
    window.show()
    window.right.setCurrentWidget(window.formula_lens)
    store, field = window.store, window.formula_lens.page("formula").field
    field.setFocus()
    paints = Paints()
    paints.wait_for([_viewport(window.map_view)])
    store.scene_changed.connect(paints.begin)

    def settle(seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            app.processEvents()

    def key(digit: str) -> float:
        begin = time.perf_counter()
        QTest.keyClick(field, digit)
        while store.scene.experiment is not store.experiment or not paints.are_done():
            app.processEvents()
            if time.perf_counter() > begin + 20:
                raise TimeoutError("the window does not paint")
        return (time.perf_counter() - begin) * 1e3

    ours, theirs = [], []
    for round_ in range(ROUNDS + 1):
        texts = _texts(round_)
        field.setPlainText(texts[0])
        field.moveCursor(field.textCursor().MoveOperation.End)
        settle(1.5)
        for text in texts[1:]:
            taken = key(text[-1])
            assert store.experiment.function.text == text
            peer = _by_sympy(text)
            if round_:  # the first warms up
                ours.append(taken)
                theirs.append(peer)
            settle(0.15)
    assert abs(len(texts[0]) - LENGTH) < LENGTH / 10
    window.close()
    print(json.dumps([ours, theirs]))


if __name__ == "__main__":
    main()
