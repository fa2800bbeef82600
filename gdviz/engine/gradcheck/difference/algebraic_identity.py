"""Whether two nodes of a graph are equal by algebra alone, decided in a few milliseconds.

Both become fractions of polynomials with rational coefficients, which FLINT multiplies out: in the
names, and in one more variable for each value that is no such fraction, as that of a logarithm.
Hyperbolic functions and the sigmoid are fractions in an exponential, and of a sine, a cosine and a
root squares are known. If the difference is the fraction 0, it is 0 whatever the variables stand
for, and so wherever both have a value. Where it is not, nothing is said: there are other
identities, which SymPy may know.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import gcd, lcm
from typing import Any, NamedTuple

from flint import fmpq, fmpq_mpoly_ctx

from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.language.parser import parse

#: Terms that a product may have before it is collected, its largest exponent, and the bits of its
#: coefficients.
_MAX_TERMS, _MAX_EXPONENT, _MAX_BITS = 10_000, 64, 4096
#: Digits up to which a number is taken for what was written, and where its point may be.
_DIGITS, _LEAST, _LARGEST = 15, 1e-40, 1e40
#: What is made of exponentials, of which there is one for each argument.
MADE_OF = ("sinh", "cosh", "tanh", "sigmoid", "softplus", "log10")


class UndecidedError(Exception):
    """What is to be multiplied out is too large, or has no value anywhere."""


class Quotient(NamedTuple):
    """A fraction of two polynomials."""

    over: Any
    under: Any


def is_algebraic_identity(graph: Graph, left: int, right: int) -> bool:
    """Tell whether two nodes are surely equal wherever both have a value.

    Parameters
    ----------
    graph : Graph
        The graph.
    left, right : int
        The nodes.

    Returns
    -------
    bool
        False where they differ, or where algebra alone does not tell.
    """
    indices = graph.reachable((left, right), unfolded=True)
    algebra = Algebra(2 * len(indices))
    try:
        one, other = algebra.values(graph, (left, right), indices, {})
        return algebra.is_zero(algebra.sum(one, other, -1))
    except UndecidedError:
        return False


class Algebra:
    """Fractions of polynomials in as many variables as are asked for.

    Parameters
    ----------
    most : int
        More variables are not asked for.
    """

    def __init__(self, most: int) -> None:
        context = fmpq_mpoly_ctx.get(("x", most), "lex")
        # What is in terms of others comes before them in the order in which terms are divided.
        self._unused = iter(reversed(context.gens()))
        self._one = context.constant(1)
        self.known: list[tuple[str, tuple[Quotient, ...], Quotient]] = []
        self._squares: list[Any] = []  # polynomials that are 0, each with a square in front

    def values(
        self,
        graph: Graph,
        outputs: Sequence[int],
        indices: Sequence[int],
        names: dict[str, Quotient],
    ) -> list[Quotient]:
        """Return what nodes are, and note what the names among them are.

        Parameters
        ----------
        graph : Graph
            The graph.
        outputs : sequence of int
            The nodes.
        indices : sequence of int
            All that they need, arguments before their users.
        names : dict of str to Quotient
            What names are; new ones are added.
        """
        found: dict[int, Quotient] = {}
        for index in indices:
            node, (operation, arguments) = graph[index], graph.unfolded(index)
            if operation == "number":
                found[index] = self._number(node.value)
            elif operation == "name":
                if node.name not in names:
                    names[node.name] = self._variable()
                found[index] = names[node.name]
            else:
                found[index] = self._apply(operation, tuple(found[i] for i in arguments))
        return [found[output] for output in outputs]

    def sum(self, one: Quotient, other: Quotient, times: int = 1) -> Quotient:
        """Return one plus so many times the other.

        Parameters
        ----------
        one, other : Quotient
            The fractions.
        times : int, default 1
            How many times.
        """
        if one.under == other.under:
            return Quotient(one.over + times * other.over, one.under)
        over = _product(one.over, other.under) + times * _product(other.over, one.under)
        return Quotient(over, _product(one.under, other.under))

    def is_zero(self, value: Quotient) -> bool:
        """Tell whether a fraction is 0, with what is known of squares."""
        return bool(self.rest(value) == 0)

    def rest(self, value: Quotient) -> Any:
        """Return what is above in a fraction, with the squares replaced that are known."""
        rest = value.over
        for square in reversed(self._squares):
            _, rest = divmod(rest, square)
            if len(rest) > _MAX_TERMS:
                raise UndecidedError
        return rest

    def _variable(self) -> Quotient:
        try:
            return Quotient(next(self._unused), self._one)
        except StopIteration:
            raise UndecidedError from None

    def _number(self, value: float) -> Quotient:
        """Return a number as it was written; one that is rounded is a variable."""
        digits = repr(value).partition("e")[0].strip("-0.").replace(".", "")
        if value == 0.0 or (len(digits) <= _DIGITS and _LEAST < abs(value) < _LARGEST):
            return self.constant(Fraction(repr(value)))
        return self._opaque(repr(value), ())

    def constant(self, value: Fraction) -> Quotient:
        """Return a number."""
        return Quotient(self._one * fmpq(value.numerator, value.denominator), self._one)

    def _apply(self, operation: str, arguments: tuple[Quotient, ...]) -> Quotient:
        u, v = arguments[0], arguments[-1]
        match operation:
            case "add" | "sub":
                return self.sum(u, v, 1 if operation == "add" else -1)
            case "neg":
                return Quotient(-u.over, u.under)
            case "mul" | "mask" | "gate":  # the last two have values in places where u·v has none
                return Quotient(_product(u.over, v.over), _product(u.under, v.under))
            case "div":
                return self._apply("mul", (u, self._inverse(v)))
            case "pow" if (exponent := _rational(v)) is not None:
                return self._power(u, exponent)
            case _:
                return self._function(operation, arguments)

    def _function(self, operation: str, arguments: tuple[Quotient, ...]) -> Quotient:
        u = arguments[0]
        if operation == "exp":
            return self._exponential(u)
        if operation in ("sin", "cos", "tan"):
            return self._of_angle(operation, u)
        if operation == "sqrt":
            return self._power(u, Fraction(1, 2))
        if operation in ("abs", "sign") and u.over != 0:
            return self._of_size(operation, u)
        if operation in MADE_OF:
            return self.values(*_made_of(operation), {"u": u})[0]
        return self._opaque(operation, arguments)

    def _opaque(self, operation: str, arguments: tuple[Quotient, ...]) -> Quotient:
        """Return the variable that stands for an operation on these arguments."""
        for name, others, value in self.known:
            if name == operation and all(map(self._are_equal, arguments, others)):
                return value
        value = self._variable()
        self.known.append((operation, arguments, value))
        return value

    def _are_equal(self, one: Quotient, other: Quotient) -> bool:
        return self.is_zero(self.sum(one, other, -1))

    def _inverse(self, value: Quotient) -> Quotient:
        if self.is_zero(value):
            raise UndecidedError
        return Quotient(value.under, value.over)

    def _power(self, base: Quotient, exponent: Fraction) -> Quotient:
        """Return a power: that with the whole part of the exponent, times a root."""
        whole = exponent.numerator // exponent.denominator
        if abs(whole) > _MAX_EXPONENT:
            raise UndecidedError
        over, under = base if whole >= 0 else self._inverse(base)
        value = Quotient(_raised(over, abs(whole)), _raised(under, abs(whole)))
        if (part := exponent - whole) == 0:
            return value
        before = len(self.known)
        root = self._opaque(f"^{part}", (base,))
        if part == Fraction(1, 2) and len(self.known) > before and base.under.is_constant():
            self._squares.append(root.over**2 - base.over / base.under.leading_coefficient())
        return self._apply("mul", (value, root))

    def _exponential(self, argument: Quotient) -> Quotient:
        """Return eᵘ as a power of that of u over its first coefficient."""
        if argument.over == 0:
            return self.constant(Fraction(1))
        size = argument.over.leading_coefficient() / argument.under.leading_coefficient()
        base = self._opaque("exp", (Quotient(argument.over / size, argument.under),))
        return self._power(base, fraction(size))

    def _of_size(self, operation: str, argument: Quotient) -> Quotient:
        """Return |u| or the sign of u by that of u over what its coefficients have in common."""
        size = _content(argument.over) / _content(argument.under)
        value = self._opaque(operation, (Quotient(argument.over / size, argument.under),))
        factor = abs(size) if operation == "abs" else 1 if size > 0 else -1
        return Quotient(factor * value.over, value.under)

    def _of_angle(self, operation: str, angle: Quotient) -> Quotient:
        """Return a sine, a cosine or a tangent; the sine is odd."""
        is_turned = angle.over != 0 and (
            angle.over.leading_coefficient() / angle.under.leading_coefficient() < 0
        )
        if is_turned:
            angle = Quotient(-angle.over, angle.under)
        before = len(self.known)
        cosine, sine = self._opaque("cos", (angle,)), self._opaque("sin", (angle,))
        if len(self.known) > before:
            self._squares.append(sine.over**2 + cosine.over**2 - self._one)
        if operation == "cos":
            return cosine
        sine = Quotient(-sine.over if is_turned else sine.over, self._one)
        return sine if operation == "sin" else self._apply("div", (sine, cosine))


def _product(one: Any, other: Any) -> Any:
    if len(one) * len(other) > _MAX_TERMS or _bits(one) + _bits(other) > _MAX_BITS:
        raise UndecidedError
    product = one * other
    if max(product.degrees(), default=0) > _MAX_EXPONENT:
        raise UndecidedError
    return product


def _bits(polynomial: Any) -> int:
    return max(
        (int(c.p).bit_length() + int(c.q).bit_length() for c in polynomial.coeffs()), default=0
    )


def fraction(value: Any) -> Fraction:
    """Return a number of FLINT's."""
    return Fraction(int(value.p), int(value.q))


def _content(polynomial: Any) -> fmpq:
    """Return what its coefficients have in common, with the first one's sign."""
    numbers = [fraction(c) for c in polynomial.coeffs()]
    over = gcd(*(number.numerator for number in numbers))
    under = lcm(*(number.denominator for number in numbers))
    return fmpq(over if numbers[0] > 0 else -over, under)


def _raised(base: Any, exponent: int) -> Any:
    power = base**0
    for _ in range(exponent):
        power = _product(power, base)
    return power


def _rational(value: Quotient) -> Fraction | None:
    """Return which number a fraction is, if it is one."""
    over, under = value
    if not (over.is_constant() and under.is_constant()) or under == 0:
        return None
    number = (over.leading_coefficient() if over != 0 else fmpq(0)) / under.leading_coefficient()
    return fraction(number)


@cache
def _made_of(operation: str) -> tuple[Graph, tuple[int, ...], list[int]]:
    """Return what a function of u is made of: a graph, its output and its nodes."""
    graph = Graph()
    output = lower(parse(OPERATIONS[operation].made_of, "u"), graph)
    return graph, (output,), graph.reachable((output,), unfolded=True)
