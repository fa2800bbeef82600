"""Claimed against true gradient at many points, each with what the arithmetic allows there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import Claim
from gdviz.engine.gradcheck.multiprecision import UNIT as PRECISE_UNIT
from gdviz.engine.gradcheck.multiprecision import precise
from gdviz.engine.gradcheck.rounding_bounds import UNIT, bounded

#: How often the bound on rounding errors, which is of first order, must be exceeded.
_MARGIN = 8.0
#: What the bound for float64 becomes in fifty digits, with room for mpmath's own functions.
_IN_FIFTY_DIGITS = 1e4 * PRECISE_UNIT / UNIT
#: Where float64 has no bound, what is the same with fifty digits and with more, to this part of
#: itself, is a difference, and what is not is round-off.
_MORE_DIGITS, _SETTLED = 120, 0.01
#: Operations of fifty digits up to which a point is looked at again: about a second.
_MOST_PRECISE = 40_000


@dataclass(frozen=True, slots=True)
class Place:
    """One component at one point.

    Attributes
    ----------
    a, b : float
        The point.
    constants : dict of str to float
        The constants there.
    claimed, true : float
        What the claim says, and what is so; nan where undefined.
    level : float
        The difference that rounding in float64 could make between two right ways to write it.
    """

    a: float
    b: float
    constants: dict[str, float]
    claimed: float
    true: float
    level: float

    @property
    def absolute(self) -> float:
        """|claimed − true|."""
        return abs(self.claimed - self.true)

    @property
    def relative(self) -> float:
        """|claimed − true| / |true|; inf where the true one is 0 and the claimed one is not."""
        if self.true == 0.0:
            return np.inf if self.absolute else 0.0
        return self.absolute / abs(self.true)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Both components at n points; arrays of shape (2, n) hold ∂f/∂a and ∂f/∂b.

    Attributes
    ----------
    claim : Claim
        What is compared.
    a, b : ndarray, shape (n,)
        The points.
    constants : dict of str to float or ndarray, shape (n,)
        The constants there.
    claimed, true : ndarray, shape (2, n)
        The gradients; nan or inf where undefined, and both where f is.
    level : ndarray, shape (2, n)
        The difference that rounding could make; inf where that cannot be told: at a kink, a jump
        or the edge of a domain, and where a bound overflows.
    """

    claim: Claim
    a: Array
    b: Array
    constants: Mapping[str, Any]
    claimed: Array
    true: Array
    level: Array

    @property
    def error(self) -> Array:
        """|claimed − true|, nan where they cannot be compared; shape (2, n)."""
        with np.errstate(invalid="ignore"):
            return np.where(self.comparable, np.abs(self.claimed - self.true), np.nan)

    @property
    def comparable(self) -> NDArray[np.bool_]:
        """Where both are numbers that the arithmetic can tell; shape (2, n)."""
        return np.isfinite(self.claimed) & np.isfinite(self.true) & np.isfinite(self.level)

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Where both are numbers; shape (2, n)."""
        return np.isfinite(self.claimed) & np.isfinite(self.true)

    def differs(self, component: int) -> NDArray[np.bool_]:
        """Return where they differ by more than rounding explains, shape (n,)."""
        with np.errstate(invalid="ignore"):
            found: NDArray[np.bool_] = self.error[component] > _MARGIN * self.level[component]
        return found

    def place(self, component: int, index: int) -> Place:
        """Return one component at one point."""
        claimed, true, level = (
            float(part[component, index]) for part in (self.claimed, self.true, self.level)
        )
        return Place(*self._point(index), claimed, true, level)

    def confirmed(self, component: int, candidates: Iterable[int]) -> int | None:
        """Return the first of some points where fifty digits differ as well, or None.

        A claim that is undefined there differs from a true one that is not. Where that would
        take too long, the first point at which float64 differs does.
        """
        claim = self.claim
        _, *nodes = claim.nodes
        outputs = [nodes[component], nodes[2 + component]]
        effort = len(claim.graph.reachable(outputs)) * claim.objective.rows
        differs = self.differs(component)
        for tried, index in enumerate(candidates):
            if (tried + 1) * effort > _MOST_PRECISE:
                if differs[index]:
                    return index
            elif self._differs_precisely(component, index, outputs):
                return index
        return None

    def _differs_precisely(self, component: int, index: int, outputs: list[int]) -> bool:
        """Tell whether what differs is more than rounded numbers in the formulas explain."""
        a, b, constants = self._point(index)
        at = self.claim.names(a, b, constants)
        true, claimed = precise(self.claim.graph, outputs, at)
        if true != true:  # nan: there is nothing to compare with
            return False
        if claimed != claimed:
            return True
        names = self.claim.names(np.array([a]), np.array([b]), constants)
        of_numbers = sum(
            float(np.ravel(bound.error)[0])
            for bound in bounded(self.claim.graph, outputs, names, unit=0.0)
        )
        level, off = self.level[component, index], claimed - true
        if np.isfinite(level) or not self.finite[component, index]:
            allowed = of_numbers + _IN_FIFTY_DIGITS * (level if np.isfinite(level) else 0.0)
            return bool(abs(off) > _MARGIN * allowed)
        true, claimed = precise(self.claim.graph, outputs, at, _MORE_DIGITS)
        settled = abs(claimed - true - off) <= _SETTLED * abs(off)  # False for nan
        return bool(settled and abs(off) > _MARGIN * of_numbers)

    def _point(self, index: int) -> tuple[float, float, dict[str, float]]:
        constants = {
            name: float(value[index] if isinstance(value, np.ndarray) else value)
            for name, value in self.constants.items()
        }
        return float(self.a[index]), float(self.b[index]), constants


def compare(
    claim: Claim, a: Array, b: Array, constants: Mapping[str, Any] | None = None
) -> Comparison:
    """Compare at points.

    Parameters
    ----------
    claim : Claim
        What is compared.
    a, b : ndarray, shape (n,)
        The points.
    constants : mapping of str to float or ndarray, shape (n,), optional
        Values of the constants, where they are not the objective's.
    """
    values = {**claim.constants, **(constants or {})}
    found = bounded(claim.graph, claim.nodes, claim.names(a, b, values))
    filled = [(_filling(a, bound.value), _filling(a, bound.error)) for bound in found]
    (f, _), *components = filled
    value = np.where(np.isfinite(f), np.array([part for part, _ in components]), np.nan)
    error = np.array([part for _, part in components])
    return Comparison(claim, a, b, values, value[2:], value[:2], error[:2] + error[2:])


def _filling(points: Array, result: Array) -> Array:
    """Give a result the points' shape: it may be one number, or have an axis for the rows."""
    if np.ndim(result) == 2:
        result = result[:, 0]
    return np.broadcast_to(result, points.shape)
