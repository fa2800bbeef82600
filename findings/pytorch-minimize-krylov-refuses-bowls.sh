#!/usr/bin/env bash
# Package:   pytorch-minimize 0.1.0 (with torch 2.13.0, CPU, and SciPy 1.17.1)
# Good guess: method="trust-krylov" minimises what SciPy's method of that name does: a quadratic bowl
#            of N parameters in a few steps, as its Krylov space is the whole space after N products.
# Behaviour: that is where it raises: once the space is used up the next off-diagonal entry of the
#            tridiagonal matrix is zero, which it takes for an error ("reducible T
#            matrix"). So every bowl of two to twenty parameters is refused unless it is round, and
#            so is Rosenbrock's function; with N = 50 it works. Of one parameter it says "initial
#            beta is zero". trust-ncg of the same package takes three evaluations for two parameters.
# Output:    For N = 1 … 50, a bowl of curvatures 2, 4 … 2N: what trust-krylov says, or the value it
#            reaches; what trust-ncg reaches; and what SciPy's trust-krylov reaches.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet \
  pytorch-minimize==0.1.0 torch==2.13.0 scipy==1.17.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import torch
from scipy.optimize import minimize
from torchmin import minimize as torch_minimize


def reached(n, method):
    """Return the value at the end as text, or the error's, of a bowl whose minimum is 0 at 1 … 1."""
    curvatures = torch.arange(1, n + 1, dtype=torch.float64)
    start = torch.zeros(n, dtype=torch.float64)
    try:
        result = torch_minimize(lambda x: (curvatures * (x - 1) ** 2).sum(), start, method=method)
    except RuntimeError as error:
        return str(error)
    assert result.fun < 1e-8
    return f"{result.fun:.0e}"


for n in (1, 2, 3, 5, 10, 20, 50):
    w = np.arange(1.0, n + 1)
    by_scipy = minimize(
        lambda x: np.sum(w * (x - 1) ** 2), np.zeros(n), method="trust-krylov",
        jac=lambda x: 2 * w * (x - 1), hess=lambda x: np.diag(2 * w),
    )
    krylov, ncg = reached(n, "trust-krylov"), reached(n, "trust-ncg")
    print(f"N = {n:2}  trust-krylov: {krylov:32} trust-ncg: {ncg:6} SciPy's: {by_scipy.fun:.0e}")
    assert by_scipy.fun < 1e-8
    assert ("initial beta" in krylov) == (n == 1)
    assert ("reducible" in krylov) == (2 <= n <= 20)
PYTHON
