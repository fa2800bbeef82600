"""What a formula fits to data: read off the difference from the target that it adds up.

Of a cross-entropy it is the probability whose logarithm the target is multiplied with. What the
target is multiplied with tells as well which labels of two classes a formula takes.
"""

from collections.abc import Iterator
from typing import Literal

from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.parser import MAX_LENGTH, parse_row
from gdviz.engine.language.recognition import lower_recognised
from gdviz.engine.language.unparse import graph_text

_CHAIN = frozenset({"add", "sub", "neg"})
#: Operations that no kind of label shows in: the others make margins of y·t.
_PLAIN = _CHAIN | {"mul", "div", "sum"}
#: Of y·t they are the same for both signs of y: (y·t)² may have y as a weight, and tells nothing.
_EVEN = frozenset({"abs", "cosh", "pow"})
#: −1 and 1, as margins y·t have them; 0 and 1, as a cross-entropy has them; of both something.
Labels = Literal["signs", "bits", "both"]
#: The names that each node depends on.
Names = dict[int, frozenset[str]]


def fitted_model(formula: Formula, target: str, *, margins: bool = False, before: str = "") -> str:
    """Return the model that a formula fits to a column, for each row; empty if there is none.

    Parameters
    ----------
    formula : Formula
        For example ``mean((a*x + b - y)^2)``, which fits ``a*x + b`` to y.
    target : str
        The column.
    margins : bool, default False
        Whether the column holds labels, −1 and 1: then ``y*(a*x + b)`` fits ``a*x + b`` as well.
    before : str, default ""
        The model until now, which holds on where the formula still has it in it.
    """
    graph, output = formula.graph, formula.output
    names = graph.dependencies([output])
    if target not in names[output]:
        return ""
    found = set(_compared(formula, target, names))
    if not found:
        of_labels = _multiplied if margins else _probabilities
        found = set(of_labels(formula, target, names))
    if len(found) == 1:
        return graph_text(graph, found.pop(), MAX_LENGTH)
    return before if before and not found and _holds(formula, before) else ""


def labels_of(formula: Formula, column: str) -> Labels | None:
    """Return which labels of two classes a formula takes in a column; None if none that is known.

    Parameters
    ----------
    formula : Formula
        For example ``mean(log(1 + exp(-y*(a*x + b))))``: with 0 for the other class its rows would
        count nothing.
    column : str
        The column.
    """
    names = formula.graph.dependencies([formula.output])
    if column not in names[formula.output]:
        return None
    uses = set(_uses(formula, column, names))
    if uses == {True}:
        return "signs"
    if True in uses:
        return "both"
    return "bits" if any(_probabilities(formula, column, names)) else None


def _uses(formula: Formula, column: str, names: Names) -> Iterator[bool]:
    """Yield of each use of a column whether it is that of a margin y·t, or of c − y·t."""
    graph, linear, shifted = formula.graph, set[int](), set[int]()
    own = {column, *formula.parameters, *formula.constants}
    for index in names:  # arguments come before what they are in
        operation, arguments, *_ = node = graph[index]
        with_it = [i for i in arguments if column in names[i]]
        plain = {i for i in arguments if not names[i] - {*formula.constants}}
        if node.name == column or (
            with_it
            and (
                (operation in _CHAIN and linear.issuperset(arguments))
                or (operation == "mul" and len(with_it) == 1 and linear.issuperset(with_it))
                or (operation == "div" and with_it == [arguments[0]] and with_it[0] in linear)
            )
        ):
            linear.add(index)
        elif with_it and operation in _CHAIN and (linear | shifted | plain).issuperset(arguments):
            shifted.add(index)
    for index in names:
        operation, arguments, *_ = graph[index]
        if index in linear or index in shifted:
            continue
        for inner in arguments:
            if inner in shifted or (inner in linear and operation not in _EVEN):
                has_model = names[inner] & {*formula.parameters} and names[inner] - own
                yield operation not in _PLAIN and bool(has_model)


def _compared(formula: Formula, target: str, names: Names) -> Iterator[int]:
    """Yield what sums and differences compare the target with."""
    graph = formula.graph
    chains = [i for i in names if graph[i].operation in _CHAIN]
    inner = {j for i in chains for j in graph[i].arguments}
    for chain in set(chains) - inner:
        terms = list(_terms(graph, chain))
        signs = [sign for sign, i in terms if graph[i].name == target]
        others = [(sign, i) for sign, i in terms if graph[i].name != target]
        if len(signs) == 1 and _is_model(formula, names, target, [i for _, i in others]):
            yield _sum(graph, [(-signs[0] * sign, i) for sign, i in others])


def _multiplied(formula: Formula, target: str, names: Names) -> Iterator[int]:
    """Yield what the target is multiplied with."""
    graph = formula.graph
    for index in names:
        if graph[index].operation == "mul":
            factors = [next(_terms(graph, i)) for i in graph[index].arguments]
            for (_, one), other in zip(factors, reversed(graph[index].arguments), strict=True):
                if graph[one].name == target and _is_model(formula, names, target, [other]):
                    yield other


def _probabilities(formula: Formula, target: str, names: Names) -> Iterator[int]:
    """Yield the p of y·log p, also where that is written −y·softplus(−t), or softplus(t) − y·t."""
    graph = formula.graph
    for index in names:
        if graph[index].operation != "mul":
            continue
        one, other = (_without_sign(graph, i) for i in graph[index].arguments)
        for y, u in ((one, other), (other, one)):
            if graph[y].name == target and _is_model(formula, names, target, [u]):
                yield from _probability(graph, u, names)


def _probability(graph: Graph, index: int, names: Names) -> Iterator[int]:
    """Yield the p of which a node is log p, −log p, or the logit."""
    operation, arguments, *_ = graph[index]
    one = graph.number(1.0)
    if operation == "softplus":
        yield graph.apply("sigmoid", _negated(graph, arguments[0]))
    elif operation == "log":
        inverse = graph[arguments[0]]
        is_sum = inverse.operation == "add" and one in inverse.arguments
        yield graph.apply("div", one, arguments[0]) if is_sum else arguments[0]
    elif graph.apply("softplus", index) in names:
        yield graph.apply("sigmoid", index)


def _negated(graph: Graph, index: int) -> int:
    """Return the node of −u, of −u·v that of u·v."""
    operation, arguments, *_ = graph[index]
    if operation == "mul":
        for one, other in (arguments, arguments[::-1]):
            if graph[one].operation == "neg":
                return graph.apply("mul", graph[one].arguments[0], other)
    return graph.apply("neg", index)


def _without_sign(graph: Graph, index: int) -> int:
    return graph[index].arguments[0] if graph[index].operation == "neg" else index


def _terms(graph: Graph, index: int, sign: int = 1) -> Iterator[tuple[int, int]]:
    """Yield the terms of a sum, each with its sign."""
    node = graph[index]
    if node.operation not in _CHAIN:
        yield sign, index
        return
    last = sign if node.operation == "add" else -sign
    *first, second = node.arguments
    for argument in first:
        yield from _terms(graph, argument, sign)
    yield from _terms(graph, second, last)


def _sum(graph: Graph, terms: list[tuple[int, int]]) -> int:
    """Return the node of a sum, which begins with what is added, if anything is."""
    (sign, total), *others = sorted(terms, key=lambda term: -term[0])
    if sign < 0:
        total = graph.apply("neg", total)
    for sign, index in others:
        total = graph.apply("add" if sign > 0 else "sub", total, index)
    return total


def _is_model(formula: Formula, names: Names, target: str, terms: list[int]) -> bool:
    known = frozenset[str]().union(*(names[i] for i in terms))
    return target not in known and not known.isdisjoint(formula.parameters)


def _holds(formula: Formula, model: str) -> bool:
    """Tell whether a model is a part of a formula."""
    try:
        tree = parse_row(model, formula.constants, formula.data, formula.parameters)
    except FormulaError:
        return False  # it has a constant or a column that the formula has not
    return lower_recognised(tree, formula.graph) in formula.graph.reachable([formula.output])
