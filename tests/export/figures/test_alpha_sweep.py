"""The α sweep as a figure and as a table, and the axis that window and figure share."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.patches import Patch
from PIL import Image

from gdviz.engine.analysis.alpha_sweep import RateCurve, RateSweep, rates
from gdviz.engine.descent.path import Status
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.export.figures.alpha_sweep import draw_rates
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, open_sheet
from gdviz.export.style import LOOKS
from gdviz.export.tables.analyses import rates_csv
from gdviz.scene.alpha_sweep import computed_from, loss_axis, sweep_experiment
from gdviz.scene.palette import PATH_COLORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
SIZES = [(2.5, 2.5), (8.0, 6.0), (14.0, 5.0), (4.0, 12.0)]
SPHERE = Experiment(
    function=FormulaFunction("a^2 + b^2"),
    start=(1.0, 0.5),
    alpha=0.1,
    epsilon=1e-6,
    steps=200,
    methods=(Method("analytic"), Method("forward"), Method("central", alpha=0.02)),
)
ODD: dict[str, dict[str, Any]] = {
    "negative": {"function": FormulaFunction("a + b")},
    "zero": {"function": FormulaFunction("0*a")},
    "undefined": {"function": FormulaFunction("log(a)"), "start": (-1.0, 1.0)},
    "largest": {"function": FormulaFunction("1e304*a^2*b")},
    "smallest": {"function": FormulaFunction("1e-300*a^2")},
    "own rate off the axis": {"methods": (Method("analytic", alpha=1e-9),)},
    "every row": {"methods": tuple(Method("analytic", alpha=10.0**-k) for k in range(12))},
}


def drawing(sheet: Sheet, experiment: Experiment) -> None:
    draw_rates(sheet, sweep_experiment(experiment), experiment)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("format_", ["png", "svg", "pdf"])
def test_the_same_makes_the_same_file(format_: str, file_of: Callable[..., bytes]) -> None:
    result = sweep_experiment(SPHERE)
    files = {file_of(SMALL, format_, draw_rates, result, SPHERE) for _ in range(2)}
    assert len(files) == 1


def test_files_of_each_format(file_of: Callable[..., bytes]) -> None:
    result = sweep_experiment(SPHERE)
    image = Image.open(io.BytesIO(file_of(SMALL, "png", draw_rates, result, SPHERE)))
    assert (image.format, image.size) == ("PNG", SMALL.pixels)
    dark = FigureOptions(size=(5.0, 4.0), theme="dark")
    svg = file_of(dark, "svg", draw_rates, result, SPHERE).decode()
    assert LOOKS["dark"].ground in svg
    assert PATH_COLORS[2].lower() in svg


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_part_covers_another(
    check_apart: Callable[[Sheet], None], size: tuple[float, float]
) -> None:
    with open_sheet(FigureOptions(size=size, dpi=40)) as sheet:
        drawing(sheet, SPHERE)
        check_apart(sheet)
        assert sheet.figure.axes[1].get_window_extent().width > 0.15 * sheet.figure.bbox.width


@pytest.mark.sampled(2)
@pytest.mark.parametrize("case", ODD)
def test_nothing_breaks_it(case: str, file_of: Callable[..., bytes]) -> None:
    experiment = SPHERE.replace(**ODD[case])
    svg = file_of(SMALL, "svg", draw_rates, sweep_experiment(experiment), experiment).decode()
    paths = re.findall(r'<path[^>]* d="([^"]*)"', svg)
    numbers = [abs(float(word)) for path in paths for word in re.findall(r"-?\d[\d.e+-]*", path)]
    assert max(numbers) < 20_000
    assert "nan" not in " ".join(paths)


def test_it_shows_curves_statuses_the_rates_of_now_and_the_bound(
    drawn: Callable[..., Figure],
) -> None:
    figure = drawn(SMALL, drawing, SPHERE)
    strip, panel = figure.axes
    assert (panel.get_xscale(), panel.get_yscale()) == ("log", "log")
    upright = [line.get_xdata()[0] for line in panel.lines if len(set(line.get_xdata())) == 1]
    assert upright == pytest.approx([0.1, 1.0, 0.02])
    # Three statuses of each method, the same in words: told apart by hatches, not by colours.
    assert len(strip.collections) == 9
    assert len({bar.get_hatch() or bar.get_facecolor().shape for bar in strip.collections}) > 2
    (legend,) = figure.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts == [
        "Analytic", "Forward difference", "Central difference (own α = 0.02)", "α = 0.1",
        "2/λₘₐₓ = 1", "ĝ vanished", "step limit", "diverged",
    ]  # fmt: skip
    patches = [patch for patch in legend.get_patches() if isinstance(patch, Patch)]
    assert len({(patch.get_hatch(), patch.get_facecolor()) for patch in patches}) == 3
    caption = figure.get_supxlabel().replace("\n", " ")
    assert "f(a, b) = a² + b², 200 steps from (1, 0.5)" in caption
    assert "At the minimum" in caption


def test_what_has_no_rate_is_named(drawn: Callable[..., Figure]) -> None:
    experiment = SPHERE.replace(methods=(Method("analytic"), Method("analytic", rule="l-bfgs")))
    assert "α is not used by L-BFGS" in drawn(SMALL, drawing, experiment).get_supxlabel()


# -- the table


def test_numbers_round_trip() -> None:
    result = sweep_experiment(SPHERE)
    rows = list(csv.reader(io.StringIO(rates_csv(result))))
    assert rows[0] == ["method", "alpha", "final_loss", "status"]
    cells = iter(rows[1:])
    for curve in result.curves:
        for alpha, loss, status in zip(result.alpha, curve.loss, curve.statuses, strict=True):
            row = next(cells)
            assert (row[0], row[3]) == (curve.label, status.value)
            np.testing.assert_equal((float(row[1]), float(row[2])), (alpha, loss))
    assert next(cells, None) is None


# -- the axis, and what a sweep depends on


def made(*losses: float, status: Status = Status.STEP_LIMIT) -> RateSweep:
    curve = RateCurve("made", np.array(losses), (status,) * len(losses))
    return RateSweep(rates(len(losses)), (curve,))


@pytest.mark.parametrize(
    ("losses", "is_log"),
    [
        ((1.0, 1e-20), True),
        ((1.0, 0.0), True),
        ((1.0, -1e-17), True),  # a zero, rounded
        ((1.0, -1e-3), False),
        ((-3.0, -3.0), False),
        ((np.nan, np.inf), True),
        ((), True),
    ],
)
def test_the_axis_of_losses(losses: tuple[float, ...], is_log: bool) -> None:
    axis = loss_axis(made(*losses))
    assert axis.is_log is is_log
    assert axis.low < axis.high
    assert axis.low > 0.0 or not is_log
    for loss in losses:
        if np.isfinite(loss) and (loss > 0.0 or not is_log):
            assert axis.low < loss < axis.high
    placed = axis.place(np.array([np.inf, -np.inf, 0.0, np.nan]))
    assert (placed[0], placed[1]) == (axis.high, axis.low)
    assert np.isnan(placed[3])


def test_what_diverged_does_not_stretch_the_axis() -> None:
    near = made(1.0, 2.0)
    far = made(1e300, status=Status.DIVERGED)
    both = RateSweep(near.alpha, near.curves + far.curves)
    assert loss_axis(both) == loss_axis(near)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"alpha": 0.3}, True),
        ({"eta": 0.3}, True),
        ({"color_scale": "log"}, True),
        ({"range": (-1.0, 1.0, -1.0, 1.0)}, True),  # within the home range
        ({"range": (-9.0, 1.0, -1.0, 1.0)}, False),
        ({"start": (0.3, 0.3)}, False),
        ({"steps": 3}, False),
        ({"epsilon": 0.3}, True),  # which the analytic gradient does not use
        ({"precision": "float32"}, False),
        ({"methods": (Method("analytic", color="#123456", alpha=2.0),)}, True),
        ({"methods": (Method("forward"),)}, False),
    ],
)
def test_what_a_sweep_depends_on(changes: dict[str, Any], same: bool) -> None:
    one = SPHERE.replace(methods=(Method("analytic"),))
    assert (computed_from(one.replace(**changes)) == computed_from(one)) is same
