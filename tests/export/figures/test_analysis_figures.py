"""The sweep and the cost in N as figures and tables."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from gdviz.engine.analysis.epsilon_sweep import Sweep, steps, sweep_epsilon
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.scaling import QUANTITIES, Measurement, ScalingResult, powers
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.export import log_axes
from gdviz.export.figures.epsilon_sweep import draw_sweep
from gdviz.export.figures.scaling import draw_scaling
from gdviz.export.log_axes import decades
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, open_sheet
from gdviz.export.style import LOOKS
from gdviz.export.tables.analyses import scaling_csv, scaling_json, sweep_csv
from gdviz.scene.palette import SCALING_COLORS

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
SIZES = [(2.5, 2.5), (8.0, 6.0), (14.0, 5.0), (4.0, 12.0)]
UNIT = Experiment(start=(0.7, 1.3), epsilon=1e-3)
POINTS = 120

# Everything at the edge of what a sweep can draw.
ODD: dict[str, dict[str, Any]] = {
    "kink": {"function": FormulaFunction("abs(a)"), "start": (0.0, 1.0)},
    "undefined": {"function": FormulaFunction("log(a)"), "start": (-1.0, 1.0)},
    "exact": {"function": FormulaFunction("0*a + 3"), "start": (1.0, 1.0)},
    "largest": {"function": FormulaFunction("1e304*a^2*b"), "start": (1.0, 1.0)},
    "smallest": {"function": FormulaFunction("1e-300*a^2"), "start": (1.0, 1.0)},
    "current step off the axis": {
        "function": FormulaFunction("a^3"),
        "start": (1.0, 1.0),
        "epsilon": 1e-20,
    },
}


def swept(experiment: Experiment, **options: Any) -> Sweep:
    return sweep_epsilon(
        experiment.objective(), experiment.start, epsilon=steps(POINTS),
        estimates=experiment.function.estimates_with_epsilon, **options,
    )  # fmt: skip


def odd(case: str) -> Experiment:
    return Experiment(**ODD[case])


def measured(largest: int) -> ScalingResult:
    """Return what a measurement might be, with no look at the clock."""
    return ScalingResult(
        64,
        tuple(
            Measurement(n, name, n + rank, 2.0 + rank * n, 128 * n, 1e-6 * n**rank, 1e-8 * rank)
            for n in powers(largest)
            for rank, name in enumerate(VARIANTS)
        ),
    )


#: What draws each of the figures.
DRAW: dict[str, Callable[[Sheet], None]] = {
    "sweep": lambda sheet: draw_sweep(sheet, swept(UNIT), UNIT),
    "scaling": lambda sheet: draw_scaling(sheet, measured(4096)),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_", ["png", "svg", "pdf"])
@pytest.mark.parametrize("name", DRAW)
def test_the_same_makes_the_same_file(
    name: str, format_: str, file_of: Callable[..., bytes]
) -> None:
    assert file_of(SMALL, format_, DRAW[name]) == file_of(SMALL, format_, DRAW[name])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", DRAW)
def test_files_of_each_format(name: str, file_of: Callable[..., bytes]) -> None:
    image = Image.open(io.BytesIO(file_of(SMALL, "png", DRAW[name])))
    assert (image.format, image.size) == ("PNG", SMALL.pixels)
    dark = file_of(FigureOptions(size=(5.0, 4.0), theme="dark"), "svg", DRAW[name]).decode()
    assert "<image" not in dark
    assert SCALING_COLORS["central"].lower() in dark  # in both figures
    assert LOOKS["dark"].ground in dark


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", DRAW)
def test_no_mathtext_whose_parser_is_not_safe_in_threads(
    name: str, file_of: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("mathtext was asked")

    monkeypatch.setattr("matplotlib.mathtext.MathTextParser.parse", refuse)
    assert file_of(SMALL, "svg", DRAW[name])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", DRAW)
def test_no_part_covers_another(
    check_apart: Callable[[Sheet], None], name: str, size: tuple[float, float]
) -> None:
    with open_sheet(FigureOptions(size=size, dpi=40)) as sheet:
        DRAW[name](sheet)
        check_apart(sheet)
        for axes in sheet.figure.axes:
            frame, legend = axes.get_window_extent(), axes.get_legend()
            assert frame.width > 0.15 * sheet.figure.bbox.width
            if legend is not None:  # the slopes stand above the curves and below the title
                assert legend.get_window_extent().y0 >= frame.y1 - 1
                assert legend.get_window_extent().y1 <= axes.title.get_window_extent().y0 + 1


# -- the sweep


def test_the_sweep_shows_curves_asymptotes_best_and_current_step(
    drawn: Callable[..., Figure],
) -> None:
    result = swept(UNIT)
    figure = drawn(SMALL, draw_sweep, result, UNIT)
    double, single = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["float64", "float32"]
    assert (double.get_xscale(), double.get_yscale()) == ("log", "log")
    for axes in (double, single):
        styles = [line.get_linestyle() for line in axes.lines]
        assert styles.count("--") == 12  # two asymptotes a curve, dashed and dotted
        marks = [line for line in axes.lines if line.get_marker() == "o"]
        assert len(marks) == 5  # none for the mistaken shortcut
        assert axes.lines[0].get_xdata() == [1e-3, 1e-3]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "Forward difference", "Backward difference", "Central difference", "Richardson",
        "Complex step", "Mistaken shortcut", "truncation", "round-off", "best ε", "ε = 0.001",
    ]  # fmt: skip
    caption = figure.get_supxlabel()
    assert "Sigmoid unit" in caption
    assert "at (0.7, 1.3)" in caption
    assert "Best ε in float32: Forward " in caption
    told = " ".join(caption.split())
    assert re.search(
        r"Central \S+ \(error \S+, theory \S+\), Richardson \S+ \(error \S+, theory \S+\), "
        r"Complex step 10⁻¹⁶ \(error \S+\)",
        told,
    )


def test_the_mistaken_shortcut_does_not_stretch_the_axis(drawn: Callable[..., Figure]) -> None:
    figure = drawn(SMALL, draw_sweep, swept(UNIT), UNIT)
    assert figure.axes[0].get_ylim()[1] < 1e3


@pytest.mark.sampled(1)
@pytest.mark.parametrize("case", ODD)
def test_nothing_breaks_a_sweeps_figure(case: str, file_of: Callable[..., bytes]) -> None:
    experiment = odd(case)
    svg = file_of(SMALL, "svg", draw_sweep, swept(experiment), experiment).decode()
    paths = re.findall(r'<path[^>]* d="([^"]*)"', svg)
    numbers = [abs(float(word)) for path in paths for word in re.findall(r"-?\d[\d.e+-]*", path)]
    assert max(numbers) < 20_000
    assert "nan" not in " ".join(paths)


def test_at_a_kink_the_figure_says_so_and_calls_nothing_best(drawn: Callable[..., Figure]) -> None:
    experiment = odd("kink")
    figure = drawn(SMALL, draw_sweep, swept(experiment), experiment)
    assert "Note: the gradient jumps at (0, 1)" in figure.get_supxlabel()
    assert "Best" not in figure.get_supxlabel()
    assert not [line for line in figure.axes[0].lines if line.get_marker() == "o"]


def test_where_f_is_undefined_the_panels_say_so(drawn: Callable[..., Figure]) -> None:
    experiment = odd("undefined")
    figure = drawn(SMALL, draw_sweep, swept(experiment), experiment)
    assert figure.axes[0].texts[0].get_text() == "no finite error"
    assert "Note: f is undefined at (−1, 1)" in figure.get_supxlabel()


def test_one_precision_has_the_figure_to_itself(drawn: Callable[..., Figure]) -> None:
    result = swept(UNIT, precisions=["float64"])
    assert len(drawn(SMALL, draw_sweep, result, UNIT).axes) == 1


# -- cost in N


def test_the_scaling_shows_each_quantity_with_slopes(drawn: Callable[..., Figure]) -> None:
    figure = drawn(SMALL, draw_scaling, measured(1024))
    assert [axes.get_title() for axes in figure.axes] == list(QUANTITIES.values())
    passes = figure.axes[1]
    assert (passes.get_xscale(), passes.get_yscale()) == ("log", "log")
    assert len(passes.lines) == len(VARIANTS)
    legend = passes.get_legend()
    assert legend.get_texts()[0].get_text() == "0.00"
    assert "at N = 1024: analytic 0, forward difference 10⁻⁸" in figure.get_supxlabel().replace(
        "\n", " "
    )


def test_partial_results_are_drawn(drawn: Callable[..., Figure]) -> None:
    for largest in (1, 2):
        figure = drawn(SMALL, draw_scaling, measured(largest))
        assert len(figure.axes[0].lines) == len(VARIANTS)
        assert (figure.axes[0].get_legend() is None) == (largest == 1)


# -- axes


def test_a_short_axis_has_numbers_between_powers_of_ten() -> None:
    axes = Figure().add_subplot()
    for high, expected in ((20.0, {1.0, 2.0, 5.0, 10.0, 20.0}), (1e4, {1.0, 10.0, 100.0})):
        log_axes.set_log_axis(axes, "y", 1.0, high)
        assert expected <= set(axes.yaxis.get_majorticklocs().round(9))
    labels = [axes.yaxis.get_major_formatter()(value) for value in (1.0, 10.0, 100.0)]
    assert labels == ["1", "10", "10²"]  # since 10⁴ is on this axis


@pytest.mark.parametrize(
    "values", [[], [np.nan, 0.0, -1.0], [3.0], [1e-320, 1.0], [1.0, np.inf], [1e-3, 1e5]]
)
def test_ends_of_an_axis(values: list[float]) -> None:
    low, high = decades(np.array(values, float))
    assert 0.0 < low * 9.99 <= high < np.inf
    finite = [value for value in values if np.isfinite(value) and value > 1e-290]
    assert all(low < value < high for value in finite)


# -- tables


def test_a_sweeps_numbers_round_trip() -> None:
    result = swept(UNIT)
    rows = list(csv.reader(io.StringIO(sweep_csv(result))))
    columns = ["estimate", "precision", "epsilon", "gradient_error", "expected_error"]
    assert rows[0] == columns
    assert len(rows) == 1 + 12 * POINTS
    cells = iter(rows[1:])
    for curve in result.curves:
        for numbers in zip(result.epsilon, curve.error, curve.expected, strict=True):
            row = next(cells)
            assert row[:2] == [curve.estimate, curve.precision]
            np.testing.assert_array_equal([*map(float, row[2:])], numbers)


def test_measurements_as_tables() -> None:
    result = measured(2)
    rows = list(csv.DictReader(io.StringIO(scaling_csv(result))))
    assert list(rows[0]) == [
        "n", "variant", "evaluations", "passes", "multiply_adds", "seconds", "relative_error"
    ]  # fmt: skip
    assert [float(row["seconds"]) for row in rows] == [m.seconds for m in result.measurements]
    made = json.loads(scaling_json(result))
    assert made["rows"] == 64
    assert [row["n"] for row in made["measurements"]] == [n for n in (1, 2) for _ in VARIANTS]
    assert made["slopes"]["forward"]["seconds"] == pytest.approx(1.0)
    alone = json.loads(scaling_json(measured(1)))
    assert alone["slopes"]["forward"] == dict.fromkeys(QUANTITIES)
