#!/usr/bin/env bash
# Package:   noisyopt 0.2.3 (with NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: minimizeSPSA(func, x0, callback=…) is called as SciPy's minimize is, and returns SciPy's
#            result: x0 is where it began, callback gets each xk, and nfev is how often func was called.
# Behaviour: the iterate is x0 itself, moved in place: a start of floats is where the descent ended, so a
#            second run "from the same start" goes on from there. The callback gets that one array each
#            time, so a list of them is the last point over and over, and the path is lost. With bounds
#            neither happens. The evaluation of the result is not counted.
# Output:    x0 before and after, with and without bounds; how many different points a callback that
#            keeps what it gets has after 50 steps; calls made, and calls reported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet noisyopt==0.2.3 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
from noisyopt import minimizeSPSA

STEPS = 50
for bounds in (None, [[-5, 5], [-5, 5]]):
    np.random.seed(0)
    x0, kept, calls = np.array([2.0, -1.0]), [], []

    def f(x):
        calls.append(1)
        return float(x[0] ** 2 + 3 * x[1] ** 2)

    result = minimizeSPSA(
        f, x0, bounds=bounds, niter=STEPS, paired=False, a=0.1, c=0.1, callback=kept.append
    )
    points = {tuple(point) for point in kept}
    print(f"bounds {bounds}: x0 was [2, -1] and is {np.round(x0, 4).tolist()}, the result "
          f"{np.round(result.x, 4).tolist()}; {len(points)} different points of {len(kept)}; "
          f"{len(calls)} calls, nfev = {result.nfev}")
    assert len(calls) == result.nfev + 1 == 2 * STEPS + 1
    if bounds is None:
        assert result.x is x0 and len(points) == 1
    else:
        assert x0.tolist() == [2.0, -1.0] and len(points) == STEPS
PYTHON
