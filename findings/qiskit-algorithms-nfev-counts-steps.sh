#!/usr/bin/env bash
# Package:   qiskit-algorithms 0.4.0 (with Qiskit 2.6.2, NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: OptimizerResult.nfev of its optimizers is how often the function was called, as SciPy's
#            is, so their costs can be compared: forward differences of N parameters are N + 1 a step.
# Behaviour: ADAM reports its steps, whatever the gradient cost: 20 for 61 calls at N = 2 and for 221
#            at N = 10, and the same 20 where the gradient is given and the function was called once.
#            GradientDescent, with the same differences, reports 60 and 220. SPSA, as it comes, first
#            calls the function 50 times to choose its two step sizes, and leaves those out: 40 for 91.
#            L-BFGS-B, by SciPy, counts each call. At N = 10 nfev makes ADAM half as dear as SPSA, and
#            it is more than twice as dear.
# Output:    For N = 2 and N = 10, 20 steps each: calls made of the function and of the gradient, and
#            the calls reported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet \
  qiskit-algorithms==0.4.0 qiskit==2.6.2 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
from qiskit_algorithms.optimizers import ADAM, L_BFGS_B, SPSA, GradientDescent

STEPS, CALIBRATION = 20, 50


def counted(optimizer, n, *, has_gradient=False):
    """Return calls of the function, of the gradient, and nfev, on a bowl of n parameters."""
    calls, gradients = [], []
    weights = np.arange(1, n + 1)

    def f(x):
        calls.append(1)
        return float(np.sum(weights * (x - 1) ** 2))

    def gradient(x):
        gradients.append(1)
        return 2 * weights * (x - 1)

    jac = gradient if has_gradient else None
    nfev = optimizer.minimize(f, np.zeros(n), jac=jac).nfev
    return len(calls), len(gradients), nfev


for n in (2, 10):
    found = {
        "ADAM": counted(ADAM(maxiter=STEPS), n),
        "ADAM, gradient given": counted(ADAM(maxiter=STEPS), n, has_gradient=True),
        "GradientDescent": counted(GradientDescent(maxiter=STEPS), n),
        "SPSA": counted(SPSA(maxiter=STEPS), n),
        "L-BFGS-B": counted(L_BFGS_B(), n),
    }
    for name, (calls, gradients, nfev) in found.items():
        print(f"N = {n:2}  {name:20}  {calls:3} calls, {gradients:2} gradients, nfev = {nfev}")
    differences = STEPS * (n + 1)
    # The one call more is that of the result.
    assert found["ADAM"] == (differences + 1, 0, STEPS)
    assert found["ADAM, gradient given"] == (1, STEPS, STEPS)
    assert found["GradientDescent"] == (differences + 1, 0, differences)
    assert found["SPSA"] == (2 * STEPS + CALIBRATION + 1, 0, 2 * STEPS)
    assert found["L-BFGS-B"][0] == found["L-BFGS-B"][2]
PYTHON
