#!/usr/bin/env bash
# Package:   pytorch-optimizer 4.1.0 (with PyTorch 2.13.0)
# Good guess: get_chebyshev_schedule(optimizer, N) multiplies the rate by the N reciprocal Chebyshev nodes of
#            [0.05, 1], each once, in an order that keeps rounding small. Gradient descent at α = 1/λmax over
#            curvatures within a factor of 20 then leaves at most 1/cosh(N·arcosh(21/19)) of every error,
#            where N is a power of two: 5% after 8 epochs, 0.14% after 16. No constant rate does as well.
# Behaviour: the epoch is looked up two places too early, and held at the first place till it gets there. So the
#            first three epochs take one and the same step, the longest of all (16.9 times α for N = 8), two
#            of the steps are never taken, and nothing undoes what the first repeats: an error grows 64-fold
#            in 8 epochs and 4.7-fold in 16, where the constant rate 2/(λmin + λmax) leaves 45% and 20%.
# Output:    for N = 8, 16 and 32 on a bowl with 96 curvatures from 0.05 to 1: the multipliers that are set,
#            how often the longest is among them, how many nodes are missing; and the largest factor of an
#            error at the end, beside those of the nodes each taken once and of the best constant rate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 pytorch-optimizer==4.1.0
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import torch
from pytorch_optimizer.lr_scheduler import get_chebyshev_schedule

CURVATURES = torch.linspace(0.05, 1.0, 96, dtype=torch.float64)
FOUND = {8: 63.9, 16: 4.72, 32: 0.00669}


def descended(epochs, rate, scheduled):
    """Return the rates of gradient descent on the bowl, and the largest factor of an error at its end."""
    errors = torch.nn.Parameter(torch.ones_like(CURVATURES))
    optimizer = torch.optim.SGD([errors], lr=rate)
    schedule = scheduled(optimizer)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        ((CURVATURES * errors**2).sum() / 2).backward()
        optimizer.step()
        schedule.step()
    return np.array(rates), float(errors.abs().max())


def in_turn(rates):
    """Return a schedule that takes these rates, one an epoch."""
    return lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda epoch: rates[min(epoch, len(rates) - 1)])


for epochs, found in FOUND.items():
    nodes = 1 / (0.525 - 0.475 * np.cos((np.arange(epochs) + 0.5) * np.pi / epochs))
    rates, factor = descended(epochs, 1.0, lambda o: get_chebyshev_schedule(o, epochs))
    longest = int(np.isclose(rates, nodes.max()).sum())
    missing = sum(not np.isclose(rates, node).any() for node in nodes)
    _, each_once = descended(epochs, 1.0, in_turn(nodes[::-1]))
    _, constant = descended(epochs, 2 / 1.05, in_turn([1.0]))
    print(f"N = {epochs:2}: {', '.join(f'{rate:.1f}' for rate in rates[:6])} …; the longest {longest} times, "
          f"{missing} missing; error times {factor:.3g}; each once {each_once:.2g}, constant {constant:.2g}")
    assert longest == 3 and missing == 2 and np.allclose(rates[:3], nodes.max())
    assert abs(factor / found - 1) < 0.01
    assert each_once <= 1.0001 / np.cosh(epochs * np.arccosh(21 / 19))
    assert abs(constant - (19 / 21) ** epochs) < 1e-12
print("the first step is taken three times, and two are left out")
PYTHON
