"""What a file is opened as, and what the command line makes of it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gdviz.cli import main as cli
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.engine.objectives.code_process import CodeProcess
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import SurfaceFunction
from gdviz.experiment.json_file import save
from gdviz.experiment.open_file import decide, kind_of, open_file
from gdviz.experiment.validation import ExperimentError
from gdviz.files.csv_data import DataError
from gdviz.files.landscapes import LandscapeError, RangeNeeded
from gdviz.files.python_code import has_changed, open_code_file
from gdviz.scene.basins import heading
from gdviz.scene.captions import caption

pytestmark = pytest.mark.usefixtures("hdf5_is_read_here")

X, Y = np.linspace(-1, 1, 9), np.linspace(-2, 2, 7)
LOSSES = 1 + X**2 + 3 * Y[:, None] ** 2
BOWL = "def loss(a, b):\n    return a**2 + 3 * b**2\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Write a file of each kind into a folder of its own."""
    monkeypatch.chdir(tmp_path)
    np.savez("l.npz", x=X, y=Y, loss=LOSSES)
    np.savez("two.npz", x=X, y=Y, train_loss=LOSSES, test_loss=LOSSES + 1)
    np.save("m.npy", LOSSES)
    with h5py.File("s.h5", "w") as file:
        file["xcoordinates"], file["ycoordinates"] = X, Y
        file["train_loss"] = LOSSES.reshape(9, 7)
    with h5py.File("s_proj_cos.h5", "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = [0.9, 0.5], [1.5, 0.4]
    Path("model.py").write_text(BOWL)
    Path("d.csv").write_text("x,y\n0,1\n1,3\n2,5\n")
    Path("grid.csv").write_text("x,y,loss\n" + "".join(
        f"{a},{b},{a * a + b * b}\n" for b in (0, 1, 2) for a in (0, 1, 2)))  # fmt: skip
    Path("hello.xyz").write_text("hello")
    Path("twice.csv").write_text("a,b,loss\n0,0,1\n1,0,1\n0,1,1\n1,1,1\n0,0,2\n")
    Path("net.pkl").write_bytes(b"\x80\x04]\x94.")
    save(Experiment(function=SurfaceFunction("himmelblau"), start=(0.0, 0.0)), "e.json")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("e.json", "experiment"), ("d.csv", "data"), ("grid.csv", "landscape"),
        ("l.npz", "landscape"), ("m.npy", "landscape"), ("s.h5", "landscape"),
        ("net.pkl", "landscape"), ("model.py", "code"), ("MODEL.PY", "code"),
        ("missing.json", "experiment"), ("missing.csv", "data"), ("missing.h5", "landscape"),
        ("missing.py", "code"), ("missing", "experiment"),
    ],
)  # fmt: skip
def test_kinds(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_what_is_opened() -> None:
    base = Experiment(steps=17)
    assert open_file("e.json", base).experiment.function.name == "himmelblau"
    assert open_file("d.csv", base).experiment.function.text == "mean((a*x + b - y)^2)"
    on_grid = open_file("two.npz", base)
    assert on_grid.metric == "train_loss"
    assert set(on_grid.metrics) == {"train_loss", "test_loss"}
    assert on_grid.experiment.steps == 17
    assert on_grid.experiment.function.grid is not None
    opened = open_file("model.py", base)
    code = opened.experiment.function.code
    assert code is not None
    assert isinstance(opened.runner, CodeProcess)
    assert (opened.runner.code, opened.objective.value(2.0, 1.0)) == (code, 7.0)
    with pytest.raises(CodeError, match="run only when you open it yourself"):
        opened.experiment.objective().value(2.0, 1.0)
    assert not has_changed(code)
    Path("model.py").write_text(BOWL + "\n")
    assert has_changed(code)
    Path("model.py").unlink()
    with pytest.raises(CodeError, match=r"model\.py cannot be read"):
        has_changed(code)


def test_a_trajectory_is_added_to_the_grid_that_is_there() -> None:
    with pytest.raises(LandscapeError, match="open the surface first"):
        open_file("s_proj_cos.h5", Experiment())
    shown = open_file("s.h5", Experiment()).experiment
    opened = open_file("s_proj_cos.h5", shown)
    assert opened.experiment.function.grid is not None
    assert shown.function.grid is not None
    assert opened.experiment.function.grid.trajectory == ((0.9, 1.5), (0.5, 0.4))
    assert opened.experiment.function.grid.values is shown.function.grid.values
    assert opened.experiment.start == shown.start
    assert "match the surface only if" in opened.notes[0]
    with pytest.raises(LandscapeError, match="cannot be read"):  # and not "no trajectory"
        open_file("missing.h5", shown)


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("missing.json", ExperimentError, "cannot be read"),
        ("missing.csv", DataError, "cannot be read"),
        ("missing.npz", LandscapeError, "cannot be read"),
        ("missing.py", CodeError, "cannot be read"),
        ("net.pkl", LandscapeError, "pickles are not opened"),
        ("m.npy", RangeNeeded, "range"),
        (".", ExperimentError, "cannot be read"),
    ],
)
def test_what_is_refused(name: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        open_file(name, Experiment())


def test_a_pipe_is_not_waited_for() -> None:
    if sys.platform == "win32":
        pytest.skip("there are no pipes in folders")
    import os

    os.mkfifo("pipe.py")
    with pytest.raises(CodeError, match="is not a file"):
        open_code_file("pipe.py")


# -- the command line


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        out, err = capfd.readouterr()
        return code, out, err

    return command


@pytest.mark.parametrize("name", ["model.py", "l.npz", "s.h5", "grid.csv"])
def test_a_table_of_each(run: Run, name: str) -> None:
    code, out, _err = run("table", name, "--steps", "3")
    assert code == 0
    assert out.count("\n") > 3
    assert "nan" not in out


@pytest.mark.parametrize("name", ["model.py", "l.npz"])
def test_a_picture_of_each(run: Run, name: str) -> None:
    assert run("render", name, "--panels", "-o", "p.png")[0] == 0
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")


def test_choices_of_a_landscape(run: Run) -> None:
    train, test = (
        run("table", "two.npz", "--metric", metric, "--steps", "1", "--start", "0.5,0.5")[1]
        for metric in ("train_loss", "test_loss")
    )
    assert train != test
    assert run("table", "s.h5", "--transpose")[0] == 0
    assert "if it looks wrong, --transpose exchanges them" in run("table", "s.h5")[2]
    assert run("table", "m.npy", "--range", "-1,1,-2,2")[0] == 0


def _quadratic(a: float, b: float) -> float:
    return 0.57 - 0.6 * a + 2.4 * b + a * a + 0.5 * a * b + 3 * b * b


AXIS = (-1.0, -0.5, 0.0, 0.5, 1.0)
POINTS = [f"{a},{b},{_quadratic(a, b):.6g}" for a in AXIS for b in AXIS]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (",alpha,beta,loss", ("alpha", "beta")), ("Unnamed: 0,alpha,beta,loss", ("alpha", "beta")),
        ("weight,bias,loss", ("weight", "bias")), ("x,y,loss", ("x", "y")),
    ],
)  # fmt: skip
def test_rows_that_pandas_writes(head: str, names: tuple[str, str]) -> None:
    has_index = head.count(",") == 3
    lines = [f"{k},{line}" if has_index else line for k, line in enumerate(POINTS)]
    Path("p.csv").write_text("\n".join([head, *lines]))
    opened = open_file("p.csv")
    grid = opened.experiment.function.grid
    assert grid is not None
    assert grid.names == names
    assert opened.objective.value(1.0, -0.5) == pytest.approx(_quadratic(1.0, -0.5))
    assert opened.objective.value(-0.5, 1.0) == pytest.approx(_quadratic(-0.5, 1.0))
    assert opened.notes == (("the first column counts the rows, and is left out",) * has_index)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("x,y\n5.7,155\n8.1,200\n11.5,247\n11.5,227\n", 4), ("x,y\n0,0\n1,1\n2,2\n", 3),
        ("11.5,207\n33,512\n38.9,603\n5.7,150\n", 4),
    ],
)  # fmt: skip
def test_two_columns_are_data(text: str, rows: int) -> None:
    Path("p.csv").write_text(text)
    assert decide("p.csv") == ("data", "", "")
    opened = open_file("p.csv").experiment.function
    assert opened.text == "mean((a*x + b - y)^2)"
    assert opened.data is not None
    assert opened.data.rows == rows
    assert opened.data.columns["y"][-1] == float(text.split(",")[-1])


def test_a_name_that_is_there_twice_makes_no_matrix_of_columns() -> None:
    Path("p.csv").write_text("x,y,y\n-1,0,1\n0,1,2\n1,2,5\n2,3,7\n")
    assert decide("p.csv") == ("data", "", "")
    data = open_file("p.csv").experiment.function.data
    assert data is not None
    assert data.columns == {"x": (-1, 0, 1, 2), "y": (0, 1, 2, 3), "y_2": (1, 2, 5, 7)}
    Path("p.csv").write_text("x,y,y\n" + "".join(
        f"{x},{y},{x - y * y}\n" for x in range(4) for y in range(5)))  # fmt: skip
    opened = open_file("p.csv")
    assert opened.experiment.function.grid is not None
    assert opened.objective.value(3.0, 2.0) == -1.0


def test_points_off_a_grid_asked_for_as_a_landscape(run: Run) -> None:
    rows = "".join(f"{k / 7:.3f},{k * k / 9:.3f},{k}\n" for k in range(9))
    Path("p.csv").write_text("a,b,loss\n" + rows)
    code, _out, err = run("table", "p.csv", "--as", "landscape")
    assert code == 2
    assert "the points of the columns a and b lie on no grid: compute loss" in err
    assert "scipy.interpolate.griddata" in err


def test_what_a_table_is_read_as(run: Run) -> None:
    Path("p.csv").write_text("t,p,r\n" + "".join(
        f"{t},{p},{t * t + 3 * p}\n" for t in range(4) for p in range(3)))  # fmt: skip
    grid = "gdviz: note: the rows are points of a grid of 4 × 3 values of t and p, with r at each"
    first, _, second = run("table", "p.csv", "--steps", "1")[2].partition("\n")
    assert first == f"{grid}: read as a loss landscape now, and as data with --as data"
    assert second == ""
    as_landscape = run("table", "p.csv", "--steps", "1", "--as", "landscape")
    as_data = run("table", "p.csv", "--steps", "1", "--as", "data")
    assert as_landscape[::2] == as_data[::2] == (0, "")
    assert as_landscape[1] != as_data[1]
    Path("p.csv").write_text("1,2\n2,3\n3,5\n")
    assert "with --as landscape" in run("table", "p.csv", "--steps", "1")[2]
    _, table, note = run("table", "p.csv", "--steps", "1", "--as", "landscape")
    assert table
    assert "a coordinate and its loss" in note


def test_a_trajectory_on_the_command_line(run: Run) -> None:
    Path("t.csv").write_text(",0,1\n0,0.90,0.80\n1,0.80,0.60\n2,0.70,0.40\n")
    code, _out, err = run("render", "l.npz", "--trajectory", "t.csv", "-o", "p.png")
    assert (code, err) == (0, "gdviz: note: rows and columns are only counted, which is left out\n")
    parsed = cli.COMMANDS["table"].parser().read(["l.npz", "--trajectory", "t.csv"])
    experiment, _runner = experiment_from(parsed)
    assert experiment.function.grid is not None
    assert experiment.function.grid.trajectory == ((0.9, 0.8), (0.8, 0.6), (0.7, 0.4))
    assert run("table", "s.h5", "--trajectory", "s_proj_cos.h5")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("e.json --as data", "--as is for tables in text, which e.json is not"),
        ("model.py --as landscape", "--as is for tables in text, which model.py is not"),
        ("l.npz --as data", "--as is for tables in text, which l.npz is not"),
        ("--as data", "--as needs a file"),
        ("d.csv --as experiment", "'experiment' is not one of landscape, data"),
        ("d.csv --as landscape", "the columns x, y are not those of a surface"),
        ("d.csv --trajectory d.csv", "--trajectory needs a loss landscape file"),
        ("l.npz --trajectory missing.csv", "missing.csv cannot be read"),
        ("l.npz --trajectory l.npz", "(in l.npz)"),
        ("two.npz --metric accuracy", "accuracy"),
        ("l.npz --transpose", "the file says which axis is which"),
        ("e.json --transpose", "--transpose needs a loss landscape file"),
        ("model.py --metric loss", "--metric needs a loss landscape file"),
        ("m.npy", "--range"),
        ("net.pkl", "pickles are not opened"),
        ("s_proj_cos.h5", "open the surface first"),
        ("missing.py", "cannot be read"),
        ("missing.h5", "cannot be read"),
        (
            "hello.xyz",
            "CSV data (.csv .tsv), loss landscapes (.h5 .hdf5 .nc .mat .npz .npy .json .csv)",
        ),
        ("twice.csv", "line 6 is for the point 0, 0, and so is line 2"),
    ],
)
def test_refusals(run: Run, words: str, sentence: str) -> None:
    code, out, err = run("table", *words.split())
    assert (code, out) == (2, "")
    assert err.startswith("gdviz: ")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", ["table s.h5", "s.h5", "open s.h5", "render s.h5 -o p.png"])
def test_hdf5_without_h5py(run: Run, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    monkeypatch.setattr(cli, "why_no_window", str)
    sentence = "gdviz: HDF5 files need h5py: pip install 'gdviz[hdf5]' (in s.h5)\n"
    assert run(*words.split()) == (2, "", sentence)


@pytest.mark.parametrize(
    "command", ["table", "render -o p.png", "sweep", "rates", "basins -o b.png"]
)
def test_an_experiment_that_names_code_never_runs_it(run: Run, command: str) -> None:
    save(open_file("model.py").experiment, "mine.json")
    Path("model.py").write_text("from pathlib import Path\nPath('ran').write_text('')\n" + BOWL)
    name, *options = command.split()
    code, out, err = run(name, "mine.json", *options)
    assert (code, out) == (2, "")
    assert "model.py" in err
    assert "gdviz open" not in err or f"gdviz open {Path('model.py').absolute()}\n" in err
    assert "run only when you open it yourself" in err or name == "basins" or name == "sweep"
    assert not Path("ran").exists()
    assert not Path("p.png").exists()


def test_what_is_wrong_with_code_names_the_line(run: Run) -> None:
    Path("model.py").write_text("def loss(a, b):\n    return a +\n")
    code, out, err = run("table", "model.py")
    assert (code, out) == (2, "")
    assert "model.py, line 2" in err


@pytest.mark.parametrize(
    ("gradient", "square", "takes"),
    [
        ("def gradient(a, b):\n    return 2 * a, 6 * b\n", "a**2", True),
        ("", "a**2", True),
        ("", "abs(a)**2", False),
    ],
)
def test_code_is_swept_with_what_it_takes(
    run: Run, gradient: str, square: str, takes: bool
) -> None:
    Path("model.py").write_text(f"def loss(a, b):\n    return {square} + 3 * b**2\n{gradient}")
    code, _out, err = run("sweep", "model.py", "--at", "1,2", "-o", "sweep.csv")
    assert code == 0
    assert ("complex-step in float64: best ε = 10⁻¹⁶" in err) == takes
    assert ("complex-step" in Path("sweep.csv").read_text()) == takes
    assert ("against an extrapolated difference, an estimate" in err) == (not gradient)


def test_code_is_not_called_for_what_is_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "counts.py").write_text(
        "CALLS = []\n"
        "def loss(a, b):\n"
        "    CALLS.append((float(a), float(b)))\n"
        f"    open({str(tmp_path / 'calls')!r}, 'w').write(str(len(CALLS)))\n"
        "    return (CALLS[-1][0] - 1) ** 2 + CALLS[-1][1] ** 2\n"
    )
    counts = []
    for words in ((), ("--start", "0,1"), ("--start", "0,1", "--alpha", "0.1")):
        code, _, errors = run("table", str(tmp_path / "counts.py"), "--steps", "1", *words)
        assert code == 0, errors
        counts.append(int((tmp_path / "calls").read_text()))
    assert min(counts[:2]) >= counts[2] + 5 * 5  # and more, where the machine is not slow
    assert counts[2] < 50


def test_what_is_said_of_code_is_the_arithmetic_that_it_has(run: Run) -> None:
    Path("model.py").write_text(
        "import numpy as np\n\n"
        "def loss(a, b):\n    return np.float32(a) ** 2 + np.float32(b) ** 2 / np.float32(3)\n"
    )
    code, _out, err = run("sweep", "model.py", "--at", "1,2", "-o", "sweep.csv")
    assert code == 0
    assert "forward in float64, f in float32: best ε = " in err
    assert "forward in float32: best ε = " in err
    assert ',"float64, f in float32",' in Path("sweep.csv").read_text()
    process = open_code_file(Path("model.py"))
    process.stop()
    experiment = Experiment(function=CodeFunction(process.code), methods=(Method("forward"),))
    assert caption(experiment, 200).endswith(" · float64, f in float32")
    assert "float64, f in float32 · 64 × 64 starts" in heading(experiment, 0, 64)
    assert caption(experiment.replace(precision="float32"), 200).endswith(" · float32")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("words", "experiment_is_made", "path"),
    [
        ("e.json", True, "e.json"), ("e.json --steps 3", True, None), ("d.csv", True, None),
        ("l.npz", False, "l.npz"), ("model.py", False, "model.py"), ("m.npy", False, "m.npy"),
        ("model.py --steps 3", True, None), ("s.h5 --transpose", True, None),
        ("mine.json", False, "mine.json"),
    ],
)  # fmt: skip
def test_what_the_window_is_handed(
    monkeypatch: pytest.MonkeyPatch, words: str, experiment_is_made: bool, path: str | None
) -> None:
    """What there is to ask or to choose about, the window opens itself."""
    import types

    save(open_file("model.py").experiment, "mine.json")
    handed: list[tuple[Any, ...]] = []
    app = types.ModuleType("gdviz.ui.window.app")
    app.run = lambda *arguments: handed.append(arguments) or 0  # type: ignore[attr-defined, func-returns-value]
    monkeypatch.setitem(sys.modules, "gdviz.ui.window.app", app)
    monkeypatch.setattr(cli, "why_no_window", str)
    assert cli.main(["open", *words.split()]) == 0
    ((experiment, file, runner, *_),) = handed
    assert (experiment is not None) == experiment_is_made
    assert file == (Path(path) if path else None)
    assert (runner is not None) == (words == "model.py --steps 3")


@pytest.mark.parametrize("name", ["net.pkl", "missing.h5", "missing.py", "missing.json"])
def test_what_surely_is_refused_opens_no_window(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(cli, "why_no_window", str)
    code, _out, err = run(name)
    assert code == 2
    assert name in err


def test_a_file_with_a_function_of_its_own_takes_no_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "l.npz", loss_surface=np.eye(5), alpha_grid=[-1, 1], beta_grid=[-1, 1])
    for option in (["--surface", "sphere"], ["--formula", "a^2"]):
        assert cli.main(["table", str(tmp_path / "l.npz"), *option]) == 2
        assert "with a file that has its own function" in capfd.readouterr().err
