"""The seed: the same paths in a scene, from a file and in other processes, alone or many."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.descent.batch import descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.draws import LARGEST_SEED
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.experiment.change_function import experiment_on
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import SurfaceFunction
from gdviz.experiment.json_file import from_json, load, save, to_json
from gdviz.experiment.method_settings import run_settings
from gdviz.experiment.validation import ExperimentError
from gdviz.export.tables.paths import to_csv
from gdviz.scene.scene import build_scene

RANDOM = [name for name, row in ESTIMATES.items() if row.is_random]
LOGISTIC = experiment_on("logistic-regression").replace(
    methods=tuple(map(Method, RANDOM)), alpha=1e-3, epsilon=1e-2, steps=12, seed=20
)


def paths(experiment: Experiment) -> list[bytes]:
    return [run.path.theta.tobytes() for run in build_scene(experiment, resolution=8).runs]


def test_other_processes_have_the_same_paths_to_the_last_bit(tmp_path: Path) -> None:
    """From a file on the command line, and by options alone, in processes of their own."""
    path = tmp_path / "seeded.json"
    save(LOGISTIC, path)
    options = ["--surface", "logistic-regression", "--alpha", "1e-3", "--epsilon", "1e-2",
               "--steps", "12", "--seed", "20", "--range", "-4,4,-4,4",
               *(word for name in RANDOM for word in ("--method", name))]  # fmt: skip
    here = to_csv(build_scene(LOGISTIC, resolution=8))
    for hash_seed, arguments in enumerate(([str(path)], options)):
        there = in_a_process("-m", "gdviz", "table", *arguments, hash_seed=hash_seed)
        assert there.splitlines() == here.splitlines()


def in_a_process(*words: str, hash_seed: int) -> str:
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=True, encoding="utf-8",
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed)},
    )  # fmt: skip
    return done.stdout


_SAMPLED = """
import sys
from gdviz.experiment.json_file import load
from gdviz.scene.scene import build_scene

scene = build_scene(load(sys.argv[1]), resolution=8)
for run in (*scene.runs, *scene.samples):
    print(run.label, run.path.theta.tobytes().hex())
"""


def test_further_paths_and_rules_that_draw_are_the_same_in_two_fresh_processes(
    tmp_path: Path,
) -> None:
    methods = (*LOGISTIC.methods, Method("analytic", "noisy"), Method("gaussian", "adam"))
    experiment = LOGISTIC.replace(methods=methods, samples=3)
    save(experiment, tmp_path / "sampled.json")
    one, other = (
        in_a_process("-c", _SAMPLED, str(tmp_path / "sampled.json"), hash_seed=k) for k in (1, 2)
    )
    scene = build_scene(experiment, resolution=8)
    here = [
        f"{run.label} {run.path.theta.tobytes().hex()}" for run in (*scene.runs, *scene.samples)
    ]
    assert len(here) == 4 * len(methods)
    assert len({line.split()[-1] for line in here}) == len(here)
    assert one.splitlines() == other.splitlines() == here


def test_the_place_among_the_methods_does_not_matter() -> None:
    alone = [paths(LOGISTIC.replace(methods=(method,)))[0] for method in reversed(LOGISTIC.methods)]
    assert alone[::-1] == paths(LOGISTIC)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_many_starts_have_the_draws_of_one(precision: str) -> None:
    """The batch, start by start, and the path that is drawn: up to the rounding of arrays."""
    experiment = LOGISTIC.replace(precision=precision)
    objective = experiment.objective()
    a, b = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.5, -0.5])
    for method, rule in itertools.product(experiment.methods, ("gd", "momentum", "adam")):
        settings = run_settings(experiment, Method(method.estimate, rule))
        ends = descend_from_each(objective, settings, a, b)
        for end, start in zip(ends, zip(a, b, strict=True), strict=True):
            last = descend(objective, settings, start).theta[-1]
            assert complex(end["at"]) == pytest.approx(
                complex(*last), rel=1e-12 if precision == "float64" else 1e-4
            )


def test_a_run_that_is_taken_over_is_one_of_the_same_seed() -> None:
    first = build_scene(LOGISTIC, resolution=8)
    same = build_scene(LOGISTIC, first, resolution=8)
    assert all(run.path is old.path for run, old in zip(same.runs, first.runs, strict=True))
    other = build_scene(LOGISTIC.replace(seed=21), first, resolution=8)
    assert all(
        (run.path.theta[-1] != old.path.theta[-1]).any()
        for run, old in zip(other.runs, first.runs, strict=True)
    )


def test_what_does_not_draw_does_not_depend_on_the_seed() -> None:
    one, other = (run_settings(Experiment(seed=seed), Method("central")) for seed in (0, 7))
    assert one == other


def test_a_seed_is_kept_in_a_file_and_older_files_have_none(tmp_path: Path) -> None:
    save(LOGISTIC, tmp_path / "seeded.json")
    assert load(tmp_path / "seeded.json") == LOGISTIC
    # What an older gdviz would not know is not written where it is as it always was.
    fields = json.loads(to_json(Experiment()))
    assert "seed" not in fields
    assert all("estimate_options" not in method for method in fields["methods"])
    assert from_json(json.dumps(fields)) == Experiment()


def test_options_of_an_estimate_are_kept_in_a_file() -> None:
    chosen = Experiment(methods=(Method("evolution", estimate_options={"pairs": 12}),))
    assert from_json(to_json(chosen)) == chosen
    assert chosen.labels() == ("evolution (k=12)",)


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        (-1, "seed: must be between 0 and 4294967295, not -1"),
        (LARGEST_SEED + 1, "seed: must be between 0 and 4294967295, not 4294967296"),
    ],
)
def test_seeds_out_of_bounds(seed: int, words: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        Experiment(seed=seed)
    assert str(refused.value) == words


@pytest.mark.parametrize("field", ["seed", "samples", "steps"])
@pytest.mark.parametrize("value", [1.5, 1.0, True, "x", None])
def test_whole_numbers_of_an_experiment_are_ints(field: str, value: object) -> None:
    with pytest.raises(ExperimentError) as refused:
        Experiment(**{field: value})  # type: ignore[arg-type]
    assert str(refused.value) == f"{field}: must be a whole number, not {value!r}"


@pytest.mark.parametrize("field", ["alpha", "epsilon", "eta"])
def test_text_is_no_number(field: str) -> None:
    with pytest.raises(ExperimentError, match=f"^{field}: must be a number, not 'x'$"):
        Experiment(**{field: "x"})  # type: ignore[arg-type]
    with pytest.raises(ExperimentError, match=r"^methods\[0\].alpha: must be a number, not True$"):
        Experiment(methods=(Method("spsa", alpha=True),))


@pytest.mark.parametrize("seed", ["1.5", '"x"', "null", "true"])
def test_seeds_that_are_no_integers(seed: str) -> None:
    text = to_json(Experiment(seed=7)).replace('"seed": 7', f'"seed": {seed}')
    with pytest.raises(ExperimentError, match=r"seed must be a whole number, not "):
        from_json(text)


@pytest.mark.parametrize(
    ("method", "field", "words"),
    [
        (Method("mini-batch"), "estimate", "takes some rows of the data, but there is no data"),
        (Method("evolution", estimate_options={"pairs": 0}), "estimate_options",
         "pairs of the estimate evolution must be between 1 and 100, not 0"),
        (Method("evolution", estimate_options={"pairs": 2.5}), "estimate_options",
         "pairs of the estimate evolution must be a whole number, not 2.5"),
        (Method("spsa", estimate_options={"pairs": 2}), "estimate_options",
         "the estimate spsa has no option 'pairs': it has none"),
    ],
)  # fmt: skip
def test_what_is_refused_of_an_estimate(method: Method, field: str, words: str) -> None:
    with pytest.raises(ExperimentError, match=words) as refused:
        Experiment(methods=(method,))
    assert refused.value.field == f"methods[0].{field}"


def test_a_mini_batch_is_no_larger_than_the_data() -> None:
    function = SurfaceFunction("logistic-regression")
    full = Method("mini-batch", estimate_options={"rows": 40})
    assert Experiment(function=function, methods=(full,)).methods == (full,)
    with pytest.raises(ExperimentError) as refused:
        Experiment(
            function=function, methods=(Method("mini-batch", estimate_options={"rows": 41}),)
        )
    assert refused.value.field == "methods[0].estimate_options.rows"
    assert refused.value.message == (
        "a mini-batch of B = 41 rows cannot be drawn from data that has 40: B is 40 at most"
    )
