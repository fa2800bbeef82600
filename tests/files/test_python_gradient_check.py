"""A gradient that is not that of the loss: it is noticed, and a right one is not blamed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_process import open_code
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE
from gdviz.files.python_gradient_check import compare_gradient, gradient_notes

Function = Callable[[Any, Any], Any]


@pytest.fixture
def notes(tmp_path: Path) -> Callable[[str, str], tuple[str, ...]]:
    def notes(loss: str, gradient: str) -> tuple[str, ...]:
        text = (
            f"import numpy as np\n\n\ndef loss(a, b):\n    return {loss}\n\n\n"
            f"def gradient(a, b):\n    return {gradient}\n"
        )
        process = open_code(tmp_path / "mine.py", text.encode())
        found = gradient_notes(CodeObjective(process.code, process), DEFAULT_RANGE)
        # f and ∇f, and both again, as they may draw something; five times more where they do, and f
        # once more where a component is off.
        assert process.calls in (4, 5, 14)
        return found

    return notes


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        ("a**2 + 3 * b**2", "2 * a, 6 * b"),
        ("(1 - a)**2 + 100 * (b - a**2)**2",
         "-2 * (1 - a) - 400 * a * (b - a**2), 200 * (b - a**2)"),
        ("abs(a) + abs(b)", "np.sign(a), np.sign(b)"),
        ("np.exp(5 * a)", "5 * np.exp(5 * a), 0 * b"),
        ("np.log(a) + b", "1 / a, 1 + 0 * b"),
        ("np.sin(900 * a) + b", "900 * np.cos(900 * a), 1 + 0 * b"),  # too fast to be seen
        ("np.float32(1e6) + a.astype('f4')**2 + b.astype('f4')**2", "2 * a, 2 * b"),
        ("a**2 + b**2 + 0.01 * np.random.default_rng().normal(size=a.shape)", "2 * a, 2 * b"),
    ],
)  # fmt: skip
def test_a_right_gradient_is_not_spoken_of(
    notes: Callable[..., tuple[str, ...]], loss: str, gradient: str
) -> None:
    assert notes(loss, gradient) == ()


def test_a_wrong_gradient_is_told_with_its_place(notes: Callable[..., tuple[str, ...]]) -> None:
    assert notes("a**2 + 3 * b**2", "2 * a, 3 * b") == (
        "gradient(a, b) of mine.py does not match loss(a, b): at (−3.7, 1.2) it gives "
        "(−7.4, 3.6), where central differences give (−7.4, 7.2); ∂f/∂b is 0.5 times what it "
        "should be at 8 points of 8",
    )


@pytest.mark.parametrize("gradient", ["-2 * a, -6 * b", "2 * a, 6.1 * b", "6 * b, 2 * a"])
def test_signs_factors_and_order_are_noticed(
    notes: Callable[..., tuple[str, ...]], gradient: str
) -> None:
    assert len(notes("a**2 + 3 * b**2", gradient)) == 1


def test_a_loss_that_raises_there_is_left_to_the_picture(tmp_path: Path) -> None:
    loss = "def loss(a, b):\n    if (a > 1.5).any():\n        raise KeyError\n    return a\n"
    text = f"{loss}\n\ndef gradient(a, b):\n    return b, a\n"
    process = open_code(tmp_path / "mine.py", text.encode())
    objective = CodeObjective(process.code, process)
    assert gradient_notes(objective, DEFAULT_RANGE) == ()


_X = np.random.default_rng(0).normal(size=50)
_Y = 1.5 * _X - 0.3 + 0.3 * np.sin(7.0 * _X)
_LABELS = np.where(_Y > 0.0, 1.0, -1.0)
_SINGLE = _X.astype("f4"), _Y.astype("f4")
_WHOLE, _UNIT = Range(-6.0, 6.0, -6.0, 6.0), Range(0.0, 1.0, 0.0, 1.0)


def _over_rows(slope_of: Callable[[Any], Any]) -> Function:
    """Return the gradient of a mean over lines whose loss has a slope in the prediction."""

    def gradient(a: float, b: float) -> Any:
        slopes = slope_of(a * _X + b)
        return np.mean(slopes * _X), np.mean(slopes)

    return gradient


def _single(function: Function) -> Function:
    return lambda a, b: function(np.float32(a), np.float32(b))


#: Losses with their exact gradients: those over rows by the chain rule, all others by hand.
LOSSES: dict[str, tuple[Function, Function, Range]] = {
    "bowl": (lambda a, b: a**2 + 3 * b**2, lambda a, b: (2 * a, 6 * b), _WHOLE),
    "Rosenbrock's valley": (
        lambda a, b: (1 - a) ** 2 + 100 * (b - a**2) ** 2,
        lambda a, b: (-2 * (1 - a) - 400 * a * (b - a**2), 200 * (b - a**2)),
        Range(-2.0, 2.0, -1.0, 3.0),
    ),
    "least squares": (
        lambda a, b: np.mean((a * _X + b - _Y) ** 2), _over_rows(lambda z: 2 * (z - _Y)), _WHOLE,
    ),
    "logistic": (
        lambda a, b: np.mean(np.log1p(np.exp(-_LABELS * (a * _X + b)))),
        _over_rows(lambda z: -_LABELS / (1 + np.exp(_LABELS * z))), _WHOLE,
    ),
    "hinge": (
        lambda a, b: np.mean(np.maximum(0.0, 1 - _LABELS * (a * _X + b))),
        _over_rows(lambda z: np.where(_LABELS * z < 1, -_LABELS, 0.0)), _WHOLE,
    ),
    "absolute errors": (
        lambda a, b: np.mean(np.abs(a * _X + b - _Y)),
        _over_rows(lambda z: np.sign(z - _Y)), _WHOLE,
    ),
    "Rastrigin's": (
        lambda a, b: a**2 - 10 * np.cos(2 * np.pi * a) + b**2,
        lambda a, b: (2 * a + 20 * np.pi * np.sin(2 * np.pi * a), 2 * b), _WHOLE,
    ),
    "exponential": (
        lambda a, b: np.exp(40 * a) + np.exp(-40 * b),
        lambda a, b: (40 * np.exp(40 * a), -40 * np.exp(-40 * b)), _WHOLE,
    ),
    "a barrier": (
        lambda a, b: -np.log(a) - np.log(b) if a > 0 < b else np.nan,
        lambda a, b: (-1 / a, -1 / b), _UNIT,
    ),
    "square roots at the edge": (
        lambda a, b: np.sqrt(a) + b**0.5, lambda a, b: (0.5 / a**0.5, 0.5 / b**0.5), _UNIT,
    ),
    "a bowl of 1e12": (
        lambda a, b: 1e12 * (a**2 + 3 * b**2), lambda a, b: (2e12 * a, 6e12 * b), _WHOLE,
    ),
    "a bowl of 1e-12": (
        lambda a, b: 1e-12 * (a**2 + 3 * b**2), lambda a, b: (2e-12 * a, 6e-12 * b), _WHOLE,
    ),
    "axes of unlike units": (
        lambda a, b: (a / 1e12) ** 4 + np.cos(b),
        lambda a, b: (4e-12 * (a / 1e12) ** 3, -np.sin(b)), Range(-1e12, 1e12, -3.0, 3.0),
    ),
    "a map far from 0": (
        lambda a, b: (a - 1e6) ** 2 + b**2, lambda a, b: (2 * (a - 1e6), 2 * b),
        Range(1e6 - 1, 1e6 + 1, -1.0, 1.0),
    ),
    "a bowl far above 0": (
        lambda a, b: 1e6 + a**2 + b**2, lambda a, b: (2 * a, 2 * b), _WHOLE,
    ),
    "a bowl in float32": (
        _single(lambda a, b: a * a + 3 * b * b), _single(lambda a, b: (2 * a, 6 * b)), _WHOLE,
    ),
    "least squares in float32": (
        _single(lambda a, b: np.mean((a * _SINGLE[0] + b - _SINGLE[1]) ** 2)),
        _single(lambda a, b: (
            np.mean(2 * (a * _SINGLE[0] + b - _SINGLE[1]) * _SINGLE[0]),
            np.mean(2 * (a * _SINGLE[0] + b - _SINGLE[1])),
        )), _WHOLE,
    ),
    "kinks": (
        lambda a, b: np.abs(a) + max(a, 2 * b),
        lambda a, b: (np.sign(a) + (a > 2 * b), 2.0 * (a < 2 * b)), _WHOLE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_an_exact_gradient_is_right_and_one_that_is_off_by_a_thousandth_is_wrong(name: str) -> None:
    loss, gradient, extent = LOSSES[name]
    with np.errstate(all="ignore"):
        exact = compare_gradient(Objective.from_callable(loss, gradient), extent)
        assert exact.is_right, exact.sentence
        for factors in ([1.001, 1.001], [1.0, 0.999], [1.001, 1.0]):

            def off(a: float, b: float, factors: list[float] = factors) -> Any:
                return tuple(np.multiply(factors, np.array(gradient(a, b))))

            found = compare_gradient(Objective.from_callable(loss, off), extent)
            assert found.components == tuple(x == 1.0 for x in factors), found.sentence


@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        (lambda a, b: round(a**2 + 3 * b**2, 2), lambda a, b: (2 * a, 6 * b)),
        (lambda a, b: np.floor(a) + b**2, lambda _a, b: (0.0, 2 * b)),
        (lambda a, b: np.sin(1e5 * a) + b, lambda a, _b: (1e5 * np.cos(1e5 * a), 1.0)),
        # The points are where it is on top of a wave, or in its trough.
        (lambda a, b: abs(a % 0.02 - 0.01) + b**2, lambda a, b: (np.sign(a % 0.02 - 0.01), 2 * b)),
        (lambda a, b: float(np.float16(a) ** 2 + np.float16(b)), lambda a, _b: (2 * a, 1.0)),
        (lambda a, b: (1e8 + a) ** 2 - 1e16 - 2e8 * a + b, lambda a, _b: (2 * a, 1.0)),
    ],
)
def test_what_noise_steps_and_waves_hide_is_not_judged(loss: Function, gradient: Function) -> None:
    for factor in (1.0, 1.001):

        def given(a: float, b: float, factor: float = factor) -> Any:
            return tuple(factor * x for x in gradient(a, b))

        found = compare_gradient(Objective.from_callable(loss, given, vectorized=False), _WHOLE)
        assert found.is_right is None
        assert " cannot be told" in found.sentence


def test_waves_shorter_than_any_difference_do_not_make_a_gradient_wrong() -> None:
    source, verdicts = np.random.default_rng(5), []
    for _ in range(120):
        speed, height = 10.0 ** source.uniform(4.0, 9.5), 10.0 ** source.uniform(-9.0, 0.0)
        angle = source.uniform(0.0, 2.0 * np.pi)
        p, q = speed * np.cos(angle), speed * np.sin(angle)

        def loss(a: Any, b: Any, p: float = p, q: float = q, h: float = height) -> Any:
            return a**2 + b**2 + h * np.sin(p * a + q * b)

        def gradient(a: Any, b: Any, p: float = p, q: float = q, h: float = height) -> Any:
            slope = h * np.cos(p * a + q * b)
            return 2 * a + p * slope, 2 * b + q * slope

        verdicts.append(compare_gradient(Objective.from_callable(loss, gradient), _WHOLE).is_right)
    assert False not in verdicts
    assert verdicts.count(None) > 60


@pytest.mark.parametrize("factor", [-1.0, 0.5, 2.0])
def test_a_wrong_gradient_of_waves_that_are_seen_is_wrong(factor: float) -> None:
    for speed, height in ((30.0, 1e-3), (1e4, 1e-9)):
        objective = Objective.from_callable(
            lambda a, b, w=speed, h=height: a**2 + b**2 + h * np.sin(w * a),
            lambda a, b, w=speed, h=height: (factor * (2 * a + h * w * np.cos(w * a)), 2 * b),
        )
        assert compare_gradient(objective, _WHOLE).components == (False, True)


def test_at_a_kink_no_subgradient_is_wrong() -> None:
    for slope in (-1.0, 0.0, 0.7, 1.0):
        objective = Objective.from_callable(
            lambda a, b: abs(a - 0.5) + b, lambda a, b, s=slope: (np.sign(a - 0.5) or s, 1.0)
        )
        found = compare_gradient(objective, _WHOLE, also=[(0.5, 1.0)])
        assert found.is_right
        assert not found.wrong[:, -1].any()


@pytest.mark.parametrize("of", ["loss", "gradient", "both"])
def test_mini_batches_are_not_judged(of: str) -> None:
    random = np.random.default_rng(3)

    def rows(drawn: bool) -> Any:
        return random.permutation(50)[: 40 if drawn else 50]

    def loss(a: float, b: float) -> float:
        k = rows(of != "gradient")
        return float(np.mean((a * _X[k] + b - _Y[k]) ** 2))

    def gradient(a: float, b: float) -> Any:
        k = rows(of != "loss")
        off = 2 * (a * _X[k] + b - _Y[k])
        return np.mean(off * _X[k]), np.mean(off)

    found = compare_gradient(Objective.from_callable(loss, gradient, vectorized=False), _WHOLE)
    assert found.is_right is None
    assert found.sentence.endswith("what it draws has to have a fixed seed")


def test_noise_of_each_value_leaves_a_wrong_sign_wrong() -> None:
    random = np.random.default_rng(3)

    def loss(a: float, b: float) -> float:
        return a**2 + b**2 + 1e-3 * float(random.normal())

    for sign, verdicts in ((1.0, (True, None)), (-1.0, (False,))):

        def gradient(a: float, b: float, sign: float = sign) -> Any:
            return 2 * a * sign, 2 * b * sign

        objective = Objective.from_callable(loss, gradient, vectorized=False)
        assert compare_gradient(objective, _WHOLE).is_right in verdicts


def test_what_is_said_is_what_differences_tell() -> None:
    def found(factor: float, above: float = 0.0) -> str:
        objective = Objective.from_callable(
            lambda a, b: above + a**2 + b**2, lambda a, b: (2 * a, 2 * factor * b)
        )
        return compare_gradient(objective, _WHOLE).sentence

    assert found(1.0).endswith("at 8 of 8 points of the map, to 7 digits")
    assert found(1.001).endswith("; ∂f/∂b is 1.001 times what it should be at 8 points of 8")
    assert found(1.0, above=1e12).endswith("to 2 digits, and f is too noisy to tell more")


def test_a_gradient_that_is_wrong_at_one_point_is_wrong() -> None:
    objective = Objective.from_callable(
        lambda a, b: a**2 + b**2, lambda a, b: (2 * a + (abs(a - 5.28) < 0.1), 2 * b)
    )
    found = compare_gradient(objective, _WHOLE)
    assert found.is_right is False
    assert found.sentence.endswith(" at one point of 8")


def test_steps_stay_on_the_map() -> None:
    seen: list[tuple[float, float]] = []

    def loss(a: float, b: float) -> float:
        seen.append((a, b))
        return a + b

    objective = Objective.from_callable(loss, lambda _a, _b: (1.0, 1.0), vectorized=False)
    assert compare_gradient(objective, _UNIT, also=[(0.01, 0.99)]).is_right
    assert np.min(seen) >= 0.0
    assert np.max(seen) <= 1.0
