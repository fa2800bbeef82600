#!/usr/bin/env bash
# Package:   torchopt 0.7.3 (with torch 2.13.0, CPU)
# Good guess: torchopt.Adam of float64 parameters computes in float64, as torch.optim.Adam does and as
#            its own RMSProp, RAdam and Adamax do: the two agree to 1e-15.
# Behaviour: Adam and AdamW divide by bias corrections 1 − β^t that were computed in float32, in which
#            1 − 0.999 is off by 1.3e-5 of itself. The first step of a gradient that is not small is α to
#            the last digits in PyTorch, and 0.9999933 α here; paths part by 1e-6 within five steps.
# Output:    On f = a² + 3b² from (2, −1) with α = 0.05, in float64: the first step over α, and the
#            largest difference of the two packages' parameters after 1, 5 and 100 steps, by rule.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torchopt==0.7.3 torch==2.13.0 numpy==2.4.6
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import torch
import torchopt

ALPHA, START = 0.05, [2.0, -1.0]
PAIRS = {
    "Adam": (torchopt.Adam, torch.optim.Adam, {}),
    "AdamW": (torchopt.AdamW, torch.optim.AdamW, {"weight_decay": 0.01}),
    "RAdam": (torchopt.RAdam, torch.optim.RAdam, {}),
    "Adamax": (torchopt.Adamax, torch.optim.Adamax, {}),
    "RMSProp": (torchopt.RMSProp, torch.optim.RMSprop, {}),
}


def path(rule, steps, options):
    """Return the parameters at each step."""
    p = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    optimizer, points = rule([p], lr=ALPHA, **options), []
    for _ in range(steps):
        optimizer.zero_grad()
        (p[0] ** 2 + 3 * p[1] ** 2).backward()
        optimizer.step()
        assert p.dtype == torch.float64
        points.append(p.detach().clone())
    return points


for name, (theirs, pytorchs, options) in PAIRS.items():
    mine, reference = path(theirs, 100, options), path(pytorchs, 100, options)
    apart = [float((mine[n - 1] - reference[n - 1]).abs().max()) for n in (1, 5, 100)]
    print(f"{name:8} apart after 1, 5, 100 steps: " + ", ".join(f"{each:.0e}" for each in apart))
    if name in ("Adam", "AdamW"):
        assert 1e-7 < apart[0] < 1e-6 < apart[1] < 1e-5
    else:
        assert max(apart) < 1e-14
    if name == "Adam":
        first = [float((START[0] - points[0][0]) / ALPHA) for points in (mine, reference)]
        print(f"{name:8} first step over α: torchopt {first[0]:.9f}, PyTorch {first[1]:.9f}")
        assert abs(first[0] - 0.9999933) < 1e-7 and abs(first[1] - 1) < 1e-8
PYTHON
