#!/usr/bin/env bash
# Package:   odl 1.0.0 (with NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: odl.solvers.adam is the method of Kingma and Ba (2015), whose names and defaults it says it takes:
#            where the gradient hardly changes each step is α long, the first as the thousandth.
# Behaviour: the two averages are corrected for their start as if every step were the first: by √(1 − β₂)/(1 − β₁)
#            in place of √(1 − β₂^t)/(1 − β₁^t). The first step is α long; the twelfth is 2.08 α, and from there
#            they shrink towards 0.316 α, which no α that was tuned elsewhere is meant for. The longer the run,
#            the less of α remains.
# Output:    on ‖x‖² from 1 with α = 1e-6, whose gradient changes by less than 0.5% on the way: the length of some
#            of 3,000 steps over α, the same by Adam written out, and the way gone over that of 3,000 steps of α.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet odl==1.0.0 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import odl

ALPHA, BETA1, BETA2, STEPS = 1e-6, 0.9, 0.999, 3000
SHOWN = np.array([1, 2, 5, 12, 100, 1000, 3000])
space = odl.rn(1)
x, path = space.element([1.0]), [1.0]
odl.solvers.adam(odl.functionals.L2NormSquared(space), x, learning_rate=ALPHA, beta1=BETA1, beta2=BETA2,
                 maxiter=STEPS, callback=lambda x: path.append(float(x[0])))
steps = -np.diff(path) / ALPHA
assert len(steps) == STEPS

x, m, v, written_out = 1.0, 0.0, 0.0, []
for t in range(1, STEPS + 1):
    gradient = 2 * x
    m, v = BETA1 * m + (1 - BETA1) * gradient, BETA2 * v + (1 - BETA2) * gradient**2
    step = ALPHA * (m / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + 1e-8)
    x -= step
    written_out.append(step / ALPHA)
written_out = np.array(written_out)

for t in SHOWN:
    print(f"step {t:4d}: {steps[t - 1]:.3f} α, {written_out[t - 1]:.3f} α by Adam written out")
print(f"the longest is step {steps.argmax() + 1}; all are {steps.mean():.3f} of the way of {STEPS} steps of α")
t = np.arange(1, STEPS + 1)
once = np.sqrt(1 - BETA2) / (1 - BETA1) * (1 - BETA1**t) / np.sqrt(1 - BETA2**t)
assert np.allclose(written_out, 1, atol=0.01) and np.allclose(steps, once, rtol=0.01)
assert steps.argmax() + 1 == 12 and steps.max() > 2 and steps[-1] < 0.33
print("the correction for the first step is that of every step")
PYTHON
