"""The α sweep of an experiment: its bound is the one beside α."""

from dataclasses import replace

import pytest

from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.alpha_sweep import bound_of, sweep_experiment, swept_title, with_own_alpha
from gdviz.scene.basins import why_none


@pytest.mark.parametrize("name", SURFACES)
def test_on_every_surface_the_sweep_has_the_bound_beside_alpha(name: str) -> None:
    experiment = on_surface(Experiment(), SURFACES[name])
    assert sweep_experiment(experiment, alpha=[1e-6, 1.0]).bound == bound_of(experiment)
    has_none = name in {"sigmoid-unit", "nested-sigmoid", "saddle", "monkey-saddle"}
    assert (bound_of(experiment).alpha is None) == has_none


def test_it_is_there_when_every_rate_has_been_tried() -> None:
    seen = []
    result = sweep_experiment(Experiment(), alpha=[1e-3, 1e-2], progress=seen.append)
    assert [sweep.bound.sentence for sweep in seen] == ["", ""]
    assert result.bound.sentence.startswith("no bound on α is known: f = b·σ(ax) has no minimum")


def test_methods_with_an_alpha_of_their_own_are_told_apart() -> None:
    methods = (
        Method("analytic"),
        Method("central", "momentum", alpha=0.02, options={"momentum": 0.5}),
    )
    own = Experiment(methods=methods)
    assert swept_title(methods[1]) == "Central difference, Momentum, μ = 0.5"
    assert with_own_alpha(own) == (
        "every method is run with every α: Central difference, Momentum, μ = 0.5 has its own, 0.02"
    )
    assert with_own_alpha(Experiment()) == ""
    newton = Experiment(methods=(Method("analytic"), Method("analytic", "l-bfgs")))
    assert with_own_alpha(newton) == ""


def test_the_bound_of_code_is_that_of_what_runs_it() -> None:
    code = CodeFunction(Code("/net.py", "0" * 64, has_gradient=True, has_hessian=True))
    bowl = FormulaObjective.from_text("2*a^2 + b^2")
    experiment = Experiment(function=code, start=(1.0, 1.0))
    assert sweep_experiment(experiment, bowl, alpha=[0.1]).bound.alpha == pytest.approx(0.5)
    assert why_none(experiment, 0) == ""
    without = experiment.replace(code=replace(code.code, has_hessian=False))
    assert why_none(without, 0) == (
        "net.py has no second derivatives, so minima cannot be identified"
    )
