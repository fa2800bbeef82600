#!/usr/bin/env bash
# Package:   river 0.26.1 (with NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: AdaBound with a schedule, as AdaBound(lr=InverseScaling(0.1)), keeps each rate between two bounds that
#            meet at final_lr, and these follow the schedule as the rate does: halved where it is halved, as in
#            the authors' program, final_lr·lr/lr₀.
# Behaviour: final_lr itself is multiplied by lr/lr₀ at each step, and that product is what the next step starts
#            from. With a rate of 0.1/√t the bound at step t is 0.1/√(t!), 5e-5 after ten steps and 6e-11 after
#            twenty: learning is at an end after a dozen samples, whatever is still to come, and without a word.
#            With a constant rate nothing of it is seen.
# Output:    on f = w² from 1: the weight and final_lr after 5, 10, 20 and 1,000 steps with rate 0.1/√t; the
#            weight by AdaBound written out and by Adam of the package; and both with a constant rate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet river==0.26.1 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import math

from river import optim

RATE, FINAL, GAMMA, BETA1, BETA2, EPS = 0.1, 0.1, 1e-3, 0.9, 0.999, 1e-8
SHOWN = (5, 10, 20, 1000)


def of_package(optimizer):
    """Return the weight and final_lr after each of the steps that are shown."""
    weights, seen = {"w": 1.0}, {}
    for t in range(1, SHOWN[-1] + 1):
        optimizer.step(weights, {"w": 2 * weights["w"]})
        if t in SHOWN:
            seen[t] = weights["w"], getattr(optimizer, "final_lr", math.nan)
    return seen


def written_out(schedule):
    """Return the weight after the same steps, by the bounds of the authors' program."""
    w, m, v, seen = 1.0, 0.0, 0.0, {}
    for t in range(1, SHOWN[-1] + 1):
        gradient, lr = 2 * w, schedule(t)
        m, v = BETA1 * m + (1 - BETA1) * gradient, BETA2 * v + (1 - BETA2) * gradient**2
        final = FINAL * lr / RATE
        lower, upper = final * (1 - 1 / (GAMMA * t + 1)), final * (1 + 1 / (GAMMA * t))
        rate = lr * math.sqrt(1 - BETA2**t) / (1 - BETA1**t) / (math.sqrt(v) + EPS)
        w -= min(max(rate, lower), upper) * m
        if t in SHOWN:
            seen[t] = w
    return seen


def falling():
    return optim.schedulers.InverseScaling(RATE, power=0.5)


bound, adam = of_package(optim.AdaBound(lr=falling())), of_package(optim.Adam(lr=falling()))
right = written_out(lambda t: RATE / math.sqrt(t))
for t in SHOWN:
    print(f"0.1/√t, step {t:4d}: w = {bound[t][0]:.4f}, final_lr = {bound[t][1]:.1e}; "
          f"written out w = {right[t]:.4f}; Adam w = {adam[t][0]:.4f}")
    expected = FINAL * math.exp(-math.lgamma(t + 1) / 2)
    assert math.isclose(bound[t][1], expected, rel_tol=1e-9, abs_tol=1e-300)
assert 0.5 < bound[1000][0] < 0.6 and abs(bound[20][0] - bound[1000][0]) < 1e-8
assert abs(right[1000]) < 1e-6 and abs(adam[1000][0]) < 1e-6
constant, right = of_package(optim.AdaBound(lr=RATE)), written_out(lambda t: RATE)
print(f"constant: w = {constant[1000][0]:.1e}, written out {right[1000]:.1e}")
assert all(math.isclose(constant[t][0], right[t], rel_tol=1e-6) for t in SHOWN)
print("the bounds close on nothing, and the weight stays where it was")
PYTHON
