"""How paths ended, told apart without colours: words, glyphs and hatches."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gdviz.engine.descent.path import Status


@dataclass(frozen=True, slots=True)
class StatusMark:
    """How a status is shown.

    Parameters
    ----------
    title : str
        In a few words.
    glyph : str
        A square filled as the hatch fills it, for a legend in text.
    hatch : str
        Matplotlib's; ``"solid"`` and ``""`` are a full and an empty square.
    """

    title: str
    glyph: str
    hatch: str


#: In the order of a legend, from the good end to the bad ones.
STATUS_MARKS: Mapping[Status, StatusMark] = MappingProxyType(
    {
        Status.ESTIMATE_VANISHED: StatusMark("ĝ vanished", "■", "solid"),
        Status.STEP_LIMIT: StatusMark("step limit", "□", ""),
        Status.STOPPED: StatusMark("stopped by the rule", "▤", "---"),
        Status.LEFT_MAP: StatusMark("left the map", "▨", "///"),
        Status.DIVERGED: StatusMark("diverged", "▩", "xxx"),
        Status.NOT_A_NUMBER: StatusMark("not a number", "▥", "|||"),
        Status.UNDEFINED: StatusMark("undefined", "▥", "|||"),
    }
)
