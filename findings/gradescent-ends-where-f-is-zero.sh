#!/usr/bin/env bash
# Package:   gradescent 0.9.4
# Good guess: Optimizer.optimize() descends along differences with a backtracking line search, whose condition is
#            Armijo's: a number that is added to f leads to the same minimum. It returns the parameters there.
# Behaviour: the first trial of each line search is f/(2‖∇f‖²), as if the minimum were 0. As f comes near 0 so do the
#            steps, and where f is negative they go uphill, are accepted by a condition whose sign has turned as
#            well, and thrown away. A bowl whose minimum is −10 is left where it is 0, and that place returned as
#            the optimum; from where f is negative the start itself comes back. Of a likelihood, an energy or
#            anything else that has no zero of its own, the result is a contour.
# Output:    of (x − 1)² + (y + 2)² + c from (3, 1), where the bowl is 13 above its minimum: the point and the value
#            that are returned for c = 10, 0, −3, −10 and −20, and how much f is above its minimum there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet gradescent==0.9.4
"$folder/env/bin/python" -W ignore - <<'PYTHON'
from gradescent.optimizer import Optimizer


def found(c):
    """Return the point that is returned as the optimum, the value with it, and the evaluations."""
    calls = []

    def f(x, y):
        calls.append(1)
        return (x - 1) ** 2 + (y + 2) ** 2 + c

    optimizer = Optimizer(f)
    optimizer.add_parameter("x", initial_value=3.0)
    optimizer.add_parameter("y", initial_value=1.0)
    point, value = optimizer.optimize()
    assert abs(f(**point) - value) < 1e-9
    return point, value, len(calls)


for c in (10, 0, -3, -10, -20):
    point, value, calls = found(c)
    print(f"c = {c:3d}: ({point['x']:.3f}, {point['y']:.3f}), f = {value:9.2e}, {value - c:8.2e} above the minimum, "
          f"{calls} evaluations")
    if c >= 0:
        assert value - c < 1e-4
    elif c > -13:
        assert abs(value) < 1e-9
    else:
        assert (point["x"], point["y"]) == (3.0, 1.0)
print("what is found is where f is 0")
PYTHON
