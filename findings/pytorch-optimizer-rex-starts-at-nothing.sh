#!/usr/bin/env bash
# Package:   pytorch-optimizer 4.1.0 (with PyTorch 2.13.0)
# Good guess: REXScheduler decays the learning rate from max_lr, at the first of total_steps, to min_lr: at step t of
#            T it is max_lr·(1 − t/T)/(1 − t/2T), as in the paper, and the first step is the longest.
# Behaviour: once max_lr is set, the scheduler sets the rate to min_lr, which is 0 unless one is given: the first
#            step does not move, and the rate at which the decay is to begin is never taken. A run of one step is
#            one of none, and in the first epoch of few, stepped once an epoch, nothing is learned.
# Output:    for T = 5 the rates at which the optimizer steps, beside those of the formula; and f = θ² from 1 after
#            each step, with max_lr = 0.25.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 pytorch-optimizer==4.1.0
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import torch
from pytorch_optimizer import REXScheduler

TOTAL, MOST = 5, 0.25
torch.set_default_dtype(torch.float64)
p = torch.nn.Parameter(torch.tensor(1.0))
optimizer = torch.optim.SGD([p], lr=MOST)
scheduler = REXScheduler(optimizer, total_steps=TOTAL, max_lr=MOST)
rates, losses = [], [1.0]
for _ in range(TOTAL):
    optimizer.zero_grad()
    (p**2).backward()
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
    losses.append(p.item() ** 2)
formula = [MOST * (1 - t / TOTAL) / (1 - t / TOTAL / 2) for t in range(TOTAL)]
print("rates taken:     ", ", ".join(f"{rate:.4g}" for rate in rates))
print("of the formula:  ", ", ".join(f"{rate:.4g}" for rate in formula))
print("f after the steps:", ", ".join(f"{loss:.4g}" for loss in losses))
assert rates[0] == 0.0 and losses[1] == losses[0] and max(rates) < MOST
assert all(abs(taken - meant) < 1e-12 for taken, meant in zip(rates[1:], formula[1:]))
PYTHON
