"""A page as a file: what is in it, what cannot get out of its place, and what is left out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from gdviz.base.resources import assets
from gdviz.engine.analysis.basins import difference
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_grid, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.json_file import from_json, load
from gdviz.experiment.open_file import open_file
from gdviz.experiment.page_file import experiment_in
from gdviz.experiment.validation import ExperimentError
from gdviz.experiment.view import View
from gdviz.export.page import page as page_module
from gdviz.export.page import turning
from gdviz.export.page.contents import MOST_POINTS, kept_steps
from gdviz.export.page.options import MAX_PAGE, MAX_TEXT, MAX_TITLE, PageError, PageOptions
from gdviz.export.page.page import SCRIPTS, page_of, save_page
from gdviz.export.page.turning import ESTIMATES_IN_PAGE, RULES_IN_PAGE
from gdviz.files.landscapes import load_landscape
from gdviz.scene.absences import remarks
from gdviz.scene.basins import MethodBasins, basins_of, heading
from gdviz.scene.basins_picture import basins_picture
from gdviz.scene.scene import Scene, build_scene

if TYPE_CHECKING:
    from collections.abc import Callable

#: What would be markup, or the end of a script, if it were not text.
HOSTILE = "</script><script>window.x = 1</script><!-- <img src=x onerror=x> \u2028 {{data}} &lt;"


class _Outline(HTMLParser):
    """The elements of a page with their attributes, and what stands in scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.scripts: list[str] = []
        self.policy = ""
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._in_script = tag == "script"
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(named.pop("content"))
        self.elements.append(f"{tag} {sorted(named.items())}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)


def data_in(html: str) -> Any:
    text = html.split('<script type="application/json" id="gdviz-data">', 1)[1]
    return json.loads(text.split("</script>", 1)[0])


def unpacked(packed: dict[str, str]) -> Any:
    kinds = {"f64": "<f8", "f32": "<f4", "u32": "<u4", "u16": "<u2", "u8": "u1"}
    return np.frombuffer(base64.b64decode(packed["data"]), kinds[packed["type"]])


def test_text_from_outside_is_never_markup(unit_scene: Scene, html_of: Callable[..., str]) -> None:
    tame = _Outline(html_of(unit_scene))
    html = html_of(unit_scene, PageOptions(HOSTILE[:MAX_TITLE], HOSTILE))
    wild = _Outline(html)
    assert wild.elements == tame.elements
    assert len(wild.scripts) == len(tame.scripts) == 4
    assert data_in(html)["text"] == HOSTILE.replace("\u2028", "\n")  # which ends a line
    assert html.count("<script") == 4
    assert html.count("</script>") == 4
    assert "<!-- " not in html


def test_names_from_outside_are_never_markup(html_of: Callable[..., str]) -> None:
    data = Data({"x": (1.0, 2.0, 4.0), "y": (2.0, 3.0, 9.0)}, "</script><b>.csv")
    named = FormulaFunction("mean((y - a - b)^2)", data=data, title="<i>mine</i>")
    scene = build_scene(Experiment(function=named), resolution=24)
    html = html_of(scene)
    assert html.count("<script") == 4
    assert "<i>mine" not in html
    assert from_json(experiment_in(html.encode())).function.data == data


def test_the_policy_names_what_may_run(unit_scene: Scene, html_of: Callable[..., str]) -> None:
    outline = _Outline(html_of(unit_scene))
    policy = dict(part.strip().split(" ", 1) for part in outline.policy.split(";"))
    assert policy["default-src"] == "'none'"

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    first, _, _, main = outline.scripts
    assert policy["script-src"].split() == [digest(first), digest(main)]
    assert "unsafe" not in outline.policy
    # Of what a page could ask a network for there is nothing.
    assert not re.search(r"\b(src|href)=|@import|url\(|XMLHttpRequest|fetch\(|WebSocket",
                         html_of(unit_scene))  # fmt: skip


def test_each_script_is_in_a_page() -> None:
    files = {path.name for path in (assets() / "page").glob("*.js")}
    assert files == {"failure.js", *SCRIPTS}


@pytest.mark.parametrize(
    ("script", "table", "names"),
    [
        ("estimates.js", "ESTIMATES", ESTIMATES_IN_PAGE),
        ("rules.js", "RULES", RULES_IN_PAGE),
    ],
)
def test_what_is_said_to_turn_has_its_script(
    script: str, table: str, names: tuple[str, ...]
) -> None:
    text = (assets() / "page" / script).read_text(encoding="utf-8")
    body = text.split(f"const {table} = {{\n", 1)[1].split("\n};", 1)[0]
    found = re.findall(r'^  "?([a-z0-9-]+)"?[:,]', body, re.MULTILINE)
    assert sorted(found) == sorted(names)


def test_the_page_among_the_assets_is_of_today() -> None:
    """It is made by ``.ci/example_page.py``."""
    page = (assets() / "two-against-three.html").read_text(encoding="utf-8")
    guide = guides()[0]
    assert load_experiment(page.encode()) == guide.experiment
    assert data_in(page)["title"] == guide.title
    made = page_of(build_scene(guide.experiment, resolution=24), PageOptions(guide.title))

    def without_data(html: str) -> str:
        before, rest = html.split('id="gdviz-data">', 1)
        return before + rest.split("</script>", 1)[1]

    assert without_data(page) == without_data(made.content.decode())


def test_numbers_are_the_scenes(unit_scene: Scene, html_of: Callable[..., str]) -> None:
    data = data_in(html_of(unit_scene))
    assert data["subject"] == "Sigmoid unit: f(a, b) = b·σ(a·x), x = 1"
    assert data["settings"] == "start (0.7, 1.3) · α = 0.5 · ε = 0.1 · 3 steps · float64"
    for run, written in zip(unit_scene.runs, data["runs"], strict=True):
        assert np.array_equal(unpacked(written["theta"]), run.path.theta.ravel())
        assert np.array_equal(unpacked(written["gradient"]), run.path.gradient.ravel(), True)
        assert np.array_equal(unpacked(written["evaluations"]), run.path.evaluations.cumsum())
        assert written["sentence"].lower() == run.path.sentence.lower()
    ground, scale = data["map"], unit_scene.landscape.scale
    places = unpacked(ground["places"]).reshape(48, 48)
    expected = scale.place(unit_scene.landscape.grid.values)
    assert np.abs(places / 65534 - expected).max() <= 0.5 / 65534 + 1e-12


def test_holes_are_holes(scene_of: Callable[..., Scene], html_of: Callable[..., str]) -> None:
    scene = scene_of(formula="log(a) + b^2")
    ground = data_in(html_of(scene))["map"]
    assert ground["hasHoles"]
    is_hole = unpacked(ground["places"]).reshape(48, 48) == 65535
    assert np.array_equal(is_hole, ~np.isfinite(scene.landscape.grid.values))


def test_how_a_method_ended_is_said_once(
    scene_of: Callable[..., Scene], html_of: Callable[..., str]
) -> None:
    scene = scene_of(formula="log(a) + b^2", start=(1.0, 1.0), alpha=4.0, more_starts=((2.0, 2.0),))
    assert remarks(scene)
    data = data_in(html_of(scene))
    ended = [run["sentence"] for run in data["runs"]]
    assert any("undefined" in sentence for sentence in ended)
    # Of the other start's paths nothing is said elsewhere.
    assert data["notesOfPaths"]
    assert not any(said.endswith(f": {end}") for said in data["notesOfPaths"] for end in ended)


def test_the_experiment_is_in_the_page(tmp_path: Path, unit_scene: Scene) -> None:
    path = tmp_path / "page.html"
    save_page(unit_scene, path, PageOptions(HOSTILE[:MAX_TITLE], HOSTILE))
    assert load(path) == unit_scene.experiment
    assert open_file(path).experiment == unit_scene.experiment


def test_options_are_bounded() -> None:
    assert PageOptions("t" * MAX_TITLE, "w" * MAX_TEXT)
    with pytest.raises(
        PageError, match="title: must have 200 characters at most, and this has 201"
    ):
        PageOptions("t" * 201)
    with pytest.raises(PageError, match="text: must have 20,000 characters at most"):
        PageOptions(text="w" * 20_001)
    assert PageOptions(" a\n b ").title == "a b"
    assert PageOptions("\ud800").title == "?"


def test_what_does_not_print_is_no_command_in_the_title_or_the_text():
    options = PageOptions("a\u202eb\x1b", "a\u202eb\x1b\r\nc\td\n\nשלום é")
    assert options.title == r"a\u202eb\x1b"
    assert options.text == "a\\u202eb\\x1b\nc   d\n\nשלום é"


def test_long_paths_are_thinned_and_that_is_said() -> None:
    methods = (Method("analytic"), Method("forward"))
    experiment = on_surface(Experiment(), SURFACES["rosenbrock"])
    experiment = experiment.replace(methods=methods, steps=10_000, alpha=1e-4)
    scene = build_scene(experiment, resolution=24)
    page = page_of(scene)
    assert page.left_out == (
        "The paths are long: of their steps the page holds each 3rd, and the last.",
    )
    run = data_in(page.content.decode())["runs"][0]
    steps = unpacked(run["steps"])
    assert steps.tolist() == [*range(0, 10_000, 3), 10_000]
    assert 2 * len(steps) <= MOST_POINTS
    assert unpacked(run["theta"])[-2:].tolist() == scene.runs[0].path.theta[-1].tolist()
    assert len(page.content) <= MAX_PAGE


def test_kept_steps() -> None:
    assert kept_steps(0, 1).tolist() == [0]
    assert kept_steps(5, 2).tolist() == [0, 2, 4, 5]
    assert kept_steps(4, 2).tolist() == [0, 2, 4]


def test_data_with_many_rows_is_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turning, "MOST_ROWS", 999)
    monkeypatch.setattr(page_module, "MOST_EXPERIMENT", 20_000)
    x = np.random.default_rng(3).normal(size=1_000)
    data = Data({"x": tuple(x.tolist()), "y": tuple((2 * x + 1).tolist())}, "many.csv")
    experiment = Experiment(function=FormulaFunction("mean((y - a*x - b)^2)", data=data), alpha=0.1)
    page = page_of(build_scene(experiment, resolution=12))
    written = data_in(page.content.decode())
    assert written["turning"] is None
    assert written["whyNotTurned"] == (
        "This page turns nothing: f is a sum over 1,000 rows of data, and a page carries 999 at "
        "most. It shows what gdviz computed."
    )
    assert written["leftOut"] == list(page.left_out)
    (said,) = page.left_out
    assert re.fullmatch(
        r"The experiment is not in the page: with its numbers it takes \d\d kB\. Its own file can "
        r"be handed out beside it\.", said,
    )  # fmt: skip
    with pytest.raises(ExperimentError, match="the experiment is not in this page"):
        experiment_in(page.content)


def test_code_turns_nothing_and_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "secret_place" / "bowl.py"
    path.parent.mkdir()
    path.write_text("def loss(a, b):\n    return a*a + 2*b*b\n")
    opened = open_file(path)
    assert opened.runner
    try:
        page = page_of(build_scene(opened.experiment, objective=opened.objective, resolution=12))
    finally:
        opened.runner.stop()
    html = page.content.decode()
    assert "secret_place" not in html
    written = data_in(html)
    assert written["turning"] is None
    assert written["whyNotTurned"].startswith("This page turns nothing: f is computed by bowl.py")
    assert page.left_out[-1] == (
        "The experiment is not in the page: it needs bowl.py, which only the machine has that ran "
        "it."
    )


def test_a_landscape_from_a_file_turns_nothing(tmp_path: Path) -> None:
    axis = np.linspace(-2.0, 2.0, 9)
    np.savez(tmp_path / "bowl.npz", x=axis, y=axis, loss=np.add.outer(axis**2, axis**2))
    grid = load_landscape(tmp_path / "bowl.npz").grid
    page = page_of(build_scene(on_grid(Experiment(), grid), resolution=24))
    written = data_in(page.content.decode())
    assert written["turning"] is None
    assert "interpolated between losses of a file" in written["whyNotTurned"]
    assert load_experiment(page.content).function.grid == grid


def load_experiment(content: bytes) -> Experiment:
    return from_json(experiment_in(content))


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (Method("analytic", "l-bfgs"), "L-BFGS runs in gdviz alone"),
        (
            Method("spsa", "line-search"),
            "Line search draws as often as it asks, which happens in gdviz alone",
        ),
        (Method("spsa"), ""),
        (Method("analytic", "gd", {"noise": 0.1}), ""),
        (Method("analytic"), ""),
    ],
)
def test_what_does_not_turn_says_why(
    scene_of: Callable[..., Scene], html_of: Callable[..., str], method: Method, reason: str
) -> None:
    scene = scene_of("sphere", methods=(Method("central"), method), steps=3)
    first, second = data_in(html_of(scene))["runs"]
    assert first["turning"]
    assert first["oldBecause"] == ""
    assert bool(second["turning"]) == (reason == "")
    assert second["oldBecause"] == (f"It turns nothing: {reason}." if reason else "")
    alone = data_in(html_of(scene_of("sphere", methods=(method,), steps=3)))
    said = f"This page turns nothing: {reason}. It shows what gdviz computed." if reason else ""
    assert alone["whyNotTurned"] == said


def test_what_is_drawn_is_in_the_page_unless_it_is_too_much(
    scene_of: Callable[..., Scene], html_of: Callable[..., str]
) -> None:
    methods = (
        Method("evolution", estimate_options={"pairs": 60.0}),
        Method("random-coordinate", "noisy"),
    )
    fields = {"methods": methods, "seed": 7, "alpha": 0.01, "epsilon": 0.1}
    first, second = data_in(html_of(scene_of("sphere", steps=201, **fields)))["runs"]
    assert first["oldBecause"] == "It turns nothing: it draws more numbers than a page carries."
    axes = unpacked(second["turning"]["draws"]).reshape(201, 2)
    assert axes.tolist() == [list(axis) for axis in islice(Draws(7).axes(), 201)]
    noise = unpacked(second["turning"]["noise"]).reshape(201, 2)
    assert noise.tolist() == [list(pair) for pair in islice(Draws(7).noise(), 201)]
    first, _ = data_in(html_of(scene_of("sphere", steps=200, **fields)))["runs"]
    assert first["turning"]["draws"]


def test_what_the_view_hides_is_not_in_the_page(
    scene_of: Callable[..., Scene], html_of: Callable[..., str]
) -> None:
    fields = {"start": (3.0, 1.0), "more_starts": ((-2.0, 2.0),), "steps": 3}
    shown = data_in(html_of(scene_of("sphere", **fields)))
    view = View(contours=False, minima=False, others=False)
    html = html_of(scene_of("sphere", view=view, **fields))
    hidden = data_in(html)
    for written, is_there in ((shown, True), (hidden, False)):
        assert bool(len(unpacked(written["map"]["contours"]["counts"]))) == is_there
        assert bool(written["relief"]["levels"]) == is_there
        for part in ("minima", "thin", "moreStarts"):
            assert bool(written[part]) == is_there
        assert any("stars are known minima" in note for note in written["notes"]) == is_there
        assert ("1 other start" in written["settings"]) == is_there
    assert (
        from_json(experiment_in(html_of(scene_of("sphere", view=view, **fields)).encode())).view
        == view
    )


def test_a_trajectory_that_the_view_hides_is_not_in_the_page(html_of: Callable[..., str]) -> None:
    places = np.linspace(-1.0, 1.0, 5)
    grid = LossGrid.from_arrays(
        places, places, places**2 + places[:, None] ** 2, source="l.npz",
        trajectory=[(0.5, 0.5), (0.1, 0.2)],
    )  # fmt: skip
    for is_shown in (True, False):
        experiment = on_grid(Experiment(view=View(trajectory=is_shown)), grid)
        written = data_in(html_of(build_scene(experiment, resolution=12)))
        assert written["trajectory"] == ([0.5, 0.5, 0.1, 0.2] if is_shown else [])


def test_float32_turns_nothing(scene_of: Callable[..., Scene], html_of: Callable[..., str]) -> None:
    written = data_in(html_of(scene_of("sphere", precision="float32", steps=3)))
    assert "the methods run in float32" in written["whyNotTurned"]
    assert written["turning"] is None


def test_what_a_person_typed_is_not_in_the_program(html_of: Callable[..., str]) -> None:
    text = "zebra*while^2 + class^2 + yield"
    function = FormulaFunction(
        text, constants={"zebra": 2.0, "yield": 0.5}, parameters=("while", "class")
    )
    scene = build_scene(Experiment(function=function), resolution=24)
    *_, main = _Outline(html_of(scene)).scripts
    assert "zebra" not in main
    assert "function value(p0, p1)" in main
    assert "const p2 = 2.0;" in main or "const p3 = 2.0;" in main


def test_a_page_is_the_same_whatever_was_computed_before(html_of: Callable[..., str]) -> None:
    function = FormulaFunction("exp(a)*b + sqrt(1 + a^2 + b^2) + a*b^3")
    scene = build_scene(Experiment(function=function, steps=3), resolution=12)
    first = html_of(scene)
    formula = function.formula_objective().formula
    formula.graph.apply("tan", formula.graph.name("a"))
    formula.kink_nodes  # noqa: B018 - which derives more
    assert html_of(scene) == first


# -- basins


def test_a_page_without_basins_has_none(html_of: Callable[..., str], unit_scene: Scene) -> None:
    assert data_in(html_of(unit_scene))["basins"] is None


def test_basins_are_a_picture_with_their_shares() -> None:
    experiment = on_surface(Experiment(), SURFACES["himmelblau"])
    scene = build_scene(experiment, resolution=24)
    basins = basins_of(experiment, 0, resolution=32)
    page = page_of(scene, None, [MethodBasins(0, basins)])
    assert len(page.content) - len(page_of(scene).content) < 30_000
    written = data_in(page.content.decode())["basins"]
    picture = Image.open(io.BytesIO(base64.b64decode(written["picture"])))
    assert np.array_equal(np.asarray(picture), basins_picture(basins)[::-1, :, :3])
    assert (written["starts"], written["range"]) == (32, [-5.0, 5.0, -5.0, 5.0])
    assert written["about"][0] == heading(experiment, 0, 32)
    assert [(a, b, mark) for a, b, mark in written["marks"]] == [
        (end.a, end.b, str(k)) for k, end in enumerate(basins.outcomes[:4], 1)
    ]
    first, *_, last = written["legend"]
    share = 100 * (basins.label == 0).mean()
    assert first["text"].startswith(f"1 minimum (3, 2), f = 0: {share:.3g} %")
    assert (first["glyph"], first["color"]) == ("■", "#455093")
    assert last["text"].startswith("on its way: ")


def test_two_methods_basins_are_compared() -> None:
    experiment = on_surface(Experiment(), SURFACES["himmelblau"])
    drawn = [MethodBasins(row, basins_of(experiment, row, resolution=32)) for row in (0, 1)]
    page = page_of(build_scene(experiment, resolution=24), None, drawn)
    written = data_in(page.content.decode())["basins"]
    differing = 100 * difference(drawn[0].basins, drawn[1].basins).mean()
    assert written["legend"][0]["text"] == (
        f"Forward difference ends elsewhere: {differing:.3g} % of starts"
    )
    assert written["marks"] == []
    assert written["about"][1] == f"against {heading(experiment, 1, 32)}"
