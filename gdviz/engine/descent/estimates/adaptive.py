"""Central differences whose ε is chosen at each point, as a careful library chooses it.

The best ε of a central difference is ∛(3·ε_f/|f‴|), where ε_f is the error of a value [2]_. Here
that is its rounding; of code, which may compute in float32, or draw, it is what a table of
differences tells (:mod:`gdviz.engine.descent.estimates.noise`), where that is more. And f‴ is
estimated by a third difference, whose own step is searched as Gill, Murray, Saunders and Wright
[1]_ search that of a second one: until rounding makes between a thousandth and a tenth of it.

References
----------
.. [1] P. E. Gill, W. Murray, M. A. Saunders and M. H. Wright, "Computing forward-difference
   intervals for numerical optimization", SIAM Journal on Scientific and Statistical Computing 4
   (1983) 310–321, algorithm FD.
.. [2] J. J. Moré and S. M. Wild, "Estimating derivatives of noisy simulations", ACM Transactions
   on Mathematical Software 38 (2012) 19, section 2.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.engine.descent.estimates.estimate import Gradient, GradientFunction
from gdviz.engine.descent.estimates.noise import noise_along
from gdviz.engine.objectives.counting import CountedObjective

#: The part of a third difference that rounding makes, from where to where it is good enough.
_LEAST, _MOST = 1e-3, 1e-1
#: The first step of the third difference, in ∛eps·(1 + |x|), and the longest, in 1 + |x|.
_FIRST, _LONGEST = 4.0, 0.5
#: What a step is multiplied or divided by, and how many are tried at most.
_TIMES, _TRIES = 10.0, 6


def adaptive(f: CountedObjective, _epsilon: Any, _representable: bool) -> GradientFunction:
    """Return central differences, each with the ε of :func:`best_steps`: 6N value calls or more.

    A third difference takes four values, and one is tried in most places; the central difference
    takes two. Where f has no third derivative to be seen, as where it is quadratic, longer steps
    are tried, and the longest is taken. Of code the noise takes eight values more, and where they
    are too close or too far apart eight others.

    The difference is divided by the step that was really taken.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; it counts the calls.
    """
    value = f.value

    def gradient(a: Any, b: Any) -> Gradient:
        in_a, in_b = best_steps(f, a, b)
        a_up, a_down, b_up, b_down = a + in_a, a - in_a, b + in_b, b - in_b
        return (
            (value(a_up, b) - value(a_down, b)) / (a_up - a_down),
            (value(a, b_up) - value(a, b_down)) / (b_up - b_down),
        )

    return gradient


def best_steps(f: CountedObjective, a: Any, b: Any) -> tuple[Any, Any]:
    """Return the ε of each component at a point.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; it counts the calls.
    a, b : float
        The point.
    """
    value, real = f.value, f.real
    eps, noise = float(np.finfo(type(real(0.0))).eps), 0.0
    if f.is_black_box:
        size = (1.0 + abs(float(a)) + abs(float(b))) / 2.0
        noise = noise_along(lambda t: value(real(a + t), real(b + t)), size)
    return (
        real(best_step(lambda x: value(x, b), a, eps, noise)),
        real(best_step(lambda x: value(a, x), b, eps, noise)),
    )


def best_step(value: Callable[[Any], Any], x: Any, eps: float, noise: float = 0.0) -> float:
    """Return the ε for a function of one number, whose values are rounded to eps of them.

    Parameters
    ----------
    value : callable
        The function.
    x : float
        Where.
    eps : float
        The precision of its values, relative to them.
    noise : float
        How noisy they are beside that; 0 where they are not.

    Returns
    -------
    float
        The ε of a central difference.
    """
    size = 1.0 + abs(float(x))
    relative = max(eps, min(noise / (abs(float(value(x))) or math.inf), 1.0)) if noise else eps
    h, longest = _FIRST * relative ** (1.0 / 3.0) * size, _LONGEST * size
    h = min(h, longest)
    found, is_rising = 0.0, False
    for _ in range(_TRIES):
        f_2, f_1, b_1, b_2 = (float(value(x + k * h)) for k in (2.0, 1.0, -1.0, -2.0))
        third = abs((f_2 - b_2) - 2.0 * (f_1 - b_1))
        rounding = 6.0 * max(eps * max(map(abs, (f_2, f_1, b_1, b_2))), noise)
        if not math.isfinite(third):  # f has no value so far off
            h, longest = h / _TIMES, h / _TIMES
        elif third == 0.0 or rounding > _MOST * third:
            if found or h >= longest:
                break
            h, is_rising = min(_TIMES * h, longest), True
        else:
            found = min(h, h * (rounding / third) ** (1.0 / 3.0))
            if is_rising or rounding >= _LEAST * third:
                break
            h = h / _TIMES
    return float(found or h)
