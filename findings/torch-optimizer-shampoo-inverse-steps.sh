#!/usr/bin/env bash
# Package:   torch-optimizer 0.3.0 (with PyTorch 2.13.0)
# Good guess: Shampoo of a vector is Adagrad with the full matrix: it divides by the root of the summed squares,
#            so its first step is α long whatever the gradient is, and f times 100 is descended as f is.
# Behaviour: the preconditioner of a tensor of k axes gets the power −1/k, where the paper has −1/(2k): a vector's
#            gradient is divided by the summed squares themselves, and the smaller it is the longer is the
#            step, 50 α at a length of 0.01, down to where ε = 1e-4 takes over. So a hundredth of a bowl is
#            thrown up at its first step and solved thereafter; a hundred times the bowl goes nowhere.
# Output:    the first step over α for gradients of length 0.01 to 100; then s·(a² + 7b²)/2 from (1, −0.5) with
#            α = 0.1 after 1 and 200 steps, over s, for s = 0.01, 1 and 100; and Shampoo of pytorch-optimizer
#            4.1.0, which has the paper's power.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 torch-optimizer==0.3.0 \
  pytorch-optimizer==4.1.0
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import pytorch_optimizer
import torch
import torch_optimizer

ALPHA, STEPS = 0.1, 200
LENGTHS, SCALES = (0.01, 0.1, 1.0, 10.0, 100.0), (0.01, 1.0, 100.0)
torch.set_default_dtype(torch.float64)


def first_step(rule, length):
    """Return the length of the first step over α, of a function with a gradient of this length."""
    p = torch.nn.Parameter(torch.zeros(2))
    optimizer = rule([p], lr=ALPHA)
    (length * (0.6 * p[0] + 0.8 * p[1])).backward()
    optimizer.step()
    return float(p.detach().norm()) / ALPHA


def bowl(rule, scale):
    """Return the bowl over its scale after 1 and after 200 steps."""
    p = torch.nn.Parameter(torch.tensor([1.0, -0.5]))
    optimizer, values = rule([p], lr=ALPHA), []
    for _ in range(STEPS + 1):
        optimizer.zero_grad()
        loss = scale * (p[0] ** 2 + 7 * p[1] ** 2) / 2
        loss.backward()
        values.append(loss.item() / scale)
        optimizer.step()
    return values[1], values[STEPS]


for name, package in (("torch-optimizer", torch_optimizer), ("pytorch-optimizer", pytorch_optimizer)):
    steps = [first_step(package.Shampoo, length) for length in LENGTHS]
    bowls = [bowl(package.Shampoo, scale) for scale in SCALES]
    print(f"{name}: first step over α " + ", ".join(f"{step:.3g}" for step in steps))
    print(f"{name}: bowl after 1 and {STEPS} steps " + "; ".join(f"{a:.3g}, {b:.2g}" for a, b in bowls))
    if package is torch_optimizer:
        assert all(abs(s * (1e-4 + g * g) / g - 1) < 1e-6 for s, g in zip(steps, LENGTHS))
        assert bowls[0][0] > 10 and bowls[0][1] < 1e-20 and min(bowls[1][1], bowls[2][1]) > 3
    else:
        assert all(0.7 < step < 1.0001 for step in steps)
        assert max(last for _, last in bowls) < 1e-7
print("the smaller the gradient, the longer the step")
PYTHON
