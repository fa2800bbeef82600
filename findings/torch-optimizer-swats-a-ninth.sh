#!/usr/bin/env bash
# Package:   torch-optimizer 0.3.0 (with PyTorch 2.13.0)
# Good guess: SWATS runs Adam till the learning rate Λ that SGD would need has settled, and goes on as SGD with
#            momentum at Λ, whose steps come to Λ times the gradient where that hardly changes.
# Behaviour: what the buffer of the momentum is scaled by for a step, 1 − β = 0.1, stays in the buffer. The
#            momentum is thereby 0.09 instead of 0.9, and the steps settle at Λ/9.1 times the gradient: after
#            the switch f falls by 0.025 in 3,712 steps, where SGD at Λ brings 0.15, while param_groups shows Λ.
# Output:    on Rosenbrock's function from (1, −0.5) with α = 0.01: the step at which the phase changes, the
#            steps 1, 2, 3 and 50 after it over Λ times the gradient, and f after 4,000 steps; then the same from
#            there with the buffer kept apart, as the paper has it, and the weight of a gradient that stays.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 torch-optimizer==0.3.0
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import torch
import torch_optimizer

STEPS, BETA, SHOWN = 4000, 0.9, (1, 2, 3, 50)
torch.set_default_dtype(torch.float64)


def f(p):
    return 100 * (p[1] - p[0] ** 2) ** 2 + (1 - p[0]) ** 2


p = torch.nn.Parameter(torch.tensor([1.0, -0.5]))
optimizer = torch_optimizer.SWATS([p], lr=0.01)
group = optimizer.param_groups[0]
switched, ratios, there = None, {}, None
for step in range(STEPS):
    optimizer.zero_grad()
    f(p).backward()
    gradient, before, is_sgd = p.grad.clone(), p.detach().clone(), group["phase"] == "SGD"
    optimizer.step()
    if is_sgd and step - switched in SHOWN:
        ratios[step - switched] = float(((before - p.detach()) / (group["lr"] * gradient))[0])
    if switched is None and group["phase"] == "SGD":
        switched, there, reached = step, p.detach().clone(), float(f(p))
ended = float(f(p))

p, buffer = torch.nn.Parameter(there.clone()), torch.zeros(2)
for step in range(switched + 1, STEPS):
    (gradient,) = torch.autograd.grad(f(p), p)
    buffer = BETA * buffer + gradient
    p.data -= group["lr"] * (1 - BETA) * buffer
kept = float(f(p))

print(f"switched at step {switched}, Λ = {group['lr']:.3g}, f = {reached:.3g}")
print("step over Λ times the gradient: "
      + ", ".join(f"{ratio:.3f} after {k}" for k, ratio in ratios.items()))
print(f"f after {STEPS} steps: {ended:.3g}; with the buffer kept apart: {kept:.3g}")
settled = (1 - BETA) / (1 - BETA * (1 - BETA))
print(f"where the gradient stays: {settled:.3f} of Λ, for 1 in the paper")
assert abs(ratios[1] - 0.1) < 1e-6 and abs(ratios[50] / settled - 1) < 0.01
assert all(ratio < 0.2 for ratio in ratios.values())
assert reached - kept > 5 * (reached - ended) > 0
print("the steps are a ninth of what they should be")
PYTHON
