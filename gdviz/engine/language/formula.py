"""A formula: from text to value, gradient and Hessian as functions.

The text is parsed and bounded (:mod:`~gdviz.engine.language.parser`), becomes a computation graph
(:mod:`~gdviz.engine.language.graph`), is differentiated there
(:mod:`~gdviz.engine.language.autodiff`) and compiled for floats, arrays and complex numbers
(:mod:`~gdviz.engine.language.compiler`). Constants are arguments of the compiled functions:
turning one derives nothing again.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any, Literal

from gdviz.engine.language.autodiff import differentiate, tangent
from gdviz.engine.language.backends import MATH, NUMPY, SMALL_POWERS, Backend
from gdviz.engine.language.compiler import generate, generate_counted
from gdviz.engine.language.enclosures.bounds import ANY, bounds, has_value
from gdviz.engine.language.enclosures.cancellation import constants
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.names import check_names
from gdviz.engine.language.operations import BRANCHING, KINKED, LOSING, PARTIAL, ROOTS, ROWS
from gdviz.engine.language.parser import PARAMETERS, parse
from gdviz.engine.language.recognition import lower_recognised
from gdviz.engine.language.syntax_tree import Datum, Name, Tree, leaves

__all__ = ["Formula", "FormulaError"]

Function = Callable[..., Any]
#: Curves of kinks from which on roots add no more: it takes second derivatives of what is in them.
_MANY = 12
#: Names that no formula can hold: a direction's two parts, and by how much sums are scaled.
DIRECTION, SCALE = ("#0", "#1"), "#scale"
Quantity = Literal["value", "gradient", "gradient and value", "hessian", "kinks", "creases"]


class Formula:
    """A formula in two parameters, a and b, named constants, and data columns.

    Use :meth:`parse`, which keeps the most recent formulas.

    Attributes
    ----------
    text : str
        The formula as it was written.
    constants : tuple of str
        The names of its constants: the arguments, in this order, of every function after a and b.
    parameters : (str, str)
        What the person calls the parameters.
    tree : Tree
        The syntax tree.
    graph : Graph
        The computation graph; derivatives are added to it when they are first wanted.
    output : int
        The formula's node, as it is computed: log(1 + e^u) as softplus(u).
    data : tuple of str
        The names of the data columns that are written in it: the next arguments.
    over_data : bool
        Whether it names data or the number of rows, which is then the last argument.
    places : dict of int to int
        By an operation's node, the column of the text where it is written first.
    """

    def __init__(
        self, text: str, constants: tuple[str, ...], tree: Tree, parameters: tuple[str, str]
    ) -> None:
        self.text = text
        self.constants = constants
        self.parameters = parameters
        self.tree = tree
        self.graph = Graph()
        self.places: dict[int, int] = {}
        self.output = lower_recognised(tree, self.graph, places=self.places)
        self.data = tuple(dict.fromkeys(datum.name for datum in leaves(tree, Datum)))
        own = (*parameters, *constants)
        rows = ROWS not in own and any(name.name == ROWS for name in leaves(tree, Name))
        self.over_data = bool(self.data) or rows
        self._functions: dict[tuple[Quantity, Backend, bool, bool], Function] = {}
        self._others: dict[tuple[str, Backend], Function] = {}

    @classmethod
    def parse(
        cls,
        text: str,
        constants: tuple[str, ...] = (),
        data: tuple[str, ...] = (),
        parameters: tuple[str, str] = PARAMETERS,
    ) -> "Formula":
        """Parse a formula.

        Parameters
        ----------
        text : str
            For example ``b*sigmoid(a*x)``.
        constants : tuple of str
            The names that may stand in it beside the parameters, for example ``("x",)``.
        data : tuple of str
            The names of the data columns, which may stand within a sum or a mean.
        parameters : (str, str), default ("a", "b")
            What it is a function of.

        Raises
        ------
        FormulaError
            With one sentence that names the column.
        """
        return _parse(text, constants, data, parameters)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of every function's arguments after a and b."""
        return (*self.constants, *self.data, *([ROWS] if self.over_data else []))

    @cached_property
    def gradient_nodes(self) -> list[int]:
        """The nodes of ∂f/∂a and ∂f/∂b in the graph."""
        return differentiate(self.graph, self.output, self.parameters)

    @cached_property
    def hessian_nodes(self) -> list[int]:
        """The nodes of ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b² in the graph."""
        in_a, in_b = self.gradient_nodes
        (in_bb,) = differentiate(self.graph, in_b, self.parameters[1:])
        return [*differentiate(self.graph, in_a, self.parameters), in_bb]

    @cached_property
    def kink_nodes(self) -> list[int]:
        """The nodes of each s at whose zeros the formula may have a kink, of ∂s/∂a and of ∂s/∂b.

        Where u touches zero, √u has the tip of a cone, or an edge: ∇u vanishes there, so that its
        components are such s. Kinks within a sum over the rows, of which each row has its own, are
        not among them.
        """
        graph, found = self.graph, dict[int, list[int]]()
        flat = [graph.number(0.0)] * len(self.parameters)
        for index in graph.reachable([self.output]):
            operation, arguments, *_ = node = graph[index]
            if node.varies or (is_root(graph, index) and len(found) >= _MANY):
                continue
            if is_root(graph, index):
                curves = differentiate(graph, arguments[0], self.parameters)
            elif operation in KINKED:
                curves = [graph.zero_of(index)]
            else:
                continue
            for s in curves:
                if s not in found and (slopes := differentiate(graph, s, self.parameters)) != flat:
                    found[s] = slopes
        return [node for s, slopes in found.items() for node in (s, *slopes)]

    @cached_property
    def crease_nodes(self) -> list[int]:
        """The nodes of which one is zero where the formula may have a kink or a jump.

        Those within a sum over the rows are among them: of such, one node is zero where one row is.
        """
        graph, found = self.graph, dict[int, None]()
        number, order = graph.number, graph.reachable([self.output])
        constant = constants(graph, self.output)
        for index in order:
            first, *last = graph[index].arguments or (index,)
            if graph[index].operation == "pow" and constant.get(first, first) == number(0.0):
                (zero,) = last  # 0^v is 0, and 1 where v is
            elif is_root(graph, index):
                zero = first
            elif graph[index].operation in BRANCHING:
                zero = graph.zero_of(index)
            else:
                continue
            if graph[zero].varies:
                sign = graph.apply("abs", graph.apply("sign", zero))
                zeros = graph.sum(graph.apply("sub", number(1.0), sign))
                zero = graph.apply("step", graph.apply("sub", number(0.5), zeros))
            if graph[zero].operation != "number":
                found[zero] = None
        return list(found)

    @cached_property
    def tangent_node(self) -> int:
        """The node of the slope of f along the direction :data:`DIRECTION`."""
        parts = zip(self.parameters, DIRECTION, strict=True)
        direction = {self.graph.name(name): self.graph.name(part) for name, part in parts}
        return tangent(self.graph, self.output, direction)

    @cached_property
    def batch(self) -> tuple[Graph, list[int]]:
        """The nodes of ∂f/∂a and ∂f/∂b, where f's sums are :data:`SCALE` times as large.

        They are in a graph of their own: over some rows of the data, f with its sums made as large
        as those over all of them.
        """
        graph, done = Graph(), dict[int, int]()
        for index in self.graph.reachable([self.output]):
            operation, arguments, value, name, varies = self.graph[index]
            operands = [done[argument] for argument in arguments]
            if operation == "number":
                done[index] = graph.number(value)
            elif operation == "name":
                done[index] = graph.name(name, varies=varies)
            elif operation == "sum":
                done[index] = graph.apply("mul", graph.sum(*operands), graph.name(SCALE))
            else:
                done[index] = graph.apply(operation, *operands)
        return graph, differentiate(graph, done[self.output], self.parameters)

    def compiled_tangent(self, backend: Backend) -> Function:
        """Return the slope of f along a direction as a function, compiled once.

        It is called as ``f(a, b, *arguments, u_a, u_b)``; after the slope come the values of
        :attr:`crease_nodes`, if there are any.
        """
        names = (*self.parameters, *self.arguments, *DIRECTION)
        nodes = [self.tangent_node, *self.crease_nodes]
        return self._kept(("tangent", backend), lambda: generate(self.graph, nodes, names, backend))

    def compiled_batch(self, backend: Backend) -> Function:
        """Return the gradient over some rows of the data as a function, compiled once.

        It is called as ``f(a, b, *arguments, scale)``, with some rows of the columns, but the
        number of all rows.
        """
        names = (*self.parameters, *self.arguments, SCALE)
        return self._kept(("batch", backend), lambda: generate(*self.batch, names, backend))

    def _kept(self, key: tuple[str, Backend], make: Callable[[], Function]) -> Function:
        if key not in self._others:
            self._others[key] = make()
        return self._others[key]

    def compiled(
        self,
        quantity: Quantity,
        backend: Backend,
        *,
        counted: bool = False,
        unless_nan: bool = False,
    ) -> Function:
        """Return the value, the gradient or the Hessian as a function, compiled once.

        Parameters
        ----------
        quantity : {"value", "gradient", "gradient and value", "hessian", "kinks", "creases"}
            f, (∂f/∂a, ∂f/∂b), both, (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²), what :attr:`kink_nodes` has, or
            ∂f/∂a, ∂f/∂b and what :attr:`crease_nodes` has.
        backend : Backend
            The kind of number. NumPy's must run under ``np.errstate(all="ignore")``.
        counted : bool, default False
            Make it a function that counts its calls: see
            :func:`gdviz.engine.language.compiler.generate_counted`.
        unless_nan : bool, default False
            Make that call ``again`` where a result or f is nan, of single numbers of NumPy's.

        Returns
        -------
        callable
            Called as ``f(a, b, *arguments)``, see :attr:`arguments`. Over data, a and b have
            one more axis, of length 1, for the rows, and so have the results.
        """
        key = quantity, backend, counted, unless_nan
        if key not in self._functions:
            arguments, besides = (*self.parameters, *self.arguments), self.besides(quantity)
            nodes = self.nodes(quantity)
            asked = [*nodes, *([] if besides is None else [self.output])] if unless_nan else []
            is_told = unless_nan or quantity == "gradient and value"
            if backend is NUMPY and besides is not None and not is_told:
                nodes = [self.graph.apply("where_known", node, self.output) for node in nodes]
            raising = besides or [] if backend is MATH else []
            if counted:
                unless = self.crease_nodes if quantity == "gradient" and backend is MATH else ()
                made = generate_counted(
                    self.graph, nodes, arguments, backend, raising, unless, asked
                )
            else:
                made = generate(self.graph, nodes, arguments, backend, raising)
            self._functions[key] = made
        return self._functions[key]

    def besides(self, quantity: Quantity) -> list[int] | None:
        """Return the nodes that a derivative does without and that f may be undefined by.

        Where f has no value, there it has no gradient either: that of log(a) + b by b is 1 for
        every a > 0. On Python's numbers it is enough to ask whether these operations have a value;
        elsewhere a derivative is nan where f is.

        Parameters
        ----------
        quantity : {"value", "gradient", "gradient and value", "hessian", "kinks", "creases"}
            The derivative.

        Returns
        -------
        list of int or None
            None of what is no derivative, or where f has a value everywhere, but for overflow.
        """
        if quantity in ("value", "kinks"):
            return None
        if not self.partial_nodes:
            return None
        computed = {*self.graph.reachable(self.nodes(quantity))}
        return [i for i in self.partial_nodes if i not in computed]

    @cached_property
    def partial_nodes(self) -> list[int]:
        """The operations of f that may have no value: 1/0 is infinite, and 0/0 has none."""
        graph, order = self.graph, self.graph.reachable([self.output])
        partial = [i for i in order if graph[i].operation in PARTIAL]
        known = bounds(graph, partial, dict.fromkeys(graph.names(partial), ANY))
        return [i for i in partial if not has_value(graph, i, known)]

    @property
    def may_lose_slopes(self) -> bool:
        """Whether the chain rule may make nan of a finite f: of 0·∞, by overflow or at an edge."""
        graph = self.graph
        nodes = (graph[index] for index in graph.reachable([self.output]))
        return any(
            node.operation in LOSING
            or (node.operation == "pow" and graph[node.arguments[1]].value not in SMALL_POWERS)
            for node in nodes
        )

    def nodes(self, quantity: Quantity) -> list[int]:
        """Return the nodes of a quantity in the graph."""
        match quantity:
            case "value":
                return [self.output]
            case "gradient":
                return self.gradient_nodes
            case "gradient and value":
                return [*self.gradient_nodes, self.output]
            case "hessian":
                return self.hessian_nodes
            case "kinks":
                return self.kink_nodes
            case "creases":
                return [*self.gradient_nodes, *self.crease_nodes]


def is_root(graph: Graph, index: int) -> bool:
    """Tell whether a node is √u, or another power that need not be smooth where u is zero."""
    operation, arguments, *_ = graph[index]
    if operation != "pow":
        return operation in ROOTS
    exponent = graph[arguments[1]]
    return not (exponent.operation == "number" and exponent.value.is_integer())


@lru_cache(maxsize=64)
def _parse(
    text: str, constants: tuple[str, ...], data: tuple[str, ...], parameters: tuple[str, str]
) -> Formula:
    check_names(parameters, constants, data)
    return Formula(text, constants, parse(text, constants, data, parameters), parameters)
