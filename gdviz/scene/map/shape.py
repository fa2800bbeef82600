"""How wide a map is for its height, where both coordinates have equal units."""

from gdviz.base.format import number
from gdviz.base.geometry import Range
from gdviz.experiment.experiment import Experiment

#: Times as wide as high, or as high as wide, beyond which a map would be a line.
_LONGEST = 10.0


def map_ratio(experiment: Experiment) -> float | None:
    """Return how many times as wide as high the map is drawn; None where it takes what room it has.

    Parameters
    ----------
    experiment : Experiment
        With equal units a unit of one coordinate is as long as one of the other, so that a circle
        is a circle, and a path crosses contours at right angles.
    """
    ratio = _ratio(experiment.map_range)
    is_map = 1 / _LONGEST <= ratio <= _LONGEST
    return ratio if experiment.equal_units and is_map else None


def why_unequal(experiment: Experiment) -> str:
    """Say that equal units are wanted, and would make the map a line; empty where all is well."""
    if not experiment.equal_units or map_ratio(experiment) is not None:
        return ""
    ratio = _ratio(experiment.map_range)
    longer, times = ("wide as high", ratio) if ratio > 1 else ("high as wide", 1 / ratio)
    return (
        f"The units are not equal: the map would be {number(times, 2)} times as {longer}, and "
        f"up to {_LONGEST:g} times is drawn."
    )


def _ratio(extent: Range) -> float:
    return (extent.a_high - extent.a_low) / (extent.b_high - extent.b_low)
