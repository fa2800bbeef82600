"""The difference of two nodes, written in the formula language by algebra alone.

Both are fractions of polynomials, as for
:mod:`gdviz.engine.gradcheck.difference.algebraic_identity`; functions keep their names here. Of the
forms, multiplied out or in factors, as one fraction or as several, the shortest is taken. SymPy,
which takes most of a second to start, is needed for what is too large for this.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from gdviz.engine.gradcheck.difference.algebraic_identity import (
    MADE_OF,
    Algebra,
    Quotient,
    UndecidedError,
    fraction,
)
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree
from gdviz.engine.language.unparse import tree_text

#: Terms of a polynomial, and the sum of its exponents, up to which it is factored.
_MAX_TERMS, _MAX_DEGREE = 60, 40
#: Numbers up to which all whole ones are floats.
_LARGEST = 10**15
_HALF = Fraction(1, 2)


def written_difference(graph: Graph, minuend: int, subtrahend: int) -> str:
    """Return a difference as text, or nothing where algebra alone does not write it.

    Parameters
    ----------
    graph : Graph
        The graph.
    minuend, subtrahend : int
        The nodes; they are not equal.
    """
    indices = graph.reachable((minuend, subtrahend), unfolded=True)
    operations = {graph.unfolded(index)[0] for index in indices}
    if "sum" in operations:
        return ""
    # σ says more than what it is made of, unless that stands in the formulas already.
    kinds = (_Named, Algebra) if operations & {*MADE_OF} and "exp" in operations else (_Named,)
    texts = []
    for kind in kinds:
        try:
            tree = _Writer(kind(2 * len(indices)), graph, indices).difference(minuend, subtrahend)
        except UndecidedError:
            continue
        texts.append(tree_text(tree))
    return min(texts, key=len, default="")


class _Named(Algebra):
    """Fractions in which functions that are made of others are variables as well."""

    def _function(self, operation: str, arguments: tuple[Quotient, ...]) -> Quotient:
        if operation in (*MADE_OF, "tan"):
            return self._opaque(operation, arguments)
        return super()._function(operation, arguments)


class _Writer:
    """What turns fractions into trees.

    Parameters
    ----------
    algebra : Algebra
        Whose fractions they are.
    graph : Graph
        The graph.
    indices : sequence of int
        Its nodes that are needed.
    """

    def __init__(self, algebra: Algebra, graph: Graph, indices: Sequence[int]) -> None:
        self._algebra, self._graph, self._indices = algebra, graph, indices
        self._names: dict[str, Quotient] = {}
        self._bases: dict[int, tuple[str, tuple[Quotient, ...]]] = {}  # of variables
        self._power = cache(self._written_power)

    def difference(self, minuend: int, subtrahend: int) -> Tree:
        """Return the shortest tree of one node minus another."""
        addends = [*self._addends(minuend, 1), *self._addends(subtrahend, -1)]
        values = self._algebra.values(
            self._graph, [index for index, _ in addends], self._indices, self._names
        )
        self._bases = {
            _variable(value): (name, arguments) for name, arguments, value in self._algebra.known
        } | {_variable(value): (name, ()) for name, value in self._names.items()}
        whole, parts = self._algebra.constant(Fraction(0)), list[Quotient]()
        for value, (_, sign) in zip(map(_reduced, values), addends, strict=True):
            whole = _reduced(self._algebra.sum(whole, value, sign))
            same = next((i for i, part in enumerate(parts) if part.under == value.under), None)
            if same is None:
                parts.append(Quotient(sign * value.over, value.under))
            else:
                parts[same] = self._algebra.sum(parts[same], value, sign)
        forms = [self._terms(whole), self._terms(Quotient(self._algebra.rest(whole), whole.under))]
        forms.append([term for part in parts for term in self._terms(part)])
        return min((_sum(form) for form in forms if form), key=_length)

    def _addends(self, index: int, sign: int) -> Iterator[tuple[int, int]]:
        operation, arguments = self._graph.unfolded(index)
        if operation not in ("add", "sub", "neg"):
            yield index, sign
            return
        for k, argument in enumerate(arguments):
            turned = operation == "neg" or (operation == "sub" and k == 1)
            yield from self._addends(argument, -sign if turned else sign)

    def _tree(self, value: Quotient) -> Tree:
        return _sum(self._terms(value)) if value.over != 0 else Number(0.0, 0)

    def _terms(self, value: Quotient) -> list[tuple[bool, Tree]]:
        """Return the shortest terms of a fraction, and which of them are negative."""
        value = _reduced(value)
        if value.over == 0:
            return []
        size, below = _factors(value.under)
        below = [(base, -exponent) for base, exponent in below]
        first, above = _factors(value.over)
        forms = [
            [self._term(first / size, [*above, *below])],
            [self._term(1 / size, [(value.over, 1), *below])] if len(value.over) > 1 else [],
        ]
        if len(value.under) == 1:
            forms.append(
                [
                    self._term(fraction(c) / size, [(value.over.context().term(1, m), 1), *below])
                    for m, c in _ordered(value.over)
                ]
            )
        return min((form for form in forms if form), key=lambda form: _length(_sum(form)))

    def _term(self, coefficient: Fraction, factors: Iterable[tuple[Any, int]]) -> tuple[bool, Tree]:
        """Return a product of powers of polynomials without its sign, and whether that is minus."""
        exponents: dict[int, Fraction] = {}
        others = []
        for base, exponent in factors:
            if len(base) == 1:
                for i, power in enumerate(base.monoms()[0]):
                    if power:
                        i, rate = self._without_root(i)
                        exponents[i] = exponents.get(i, Fraction(0)) + rate * int(power) * exponent
            else:
                others.append((base, exponent))
        for i, (base, exponent) in enumerate(others):  # 1 − a is shorter than −(a − 1)
            signs = {c > 0 for c in base.coeffs()}
            if exponent % 2 and (signs == {False} or (len(signs) == 2 and coefficient < 0)):
                coefficient, others[i] = -coefficient, (-base, exponent)
        powers = sorted(
            (self._power(i, exponent) for i, exponent in exponents.items() if exponent),
            key=lambda power: tree_text(power[0]),
        )
        names = [power for power in powers if isinstance(power[0], Name)]
        functions = [power for power in powers if not isinstance(power[0], Name)]
        sums = [(self._polynomial(base), exponent) for base, exponent in others]
        over, under = _decimal(abs(coefficient))
        ordered = [*names, *sums, *functions]
        above = [_raised(base, exponent) for base, exponent in ordered if exponent > 0]
        below = [_raised(base, -exponent) for base, exponent in ordered if exponent < 0]
        product = _product([Number(over, 0)] * (over != 1 or not above) + above)
        below = [Number(under, 0)] * (under != 1) + below
        return coefficient < 0, _apply("div", product, _product(below)) if below else product

    def _polynomial(self, value: Any) -> Tree:
        one = value.context().constant(1)
        return _sum([self._term(fraction(c), [(value.context().term(1, m), 1)])
                     for m, c in _ordered(value)]) if value != one else Number(1.0, 0)  # fmt: skip

    def _written_power(self, variable: int, exponent: Fraction) -> tuple[Tree, Fraction | int]:
        """Return a base and its exponent for a variable to a power."""
        name, arguments = self._bases[variable]
        if not arguments:
            if name not in self._names:
                raise UndecidedError  # a number that is rounded
            return Name(name, 0), exponent
        if not name.startswith("^"):
            if name == "exp":
                size = self._algebra.constant(Fraction(exponent)).over
                u = Quotient(arguments[0].over * size, arguments[0].under)
                return _apply("exp", self._tree(u)), 1
            trees = [self._tree(argument) for argument in arguments]
            return _apply(name, *trees), exponent
        part, tree = Fraction(name[1:]), self._tree(arguments[0])
        return (_apply("sqrt", tree), exponent) if part == _HALF else (tree, part * exponent)

    def _without_root(self, variable: int) -> tuple[int, Fraction]:
        """Return a variable as a power of another, if it is a root of an exponential."""
        name, arguments = self._bases[variable]
        if name.startswith("^") and arguments[0].under == 1:
            for other, (function, _) in self._bases.items():
                if function == "exp" and arguments[0].over == arguments[0].over.context().gen(
                    other
                ):
                    return other, Fraction(name[1:])
        return variable, Fraction(1)


def _ordered(polynomial: Any) -> list[Any]:
    """Return its terms, those of high degree first, and of the variables that were met first."""
    return sorted(polynomial.terms(), key=lambda term: (sum(term[0]), term[0][::-1]), reverse=True)


def _variable(value: Quotient) -> int:
    return int(value.over.degrees().index(1))


def _reduced(value: Quotient) -> Quotient:
    """Return a fraction in its lowest terms, with a first coefficient 1 below."""
    _guard(value.over)
    _guard(value.under)
    common = value.over.gcd(value.under)
    common *= value.under.leading_coefficient() / common.leading_coefficient()
    return Quotient(value.over / common, value.under / common)


def _guard(polynomial: Any) -> None:
    if len(polynomial) > _MAX_TERMS or sum(polynomial.degrees()) > _MAX_DEGREE:
        raise UndecidedError  # factors may take for ever, and nothing ends this


def _factors(polynomial: Any) -> tuple[Fraction, list[tuple[Any, int]]]:
    _guard(polynomial)
    size, factors = polynomial.factor()
    found: list[tuple[Any, int]] = []
    for base, exponent in factors:
        for i, (other, power) in enumerate(found):  # 1 − t² is shorter than (1 − t)·(1 + t)
            if power == exponent and len(base) == 2 == len(other) == len(base * other):
                found[i] = base * other, power
                break
        else:
            found.append((base, int(exponent)))
    return fraction(size), found


def _decimal(value: Fraction) -> tuple[float, float]:
    """Return a number as one or two floats: a decimal, but for halves, or a fraction."""
    over, under = value.numerator, value.denominator
    if under > 2 and Fraction(repr(over / under)) == value:
        return over / under, 1.0
    if max(over, under) > _LARGEST:
        raise UndecidedError
    return float(over), float(under)


def _apply(operation: str, *arguments: Tree) -> Tree:
    return Apply(operation, arguments, 0)


def _raised(base: Tree, exponent: Fraction | int) -> Tree:
    if exponent == 1:
        return base
    over, under = _decimal(Fraction(exponent))
    power = Number(over, 0)
    return _apply("pow", base, power if under == 1 else _apply("div", power, Number(under, 0)))


def _product(factors: Sequence[Tree]) -> Tree:
    product, *others = factors
    for factor in others:
        product = _apply("mul", product, factor)
    return product


def _sum(terms: Iterable[tuple[bool, Tree]]) -> Tree:
    """Return the sum of terms with their signs, one without a minus first, a number last."""
    ordered = sorted(terms, key=lambda term: (term[0], isinstance(term[1], Number)))
    is_negative, tree = ordered[0]
    total = _negated(tree) if is_negative else tree
    for is_negative, tree in ordered[1:]:
        total = _apply("sub" if is_negative else "add", total, tree)
    return total


def _negated(tree: Tree) -> Tree:
    """Return minus a product: that of its first factor needs no parentheses."""
    if isinstance(tree, Apply) and tree.operation in ("mul", "div"):
        first, second = tree.arguments
        return _apply(tree.operation, _negated(first), second)
    return _apply("neg", tree)


def _length(tree: Tree) -> int:
    return len(tree_text(tree))
