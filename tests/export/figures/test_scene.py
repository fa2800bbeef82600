"""Figures: what the files hold, and that nothing that a path can do breaks them."""

from __future__ import annotations

import dataclasses
import io
import re
import threading
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.analysis.taylor_models import step_models
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.view import View
from gdviz.export import sheet as sheet_module
from gdviz.export.axes.layers import CONTOURS, IMAGE, PATHS
from gdviz.export.figures import scene as figure_module
from gdviz.export.figures.scene import figure_bytes, save_figure
from gdviz.export.options import SLIDE_SIZE, FigureOptions, FigureOptionsError
from gdviz.export.sheet import Sheet, open_sheet
from gdviz.export.style import HOLE, HOLE_HATCH, LOOKS
from gdviz.scene.animation.frames import Frame
from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.palette import PATH_COLORS, path_color
from gdviz.scene.scene import build_scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdviz.export.options import Format
    from gdviz.scene.scene import Scene

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
PANELS = FigureOptions(size=(5.0, 5.0), dpi=40, panels=True)
FOUR = tuple(map(Method, ("analytic", "forward", "central")))

# Everything that ends a path, and surfaces at the edge of what a float can hold.
ODD: dict[str, dict[str, Any]] = {
    "holes": {"formula": "log(a) + b^2", "alpha": 0.1, "epsilon": 0.1},
    "undefined everywhere": {"formula": "log(-1 - a^2)"},
    "undefined start": {"formula": "log(a)", "start": (-1.0, 1.0)},
    "constant": {"formula": "3"},
    "one step": {"steps": 1},
    "diverges": {"formula": "exp(a^2) + b^4", "alpha": 1e6},
    "overflows": {"formula": "exp(30*a^2)"},
    "largest": {"formula": "1e304*a^2*b"},
    "smallest": {"formula": "1e-300*a^2 + 1e-305*b"},
    "far away": {"formula": "a^2 + b^2", "range": (1e6 - 0.01, 1e6, 0.0, 1.0)},
    "narrow": {"formula": "a^2 + b^2", "range": (1.0, 1.0 + 2e-8, 1.0, 1.0 + 3e-8)},
    "start off the map": {"start": (100.0, 100.0)},
    "no methods": {"methods": (Method("analytic", shown=False),)},
    "other starts that diverge": {
        "formula": "exp(a^2) + b^4",
        "alpha": 1e6,
        "more_starts": ((2.0, 2.0), (-90.0, 1.0)),
    },
    "other starts without methods": {
        "more_starts": ((2.0, 2.0),),
        "methods": (Method("analytic", shown=False),),
    },
    "twelve methods": {"methods": tuple(Method("forward", epsilon=10.0**-k) for k in range(12))},
}


def test_other_starts_are_a_thin_line_a_method_and_a_circle_each(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    starts = ((-3.0, 2.0), (4.0, 1.0), (100.0, 0.0))
    figures = [
        drawn(SMALL, figure_module.draw_scene, scene_of(methods=FOUR, more_starts=more), False)
        for more in ((), starts)
    ]
    plain, crowded = (figure.axes[0].get_lines() for figure in figures)
    assert len(crowded) - len(plain) == 3 + 3 + 1  # lines, ends, starts
    thin = [line for line in crowded if line.get_alpha() == 0.75]
    assert len(thin) == 3
    for line in thin:
        assert np.isnan(line.get_xdata()).sum() >= 2
        assert line.get_linewidth() < min(
            other.get_linewidth() for other in plain if other.get_zorder() == PATHS
        )
    (circles,) = (line for line in crowded if line.get_label() == "Other starts")
    assert len(circles.get_xdata()) == 2  # the third is not on the map


def pixels(data: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("relief", [False, True])
def test_two_against_three_shows_three_paths_that_are_one(relief: bool) -> None:
    scene = build_scene(guides()[0].experiment, resolution=48)
    assert scene.rims == (2, 1, 0)
    picture = pixels(figure_bytes(scene, "png", FigureOptions(relief=relief))).astype(int)
    below_legend = picture[60:]
    for run in scene.runs:
        color = np.rint(255 * np.array(to_rgb(path_color(run.method, run.index))))
        # Of a path of some 500 pixels' length, rims of two pixels.
        assert (np.abs(below_legend - color).max(axis=2) < 24).sum() > 500, run.label


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "options",
    [SMALL, FigureOptions(size=(4.1, 4.7), dpi=33.3), FigureOptions(dpi=20, panels=True)],
    ids=["small", "odd", "panels"],
)
def test_a_png_has_the_promised_pixels(unit_scene: Scene, options: FigureOptions) -> None:
    image = Image.open(io.BytesIO(figure_bytes(unit_scene, "png", options)))
    assert image.format == "PNG"
    assert image.size == options.pixels
    assert image.size == pytest.approx(np.multiply(options.inches, options.dpi), abs=1)


#: What each part of the view is in a figure of the sphere with another start, by its lines.
PARTS: dict[str, Callable[[Figure], bool]] = {
    "contours": lambda figure: any(line.get_alpha() == 0.4 for line in figure.axes[0].lines),
    "minima": lambda figure: "Known minimum" in labels(figure),
    "others": lambda figure: (
        "Other start" in labels(figure)
        and any(line.get_alpha() == 0.75 for line in figure.axes[0].lines)
    ),
    "legend": lambda figure: bool(figure.legends),
}


def labels(figure: Figure) -> list[str]:
    return [str(line.get_label()) for line in figure.axes[0].lines]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("relief", [False, True])
@pytest.mark.parametrize("hidden", [(), *((part,) for part in PARTS), tuple(PARTS)])
def test_what_the_view_hides_is_not_drawn(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure], hidden: tuple[str, ...],
    relief: bool,
) -> None:  # fmt: skip
    view = View(**dict.fromkeys(hidden, False))
    scene = scene_of("sphere", view=view, start=(3.0, 1.0), more_starts=((-2.0, 2.0),))
    figure = drawn(SMALL, figure_module.draw_scene, scene, False, relief)
    assert {part: is_there(figure) for part, is_there in PARTS.items()} == {
        part: part not in hidden for part in PARTS
    }
    caption = " ".join(text.get_text() for text in figure.texts)
    assert ("1 other start" in caption) == ("others" not in hidden)


@pytest.mark.parametrize("relief", [False, True])
@pytest.mark.parametrize("has_pixels", [False, True])
def test_a_gradients_error_lies_on_the_map_beside_its_own_bar(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure], relief: bool, has_pixels: bool
) -> None:
    """On the flat map, whose bar is then the error's; in three dimensions there is none."""
    scene = scene_of(formula="a^2 + 4*b^2", range=(-2.0, 2.0, -2.0, 2.0))
    pixels = np.full((5, 5, 4), (200, 10, 20, 255), np.uint8) if has_pixels else None
    scale = ColorScale("log", 0.0, 8.0) if has_pixels else None
    marks = ((1.0, -1.5, "∂a"), (0.5, 0.5, "∂b"))
    error = ErrorDrawing(scene.landscape.grid.range, pixels, marks, scale, "|yours − ∂f/∂a|")
    figure = drawn(SMALL, figure_module.draw_scene, Frame(scene, error=error), False, relief)
    names = [axes.get_ylabel() for axes in figure.axes]
    assert ("|yours − ∂f/∂a|" in names) == (has_pixels and not relief)
    assert ("f(a, b)" in names) == (not has_pixels or relief)
    arrays = [image.get_array() for image in figure.axes[0].images]
    laid = [array for array in arrays if array.shape == (5, 5, 4)]
    assert len(laid) == (has_pixels and not relief)
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    assert ("Gradient worst" in lines) == (not relief)
    if not relief:
        worst = np.asarray(lines["Gradient worst"].get_xydata())
        assert worst.tolist() == [[1.0, -1.5], [0.5, 0.5]]
        assert {"∂a", "∂b"} <= {text.get_text() for text in figure.axes[0].texts}


@pytest.mark.parametrize("relief", [False, True])
def test_taylor_models_lie_on_the_map(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure], relief: bool
) -> None:
    """Of a quadratic: Newton's step leads from the start to the minimum."""
    scene = scene_of(formula="a^2 + 4*b^2", range=(-2.0, 2.0, -2.0, 2.0))
    models = step_models(scene.objective, (1.0, 1.0))
    frame = Frame(scene, models=TaylorOverlay(models, 2, newton=True, axes=True))
    figure = drawn(SMALL, figure_module.draw_scene, frame, False, relief)
    (legend,) = figure.legends
    rows = [text.get_text() for text in legend.get_texts()]
    assert rows[-3:] == ["Second-order model", "Axes of the Hessian", "Newton's step"]
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    assert len(lines["Second-order model"].get_xdata()) > 100
    if not relief:
        (first, last) = np.asarray(lines["Newton's step"].get_xydata())[[0, -1]]
        np.testing.assert_allclose(first, (1.0, 1.0))
        np.testing.assert_allclose(last, (0.0, 0.0), atol=1e-12)


def test_an_svg_is_made_of_lines_but_for_the_heat_map(unit_scene: Scene) -> None:
    svg = figure_bytes(unit_scene, "svg", PANELS).decode()
    assert svg.count("<image") == 1
    for run in unit_scene.runs:
        assert path_color(run.method, run.index).lower() in svg
    assert svg.count("<path") > 50
    assert "<dc:date>" not in svg


def test_a_pdf_is_made_of_lines_but_for_the_heat_map(unit_scene: Scene) -> None:
    pdf = figure_bytes(unit_scene, "pdf", PANELS)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Subtype /Image") == 1
    assert b"/CreationDate" not in pdf


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_", ["png", "svg", "pdf"])
def test_the_same_scene_makes_the_same_file(unit_scene: Scene, format_: Format) -> None:
    assert figure_bytes(unit_scene, format_, SMALL) == figure_bytes(unit_scene, format_, SMALL)


def test_the_map_is_the_right_way_up(scene_of: Callable[..., Scene]) -> None:
    """f grows with a, and ten times as fast with b: the lower left is dark, the upper right light.

    A transposed or flipped image would exchange the corners.
    """
    scene = scene_of(
        formula="a + 10*b", range=(0.0, 1.0, 0.0, 1.0), methods=(Method("analytic", shown=False),),
        start=(9.0, 9.0), view=View(contours=False),  # a pixel may lie on a line
    )  # fmt: skip
    image = pixels(figure_bytes(scene, "png", FigureOptions(dpi=50)))
    middle, left, right = image.shape[0] // 2, image.shape[1] // 4, image.shape[1] * 3 // 4
    upper, lower = image.shape[0] // 4, image.shape[0] * 2 // 3
    light = image.astype(int).sum(axis=2)
    assert light[upper, left] > light[lower, left] + 100
    assert light[middle, right] > light[middle, left]
    assert light[upper, left] > light[lower, right] + 100


def test_grid_points_are_at_the_centres_of_pixels(
    unit_scene: Scene, drawn: Callable[..., Figure]
) -> None:
    axes = drawn(SMALL, figure_module.draw_scene, unit_scene, False).axes[0]
    image = axes.get_images()[0]
    assert (*axes.get_xlim(), *axes.get_ylim()) == unit_scene.landscape.grid.range
    left, right, bottom, top = image.get_extent()
    grid = unit_scene.landscape.grid
    n = grid.resolution
    np.testing.assert_allclose(np.linspace(left, right, 2 * n + 1)[1::2], grid.a, atol=1e-12)
    np.testing.assert_allclose(np.linspace(bottom, top, 2 * n + 1)[1::2], grid.b, atol=1e-12)


def test_the_legend_names_methods_minima_and_start(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    methods = (Method("analytic"), Method("forward", epsilon=1e-3), Method("central", shown=False))
    scene = scene_of(surface="sphere", start=(1.0, 1.0), methods=methods)
    (legend,) = drawn(SMALL, figure_module.draw_scene, scene, False).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "Analytic", "Forward difference, ε = 0.001", "Known minimum", "Start"
    ]  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("case", ODD)
def test_nothing_breaks_a_figure(scene_of: Callable[..., Scene], case: str) -> None:
    with np.errstate(all="ignore"):
        scene = scene_of(**{"methods": FOUR, **ODD[case]})
    svg = figure_bytes(scene, "svg", PANELS).decode()
    paths = re.findall(r'<path[^>]* d="([^"]*)"', svg)
    numbers = [abs(float(word)) for path in paths for word in re.findall(r"-?\d[\d.e+-]*", path)]
    assert max(numbers) < 20_000  # glyphs have their own units; no coordinate of a diverging path
    assert "nan" not in " ".join(paths)


def test_an_exact_method_is_named_where_its_error_has_no_logarithm(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    words = {}
    for name, methods in {"one": FOUR[:2], "all": FOUR[:1]}.items():
        figure = drawn(PANELS, figure_module.draw_scene, scene_of(methods=methods), True)
        words[name] = [text.get_text() for text in figure.axes[3].texts]
        assert len(figure.axes[3].lines) == len(methods) - 1
    assert words == {"one": ["Analytic: exactly 0"], "all": ["Analytic: exactly 0"]}


def test_a_method_without_a_gradient_is_not_called_exact(
    scene_of: Callable[..., Scene], drawn: Callable[..., Figure]
) -> None:
    scene = scene_of(formula="log(a)", start=(-1.0, 1.0), methods=FOUR)
    figure = drawn(PANELS, figure_module.draw_scene, scene, True)
    assert [axes.texts[0].get_text() for axes in figure.axes[2:]] == [
        "no gradient was taken", "no exact gradient to compare with", "no finite loss"
    ]  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "size", [(2.5, 2.5), (8.0, 6.0), (14.0, 5.0), (4.0, 12.0)], ids=lambda size: f"{size}"
)
@pytest.mark.parametrize("panels", [False, True], ids=["map", "panels"])
def test_no_part_covers_another(
    scene_of: Callable[..., Scene],
    check_apart: Callable[[Sheet], None],
    size: tuple[float, float],
    panels: bool,
) -> None:
    if panels:
        size = (max(size[0], 4.0), max(size[1], 4.0))
    surface = {"surface": "goldstein-price", "start": (-0.4, -0.1), "alpha": 1e-4, "epsilon": 0.01}
    scene = scene_of(methods=FOUR, **surface)
    options = FigureOptions(size=size, dpi=40, panels=panels)
    with open_sheet(options) as sheet:
        figure_module.draw_scene(sheet, scene, panels)
        check_apart(sheet)
    width, height = sheet.figure.bbox.size
    map_box = sheet.figure.axes[0].get_window_extent()
    assert map_box.width > 0.4 * width
    assert map_box.height > 0.3 * height


def test_settings_are_the_persons_own_again(unit_scene: Scene) -> None:
    with mpl.rc_context({"font.size": 30.0, "text.usetex": True, "axes.grid": True}):
        before = dict(mpl.rcParams)
        changed = figure_bytes(unit_scene, "svg", SMALL)
        assert dict(mpl.rcParams) == before
    assert changed == figure_bytes(unit_scene, "svg", SMALL)


def test_no_mathtext_whose_parser_is_not_safe_in_threads(
    unit_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("mathtext was asked")

    monkeypatch.setattr("matplotlib.mathtext.MathTextParser.parse", refuse)
    assert figure_bytes(unit_scene, "svg", PANELS)


@pytest.mark.slow
def test_threads_may_draw_at_once(unit_scene: Scene) -> None:
    alone = {t: figure_bytes(unit_scene, "png", FigureOptions((4, 3), 30, theme=t))
             for t in ("light", "dark")}  # fmt: skip
    together: dict[str, bytes] = {}

    def draw(theme: Any) -> None:
        together[theme] = figure_bytes(unit_scene, "png", FigureOptions((4, 3), 30, theme=theme))

    threads = [threading.Thread(target=draw, args=(theme,)) for theme in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
    assert alone["light"] != alone["dark"]


def test_a_name_in_a_script_that_the_font_lacks(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(formula="变*a^2 + b^2", constants={"变": 2.0}, methods=FOUR)
    assert figure_bytes(scene, "png", SMALL)


def test_render_writes_what_the_ending_says(unit_scene: Scene, tmp_path: Path) -> None:
    starts = {"a.png": b"\x89PNG", "b.PDF": b"%PDF", "c.svg": b"<?xml"}
    for name, start in starts.items():
        save_figure(unit_scene, tmp_path / name, SMALL)
        assert (tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(FigureOptionsError, match=r"\.png, \.svg, \.pdf, \.eps or \.pgf"):
        save_figure(unit_scene, tmp_path / "d.gif", SMALL)
    assert {path.name for path in tmp_path.iterdir()} == starts.keys()


def test_a_failure_while_drawing_leaves_the_file(
    unit_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / "a.png"
    target.write_bytes(b"mine")
    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="No space"):
        save_figure(unit_scene, target, SMALL)
    assert target.read_bytes() == b"mine"


def test_colours_follow_the_row_and_the_persons_choice() -> None:
    assert path_color(Method("forward"), 1) == "#E69F00"
    assert path_color(Method("forward", color="#abcdef"), 1) == "#abcdef"
    assert len({path_color(Method("forward"), row) for row in range(12)}) == 12
    assert path_color(Method("forward"), len(PATH_COLORS)) == PATH_COLORS[0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"size": (0.0, 0.0)}, "size"),
        ({"size": (8.0, float("nan"))}, "size"),
        ({"size": (101.0, 3.0)}, "size"),
        ({"size": (3.0, 3.0), "panels": True}, "size"),
        ({"size": (90.0, 90.0)}, "size"),
        ({"size": (50.0, 3.0), "dpi": 600.0}, "size"),
        ({"dpi": 1e9}, "dpi"),
        ({"dpi": float("nan")}, "dpi"),
        ({"dpi": -1.0}, "dpi"),
    ],
)
def test_options_out_of_bounds(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(FigureOptionsError) as caught:
        FigureOptions(**fields)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)


def test_the_error_of_draws_has_their_deviation_in_theory_beside_it(
    drawn: Callable[..., Figure],
) -> None:
    """In dashes: ‖∇f‖ of SPSA at N = 2, up to the step that is drawn; no difference has one."""
    methods = Method("spsa"), Method("central")
    experiment = Experiment(methods=methods, epsilon=1e-4, alpha=0.01, steps=9)
    scene = build_scene(experiment, resolution=8)
    for step, count in ((None, 9), (4, 5)):
        figure = drawn(PANELS, figure_module.draw_scene, Frame(scene, step), True)
        (axes,) = (each for each in figure.axes if each.get_title().startswith("Gradient error"))
        (dashed,) = (line for line in axes.lines if line.get_linestyle() == "--")
        exact = scene.runs[0].path.exact_gradient[:count]
        np.testing.assert_allclose(10.0 ** dashed.get_ydata(), np.hypot(*exact.T))
        assert dashed.get_color() == axes.lines[0].get_color()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("panels", [False, True])
@pytest.mark.parametrize("extent", [(-2.0, 2.0, -1.0, 3.0), (-4.0, 4.0, -1.0, 1.0)])
def test_with_equal_units_a_unit_is_as_long_on_both_axes(
    extent: tuple[float, float, float, float], panels: bool
) -> None:
    chosen = Experiment(range=extent, equal_units=True)
    for equal in (True, False):
        scene = build_scene(chosen.replace(equal_units=equal), resolution=16)
        with open_sheet(PANELS if panels else SMALL) as sheet:
            drawing = figure_module.draw_scene(sheet, scene, panels)
            sheet.figure.draw_without_rendering()
            box = drawing.axes.get_window_extent()
            units = box.width / (extent[1] - extent[0]), box.height / (extent[3] - extent[2])
            assert (units[0] == pytest.approx(units[1], rel=1e-6)) == equal
            if equal:  # and the colour bar is as high as the map, beside it
                (bar,) = (axes for axes in drawing.axes.child_axes if axes.get_ylabel())
                place = bar.get_window_extent()
                assert (place.y0, place.y1) == pytest.approx((box.y0, box.y1), abs=1.0)
                assert place.x0 > box.x1


@pytest.mark.slow
def test_the_numbers_of_an_eps_are_those_of_the_other_formats(monkeypatch) -> None:
    scene = build_scene(Experiment(), resolution=16)
    ticks = {}

    def noted(sheet: Sheet, *rest: object) -> object:
        drawing = drawn(sheet, *rest)
        sheets.append(sheet)
        return drawing

    drawn, sheets = figure_module.draw_scene, []
    monkeypatch.setattr(figure_module, "draw_scene", noted)
    for name in ("pdf", "eps"):
        figure_bytes(scene, name, SMALL)
        ticks[name] = [
            [label.get_text() for label in axes.get_yticklabels()]
            for axes in sheets[-1].figure.axes
        ]
    assert ticks["eps"] == ticks["pdf"]
    assert "−2" in ticks["eps"][-1]  # of the colour bar


@pytest.mark.slow
def test_eps_is_lines_without_a_date_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    scene = build_scene(Experiment(), resolution=16)
    first, second = (figure_bytes(scene, "eps", SMALL) for _ in range(2))
    assert first == second
    assert first.startswith(b"%!PS-Adobe-3.0 EPSF-3.0")
    assert b"CreationDate" not in first
    assert not caplog.records  # matplotlib tells of what PostScript cannot do
    box = re.search(rb"%%BoundingBox: (\d+) (\d+) (\d+) (\d+)", first)
    assert box is not None
    left, low, right, top = map(int, box.groups())
    assert (right - left, top - low) == pytest.approx((5 * 72, 4 * 72), abs=2)


def eps_images(data: bytes) -> list[np.ndarray[Any, Any]]:
    """Return the pictures of pixels in an EPS, shape (height, width, 3) each."""
    pattern = rb"\n(\d+) (\d+) 8 \[[^}]*\} bind false 3 colorimage\n([0-9a-f\s]+)"
    found = re.findall(pattern, data)
    return [
        np.frombuffer(bytes.fromhex(pixels.decode()), np.uint8).reshape(int(h), int(w), 3)
        for w, h, pixels in found
    ]


@pytest.mark.parametrize("transparent", [False, True])
def test_what_is_translucent_is_blended_with_what_it_lies_on_in_eps(transparent: bool) -> None:
    def draw(sheet: Sheet) -> None:
        axes = sheet.figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
        axes.set_axis_off()  # a font takes an EPS a second
        axes.imshow(np.zeros((2, 2, 3), np.uint8), extent=(0, 1, 0, 1), aspect="auto", zorder=IMAGE)
        axes.axhline(0.5, color="#ffffff", alpha=0.4, linewidth=9.0, zorder=CONTOURS)
        axes.axvline(0.5, color="#ff0000", linewidth=9.0, zorder=PATHS)

    options = dataclasses.replace(SMALL, transparent=transparent)
    data = sheet_module.file_bytes(draw, "eps", options)
    (picture,) = eps_images(data)
    height, width, _ = picture.shape
    blended = picture[height // 2, width // 4].tolist()
    assert blended == pytest.approx([0.4 * 255] * 3, abs=1)
    assert picture[height // 4, width // 4].tolist() == [0, 0, 0]
    assert picture[height // 4, width // 2].tolist() == [0, 0, 0]  # the path is a line over it
    assert b"1 0 0 setrgbcolor" in data


def test_a_hole_in_eps_is_grey_and_hatched_as_in_png(tmp_path: Path) -> None:
    scene = build_scene(on_formula(Experiment(), "log(a) + b^2", home=None), resolution=16)
    save_figure(scene, tmp_path / "a.eps", SMALL)
    data = (tmp_path / "a.eps").read_bytes()
    assert data.startswith(b"%!PS")
    picture = eps_images(data)[0]
    of_hole = picture[:, : picture.shape[1] // 3].reshape(-1, 3)
    grey, hatch = (255 * np.array(to_rgb(color)) for color in (HOLE, HOLE_HATCH))
    assert (of_hole == np.rint(grey)).all(axis=1).any()
    assert (of_hole <= (grey + hatch) / 2 + 10).all(axis=1).any()
    assert (of_hole >= hatch - 1).all()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_surface_in_eps_stands_on_the_ground(theme: str) -> None:
    """What is beside the surface in its pixels would cover the lines on the floor."""
    scene = build_scene(Experiment(), resolution=16)
    options = dataclasses.replace(SMALL, relief=True, theme=theme)
    picture = eps_images(figure_bytes(scene, "eps", options))[0]
    ground = [round(255 * part) for part in to_rgb(LOOKS[theme].ground)]
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    assert all((edge == ground).all() for edge in edges)
    assert (picture != ground).any()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("panels", [False, True])
def test_a_transparent_picture_has_no_ground_and_all_of_its_map(panels: bool) -> None:
    scene = build_scene(Experiment(), resolution=16)
    options = PANELS if panels else SMALL
    clear, usual = (
        np.array(Image.open(io.BytesIO(figure_bytes(scene, "png", each))).convert("RGBA"))
        for each in (dataclasses.replace(options, transparent=True), options)
    )
    assert clear[0, 0, 3] == 0
    assert usual[0, 0, 3] == 255
    middle = clear.shape[0] // (3 if panels else 2), clear.shape[1] // 2
    assert clear[middle][3] == 255
    assert (clear[middle] == usual[middle]).all()


@pytest.mark.parametrize("points", [6.0, 14.0])
def test_words_have_the_size_that_was_chosen(points: float) -> None:
    scene = build_scene(Experiment(), resolution=16)
    options = FigureOptions(font_size=points, panels=True)
    with open_sheet(options) as sheet:
        drawing = figure_module.draw_scene(sheet, scene, panels=True)
        sheet.figure.draw_without_rendering()
        assert drawing.axes.xaxis.label.get_size() == points
        assert drawing.caption.get_size() == points
        (legend,) = sheet.figure.legends
        assert {text.get_size() for text in legend.get_texts()} == {points}
        width = sheet.figure.bbox.width
        assert drawing.caption.get_window_extent().width <= width


@pytest.mark.parametrize("points", [3.0, 41.0, float("nan")])
def test_words_that_nobody_can_read_are_refused(points: float) -> None:
    with pytest.raises(FigureOptionsError, match="font-size: must be between 4 and 40 points"):
        FigureOptions(font_size=points)


def test_panels_stand_beside_the_map_on_a_slide() -> None:
    scene = build_scene(Experiment(), resolution=16)
    with open_sheet(FigureOptions(SLIDE_SIZE, 40, panels=True)) as sheet:
        drawing = figure_module.draw_scene(sheet, scene, panels=True)
        sheet.figure.draw_without_rendering()
        right = drawing.axes.get_window_extent().x1
        panels = [axes for axes in sheet.figure.axes if axes.get_title()]
        assert len(panels) == 3
        assert all(axes.get_window_extent().x0 > right for axes in panels)
