#!/usr/bin/env bash
# Package:   loss-landscapes 3.0.6 (with PyTorch 2.13.0)
# Good guess: random_line() leads from the model along a random direction of Li et al. 2018: in many
#            dimensions two of them are all but orthogonal, and half of all lines begin uphill of a loss that
#            is linear there.
# Behaviour: each component of the direction is drawn between 0 and 1, none is negative: any two lines have a
#            cosine of about 3/4, and a loss that grows with the parameters rises along every one. With
#            normalization="filter", which its documentation recommends, nothing is left of the draw in a
#            parameter of one axis (biases, batch normalisation): each of its components is |θ| itself, so
#            a model of such parameters has one random line.
# Output:    mean cosine of two lines, and how many of 20 rise, of L(θ) = Σθ over 1,000 parameters of one axis,
#            by normalisation; the cosine of Gaussian directions beside them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
"$folder/env/bin/pip" install --quiet --no-deps loss-landscapes==3.0.6
"$folder/env/bin/python" - <<'PYTHON'
import loss_landscapes
import torch
from loss_landscapes.metrics.metric import Metric

LINES = 20


class Sum(Metric):
    """The sum of all parameters, and the points at which it was asked for."""

    def __init__(self):
        super().__init__()
        self.points = []

    def __call__(self, wrapper):
        theta = torch.cat([p.flatten() for m in wrapper.get_modules() for p in m.parameters()])
        self.points.append(theta.detach().clone())
        return float(theta.sum())


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.theta = torch.nn.Parameter(torch.randn(1000, dtype=torch.float64))


def mean_cosine(directions):
    directions = directions / directions.norm(dim=1, keepdim=True)
    cosines = directions @ directions.T
    return float((cosines.sum() - LINES) / (LINES * (LINES - 1)))


torch.manual_seed(0)
model = Model()
found = {"Gaussian": mean_cosine(torch.randn(LINES, 1000, dtype=torch.float64))}
print(f"Gaussian: cosine {found['Gaussian']:.3f}")
for normalization in (None, "layer", "filter"):
    directions, rising = [], 0
    for _ in range(LINES):
        metric = Sum()
        losses = loss_landscapes.random_line(
            model, metric, distance=1, steps=5, normalization=normalization, deepcopy_model=True
        )
        directions.append(metric.points[1] - metric.points[0])
        rising += losses[-1] > losses[0]
    directions = torch.stack(directions)
    found[normalization] = mean_cosine(directions)
    print(f"{normalization}: cosine {found[normalization]:.4f}, {rising} of {LINES} lines rise, "
          f"least component {float(directions.min()):.1e}")
    assert rising == LINES and float(directions.min()) >= 0
assert abs(found["Gaussian"]) < 0.02
assert all(abs(found[n] - 0.75) < 0.01 for n in (None, "layer")) and found["filter"] > 1 - 1e-9
print("every random line leads into the same orthant")
PYTHON
