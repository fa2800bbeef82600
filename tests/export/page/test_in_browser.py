"""Pages in a headless Chromium: α, ε and the start turned, and the numbers gdviz has for that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdviz.engine.analysis.color_scale import ColorScale, Kind
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.camera import Camera
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.json_file import from_json
from gdviz.experiment.view import View
from gdviz.export.page.contents import kept_steps
from gdviz.export.page.options import MAX_PAGE, PageOptions
from gdviz.export.page.page import page_of
from gdviz.export.page.turning import ESTIMATES_IN_PAGE, RULES_IN_PAGE
from gdviz.scene.basins import MethodBasins, basins_of, heading
from gdviz.scene.basins_picture import basins_picture
from gdviz.scene.map.nesting import rims_of
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene, build_scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.base.geometry import Range
    from gdviz.base.types import Array
    from tests.export.page.conftest import Browser

pytestmark = pytest.mark.browser

#: Of the largest number of its kind along the path: exp and log of a browser are rounded otherwise
#: than those of C.
CLOSE = 1e-12
#: The ε of an adaptive difference is where rounding is seen, and so is its difference.
CLOSE_BY_ROUNDING = 1e-7

_TURN = """
const text = (values) => Array.from(values, String);
gdviz.turning.turn(arguments[0]);
return gdviz.data.runs.map(({ path, oldBecause }) => ({
  theta: text(path.theta), loss: text(path.loss), gradient: text(path.gradient),
  exact: text(path.exact), evaluations: text(path.evaluations.slice(0, path.taken)),
  status: path.status, sentence: path.sentence, oldBecause,
}));
"""

#: How many pixels of a canvas nearly have each of some colours.
_COLORED = """
const [name, colors] = arguments;
const from = document.getElementById(name);
const canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [from.width, from.height];
const context = canvas.getContext("2d");
context.drawImage(from, 0, 0);
const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
return colors.map((color) => {
  const parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (parts.every((part, k) => Math.abs(part - data[at + k]) < 24)) count += 1;
  }
  return count;
});
"""


def numbers(texts: Sequence[str]) -> Any:
    return np.array([float(text.replace("Infinity", "inf")) for text in texts])


def assert_close(found: Any, expected: Any, most: float, what: str) -> None:
    assert found.shape == expected.shape, what
    assert np.array_equal(np.isnan(found), np.isnan(expected)), what
    finite = np.isfinite(expected)
    assert np.array_equal(found[~finite], expected[~finite], equal_nan=True), what
    size = np.abs(expected[finite]).max(initial=0.0)
    assert (np.abs(found - expected)[finite] <= most * size).all(), what


def assert_as_gdviz(turned: dict[str, Any], run: Run) -> None:
    """Compare a path of the page with gdviz's."""
    path, what = run.path, run.label
    most = CLOSE_BY_ROUNDING if run.method.estimate == "adaptive" else CLOSE
    assert turned["status"] == path.status.value, what
    assert_close(numbers(turned["theta"]), path.theta.ravel(), most, what)
    assert_close(numbers(turned["loss"]), path.loss, most, what)
    assert_close(numbers(turned["gradient"]), path.gradient.ravel(), most, what)
    assert_close(numbers(turned["exact"]), path.exact_gradient.ravel(), most, what)
    counted = path.evaluations.cumsum()[: path.gradients_taken]
    assert numbers(turned["evaluations"]).tolist() == counted.tolist(), what


def page_rims(browser: Browser) -> list[int]:
    """Return by how many rims wider the page draws the paths that are shown."""
    rims: list[int] = browser.run("return gdviz.nestedRuns().map(({ rims }) => rims)")
    return rims


def check_turned(browser: Browser, experiment: Experiment, **values: Any) -> None:
    """Turn a page of an experiment, and compare it with gdviz's own result."""
    page = page_of(build_scene(experiment, resolution=32))
    assert len(page.content) <= MAX_PAGE
    browser.open_content(page.content)
    found = browser.run(_TURN, values)
    expected = build_scene(experiment.replace(**values), resolution=2).runs
    assert len(found) == len(expected) > 0
    for turned, run in zip(found, expected, strict=True):
        assert turned["oldBecause"] == ""
        assert_as_gdviz(turned, run)
    assert page_rims(browser) == rims_of([run.path.theta for run in expected], experiment.map_range)
    assert not browser.failure
    browser.wait()
    back = browser.run(
        "gdviz.turning.reset.click();"
        "return gdviz.data.runs.map(({ path }) => String(path.theta[path.theta.length - 1]))"
    )
    first = build_scene(experiment, resolution=2).runs
    assert numbers(back).tolist() == [run.path.theta[-1, 1] for run in first]


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_by_every_estimate(browser: Browser, name: str) -> None:
    estimates = [e for e in ESTIMATES_IN_PAGE if e != "yours" and not ESTIMATES[e].is_random]
    if name != "sigmoid-unit":
        estimates.remove("mistaken")
    experiment = on_surface(Experiment(), SURFACES[name])
    if experiment.function.data_set is not None:
        estimates.remove("complex-step")
    methods = tuple(map(Method, estimates))
    a, b = experiment.start
    check_turned(
        browser,
        experiment.replace(methods=methods, steps=20),
        alpha=0.7 * experiment.alpha,
        epsilon=0.05,
        start=(a + 0.11, b - 0.07),
    )


@pytest.mark.parametrize("name", ["logistic-regression", "one-feature-logistic"])
@pytest.mark.parametrize("epsilon", [1e-3, 1e-5, 1e-7])
def test_of_a_small_epsilon_a_page_differs_by_rounding_alone(
    browser: Browser, name: str, epsilon: float
) -> None:
    """Values of f that differ by its rounding make differences that differ by that over ε."""
    experiment = on_surface(Experiment(), SURFACES[name])
    methods = (Method("forward"), Method("central"))
    experiment = experiment.replace(methods=methods, steps=20)
    browser.open(build_scene(experiment, resolution=12))
    a, b = experiment.start
    turned_to = {"epsilon": epsilon, "start": (a + 0.11, b - 0.07)}
    found = browser.run(_TURN, turned_to)
    expected = build_scene(experiment.replace(**turned_to), resolution=2).runs
    for turned, run in zip(found, expected, strict=True):
        path = run.path
        rounding = np.finfo(float).eps * np.abs(path.loss).max() / epsilon
        apart = np.abs(numbers(turned["gradient"]) - path.gradient.ravel())
        assert np.nanmax(apart) <= 4.0 * rounding, run.label  # 0.8 is seen
        moved = np.abs(numbers(turned["theta"]) - path.theta.ravel())
        assert moved.max() <= 20 * experiment.alpha * 4.0 * rounding, run.label


@pytest.mark.parametrize("name", ["rosenbrock", "sigmoid-fit", "linear-regression"])
@pytest.mark.parametrize("third", range(3))
def test_every_rule(browser: Browser, name: str, third: int) -> None:
    experiment = on_surface(Experiment(), SURFACES[name])
    rules = [rule for rule in RULES_IN_PAGE if not RULES[rule].is_random]
    methods = [Method("analytic", rule) for rule in rules[third::3]]
    methods += [
        Method("central", "line-search", {"wolfe": 1}, alpha=0.5),
        Method("analytic", "gd", {"clip": 0.3}),
        Method("forward", "adam", {"amsgrad": 1, "uncorrected": 1}, epsilon=0.25),
    ]
    if name == "linear-regression":  # its f is nearly f* soon, of which rounding is left
        methods = [method for method in methods if method.rule != "polyak"]
    a, b = experiment.start
    check_turned(
        browser,
        experiment.replace(
            methods=tuple(methods), steps=15, schedule=("cosine", "inverse", "exponential")[third]
        ),
        alpha=0.3 * experiment.alpha,
        epsilon=0.02,
        start=(a + 0.11, b - 0.07),
    )


@pytest.mark.parametrize("name", ["rosenbrock", "nested-fit", "flower"])
def test_estimates_that_draw(browser: Browser, name: str) -> None:
    """The draws of a seed are in the page, and the same whatever is turned."""
    experiment = on_surface(Experiment(), SURFACES[name])
    methods = (
        Method("spsa"),
        Method("gaussian", "adam"),
        Method("evolution", estimate_options={"pairs": 3.0}),
        Method("random-coordinate", "fixed-length"),
        Method("forward-gradient", "momentum", {"clip": 0.5, "noise": 0.2}),
        Method("central", "noisy", {"deviation": 0.3}),
    )
    a, b = experiment.start
    check_turned(
        browser,
        experiment.replace(methods=methods, steps=25, seed=11),
        alpha=0.2 * experiment.alpha,
        epsilon=0.04,
        start=(a - 0.13, b + 0.05),
    )


TYPED = {
    "constants": FormulaFunction("a^2 + k*b^2 - a*b/3", constants={"k": 1.5}),
    "log and exp": FormulaFunction("log(1 + exp(-a)) + b^2/4 + sqrt(1 + a^2)"),
    "a kink": FormulaFunction("abs(a) + max(b, -2*b) + a^2/8"),
    "reserved names": FormulaFunction(
        "new*while^2 + (class - 1)^2*while + class^2",
        constants={"new": 2.0},
        parameters=("while", "class"),
    ),
    "data": FormulaFunction(
        "mean((y - sigmoid(a*x + b))^2)",
        data=Data({"x": (0.5, -1.0, 2.0, 3.5), "y": (0.1, 0.0, 1.0, 0.9)}, "four.csv"),
    ),
    "functions": FormulaFunction("tanh(a)*b + atan(a*b) + cosh(b/2) + softplus(-a) + sin(a)^3"),
}


@pytest.mark.parametrize("formula", TYPED)
def test_typed_formulas(browser: Browser, formula: str) -> None:
    estimates = ["analytic", "forward", "backward", "central", "richardson", "forward-mode"]
    if formula != "data":
        estimates.append("complex-step")
    check_turned(
        browser,
        Experiment(
            function=TYPED[formula], start=(1.5, 1.25), methods=tuple(map(Method, estimates))
        ),
        alpha=0.05,
        epsilon=0.03,
        start=(1.3, 0.9),
    )


def test_a_gradient_of_ones_own(browser: Browser) -> None:
    function = FormulaFunction("a^2 + b^2", candidate_gradient=("2*a", "b"))
    experiment = Experiment(function=function, methods=(Method("yours"),), steps=10)
    check_turned(browser, experiment, alpha=0.1, start=(1.0, 2.0))


def test_ends_are_told_in_the_same_words(browser: Browser) -> None:
    experiment = on_surface(Experiment(), SURFACES["quadratic"])
    chosen = experiment.alpha
    for alpha, steps in ((chosen / 2, 40), (chosen / 2, 1), (40 * chosen, 40)):
        browser.open(build_scene(experiment.replace(steps=steps), resolution=12))
        found = browser.run(_TURN, {"alpha": alpha})
        expected = build_scene(experiment.replace(alpha=alpha, steps=steps), resolution=2)
        said = [run.path.sentence for run in expected.runs]
        assert [turned["sentence"].lower() for turned in found] == [each.lower() for each in said]
    saddle = on_surface(Experiment(), SURFACES["saddle"])
    browser.open(build_scene(saddle, resolution=12))
    (found, *_) = browser.run(_TURN, {"alpha": 0.5, "start": [0.1, 1.0]})
    expected = build_scene(saddle.replace(alpha=0.5, start=(0.1, 1.0)), resolution=2)
    assert found["sentence"].lower() == expected.runs[0].path.sentence.lower()
    assert found["sentence"].startswith("Left the map at step")


# -- the page as a page


def small(**fields: Any) -> Scene:
    return build_scene(on_surface(Experiment(), SURFACES["himmelblau"]).replace(**fields))


def test_no_network_is_asked_and_none_can_be(browser: Browser) -> None:
    browser.open(small())
    assert browser.run("return location.protocol") == "file:"
    assert browser.run("return performance.getEntriesByType('resource').length") == 0
    said = browser.driver.execute_async_script(
        "const done = arguments[0];"
        "document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));"
        "fetch('http://127.0.0.1:9/').catch(() => 0);"
    )
    assert said == "connect-src"


def test_markup_is_text(browser: Browser) -> None:
    hostile = "</script><script>window.owned = 1</script><img src=x onerror='window.owned = 1'>"
    browser.open(small(), PageOptions(hostile, f"{hostile}\n<b>two</b>"))
    assert browser.run("return window.owned") is None
    assert browser.run("return document.title") == hostile
    assert browser.run("return document.getElementById('title').textContent") == hostile
    assert browser.run("return document.querySelectorAll('img, b').length") == 0
    assert browser.run("return document.getElementById('text').textContent").endswith("<b>two</b>")
    assert not browser.failure


def test_the_colours_are_the_maps(browser: Browser) -> None:
    from gdviz.export.style import color_table

    scene = build_scene(on_surface(Experiment(), SURFACES["rosenbrock"]), resolution=96)
    browser.open(scene)
    pixels = browser.run(
        "const { image } = gdviz.views[0];"
        "return Array.from(image.getContext('2d').getImageData(0, 0, 96, 96).data)"
    )
    drawn = np.array(pixels).reshape(96, 96, 4)[::-1, :, :3]
    places = scene.landscape.scale.place(scene.landscape.grid.values)
    assert np.abs(drawn - color_table()[np.rint(255 * places).astype(int), :3]).max() <= 3


def test_the_experiment_is_handed_out(browser: Browser) -> None:
    scene = small()
    browser.open(scene)
    text = browser.run("return document.getElementById('gdviz-experiment').textContent")
    assert from_json(text) == scene.experiment
    assert browser.run("return document.getElementById('download').hidden") is False


def test_the_timeline_by_keys_and_ticks(browser: Browser) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.open(small(steps=12))
    step = browser.driver.find_element("id", "step")
    step.send_keys(Keys.HOME)
    step.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert browser.run("return gdviz.step") == 2
    browser.wait()
    assert step.get_attribute("aria-valuetext") == "step 2 of 12"
    browser.driver.find_element("css selector", "body").send_keys(Keys.END)
    assert browser.run("return gdviz.step") == 12
    box = browser.driver.find_element("css selector", "#methods input")
    box.send_keys(Keys.SPACE)
    assert browser.run("return gdviz.shownRuns().length") == 2


def test_paths_are_as_wide_as_by_what_lies_on_them(browser: Browser) -> None:
    """Paths that part somewhere, of steps of all lengths; some diverge, and some stay."""
    methods = tuple(Method("forward", epsilon=10.0**-k) for k in range(6))
    scene = small(methods=methods)
    browser.open(scene)
    assert page_rims(browser) == list(scene.rims) == [0, 3, 3, 2, 1, 0]
    extent, draws, seen = scene.landscape.grid.range, np.random.default_rng(4), set()
    for _ in range(60):
        paths = parting_paths(draws, len(methods), extent)
        browser.run(
            "arguments[0].forEach((texts, k) => {"
            "  const theta = Float64Array.from(texts, Number);"
            "  gdviz.data.runs[k].path = { ...gdviz.data.runs[k].path, theta };"
            "});",
            [[repr(x).replace("inf", "Infinity") for x in path.ravel().tolist()] for path in paths],
        )
        rims = rims_of(paths, extent)
        assert page_rims(browser) == rims
        seen.add(tuple(rims))
    assert len(seen) > 15
    for kept in ((0, 2, 5), (4,), ()):
        browser.run(
            "gdviz.data.runs.forEach((run, k) => { run.isHidden = !arguments[0].includes(k); })",
            list(kept),
        )
        assert page_rims(browser) == rims_of([paths[k] for k in kept], extent)
    assert not browser.failure


def test_two_against_three_shows_three_paths_that_are_one(browser: Browser) -> None:
    scene = build_scene(guides()[0].experiment, resolution=48)
    browser.open(scene)
    assert page_rims(browser) == [2, 1, 0]
    colors = [path_color(run.method, run.index) for run in scene.runs]
    for k, canvas in enumerate(("map", "relief")):
        browser.run("[...document.querySelectorAll('#views button')][arguments[0]].click()", k)
        browser.wait()
        seen = browser.run(_COLORED, canvas, colors)
        # Of a path of some 200 pixels' length.
        assert min(seen) > 100, (canvas, seen)


def parting_paths(draws: np.random.Generator, count: int, extent: Range) -> list[Array]:
    """Return paths that leave a common one anywhere along it."""
    size = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low])
    common = draws.normal(size=(40, 2)).cumsum(axis=0) * draws.choice([0.003, 0.03]) * size
    found = []
    for _ in range(count):
        together = draws.integers(1, 40)
        apart = draws.normal(size=(draws.integers(0, 20), 2)).cumsum(axis=0) * 0.02 * size
        path = np.vstack([common[:together], common[together - 1] + apart])
        if draws.random() < 0.2:
            ends = [[1e300, 0.0], [-np.inf, 1.0], [np.nan, 0.0]]
            path = np.vstack([path, ends[draws.integers(3)]])
        found.append(path + [extent.a_low, extent.b_low] + 0.5 * size)
    return found


def test_what_is_pointed_at_is_said(browser: Browser) -> None:
    scene = small()
    browser.open(scene)
    run = scene.runs[0]
    said = browser.run(
        "const run = gdviz.data.runs[0];"
        "gdviz.pointAt({ a: 0, b: 0, near: { run, place: 3, step: 3 } });"
        "return document.getElementById('readout').textContent"
    )
    assert said.startswith("Analytic, step 3 · a = ")
    assert f"{int(run.path.evaluations[:4].sum())} evaluations so far" in said
    said = browser.run(
        "gdviz.pointAt({ a: 3, b: 2, near: null });"
        "return document.getElementById('readout').textContent"
    )
    assert said == "a = 3, b = 2 · f = 0 · ∇f = (0, 0)"


def test_a_refused_number_says_what_is_wanted(browser: Browser) -> None:
    browser.open(small())
    field = browser.driver.find_element("css selector", "input[aria-label^='α'][type=text]")
    field.clear()
    field.send_keys("-1\n")
    said = browser.driver.find_element("css selector", "#turning .error").text
    assert said.startswith("α, learning rate, as a number: this must be a number from 1e-60 to")
    assert browser.run("return gdviz.turning.choice.alpha") == small().experiment.alpha
    # What was refused stays beside the reason, whatever is drawn meanwhile.
    browser.run("arguments[0].blur(); gdviz.redraw()", field)
    browser.wait()
    assert field.get_property("value") == "-1"
    browser.run("gdviz.turning.turn({ epsilon: 0.5 })")
    browser.wait()
    assert float(field.get_property("value")) == small().experiment.alpha
    assert not browser.driver.find_element("css selector", "#turning .error").text


def test_numbers_are_read_as_the_windows_fields_read_them(browser: Browser) -> None:
    from gdviz.base.format import read_number

    browser.open(small())
    taken = ("0,003", ",5", "1,5e−3", "2.", "+1E2", "12,34", "−1e−3")
    refused = ("", "0x10", "0b1", "1,000.5", "1,2,3", "1_000", "1e", "Inf", "nan", ".", "3 4")
    field = browser.driver.find_element("css selector", "input[aria-label^='start']")
    type_in = (
        "const [field, text] = arguments; field.value = text;"
        "field.dispatchEvent(new Event('change'));"
        "return [gdviz.turning.choice.start[0], field.getAttribute('aria-invalid'),"
        " document.querySelector('#turning .error').textContent]"
    )
    for text in taken:
        assert browser.run(type_in, field, text) == [read_number(text), "false", ""], text
    for text in refused:
        value, invalid, said = browser.run(type_in, field, text)
        assert (value, invalid) == (-1e-3, "true"), text
        assert said == "start, a: this must be a number from −1e36 to 1e36, such as -0.001."
    for text in ("1,500", "-12,000e3"):
        with pytest.raises(ValueError, match="may be") as refusal:
            read_number(text)
        value, invalid, said = browser.run(type_in, field, text)
        assert (value, invalid) == (-1e-3, "true"), text
        assert said == f"start, a: {refusal.value}."


def test_a_click_on_the_map_sets_the_start(browser: Browser) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    browser.open(small())
    where = browser.run(
        "const { x, y } = gdviz.views[0].canvas.getBoundingClientRect();"
        "return [x + gdviz.views[0].x(-2), y + gdviz.views[0].y(3)]"
    )
    chain = ActionChains(browser.driver)
    chain.w3c_actions.pointer_action.move_to_location(*map(round, where))
    chain.w3c_actions.pointer_action.click()
    chain.perform()
    browser.wait()
    a, b = browser.run("return gdviz.start")
    assert abs(a + 2.0) < 0.03
    assert abs(b - 3.0) < 0.03
    # As many digits as a pixel has.
    assert (a, b) == (round(a, 2), round(b, 2))
    thetas = browser.run("return gdviz.data.runs.map(({ path }) => [path.theta[0], path.theta[1]])")
    assert thetas == [[a, b]] * 3
    assert browser.driver.find_element("css selector", "#turning button").is_enabled()


def test_only_a_press_that_stays_sets_the_start(browser: Browser) -> None:
    browser.open(small())
    before = list(small().experiment.start)
    at = "{ pointerId: 1, clientX: box.x + view.x(-2), clientY: box.y + view.y(3)"
    send = (
        "const [view] = gdviz.views; const box = view.canvas.getBoundingClientRect();"
        "view.canvas.setPointerCapture = () => {};"
        f"const send = (kind, more) => view.canvas.dispatchEvent(new PointerEvent(kind, {at},"
        "...more }));"
    )
    browser.run(send + "send('pointerdown', { button: 2 }); send('pointermove', { buttons: 2 });")
    browser.wait()
    assert browser.run("return gdviz.start") == before
    # A finger that scrolls: the browser takes the pointer away.
    browser.run(send + "send('pointerdown', { pointerType: 'touch' });")
    browser.wait()
    assert browser.run("return gdviz.start") != before
    browser.run(send + "send('pointercancel', { pointerType: 'touch' });")
    browser.run(send + "send('pointermove', {});")
    browser.wait()
    assert browser.run("return gdviz.start") == before
    assert browser.run("return gdviz.turning.isFirst")


def test_on_paper_it_is_light(browser: Browser) -> None:
    browser.open(small())
    browser.run(
        "if (document.documentElement.dataset.theme === 'light') gdviz.theme.button.click();"
        "window.printed = [];"
        "const note = () => printed.push([document.documentElement.dataset.theme,"
        "  getComputedStyle(document.body).color,"
        "  gdviz.views[0].canvas.toDataURL() === window.drawn]);"
        "window.addEventListener('beforeprint', note); window.addEventListener('afterprint', note);"
    )
    browser.wait()
    browser.run("window.drawn = gdviz.views[0].canvas.toDataURL()")
    browser.send("Page.printToPDF")
    on_paper, after = browser.run("return window.printed")
    assert on_paper == ["light", "rgb(29, 35, 41)", False]
    assert after == ["dark", "rgb(230, 232, 235)", True]


def test_light_and_dark(browser: Browser) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.send("Emulation.setEmulatedMedia", features=features)
    try:
        browser.open(small())
        assert browser.run(ground) == "rgb(21, 24, 29)"
        browser.driver.find_element("id", "theme").click()
        assert browser.run(ground) == "rgb(246, 247, 249)"
    finally:
        browser.send("Emulation.setEmulatedMedia", features=[])


@pytest.mark.parametrize("width", [320, 400])  # 320 is a screen of 1280 at four times its size
def test_a_narrow_screen_scrolls_in_one_direction(browser: Browser, width: int) -> None:
    browser.send(
        "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=2,
        mobile=True,
    )  # fmt: skip
    try:
        browser.open(small(), PageOptions("A title of some length " * 4, "Words " * 40))
        assert browser.run("return document.documentElement.scrollWidth") <= width
        assert browser.run("return document.getElementById('map').clientWidth") > width - 100
        # As high as there is room for, where it is narrow.
        assert browser.run("return document.getElementById('map').clientHeight") > 0.75 * width
    finally:
        browser.send("Emulation.clearDeviceMetricsOverride")


def test_the_surface_in_three_dimensions(browser: Browser) -> None:
    scene = small()
    browser.open(scene)
    browser.run("[...document.querySelectorAll('#views button')][1].click()")
    browser.wait()
    drawn = browser.run(
        "const { gl, canvas } = gdviz.views.find((view) => view.gl);"
        "const pixels = new Uint8Array(4 * canvas.width * canvas.height);"
        "gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);"
        "return pixels.filter((value, k) => k % 4 === 3 && value > 0).length"
        " / (canvas.width * canvas.height)"
    )
    assert 0.1 < drawn < 0.9
    assert not browser.failure
    # Where points of the map are seen is where gdviz's own projection has them.
    from gdviz.scene.relief.projection import Projection

    corner = browser.run("return gdviz.views.find((view) => view.gl).projection.seen([1, -1, 0.5])")
    expected = Projection(scene.experiment.camera).project(np.array([1.0, -1.0, 0.5]))
    assert np.allclose(corner, expected, rtol=1e-12)


_STANDS = (
    "return [gdviz.step, gdviz.shown, document.getElementById('step-text').textContent,"
    " gdviz.views.some((view) => view.gl)]"
)


@pytest.mark.parametrize("step", [None, 0, 7, 10_000])
def test_a_page_opens_at_the_step_that_the_experiment_was_left_at(
    browser: Browser, step: int | None
) -> None:
    last = max(run.path.updates for run in small().runs)
    browser.open(small(view=View(step=step)))
    shown = last if step is None else min(step, last)
    assert browser.run(_STANDS) == [shown, "map", f"step {shown} of {last}", False]
    assert not browser.failure


def test_a_page_opens_in_three_dimensions_where_the_window_stood_so(browser: Browser) -> None:
    camera = Camera(azimuth=20.0, elevation=60.0, distance=4.0)
    scene = small(view=View(relief=True, step=3), camera=camera)
    browser.open(scene)
    last = max(run.path.updates for run in scene.runs)
    assert browser.run(_STANDS) == [3, "relief", f"step 3 of {last}", True]
    pressed = "return document.querySelector('#views [aria-pressed=true]').textContent"
    assert browser.run(pressed) == "3-D"
    assert browser.run("return document.getElementById('relief').clientHeight") > 200
    assert browser.run("return document.getElementById('map').clientHeight") == 0
    found = browser.run("return gdviz.views.find((view) => view.gl).camera")
    assert (found["azimuth"], found["elevation"], found["distance"]) == (20.0, 60.0, 4.0)
    assert not browser.failure


def test_basins_lie_on_the_map(browser: Browser) -> None:
    experiment = on_surface(Experiment(), SURFACES["himmelblau"])
    basins = basins_of(experiment, 0, resolution=32)
    content = page_of(build_scene(experiment, resolution=32), None, [MethodBasins(0, basins)])
    browser.open_content(content.content)
    browser.driver.execute_async_script(
        "const done = arguments[0]; const wait = () => gdviz.basins.image ? done()"
        " : requestAnimationFrame(wait); wait();"
    )
    browser.wait()
    place = browser.driver.find_element("id", "basins")
    assert place.is_displayed()
    assert place.text.startswith(f"Basins: {heading(experiment, 0, 32)}")
    assert "nothing that is turned changes them" not in place.text
    # The first method's basins are under the paths, at the place of each start.
    drawn = (
        "const [a, b] = arguments; const [view] = gdviz.views;"
        "gdviz.data.runs.forEach((run) => { run.isHidden = true; });"
        "gdviz.data.map.contours.counts = []; view.draw();"
        "const ratio = view.canvas.width / view.canvas.clientWidth;"
        "const at = [view.x(a), view.y(b)].map((x) => Math.round(ratio * x));"
        "return [...view.canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3)"
    )
    pixels = basins_picture(basins)
    for i, j in ((4, 4), (4, 28), (28, 4), (26, 29)):
        colour = browser.run(drawn, float(basins.a[i]), float(basins.b[j]))
        assert np.abs(pixels[16 * j + 8, 16 * i + 8, :3].astype(int) - colour).max() <= 3
    browser.run("gdviz.turning.turn({ alpha: 0.02 })")
    browser.wait()
    assert "nothing that is turned changes them" in place.text
    browser.driver.find_elements("css selector", "#views button")[0].click()
    browser.wait()
    assert not place.is_displayed()
    colour = browser.run(drawn, float(basins.a[4]), float(basins.b[4]))
    assert np.abs(pixels[72, 72, :3].astype(int) - colour).max() > 30
    assert not browser.failure


@pytest.mark.parametrize("stood", [False, True])
def test_without_webgl_there_is_the_map(browser_without_webgl: Browser, stood: bool) -> None:
    browser = browser_without_webgl
    browser.open(small(view=View(relief=stood)))
    if not stood:
        browser.run("[...document.querySelectorAll('#views button')][1].click()")
    browser.wait()
    said = browser.driver.find_element("id", "no-relief")
    assert said.is_displayed()
    assert "needs WebGL, which this browser does not offer" in said.text
    assert browser.run("return document.getElementById('map').clientHeight") > 200
    assert browser.run("return document.getElementById('views').hidden")
    assert not browser.failure


def test_without_javascript_a_sentence_says_so(browser: Browser) -> None:
    content = page_of(small()).content
    browser.open_content(content)
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.driver.refresh()
        tree = browser.send("DOMSnapshot.captureSnapshot", computedStyles=[])
        seen = " ".join(
            tree["strings"][k] for k in tree["documents"][0]["layout"]["text"] if k >= 0
        )
        assert "This page draws with JavaScript, which is turned off in this browser" in seen
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


def test_what_fails_is_said(browser: Browser) -> None:
    content = page_of(small()).content.decode()
    before, data = content.split('id="gdviz-data">', 1)
    browser.open_content(f'{before}id="gdviz-data">[{data}'.encode())
    assert browser.failure.startswith("This browser cannot show all of the page (")
    assert browser.driver.find_element("id", "failure").is_displayed()


def test_numbers_are_written_as_gdviz_writes_them(browser: Browser) -> None:
    from gdviz.base.format import amount, number

    values = [0.0, -0.0, 1.0, -2.5, 1e-4, 1.23456789e-4, 9.9999e-5, 123456.0, 99999.5, 1e5, -1e-7,
              3.5e22, 1 / 3, 2 / 3e9, 12345.678, 1e100,
              2.0625, 2.0635, -1.0625, 1234.5, 12345.5, 0.15625, 99.5, 9.5, 8.5]  # fmt: skip
    browser.open(small())
    infinite = browser.run("return [Infinity, -Infinity].map((x) => gdviz.formatNumber(x))")
    assert infinite == [number(np.inf), number(-np.inf)]
    for digits in (1, 2, 4, 6):
        found = browser.run(
            "return JSON.parse(arguments[0]).map((x) => gdviz.formatNumber(x, arguments[1]))",
            json.dumps(values), digits,
        )  # fmt: skip
        assert found == [number(value, digits) for value in values]
    counts = [0, 12, 1240, 1234567, 0.4]
    found = browser.run("return arguments[0].map(gdviz.formatAmount)", counts)
    assert found == [amount(value) for value in counts]


# -- rules that stand in Python and in the page


@pytest.mark.parametrize("kind", ["linear", "sqrt", "log"])
def test_a_place_on_the_colour_scale_is_the_same_loss(browser: Browser, kind: Kind) -> None:
    scale = ColorScale(kind, -3.0, 250.0)
    browser.open(small())
    places = np.linspace(0.0, 1.0, 7)
    given = {"kind": kind, "low": scale.low, "high": scale.high}
    found = browser.run("return arguments[1].map((place) => gdviz.lossAt(arguments[0], place))",
                        given, places.tolist())  # fmt: skip
    assert np.allclose(found, scale.loss(places), rtol=1e-12)
    said = "return [0, 1].map((place) => gdviz.lossText(arguments[0], place))"
    assert browser.run(said, given) == ["≈ −3", "≈ 250"]
    assert browser.run(said, {**given, "below": True, "above": True}) == ["≤ −3", "≥ 250"]


def test_errors_and_angles_are_gdvizs(browser: Browser) -> None:
    scene = build_scene(on_surface(Experiment(), SURFACES["rosenbrock"]), resolution=12)
    browser.open(scene)
    for k, run in enumerate(scene.runs):
        taken = run.path.gradients_taken
        for name, expected in (("errorOf", run.path.error), ("angleOf", run.path.angle)):
            found = browser.run(
                "const [k, name] = arguments; const { path } = gdviz.data.runs[k];"
                "return Array.from(path.steps, (_, at) => String(gdviz[name](path, at)))", k, name
            )  # fmt: skip
            # Of an angle of rounding alone nothing is left but its size.
            assert np.allclose(numbers(found)[:taken], expected[:taken], rtol=1e-9, atol=1e-5)


def test_long_turned_paths_are_kept_as_computed_ones(browser: Browser) -> None:
    experiment = on_surface(Experiment(), SURFACES["rosenbrock"])
    experiment = experiment.replace(methods=(Method("analytic"), Method("forward")), steps=6_000)
    browser.open(build_scene(experiment, resolution=12))
    (found, _) = browser.run(_TURN, {"alpha": 5e-4})
    turned = build_scene(experiment.replace(alpha=5e-4), resolution=2).runs[0].path
    steps = kept_steps(6_000, 2)
    assert browser.run("return Array.from(gdviz.data.runs[0].path.steps)") == steps.tolist()
    assert_close(numbers(found["theta"]), turned.theta[steps.astype(int)].ravel(), 1e-9, "theta")
    assert found["sentence"].lower() == turned.sentence.lower()
    said = "return gdviz.turning.lacking"
    assert browser.run(said) == ["Of the turned paths one step in 2 is kept, and the last."]
    browser.wait()  # before the next frame the button is still that of a page that is not turned
    browser.run("gdviz.turning.reset.click()")
    browser.wait()
    assert browser.run(said) == []


def test_paths_from_other_starts_turn_as_far_as_a_browser_has_time(browser: Browser) -> None:
    starts = ((-3.0, 2.0), (2.0, -3.0))
    methods = (Method("analytic"), Method("spsa"))
    fields = {"more_starts": starts, "methods": methods, "samples": 2, "alpha": 0.002}
    experiment = on_surface(Experiment(), SURFACES["himmelblau"]).replace(**fields)
    browser.open(build_scene(experiment, resolution=12))
    browser.run("gdviz.turning.turn({ alpha: 0.004 })")
    thin = browser.run("return gdviz.data.thin.map(({ run, end }) => [run, ...end])")
    turned = build_scene(experiment.replace(alpha=0.004), resolution=2).others
    expected = {(methods.index(run.method), *run.path.theta[-1].tolist()) for run in turned}
    assert len(thin) == len(expected) == 4
    assert np.allclose(sorted(thin), sorted(map(list, expected)), rtol=1e-12)
    draws = "The thin lines of other draws are as gdviz computed them, and not drawn here."
    assert browser.run("return gdviz.turning.lacking") == [draws]
    browser.run("gdviz.turning.given.mostWork = 159; gdviz.turning.turn({ alpha: 0.003 })")
    assert browser.run("return gdviz.data.thin.length") == 0
    assert browser.run("return gdviz.turning.lacking") == [
        draws, "The paths from the other starts are not drawn: it would take a browser too long."
    ]  # fmt: skip


def test_where_a_difference_vanishes_at_a_kink_no_gradient_is_claimed(browser: Browser) -> None:
    function = FormulaFunction("abs(a) + abs(b)")
    experiment = Experiment(function=function, methods=(Method("central"),), start=(1.0, 1.0))
    browser.open(build_scene(experiment, resolution=12))
    (found,) = browser.run(_TURN, {"start": [0, 0]})
    assert found["sentence"] == "The estimate vanished at step 0 where ∇f is undefined, f = 0"


# -- fingers, wheels and paper


def test_a_finger_and_a_wheel_scroll_past_the_surface(browser: Browser) -> None:
    browser.open(small())
    browser.run("[...document.querySelectorAll('#views button')][1].click()")
    browser.wait()
    touch = "return getComputedStyle(document.querySelector(arguments[0])).touchAction"
    for canvas in ("#map", "#relief", "#panels canvas"):
        assert browser.run(touch, canvas) == "pan-y"
    turn = (
        "const event = new WheelEvent('wheel', { deltaY: 100, cancelable: true, ...arguments[0] });"
        "document.getElementById('relief').dispatchEvent(event);"
        "return [event.defaultPrevented, gdviz.switch.relief.camera.distance]"
    )
    before = small().experiment.camera.distance
    assert browser.run(turn, {}) == [False, before]
    _, pinched = browser.run(turn, {"ctrlKey": True})
    assert pinched > before
    browser.run("document.getElementById('relief').focus()")
    is_taken, distance = browser.run(turn, {})
    assert is_taken
    assert distance > pinched


def test_a_press_on_a_panel_shows_its_step(browser: Browser) -> None:
    browser.open(small(steps=20))
    send = (
        "const canvas = document.querySelector('#panels canvas');"
        "canvas.setPointerCapture = () => {}; const box = canvas.getBoundingClientRect();"
        "const send = (kind, more) => canvas.dispatchEvent(new PointerEvent(kind,"
        " { clientX: box.x + box.width / 2, clientY: box.y + 20, ...more }));"
    )
    browser.run(send + "send('pointerdown', { button: 2, buttons: 2 })")
    browser.run(send + "send('pointermove', { buttons: 2 })")
    assert browser.run("return gdviz.step") == 20
    browser.run(send + "send('pointerdown', { button: 0, buttons: 1 })")
    assert 5 < browser.run("return gdviz.step") < 15
    # A finger that scrolls: the browser takes the pointer away.
    browser.run(send + "send('pointercancel', {})")
    assert browser.run("return gdviz.step") == 20


def test_pictures_keep_their_shape_on_paper(browser: Browser) -> None:
    browser.open(small())
    shape = (
        "return [...document.querySelectorAll('#map, #panels canvas')].map((canvas) =>"
        " canvas.clientWidth / canvas.clientHeight / (canvas.width / canvas.height))"
    )
    browser.send("Emulation.setEmulatedMedia", media="print")
    try:
        browser.run("document.body.style.width = '500px'; gdviz.redraw = () => {};")
        assert browser.run("return document.getElementById('map').clientWidth") < 500
        assert np.allclose(browser.run(shape), 1.0, atol=0.02)
    finally:
        browser.send("Emulation.setEmulatedMedia", media="")
