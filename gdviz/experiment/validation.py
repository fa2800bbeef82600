"""What is refused of an experiment: the bounds of its fields, and the error that says so."""

from collections.abc import Mapping

from gdviz.base.format import format_number as typed
from gdviz.base.geometry import FARTHEST
from gdviz.base.input_error import InputError
from gdviz.base.number_check import why_no_number
from gdviz.engine.descent.estimates.draws import LARGEST_SEED
from gdviz.engine.language.parser import PARAMETERS

MAX_METHODS = 12
MAX_CONSTANTS = 20
MAX_STEPS = 10_000
MAX_STARTS = 100
MAX_TITLE = 60
MAX_SAMPLES = 100

#: Bounds of the numeric fields, both ends allowed.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "alpha": (1e-60, FARTHEST),
    "epsilon": (1e-40, FARTHEST),
    "eta": (1e-6, 1e3),
    "steps": (1, MAX_STEPS),
    "seed": (0, LARGEST_SEED),
    "samples": (0, MAX_SAMPLES),
    "start": (-FARTHEST, FARTHEST),
    "range": (-FARTHEST, FARTHEST),
    "constants": (-FARTHEST, FARTHEST),
    "azimuth": (-360, 360),
    "elevation": (-90, 90),
    "distance": (0.5, 50),
    "center": (-10, 10),
    "view step": (0, MAX_STEPS),
    "row": (0, MAX_METHODS - 1),
    "pair": (0, 2),
    "stroke": (0.25, 5.0),
}
#: From where to where sliders go, unless a chosen value lies beyond.
SLIDERS: Mapping[str, tuple[float, float]] = {
    "alpha": (1e-4, 10.0),
    "epsilon": (1e-16, 10.0),
    "steps": (1, 1000),
}
#: Of those that have bounds, the whole numbers.
_WHOLE = frozenset({"steps", "seed", "samples", "view step", "row", "pair"})


class ExperimentError(InputError):
    """A field that is refused, in one sentence.

    Parameters
    ----------
    field : str
        The field's name, for example ``"alpha"``, ``"methods[2].epsilon"`` or
        ``"methods[2].estimate_options.rows"``; empty where the
        experiment as a whole is refused.
    message : str
        The sentence.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


def check_number(bound: str, value: float, field: str) -> None:
    """Refuse a number that is out of bounds.

    Parameters
    ----------
    bound : str
        A key of :data:`BOUNDS`.
    value : float
        The number; nan is refused as well, and what is no number, such as True.
    field : str
        What it is called in the sentence.

    Raises
    ------
    ExperimentError
    """
    if why := why_no_number(value, *BOUNDS[bound], whole=bound in _WHOLE):
        raise ExperimentError(field, why)


def least_span(low: float, high: float) -> float:
    """Return how wide a range must be, as narrower its grid points would be the same floats."""
    return 1e-9 * max(abs(low), abs(high), 1e-30)


def check_interval(field: str, low: float, high: float, name: str = "") -> None:
    """Refuse an interval that does not run from a lower to a higher number.

    Parameters
    ----------
    field : str
        What it is called in the sentence.
    low, high : float
        Its ends.
    name : str, default ""
        The coordinate, where the field holds several intervals.

    Raises
    ------
    ExperimentError
    """
    if not low < high:
        what = f"{name} must" if name else "must"
        raise ExperimentError(
            field, f"{what} run from a lower to a higher number, not {typed(low)} to {typed(high)}"
        )


def check_range(
    field: str,
    range_: tuple[float, float, float, float],
    parameters: tuple[str, str] = PARAMETERS,
) -> None:
    """Refuse a range (a_low, a_high, b_low, b_high) that is empty, too narrow or out of bounds.

    Parameters
    ----------
    field : str
        What it is called in the sentence.
    range_ : (float, float, float, float)
        The range.
    parameters : (str, str), default ("a", "b")
        What the coordinates are called.

    Raises
    ------
    ExperimentError
    """
    for end in range_:
        check_number("range", end, field)
    for name, low, high in zip(parameters, range_[::2], range_[1::2], strict=True):
        check_interval(field, low, high, name)
        least = least_span(low, high)
        if not high - low > least:
            raise ExperimentError(
                field, f"{name} must span more than {typed(least)} there, not {typed(high - low)}"
            )
