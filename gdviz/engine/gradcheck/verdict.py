"""The verdict on one component of a claimed gradient."""

from dataclasses import dataclass, field
from typing import Literal

from gdviz.engine.gradcheck.comparison import Place
from gdviz.engine.gradcheck.difference.difference_process import Remainder
from gdviz.engine.gradcheck.domain import Condition
from gdviz.engine.gradcheck.scope import Scope
from gdviz.engine.language.parser import PARAMETERS

#: How a component was decided.
How = Literal["identical", "symbolic", "numeric", "undecided"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One component of a claimed gradient.

    Attributes
    ----------
    name : str
        ∂f/∂a or ∂f/∂b.
    right : bool or None
        None where there is nothing to compare. What is right where it is defined is right, and
        what holds for some values of a constant only is not.
    how : {"identical", "symbolic", "numeric", "undecided"}
        Whether it is the program's own derivative node for node, or the difference simplifies
        to 0, or the numbers decided.
    where : str
        The range over which they were compared, and the points beyond it, in words.
    points : int
        How many points were compared with the constants at their values.
    undefined, at_kinks : int
        How many points were left out because the true or the claimed one is no number there, or
        because it jumps there.
    worst : Place or None
        Where they differ most; of what is right, by rounding. None where nothing was compared.
    parameters : (str, str)
        What the person calls a and b.
    sentence : str
        The verdict.
    only_for : dict of str to float
        The constants to whose values, or their signs, the candidate is bound; empty where it is
        not.
    only_if : str
        How it is bound to them, such as "k > 0".
    undefined_for, defined_for : str
        Where the candidate alone has no value, such as "a ≤ 0", and where it has one; empty where
        it has one wherever the true one has.
    scope : Scope
        Of what is right, where f has the derivative.
    lacking : tuple of Condition
        What the candidate lacks somewhere, as the two above say in words.
    notes : str
        What is so at points that the person names and where there is nothing to compare.
    unseen : str
        The size of a place that sampling can miss; empty where it cannot.
    remainder : Remainder or None
        True minus claimed; None where it was not asked for, or is zero.
    """

    name: str
    right: bool | None
    how: How
    where: str
    points: int
    undefined: int
    at_kinks: int
    worst: Place | None
    parameters: tuple[str, str] = PARAMETERS
    sentence: str = ""
    only_for: dict[str, float] = field(default_factory=dict)
    only_if: str = ""
    undefined_for: str = ""
    defined_for: str = ""
    scope: Scope = field(default_factory=Scope)
    lacking: tuple[Condition, ...] = ()
    notes: str = ""
    unseen: str = ""
    remainder: Remainder | None = None
