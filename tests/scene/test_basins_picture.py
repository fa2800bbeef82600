"""Basins as pixels and words: what is told apart, and what is not claimed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from gdviz.engine.analysis.attractors import KINDS, Outcome
from gdviz.engine.analysis.basins import Basins, difference
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.scene.basins import basins_of, compared_rows, computed_from, fate, share, why_none
from gdviz.scene.basins_picture import (
    COLORS,
    DIFFERENT,
    basins_legend,
    basins_picture,
    difference_legend,
    difference_picture,
    outcome_looks,
    short_legend,
    step_span,
)
from gdviz.scene.palette import PATH_COLORS


def on(surface: str, **fields: Any) -> Experiment:
    return on_surface(Experiment(), SURFACES[surface]).replace(**{"steps": 200, **fields})


@pytest.fixture(scope="module")
def himmelblau() -> Basins:
    return basins_of(on("himmelblau"), 0, 64)


def hue(color: str) -> float:
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return max(channels) - min(channels)


def test_minima_have_colours_and_the_rest_is_grey(himmelblau: Basins) -> None:
    assert [look.color for look in outcome_looks(himmelblau)] == [*COLORS[:4]]
    unit = basins_of(Experiment(steps=200), 0, 32)
    looks = outcome_looks(unit)
    assert [(hue(look.color), look.mark) for look in looks] == [(0, "")] * len(looks)
    assert {look.hatch for look in looks} == {"", "/"}  # on its way, left the map
    assert not {color.upper() for color in PATH_COLORS} & {*COLORS, DIFFERENT}


def test_every_kind_of_end_has_a_name_and_a_look(himmelblau: Basins) -> None:
    ends = tuple(Outcome(kind, 0.0, 0.0, 0.0, 1, 1) for kind in KINDS)
    assert len({end.name for end in ends}) == len(KINDS)
    looks = outcome_looks(dataclasses.replace(himmelblau, outcomes=ends))
    # Saddles and maxima are never frequent, and share one.
    assert len({(look.color, look.hatch) for look in looks}) == len(KINDS) - 1


def test_a_minimum_at_a_kink_has_its_line_in_the_legend() -> None:
    experiment = Experiment(
        function=FormulaFunction("abs(a - 1) + abs(b)"), alpha=0.013, steps=2000
    )
    basins = basins_of(experiment, 0, 16)
    (row,) = basins_legend(basins)
    assert (row.text, row.look.mark, row.look.hatch) == (
        "minimum at a kink (1, 0), f = 0: 100 %", "A", "\\"
    )  # fmt: skip
    assert fate(basins, 2.0, 2.0) == "minimum at a kink (1, 0) after 2000 steps"
    # Its strokes fall where those of the hatch / rise.
    picture = basins_picture(basins).astype(int)
    assert (picture[1:, :-1] == picture[:-1, 1:]).all()
    assert not (picture[1:, 1:] == picture[:-1, :-1]).all()


def test_more_minima_than_colours_differ_in_lightness() -> None:
    looks = outcome_looks(basins_of(on("six-hump-camel", steps=1000), 0, 64))
    assert len({look.color for look in looks if look.mark.isdigit()}) == 6
    looks = outcome_looks(basins_of(on("rastrigin"), 0, 96))
    assert len(looks) == 121
    assert len({look.color for look in looks}) >= 7 * len(COLORS)


def test_places_where_a_method_stalls_are_told_apart() -> None:
    looks = outcome_looks(basins_of(on("himmelblau", epsilon=1.0), 1, 32))
    stalled = [look for look in looks if look.hatch == "."]
    assert [look.mark for look in stalled] == ["A", "B", "C", "D"]
    assert len({look.color for look in stalled}) == 4


def test_rows_of_pixels_go_with_b_and_columns_with_a(himmelblau: Basins) -> None:
    pixels = basins_picture(himmelblau)
    assert pixels.shape == (512, 512, 4)
    assert pixels.dtype == np.uint8
    assert (pixels[..., 3] == 255).all()
    # (−5, 5): low a, high b; the colour is a tint of its minimum's.
    corner = outcome_looks(himmelblau)[himmelblau.label[-1, 0]]
    assert (himmelblau.outcomes[himmelblau.label[-1, 0]].a < 0) is True
    red, green, blue = (int(corner.color[i : i + 2], 16) for i in (1, 3, 5))
    shade = pixels[-1, 0, :3].astype(int)
    assert np.argsort(shade).tolist() == np.argsort([red, green, blue]).tolist()


def test_more_steps_are_darker(himmelblau: Basins) -> None:
    low, high = step_span(himmelblau)
    assert 0 < low < high < 200
    pixels = basins_picture(himmelblau)[::8, ::8, :3].astype(int).sum(axis=-1)
    same = himmelblau.label == himmelblau.label[0, 0]
    order = np.argsort(himmelblau.steps[same], kind="stable")
    assert (np.diff(pixels[same][order]) <= 3).all()  # rounding
    assert step_span(basins_of(on("himmelblau", steps=1), 0, 16)) is None


def test_a_difference_is_marked_where_it_is() -> None:
    one, other = (basins_of(on("himmelblau", epsilon=0.5), row, 64) for row in (0, 1))
    marked = (difference_picture(one, other)[::8, ::8, :3] == [0xD6, 0x33, 0x6C]).all(axis=-1)
    np.testing.assert_array_equal(marked, difference(one, other))
    assert 0 < marked.mean() < 0.2
    rows = difference_legend(one, other, ("Analytic", "Forward difference"))
    assert rows[0].text.startswith("Forward difference ends elsewhere")
    assert " → minimum" in rows[1].text
    assert len(rows) == 5
    none = difference_legend(one, one, ("Analytic", "Forward difference"))
    assert [row.text for row in none] == [
        "Forward difference ends elsewhere: 0 % of starts",
        "same end as Analytic: 100 %",
    ]  # fmt: skip


def test_a_legend_says_who_has_arrived() -> None:
    rows = basins_legend(basins_of(on("rosenbrock"), 0, 64))
    assert rows[0].text.startswith("minimum (1, 1), f = 0: ")
    assert rows[0].text.endswith(", arrived 0 %")
    assert rows[1].text.startswith("on its way: ")


def test_a_legend_of_many_is_short() -> None:
    basins = basins_of(on("rastrigin"), 0, 96)
    for rows in (basins_legend(basins, most=5), short_legend(basins, most=5)):
        assert len(rows) == 5
        assert rows[-1].look.mark == ""
        assert rows[-1].text.startswith("117 others: ")
    assert [row.look.mark for row in rows[:-1]] == ["1", "2", "3", "4"]
    cells = [end.cells for end in basins.outcomes]
    assert rows[-1].text == f"117 others: {share(sum(cells[4:]), sum(cells))}"


def test_a_short_legend_keeps_what_most_starts_reach(himmelblau: Basins) -> None:
    """The line for the others takes the two that fewest starts reach."""
    ends = tuple(
        dataclasses.replace(end, cells=cells)
        for end, cells in zip(himmelblau.outcomes, (10, 30, 20, 40), strict=True)
    )
    rows = short_legend(dataclasses.replace(himmelblau, outcomes=ends), most=3)
    assert [(row.look.mark, row.text) for row in rows] == [
        ("2", "30 %"), ("4", "40 %"), ("", "2 others: 30 %")
    ]  # fmt: skip


def test_a_short_legend_leaves_out_what_marks_tell(himmelblau: Basins) -> None:
    rows = short_legend(himmelblau)
    assert [row.look.mark for row in rows] == ["1", "2", "3", "4"]
    total = himmelblau.label.size
    assert [row.text for row in rows] == [share(end.cells, total) for end in himmelblau.outcomes]


def test_the_fate_of_a_start(himmelblau: Basins) -> None:
    steps = himmelblau.steps[-1, -1]
    assert fate(himmelblau, 5.0, 5.0) == f"minimum (3, 2) in {steps} steps"
    assert fate(himmelblau, 5.0, 5.0, brief=True) == "minimum (3, 2)"
    assert fate(himmelblau, 5.1, 0.0) == ""
    biased = basins_of(on("himmelblau", epsilon=0.3), 1, 16)
    assert fate(biased, 4.0, 4.0).startswith("near minimum (3, 2) after ")
    unit = basins_of(Experiment(), 0, 16)
    assert fate(unit, -6.0, 5.0) == "on its way after 40 steps"
    assert fate(unit, 5.0, -3.0).startswith("off the map after ")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 %"), (1, "< 0.1 %"), (9_999, "> 99.9 %"), (10_000, "100 %"),
                        (3_333, "33.3 %"), (10, "0.1 %")]
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(count: int, text: str) -> None:
    assert share(count, 10_000) == text


def test_basins_depend_on_neither_start_nor_what_plays_no_part() -> None:
    one = on("himmelblau")
    same = one.replace(start=(1.0, 1.0), more_starts=((2.0, 2.0),), epsilon=0.1, eta=0.5,
                       color_scale="log")  # fmt: skip
    assert computed_from(one, 0) == computed_from(same, 0)
    assert computed_from(one, 1) != computed_from(same, 1)  # the forward difference has an ε
    for change in ({"alpha": 0.02}, {"steps": 3}, {"range": (0.0, 1.0, 0.0, 1.0)},
                   {"schedule": "cosine"}, {"precision": "float32"}):  # fmt: skip
        assert computed_from(one, 0) != computed_from(one.replace(**change), 0)


def test_who_is_compared_and_who_has_none() -> None:
    methods = (Method("forward"), Method("analytic"), Method("central", shown=False),
               Method("backward"))  # fmt: skip
    assert compared_rows(on("himmelblau", methods=methods)) == ((1, 0), (1, 3))
    assert compared_rows(on("himmelblau", methods=methods[:1])) == ()
    searching = Method("analytic", "l-bfgs")
    assert compared_rows(on("himmelblau", methods=(searching, *methods[:2]))) == ((0, 1), (0, 2))
    assert why_none(Experiment(), 0) == ""
    assert "only makes sense on Sigmoid unit" in why_none(on("himmelblau"), 3)


#: Machado, Oliveira and Fernandes (2009): what is seen without one of the three kinds of cones.
SEEN = {
    "all": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


@pytest.mark.parametrize("seen", SEEN)
def test_the_colour_blind_tell_the_minima_apart(seen: str) -> None:
    srgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in COLORS]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.clip(linear @ np.transpose(SEEN[seen]), 0, 1) @ np.transpose(to_xyz)
    x, y, z = np.cbrt(xyz / [0.9505, 1.0, 1.089]).T
    lab = np.stack([116 * y, 500 * (x - y), 200 * (y - z)], axis=1)
    apart = np.linalg.norm(lab[:, None] - lab, axis=-1) + 1e3 * np.eye(len(COLORS))
    assert apart.min() > 13
    assert apart[:4, :4].min() > 24
