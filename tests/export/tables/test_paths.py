"""The table against closed forms of z = b·σ(ax) with x = 1, written out here."""

from __future__ import annotations

import csv
import io
import json
import math
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.change_function import on_grid
from gdviz.experiment.experiment import Experiment, Method
from gdviz.export.tables.paths import COLUMNS, columns, rows, to_csv, to_json
from gdviz.scene.scene import build_scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.scene.scene import Scene

NEEDS_GRADIENT = COLUMNS[COLUMNS.index("gradient_a") : COLUMNS.index("status")]


def sigma(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def z(a: float, b: float) -> float:
    return b * sigma(a)


ESTIMATES = {
    "analytic": lambda a, b, _e: (b * sigma(a) * (1 - sigma(a)), sigma(a)),
    "forward": lambda a, b, e: ((z(a + e, b) - z(a, b)) / e, sigma(a)),
    "backward": lambda a, b, e: ((z(a, b) - z(a - e, b)) / e, sigma(a)),
    "central": lambda a, b, e: ((z(a + e, b) - z(a - e, b)) / (2 * e), sigma(a)),
    "mistaken": lambda a, b, e: (b * sigma(e) / e, sigma(a)),
}


def read(scene: Scene) -> dict[str, list[dict[str, str]]]:
    table = list(csv.DictReader(io.StringIO(to_csv(scene))))
    return {name: list(group) for name, group in groupby(table, key=lambda row: row["method"])}


def test_the_columns_are_those_that_scripts_rely_on(unit_scene: Scene) -> None:
    header = to_csv(unit_scene).partition("\n")[0]
    assert header == (
        "method,step,a,b,loss,gradient_a,gradient_b,exact_gradient_a,exact_gradient_b,"
        "gradient_error,relative_error,angle_degrees,evaluations,evaluations_total,status,precision"
    )


def test_the_columns_of_a_landscape_have_the_names_in_its_file() -> None:
    values = np.add.outer(np.arange(3.0), np.arange(4.0))
    names = ("learning rate", "error")
    grid = LossGrid.from_arrays(np.arange(4.0), np.arange(3.0), values, names=names)
    scene = build_scene(on_grid(Experiment(), grid), resolution=2)
    assert columns(scene)[2:9] == (
        "learning rate", "parameter_error", "loss", "gradient_learning rate",
        "gradient_parameter_error", "exact_gradient_learning rate",
        "exact_gradient_parameter_error",
    )  # fmt: skip
    first = json.loads(to_json(scene))[0]
    assert first["learning rate"] == scene.experiment.start[0]


def test_each_row_says_in_what_it_was_computed(scene_of: Callable[..., Scene]) -> None:
    for precision in ("float64", "float32"):
        scene = scene_of(surface="sphere", precision=precision, steps=1)
        assert {row["precision"] for row in json.loads(to_json(scene))} == {precision}


def test_lines_end_with_a_line_feed_alone(unit_scene: Scene) -> None:
    for text in (to_csv(unit_scene), to_json(unit_scene)):
        assert text.endswith("\n")
        assert "\r" not in text


@pytest.mark.parametrize("name", ESTIMATES)
def test_rows_follow_the_closed_form(unit_scene: Scene, name: str) -> None:
    a, b = 0.7, 1.3
    for step, row in enumerate(read(unit_scene)[name]):
        assert int(row["step"]) == step
        assert float(row["a"]) == pytest.approx(a, rel=1e-12)
        assert float(row["b"]) == pytest.approx(b, rel=1e-12)
        assert float(row["loss"]) == pytest.approx(z(a, b), rel=1e-12)
        assert row["status"] == "step-limit"
        if step == 3:
            break
        g_a, g_b = ESTIMATES[name](a, b, 0.1)
        exact_a, exact_b = ESTIMATES["analytic"](a, b, 0.1)
        error = math.hypot(g_a - exact_a, g_b - exact_b)
        cosine = (g_a * exact_a + g_b * exact_b) / (
            math.hypot(g_a, g_b) * math.hypot(exact_a, exact_b)
        )
        assert float(row["gradient_a"]) == pytest.approx(g_a, rel=1e-11)
        assert float(row["gradient_b"]) == pytest.approx(g_b, rel=1e-11)
        assert float(row["exact_gradient_a"]) == pytest.approx(exact_a, rel=1e-12)
        assert float(row["exact_gradient_b"]) == pytest.approx(exact_b, rel=1e-12)
        assert float(row["gradient_error"]) == pytest.approx(error, rel=1e-9, abs=1e-14)
        assert float(row["relative_error"]) == pytest.approx(
            error / math.hypot(exact_a, exact_b), rel=1e-9, abs=1e-14
        )
        assert float(row["angle_degrees"]) == pytest.approx(
            math.degrees(math.acos(min(cosine, 1.0))), abs=1e-5
        )
        a, b = a - 0.5 * g_a, b - 0.5 * g_b


def test_evaluations_per_step(unit_scene: Scene) -> None:
    cost = {
        "analytic": 2, "forward": 3, "backward": 3, "central": 4, "complex-step": 2, "mistaken": 2
    }  # fmt: skip
    table = read(unit_scene)
    assert table.keys() == cost.keys()
    for name, each in cost.items():
        assert [row["evaluations"] for row in table[name]] == [str(each)] * 3 + [""]
        assert [row["evaluations_total"] for row in table[name]] == [
            str(each), str(2 * each), str(3 * each), ""
        ]  # fmt: skip


def test_the_last_row_is_a_point_without_a_gradient(unit_scene: Scene) -> None:
    for path in read(unit_scene).values():
        assert len(path) == 4
        assert all(path[-1][name] == "" for name in NEEDS_GRADIENT)
        assert all(path[-1][name] != "" for name in set(COLUMNS) - set(NEEDS_GRADIENT))
        assert all(row[name] != "" for row in path[:-1] for name in COLUMNS)


def test_a_path_that_ends_by_a_vanished_gradient_has_it_in_its_last_row(
    scene_of: Callable[..., Scene],
) -> None:
    # α = 1/2 on a² + b² is Newton's step: the second gradient is exactly zero.
    scene = scene_of(
        surface="sphere", start=(2.0, -1.0), alpha=0.5, methods=(Method("analytic"),)
    )  # fmt: skip
    first, last = read(scene)["analytic"]
    assert first["status"] == last["status"] == "estimate-vanished"
    assert [last[name] for name in ("gradient_a", "gradient_b", "evaluations")] == ["0", "0", "2"]
    assert last["evaluations_total"] == "4"
    # 0/0 was asked for and is no number, which is not the same as not having been asked for.
    assert last["relative_error"] == last["angle_degrees"] == "nan"
    assert json.loads(to_json(scene))[-1]["angle_degrees"] is None


def test_numbers_round_trip(unit_scene: Scene) -> None:
    for run in unit_scene.runs:
        path = run.path
        table = read(unit_scene)[run.label]
        objects = [row for row in json.loads(to_json(unit_scene)) if row["method"] == run.label]
        for k, row in enumerate(table):
            assert (float(row["a"]), float(row["b"])) == tuple(path.theta[k])
            assert (objects[k]["a"], objects[k]["b"]) == tuple(path.theta[k])
            if k < path.gradients_taken:
                assert float(row["gradient_a"]) == path.gradient[k, 0]
                assert float(row["gradient_error"]) == path.error[k] == objects[k]["gradient_error"]


def test_json_has_the_same_cells(unit_scene: Scene) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    objects = json.loads(to_json(unit_scene), parse_constant=refuse)
    assert [tuple(o) for o in objects] == [COLUMNS] * 24
    assert [tuple(o.values()) for o in objects] == list(rows(unit_scene))
    assert objects[3]["gradient_a"] is None


def test_what_is_not_a_number_is_null_in_json(scene_of: Callable[..., Scene]) -> None:
    # |a| has no slope at 0, and log is undefined to the left of it.
    for formula, start in (("abs(a) + b^2", (0.0, 1.0)), ("log(a)", (-1.0, 0.0))):
        scene = scene_of(formula=formula, start=start, methods=(Method("central", epsilon=2.0),))
        json.loads(to_json(scene), parse_constant=lambda name: pytest.fail(name))
    assert read(scene)[scene.runs[0].label][0]["loss"] == "nan"
    assert json.loads(to_json(scene))[0]["loss"] is None


def test_labels_with_commas_are_one_cell(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(steps=1, methods=(Method("forward", alpha=0.5, epsilon=1e-9),))
    assert set(read(scene)) == {"forward (α=0.5, ε=1e-09)"}


def test_zero_has_no_sign(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(formula="a^2 - b", start=(-0.0, 1.0), steps=1)
    assert math.copysign(1.0, scene.runs[0].path.theta[0, 0]) == -1.0
    assert next(csv.DictReader(to_csv(scene).splitlines()))["a"] == "0"
    assert str(json.loads(to_json(scene))[0]["a"]) == "0.0"


def test_no_methods_no_rows(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(methods=(Method("analytic", shown=False),))
    assert to_csv(scene) == ",".join(COLUMNS) + "\n"
    assert json.loads(to_json(scene)) == []
