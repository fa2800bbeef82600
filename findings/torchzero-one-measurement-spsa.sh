#!/usr/bin/env bash
# Package:   torchzero 0.4.4 (with PyTorch 2.13.0)
# Good guess: SPSA1 is Spall's one-measurement estimate f(θ + hΔ)/h · Δ⁻¹: noisy, but its mean over many
#            draws is the gradient, whatever the step h is.
# Behaviour: the perturbations are multiplied by h before they are multiplied by f/h, so the h cancels
#            and the estimate is f(θ + hΔ)·Δ. Its mean is h times the gradient: with the default h = 0.001
#            a thousandth of it, and half as much whenever h is halved.
# Output:    on f(θ) = 1 − 2θ₁ + θ₂ at the origin, whose gradient is (−2, 1): the mean of all four sign
#            patterns, exactly, for three h; and that of the two-measurement SPSA, which is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 scipy==1.17.1 torchzero==0.4.4
"$folder/env/bin/python" - <<'PYTHON'
import torch
import torchzero as tz

torch.set_default_dtype(torch.float64)
GRADIENT = torch.tensor([-2.0, 1.0])


def mean_of_estimates(estimate, h):
    """Return the mean estimate over the four sign patterns, each of which is drawn some time."""
    seen = {}
    for seed in range(200):
        theta = torch.nn.Parameter(torch.zeros(2))
        optimizer = tz.Optimizer([theta], estimate(h=h, seed=seed))
        at = []

        def closure(backward=True):
            at.append(theta.detach().clone())
            return 1.0 + GRADIENT @ theta

        optimizer.step(closure)
        moved = next(point for point in at if point.any())
        signs = tuple(moved.sign().tolist())
        if estimate is tz.m.SPSA:  # the two points of a pair come in either order, alike
            signs = tuple(s * signs[0] for s in signs)
        seen[signs] = -theta.detach()
    assert len(seen) == (2 if estimate is tz.m.SPSA else 4)
    return torch.stack(list(seen.values())).mean(0)


print("gradient:", GRADIENT.tolist())
for h in (1e-3, 0.5, 1.0):
    one, two = mean_of_estimates(tz.m.SPSA1, h), mean_of_estimates(tz.m.SPSA, h)
    print(f"h = {h}: mean of SPSA1 {[round(v, 9) for v in one.tolist()]}, "
          f"of SPSA {[round(v, 9) for v in two.tolist()]}")
    assert torch.allclose(one, h * GRADIENT, atol=1e-7)
    assert torch.allclose(two, GRADIENT, atol=1e-7)
print("the mean of SPSA1 is h times the gradient")
PYTHON
