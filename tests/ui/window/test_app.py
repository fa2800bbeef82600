"""The program as it is started: its end, its errors, and what it says on standard error."""

import os
import subprocess
import sys
import textwrap

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow

from gdviz.base.logging import log_path
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import to_json
from gdviz.ui.store.untitled import last_experiment
from gdviz.ui.toolkit.screens import fit_to_screen
from gdviz.ui.window.app import _Reporter

#: Runs the command line in the way of ``python -m gdviz``, and something besides in its window.
DRIVER = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from gdviz.cli.main import main
    from gdviz.ui.window.main_window import MainWindow

    def window():
        (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
        return found

    def later(function, when=lambda: True):
        # The program makes its QApplication itself: look for it from the window's first show on.
        shown = MainWindow.showEvent

        def look():
            function() if when() else QTimer.singleShot(10, look)

        def show(self, event):
            shown(self, event)
            QTimer.singleShot(0, look)

        MainWindow.showEvent = show

"""


#: Seconds after which a program hangs, on however busy a machine.
HANG = 120


@pytest.fixture
def program(tmp_path):
    """Run a driver script that ends with ``main([...])``."""

    def run(script):
        code = textwrap.dedent(DRIVER) + textwrap.dedent(script)
        environment = os.environ | {
            "XDG_CONFIG_HOME": str(tmp_path),
            "GDVIZ_LOG": str(tmp_path / "gdviz.log"),
            "QT_QPA_PLATFORM": "offscreen",
        }
        result = subprocess.run(
            # What another library is deprecated for is not ours, and may be newer than this.
            [sys.executable, "-X", "faulthandler",
             "-W", "error", "-W", "ignore::DeprecationWarning", "-c", code],
            env=environment, capture_output=True, text=True, timeout=HANG, check=False,
        )  # fmt: skip
        lines = [x for x in result.stderr.splitlines() if "This plugin does not support" not in x]
        return result.returncode, "\n".join(lines), result.stdout

    return run


@pytest.mark.slow
def test_closing_right_after_the_start_is_quiet(program):
    """Before a formula is typeset that is not shipped so: matplotlib is just being imported."""
    assert program("""
        later(lambda: window().close(), when=lambda: "matplotlib" in sys.modules)
        sys.exit(main(["--formula", "a^2 + 3*b^2"]))
    """) == (0, "", "")


def test_a_window_gives_back_what_is_free_now_and_then(program):
    assert program("""
        from gdviz.ui.window import app

        app._GIVE_BACK_MS, given = 1, []
        app.give_back_free_pieces = lambda: given.append(1)
        later(lambda: window().close(), when=lambda: len(given) > 1)
        sys.exit(main([]))
    """) == (0, "", "")


@pytest.mark.slow
def test_closing_during_a_long_computation_is_quiet(program):
    code, err, out = program("""
        def end():
            print("busy")
            window().close()

        later(end, when=lambda: window().store.is_busy())
        formula = " + ".join(f"sin({k}*a)*cos({k}*b)" for k in range(1, 30))
        methods = [word for _ in range(8) for word in ("--method", "central")]
        sys.exit(main(["--formula", formula, "--precision", "float32", "--steps", "10000",
                       "--alpha", "1e-6", *methods]))
    """)
    assert (code, err, out) == (0, "", "busy\n")


@pytest.mark.slow
def test_quit_while_a_picture_is_exported_finishes_it(program, tmp_path):
    path = tmp_path / "picture.png"
    code, err, _ = program(f"""
        from pathlib import Path
        from gdviz.export.options import FigureOptions
        from gdviz.scene.animation.frames import Frame
        from gdviz.ui.store import exports

        def end():
            w = window()
            frame, path = Frame(w.store.scene), Path({str(path)!r})
            w.documents._exports.request(exports.write_figure, frame, path, FigureOptions())
            QTimer.singleShot(0, w.menus[w.close].trigger)

        later(end, when=lambda: window().store.scene)
        sys.exit(main([]))
    """)
    assert (code, err) == (0, "")
    assert path.read_bytes().startswith(b"\x89PNG")


#: A pipe whose other end is held open, and from which nobody reads: who writes to it hangs.
HANGING = """
    import os
    from functools import partial
    from pathlib import Path
    from PySide6.QtWidgets import QMessageBox
    from gdviz.ui.store import exports
    from gdviz.ui.tasks import task

    os.mkfifo({path!r})
    held = os.open({path!r}, os.O_RDWR)
    task.ENDING = 0.0  # seconds

    def begin(then):
        w = window()
        w.documents.untitled.set_asks(False)
        w.store.change(alpha=0.125)
        w.documents._exports.request(exports.write_bytes, Path({path!r}), b" " * 1_000_000)
        QTimer.singleShot(0, then)

"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("ending", ["Discard", "SIGTERM"])
def test_what_hangs_is_left_behind_and_the_process_ends(program, tmp_path, ending):
    """Python would wait for the thread that writes, and so did the window before it closed."""
    script = HANGING.format(path=str(tmp_path / "pipe"))
    if ending == "Discard":
        script += """
    def discard():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, discard)
            return
        print(box.text().splitlines()[0])
        box.button(QMessageBox.StandardButton.Discard).click()

    def end():
        QTimer.singleShot(0, discard)
        window().close()
"""
    else:
        script += """
    import signal
    task.FINISHING = 0.0

    def end():
        os.kill(os.getpid(), signal.SIGTERM)
"""
    script += """
    later(partial(begin, end), when=lambda: window().store.scene)
    sys.exit(main([]))
"""
    code, err, out = program(script)
    assert (code, err) == (0, "")
    if ending == "Discard":
        assert out == "What is exported is being written …\n"
    assert program("""
        later(lambda: (print(window().store.experiment.alpha), window().close()))
        sys.exit(main([]))
    """) == (0, "", "0.125\n")


def test_a_file_that_hangs_while_it_is_opened_does_not_keep_the_process(program):
    assert program("""
        import threading
        from pathlib import Path
        from gdviz.ui.tasks import task
        task.ENDING = 0.0  # seconds
        reads = threading.Event()

        def hang(*_):
            reads.set()
            threading.Event().wait()

        def begin():
            window().opening._task._function = hang
            window().opening.open_path(Path("table.csv"))
            close()

        def close():
            window().close() if reads.is_set() else QTimer.singleShot(10, close)

        later(begin, when=lambda: window().store.scene)
        sys.exit(main([]))
    """) == (0, "", "")


def test_the_real_program_starts_as_a_module_and_remembers(tmp_path, program):
    """With nothing but an environment: an own start script could hide what __main__ lacks."""
    (tmp_path / "sitecustomize.py").write_text(
        textwrap.dedent("""
        import threading, os, sys
        def close():
            import time
            while "PySide6.QtWidgets" not in sys.modules: time.sleep(0.05)
            from PySide6.QtWidgets import QApplication
            from PySide6.QtCore import QMetaObject, Qt
            while QApplication.instance() is None: time.sleep(0.05)
            QMetaObject.invokeMethod(QApplication.instance(), "closeAllWindows",
                                     Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=close, daemon=True).start()
    """)
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    environment = os.environ | {
        "XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path,
    }  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-m", "gdviz", "--surface", "rosenbrock"],
        env=environment, capture_output=True, text=True, timeout=HANG, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (
        result.stderr.replace("This plugin does not support propagateSizeHints()", "").strip() == ""
    )
    code, err, out = program("""
        later(lambda: (print(window().store.experiment.function.name), window().close()))
        sys.exit(main([]))
    """)
    assert (code, err, out) == (0, "", "rosenbrock\n")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("words", [[], ["--formula", "mean((a*height + b - weight)^2)", "--data"]])
def test_data_from_the_command_line_is_shown_with_what_is_said_of_it(program, tmp_path, words):
    """As where the window opens it; on standard error nobody sees it who looks at the window."""
    path = tmp_path / "heights.csv"
    rows = [(150, 52.5), (160, 60.0), (170, 66.0), (180, 76.5), (190, 83.0)]
    path.write_text("height (cm),weight\n" + "".join(f"{x},{y}\n" for x, y in rows))
    # The screen of these tests has no room for the lenses, at the first start.
    (tmp_path / "gdviz").mkdir()
    (tmp_path / "gdviz" / "gdviz.ini").write_text("[view]\nshow_right=true\n")
    code, _, out = program(f"""
        def end():
            lens = window().right.currentWidget()
            print(lens.title, lens.page("data")._notes.text())
            window().close()

        later(end, when=lambda: window().data_lens.page("data")._notes.text())
        sys.exit(main([*{words!r}, {str(path)!r}]))
    """)
    assert code == 0
    assert out.startswith("Data Columns have names that a formula can hold: height (cm) → height.")
    assert "The loss is a paraboloid that curves" in out
    assert out.endswith("Standardise the columns?\n")


def test_code_with_options_is_shown_with_what_is_said_of_it(program, tmp_path):
    (tmp_path / "m.py").write_text("def f(x, y):\n    return (x - 1) ** 2 + y**2\n")
    code, _, out = program(f"""
        def end():
            experiment = window().store.experiment
            print(window().opening.sources.of(experiment).notes[0])  # a busy machine has another
            shown = [label.text() for label in window().findChildren(QLabel)]
            print(sum("f is f(x, y) of m.py" in text.replace("F is", "f is") for text in shown))
            window().close()

        from PySide6.QtWidgets import QLabel
        later(end)
        sys.exit(main([{str(tmp_path / "m.py")!r}, "--steps", "3"]))
    """)
    assert code == 0
    assert out == "f is f(x, y) of m.py\n1\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.csv", "x,y\n1,2\n2,3\n3,5\n"),
        ("m.py", "def loss(a, b):\n    return a**2 + b**2\n"),
        ("e.json", to_json(Experiment(steps=7))),
    ],
)
def test_undo_does_not_reach_what_stands_in_for_a_file_that_is_read(program, tmp_path, name, text):
    """The first start's experiment, which nobody chose; changes of what comes are undone."""
    (tmp_path / name).write_text(text)
    code, err, out = program(f"""
        def end():
            print(window().history.can_undo())
            window().store.change(steps=9)
            window().commands.undo()
            print(window().store.experiment.steps != 9, window().history.can_undo())
            window().close()

        later(end, when=lambda: window().store.experiment != Experiment())
        from gdviz.experiment.experiment import Experiment
        sys.exit(main(["open", {str(tmp_path / name)!r}]))
    """)
    assert (code, err, out) == (0, "", "False\nTrue False\n")


HANGS = """
from pathlib import Path

def loss(a, b):
    while a.size > 2000:
        Path("hangs").touch()
    return a**2 + b**2
"""


@pytest.mark.slow
def test_closing_while_code_hangs_is_prompt_and_quiet(program, tmp_path):
    """It waits neither for the call nor for its limit, which never comes here."""
    path = tmp_path / "hangs.py"
    path.write_text(HANGS)
    code, err, out = program(f"""
        from functools import partial
        from pathlib import Path
        from gdviz.files import python_code

        python_code.open_code = partial(python_code.open_code, limit=1e6)
        later(lambda: window().close(), when=Path({str(tmp_path / "hangs")!r}).exists)
        sys.exit(main(["open", {str(path)!r}]))
    """)
    assert (code, err, out) == (0, "", "")


@pytest.mark.slow
def test_the_code_of_the_last_time_is_not_run(program, tmp_path):
    path = tmp_path / "model.py"
    path.write_text(
        "with open('ran', 'a') as file:\n    file.write('x')\n"
        "def loss(a, b):\n    return a**2 + b**2\n"
    )
    code, err, _ = program(f"""
        def has_run():
            scene = window().store.scene
            return scene is not None and scene.experiment.function.code is not None

        later(lambda: window().close(), when=has_run)
        sys.exit(main([{str(path)!r}]))
    """)
    assert (code, err) == (0, "")
    ran = (tmp_path / "ran").read_text()
    code, err, out = program("""
        def end():
            print(window().map_strip._readout.text())
            print(window().store.experiment.function.name, window().store.scene is not None)
            window().close()

        later(end, when=lambda: window().store.scene)
        sys.exit(main([]))
    """)
    assert (code, err) == (0, "")
    assert out == "model.py is Python code: open it again to continue\nsigmoid-unit True\n"
    assert (tmp_path / "ran").read_text() == ran


@pytest.mark.slow
def test_an_exception_in_a_slot_is_a_sentence_and_no_traceback(program):
    code, err, out = program("""
        def boom():
            QTimer.singleShot(0, end)
            raise RuntimeError("it is too dark")

        def end():
            print(window().map_strip._readout.text())
            window().close()

        later(boom)
        sys.exit(main([]))
    """)
    assert code == 0
    assert "Traceback" not in err
    assert err.count("\n") == 0
    assert "it is too dark" in err
    assert "it is too dark" in out


# ---------------------------------------------------------------- in this process


def test_the_reporter_says_it_in_the_window(ui, capfd):
    """The window goes on: the next click is answered."""
    reporter = _Reporter(ui.window)
    reporter.report(ValueError, ValueError("seven is not a colour"), None)
    assert "seven is not a colour" in ui.readout()
    said = capfd.readouterr().err
    assert "seven is not a colour" in said
    assert str(log_path()) in said
    assert "Open Log" in ui.readout()
    ui.click(-3, 2)
    ui.frame()
    assert ui.experiment.start == pytest.approx((-3, 2), abs=0.05)


def test_ctrl_c_closes_the_window(ui):
    _Reporter(ui.window).report(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not ui.window.isVisible()


@pytest.mark.parametrize("text", [None, "", "{}", "abc", 7, ["a"], '{"version": 1, "alpha": -1}'])
def test_settings_without_an_experiment_give_the_first(settings, text):
    settings.write({"experiment": text})
    assert last_experiment(settings) == Experiment()


def test_the_log_has_tracebacks_from_everywhere_and_qts_messages(program, tmp_path):
    code, err, _ = program("""
        import os, threading
        from PySide6.QtCore import qWarning

        def boom():
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
            qWarning("the paint is wet")
            window().documents._exports.request(fail)
            QTimer.singleShot(0, end)
            raise RuntimeError("it is too dark")

        def fail():
            raise OSError("of all things")

        def end():
            window().documents.tell = print
            if window().documents._exports.is_running():
                QTimer.singleShot(10, end)
            else:
                window().close()

        later(boom, when=lambda: window().store.scene)
        sys.exit(main([]))
    """)
    assert code == 0
    assert "Traceback" not in err
    text = (tmp_path / "gdviz.log").read_text(encoding="utf-8")
    for line in (
        "ZeroDivisionError: division by zero",
        "WARNING gdviz.ui.window.app: Qt, default: the paint is wet",
        "OSError: of all things",
        "RuntimeError: it is too dark",
    ):
        assert line in text
    assert text.count("Traceback") == 3


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_end_of_a_session_closes_as_the_button_does(program, name):
    """The experiment is there the next time, whatever ended the program."""
    code, err, out = program(f"""
        import os, signal

        def end():
            window().store.change(alpha=0.0625)
            os.kill(os.getpid(), signal.{name})

        later(end)
        sys.exit(main([]))
    """)
    assert (code, err, out) == (0, "", "")
    code, err, out = program("""
        later(lambda: (print(window().store.experiment.alpha), window().close()))
        sys.exit(main([]))
    """)
    assert (code, err, out) == (0, "", "0.0625\n")


@pytest.mark.slow
def test_what_is_shown_is_kept_when_the_system_asks_for_it(program):
    assert program("""
        from PySide6.QtCore import SIGNAL

        def look():
            asked = SIGNAL("commitDataRequest(QSessionManager&)")
            print(QApplication.instance().receivers(asked))
            window().close()

        later(look)
        sys.exit(main([]))
    """) == (0, "", "1\n")


def test_a_window_that_is_larger_with_its_frame_than_the_screen_fills_it(qtbot):
    for excess, fills in ((1, True), (0, False)):
        window = QMainWindow()
        qtbot.addWidget(window)
        room = window.screen().availableSize()
        free = room - QSize(16, 48)
        window.resize(free + QSize(0, excess))
        fit_to_screen(window)
        assert window.isMaximized() == fills
        assert window.size() == window.size().boundedTo(room)
