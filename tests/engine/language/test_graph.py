"""The computation graph: sharing, folding, names, and threads that add nodes at once."""

import sys
import threading
from collections import Counter

from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.parser import parse
from gdviz.engine.objectives.formula_objective import FormulaObjective


def operations(formula: Formula, outputs: list[int]) -> Counter[str]:
    return Counter(formula.graph[i].operation for i in formula.graph.reachable(outputs))


def test_shared_subexpressions_are_one_node() -> None:
    formula = Formula.parse("exp(a*b) + exp(a*b)^2 + sin(exp(b*a))")
    counts = operations(formula, [formula.output])
    assert counts["exp"] == 1
    assert counts["mul"] == 1  # a*b and b*a


def test_the_sigmoid_unit_shares_its_exponential() -> None:
    """C8: y = σ(ax) is computed once for the value and for both components."""
    formula = Formula.parse("b*sigmoid(a*x)", ("x",))
    counts = operations(formula, [formula.output, *formula.gradient_nodes])
    assert counts["sigmoid"] == 1
    assert counts["exp"] == 0


def test_numbers_are_folded_and_neutral_ones_vanish() -> None:
    graph = Graph()
    a = graph.name("a")
    for text in ("a", "a*1", "1*a", "a + 0", "0 + a", "a - 0", "a/1", "a^1", "--a", "a*(3 - 2)",
                 "a^(2/2)", "a + 0*b"):  # fmt: skip
        assert lower(parse(text), graph) == a
    for text in ("1", "a^0", "1^a", "sin(0) + 1", "cos(0*b)", "2^-1*2"):
        assert lower(parse(text), graph) == graph.number(1.0)
    assert lower(parse("-1*a"), graph) == lower(parse("0 - a"), graph) == lower(parse("-a"), graph)


def test_the_arithmetic_stays_the_one_that_was_written() -> None:
    """Nothing is reassociated: (a + 1e16) − 1e16 loses a's digits, as it does in any program."""
    objective = FormulaObjective.from_text("(a + 1e16) - 1e16")
    assert objective.value(0.3, 0.0) == 0.0
    assert FormulaObjective.from_text("a + (1e16 - 1e16)").value(0.3, 0.0) == 0.3


def test_minus_zero_is_zero() -> None:
    graph = Graph()
    assert graph.number(-0.0) == graph.number(0.0)
    assert str(graph[graph.number(-0.0)].value) == "0.0"


def test_names() -> None:
    formula = Formula.parse("a*x + 0*b", ("t", "x"))
    assert set(formula.graph.names([formula.output])) == {"a", "x"}


def test_threads_may_add_nodes_at_once() -> None:
    """A worker compiles for the grid while the window derives the path's gradient."""
    graph = Graph()
    count, workers = 4000, 6
    barrier = threading.Barrier(workers)
    results: list[list[tuple[float, int]]] = []

    def work(worker: int) -> None:
        numbers = [1.0 + (7 * i + worker) % count for i in range(count)]
        barrier.wait()
        results.append([(number, graph.number(number)) for number in numbers])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert len(results) == workers
    assert len(graph) == count
    assert all(graph[index].value == number for result in results for number, index in result)
