"""What a descent runs with, as one value: everything but the objective and the start."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from itertools import chain, repeat
from typing import Any

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.number_check import why_no_number
from gdviz.base.types import Precision
from gdviz.engine.descent.estimates.draws import LARGEST_SAMPLE, LARGEST_SEED, Draws
from gdviz.engine.descent.estimates.estimate import Estimate, GradientFunction
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.descent.rules.shaping import is_shaped, own_options, shaped
from gdviz.engine.descent.schedules import SCHEDULES, Schedule
from gdviz.engine.objectives.counting import CountedObjective

#: The map of a path that may go anywhere.
EVERYWHERE = Range(-math.inf, math.inf, -math.inf, math.inf)
#: A path may leave the map by this many times its width and height, on each side.
MARGIN = 1.0
#: Steps between two looks at whether the computation is still wanted.
_CANCEL_EVERY = 64


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a descent runs with.

    From equal starts on equal objectives, equal settings give equal paths. Options that were not
    given have their defaults, so that it does not matter whether a default was chosen.

    Parameters
    ----------
    estimate : Estimate
        The gradient estimate.
    rule : Rule
        The update rule.
    alpha : float
        The learning rate α, at step 0.
    epsilon : float, default 1e-6
        The finite-difference step ε.
    steps : int, default 100
        The most updates to make.
    bounds : Range, default everywhere
        The map. A path ends at the first point further out than :data:`MARGIN` times its width or
        height, so that an excursion may return.
    options : mapping of str to float
        Values of the rule's options; the defaults for those that are missing.
    schedule : Schedule
        How α changes; it does not unless one is given.
    schedule_options : mapping of str to float
        Values of the schedule's options; the defaults for those that are missing.
    precision : {"float64", "float32"}
        The arithmetic of the method. Losses and exact gradients are float64 in either.
    representable_step : bool, default False
        Divide a difference by the step that was really taken, (x + ε) − x.
    estimate_options : mapping of str to float
        Values of the estimate's options; the defaults for those that are missing.
    seed, sample : int, default 0
        What a random estimate draws by: see :mod:`gdviz.engine.descent.estimates.draws`.

    Raises
    ------
    ValueError
        If an option is unknown or out of bounds, or the seed or the sample is no whole number or
        out of bounds, in one sentence.
    """

    estimate: Estimate
    rule: Rule
    _: KW_ONLY
    alpha: float
    epsilon: float = 1e-6
    steps: int = 100
    bounds: Range = EVERYWHERE
    options: Mapping[str, float] = field(default_factory=dict, hash=False)
    schedule: Schedule = SCHEDULES["constant"]
    schedule_options: Mapping[str, float] = field(default_factory=dict, hash=False)
    precision: Precision = "float64"
    representable_step: bool = False
    estimate_options: Mapping[str, float] = field(default_factory=dict, hash=False)
    seed: int = 0
    sample: int = 0

    def __post_init__(self) -> None:
        for name, most in (("seed", LARGEST_SEED), ("sample", LARGEST_SAMPLE)):
            if why := why_no_number(getattr(self, name), 0, most, whole=True):
                raise ValueError(f"{name} {why}")
        complete = object.__setattr__
        of_estimate = self.estimate.option_values(self.estimate_options)
        complete(self, "estimate_options", of_estimate)
        complete(self, "options", self.rule.option_values(self.options))
        complete(self, "schedule_options", self.schedule.option_values(self.schedule_options))

    def gradient(self, f: CountedObjective, first: int = 0) -> GradientFunction:
        """Return the estimate as a function of the point alone, ``(a, b) -> (ĝ_a, ĝ_b)``.

        Parameters
        ----------
        f : CountedObjective
            What is minimised, and counts.
        first : int, default 0
            The step whose draw the first call takes; each call takes the next one's. A rule that
            takes several gradients a step takes as many draws.
        """
        draws = [self.draws(first)] if self.estimate.is_random else []
        return self.estimate.bind(
            f, f.real(self.epsilon), self.representable_step, *draws, **self.estimate_options
        )

    def draws(self, first: int = 0) -> Draws:
        """Return what is drawn, from a step on."""
        return Draws(self.seed, self.sample, first)

    def update(self, f: CountedObjective, gradient: GradientFunction) -> Update:
        """Return the state and the step of a rule that has an update.

        Parameters
        ----------
        f : CountedObjective
            What is minimised, and counts.
        gradient : callable
            The estimate, for a rule that asks for it elsewhere.
        """
        assert self.rule.update is not None
        given: list[Any] = [gradient] if self.rule.takes_gradient else []
        draws = self.draws()
        given += [draws] if self.rule.is_random else []
        update = self.rule.update(f, *given, **own_options(self.options))
        return shaped(f, update, draws, self.options)

    @property
    def is_plain(self) -> bool:
        """Whether a step is θ ← θ − αĝ, of the estimate's own ĝ."""
        return self.rule.is_plain and not is_shaped(self.options)

    @property
    def is_elementwise(self) -> bool:
        """Whether many starts can be run at once, as arrays."""
        return self.rule.is_elementwise and self.estimate.is_elementwise

    @property
    def draws_by_step(self) -> bool:
        """Whether a step takes one gradient, so that its draw is the step's."""
        return self.rule.update is not None and not self.rule.takes_gradient

    def limits(self, start: tuple[float, float]) -> Range:
        """Return what a path may not leave; see :func:`widened`."""
        return widened(self.bounds, start)

    def alpha_at(self, step: int) -> float:
        """Return the learning rate of the update from a step to the next one."""
        factor = self.schedule.factor
        return (
            self.alpha * factor(step, self.steps, **self.schedule_options) if factor else self.alpha
        )

    def learning_rates(
        self, real: Callable[[Any], Any], cancelled: Callable[[], bool], first: int = 0
    ) -> Iterator[Any]:
        """Return the learning rate of each update.

        Parameters
        ----------
        real : callable
            The type of a number, such as ``float``.
        cancelled : callable
            Asked now and then; when it returns True the iterator raises
            :class:`~gdviz.base.cancel.Cancelled`.
        first : int, default 0
            The step of the first update.
        """

        def blocks() -> Iterator[Iterator[Any]]:
            for k in range(first, self.steps, _CANCEL_EVERY):
                if cancelled():
                    raise Cancelled
                block = range(k, min(k + _CANCEL_EVERY, self.steps))
                if self.schedule.factor is None:
                    yield repeat(real(self.alpha), len(block))  # no call a step
                else:
                    yield map(real, map(self.alpha_at, block))

        return chain.from_iterable(blocks())


def hull(bounds: Range, point: Sequence[float]) -> Range:
    """Return the smallest range that holds another one and a point (a, b)."""
    a, b = point
    a_low, a_high, b_low, b_high = bounds
    return Range(min(a_low, a), max(a_high, a), min(b_low, b), max(b_high, b))


def widened(bounds: Range, start: tuple[float, float]) -> Range:
    """Return what a path may not leave: the bounds, widened to its start, and the margin."""
    a_low, a_high, b_low, b_high = hull(bounds, start)
    a_margin, b_margin = MARGIN * (a_high - a_low), MARGIN * (b_high - b_low)
    return Range(a_low - a_margin, a_high + a_margin, b_low - b_margin, b_high + b_margin)
