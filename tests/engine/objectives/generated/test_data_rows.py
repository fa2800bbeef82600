"""Many rows at many points: a few of these at a time, and each number the same to the bit."""

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.generated import data_rows
from gdviz.engine.objectives.quantities import Arithmetic, Quantity

NOISE = np.random.default_rng(7)
DATA = Data.of_arrays({"x": NOISE.normal(size=50), "y": NOISE.normal(size=50)})
A, B = NOISE.normal(size=7), NOISE.normal(size=(3, 1))
#: Points at a time: one, some, and all.
BLOCKS = (1, 50, 51, 300, 10**9)


@pytest.fixture(params=BLOCKS)
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(data_rows, "BLOCK", request.param)
    return int(request.param)


@pytest.mark.parametrize(
    "text",
    ["mean((a*x + b - y)^2)", "sum(log(1 + exp(-y*(a*x + b))))", "sum(x)*a", "sum(abs(a*x - y))"],
)
def test_blocks_change_no_bit(text: str, block: int) -> None:
    f = FormulaObjective.from_text(text, {}, DATA)
    a, b = (x.ravel() for x in np.broadcast_arrays(A, B))
    points = list(zip(a.tolist(), b.tolist(), strict=True))
    assert f.values(A, B).tolist() == np.reshape([f.value(*p) for p in points], (3, 7)).tolist()
    for found, one in ((f.gradients(A, B), f.gradient), (f.hessians(A, B), f.hessian)):
        expected = np.array([one(*p) for p in points]).T.reshape(-1, 3, 7)
        np.testing.assert_array_equal(np.array(found), expected)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(("quantity", "numbers"), [("value", 1), ("gradient", 2), ("hessian", 3)])
def test_what_is_called_in_blocks_is_counted_once(
    quantity: Quantity, numbers: int, precision: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    f = FormulaObjective.from_text("mean((a*x + b - y)^2)", {}, DATA)
    tally, arithmetic = [0], Arithmetic(precision, arrays=True)  # type: ignore[arg-type]
    a, b = (x.astype(arithmetic.ieee) for x in np.broadcast_arrays(A, B))
    found = f.counted(quantity, arithmetic, tally, 1)(a, b)
    assert tally == [1]
    monkeypatch.setattr(data_rows, "BLOCK", 10**9)
    at_once = f.counted(quantity, arithmetic, [0], 1)(a, b)
    parts = [(found, at_once)] if numbers == 1 else list(zip(found, at_once, strict=True))
    assert len(parts) == numbers
    for part, expected in parts:
        np.testing.assert_array_equal(part, expected)
        assert np.asarray(part).dtype == arithmetic.ieee


def test_what_takes_long_over_many_rows_can_be_given_up_within_a_call() -> None:
    x = np.linspace(-1.0, 1.0, 3_000)
    f = FormulaObjective.from_text("mean((a*x + b)^2)", {}, Data.of_arrays({"x": x}))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    given_up = f.cancelled_by(cancelled)
    assert (given_up, hash(given_up)) == (f, hash(f))
    assert given_up.value(0.5, 1.0) == f.value(0.5, 1.0)
    call = given_up.counted("gradient", Arithmetic("float64"), [0], 1)
    assert call(0.5, 1.0) == f.gradient(0.5, 1.0)
    for give_up in (call, given_up.gradient):
        with pytest.raises(Cancelled):
            give_up(0.5, 1.0)
    few = FormulaObjective.from_text("mean((a*x + b)^2)", {}, DATA)
    assert few.cancelled_by(cancelled) is few  # whoever calls asks often enough
