"""The command line: what it makes, and the one sentence with which it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import types
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from gdviz import __version__
from gdviz.cli import main as cli
from gdviz.cli.commands import render
from gdviz.cli.commands import table as table_command
from gdviz.engine.descent.path import Status
from gdviz.engine.language.lexer import spelled
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment import json_file as experiment_file
from gdviz.experiment.change_function import on_data, on_formula, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.first_seen import with_first_view
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.files.csv_data import load_data
from gdviz.scene.scene import build_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Experiment]:
    """Return a function from options to the experiment that the window would show."""
    opened: list[Experiment] = []

    def run(
        experiment: Experiment | None, path: Path | None, _runner: object, _notes: object = ()
    ) -> int:
        opened.append((experiment, path))
        return 0

    app = types.ModuleType("gdviz.ui.window.app")
    app.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gdviz.ui.window.app", app)
    monkeypatch.setattr(cli, "why_no_window", str)

    def choose(*argv: str) -> Experiment:
        assert cli.main(argv) == 0
        return opened[-1][0]

    choose.opened = opened  # type: ignore[attr-defined]
    return choose


def table(capfdbinary: pytest.CaptureFixture[bytes], *argv: str) -> list[dict[str, str]]:
    assert cli.main(["table", *argv]) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    return list(csv.DictReader(io.StringIO(out.decode())))


def refusal(capfd: pytest.CaptureFixture[str], argv: Sequence[str]) -> str:
    """Return the one line with which a command line is refused; nothing else may happen."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert cli.main(argv) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("gdviz: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    return err[len("gdviz: ") : -1]


# -- the experiment


def test_without_arguments_the_window_remembers(chosen: Callable[..., Experiment]) -> None:
    assert chosen() is None


def test_options_go_on_top_of_the_first_start(chosen: Callable[..., Experiment]) -> None:
    made = chosen(
        "--constant", "x=-1", "--start", "-1.2,1", "--alpha", "0.5", "--epsilon=1e-7", "--steps",
        "7", "--precision", "float32", "--range", "-2,2,-1,3", "--method", "forward", "--method",
        "central:gd", "--representable-step", "--color-scale", "sqrt", "--equal",
    )  # fmt: skip
    assert made == Experiment(
        function=SurfaceFunction(constants={"x": -1.0}),
        start=(-1.2, 1.0),
        alpha=0.5,
        epsilon=1e-7,
        steps=7,
        precision="float32",
        range=(-2.0, 2.0, -1.0, 3.0),
        representable_step=True,
        color_scale="sqrt",
        equal_units=True,
        methods=(Method("forward"), Method("central")),
    )


def test_options_go_on_top_of_a_file(chosen: Callable[..., Experiment]) -> None:
    saved = Experiment(alpha=0.25, steps=9, function=SurfaceFunction(constants={"x": 2.0}))
    experiment_file.save(saved, "mine.json")
    assert chosen("mine.json") == saved
    assert chosen.opened[-1][1] == Path("mine.json")  # type: ignore[attr-defined]
    for argv in (("--steps", "3", "mine.json"), ("mine.json", "--steps", "3")):
        assert chosen(*argv) == saved.replace(steps=3)
        # It is no longer what the file holds, and Save must not overwrite the file with it.
        assert chosen.opened[-1][1] is None  # type: ignore[attr-defined]
    assert chosen("--", "mine.json") == saved


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_brings_its_own_start(chosen: Callable[..., Experiment], name: str) -> None:
    surface = SURFACES[name]
    made = chosen("--surface", name)
    assert (made.start, made.alpha, made.range) == (surface.start, surface.alpha, None)
    assert [method.estimate for method in made.methods if method.shown] == [
        "analytic", "forward", "central"
    ]  # fmt: skip
    made = chosen("--surface", name, "--alpha", "0.5", "--start", "0.25,0.5")
    assert (made.start, made.alpha) == ((0.25, 0.5), 0.5)


def test_a_surface_takes_the_place_of_all_that_was_the_old_ones(
    chosen: Callable[..., Experiment],
) -> None:
    saved = Experiment(
        function=SurfaceFunction(constants={"x": 3.0}),
        range=(-1.0, 1.0, -1.0, 1.0),
        epsilon=0.125,
        methods=(Method("mistaken"), Method("central")),
    )
    experiment_file.save(saved, "mine.json")
    made = chosen("mine.json", "--surface", "quadratic", "--constant", "kappa=4")
    assert made.function.constants == {"kappa": 4.0}
    assert made.range is None
    assert made.epsilon == 0.125
    assert [method.shown for method in made.methods] == [False, True]


def test_a_formula_of_ones_own(chosen: Callable[..., Experiment]) -> None:
    made = chosen("--formula", "-k*a^2", "--constant", "k=-2")
    assert made.function == FormulaFunction("-k*a^2", constants={"k": -2.0})
    assert not any(method.shown for method in made.methods if method.estimate == "mistaken")
    assert chosen("--formula", "a*b", "--start", "2,3").start == (2.0, 3.0)
    far = chosen("--formula", "a*sin(b) + b*cos(a)", "--start", "1,2")  # its map is elsewhere
    assert far.map_range.contains(1.0, 2.0)
    assert not chosen("--formula", "a*sin(b) + b*cos(a)").map_range.contains(1.0, 2.0)
    assert (
        chosen("--formula", "k·𝑎²", "--constant", "k=-2").function.formula_objective().value(3, 0)
        == -18
    )


def test_a_formula_is_seen_as_in_the_window(chosen: Callable[..., Experiment]) -> None:
    """Rosenbrock's function: its minimum on the map, an α that does not diverge, decades."""
    text = "(1 - a)^2 + 100*(b - a^2)^2"
    made = chosen("--formula", text)
    seen = with_first_view(on_formula(Experiment(), text, home=None))
    assert (made.start, made.alpha, made.epsilon) == (seen.start, seen.alpha, 1e-3)
    assert made.map_range == seen.map_range
    assert made.map_range.contains(1, 1)
    assert made.alpha < 1e-3
    scene = build_scene(made, resolution=64)
    assert scene.landscape.scale.kind == "log"
    assert all(run.path.status is Status.STEP_LIMIT for run in scene.runs[:1])
    given = chosen("--formula", text, "--range", "-2,2,-1,3", "--alpha", "0.002")
    assert (tuple(given.map_range), given.alpha) == ((-2, 2, -1, 3), 0.002)
    assert given.epsilon == 2e-4
    assert given.map_range.contains(*given.start)


@pytest.mark.parametrize("option", ["--standardise", "--standardize"])
def test_columns_are_standardised(
    chosen: Callable[..., Experiment], capfd: pytest.CaptureFixture[str], option: str
) -> None:
    Path("raw.csv").write_text("x,y\n10,110\n20,190\n40,420\n50,490\n")
    chosen("raw.csv")
    assert "the loss is a paraboloid that curves 5300 times" in capfd.readouterr().err
    made = chosen("raw.csv", option)
    assert "note: standardised: x is now (x − 30)/15.81; a is" in capfd.readouterr().err
    text = "mean((a*x + b - y)^2)"
    other = chosen("--data", "raw.csv", "--formula", text, option)
    for experiment in (made, other):
        assert experiment.function.data is not None
        assert sum(experiment.function.data.columns["x"]) == pytest.approx(0)
        assert experiment.map_range.contains(*np.polyfit(experiment.function.data.columns["x"],
                                                         (110, 190, 420, 490), 1))  # fmt: skip
    assert cli.main(["table", option]) == 2
    assert "--standardise: there is no data of your own" in capfd.readouterr().err


def test_a_formula_in_other_names(
    chosen: Callable[..., Experiment], capfd: pytest.CaptureFixture[str]
) -> None:
    made = chosen("--formula", "x^2 + k*y^2", "--constant", "k=3").function
    assert (made.parameters, made.constants) == (("x", "y"), {"k": 3.0})
    said = capfd.readouterr().err
    assert said == "gdviz: note: the parameters are x and y, as neither a nor b occurs\n"
    made = chosen("--formula", "x^2 + y^2", "--parameters", "y, x", "--gradient", "2*y", "2*x")
    assert made.function.parameters == ("y", "x")
    assert made.function.candidate_gradient == ("2*y", "2*x")
    assert capfd.readouterr().err == ""
    assert cli.main(["table", "--formula", "x^2 + y^2", "--steps", "1"]) == 0
    assert capfd.readouterr().out.startswith("method,step,x,y,loss,gradient_x,gradient_y,")


def test_words_that_may_be_products_are_parameters_only_when_that_is_said(
    tmp_path: Path, chosen: Callable[..., Experiment], capfd: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "xy.csv"
    data.write_text("x,y\n1,1\n2,3\n4,4\n")
    line = "--data", str(data), "--formula", "mean((ax+bx-y)^2)"
    assert cli.main(["table", *line]) == 2
    said = capfd.readouterr().err
    assert said == (
        "gdviz: --formula: unknown name 'ax' at column 7: write a*x for the product, or begin with "
        "f(ax, bx) = to keep the names, as --parameters ax,bx does\n"
    )
    assert chosen(*line, "--parameters", "ax,bx").function.parameters == ("ax", "bx")
    assert cli.main(["table", "--formula", "(ax-1)^2+b"]) == 2
    assert "write a*x for the product; --constant ax=1 makes" in capfd.readouterr().err
    made = chosen("--formula", "(ax-1)^2+b", "--constant", "ax=1").function
    assert (made.parameters, made.constants) == (("a", "b"), {"ax": 1.0})


def test_a_formulas_start_is_on_its_map(chosen: Callable[..., Experiment]) -> None:
    made = chosen("--formula", "(a - 10)^2 + b^2", "--range", "8,12,-2,2")
    assert made.map_range.contains(*made.start)


def test_constants_go_on_top_of_the_files(chosen: Callable[..., Experiment]) -> None:
    experiment_file.save(
        Experiment(function=FormulaFunction("k*a^2 + m*b^2", constants={"k": 1.0, "m": 2.0})),
        "f.json",
    )
    assert chosen("f.json", "--constant", "m=5").function.constants == {"k": 1.0, "m": 5.0}


def test_labels_that_became_signs_are_said(
    chosen: Callable[..., Experiment], capfd: pytest.CaptureFixture[str]
) -> None:
    Path("d.csv").write_text("x1,x2,y\n0,1,0\n1,0.5,1\n2,2,0\n")
    made = chosen("--surface", "logistic-regression", "--data", "d.csv").function
    assert made.data_set is not None
    assert made.data_set.columns["y"] == (-1.0, 1.0, -1.0)
    said = capfd.readouterr().err
    assert "gdviz: note: the labels 0 and 1 of y are read as −1 and 1\n" in said


def test_a_formula_over_data_says_what_it_fits(
    chosen: Callable[..., Experiment], tmp_path: Path
) -> None:
    (tmp_path / "d.csv").write_text("x,y\n0,1\n1,3\n")
    data = "--data", str(tmp_path / "d.csv")
    text = "mean((b*sigmoid(a*x) - y)^2)"
    assert chosen(*data, "--formula", text).function.model == "b*sigmoid(a*x)"
    assert chosen(*data, "--formula", text, "--model", "b*x").function.model == "b*x"


def test_a_constant_beyond_its_range_in_the_file_widens_that(
    chosen: Callable[..., Experiment],
) -> None:
    own = Experiment(
        function=FormulaFunction("k*a^2", constants={"k": 1.0}, constant_ranges={"k": (0.0, 5.0)})
    )
    experiment_file.save(own, "f.json")
    assert chosen("f.json", "--constant", "k=50").function.constant_ranges == {"k": (0.0, 50.0)}


# -- table


def test_table_on_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = table(capfdbinary, "--steps", "2", "--method", "analytic", "--method", "forward")
    assert [(row["method"], row["step"]) for row in rows] == [
        (name, step) for name in ("analytic", "forward") for step in "012"
    ]


def test_table_is_utf8_whatever_the_terminal(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    experiment_file.save(Experiment(steps=1, methods=(Method("forward", epsilon=0.5),)), "e.json")
    rows = table(capfdbinary, "e.json")
    assert rows[0]["method"] == "forward (ε=0.5)"


@pytest.mark.parametrize("name", ["t.csv", "t.json", "T.CSV"])
def test_table_in_a_file(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["table", "--steps", "2", "-o", name]) == 0
    assert capfd.readouterr() == ("", "")
    text = Path(name).read_text()
    rows = json.loads(text) if name.endswith("json") else list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 9
    assert list(Path().iterdir()) == [Path(name)]


def test_the_same_numbers_from_an_experiment_file(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    experiment_file.save(on_surface(Experiment(), SURFACES["peaks"]), "peaks.json")
    assert table(capfdbinary, "peaks.json") == table(capfdbinary, "--surface", "peaks")


# -- render


@pytest.mark.parametrize(("name", "start"), [("p.svg", b"<?xml"), ("p.pdf", b"%PDF")])
def test_render(name: str, start: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["render", "--steps", "3", "--size", "4x4", "--panels", "-o", name]) == 0
    assert capfd.readouterr() == ("", "")
    assert Path(name).read_bytes().startswith(start)


def test_render_in_pixels() -> None:
    argv = ["render", "--surface", "rosenbrock", "--size", "4x3", "--dpi", "50", "-o", "p.png"]
    assert cli.main(argv) == 0
    with Image.open("p.png") as image:
        assert image.size == (200, 150)


# -- surfaces


def test_surfaces_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["surfaces", "--json"]) == 0
    listed = json.loads(capfd.readouterr().out)
    assert [row["name"] for row in listed] == list(SURFACES)
    keys = ["name", "title", "formula", "constants", "range", "start", "minima", "note"]
    assert all(list(row) == keys for row in listed)
    by_name = {row["name"]: row for row in listed}
    assert by_name["sigmoid-fit"]["constants"] == {"x": 1.0, "t": 0.8}
    assert by_name["rosenbrock"]["range"] == [-2.0, 2.0, -1.0, 3.0]
    assert by_name["rosenbrock"]["minima"] == [{"a": 1.0, "b": 1.0, "value": 0.0}]
    assert by_name["sigmoid-unit"]["minima"] == []
    assert len(by_name["himmelblau"]["minima"]) == 4


def test_surfaces_to_read(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["surfaces"]) == 0
    header, *lines = capfd.readouterr().out.splitlines()
    assert header.split("  ")[0] == "NAME"
    column = header.index("FORMULA")
    assert [line[column:] for line in lines] == [s.formula for s in SURFACES.values()]


# -- help


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["render", "-h"], ["table", "--help"],
                                  ["surfaces", "--help"]])  # fmt: skip
def test_help(argv: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv) == 0
    out, err = capfd.readouterr()
    assert out.startswith("usage: gdviz")
    assert err == ""
    if argv in (["--help"], ["-h"]):
        assert all(f"\n  {name} " in out for name in cli.COMMANDS)


def test_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capfd.readouterr().out == f"gdviz {__version__}\n"


# -- refusals


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("--alpha abc", "--alpha 'abc' number"),
        ("--alpha", "--alpha needs value"),
        ("--alpha --epsilon 1", "--alpha needs value"),
        ("--alpha 0", "--alpha between 1e-60 1e36"),
        ("--alpha nan", "--alpha between nan"),
        ("--epsilon 1e37", "--epsilon between"),
        ("--steps 1.5", "--steps whole number"),
        ("--steps 0", "--steps between 1 10000"),
        (f"--steps {'9' * 400}", "--steps between 1 10000"),
        (f"--steps {'9' * 5000}", "--steps whole number"),
        ("--start 1", "--start A,B"),
        ("--start 1,2,3", "--start A,B"),
        ("--start 1,b", "--start 'b' number"),
        ("--start 1e37,0", "--start between"),
        ("--range 0,1,0", "--range A0,A1,B0,B1"),
        ("--range 1,0,0,1", "--range a lower higher"),
        ("--formula a^2 --range 0,nan,0,1", "--range between"),
        ("--formula x^2+y^2 --range 0,1,1,0", "--range: y must lower higher"),
        ("--precision float16", "--precision float16 float64 float32"),
        ("--color-scale loud", "--color-scale loud auto linear sqrt log"),
        ("--surface rosenbrok", "--surface rosenbrok rosenbrock"),
        ("--surface sphere --formula a", "--surface --formula combined"),
        ("--formula a+c", "--formula unknown 'c' column 3"),
        ("--formula (", "--formula column"),
        ("--formula=", "formula empty"),
        ("--constant x", "--constant NAME=VALUE"),
        ("--constant =1", "--constant NAME=VALUE"),
        ("--constant x=y", "--constant 'y' number"),
        ("--constant q=1", "--constant 'q' x"),
        ("--constant x=1e37", "--constant between"),
        ("--surface sphere --constant x=1", "--constant Sphere 'x' none"),
        ("--formula a --constant pi=3", "--formula pi taken"),
        ("--method sideways", "--method sideways analytic"),
        ("--method forward:", "--method gd"),
        ("--method forward:adamant", "--method adam gd"),
        ("--method forward:rmsprop@torch", "--method presets rmsprop@keras"),
        ("--surface sphere --method mistaken", "--method Mistaken Sigmoid"),
        ("--method analytic " * 13, "--method 13"),
        ("--apha 1", "no option --apha --alpha"),
        ("--alph 1", "no option --alph"),
        ("-q", "no option -q"),
        ("--representable-step=no", "--representable-step"),
        ("nowhere.json", "nowhere.json cannot be read"),
        ("broken.json", "broken.json JSON"),
        ("future.json", "future.json version newer"),
        (".", "cannot be read"),
        ("good.json other.json", "unexpected other.json"),
        ("table -o t.txt", "-o .csv .json t.txt"),
        ("table -o t", "-o .csv .json"),
        ("table -o", "-o needs value"),
        ("table -o nowhere/t.csv", "nowhere/t.csv cannot be written folder"),
        ("table -o good.json/t.csv", "cannot be written folder"),
        ("table -o folder.csv", "folder.csv cannot be written folder"),
        ("table --dpi 100", "gdviz table no option --dpi"),
        ("render", "-o FILE .png .svg .pdf"),
        ("render -o p.gif", "-o .png .svg .pdf p.gif"),
        ("render -o p.png --size 0x0", "--size inches 0"),
        ("render -o p.png --size 8", "--size '8' WIDTHxHEIGHT"),
        ("render -o p.png --size 8xb", "--size 'b' number"),
        ("render -o p.png --size 1600x1200", "--size inches 1600"),
        ("render -o p.png --size 90x90", "--size pixels"),
        ("render -o p.png --dpi 1e9", "--dpi between"),
        ("render -o p.png --dpi many", "--dpi 'many' number"),
        ("render -o nowhere/p.png", "nowhere/p.png cannot be written folder"),
        ("render -o p.png --alpha -1", "--alpha between -1"),
        ("surfaces all", "unexpected all"),
        ("surfaces --yaml", "gdviz surfaces no option --yaml"),
    ],
)  # fmt: skip
def test_bad_arguments(argv: str, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    Path("good.json").write_text(experiment_file.to_json(Experiment()))
    Path("broken.json").write_text('{"version": 1, ')
    Path("future.json").write_text('{"version": 99}')
    Path("folder.csv").mkdir()
    sentence = refusal(capfd, argv.split())
    for word in words.split():
        assert word in sentence, sentence


def test_words_with_line_ends_and_terminal_codes(capfd: pytest.CaptureFixture[str]) -> None:
    for word in ("a\nb", "\x1b[31m", "\udc80"):
        for argv in ([word], ["--alpha", word], ["--surface", word], [f"--{word}"],
                     ["table", "-o", f"{word}.x"], ["--formula", f"{word})"]):  # fmt: skip
            assert refusal(capfd, argv).isprintable()


_IN_A_CLOSED_FOLDER = "closed/e.json"


@pytest.fixture
def hard_paths(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return paths that cannot be asked, each with a word of why.

    Whoever runs the tests may enter any folder: the system's answer is made here.
    """

    def closed(ask: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def answer(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
            if str(path).endswith(_IN_A_CLOSED_FOLDER):
                raise PermissionError(13, "Permission denied")
            return ask(path, *args, **kwargs)

        return answer

    Path("closed").mkdir()
    Path("loop.json").symlink_to("loop.json")
    monkeypatch.setattr(os, "stat", closed(os.stat))
    monkeypatch.setattr(os, "lstat", closed(os.lstat))
    return {
        _IN_A_CLOSED_FOLDER: "permission",
        "y" * 5000: "too long",
        f"{'y' * 5000}.csv": "too long",
        "nul\0": "called",
        "nul\0.npy": "called",
        "loop.json": "symbolic links",
        "closed": "directory",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
def test_a_path_that_cannot_be_asked_is_refused_by_every_command(
    hard_paths: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    commands = [name for name, command in cli.COMMANDS.items() if command.on_experiment]
    assert "check" in commands
    needed = {"render": ["-o", "p.png"], "animate": ["-o", "p.gif"], "page": ["-o", "p.html"],
              "direction": ["--eta", "1"]}  # fmt: skip
    for path, word in hard_paths.items():
        for argv in ([], *([name, *needed.get(name, ())] for name in commands)):
            assert cli.main([*argv, path]) == 2, (argv, path)
            out, err = capfd.readouterr()
            assert (out, err.count("\n")) == ("", 1)
            assert word in err
            assert len(err) < 500
            assert err[:-1].isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
def test_a_path_that_cannot_be_written_is_refused(
    hard_paths: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    Path("closed.csv").mkdir()
    Path("loop.csv").symlink_to("loop.csv")
    for path, word in {f"{'y' * 5000}.csv": "too long", "nul\0.csv": "called",
                       "closed.csv": "folder", "loop.csv": "symbolic links",
                       f"{'y' * 5000}/t.csv": "too long"}.items():  # fmt: skip
        assert cli.main(["table", "--steps", "1", "-o", path]) == 2
        out, err = capfd.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert word in err


@pytest.mark.parametrize("command", ["render -o p.png --size 3x3 --dpi 20", "table -o p.csv"])
def test_a_failing_write_leaves_what_was_there(
    command: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = [*command.split(), "--steps", "1"]
    Path(argv[2]).write_bytes(b"mine")

    def fail(_source: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    assert refusal(capfd, argv) == f"{argv[2]} cannot be written: permission denied"


def test_an_unwritable_folder(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of the system is put in its mouth: root may write anywhere."""
    Path("locked").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (Path("locked"), os.W_OK))
    assert "cannot be written" in refusal(capfd, ["table", "-o", "locked/t.csv"])
    assert not list(Path("locked").iterdir())


def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (render, table_command):
        monkeypatch.setattr(module, "build_scene", lambda *_, **__: pytest.fail("worked"))
    for argv in ("render -o a.gif", "render -o nowhere/a.png", "table -o a.gif",
                 "table -o nowhere/a.csv"):  # fmt: skip
        refusal(capfd, argv.split())


# -- the window


def test_no_display(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "why_no_window", lambda: "there is no display: gdviz render draws")
    assert "gdviz render" in refusal(capfd, [])
    # What is wrong with the arguments comes first.
    assert "--alpha" in refusal(capfd, ["--alpha", "abc"])


def test_the_windows_exit_code_is_ours(
    chosen: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["gdviz.ui.window.app"], "run", lambda *_: 7)
    assert cli.main([]) == 7


def test_the_window_asks_for_the_data_of_an_experiment_before_it_is_read(
    chosen: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment_file, "MAX_DATA", 4_000)
    x = np.linspace(-1.0, 1.0, 2_500)
    np.savetxt("rows.csv", np.column_stack([x, 2 * x + 1]), "%.6g", ",", header="x,y", comments="")
    experiment = on_data(Experiment(), load_data("rows.csv")[0])
    experiment_file.save(experiment, "e.json")
    opened: list[Any] = []
    monkeypatch.setattr(
        sys.modules["gdviz.ui.window.app"], "run", lambda *given: opened.append(given) or 0
    )
    assert cli.main(["e.json"]) == 0
    assert opened.pop() == (None, Path("e.json"), None)
    assert cli.main(["e.json", "--steps", "7"]) == 0  # which only a terminal has, where it is said
    assert opened.pop()[0] == experiment.replace(steps=7)


# -- the process


def run(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gdviz", *argv], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="displays are Linux's")
def test_a_machine_without_a_display() -> None:
    done = run(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "gdviz render" in done.stderr


@pytest.fixture
def long_table(signals_are_heard: None) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process that writes more than a pipe holds."""
    argv = ["table", "--steps", "2000", "--start", "-5,5", "--alpha", "1e-6"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gdviz", *argv], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        yield process
        process.kill()


def test_a_reader_that_has_enough(long_table: subprocess.Popen[bytes]) -> None:
    assert long_table.stdout is not None
    assert long_table.stderr is not None
    assert long_table.stdout.readline().startswith(b"method,step")
    long_table.stdout.close()
    assert long_table.stderr.read() == b""
    assert long_table.wait(30) == 0


@pytest.mark.sampled(1)
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_what_ends_it_ends_it_in_one_line(long_table: subprocess.Popen[bytes], name: str) -> None:
    assert long_table.stdout is not None
    assert long_table.stderr is not None
    long_table.stdout.readline()  # it is now blocked in writing the rest
    long_table.send_signal(getattr(signal, name))
    assert long_table.wait(30) == 130
    assert long_table.stderr.read() == b"gdviz: interrupted\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gdviz", "surfaces"], stdout=full, stderr=subprocess.PIPE,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "gdviz: standard output cannot be written: no space left on device\n"


# -- rules, schedules, more starts, data


def test_rule_options_schedules_and_more_starts(chosen: Callable[..., Experiment]) -> None:
    made = chosen(
        "--method", "analytic:adam", "--method", "forward:momentum", "--rule-option",
        "adam.beta1=0.5", "--rule-option", "momentum.momentum=0.8", "--schedule", "inverse",
        "--schedule-option", "decay=0.1", "--more-start", "-2,3", "--more-start", "1,1",
    )  # fmt: skip
    assert [method.options for method in made.methods] == [{"beta1": 0.5}, {"momentum": 0.8}]
    assert (made.schedule, made.schedule_options) == ("inverse", {"decay": 0.1})
    assert made.more_starts == ((-2.0, 3.0), (1.0, 1.0))


def test_a_rule_as_another_framework_has_it_is_the_rule_with_that_ones_options(
    chosen: Callable[..., Experiment],
) -> None:
    made = chosen("--method", "forward:adagrad@keras", "--rule-option", "adagrad.delta=1e-3")
    (method,) = made.methods
    assert (method.estimate, method.rule) == ("forward", "adagrad")
    assert method.options == {"delta": 1e-3, "start": 0.1, "inside": 1}


def test_data_from_a_file(chosen: Callable[..., Experiment]) -> None:
    Path("mine.csv").write_text("x; y\n1; 2\n\n2; 3.5\n", encoding="utf-8-sig")
    made = chosen(
        "--data", "mine.csv", "--formula", "mean((a*x + b - y)^2)", "--model", "a*x + b"
    )  # fmt: skip
    assert made.function.data is not None
    assert made.function.data.columns == {"x": (1.0, 2.0), "y": (2.0, 3.5)}
    assert (made.function.data.source, made.function.model) == ("mine.csv", "a*x + b")
    surface = chosen("--data", "mine.csv", "--surface", "linear-regression")
    assert surface.function.data == made.function.data


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "this file is empty"),
        ("x,y\n", "no rows"),
        ("x,y\n1,2\n3,oops\n", "line 3, column y holds oops, which is not a number"),
        ("x,y\n1,nan\n2,\n", "no row has a number in each column, least of all in the column y"),
        ("x,y\n1,inf\n", "line 2, column y holds inf, which is not finite"),
        ("x,y\n1\n", "line 2 has 1 cells, but the first has 2"),
        ("x,y\n1,2,3\n", "line 2 has 3 cells"),
        ("x;y\n1,5;2.5\n", "write all of them in one way"),
        ('x,"y\n1,2\n', "in bad.csv"),
        ("x,y\n" + "1,2\n" * 1_000_001, "1,000,001 rows and 2 columns, which is too large"),
        (f"{','.join(f'x{i}' for i in range(21))}\n1{',1' * 20}\n", "at most 20 are allowed"),
        ("x,y\n1,1e200\n", "row 1 of the column y holds 10²⁰⁰"),
        ("b\\a,1,2\n1,3,4\n2,3,4\n", "it is a loss landscape, not data"),
        ("x,y\nred,blue\n", "this has no column of numbers"),
    ],
)
def test_data_files_that_are_refused(
    content: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("bad.csv").write_text(content, encoding="utf-8")
    assert cli.main(["table", "--data", "bad.csv", "--formula", "mean((a*x - y)^2)"]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("gdviz: --data: ")
    assert words in err


def test_what_is_no_text_is_no_data(capfd: pytest.CaptureFixture[str]) -> None:
    Path("bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert cli.main(["table", "--data", "bad.csv", "--formula", "mean(a*x)"]) == 2
    assert "not a text file in UTF-8" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("--rule-option adam.beta1=0.5", "--rule-option: no method has the rule adam"),
        ("--method analytic:adam --rule-option adam.beta=1", "has no option 'beta'"),
        ("--rule-option adam", "is not of the form RULE.NAME=VALUE"),
        (
            "--method adamw",
            "--method: adamw is an update rule, which comes after an estimate: analytic:adamw",
        ),
        ("--method adagrad@keras", "after an estimate: analytic:adagrad@keras"),
        ("--rule-option foo.x=1", "is not one of the rules"),
        ("--schedule linear", "is not one of constant"),
        ("--schedule-option decay=1", "--schedule-option: the schedule constant has no option"),
        ("--more-start 1", "is not of the form A,B"),
        ("--more-start 1,1e37", "--more-start: must be between"),
        ("--data none.csv --formula mean(a*x)", "none.csv cannot be read: no such file"),
        ("--model a", "--model: Sigmoid unit has a model of its own"),
    ],
)
def test_refusals_of_them(argv: str, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["table", *argv.split()]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


# -- another method


ANOTHER_METHOD = """
import gc, sys
from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.update_rules import RULES

def skewed(f, epsilon, _representable):
    def gradient(a, b):
        here = f.value(a, b)
        ahead, behind = f.value(a, b + epsilon), f.value(a, b - epsilon)
        return (f.value(a + epsilon, b) - here) / epsilon, (ahead - behind) / (2 * epsilon)
    return gradient

def scaled(_f, factor):
    def step(count, a, b, g_a, g_b, alpha):
        return a - factor * alpha * g_a, b - factor * alpha * g_b, count + 1
    return 0, step

for table, row in (
    (ESTIMATES, Estimate("skewed", "Skewed", "Of its own.", formula="(f(θ + ε) − f(θ))/ε",
                         bind=skewed, differences=True)),
    (RULES, Rule("scaled", "Scaled", "θ ← θ − cαĝ", (Option("factor", "c", 0.5, 0.0, 1.0, "c"),),
                 formula="θ ← θ − cαĝ", latex="c", update=scaled)),
):
    (rows,) = gc.get_referents(table)
    rows[row.name] = row

from gdviz.cli.main import main
from gdviz.experiment.json_file import load, save
from gdviz.experiment.function import SurfaceFunction
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.scene import build_scene
from gdviz.scene.step_text import step_report

folder = sys.argv[1]
common = ["--surface", "sphere", "--start", "1,1", "--alpha", "0.25", "--epsilon", "0.5",
          "--method", "skewed:scaled", "--steps", "9", "--range", "-2,2,-2,2"]
for command, *rest in (
    ("table", "-o", "steps.csv"), ("table", "-o", "steps.json"),
    ("render", "--panels", "--dpi", "40", "-o", "steps.png"),
    ("basins", "--grid", "8", "-o", "basins.npz"),
    ("basins", "--grid", "8", "--dpi", "40", "-o", "basins.png"),
    ("sweep", "-o", "sweep.csv"), ("sweep", "--dpi", "40", "-o", "sweep.png"),
    ("rates", "-o", "rates.csv"), ("rates", "--dpi", "40", "-o", "rates.png"),
):
    *rest, target = rest
    assert main([command, *common, *rest, f"{folder}/{target}"]) == 0, command
    print(command)

experiment = Experiment(function=SurfaceFunction("sphere"), start=(1.0, 1.0),
                        alpha=0.25, epsilon=0.5, steps=1,
                        methods=(Method("skewed", "scaled", {"factor": 0.25}),))
(run,) = build_scene(experiment, resolution=16).runs
assert run.label == "skewed:scaled (c=0.25)"
# ∂(a² + b²)/∂b at 1 is 2; the difference ahead in a is 2.5.
assert run.path.gradient[0].tolist() == [2.5, 2.0]
assert run.path.theta[1].tolist() == [1.0 - 0.25 * 0.25 * 2.5, 1.0 - 0.25 * 0.25 * 2.0]
assert run.path.values.tolist() == run.path.evaluations.tolist() == [4, 0]
report = step_report(experiment.objective(), run, 0)
assert report.estimate[0].plain == "ĝ_a = (f(θ + ε) − f(θ))/ε"
assert report.estimate[1].plain == "= 2.5"
assert report.update[0].plain == "θ ← θ − cαĝ"
save(experiment, f"{folder}/experiment.json")
assert load(f"{folder}/experiment.json") == experiment
"""


def test_a_method_is_added_by_a_row_in_each_table_alone(tmp_path: Path) -> None:
    """An estimate and a rule, wherever methods are run, drawn, swept, written out and saved."""
    result = subprocess.run(
        [sys.executable, "-c", ANOTHER_METHOD, str(tmp_path)],
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "skewed" in (tmp_path / "sweep.csv").read_text(encoding="utf-8")


def test_what_goes_wrong_inside_is_a_sentence_and_the_log_has_the_traceback(
    monkeypatch, tmp_path, capsys
):
    from gdviz.base.logging import start_log
    from gdviz.cli import main as module

    def broken(_arguments, _output):
        raise RuntimeError("it is\ntoo dark")

    path = tmp_path / "gdviz.log"
    monkeypatch.setenv("GDVIZ_LOG", str(path))
    command = replace(module.COMMANDS["table"], work=broken)
    monkeypatch.setattr(module, "COMMANDS", {**module.COMMANDS, "table": command})
    assert module.main(["table", "--log-level", "error"]) == 70
    assert capsys.readouterr().err == (
        f"gdviz: something went wrong inside (RuntimeError: it is too dark); see {path}\n"
    )
    assert "Traceback" in path.read_text(encoding="utf-8")
    monkeypatch.undo()
    start_log()


def test_each_command_takes_a_log_level(capsys):
    from gdviz.cli.main import COMMANDS, main

    for name in COMMANDS:
        assert main([name, "--log-level", "loud"]) == 2
        assert "--log-level" in capsys.readouterr().err


#: As Python 3.11 does where a class is being made.
WRAPPED = "raise RuntimeError from KeyboardInterrupt()"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["numpy", "signal", "threading", "json", "typing", "logging"])
def test_files_of_the_current_folder_are_no_libraries(tmp_path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')\n")
    done = subprocess.run(
        [sys.executable, "-m", "gdviz", "surfaces", "--json"], cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("how", ["raise KeyboardInterrupt", WRAPPED])
@pytest.mark.parametrize("module", ["gdviz.cli", "gdviz.cli.completion"])
def test_ctrl_c_while_the_program_is_still_imported_is_one_line(module: str, how: str) -> None:
    """The interrupt comes where modules are imported, before or in a command."""
    code = f"""
        import runpy, sys

        class Interrupt:
            def find_spec(self, name, path=None, target=None):
                if name == "{module}":
                    {how}

        sys.meta_path.insert(0, Interrupt())
        sys.argv = ["gdviz", "--print-completion", "bash"]
        runpy.run_module("gdviz", run_name="__main__")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "gdviz: interrupted\n")


def test_ctrl_c_while_a_class_is_made_ends_with_the_code_of_the_others(tmp_path) -> None:
    """Where it comes within an exec(), Python would end itself by the signal, after that line."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'gdviz.cli.completion':\n"
        "            exec('raise KeyboardInterrupt')\n"
        "sys.meta_path.insert(0, Interrupt())\n"
    )
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "gdviz", "--print-completion", "bash"],
        env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "gdviz: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(("name", "again"), [("SIGINT", 0.05), ("SIGTERM", 0.05), ("SIGTERM", 0.0)])
def test_an_interrupt_that_python_swallows_is_heard_again(name: str, again: float) -> None:
    """In the callback of a weak reference nothing can be raised: the command would go on.

    Said again at once, it comes while the one before is still being swallowed.
    """
    code = f"""
        import signal, sys, time, weakref
        import gdviz.__main__
        import gdviz.cli.main as cli
        from gdviz.__main__ import main

        gdviz.__main__._AGAIN = {again}

        def end(_):
            signal.raise_signal(signal.{name})

        def command():
            class Thing: pass
            thing = Thing()
            kept = weakref.ref(thing, end)
            del thing
            time.sleep(100)
            return 0

        cli.main = command
        sys.exit(main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "gdviz: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("patience", "out"), [(60, "cleaned up\n"), (-1, "")], ids=["in time", "it hangs"]
)
def test_ctrl_c_three_times_is_one_line_and_what_it_ends_is_not_interrupted(
    patience: float, out: str
) -> None:
    """It comes while the command cleans up, and while the line is written."""
    code = f"""
        import signal, sys
        from dataclasses import replace
        import gdviz.__main__
        import gdviz.cli.main as cli

        class Interrupted:
            def write(self, text):
                signal.raise_signal(signal.SIGINT)
                return sys.__stderr__.write(text)

            def flush(self):
                sys.__stderr__.flush()

        def work(*_):
            try:
                signal.raise_signal(signal.SIGINT)
            finally:
                signal.raise_signal(signal.SIGINT)
                print("cleaned up")

        gdviz.__main__._PATIENCE = {patience}
        cli.COMMANDS = {{"table": replace(cli.COMMANDS["table"], work=work)}}
        sys.stderr, sys.argv = Interrupted(), ["gdviz", "table"]
        sys.exit(gdviz.__main__.main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, out, "gdviz: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_while_python_itself_ends_leaves_the_exit_code(name: str) -> None:
    """Python puts signals back to what they did at first, and then destroys what is left."""
    code = f"""
        import gc, os, signal, sys
        from gdviz.__main__ import main

        class Left:
            def __del__(self, kill=os.kill, me=os.getpid(), number=signal.{name}, write=os.write):
                for _ in range(3):
                    kill(me, number)
                write(2, b"destroyed\\n")

        left = Left()
        sys.argv = ["gdviz", "rules"]
        code = main()
        gc.unfreeze()  # else it is among what is not looked through, and never destroyed
        sys.exit(code)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "destroyed\n")
    assert done.stdout


def test_a_command_collects_garbage_but_not_among_what_was_imported() -> None:
    code = """
        import gc, os, sys
        del os.environ["OPENBLAS_THREAD_TIMEOUT"]
        collected = []
        gc.callbacks.append(lambda phase, info: collected.append(phase))
        from gdviz.__main__ import main
        gc.collect()
        collected.clear()
        sys.argv = ["gdviz", "surfaces"]
        main()
        assert not collected, "while modules were imported"
        assert gc.isenabled() and gc.get_freeze_count() > 10_000
        assert os.environ["OPENBLAS_THREAD_TIMEOUT"] == "4"
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.DEVNULL, check=True,
        timeout=90, env={**os.environ, "OPENBLAS_THREAD_TIMEOUT": "9"},
    )  # fmt: skip


@pytest.mark.parametrize("words", [("--log-level", "debug", "table"), ("--alpha", "1", "check")])
def test_a_command_that_does_not_come_first_is_no_file(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    from gdviz.cli.main import main

    assert main(words) == 2
    command = words[-1]
    told = f"gdviz: {command} is a command, and a command comes first: gdviz {command} …\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(
    ("words", "constant", "remedy"),
    [
        (["--formula", "x^2 + k*y^2"], "k=1", "; --constant k=1 makes it a constant"),
        (["--formula", "α*a^2 + b^2"], "alpha=1", "; --constant alpha=1 makes it a constant"),
    ],
)
def test_an_unknown_name_is_refused_with_what_gives_it_a_meaning(
    capfd: pytest.CaptureFixture[str], words: list[str], constant: str, remedy: str
) -> None:
    """In the window it becomes a constant by itself; the advice, followed, works."""
    assert cli.main(["table", *words]) == 2
    assert capfd.readouterr().err.endswith(f"{remedy}\n")
    assert cli.main(["table", *words, "--constant", constant]) == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("formula", "product"),
    [
        ("α^2 + 3β^2 + αβ", "α*β"),
        ("β^2 + 3γ^2 + βγ", "β*γ"),
        ("x^2 + 3y^2 + xy", "x*y"),
        ("ε^2 + 3η^2 + εη", "ε*η"),
        ("θ1^2 + 3θ2^2 + θ1θ2", "θ1*θ2"),
        ("alpha^2 + 3beta^2 + alphabeta", "alpha*beta"),
    ],
)
def test_a_product_without_its_sign_is_refused_with_what_is_meant(
    capfd: pytest.CaptureFixture[str], formula: str, product: str
) -> None:
    """It was said to be misspelt; the advice, followed, gives its parameters and its values."""
    word = product.replace("*", "")
    assert cli.main(["check", "--formula", formula, "--gradient", "1", "1"]) == 2
    assert capfd.readouterr().err == (
        f"gdviz: --formula: unknown name '{word}' at column {formula.index(word) + 1}: "
        f"write {product} for the product; --constant {word}=1 makes it a constant\n"
    )
    p, q = product.split("*")
    p, q = spelled(p), spelled(q)
    derived = [f"2*{p} + {q}", f"6*{q} + {p}"]
    right = ["check", "--formula", formula.replace(word, product), "--gradient", *derived]
    assert cli.main(right) == 0
