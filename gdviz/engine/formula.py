"""A formula: from text to value, gradient and Hessian as functions.

The text is parsed and bounded (:mod:`~gdviz.engine.syntax`), becomes a computation graph
(:mod:`~gdviz.engine.graph`), is differentiated there (:mod:`~gdviz.engine.derivative`) and
compiled for floats, arrays and complex numbers (:mod:`~gdviz.engine.codegen`). Constants are
arguments of the compiled functions: turning one derives nothing again.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from gdviz.engine.codegen import generate
from gdviz.engine.derivative import differentiate
from gdviz.engine.graph import Graph, lower
from gdviz.engine.syntax import PARAMETERS, FormulaError, Tree, check_constant_name, parse
from gdviz.engine.targets import (
    COMPLEX,
    MATH,
    NUMPY,
    NUMPY_COMPLEX,
    NUMPY_COMPLEX_ARRAYS,
    Target,
)

__all__ = ["Formula", "FormulaError"]

Function = Callable[..., Any]


class Formula:
    """A formula in the parameters a and b and named constants.

    Use :meth:`parse`, which keeps the most recent formulas.

    Attributes
    ----------
    text : str
        The formula as it was written.
    constants : tuple of str
        The names of its constants: the first arguments, in this order, of every function.
    tree : Tree
        The syntax tree.
    graph : Graph
        The computation graph; derivatives are added to it when they are first wanted.
    output : int
        The formula's node.
    columns : dict of int to int
        By an operation's node, the column where it is written first.
    """

    def __init__(self, text: str, constants: tuple[str, ...], tree: Tree) -> None:
        self.text = text
        self.constants = constants
        self.tree = tree
        self.graph = Graph()
        self.columns: dict[int, int] = {}
        self.output = lower(tree, self.graph, columns=self.columns)

    @classmethod
    def parse(cls, text: str, constants: tuple[str, ...] = ()) -> "Formula":
        """Parse a formula.

        Parameters
        ----------
        text : str
            For example ``b*sigmoid(a*x)``.
        constants : tuple of str
            The names that may stand in it beside ``a`` and ``b``, for example ``("x",)``.

        Raises
        ------
        FormulaError
            With one sentence that names the column.
        """
        return _parse(text, constants)

    @cached_property
    def gradient_nodes(self) -> list[int]:
        """The nodes of ∂f/∂a and ∂f/∂b in the graph."""
        return differentiate(self.graph, self.output, PARAMETERS)

    @cached_property
    def hessian_nodes(self) -> list[int]:
        """The nodes of ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b² in the graph."""
        in_a, in_b = self.gradient_nodes
        (in_bb,) = differentiate(self.graph, in_b, PARAMETERS[1:])
        return [*differentiate(self.graph, in_a, PARAMETERS), in_bb]

    # Each is called as f(*constants, a, b). NumPy's must run under np.errstate(all="ignore").

    @cached_property
    def value(self) -> Function:
        """The value on Python floats; raises where IEEE arithmetic gives inf or nan."""
        return self._compile([self.output], MATH)

    @cached_property
    def gradient(self) -> Function:
        """(∂f/∂a, ∂f/∂b) on Python floats; raises like :attr:`value`."""
        return self._compile(self.gradient_nodes, MATH)

    @cached_property
    def numpy_value(self) -> Function:
        """The value on NumPy arrays or scalars."""
        return self._compile([self.output], NUMPY)

    @cached_property
    def numpy_gradient(self) -> Function:
        """(∂f/∂a, ∂f/∂b) on NumPy arrays or scalars."""
        return self._compile(self.gradient_nodes, NUMPY)

    @cached_property
    def numpy_hessian(self) -> Function:
        """(∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) on NumPy arrays or scalars."""
        return self._compile(self.hessian_nodes, NUMPY)

    @cached_property
    def complex_value(self) -> Function:
        """The value on Python complex numbers; raises like :attr:`value`."""
        return self._compile([self.output], COMPLEX)

    @cached_property
    def numpy_complex_value(self) -> Function:
        """The value on NumPy complex scalars."""
        return self._compile([self.output], NUMPY_COMPLEX)

    @cached_property
    def numpy_complex_values(self) -> Function:
        """The value on arrays of NumPy complex numbers."""
        return self._compile([self.output], NUMPY_COMPLEX_ARRAYS)

    def _compile(self, outputs: list[int], target: Target) -> Function:
        return generate(self.graph, outputs, (*self.constants, *PARAMETERS), target)


@lru_cache(maxsize=64)
def _parse(text: str, constants: tuple[str, ...]) -> Formula:
    for name in constants:
        check_constant_name(name)
    return Formula(text, constants, parse(text, constants))
