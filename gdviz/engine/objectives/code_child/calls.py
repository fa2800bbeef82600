"""How a person's function is called: with arrays or with numbers, together or point by point."""

import inspect
import math
import os
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_child.pace import Pace
from gdviz.engine.objectives.code_child.signature import parameters, places
from gdviz.engine.objectives.code_child.timing import time_calls
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.returned import MISTAKES, Array, as_rows, as_said

#: Seconds after which what was found so far is handed over, so that nobody waits longer who no
#: longer wants the rest.
_ANSWER_SECONDS = 0.25
#: How much of the largest value may be made of rounding: in another order, and in float32.
_ROUNDING, _SINGLE_ROUNDING = 1e-9, 1e-4
#: How often a value is asked for that is not the same again.
_REPEATS = 8
_DOUBLE = np.dtype(np.float64)


class RaisedInCopy(BaseException):
    """The code has forked its process, and raised in the fork, which ends by this."""


class Exited(Exception):  # noqa: N818 - the sentence about a hole has its name
    """The code would have ended its process at a point: it has no value there."""

    __module__ = "builtins"  # which is left out of that sentence


Way = Callable[[Array, Array], Iterable[tuple[Any, ...]]]


def _numbers(a: Array, b: Array) -> Iterable[tuple[Any, ...]]:
    is_double = a.dtype in (np.float64, np.complex128)
    return zip(a.tolist(), b.tolist(), strict=True) if is_double else zip(a, b, strict=True)


#: How a function of two parameters, and one of a vector, gets points one by one, in the order in
#: which it is tried. Python's own numbers are quickest.
_PAIR: tuple[Way, ...] = (
    _numbers,
    lambda a, b: zip(a, b, strict=True),
    lambda a, b: zip(a[:, None].copy(), b[:, None].copy(), strict=True),  # it may write there
)
_VECTOR: tuple[Way, ...] = (
    lambda a, b: zip(np.stack([a, b], axis=1), strict=True),
    lambda a, b: zip(np.stack([a, b], axis=1)[..., None], strict=True),
)


@dataclass(eq=False)
class Called:
    """One of a person's functions, at points.

    Parameters
    ----------
    function : callable
        What they wrote: of two parameters, or of a vector of two.
    name : str
        What it is called.
    count : {1, 2, 3}
        How many numbers it returns at a point.
    also : tuple of callable, default ()
        The same function, given what a library takes: tried where it takes neither numbers nor
        NumPy's arrays.
    allow : callable, optional
        Called before each call of theirs.
    clock : callable, optional
        Tells the seconds.

    Attributes
    ----------
    takes_arrays : bool
        Whether it gets many points in a call.
    alone : float
        Seconds that a call took which got one point.
    seconds : float
        What a point took when it was tried: as one of many, if it gets many.
    timed : int
        Of how many points, in a call, that was found.
    is_single : bool
        Whether it computes in float32, as far as can be seen.
    noise : tuple of float or None
        (a, b, spread, slope) at a point where it does not return the same again: the values'
        standard deviation, and how fast f typically changes from point to point.
    others : tuple of float or None
        (a, b, value alone, value among others) where these differ.
    known : tuple of float
        A point where it was tried, and has a value if it has one anywhere.
    raises : bool
        Whether it raised at each point where it was tried.
    hole : tuple or None
        (a, b, what was raised) at the first point where something was.
    given : callable
        What is called: the function, or one of `also`.
    """

    function: Callable[..., Any]
    name: str
    count: int = 1
    also: tuple[Callable[..., Any], ...] = ()
    allow: Callable[[], object] = lambda: None
    clock: Callable[[], float] = time.perf_counter
    takes_arrays: bool = False
    alone: float = 0.0
    seconds: float = 0.0
    timed: int = 1
    is_single: bool = False
    noise: tuple[float, float, float, float] | None = None
    others: tuple[float, float, float, float] | None = None
    known: tuple[float, float] = (0.0, 0.0)
    raises: bool = False
    hole: tuple[float, float, BaseException] | None = None
    _pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        names = parameters(self.function)
        is_vector = names is not None and len(names) == 1
        self._ways = _VECTOR if is_vector else _PAIR
        if is_vector and places(self.function) > 1:  # what may be given as well is the second one
            self._ways = (*_VECTOR, *_PAIR)
        self._way = self._ways[0]
        self.given = self.function
        self._process = os.getpid()

    @property
    def takes_vector(self) -> bool:
        """Whether it gets a point as one vector."""
        return self._way in _VECTOR

    # -- what it is, found out once

    def examine(self, points: Array, more: Array) -> None:
        """Find out how it is called, what that costs, and whether it is a function of its point.

        Parameters
        ----------
        points, more : ndarray, shape (2, n)
            Where it is tried, and where else, if it has no value at most of these.

        Raises
        ------
        CodeError, or what the code raises
            If it cannot be called anywhere.
        """
        tried, values = self._choose_way(points, more)
        self.known = float(tried[0, 0]), float(tried[1, 0])
        if tried.shape[1] == 1:
            tried, values = np.tile(tried, 2), np.tile(values, 2)
        a, b = tried
        began = self.clock()
        again = self._each(a, b)
        self.alone = self.seconds = (self.clock() - began) / len(a)
        self.is_single = self.is_single or _are_single(values)
        off = _largest_of(again - values)
        rounding = (_SINGLE_ROUNDING if self.is_single else _ROUNDING) * _largest_of(values)
        is_noisy = off > rounding
        if is_noisy and self.count == 1:
            self._measure_noise(a, b, values)
        try:
            self._together(a, b)  # which may compile it
            began = self.clock()
            found = self._together(a, b)
        except Exception:  # of whatever kind: it takes points one by one, and that is enough
            return
        took = self.clock() - began
        apart = np.abs(found - values)
        if not np.array_equal(np.isnan(found), np.isnan(values)):
            return
        self.takes_arrays = bool(_largest_of(apart) <= rounding + (10.0 * off if is_noisy else 0.0))
        if not self.takes_arrays:
            worst = int(np.nanargmax(apart.max(axis=0)))
            at, row = tried[:, worst], int(np.nanargmax(apart[:, worst]))
            numbers = at[0], at[1], values[row, worst], found[row, worst]
            if np.isfinite(numbers).all():
                self.others = tuple(map(float, numbers))  # type: ignore[assignment]
            return
        self._pace = Pace(1)
        self._pace.took(len(a), took)

        def together(places: Array) -> object:
            return self._together(a[places], b[places])

        self.seconds, self.timed = time_calls(
            together, len(a), took / len(a), self.seconds, self._pace, self.clock
        )

    def _choose_way(self, points: Array, more: Array) -> tuple[Array, Array]:
        """Choose how it gets a point, and return some points where it has a value, and these."""
        errors: list[BaseException] = []
        # What has no value at any point, with what it raised there, unless it is nan by itself.
        valueless: list[tuple[Callable[..., Any], Way, Any]] = []
        for where in (points, more):
            for given, way in product((self.function, *self.also), self._ways):
                self.given, self._way, self.hole = given, way, None
                try:
                    found = self._each(*where)
                except Exception as mistake:  # whatever it raises given that
                    errors.append(mistake)
                    continue
                known = np.flatnonzero(np.isfinite(found).all(axis=0))[: points.shape[1]]
                if len(known) >= (2 if where is points else 1):
                    return where[:, known], found[:, known]
                valueless.append((given, way, self.hole))
        furthest = max(map(self._of_what_is_raised, valueless), default=-1.0)
        if errors and max(map(self._how_far, errors)) > furthest:  # it was called rightly, and is
            raise max(errors, key=self._how_far)  # no loss, as where it returns its gradient too
        self.given, self._way, self.hole = max(valueless, key=self._of_what_is_raised)
        self.raises = self.hole is not None
        return points, np.full((self.count, points.shape[1]), np.nan)

    def _of_what_is_raised(self, tried: tuple[Callable[..., Any], Way, Any]) -> float:
        return self._how_far(tried[2][2]) if tried[2] is not None else math.inf

    def _how_far(self, error: BaseException) -> float:
        """Return the line that was reached: where the right way is known, most of it has run."""
        if isinstance(error, CodeError):
            return math.inf
        written = inspect.unwrap(self.function)
        file = getattr(getattr(written, "__code__", None), "co_filename", "")
        frames = traceback.extract_tb(error.__traceback__)
        return max((frame.lineno or 0 for frame in frames if frame.filename == file), default=0)

    def _measure_noise(self, a: Array, b: Array, values: Array) -> None:
        known = np.flatnonzero(np.isfinite(values[0]))
        here = known[:1].repeat(_REPEATS)
        spread = float(np.std(self._each(a[here], b[here]), ddof=1))
        apart = np.hypot(a[known, None] - a[known], b[known, None] - b[known])
        rises = np.abs(values[0][known, None] - values[0][known])
        slopes = rises[apart > 0] / apart[apart > 0]
        slope = float(np.median(slopes)) if len(slopes) else 0.0
        if math.isfinite(spread):
            self.noise = float(a[here[0]]), float(b[here[0]]), spread, slope

    # -- what it returns

    def some(self, a: Array, b: Array) -> Array:
        """Return the function's numbers at as many of the points as take a moment: one at least.

        Parameters
        ----------
        a, b : ndarray, shape (n,)
            The points, real or complex.

        Returns
        -------
        ndarray, shape (count, k)
            nan where it raised that there is no value.
        """
        began, done = self.clock(), 0
        parts = [np.empty((self.count, 0), a.dtype)]
        while done < len(a) and (not done or self.clock() - began < _ANSWER_SECONDS):
            block = slice(done, done + self._pace.size)
            found = self._block(a[block], b[block])
            if found is not None:
                parts.append(found)
                done += found.shape[1]
        return np.concatenate(parts, axis=1)

    def all(self, a: Array, b: Array) -> Array:
        """Return the numbers at all points, shape (count, n), however long that takes."""
        parts = [np.empty((self.count, 0), a.dtype)]
        while (done := sum(part.shape[1] for part in parts)) < len(a):
            parts.append(self.some(a[done:], b[done:]))
        return np.concatenate(parts, axis=1)

    def number(self, a: float, b: float) -> float:
        """Return the one number at a point, by itself; whatever the code raises there is raised.

        Raises
        ------
        CodeError
            If it returns no number.
        """
        (here,) = self._way(np.array([a]), np.array([b]))
        found = self._call(*here)
        return found if type(found) is float else float(self._as_numbers(found, 1, _DOUBLE)[0, 0])

    def why(self, a: float, b: float) -> BaseException | None:
        """Return the exception that the function raises outside of its domain, if any."""
        before, self.hole = self.hole, None
        self.some(np.array([a]), np.array([b]))
        hole, self.hole = self.hole, before or self.hole
        return hole[2] if hole else None

    def returned(self, function: Callable[..., Any] | None = None) -> Any:
        """Return, unread, what the function, or one called alike, returns where it has a value."""
        a, b = self.known
        here = next(iter(self._way(np.array([a]), np.array([b]))))
        self.allow()
        return (function or self.given)(*here)

    def _block(self, a: Array, b: Array) -> Array | None:
        """Return its numbers at points; None if fewer of them have to be tried."""
        began = self.clock()
        try:
            found = self._together(a, b) if self.takes_arrays else self._each(a, b)
        except CodeError:
            raise
        except Exception as error:  # of whatever kind: a single point says more
            if not self.takes_arrays:
                raise
            if len(a) == 1:
                return self._outside(a[0], b[0], error)
            self._pace.failed(len(a))
            return None
        self._pace.took(len(a), self.clock() - began)
        return found

    def _each(self, a: Array, b: Array) -> Array:
        numbers = np.empty((self.count, len(a)), a.dtype)
        for i, here in enumerate(self._way(a, b)):
            try:
                found = self._call(*here)
            except Exception as error:  # which tells whether it is a mistake
                numbers[:, i : i + 1] = self._outside(a[i], b[i], error)
                continue
            if type(found) is float and self.count == 1:
                numbers[0, i] = found
            else:
                numbers[:, i : i + 1] = self._as_numbers(found, 1, a.dtype)
        return numbers

    def _together(self, a: Array, b: Array) -> Array:
        if self.count == len(a) == 2:  # of (2, 2) nobody knows which are the points: three tell it
            return self._together(np.append(a, a[-1:]), np.append(b, b[-1:]))[:, :2]
        points = (np.array([a, b]),) if self.takes_vector else (a.copy(), b.copy())
        return self._as_numbers(self._call(*points), len(a), a.dtype)

    def _call(self, *arguments: Any) -> Any:
        self.allow()
        try:
            return self.given(*arguments)
        except SystemExit as error:
            if os.getpid() != self._process:
                raise
            raise Exited(f"sys.exit({error.code!r})").with_traceback(error.__traceback__) from None
        except Exception as error:
            if os.getpid() != self._process:
                raise RaisedInCopy from error
            raise

    def _outside(self, a: Any, b: Any, error: Exception) -> Array:
        if isinstance(error, MISTAKES):
            raise error
        if self.hole is None and not np.iscomplexobj(a):
            self.hole = float(a), float(b), error
        return np.full((self.count, 1), np.nan, np.result_type(a))

    def _as_numbers(self, found: Any, points: int, wanted: np.dtype[Any]) -> Array:
        """Return what it returned as so many numbers at so many points."""
        if self.count == 2 and points != 2 and getattr(found, "shape", None) == (points, 2):
            found = found.T
        try:
            rows = as_rows(found, self.count, points, "fiubc" if wanted.kind == "c" else "fiub")
        except TypeError:
            raise CodeError(self._no_numbers(found)) from None
        except ValueError:
            each = "a real number" if self.count == 1 else "two real numbers"
            at = f"got {points} points" if points > 1 else "got a point"
            raise CodeError(
                f"{self.name} {at} and returned {as_said(found)}; it must return {each} a point"
            ) from None
        if wanted == np.float64:
            self.is_single |= any(row.dtype == np.float32 for row in rows)
        return np.array(rows).astype(wanted, copy=False)

    def _no_numbers(self, found: Any) -> str:
        """Say what it returned instead; where that begins with a number, with the line to add."""
        if self.count > 1 or not isinstance(found, tuple) or np.size(found[:1]) != 1:
            return f"{self.name} did not return real numbers"
        given = ", ".join(parameters(self.function) or ("a", "b"))
        # In a line that begins with `loss =` that name is the lambda itself by then.
        kept, called = (", f=loss", "f") if self.name == "loss" else ("", self.name)
        return (
            f"{self.name} returned {len(found)} things in place of a real number; if the first is "
            f"the loss, add one line: loss = lambda {given}{kept}: {called}({given})[0]"
        )


def _largest_of(values: Array) -> float:
    """Return the largest absolute value of those that are finite, or 0."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if known.size else 0.0


def _are_single(values: Array) -> bool:
    """Tell whether values are float32's, by chance hardly ever."""
    known = values[np.isfinite(values)]
    is_long = known.astype(np.float16) != known
    return bool(np.count_nonzero(is_long) >= 2 and (known.astype(np.float32) == known).all())
