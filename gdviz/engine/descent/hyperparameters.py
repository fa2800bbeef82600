"""Numbers that a rule or a schedule can be given: their names, bounds and defaults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gdviz.base.format import format_number as typed


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
    is_switch : bool, default False
        Whether it is 0 or 1, for no and yes.
    is_whole : bool, default False
        Whether it is a whole number.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    about: str
    logarithmic: bool = False
    is_switch: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Configurable:
    """Something that is chosen by name, and has options.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    title : str
        As the window writes it.
    about : str
        What it does, in a sentence or in plain mathematics.
    options : tuple of Option
        The numbers that can be chosen.
    definition : str, optional
        Whose definition this is where there are several, and how others differ: PyTorch is 2.13,
        Keras 3.15, Optax 0.2.8, each as it comes.
    presets : mapping of str to mapping of str to float, optional
        The options with which it is that of another framework, by that one's name.
    known_as : str, optional
        What else it is called, and by whom it is: words by which people look for it.
    """

    name: str
    title: str
    about: str
    options: tuple[Option, ...] = ()
    definition: str = ""
    presets: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)
    known_as: str = ""

    @property
    def explanation(self) -> str:
        """What it does and whose definition that is, on a line each."""
        return "\n".join(filter(None, (self.about, self.definition)))

    @property
    def sought_as(self) -> str:
        """The words by which people look for it: its other names, and whose definition it is.

        What follows in a definition is how others differ: they would be found by what they lack.
        """
        return f"{self.known_as} {re.split('[.;] ', self.definition, maxsplit=1)[0]}"

    def option_values(self, chosen: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return a value for each option: the chosen one, else its default.

        Raises
        ------
        ValueError
            If a name is unknown or a value out of bounds, in one sentence.
        """
        values = {option.name: option.default for option in self.options}
        for name, value in (chosen or {}).items():
            if name not in values:
                has = f"its options are {', '.join(values)}" if values else "it has none"
                raise ValueError(f"{self._as_owner} has no option {name!r}: {has}")
            values[name] = float(value)
        for option in self.options:
            value = values[option.name]
            if option.is_switch and value not in (0.0, 1.0):
                allowed = "0 (no) or 1 (yes)"
            elif not option.low <= value <= option.high:  # nan is refused as well
                allowed = f"between {typed(option.low)} and {typed(option.high)}"
            elif option.is_whole and value % 1:
                allowed = "a whole number"
            else:
                continue
            raise ValueError(
                f"{option.name} of {self._as_owner} must be {allowed}, not {typed(value)}"
            )
        return values

    @property
    def _as_owner(self) -> str:
        return f"the {type(self).__name__.lower()} {self.name}"
