#!/usr/bin/env bash
# Package:   jacobi 0.9.2 (with NumPy 2.4.6)
# Good guess: the steps follow the size of x, down to some least one, so that a derivative at a point
#            that is zero but for rounding, such as 0.1 + 0.2 − 0.3 = 5.6e-17, is that at zero: both
#            are returned with an error that covers the truth.
# Behaviour: the first step is x/4 whatever x is, unless x is exactly 0, where it is 1/4. Beside zero all
#            steps are lost in rounding, each difference is 0, and since all agree the derivative is
#            said to be 0, with an error of 0. Far out the first step is long instead: sin at 1000 is
#            asked 250 to either side.
# Output:    the derivative, what is returned and the error that is claimed, of exp and of Rosenbrock's
#            function by its first argument at 0 and beside it, and of sin at 1 and at 1000.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet jacobi==0.9.2 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
from jacobi import jacobi

BESIDE = 0.1 + 0.2 - 0.3


def rosenbrock(x):
    """Return Rosenbrock's function at (x, 1), whose derivative at x = 0 is −2."""
    return (1 - x) ** 2 + 100 * (1 - x**2) ** 2


CASES = [
    ("exp at 0", np.exp, 0.0, 1.0, True),
    (f"exp at {BESIDE:.1e}", np.exp, BESIDE, 1.0, False),
    ("Rosenbrock at 0", rosenbrock, 0.0, -2.0, True),
    (f"Rosenbrock at {BESIDE:.1e}", rosenbrock, BESIDE, -2.0, False),
    ("sin at 1", np.sin, 1.0, np.cos(1.0), True),
    ("sin at 1000", np.sin, 1000.0, np.cos(1000.0), False),
]
for name, f, x, exact, is_right in CASES:
    asked = []
    found, claimed = jacobi(lambda at: asked.append(float(at) - x) or f(at), x)
    found, claimed = float(found), float(claimed)
    print(f"{name:21s} derivative {exact:8.5f}, returned {found:8.5f} ± {claimed:.1e}; steps from "
          f"{max(map(abs, asked)):.1e} down")
    made = abs(found - exact)
    assert made < 1e-12 if is_right else made > 0.5 and claimed < 1e-3
    if name.startswith(("exp at 5", "Rosenbrock at 5")):
        assert found == 0.0 == claimed
PYTHON
