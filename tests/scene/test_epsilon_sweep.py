"""What the ε sweep leaves out is said with the reason, and nothing else is."""

from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.epsilon_sweep import left_out

DRAWN = (
    "the spread of its draws hides what ε does; its slope is a central difference, whose best ε is "
    "its own"
)


def of(*names: str) -> Experiment:
    return Experiment(methods=tuple(map(Method, names)))


def test_each_reason_is_said_once_with_the_methods_it_is_about() -> None:
    assert left_out(of("gaussian", "forward", "richardson", "spsa")) == (
        f"Not swept: SPSA, Gaussian ({DRAWN})."
    )


def test_nothing_is_said_of_what_is_swept_or_uses_no_epsilon() -> None:
    assert left_out(of("analytic", "forward", "central", "adaptive", "forward-gradient")) == ""
    hidden = Experiment(methods=(Method("analytic"), Method("spsa", shown=False)))
    assert left_out(hidden) == ""


def test_of_all_estimates_those_with_an_epsilon_and_draws_are_named() -> None:
    said = left_out(of("analytic"), all_estimates=True)
    for title in ("SPSA", "Gaussian", "Evolution strategy", "Random coordinate"):
        assert title in said
    for title in ("Richardson", "Mini-batch", "Forward gradient", "Analytic"):
        assert title not in said
