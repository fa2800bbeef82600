"""Numbers that a rule or a schedule can be given: their names, bounds and defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A number that can be chosen.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    symbol : str
        As formulas write it.
    default : float
        Its value until another is chosen.
    low, high : float
        The least and the greatest value, both allowed.
    about : str
        What it is, in a sentence.
    logarithmic : bool, default False
        Whether its order of magnitude is what matters.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    about: str
    logarithmic: bool = False


def settle(
    owner: str, options: Sequence[Option], chosen: Mapping[str, float] | None
) -> dict[str, float]:
    """Return a value for each option: the chosen one, else its default.

    Parameters
    ----------
    owner : str
        Whose options they are, for the sentence.
    options : sequence of Option
        The options there are.
    chosen : mapping of str to float, optional
        Values by name.

    Raises
    ------
    ValueError
        If a name is unknown or a value out of bounds, in one sentence.
    """
    settled = {option.name: option.default for option in options}
    for name, value in (chosen or {}).items():
        if name not in settled:
            has = f"its options are {', '.join(settled)}" if settled else "it has none"
            raise ValueError(f"{owner} has no option {name!r}: {has}")
        settled[name] = float(value)
    for option in options:
        value = settled[option.name]
        if not option.low <= value <= option.high:  # nan is refused as well
            raise ValueError(
                f"{option.name} of {owner} must be between {option.low:g} and {option.high:g}, "
                f"not {value:g}"
            )
    return settled
