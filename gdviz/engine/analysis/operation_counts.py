"""The three ledgers: what a step's gradient costs in evaluations, passes and operations.

*Evaluations* are counted as the question "it only saves one evaluation" counts them: a component
of the gradient is one, a value of f is one. At N = 2: analytic 2, forward 3, central 4.

A Jacobian–vector product is one, the slope of f along a direction; a gradient over B of the n rows
of the data is that part of a gradient.

*Passes* are sweeps over the computation graph: a value is one forward pass, a gradient one
forward and one backward, a Jacobian–vector product one forward and one of the tangents beside it. A
shifted value that reuses part of another is still a pass. A Hessian is a gradient, and one forward
and one backward pass more for each of its N columns.

*Operations* are arithmetic by kind, counted on the graph that is computed
(:mod:`gdviz.engine.analysis.gradient_programs`), in which a subexpression that occurs twice is one
node:

- Shifting a parameter, subtracting the values and dividing by the span are counted, 2ε as one
  addition. The update θ ← θ − αĝ is not: it is the same for all.
- Functions that are made of others are counted as these, and share what they have in common: a
  sigmoid is a negation, an exp, an addition and a division, and a derivative takes the value, or
  parts of it, where these are there: tanh′ = 1 − tanh², softplus′ = e^u/(1 + e^u), and sinh and
  cosh have one e^u. The other functions are a kind each, by their name.
- u^2 to u^6 are 1, 2, 2, 3 and 3 multiplications, as they are computed; other powers are "pow".
- A negation is "neg". abs, sign, relu, step, max, min and heaviside are one "compare" each.
- Numbers that meet numbers in the formula are folded beforehand and cost nothing.
- Over data, what is computed in each of the n rows counts n times, and a sum of them is n − 1
  additions.

It is the mathematics that is counted. For accuracy the generated code computes 1 − σ(t) as
e^(−t)·σ(t) (:mod:`gdviz.engine.language.compiler`), a product in place of the ledger's difference,
and 1 − tanh² from another exp where tanh is nearly ±1. sinh and cosh it takes from the C library
both, which is quicker than any way from one to the other, and as accurate near zero.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np

from gdviz.engine.analysis.gradient_programs import (
    USUAL,
    VARIANTS,
    Options,
    Variant,
    gradient_programs,
)
from gdviz.engine.descent.path import Path
from gdviz.engine.language.backends import SMALL_POWERS
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph, Node, lower
from gdviz.engine.language.operations import BRANCHING, OPERATIONS
from gdviz.engine.language.parser import PARAMETERS, parse
from gdviz.engine.language.syntax_tree import Tree

#: How many, by kind; a mini-batch takes parts.
Tally = Mapping[str, float]

#: The ledgers, in the order in which they are shown.
LEDGERS = ("evaluations", "passes", "operations")

#: The kinds of operation that are always listed, in this order; others follow by name.
KINDS = ("add", "sub", "mul", "div", "neg", "exp", "log", "pow")
#: How a person reads a kind; the others by their names.
KIND_SIGNS: Mapping[str, str] = MappingProxyType(
    {**{kind: OPERATIONS[kind].read_as for kind in ("add", "sub", "mul", "div")}, "neg": "negate"}
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a computation costs, in each ledger by kind.

    Attributes
    ----------
    evaluations : mapping of str to int
        Kinds "components" (of the gradient) and "values".
    passes : mapping of str to int
        Kinds "forward", "backward" and "tangent".
    operations : mapping of str to int
        :data:`KINDS`, and the other kinds that occur in it.
    """

    evaluations: Tally
    passes: Tally
    operations: Tally

    def ledger(self, name: str) -> Tally:
        """Return one of :data:`LEDGERS`."""
        tally: Tally = getattr(self, name)
        return tally

    def total(self, ledger: str) -> float:
        """Return the sum over the kinds of one of :data:`LEDGERS`."""
        return sum(self.ledger(ledger).values())

    def times(self, steps: float) -> "Cost":
        """Return what as many steps cost."""
        return Cost(
            *({kind: steps * n for kind, n in self.ledger(name).items()} for name in LEDGERS)
        )

    def plus(self, other: "Cost") -> "Cost":
        """Return what both cost; they are costs of the same formula."""
        return Cost(
            *(
                {
                    kind: self.ledger(name).get(kind, 0) + other.ledger(name).get(kind, 0)
                    for kind in {**self.ledger(name), **other.ledger(name)}
                }
                for name in LEDGERS
            )
        )


# -- counting


@lru_cache(maxsize=64)
def hessian_cost(formula: Formula, rows: int = 1) -> Cost:
    """Return what a Hessian costs, with the gradient that it is derived from.

    Parameters are those of :func:`costs`.

    References
    ----------
    A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 5.1: a
    column of the Hessian by a forward sweep of tangents and one backward.
    """
    n = len(PARAMETERS)
    tally = operations(formula.graph, formula.hessian_nodes, rows)
    passes = {"forward": 1 + n, "backward": 1 + n, "tangent": 0}
    return Cost({"components": n * n, "values": 0}, passes, tally)


@lru_cache(maxsize=64)
def costs(
    formula: Formula, rows: int = 1, names: tuple[str, ...] = USUAL, options: Options = ()
) -> Mapping[str, Cost]:
    """Return what one step costs, by the name of the variant.

    Every operations tally has the same kinds, in the same order.

    Parameters
    ----------
    formula : Formula
        The formula.
    rows : int, default 1
        The rows of the data, for a formula over data.
    names : tuple of str, default :data:`~gdviz.engine.analysis.gradient_programs.USUAL`
        The variants.
    options : tuple of (str, float)
        Values of their estimates' options, by name; the defaults for those that are missing.
    """
    counted = {
        name: operations(program.graph, program.outputs, VARIANTS[name].rows(rows, options))
        for name, program in gradient_programs(formula, names, options).items()
    }
    rest = sorted({kind for tally in counted.values() for kind in tally}.difference(KINDS))
    return MappingProxyType(
        {
            name: _cost(
                VARIANTS[name], {kind: tally[kind] for kind in (*KINDS, *rest)}, rows, options
            )
            for name, tally in counted.items()
        }
    )


def _cost(variant: Variant, tally: Tally, rows: int, options: Options) -> Cost:
    values, tangents = variant.values_with(options), variant.tangents
    gradients: float = variant.gradients
    if variant.of_rows:
        gradients = variant.rows(rows, options) / rows
    return Cost(
        {"components": len(PARAMETERS) * gradients + tangents, "values": values},
        {"forward": values + gradients + tangents, "backward": gradients, "tangent": tangents},
        tally,
    )


def operations(graph: Graph, outputs: Iterable[int], rows: int = 1) -> Counter[str]:
    """Count the operations, by kind, that `outputs` need.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : iterable of int
        The nodes of the results.
    rows : int, default 1
        The rows of the data.
    """
    elementary, results = in_elementary_operations(graph, outputs)
    return _tally(elementary, elementary.reachable(results), rows)


def in_elementary_operations(graph: Graph, outputs: Iterable[int]) -> tuple[Graph, list[int]]:
    """Return a graph in which functions that are made of others are those, and its outputs.

    Its nodes are interned as well: sinh(u) and cosh(u) have one exp(u) and one 1/exp(u).

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : iterable of int
        The nodes of the results.
    """
    outputs = list(outputs)
    order, result, done = graph.reachable(outputs), Graph(), dict[int, int]()
    # A function's derivative by the name of another one shares with it what it is made of.
    beside = {
        (row.derivatives[0].partition("(")[0], arguments): row.slope_made_of
        for operation, arguments, *_ in (graph[index] for index in order)
        if (row := OPERATIONS.get(operation)) and row.slope_made_of
    }
    for index in order:
        operation, arguments, value, name, varies = graph[index]
        operands = [done[argument] for argument in arguments]
        if operation == "number":
            done[index] = result.number(value)
        elif operation == "name":
            done[index] = result.name(name, varies=varies)
        elif made_of := beside.get((operation, arguments), OPERATIONS[operation].made_of):
            done[index] = lower(_parsed(made_of), result, dict(zip("uv", operands, strict=False)))
        else:
            done[index] = result.apply(operation, *operands)
    return result, [done[output] for output in outputs]


@cache
def _parsed(made_of: str) -> Tree:
    return parse(made_of, "uv")


def _tally(graph: Graph, nodes: Iterable[int], rows: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for index in nodes:
        node = graph[index]
        if node.operation == "sum":
            total["add"] += rows - 1
            continue
        times = rows if node.varies else 1
        for kind, count in _elementary(graph, node).items():
            total[kind] += times * count
    return total


def _elementary(graph: Graph, node: Node) -> Mapping[str, int]:
    """Return the kinds that one node of a graph in elementary operations counts as."""
    operation = node.operation
    if operation in ("number", "name"):
        return {}
    if operation in BRANCHING:
        return {"compare": 1}
    if operation == "pow":
        exponent = graph[node.arguments[1]]
        if exponent.operation == "number" and exponent.value in SMALL_POWERS:
            return {"mul": SMALL_POWERS[exponent.value].count("*")}
    return {operation: 1}


def reusable(formula: Formula, rows: int = 1) -> Mapping[str, float]:
    """Return, by the shifted parameter, the share of f(θ) that need not be computed again.

    Parameters are those of :func:`costs`.

    Returns
    -------
    mapping of str to float
        Operations of f(θ) that do not depend on the parameter, over all of them; 1 where there
        are none.
    """
    graph, outputs = in_elementary_operations(formula.graph, [formula.output])
    depends = graph.dependencies(outputs)
    whole = _tally(graph, depends, rows).total()
    kept = {
        parameter: _tally(graph, (i for i in depends if parameter not in depends[i]), rows)
        for parameter in formula.parameters
    }
    return {name: tally.total() / whole if whole else 1.0 for name, tally in kept.items()}


# -- along a path


def step_reaching(path: Path, loss: float) -> int | None:
    """Return the first step after which a path's loss is at or below a level; None if never.

    :func:`spent` tells what it cost until there.
    """
    reached = np.flatnonzero(path.loss <= loss)
    return int(reached[0]) if reached.size else None


def _taken(row: Variant, path: Path, steps: int | None, rows: int, values: int) -> int:
    """Return how many gradients were taken.

    Parameters
    ----------
    row : Variant
        How they were taken.
    path : Path
        The path.
    steps : int or None
        Up to the point after so many updates, or all of them.
    rows : int
        Over how many rows of the data each was.
    values : int
        How many values each took, and those beside it.
    """
    for calls, each in (
        (path.gradients, row.gradients),
        (path.tangents, row.tangents),
        (path.row_gradients, rows if row.of_rows else 0),
    ):
        if each:
            return int(calls[:steps].sum()) // each
    return int(path.values[:steps].sum()) // values


def spent(
    formula: Formula,
    variant: str,
    path: Path,
    steps: int | None = None,
    *,
    beside: int | None = 0,
    rows: int = 1,
    options: Options = (),
) -> Cost:
    """Return what a path's calls cost.

    Parameters
    ----------
    formula : Formula
        The path's formula.
    variant : str
        How its gradients are taken: a variant of the path's estimate.
    path : Path
        The path.
    steps : int, optional
        Up to the point after that many updates; by default all calls.
    beside : int or None, default 0
        Values that the rule asks for beside each gradient (its ``values_beside``).
    rows : int, default 1
        The rows of the data.
    options : tuple of (str, float)
        Values of the estimate's options; the defaults for those that are missing.

    Returns
    -------
    Cost
        Its evaluations are those that were counted along the path.
    """
    row, values = VARIANTS[variant], int(path.values[:steps].sum())
    needed = row.values_with(options)
    is_found_out = beside is None and not (row.gradients or row.tangents or row.of_rows)
    if is_found_out or row.is_least:  # a gradient at each point that has one
        taken = int((~np.isnan(path.gradient[:steps])).all(axis=1).sum())
    else:
        taken = _taken(row, path, steps, row.rows(rows, options), needed + (beside or 0))
    by_variant = costs(formula, rows, ("value", variant), options)
    searches = by_variant["value"].times(values - taken * needed)
    total = by_variant[variant].times(taken).plus(searches)
    hessians = int(path.hessians[:steps].sum())
    return total.plus(hessian_cost(formula, rows).times(hessians)) if hessians else total
