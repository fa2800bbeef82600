#!/usr/bin/env bash
# Package:   findi-descent 0.2.0 (with NumPy 1.26.4, pandas 2.3.3, joblib 1.5.2 and Numba 0.62.1)
# Good guess: descent() is gradient descent by forward differences: each parameter is moved by h alone, the
#            others stay where they are, and `threads` says how many of these calls are made at once, not
#            where the path leads. The parameters that are returned are those that the outputs belong to.
# Behaviour: with one thread, as it comes, a step of h is not taken back before the next parameter's: the slope
#            of each is that of the sum of it and all before it. A parameter may go uphill from the first step
#            on, and of N parameters the last one's step is N times too long. The path goes on from where the
#            last difference was taken, and that is what is returned beside the output of another point.
#            With three threads, one for each call of a step, all of it is as guessed.
# Output:    for f = a² + 3b² from (3, −0.5), h = 1e-6 and α = 0.1: the first step with one thread and with
#            three, beside −α∇f; with h = 0.1 the parameters returned for the first output; and for the sum of 20
#            squares, from 1 in each, the largest f on the way over the first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet findi-descent==0.2.0 numpy==1.26.4 pandas==2.3.3 joblib==1.5.2 numba==0.62.1
"$folder/env/bin/python" - <<'PYTHON'
import findi
import numpy as np

ALPHA, START = 0.1, np.array([3.0, -0.5])


def bowl(p):
    return float(p[0] ** 2 + 3 * p[1] ** 2)


def squares(p):
    return float((p**2).sum())


steps = {}
for threads in (1, 3):
    _, points = findi.descent(bowl, START.copy(), 1e-6, ALPHA, epochs=2, threads=threads)
    steps[threads] = points[1] - points[0]
exact = -ALPHA * np.array([2 * START[0], 6 * START[1]])
print(f"first step: {steps[1].round(4).tolist()} with one thread, "
      f"{steps[3].round(4).tolist()} with three; −α∇f = {exact.round(4).tolist()}")
assert np.abs(steps[3] - exact).max() < 1e-5
assert np.abs(steps[1] - [exact[0], exact.sum()]).max() < 1e-5
assert steps[1][1] < 0 < exact[1]  # uphill: b is to the left of its minimum, and goes on to the left

outputs, points = findi.descent(bowl, START.copy(), 0.1, ALPHA, epochs=1)
there = bowl(points[0])
print(f"h = 0.1: output {outputs[0, 0]:.4g} beside ({points[0, 0]:.2g}, {points[0, 1]:.2g}), "
      f"where f is {there:.4g}")
assert outputs[0, 0] == bowl(START) and points[0].round(9).tolist() == [3.1, -0.4]

outputs, _ = findi.descent(squares, np.ones(20), 1e-6, ALPHA, epochs=40)
most, last = outputs[:, 0].max() / outputs[0, 0], outputs[-1, 0] / outputs[0, 0]
print(f"20 squares: at most {most:.4g} times the first f, {last:.3g} times after 39 steps; "
      f"gradient descent: {(1 - 2 * ALPHA) ** (2 * 39):.2g} times, and never more than 1")
assert most > 2
PYTHON
