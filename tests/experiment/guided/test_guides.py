"""The shipped guided experiments: readable, true to what they say, and with nothing missing."""

import numpy as np
import pytest

from gdviz.engine.analysis.basins import difference
from gdviz.engine.analysis.best_direction import best_direction
from gdviz.engine.analysis.model_curves import fitting
from gdviz.engine.analysis.operation_counts import costs, reusable
from gdviz.engine.analysis.taylor_models import predicted_changes
from gdviz.engine.descent.path import Status
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.guided.guides import Heading, guides, headings
from gdviz.experiment.open_file import open_file
from gdviz.scene.alpha_sweep import bound_of
from gdviz.scene.basins import basins_of, share
from gdviz.scene.scene import build_scene

TITLES = (
    "Two against three",
    "ε too large",
    "ε too small",
    "The mistaken shortcut",
    "What can be reused",
    "L-BFGS needs exact gradients",
    "How the cost grows with N",
    "What is being fitted",
    "The more non-linear, the less is reused",
    "Too large a rate",
    "The best direction is not the gradient",
    "What the models promise",
    "Far: long, near: short",
    "Preconditioning a ravine",
    "Where you start is where you end",
    "A slip in the gradient",
    "Two evaluations are enough, or are they?",
    "Forward without backward",
    "A tenth of the data",
    "Which ε would a careful library take?",
    "Your own network",
)


def runs(title):
    guide = next(guide for guide in guides() if guide.title == title)
    return {run.label: run.path for run in build_scene(guide.experiment, resolution=2).runs}


def test_all_are_there_in_order():
    assert tuple(guide.title for guide in guides()) == TITLES
    assert headings() == tuple(Heading(guide.title, guide.look) for guide in guides())


@pytest.mark.parametrize("guide", guides(), ids=lambda g: g.title)
def test_what_to_look_at_is_two_sentences(guide):
    assert guide.look.endswith(".")
    ends = [
        i for i, c in enumerate(guide.look) if c in ".:" and guide.look[i + 1 : i + 2] in ("", " ")
    ]
    assert 2 <= len([i for i in ends if guide.look[i] == "."]) <= 2
    assert 0 <= guide.method < len(guide.experiment.methods)


def test_two_against_three():
    paths = runs("Two against three")
    assert [paths[name].evaluations[0] for name in ("analytic", "forward", "central")] == [2, 3, 4]
    ends = [path.theta[-1] for path in paths.values()]
    assert np.ptp(ends, axis=0).max() < 1e-3


def test_too_large():
    paths = runs("ε too large")
    assert np.hypot(*(paths["forward"].theta[-1] - paths["analytic"].theta[-1])) > 3
    ratio = paths["forward"].error[0] / paths["forward (ε=0.1)"].error[0]
    assert 5 < ratio < 15


def test_too_small():
    paths = runs("ε too small")
    assert paths["forward"].error[0] < 1e-7 < 1e-2 < paths["forward (ε=1e-15)"].error[0]
    assert "exactly zero" in paths["forward (ε=3e-16)"].sentence
    assert paths["complex-step (ε=1e-20)"].error[0] < 1e-15


def test_the_mistaken_shortcut():
    assert runs("The mistaken shortcut")["mistaken"].error[0] > 4


def test_l_bfgs():
    exact, coarse = runs("L-BFGS needs exact gradients").values()
    assert exact.gradients.sum() == 44
    assert exact.loss[-1] < 1e-10
    assert coarse.loss[-1] == pytest.approx(4.13, abs=0.03)
    assert "its line search found no lower point" in coarse.sentence


def test_what_is_being_fitted():
    guide = next(guide for guide in guides() if guide.title == "What is being fitted")
    experiment = guide.experiment
    prepared = fitting(
        experiment.function.data_set, experiment.function.model, {}, experiment.function.target
    )
    exact, forward = runs(guide.title).values()
    first, last = (int(prepared.at(*exact.theta[i]).wrong.sum()) for i in (0, -1))
    assert f"{first} of the {experiment.function.data_set.rows} points" in guide.look
    assert f"until {last} are left" in guide.look
    assert f"from {exact.loss[0]:.1f} to {exact.loss[-1]:.1f}" in guide.look
    angles = [np.degrees(np.arctan2(*path.theta[-1])) for path in (exact, forward)]
    assert abs(np.subtract(*angles)) > 10


def test_the_more_non_linear():
    guide = next(g for g in guides() if g.title == "The more non-linear, the less is reused")
    for name in ("sigmoid-unit", "nested-sigmoid", guide.experiment.function.name):
        formula = FormulaObjective.of(SURFACES[name]).formula
        assert f" {reusable(formula)['b']:.0%}".replace("%", " %") in guide.look
    kinds = {name: cost.operations["exp"] for name, cost in costs(formula).items()}
    assert kinds["forward"] == kinds["forward-reused"] == 18
    assert kinds["analytic"] == 6
    assert "need 18 a step" in guide.look
    assert "the gradient 6." in guide.look


def test_too_large_a_rate():
    creeping, leaping = runs("Too large a rate").values()
    assert creeping.loss[-1] < 0.002 < 1e5 < leaping.loss[-1]
    assert leaping.updates == 6
    assert leaping.status is Status.DIVERGED
    guide = next(guide for guide in guides() if guide.title == "Too large a rate")
    limit = bound_of(guide.experiment).alpha
    assert guide.experiment.alpha < limit < guide.experiment.methods[1].alpha
    assert f"{limit:.5g}" in guide.look


def test_the_best_direction():
    guide = next(g for g in guides() if g.title == "The best direction is not the gradient")
    experiment = guide.experiment
    circle = best_direction(experiment.objective(), experiment.start, experiment.eta)
    here = experiment.objective().value(*experiment.start)
    for said in (here, circle.steepest_loss, circle.best_loss, circle.angle_between):
        assert f" {said:.1f}" in guide.look
    assert f"{circle.evaluations} evaluations" in guide.look
    assert best_direction(experiment.objective(), experiment.start, 1e-4).angle_between < 0.1


def test_what_the_models_promise():
    guide = next(g for g in guides() if g.title == "What the models promise")
    (path,) = runs(guide.title).values()
    changes = predicted_changes(guide.experiment.objective(), path)
    for change in (changes.first, changes.second, changes.actual):
        assert f" {-change[guide.step]:.1f}" in guide.look
    assert changes.second[5] == pytest.approx(changes.actual[5], rel=0.05)
    assert changes.first[5] != pytest.approx(changes.actual[5], rel=0.5)


def test_far_long_near_short():
    guide = next(g for g in guides() if g.title == "Far: long, near: short")
    descent, fixed = runs(guide.title).values()
    long, short = (np.hypot(*np.diff(path.theta, axis=0).T) for path in (descent, fixed))
    assert f"{long[0]:.3g} at first" in guide.look
    assert f"{long[-1]:.2g} in the end" in guide.look
    assert np.all(np.diff(long) < 0)
    assert short == pytest.approx(guide.experiment.methods[1].alpha)
    assert descent.loss[-1] < 0.003 < 0.02 < fixed.loss[-4:].min()


def test_preconditioning_a_ravine():
    guide = next(g for g in guides() if g.title == "Preconditioning a ravine")
    descent, momentum, rmsprop, adam, newton = runs(guide.title).values()
    assert guide.experiment.alpha < 2 / guide.experiment.function.constants["kappa"]
    assert f"f = {descent.loss[-1]:.2g}." in guide.look
    assert max(path.loss[-1] for path in (momentum, rmsprop, adam)) < 0.01
    assert newton.updates == 1
    assert newton.status is Status.ESTIMATE_VANISHED
    assert (newton.evaluations[0], descent.evaluations[0]) == (6, 2)


def test_where_you_start():
    guide = next(guide for guide in guides() if guide.title == "Where you start is where you end")
    assert (guide.experiment.view.basins, guide.method) == ((0,), 0)
    exact, forward = (basins_of(guide.experiment, row) for row in (0, 1))
    assert [end.kind for end in exact.outcomes] == ["minimum"] * 4
    # A number on the map is an end's place in the list, from 1.
    blue, orange = runs(guide.title).values()
    assert blue.theta[-1] == pytest.approx((exact.outcomes[3].a, exact.outcomes[3].b))
    assert orange.theta[-1] == pytest.approx((exact.outcomes[0].a, exact.outcomes[0].b), abs=0.3)
    different = difference(exact, forward)
    assert f"the {share(int(different.sum()), different.size)} of all starts" in guide.look
    finer = guide.experiment.replace(epsilon=0.001)
    assert difference(exact, basins_of(finer, 1)).sum() == 5


def test_a_slip_in_the_gradient():
    guide = next(guide for guide in guides() if guide.title == "A slip in the gradient")
    assert (guide.lens, guide.view) == ("Formula", "check")
    experiment = guide.experiment
    check = check_gradient(
        experiment.objective(),
        experiment.function.candidate_gradient,
        experiment.map_range,
        seconds=0,
    )
    assert [verdict.right for verdict in check.verdicts] == [False, True]
    slip = check.candidate.parts[0]
    for a, b in ((1.0, -3.0), (1.0, 4.0), (5.0, 0.0), (-2.0, 0.0)):
        assert slip.value(a, b) == experiment.objective().gradient(a, b)[0]
    for a, b in ((2.0, 4.0), (0.0, -3.0), (-2.0, 1.0)):
        assert slip.value(a, b) != pytest.approx(experiment.objective().gradient(a, b)[0])
    exact, yours = runs(guide.title).values()
    assert exact.gradient[0, 0] > 0 > yours.gradient[0, 0]
    assert exact.theta[-1, 0] < experiment.start[0] < yours.theta[-1, 0]
    assert yours.status is Status.LEFT_MAP
    assert f"at step {yours.updates}:" in guide.look
    text, other = experiment.function.candidate_gradient
    mended = experiment.replace(
        candidate_gradient=(text.replace("a*sigmoid(a*x))", "sigmoid(a*x))"), other)
    )
    one, same = (run.path.theta[-1] for run in build_scene(mended, resolution=2).runs)
    assert same == pytest.approx(one)


def test_two_evaluations():
    exact, spsa, gaussian, evolution = runs("Two evaluations are enough, or are they?").values()
    assert [path.evaluations[0] for path in (exact, spsa, gaussian, evolution)] == [2, 2, 2, 10]
    assert evolution.evaluations.sum() == 600
    norm = np.linalg.norm(spsa.exact_gradient[:60], axis=1)
    assert np.allclose(spsa.error[:60], norm, rtol=0.05)  # N = 2: exactly ‖∇f‖ as ε → 0
    mean = [np.sqrt(np.mean(path.relative_error[:60] ** 2)) for path in (gaussian, evolution)]
    assert mean[1] < mean[0]
    assert all(path.loss[-1] < 0.02 for path in (exact, spsa, gaussian, evolution))


def test_forward_without_backward():
    exact, forward, one = runs("Forward without backward").values()
    assert forward.theta == pytest.approx(exact.theta, rel=1e-12)
    formula = FormulaObjective.of(SURFACES["rosenbrock"]).formula
    ledger = costs(formula, 1, ("analytic", "forward-mode", "forward-gradient"))
    assert [cost.total("passes") for cost in ledger.values()] == [2, 4, 2]
    assert one.evaluations[0] == 1


def test_a_tenth_of_the_data():
    exact, batch = runs("A tenth of the data").values()
    assert (exact.evaluations.sum(), batch.evaluations.sum()) == (200, pytest.approx(20))
    assert exact.loss[-1] < batch.loss[-50:].min()
    away = np.hypot(*(batch.theta[-50:] - exact.theta[-1]).T)
    assert away.max() < 1.5
    assert np.hypot(*np.diff(batch.theta[-50:], axis=0).T).min() > 0.01


def test_which_epsilon():
    guide = next(g for g in guides() if g.title == "Which ε would a careful library take?")
    assert guide.experiment.methods[guide.method].estimate == "adaptive"
    exact, large, small, adaptive = runs(guide.title).values()
    assert not exact.error[:40].any()
    for path in (large, small):
        assert 1e-6 < path.error[:40].max() < 1e-4
    assert adaptive.error[:40].max() < 1e-9
    assert set(adaptive.evaluations[:40].tolist()) == {12, 16, 20}


@pytest.mark.frameworks
def test_your_own_network():
    """It is opened as the menu does, and is as large as it says."""
    guide = next(guide for guide in guides() if guide.title == "Your own network")
    settings = SliceSettings(directions=guide.directions)
    opened = open_file(guide.file, guide.experiment, kind="code", settings=settings)
    assert "the network has N = 2,762 parameters" in opened.notes
    assert "2,762 parameters" in guide.look
    assert "2,763 losses" in guide.look
    scene = build_scene(opened.experiment, resolution=2, objective=opened.objective)
    assert [run.method.estimate for run in scene.runs] == ["analytic", "forward"]
    assert all(run.path.loss[-1] < run.path.loss[0] for run in scene.runs)
    opened.runner.stop()
