#!/usr/bin/env bash
# Package:   pytorch-optimizer 4.1.0 (with PyTorch 2.13.0)
# Good guess: Ranger (RAdam with lookahead) goes downhill on a convex quadratic; as its RAdam does, it may
#            wait for some steps until the variance of its rates can be rectified.
# Behaviour: for as long as it cannot, the factor that means "do not step" is −1, and Ranger multiplies its
#            step by it: the first five steps go uphill, along the gradient. RAdam of the same package
#            stands still meanwhile, and Ranger of torch-optimizer 0.3.0 descends.
# Output:    f = (θ₁² + 7θ₂²)/2 from (1, −0.5) with α = 0.05 over the first five steps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 pytorch-optimizer==4.1.0 \
  torch-optimizer==0.3.0
"$folder/env/bin/python" - <<'PYTHON'
import warnings

import torch

warnings.simplefilter("ignore")
import pytorch_optimizer
import torch_optimizer


def losses(optimizer_class):
    theta = torch.nn.Parameter(torch.tensor([1.0, -0.5]))
    optimizer = optimizer_class([theta], lr=0.05)
    found = []
    for _ in range(6):
        optimizer.zero_grad()
        loss = (torch.tensor([1.0, 7.0]) * theta**2).sum() / 2
        loss.backward()
        found.append(round(loss.item(), 3))
        optimizer.step()
    return found


ranger, radam, other = map(
    losses, (pytorch_optimizer.Ranger, pytorch_optimizer.RAdam, torch_optimizer.Ranger)
)
print("pytorch-optimizer Ranger:", ranger)
print("pytorch-optimizer RAdam: ", radam)
print("torch-optimizer Ranger:  ", other)
assert all(later > earlier for earlier, later in zip(ranger, ranger[1:])) and ranger[-1] > 5.0
assert radam == [1.375] * 6
assert all(later < earlier for earlier, later in zip(other, other[1:]))
print("the first five steps climb")
PYTHON
