"""How a person's function is called: what is tried, how many points a call gets, what is found."""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.code_child.calls import Called
from gdviz.engine.objectives.code_child.pace import CALL_SECONDS
from gdviz.engine.objectives.code_ref import CodeError

POINTS = np.array([[0.513, -0.273, 1.121, -1.111], [0.271, 0.817, -1.077, -0.351]])
EVERYWHERE = np.array(np.meshgrid(*[np.linspace(-4.9, 4.9, 8)] * 2)).reshape(2, -1)
rng = np.random.default_rng(0)
W0, D1, D2 = rng.standard_normal((3, 1000))


def examined(function: Callable[..., Any], count: int = 1) -> Called:
    called = Called(function, "loss", count)
    called.examine(POINTS, EVERYWHERE)
    return called


def scalar_if(a: Any, b: Any) -> Any:
    return a * a if a < 0 else a + b * b


def along_directions(a: Any, b: Any) -> Any:
    return float(np.mean((W0 + a * D1 + b * D2) ** 2))


def of_items(a: Any, b: Any) -> Any:
    return a.item() ** 2 + b.item() ** 3


def writes(a: Any, b: Any) -> Any:
    a[:] *= 2.0
    return a + b


@pytest.mark.parametrize(
    ("function", "arrays", "right"),
    [
        (lambda a, b: a**2 + b, True, lambda a, b: a**2 + b),
        (lambda a, b: math.exp(a) + b, False, lambda a, b: math.exp(a) + b),
        (scalar_if, False, scalar_if),
        (along_directions, False, along_directions),
        (of_items, False, lambda a, b: a**2 + b**3),
        (writes, True, lambda a, b: 2 * a + b),
        (lambda theta: theta @ theta, False, lambda a, b: a * a + b * b),
        (lambda w: (w[0] - 1) ** 2 + w[1], True, lambda a, b: (a - 1) ** 2 + b),
        (lambda w, scale=3.0: scale * w[0] + w[1], True, lambda a, b: 3 * a + b),
        (lambda *w: w[0] - w[1], True, lambda a, b: a - b),
        (lambda _a, _b: 3, False, lambda _a, _b: 3.0),
    ],
)
def test_the_way_is_found_by_trying(
    function: Callable[..., Any], arrays: bool, right: Callable[[float, float], float]
) -> None:
    called = examined(function)
    assert called.takes_arrays is arrays
    expected = [right(a, b) for a, b in EVERYWHERE.T]
    np.testing.assert_allclose(called.all(*EVERYWHERE)[0], expected, rtol=1e-14)
    assert called.noise is called.hole is called.others is None
    assert not called.is_single


def test_a_softmax_over_the_whole_array_is_called_point_by_point() -> None:
    def loss(a: Any, b: Any) -> Any:
        logits = np.array([a, b])
        return -np.log(np.exp(logits[0]) / np.exp(logits).sum())

    called = examined(loss)
    assert not called.takes_arrays
    assert called.others is not None
    a, b, alone, among = called.others
    assert alone == pytest.approx(math.log1p(math.exp(b - a)))
    assert among > alone
    assert called.all(np.array([0.0, 1.0]), np.array([0.0, 1.0]))[0] == pytest.approx(math.log(2))


def test_mini_batches_are_noise_and_their_spread_is_told() -> None:
    noise = np.random.default_rng(1)
    called = examined(lambda a, b: 10 * a + b + 0.5 * noise.standard_normal(np.shape(a)))
    assert called.noise is not None
    *_, spread, slope = called.noise
    assert 0.2 < spread < 1.0
    assert 4.0 < slope < 12.0
    assert called.takes_arrays
    assert called.others is None


@pytest.mark.parametrize(
    "loss",
    [
        lambda a, b: np.float32(a) ** 2 + np.float32(b),
        lambda a, b: float(np.float32(a) ** 2 + np.float32(b)),
    ],
)
def test_float32_is_seen(loss: Callable[..., Any]) -> None:
    assert examined(loss).is_single


# -- where it has no value


@pytest.mark.parametrize("kind", [ValueError, AssertionError, ZeroDivisionError, RuntimeError])
@pytest.mark.parametrize("arrays", [True, False])
def test_what_is_raised_at_a_point_is_a_hole_there(kind: type[Exception], arrays: bool) -> None:
    def loss(a: Any, b: Any) -> Any:
        if np.any(a < 0):
            raise kind("oh no")
        return a + b if arrays else float(a + b)

    called = examined(loss)
    assert called.takes_arrays is arrays
    a, b = EVERYWHERE
    np.testing.assert_array_equal(called.all(a, b)[0], np.where(a < 0, np.nan, a + b))
    assert called.hole is not None
    assert called.hole[:2] == (POINTS[0, 1], POINTS[1, 1])
    assert str(called.why(-1.0, 0.0)) == "oh no"
    assert called.why(1.0, 0.0) is None


def test_a_small_domain_is_looked_for() -> None:
    called = examined(lambda a, b: math.log(a - 4) + b)
    assert called.all(np.array([5.0, 1.0]), np.zeros(2))[0].tolist() == pytest.approx(
        [0.0, math.nan], nan_ok=True
    )


def test_what_raises_wherever_it_is_tried_is_undefined_there() -> None:
    """And called the way that gets furthest: it has values where nobody has looked yet."""

    def loss(theta: Any) -> Any:
        a, b = theta
        if a < 100:
            raise ValueError("a is at least 100")
        return (a - 120) ** 2 + b

    called = examined(loss)
    assert called.raises
    assert called.hole is not None
    assert str(called.hole[2]) == "a is at least 100"
    assert called.all(np.array([121.0, 1.0]), np.ones(2))[0].tolist() == pytest.approx(
        [2.0, math.nan], nan_ok=True
    )
    assert not examined(lambda a, b: math.log(a - 4) + b).raises


def test_where_it_would_end_its_process_it_has_no_value() -> None:
    def loss(a: float, b: float) -> float:
        return a + b if a >= 0 else sys.exit(2)

    called = examined(loss)
    assert called.hole is not None
    assert repr(called.hole[2]) == "Exited('sys.exit(2)')"
    assert called.all(np.array([1.0, -1.0]), np.ones(2))[0].tolist() == pytest.approx(
        [2.0, math.nan], nan_ok=True
    )


@pytest.mark.parametrize("data", ["", ", X=1"])
def test_a_loss_that_returns_its_gradient_as_well_gets_the_line_that_takes_the_first(
    data: str,
) -> None:
    """Given numbers for a vector and its data it only raises, which is no hole of its domain."""
    text = f"def loss(theta{data}):\n    a, b = theta\n    return a + b, np.array([1.0, 1.0])"
    module = {"np": np}
    exec(text, module)
    with pytest.raises(CodeError) as caught:
        examined(module["loss"])  # type: ignore[arg-type]
    line = "loss = lambda theta, f=loss: f(theta)[0]"
    assert str(caught.value) == (
        "loss returned 2 things in place of a real number; if the first is the loss, add one line: "
        + line
    )
    exec(line, module)
    assert examined(module["loss"]).number(1.0, 2.0) == 3.0  # type: ignore[arg-type]


def test_a_mistake_is_no_hole_and_none_is_called_beyond_the_map() -> None:
    asked: list[Any] = []

    def loss(a: Any, b: Any) -> Any:
        asked.append(np.abs([a, b]).max())
        return a + b if np.all(a < 4) else nothing  # type: ignore[name-defined]  # noqa: F821

    called = examined(loss)
    assert max(asked) <= np.abs(EVERYWHERE).max()
    with pytest.raises(NameError):
        called.all(*EVERYWHERE)


# -- gradients


@pytest.mark.parametrize(
    "gradient",
    [
        lambda a, b: (2 * (a - 1), 3),
        lambda a, b: np.stack([2 * (a - 1), 3 + 0 * b], axis=-1),
        lambda a, b: [2 * (a - 1), 3 + 0 * b],
    ],
)
def test_a_constant_component_is_that_everywhere(gradient: Callable[..., Any]) -> None:
    called = examined(gradient, 2)
    assert called.takes_arrays
    for n in (64, 2, 1):  # a (2, 2) of theirs may be either way round
        a, b = EVERYWHERE[:, :n]
        np.testing.assert_array_equal(called.all(a, b), [2 * (a - 1), np.full(n, 3.0)])


def test_one_number_is_no_gradient() -> None:
    with pytest.raises(CodeError, match="it must return two real numbers a point"):
        examined(lambda a, b: a, 2)


# -- the pace


class Slow:
    """A loss, and the clock that it moves on."""

    def __init__(self, a_point: float, a_call: float) -> None:
        self.now, self.a_point, self.a_call = 0.0, a_point, a_call
        self.sizes: list[int] = []

    def __call__(self, a: Any, b: Any) -> Any:
        self.sizes.append(np.size(a))
        self.now += self.a_call + self.a_point * np.size(a)
        return a**2 + b**2


@pytest.mark.parametrize(
    ("a_point", "a_call", "calls", "timed"),
    [(3e-4, 0.0, 10, 64), (0.05, 0.0, 2000, 64), (1e-9, 0.3, 1, 32_768), (1e-9, 2.0, 1, 32_768),
     (1e-4, 2.0, 3, 4096), (0, 0, 3, 64)],
)  # fmt: skip
def test_no_call_takes_long_and_there_are_few(
    a_point: float, a_call: float, calls: int, timed: int
) -> None:
    loss = Slow(a_point, a_call)
    called = Called(loss, "loss", clock=lambda: loss.now)
    called.examine(POINTS, EVERYWHERE)
    assert max(loss.sizes) == called.timed == timed
    called.some(np.zeros(2), np.zeros(2))  # as a path does: it says little of many points
    loss.sizes.clear()
    a = np.linspace(0.0, 1.0, 9216)
    np.testing.assert_array_equal(called.all(a, a)[0], 2 * a**2)
    assert sum(loss.sizes) == 9216
    assert max(loss.sizes) * a_point <= CALL_SECONDS
    assert len(loss.sizes) <= calls
    assert called.seconds == pytest.approx(a_point + a_call / timed, abs=1e-12)
    assert called.alone == pytest.approx(a_point + a_call, abs=1e-12)


def test_calls_of_many_points_are_timed_even_if_one_alone_is_called_otherwise() -> None:
    """As a loss of JAX is, which is mapped over arrays: that takes long, and numbers do not."""
    now = 0.0

    def mapped(a: Any, b: Any) -> Any:
        nonlocal now
        now += 0.05 if np.size(a) > 1 else 1e-3
        return a**2 + b**2

    called = Called(mapped, "loss", clock=lambda: now)
    called.examine(POINTS, EVERYWHERE)
    assert called.timed == 4096
    assert called.seconds == pytest.approx(0.05 / 4096)


def test_what_compiles_for_each_shape_is_timed_when_it_is_compiled() -> None:
    loss = Slow(1e-6, 1e-3)
    known: set[int] = set()

    def compiled(a: Any, b: Any) -> Any:
        loss.now += 0.0 if np.size(a) in known else 3.0
        known.add(np.size(a))
        return loss(a, b)

    called = Called(compiled, "loss", clock=lambda: loss.now)
    called.examine(POINTS, EVERYWHERE)
    assert called.seconds == pytest.approx(1e-6 + 1e-3 / 64, abs=1e-12)


def test_a_part_is_handed_over_soon_and_single_points_change_no_pace() -> None:
    loss = Slow(1e-3, 0.0)
    called = Called(loss, "loss", clock=lambda: loss.now)
    called.examine(POINTS, EVERYWHERE)
    a = np.zeros(9216)
    part = called.some(a, a).shape[1]
    assert 250 <= part <= 512
    for _ in range(3):
        called.some(a[:1], a[:1])
    assert called.some(a, a).shape[1] >= part


@pytest.mark.parametrize(
    ("function", "takes_vector"),
    [
        (lambda a, b=0.5: a**2 + 3 * b, False),
        (lambda a, *rest: a**2 + 3 * rest[0], False),
        (lambda *both: both[0] ** 2 + 3 * both[1], False),
        (lambda w, scale=1.0: scale * (w[0] ** 2 + 3 * w[1]), True),
    ],
)
def test_an_argument_that_can_be_left_out_may_be_the_second_one(
    function: Callable[..., Any], takes_vector: bool
) -> None:
    called = examined(function)
    assert called.takes_vector is takes_vector
    assert called.all(np.array([2.0]), np.array([3.0])).tolist() == [[13.0]]
