#!/usr/bin/env bash
# Package:   spsa 0.1.2 (with NumPy 2.4.6)
# Good guess: a step of SPSA takes two evaluations whatever N is, as in Spall (1992), so 100 steps take
#            200; with the tuning of the learning rate that the package describes, two more a step.
# Behaviour: a step takes six. Besides, before the first step the function is called some 270 times to
#            choose learning rate and perturbation; with both given there remain 44. At N = 2 central
#            differences would take four a step, forward differences three.
# Output:    For N = 2 and N = 10: evaluations of 100 and of 200 steps, and of a step between them, as
#            the package comes and with learning rate and perturbation given.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet spsa==0.1.2 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import random

import numpy as np
import spsa


def evaluations(n, steps, **given):
    calls = []

    def bowl(x):
        calls.append(1)
        return float(np.sum(np.arange(1, n + 1) * (x - 1) ** 2))

    np.random.seed(0)
    random.seed(0)
    spsa.minimize(bowl, np.zeros(n), iterations=steps, **given)
    return len(calls)


for n in (2, 10):
    for name, given in {"as it comes": {}, "both given": {"lr": 0.1, "px": 0.01}}.items():
        short, long = (evaluations(n, steps, **given) for steps in (100, 200))
        each = (long - short) / 100
        print(f"N = {n:2}, {name:11}: {short} for 100 steps, {long} for 200: {each:.2f} a step, "
              f"{short - 600} before the first")
        assert 5.9 < each < 6.1
        assert short - 600 == 44 if given else 250 <= short - 600 <= 300
PYTHON
