#!/usr/bin/env bash
# Package:   loss-landscape-anim 0.1.10 (with PyTorch 2.13.0, scikit-learn 1.7.2)
# Good guess: with two directions of one's own, a point of the trajectory is drawn where the surface shows
#            that point's loss; for a model with two parameters, whose plane is all of its space, exactly.
# Behaviour: a point's coordinates are its scalar products with the unit directions, while the surface is
#            made of sums of multiples of them. The two agree for orthogonal directions only: with others
#            the trajectory lies elsewhere than on the losses it had.
# Output:    L(w) = (w₁ − 2)² + 4(w₂ + 1)² along (1, 0) and (1, 1): for each point its loss, and what the
#            surface shows where the point is drawn; then the same with (1, 0) and (0, 1).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.3.5 scikit-learn==1.7.2 tqdm==4.67.1
"$folder/env/bin/pip" install --quiet --no-deps loss-landscape-anim==0.1.10
"$folder/env/bin/python" - <<'PYTHON'
import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import torch

# The package's module of surfaces alone: its others want packages for training that are not used here.
root = Path(importlib.util.find_spec("loss_landscape_anim").origin).parent
package = types.ModuleType("loss_landscape_anim")
package.__path__ = [str(root)]
sys.modules["loss_landscape_anim"] = package
from loss_landscape_anim.loss_landscape import DimReduction, LossGrid


class TwoParameters:
    """What the package asks of a model: weights from a flat vector, outputs, and their loss."""

    def init_from_flat_params(self, weights):
        self.weights = weights.double()

    def __call__(self, inputs):
        return inputs * (self.weights - torch.tensor([2.0, -1.0]))

    def loss_fn(self, outputs, _):
        return (outputs**2).sum()


def loss(w):
    return (w[0] - 2) ** 2 + 4 * (w[1] + 1) ** 2


PATH = [torch.tensor(w) for w in ([-1.0, 1.0], [0.5, -0.5], [1.5, -0.9], [1.9, -1.0])]


def shown(first, second):
    reduced = DimReduction(PATH, "custom", (np.array(first), np.array(second)), seed=0).reduce()
    grid = LossGrid(
        torch.stack(PATH), TwoParameters(), (torch.tensor([1.0, 2.0]), None), reduced["path_2d"],
        [torch.tensor(d) for d in reduced["reduced_dirs"]], tqdm_disable=True, save_grid=False,
    )
    xs, ys = grid.coords
    return [
        float(grid.loss_values_2d[np.abs(ys - y).argmin(), np.abs(xs - x).argmin()])
        for x, y in reduced["path_2d"]
    ]


true = [float(loss(w)) for w in PATH]
oblique, orthogonal = shown([1.0, 0.0], [1.0, 1.0]), shown([1.0, 0.0], [0.0, 1.0])
print("\nloss of each point:                         ", [round(v, 2) for v in true])
print("surface where it is drawn, (1, 0) and (1, 1):", [round(v, 2) for v in oblique])
print("surface where it is drawn, (1, 0) and (0, 1):", [round(v, 2) for v in orthogonal])
assert np.allclose(orthogonal, true, atol=0.6)  # the nearest cell of the grid
assert abs(oblique[-1] - true[-1]) < 1e-3  # the last point is where the surface was laid
assert abs(oblique[0] - true[0]) > 5.0
print("with oblique directions the first point is drawn on another loss than its own")
PYTHON
