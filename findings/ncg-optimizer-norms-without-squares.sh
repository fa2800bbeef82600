#!/usr/bin/env bash
# Package:   ncg-optimizer 0.2.2 (with PyTorch 2.13.0)
# Good guess: BASIC(method=…) has the usual β of nonlinear conjugate gradients. On a quadratic bowl with exact
#            line searches (line_search="None") they are all the same number, so each method is at the minimum of
#            two parameters after two steps; and a bowl times 100 is descended along the same points.
# Behaviour: of FR, PRP, CD and DY the squares are missing: β is ‖g‖/‖g₋₁‖ in place of ‖g‖²/‖g₋₁‖², or a norm
#            and a scalar product. None of them is at the minimum after two steps. Those of PRP, CD and DY
#            moreover change with the scale of f: PRP solves a hundredth of the bowl, and on a hundred times
#            the bowl it stays where its first step led; CD and DY do so on the hundredth, where DY comes to nan.
#            HS and LS, in which there is no norm, and LCG of the same package end after two steps.
# Output:    for f = s·(a² + ab + 10b²)/2 from (2, −1), f/s at first, after 2 steps and after 12, by method, for
#            s = 0.01, 1 and 100.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 ncg-optimizer==0.2.2
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import ncg_optimizer
import torch

STEPS, SCALES = 12, (0.01, 1.0, 100.0)
torch.set_default_dtype(torch.float64)


def losses(make, scale):
    p = torch.nn.Parameter(torch.tensor([2.0, -1.0]))
    optimizer, found = make([p]), []

    def closure():
        optimizer.zero_grad()
        loss = scale * (p[0] ** 2 + p[0] * p[1] + 10 * p[1] ** 2) / 2
        loss.backward(create_graph=True)
        found.append(loss.item() / scale)
        return loss

    for _ in range(STEPS + 1):
        optimizer.step(closure)
    return found


def basic(method):
    return lambda p: ncg_optimizer.BASIC(p, method=method, line_search="None", eps=1e-9)


after = {}
for method in ("FR", "PRP", "CD", "DY", "HS", "LS", "LCG"):
    make = basic(method) if method != "LCG" else lambda p: ncg_optimizer.LCG(p, eps=1e-9)
    for scale in SCALES:
        found = losses(make, scale)
        after[method, scale] = found[2], found[STEPS]
        print(f"{method:3} s = {scale:<4g}: {found[0]:.3g}, after 2 steps {found[2]:.2g}, "
              f"after {STEPS} {found[STEPS]:.2g}")
for scale in SCALES:
    assert all(after[method, scale][0] < 1e-20 for method in ("HS", "LS", "LCG"))
    assert all(after[method, scale][0] > 0.1 for method in ("FR", "PRP", "CD", "DY"))
assert after["PRP", 100.0][1] > 1.6 > 0.01 > after["PRP", 0.01][1]
assert not any(after[method, 0.01][1] < 1.6 for method in ("CD", "DY"))
assert abs(after["FR", 100.0][1] / after["FR", 0.01][1] - 1) < 1e-6
print("four of the six end after more steps than there are parameters, three by the scale of f")
PYTHON
