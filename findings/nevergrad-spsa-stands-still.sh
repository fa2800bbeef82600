#!/usr/bin/env bash
# Package:   nevergrad 1.0.12 (with NumPy 1.26.4)
# Good guess: its SPSA is tuned, as its other optimizers are, for parameters whose scale is 1: on a bowl whose
#            minimum is at distance 1 in each of two parameters some hundred evaluations come near it, a
#            larger budget nearer, and where the gains follow Spall's rule the scale of f does not matter.
# Behaviour: the gain is 1e-5/(k + 1 + A)^0.602 whatever f, and cannot be set; A is a twentieth of the budget,
#            so that a larger budget makes the first steps shorter still. The bowl is left where it began:
#            200 evaluations go 0.0001 of the way, 20,000 go 0.0008. What is returned is moreover the mean of
#            all iterates, not the last. The same bowl times 100,000 is solved by 200 evaluations.
# Output:    for (x − 1)² summed over two parameters, from 0: the way to the minimum that is done after 200, 2,000
#            and 20,000 evaluations, of f and of 100,000·f; and that of (1+1), the simplest of the package.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet nevergrad==1.0.12 numpy==1.26.4
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import nevergrad as ng
import numpy as np


def way(name, budget, scale):
    """Return how much of the distance to the minimum is done, 1 being all of it."""
    optimizer = ng.optimizers.registry[name](parametrization=2, budget=budget)
    optimizer.parametrization.random_state.seed(0)
    calls = []

    def bowl(x):
        calls.append(1)
        return scale * float(np.sum((x - 1) ** 2))

    found = optimizer.minimize(bowl).value
    assert len(calls) == budget
    return 1 - float(np.linalg.norm(found - 1)) / np.sqrt(2)


for scale in (1.0, 1e5):
    done = [way("SPSA", budget, scale) for budget in (200, 2000, 20000)]
    print(f"SPSA, f times {scale:6.0f}: of the way after 200, 2,000 and 20,000 evaluations "
          + ", ".join(f"{part:.2g}" for part in done))
    assert all(0 < part < 1e-3 for part in done) if scale == 1 else min(done) > 0.95
for scale in (1.0, 1e5):
    part = way("OnePlusOne", 200, scale)
    print(f"(1+1), f times {scale:6.0f}: of the way after 200 evaluations {part:.5f}")
    assert part > 0.999
print("SPSA stands still where (1+1) arrives")
PYTHON
