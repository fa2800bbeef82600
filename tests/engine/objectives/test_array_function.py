"""A Python function on arrays of points: what it is called with, and what it may return."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.array_function import ArrayFunction

A = np.array([-1.0, -0.5, 0.25, 0.5, 2.0])
B = np.array([0.0, 1.0, -3.0, 1.5, 2.0])
ROWS = np.array([1.0, 2.0, 5.0])


class Recorder:
    """A function, and the shapes of what it was called with."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, a: Any, b: Any) -> Any:
        self.shapes.append(np.shape(a))
        return self.function(a, b)


class Tensor:
    """What records its gradient, and is no number until it is detached."""

    def __array__(self, *_: object, **__: object) -> np.ndarray:
        raise RuntimeError("call detach() first")

    def __repr__(self) -> str:
        return "tensor(3.)"


def softmax(a: Any, b: Any) -> Any:
    """A value at a point that depends on the others."""
    return np.exp(a) / np.sum(np.exp(a)) + b


def if_(a: float, b: float) -> float:
    return a * a if a < 0 else a + b


# -- how it is called


def test_a_function_that_takes_arrays_gets_them() -> None:
    recorder = Recorder(lambda a, b: a**2 + 3 * b)
    f = ArrayFunction(recorder, "loss")
    np.testing.assert_array_equal(f(A, B), [A**2 + 3 * B])
    assert f.vectorized
    assert recorder.shapes == [()] * 4 + [(4,), (5,)]  # the trial, and then one call
    recorder.shapes.clear()
    np.testing.assert_array_equal(f(A, B), [A**2 + 3 * B])
    assert recorder.shapes == [(5,)]


@pytest.mark.parametrize(
    "loss",
    [
        lambda a, b: math.exp(a) + b,
        if_,
        softmax,
        lambda a, b: np.mean((a * ROWS - b) ** 2),
        lambda a, b: float(np.mean((a * np.arange(4.0) - b) ** 2)),  # as many rows as are tried
        lambda a, b: np.linalg.norm([a, b]),
        lambda a, b: max(a, b),
        lambda a, b: 3,
    ],
)
def test_a_function_that_does_not_is_called_point_by_point(loss: Callable[..., Any]) -> None:
    recorder = Recorder(loss)
    f = ArrayFunction(recorder, "loss")
    expected = [loss(a, b) for a, b in zip(A.tolist(), B.tolist(), strict=True)]
    np.testing.assert_array_equal(f(A, B), [expected])
    assert f.vectorized is False
    assert recorder.shapes == [()] * 4 + [(4,)] + [()] * 5


def test_a_single_point_is_a_pair_of_numbers_whatever_is_known() -> None:
    recorder = Recorder(lambda a, b: a + b)
    f = ArrayFunction(recorder, "loss")
    f(A[:1], B[:1])
    f(A, B)
    f(A[:1], B[:1])
    assert recorder.shapes[0] == recorder.shapes[-1] == ()


def test_what_was_promised_is_not_tried() -> None:
    for promised, shape in ((True, (1,)), (False, ())):
        recorder = Recorder(lambda a, b: a + b)
        f = ArrayFunction(recorder, "loss", vectorized=promised)
        np.testing.assert_array_equal(f(A[:1], B[:1]), [A[:1] + B[:1]])
        assert recorder.shapes == [shape]


def test_points_that_are_one_point_tell_nothing() -> None:
    f = ArrayFunction(lambda a, b: np.max(a + b) + 0 * a, "loss")  # takes the points together
    same = np.ones(3)
    np.testing.assert_array_equal(f(same, same), [[2.0, 2.0, 2.0]])
    assert f.vectorized is None
    np.testing.assert_array_equal(f(A, B), [A + B])
    assert f.vectorized is False


def test_no_points() -> None:
    f = ArrayFunction(if_, "loss")
    assert f(A[:0], B[:0]).shape == (1, 0)
    assert ArrayFunction(if_, "gradient", 2)(A[:0], B[:0]).shape == (2, 0)


@pytest.mark.parametrize("loss", [lambda a, b: a * b, if_])
def test_numbers_keep_their_precision(loss: Callable[..., Any]) -> None:
    types = set()

    def typed(a: Any, b: Any) -> Any:
        types.add(np.asarray(a).dtype)
        return loss(a, b)

    assert ArrayFunction(typed, "loss")(A.astype(np.float32), B.astype(np.float32)).dtype == "f4"
    assert types == {np.dtype(np.float32)}
    assert ArrayFunction(typed, "loss")(A, B).dtype == "f8"


def test_a_function_may_write_into_its_arrays() -> None:
    def greedy(a: Any, b: Any) -> Any:
        a *= 2
        return a + b

    a, b = np.broadcast_arrays(A, 1.0)  # which cannot be written into
    np.testing.assert_array_equal(ArrayFunction(greedy, "loss", vectorized=True)(a, b), [2 * A + 1])
    np.testing.assert_array_equal(ArrayFunction(greedy, "loss")(a, b), [2 * A + 1])


def test_two_numbers_at_a_point() -> None:
    for gradient in (lambda a, b: (2 * a, 3), lambda a, b: np.array([2 * a, 3 + 0 * b])):
        f = ArrayFunction(gradient, "gradient", 2)
        np.testing.assert_array_equal(f(A, B), [2 * A, np.full(5, 3.0)])
        assert f.vectorized
    f = ArrayFunction(lambda a, b: [math.exp(a), b], "gradient", 2)
    np.testing.assert_array_equal(f(A, B), [np.exp(A), B])


# -- outside its domain


def diverges(a: float, b: float) -> float:
    if a >= 1:
        raise RuntimeError("no convergence")
    return a * b


@pytest.mark.parametrize(
    ("loss", "inside", "why"),
    [
        (lambda a, b: math.log(a) + b, A > 0, "ValueError"),
        (lambda a, b: b / (a + 1.0), A > -1, "ZeroDivisionError"),
        (lambda a, b: math.exp(400 * a) + b, A < 2, "OverflowError: math range error"),
        (diverges, A < 1, "RuntimeError: no convergence"),  # as of a file: whatever is no mistake
    ],
)
def test_where_it_raises_it_is_undefined(
    loss: Callable[..., Any], inside: np.ndarray, why: str
) -> None:
    f = ArrayFunction(loss, "loss", vectorized=False)
    values = f(A, B)[0]
    np.testing.assert_array_equal(np.isfinite(values), inside)
    points = zip(A[inside].tolist(), B[inside].tolist(), strict=True)
    np.testing.assert_array_equal(values[inside], [loss(*point) for point in points])
    (outside,) = np.flatnonzero(~inside)[:1]
    assert f.why_outside(A[outside], B[outside]).startswith(why)
    assert f.why_outside(A[3], B[3]) == ""


def test_what_refuses_arrays_with_one_bad_point_is_undefined_only_there() -> None:
    def loss(a: Any, b: Any) -> Any:
        if np.any(a < 0):
            raise ValueError("oh\nno")
        return a**2 + b**2

    a = np.linspace(-1.0, 1.0, 1024)
    b = np.full(1024, 2.0)
    for vectorized in (None, True):
        recorder = Recorder(loss)
        f = ArrayFunction(recorder, "loss", vectorized=vectorized)
        expected = np.where(a < 0, np.nan, a**2 + 4.0)
        np.testing.assert_array_equal(f(a, b), [expected])
        # The half without is one call, the half with it 2·512 − 1 of them, beside the trial's.
        assert len(recorder.shapes) == 1 + 1 + 1023 + (5 if vectorized is None else 0)
        assert f.why_outside(-1.0, 2.0) == "ValueError: oh no"


def test_mistakes_are_the_caller_s() -> None:
    def broken(a: Any, b: Any) -> Any:
        return missing + a + b  # type: ignore[name-defined]  # noqa: F821

    for vectorized in (None, True, False):
        f = ArrayFunction(broken, "loss", vectorized=vectorized)
        with pytest.raises(NameError):
            f(A, B)
        with pytest.raises(NameError):
            f.why_outside(1.0, 2.0)


# -- what it must be


@pytest.mark.parametrize(
    ("found", "kind", "said"),
    [
        (None, TypeError, "None"),
        (1j, TypeError, "1j"),
        ("3", TypeError, "'3'"),
        (Tensor(), TypeError, "tensor(3.): call detach() first"),
        ([1.0, 2.0], ValueError, "[1.0, 2.0]"),
        (np.zeros((2, 3)), ValueError, "shape (2, 3)"),
    ],
)
def test_a_loss_is_a_real_number(found: Any, kind: type[Exception], said: str) -> None:
    def cost(_a: Any, _b: Any) -> Any:
        return found

    with pytest.raises(kind) as caught:
        ArrayFunction(cost, "loss")(A, B)
    wanted = f"cost must return a real number, but cost(-1, 0) returned {said}"
    assert str(caught.value) == wanted
    with pytest.raises(kind) as caught:
        ArrayFunction(cost, "loss", vectorized=True)(A, B)
    assert str(caught.value) == (
        "cost must return an array of real numbers of shape (5,) for arrays of that shape, but it "
        f"returned {said}"
    )


@pytest.mark.parametrize(
    ("found", "kind", "said"),
    [
        (3.0, ValueError, "3.0"),
        (None, TypeError, "None"),
        ((1.0, 2.0, 3.0), ValueError, "(1.0, 2.0, 3.0)"),
        ((1.0, 1j), TypeError, "(1.0, 1j)"),
        (([1.0, 2.0], [2.0]), ValueError, "([1.0, 2.0], [2.0])"),
    ],
)
def test_a_gradient_is_two_real_numbers(found: Any, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind) as caught:
        ArrayFunction(lambda _a, _b: found, "gradient", 2)(A, B)
    wanted = f"gradient must return two real numbers, but gradient(-1, 0) returned {said}"
    assert str(caught.value) == wanted


def test_an_array_of_one_number_is_one_at_a_point_as_in_a_file() -> None:
    f = ArrayFunction(lambda a, b: np.array([a + b if a < 0 else b]), "loss")
    np.testing.assert_array_equal(f(A, B), [np.where(A < 0, A + B, B)])
    assert f.at(-1.0, 3.0) == 2.0
    f = ArrayFunction(lambda a, b: (np.array([[math.exp(a)]]), [b]), "gradient", 2)
    np.testing.assert_array_equal(f(A, B), [np.exp(A), B])
    assert f.at(0.0, 3.0) == (1.0, 3.0)


def test_a_tensor_that_records_its_gradient_is_detached_as_in_a_file() -> None:
    class Detachable(Tensor):
        def __init__(self, number: float) -> None:
            self.detach = lambda: np.float64(number)

    f = ArrayFunction(lambda a, b: Detachable(a + b if a < 0 else b), "loss")
    np.testing.assert_array_equal(f(A, B), [np.where(A < 0, A + B, B)])


def test_what_cannot_be_called_with_two_numbers_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"^loss must be a function of \(a, b\), not 3$"):
        ArrayFunction(3, "loss")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"are \(w\); pass lambda a, b: loss\(\[a, b\]\)$"):
        ArrayFunction(lambda w: w[0] + w[1], "loss")
    with pytest.raises(TypeError, match=r"its parameters are \(a, b, c\)$"):
        ArrayFunction(lambda a, b, c: a, "gradient", 2)
    assert ArrayFunction(lambda a, b, c=1: a, "loss").name == "loss"
    assert ArrayFunction(if_, "loss").name == "if_"
    assert ArrayFunction(max, "loss").name == "max"  # whose signature Python does not know
