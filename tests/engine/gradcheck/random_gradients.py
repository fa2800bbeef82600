"""Random formulas with fixed seeds, defined everywhere, and candidates for their gradients."""

import random
from collections.abc import Iterator

from tests.engine.gradcheck.gradient_candidates import AROUND, Case, candidates

_UNARY = (
    "sin({0})", "cos({0})", "tanh({0})", "sigmoid({0})", "softplus({0})", "exp(-({0})^2)",
    "abs({0})", "relu({0})", "sqrt(1 + ({0})^2)", "log(1 + ({0})^2)", "atan({0})", "({0})^2",
    "({0})^3",
)  # fmt: skip
_BINARY = (
    "({0}) + {1}", "({0}) - ({1})", "({0})*({1})", "({0})*({1})", "({0})/(1 + ({1})^2)",
    "max({0}, {1})", "min({0}, {1})",
)  # fmt: skip
_LEAVES = ("a", "b", "a", "b", "k*a", "k - b", "a + b", "a*b", "2*a - 1", "0.3", "b/2")


def random_case(seed: int) -> Case:
    """Return a formula of a and b, and of k in most."""
    pick = random.Random(seed)

    def part(depth: int) -> str:
        if depth == 0:
            return pick.choice(_LEAVES)
        if pick.random() < 0.45:
            return pick.choice(_UNARY).format(part(depth - 1))
        return pick.choice(_BINARY).format(part(depth - 1), part(pick.randrange(depth)))

    k = pick.choice([-1.5, 0.5, 2.0])
    return Case(f"{part(2)} + a*b + {part(1)}", {"k": k}, AROUND)


def random_candidates(seed: int, count: int) -> Iterator[tuple[Case, int, tuple[str, str]]]:
    """Yield so many candidates about one formula: it, which component is one, and both."""
    case = random_case(seed)
    for _, (component, pair) in zip(
        range(count), candidates(case, random.Random(seed)), strict=False
    ):
        yield case, component, pair
