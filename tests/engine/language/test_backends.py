"""The operations on each kind of number against mpmath, far out and at the edges too."""

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.engine.language.backends import COMPLEX, MATH, NUMPY, NUMPY_COMPLEX, NUMPY_COMPLEX_ARRAYS
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.language.mpmath_reference import ARITHMETIC, MPMATH

NAMES = [name for name, row in OPERATIONS.items() if not (row.is_over_rows or row.is_internal)]
INTERNAL = {name for name, row in OPERATIONS.items() if row.is_internal}
#: Sample points that every precision represents exactly, so that no rounding of the input counts.
LINE = [-2.75, -1.5, -0.8125, -0.0625, 0.0625, 0.4375, 1.25, 2.5]
POSITIVE = [0.03125, 0.4375, 1.0, 1.25, 2.5, 40.0]
UNIT = [-0.9375, -0.4375, 0.0625, 0.5, 0.9375]
PAIRS = [(2.5, -1.5), (-2.75, 0.4375), (0.0625, 0.8125), (-0.5, -3.25)]
SAMPLES: dict[str, list[Any]] = {
    **dict.fromkeys(NAMES, LINE),
    **dict.fromkeys(("log", "log10", "sqrt"), POSITIVE),
    **dict.fromkeys(("asin", "acos"), UNIT),
    **dict.fromkeys(("add", "sub", "mul", "div", "max", "min"), PAIRS),
    "pow": [(2.5, -1.5), (0.4375, 0.8125), (1.25, 7.0), (-1.5, 3.0), (-1.5, -4.0), (-2.75, 5.0)],
}
KINDS = {
    float: (MATH, 2.2e-16),
    np.float64: (NUMPY, 2.2e-16),
    np.float32: (NUMPY, 1.2e-7),
    complex: (COMPLEX, 2.2e-16),
    np.complex128: (NUMPY_COMPLEX, 2.2e-16),
    np.complex64: (NUMPY_COMPLEX, 1.2e-7),
}


def samples(name: str) -> list[tuple[float, ...]]:
    return [point if isinstance(point, tuple) else (point,) for point in SAMPLES[name]]


def exact(name: str, *arguments: float) -> float:
    with mp.workdps(40):
        return float(MPMATH[name](*map(mp.mpf, arguments)))


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


def test_each_target_knows_every_operation() -> None:
    assert set(MPMATH) == set(NAMES)
    for backend in (MATH, NUMPY, COMPLEX, NUMPY_COMPLEX, NUMPY_COMPLEX_ARRAYS):
        over_rows = set() if backend in (MATH, COMPLEX) else {"sum"}
        known = {*backend.functions, *ARITHMETIC} - {backend.wrap}
        assert known == set(NAMES) | INTERNAL | over_rows


@pytest.mark.parametrize("name", NAMES)
def test_values(name: str) -> None:
    for point in samples(name):
        expected = exact(name, *point)
        for kind, (backend, unit) in KINDS.items():
            result = backend.evaluate(name, [kind(t) for t in point])
            value = complex(result)
            assert abs(value.imag) <= 8 * unit, (point, kind)
            bound = max(8 * unit * abs(expected), unit / 8)
            assert abs(value.real - expected) <= bound, (point, kind)
            if issubclass(kind, np.generic):
                assert result.dtype == kind, point


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", NAMES)
def test_arrays(name: str, dtype: type) -> None:
    points = SAMPLES[name]
    columns = zip(*points, strict=True) if isinstance(points[0], tuple) else [points]
    result = NUMPY.evaluate(name, [np.array(column, dtype) for column in columns])
    assert result.dtype == dtype
    each = [NUMPY.evaluate(name, [dtype(t) for t in np.atleast_1d(point)]) for point in points]
    np.testing.assert_allclose(result, each, rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", [np.complex128, np.complex64])
@pytest.mark.parametrize("name", NAMES)
def test_arrays_of_complex_numbers_have_the_numbers_of_scalars(name: str, dtype: type) -> None:
    """For small and large imaginary parts, and with each element in a branch of its own."""
    points = [np.atleast_1d(point) for point in SAMPLES[name]]
    shifted = [
        [dtype(complex(t, h if i == j else 0.0)) for j, t in enumerate(point)]
        for point in points
        for i in range(len(point))
        for h in (1e-30, 1e-3, 2.0)
    ]
    columns = [np.array(column, dtype) for column in zip(*shifted, strict=True)]
    result = NUMPY_COMPLEX_ARRAYS.evaluate(name, columns)
    assert result.dtype == dtype
    each = [dtype(NUMPY_COMPLEX.evaluate(name, arguments)) for arguments in shifted]
    unit = np.finfo(dtype).eps
    np.testing.assert_allclose(result.real, np.real(each), rtol=4 * unit, atol=1e-30)
    np.testing.assert_allclose(result.imag, np.imag(each), rtol=4 * unit, atol=1e-30)


#: By the real part a kink's branch is chosen; away from kinks the imaginary part is f′·h.
@pytest.mark.parametrize("name", NAMES)
def test_the_imaginary_part_is_the_derivative(name: str) -> None:
    h = 1e-20
    for point in samples(name):
        for i in range(len(point)):
            if name == "pow" and point[0] < 0 and i == 1:
                continue  # not defined beside a whole exponent
            with mp.workdps(40):
                orders = tuple(int(i == j) for j in range(len(point)))
                expected = float(mp.diff(MPMATH[name], point, orders))
            for kind in (complex, np.complex128, np.complex64):
                backend, unit = KINDS[kind]
                shifted = [kind(complex(t, h if i == j else 0.0)) for j, t in enumerate(point)]
                derivative = float(complex(backend.evaluate(name, shifted)).imag) / h
                bound = max(20 * unit * abs(expected), unit)
                assert abs(derivative - expected) <= bound, (point, i, kind)


FAR = [-1e4, -800.0, -745.5, -710.0, -709.0, -88.75, -40.0, 40.0, 88.75, 709.0, 710.0, 800.0, 1e4]


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "tanh"])
@pytest.mark.parametrize("kind", KINDS)
def test_far_out(name: str, kind: type) -> None:
    backend, unit = KINDS[kind]
    # Below the smallest normal number there is no relative accuracy to ask for.
    single = unit > 1e-10
    # The complex softplus has log(1 + z): accurate in the last place of 1, which differences keep.
    tiny = unit if name == "softplus" and isinstance(kind(), complex | np.complexfloating) else (
        1e-37 if single else 1e-307)  # fmt: skip
    for t in FAR:
        if backend is MATH and name == "sigmoid" and t < -709.5:
            with pytest.raises(OverflowError):  # and the objective repeats the call on NumPy
                backend.evaluate(name, [t])
            continue
        result = complex(backend.evaluate(name, [kind(t)]))
        assert result.real == pytest.approx(exact(name, t), rel=8 * unit, abs=tiny), t
        assert result.imag == 0.0, t


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "tanh"])
def test_derivatives_far_out_keep_their_digits(name: str) -> None:
    """σ(1 − σ) would be 0 from t = 37 on, and off by 1e-3 at t = 30."""
    formula = Formula.parse(f"{name}(a)")
    slope = {"sigmoid": lambda u: mp.exp(-u) / (1 + mp.exp(-u)) ** 2,
             "softplus": lambda u: 1 / (1 + mp.exp(-u)),
             "tanh": lambda u: mp.sech(u) ** 2}[name]  # fmt: skip
    for t in (-30.0, 30.0, 37.0, -300.0, 300.0, 700.0, -700.0, -800.0, 800.0):
        with mp.workdps(800):  # enough for tanh' = 1 − tanh², however it is computed
            expected = float(slope(mp.mpf(t)))
        floats = CountedObjective(FormulaObjective(formula), "float64").gradient(t, 0.0)[0]
        for result in (floats, FormulaObjective(formula).gradient(t, 0.0)[0]):
            assert result == pytest.approx(expected, rel=2e-15, abs=1e-307), t
        single = CountedObjective(FormulaObjective(formula), "float32").gradient(
            np.float32(t), np.float32(0)
        )
        assert float(single[0]) == pytest.approx(expected, rel=1e-6, abs=1e-37), t


@pytest.mark.parametrize("name", ["tanh", "softplus"])
def test_a_value_beside_its_derivative_keeps_its_digits(name: str) -> None:
    """The two share an exp, and the derivative takes the value where that does not cancel."""
    formula = Formula.parse(f"{name}(a)")
    both = [formula.output, formula.gradient_nodes[0]]
    points = [
        s * t for t in (1e-300, 1e-9, 0.1, 0.97, 0.98, 5.0, 18.0, 40.0, 700.0) for s in (1, -1)
    ]
    exact = []
    with mp.workdps(700):
        for t in map(mp.mpf, points):
            slope = mp.sech(t) ** 2 if name == "tanh" else 1 / (1 + mp.exp(-t))
            exact.append((float(MPMATH[name](t)), float(slope)))
    for backend in (MATH, NUMPY):
        function = generate(formula.graph, both, ("a", "b"), backend)
        assert generated_names(function).isdisjoint({"sigmoid", "softplus"})
        for t, expected in zip(points, exact, strict=True):
            t = t if backend is MATH else np.float64(t)
            np.testing.assert_allclose(function(t, t), expected, rtol=1e-15)
    array = generate(formula.graph, both, ("a", "b"), NUMPY)(np.array(points), 0.0)
    np.testing.assert_allclose(np.transpose(array), exact, rtol=1e-15)


def generated_names(function: Any) -> set[str]:
    return set(function.__code__.co_names)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", ["sigmoid", "softplus", "tanh"])
def test_nothing_overflows(name: str, precision: Any) -> None:
    objective = FormulaObjective.from_text(f"b*{name}(a)")
    t = np.linspace(-1e4, 1e4, 4001)
    assert np.isfinite(objective.values(t, 2.0)).all()
    assert np.isfinite(objective.gradients(t, 2.0)).all()
    counted = CountedObjective(objective, precision)
    for a in t[::50]:
        point = counted.real(a), counted.real(2.0)
        assert math.isfinite(counted.value(*point))
        assert all(map(math.isfinite, counted.gradient(*point)))
        derivative = counted.complex_value(point[0] + 1e-20j, point[1] + 0j).imag / 1e-20
        assert derivative == pytest.approx(counted.gradient(*point)[0], rel=1e-5, abs=1e-15)


@pytest.mark.parametrize("name", ["sigmoid", "softplus"])
def test_hessians_do_not_overflow(name: str) -> None:
    objective = FormulaObjective.from_text(f"b*{name}(a)")
    for a in np.linspace(-1e4, 1e4, 201):
        assert all(map(math.isfinite, objective.hessian(a, 2.0)))


NASTY = [-math.inf, -1e300, -3.0, -2.5, -1.0, -1e-300, 0.0, 1e-300, 0.5, 1.0, 2.0, 1e300,
         math.inf, math.nan]  # fmt: skip


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    "text", ["a^b", "b^a", "a/b", "log(a) + b", "sqrt(a)*b", "tan(a)^b", "exp(a)*exp(b)", "a^2.5",
             "a^-1", "asin(a) - acos(b)", "sinh(a)/cosh(b)", "log10(a)^-3", "softplus(a)^b",
             "max(a, b)^min(a, b)", "5"],
)  # fmt: skip
def test_no_point_raises(text: str, precision: Any) -> None:
    """Values are NumPy's own where Python floats would raise, and warn nobody."""
    objective = FormulaObjective.from_text(text)
    counted = CountedObjective(objective, precision)
    for a in NASTY:
        for b in NASTY:
            here = counted.real(a), counted.real(b)
            value, gradient = counted.value(*here), counted.gradient(*here)
            assert type(value) in (float, np.float32)
            # At ±inf and nan Python's own max and powers differ; the map has none of these.
            if precision == "float64" and math.isfinite(a) and math.isfinite(b):
                np.testing.assert_allclose(value, objective.value(a, b), rtol=1e-14)
                exact = np.array(objective.gradient(a, b))
                if text.startswith("max") and a == b:
                    exact = np.array(objective.derivatives(a, b))  # there is no gradient
                np.testing.assert_allclose(gradient, exact, rtol=1e-13)
            counted.complex_value(here[0] + 1e-20j, here[1] + 0j)
            objective.hessian(a, b)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (0.0, 0.0, 1.0),
        (0.0, -1.0, math.inf),
        (-8.0, 1 / 3, math.nan),
        (-2.0, 3.0, -8.0),
        (-2.0, -3.0, -0.125),
        (1e200, 2.0, math.inf),
        (-1e200, 3.0, -math.inf),
    ],
)
def test_powers_at_the_edges(a: float, b: float, expected: float) -> None:
    objective = FormulaObjective.from_text("a^b")
    assert objective.value(a, b) == pytest.approx(expected, nan_ok=True)
    assert CountedObjective(objective, "float64").value(a, b) == pytest.approx(
        expected, nan_ok=True
    )
    assert objective.values([a], [b])[0] == pytest.approx(expected, nan_ok=True)


def test_a_complex_value_that_is_undefined_has_no_derivative() -> None:
    """A nan with imaginary part 0 would pass for a vanishing derivative."""
    objective = FormulaObjective.from_text("exp(a)/(2 + exp(a))")
    with np.errstate(all="ignore"):
        value = CountedObjective(objective, "float64").complex_value(800 + 1e-20j, 0j)
    assert math.isnan(value.imag)


@pytest.mark.parametrize("exponent", [2, 3, 4, 5])
def test_literal_powers(exponent: int) -> None:
    """Small ones are written out as products; all agree with the general power."""
    power = Formula.parse(f"a^{exponent} + 0*b").compiled("value", MATH)
    for a in (-1.7, 0.0, 0.3, 12.0):
        assert power(a, 0.0) == pytest.approx(math.pow(a, exponent), rel=1e-15)
