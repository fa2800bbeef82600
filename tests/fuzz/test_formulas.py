"""Random formulas against mpmath: f and ∇f on floats, on arrays and by complex steps.

The reference walks the syntax tree in 100 digits, and takes its derivatives from values beside the
point, so that it shares neither a graph nor a derivative with what is tested. How far rounding may
carry a result from it, Arb tells, with as many digits as a float has. What the reference does not
decide: on which side of a kink a point lies where rounding could carry it to the other, or a jump
that is less than rounding; whether there is a derivative where rounding could carry f out of its
domain, there or close by, as that of an exponent whose base is negative; and, where f is infinitely
steep along one axis, whether the derivative along the other is told.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.engine.language.enclosures.ball_arithmetic import FLOAT64, enclose, radius
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.language.mpmath_reference import MPMATH, evaluate
from tests.fuzz.formulas import random_formula

#: Formulas a seed, 20,000 in all; points a formula; processor seconds that none of them may take.
FORMULAS, POINTS, SECONDS = 500, 3, 2.0
#: Numbers beyond these are left out.
LARGEST, SMALLEST = mp.mpf("1e40"), mp.mpf("1e-290")
#: What one would round to by hand, where kinks and jumps are.
SPECIAL = (0.0, 1.0, -1.0, 2.0, 0.5)
#: How far beside a point the reference looks, and what it calls equal.
BESIDE, EQUAL = mp.mpf("1e-45"), mp.mpf("1e-10")
#: Close by, and no round number.
CLOSE = 1.2345e-6
#: Rounding, as Arb bounds it with 53 bits, by how much it may be exceeded: cmath and NumPy are
#: right to a few units.
LEEWAY = 8.0
#: What is left of zero in the reference.
ZERO = mp.mpf("1e-20")


class OutOfBoundsError(ArithmeticError):
    """There is no number that a float could hold."""


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        result = function(*arguments)
        if isinstance(result, mp.mpc) or not mp.isfinite(result):
            raise OutOfBoundsError
        if result != 0 and not SMALLEST < abs(result) < LARGEST:
            raise OutOfBoundsError
        return result

    return call


REFERENCE = {name: bounded(function) for name, function in MPMATH.items()}


def reference(formula: Formula, a: Any, b: Any) -> Any:
    """Return f, or None where there is none."""
    try:
        return evaluate(formula.tree, {"a": mp.mpf(a), "b": mp.mpf(b)}, REFERENCE)
    except (ArithmeticError, ValueError, TypeError):
        return None


def derivatives(
    formula: Formula, a: float, b: float, value: Any, rounding: float
) -> list[Any] | None:
    """Return ∂f/∂a and ∂f/∂b; None at the edge of the domain, and at a jump lost in rounding.

    Each is None at a kink or a jump, and inf where f is infinitely steep.
    """
    found: list[Any] = []
    for i, j in ((1, 0), (0, 1), (1, 1), (1, -1)):
        steps = [
            reference(formula, a + mp.mpf(i) * h, b + mp.mpf(j) * h)
            for h in (-2 * BESIDE, -BESIDE, BESIDE, 2 * BESIDE)
        ]
        if any(step is None for step in steps):
            return None
        rises = [step - value for step in steps]
        if is_lost(rises[1], rises[0], rounding) or is_lost(rises[2], rises[3], rounding):
            return None
        before, after = -rises[1] / BESIDE, rises[2] / BESIDE
        far_before, far_after = -rises[0] / (2 * BESIDE), rises[3] / (2 * BESIDE)
        scale = EQUAL * (1 + abs(before) + abs(after))
        central = (4 * (before + after) - (far_before + far_after)) / 6
        is_steep = abs(before - far_before) > scale or abs(after - far_after) > scale
        found.append(mp.inf if is_steep else central if abs(before - after) <= scale else None)
    in_a, in_b, up, down = found
    if not (is_number(in_a) and is_number(in_b)):
        return [in_a, in_b]
    scale = EQUAL * (1 + abs(in_a) + abs(in_b))
    is_whole = is_number(up) and is_number(down)
    if not (is_whole and abs(up - in_a - in_b) <= scale and abs(down - in_a + in_b) <= scale):
        return [None, None]
    return [in_a, in_b]


def is_lost(near: Any, far: Any, rounding: float) -> bool:
    """Tell whether f jumps by less than a float shows: as much close by as twice as far."""
    return 0 < abs(near) <= rounding and bool(abs(far - near) <= abs(near) / 1000)


def is_number(slope: Any) -> bool:
    return slope is not None and bool(mp.isfinite(slope))


def is_beside_kink(formula: Formula, names: dict[str, float]) -> bool:
    """Tell whether rounding decides on which side of a kink a point lies."""
    zeros = [enclose(formula.graph, node, names, FLOAT64) for node in formula.crease_nodes]
    return any(zero is not None and zero.contains(0) and not zero.is_exact() for zero in zeros)


def is_at_edge(formula: Formula, names: dict[str, float]) -> bool:
    """Tell whether rounding decides if f has a value at a point and close by."""
    close = [{name: x + shift for name, x in names.items()} for shift in (0.0, CLOSE)]
    balls = [enclose(formula.graph, formula.output, at, FLOAT64) for at in close]
    return not np.isfinite([*map(radius, balls)]).all()


def differs(result: float, exact: Any, rounding: float) -> bool:
    """Tell whether a result is off by more than rounding; of what is unbounded nothing is told."""
    if not np.isfinite(rounding):
        return False
    return not abs(mp.mpf(float(result)) - exact) <= LEEWAY * rounding + abs(exact) * 1e-13 + ZERO


def check(text: str, points: list[tuple[float, float]], counts: Counter[str]) -> list[str]:
    """Compare one formula at points, and return what is wrong."""
    try:
        objective = FormulaObjective.from_text(text)
    except FormulaError:
        counts["refused"] += 1
        return []
    began = time.process_time()
    with np.errstate(all="ignore"):
        on_arrays = np.transpose(objective.gradients(*np.transpose(points)))
        taken = CountedObjective(objective, "float64").gradient
        ours = [
            (objective.value(*point), (objective.gradient(*point), many.tolist(), taken(*point)))
            for point, many in zip(points, on_arrays, strict=True)
        ]
    wrong = [f"took {SECONDS} s"] if time.process_time() - began > SECONDS else []
    for point, (value, gradients) in zip(points, ours, strict=True):
        wrong += [
            f"at {point}: {what}" for what in at_point(objective, point, value, gradients, counts)
        ]
    return [f"{text} {what}" for what in wrong]


def at_point(
    objective: FormulaObjective,
    point: tuple[float, float],
    value: float,
    gradients: tuple[Any, ...],
    counts: Counter[str],
) -> Iterator[str]:
    """Compare at a point, and yield what is wrong."""
    formula = objective.formula
    if np.isnan(value):
        counts["nan"] += 1
        is_overflow = formula.besides("gradient") is None  # such as sin(∞)
        if not (is_overflow or np.isnan(gradients).all()):
            yield f"f is nan, and ∇f = {gradients}"
    true = reference(formula, *point)
    names = dict(zip("ab", point, strict=True))
    nodes = (formula.output, *formula.gradient_nodes)
    rounding, *of_slopes = (radius(enclose(formula.graph, node, names, FLOAT64)) for node in nodes)
    lost = LEEWAY * (rounding + abs(value) * np.finfo(np.float64).eps)
    slopes = None if true is None else derivatives(formula, *point, true, lost)
    if slopes is None:
        counts["undefined, or at an edge"] += 1
        return
    counts["values"] += 1
    if differs(value, true, rounding):
        yield f"f = {value!r}, not {mp.nstr(true, 17)}"
    for axis, (slope, bound) in enumerate(zip(slopes, of_slopes, strict=True)):
        results = [gradient[axis] for gradient in gradients]
        counts["derivatives" if is_number(slope) else "kinks"] += 1
        if not is_number(slope):
            # A method takes what the operations have; of what is not known at all nothing is told.
            is_wrong = np.isfinite(results[:2]).any() and np.isfinite(rounding)
        elif np.isfinite(results).all():
            is_wrong = any(differs(result, slope, bound) for result in results)
        else:
            is_wrong = mp.inf not in slopes and not is_at_edge(formula, names)
        if is_wrong and not is_beside_kink(formula, names):
            yield f"∂f/∂{'ab'[axis]} = {results}, not {slope and mp.nstr(slope, 17)}"


@pytest.mark.sampled(1, gate=20)
@pytest.mark.parametrize("seed", range(40))
def test_random_formulas(seed: int) -> None:
    source, counts, wrong = random.Random(f"formulas {seed}"), Counter[str](), []
    with mp.workdps(100):
        for _ in range(FORMULAS):
            text = random_formula(source, source.choice((1, 2, 3, 3, 4)))
            points = [
                tuple(source.choice(SPECIAL) if source.random() < 0.3 else source.uniform(-3, 3)
                      for _ in "ab")
                for _ in range(POINTS)
            ]  # fmt: skip
            counts["formulas"] += 1
            wrong += check(text, points, counts)
    assert wrong == []
    assert counts["formulas"] == FORMULAS
    assert counts["derivatives"] > FORMULAS
