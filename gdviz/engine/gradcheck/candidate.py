"""A claimed gradient beside the true one, as nodes of one computation graph."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.gradcheck.written_heads import without_head
from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import ROWS
from gdviz.engine.language.recognition import lower_recognised
from gdviz.engine.objectives.formula_objective import FormulaObjective


def components(parameters: tuple[str, str]) -> tuple[str, str]:
    """Return what the components of the gradient are called."""
    first, second = parameters
    return f"∂f/∂{first}", f"∂f/∂{second}"


@dataclass(frozen=True, eq=False)
class CandidateGradient:
    """A candidate gradient: what a person says the gradient is.

    Parameters
    ----------
    objective : FormulaObjective
        The function.
    parts : tuple of FormulaObjective
        ∂f/∂a and ∂f/∂b as the person derived them, with the same constants and data.
    """

    objective: FormulaObjective
    parts: tuple[FormulaObjective, FormulaObjective]

    @classmethod
    def parse(cls, objective: FormulaObjective, texts: tuple[str, str]) -> "CandidateGradient":
        """Parse the two components.

        Parameters
        ----------
        objective : FormulaObjective
            The function, whose constants and data columns they may name.
        texts : (str, str)
            ∂f/∂a and ∂f/∂b; ``∂f/∂a =`` may stand before the first, and so on.

        Raises
        ------
        FormulaError
            With one sentence that names the component and the column.
        """
        columns = objective.data.names if objective.data else ()
        own, parts = objective.parameters, []
        for k, (name, text) in enumerate(zip(components(own), texts, strict=True)):
            try:
                text = without_head(text, k, own)
                formula = Formula.parse(text, objective.formula.constants, columns, own)
            except FormulaError as error:
                raise FormulaError(f"{name}: {error}", error.column) from error
            if text.startswith(" "):  # which columns were counted with
                formula = Formula.parse(text.strip(), objective.formula.constants, columns, own)
            data = objective.data if formula.over_data else None
            parts.append(FormulaObjective(formula, objective.constants, data))
        return cls(objective, (parts[0], parts[1]))

    @cached_property
    def graph(self) -> Graph:
        """The graph of :attr:`nodes`."""
        return Graph()

    @cached_property
    def nodes(self) -> tuple[int, int, int, int, int]:
        """The nodes of f, the true components and the claimed ones: equal where these are alike."""
        output = lower_recognised(self.objective.formula.tree, self.graph)
        true_a, true_b = differentiate(self.graph, output, self.objective.parameters)
        claimed_a, claimed_b = (
            lower_recognised(part.formula.tree, self.graph) for part in self.parts
        )
        return output, true_a, true_b, claimed_a, claimed_b

    def pair(self, component: int) -> tuple[int, int]:
        """Return the nodes of a true component and of the claimed one."""
        return self.nodes[1 + component], self.nodes[3 + component]

    def node(self, text: str) -> int:
        """Return the node of a formula in the same names, in :attr:`graph`."""
        columns = self.objective.data.names if self.objective.data else ()
        own = self.objective.parameters
        formula = Formula.parse(text, self.objective.formula.constants, columns, own)
        return lower_recognised(formula.tree, self.graph)

    @property
    def components(self) -> tuple[str, str]:
        """What the components are called."""
        return components(self.objective.parameters)

    @property
    def constants(self) -> dict[str, float]:
        """The constants' values by name."""
        objective = self.objective
        return dict(zip(objective.formula.constants, objective.constants, strict=True))

    @cached_property
    def constants_in_use(self) -> tuple[str, ...]:
        """The names of the constants on which the true or the claimed gradient depends."""
        found = set(self.graph.names(self.nodes[1:]))
        return tuple(name for name in self.objective.formula.constants if name in found)

    def names(self, a: Any, b: Any, constants: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the names of the graph stand for at points.

        Parameters
        ----------
        a, b : float, or ndarray of shape (n,)
            The points.
        constants : mapping of str to float or ndarray, shape (n,)
            The constants there. Over data all arrays get one more axis for the rows.
        """
        data = self.objective.data
        point = zip(self.objective.parameters, (a, b), strict=True)
        points: dict[str, Any] = {**constants, **dict(point)}
        if data is None:
            return points
        points = {name: self.by_row(value) for name, value in points.items()}
        return {**points, **data.arrays, ROWS: float(data.rows)}

    def by_row(self, value: Any) -> Any:
        """Give an array over points one more axis, if there is data, for the rows."""
        has_rows = self.objective.data is not None and isinstance(value, np.ndarray)
        return value[:, None] if has_rows else value

    def same_sides(
        self,
        outputs: Sequence[int],
        operations: Collection[str],
        here: tuple[Array, Array],
        there: tuple[Array, Array],
        constants: Mapping[str, Any],
    ) -> NDArray[np.bool_]:
        """Tell of points whether kinks and jumps are on the same side of them as of others.

        Parameters
        ----------
        outputs : sequence of int
            The nodes whose kinks and jumps they are.
        operations : collection of str
            Which operations have them.
        here : (ndarray, ndarray), shape (n,) or (1,)
            One point, or one for each of `there`.
        there : (ndarray, ndarray), shape (n,)
            The coordinates of the points.
        constants : mapping of str to float or ndarray, shape (n,)
            The constants.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        graph, same = self.graph, np.ones(there[0].shape, bool)
        found = [i for i in graph.reachable(outputs) if graph[i].operation in operations]
        if not found:
            return same
        sides = list(map(graph.zero_of, found))
        before, after = (self.evaluate(sides, *points, constants) for points in (here, there))
        for u, v in zip(before, after, strict=True):
            same &= (np.sign(u) == np.sign(v)).all(axis=1)
        return same

    def evaluate(
        self, outputs: Sequence[int], a: Array, b: Array, constants: Mapping[str, Any]
    ) -> list[Array]:
        """Evaluate nodes of the graph at points, in float64.

        Parameters
        ----------
        outputs : sequence of int
            The nodes.
        a, b : ndarray, shape (n,)
            The points.
        constants : mapping of str to float or ndarray, shape (n,)
            The constants there.

        Returns
        -------
        list of ndarray, shape (n, 1) or (n, rows)
            Of a node that varies, its value for each row of the data.
        """
        names = self.names(a, b, constants)
        function = self._compiled(tuple(outputs), tuple(names))
        with np.errstate(all="ignore"):
            values = [*map(np.asarray, function(*map(np.asarray, names.values()))[:-1])]
        if self.objective.data is None:
            values = [value[..., None] for value in values]
        # A row for each point, whether or not the value depends on it.
        return [np.broadcast_to(v, (len(a), v.shape[-1] if v.ndim else 1)) for v in values]

    @cached_property
    def _compiled(self) -> Callable[[tuple[int, ...], tuple[str, ...]], Callable[..., Any]]:
        """What compiles nodes as functions of names, each once."""
        # The second output makes the result a tuple, however many there are.
        return cache(
            lambda outputs, names: generate(self.graph, [*outputs, outputs[0]], names, NUMPY)
        )
