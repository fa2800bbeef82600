#!/usr/bin/env bash
# Package:   numdifftools 0.9.42 (with NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: Derivative takes differences with steps from 2 to 1e-4, extrapolates them, and returns the
#            best value with an estimate of its error (full_output=True). Of sin(400x), which the shorter
#            steps resolve, the derivative is right, or the estimate says that it is not.
# Behaviour: the value whose neighbours agree best is taken, and differences across many waves agree on
#            nearly nothing: what is returned is that nothing, said to be good to seven digits, though
#            the plain difference with the shortest of the same steps is right to three.
# Output:    the derivative, what is returned, the error that is claimed and the error that is made, for
#            three functions that vary within a hundredth and one that does not; the steps that were
#            taken, and what the shortest of them gives alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet numdifftools==0.9.42 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" - <<'PYTHON'
import numdifftools as nd
import numpy as np

CASES = {
    "sin(400x) at 0.3": (lambda x: np.sin(400 * x), 0.3, 400 * np.cos(120)),
    "sin(1000x) at 0.3": (lambda x: np.sin(1000 * x), 0.3, 1000 * np.cos(300)),
    "sin(2000x) + x^2 at 0.5": (lambda x: np.sin(2000 * x) + x**2, 0.5, 2000 * np.cos(1000) + 1),
    "sin(3x) at 0.3": (lambda x: np.sin(3 * x), 0.3, 3 * np.cos(0.9)),
}
for name, (f, x, exact) in CASES.items():
    found, info = nd.Derivative(f, full_output=True)(x)
    claimed, made = float(info.error_estimate), abs(float(found) - exact)
    print(f"{name:24s} derivative {exact:11.6f}, returned {float(found):9.6f}, error claimed "
          f"{claimed:.1e}, made {made:.1e}")
    assert (made < 1e-9 and claimed < 1e-9) if "3x" in name else made > 1e4 * claimed

f, x, exact = CASES["sin(400x) at 0.3"]
taken = []
nd.Derivative(lambda at: taken.append(float(at) - x) or f(at))(x)
steps = sorted({abs(step) for step in taken if step})
plain = (f(x + steps[0]) - f(x - steps[0])) / (2 * steps[0])
print(f"steps taken: {steps[0]:.1e} to {steps[-1]:.1f}; central difference with the shortest: {plain:.4f}")
assert abs(plain - exact) < 1e-3 * exact
PYTHON
