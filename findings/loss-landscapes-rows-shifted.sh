#!/usr/bin/env bash
# Package:   loss-landscapes 3.0.6 (with PyTorch 2.13.0)
# Good guess: random_plane() evaluates the loss on a regular grid: cell [i, j] lies at
#            start + i·d1 + j·d2. With orthogonal directions, on L(θ) = ‖θ‖², neighbouring columns
#            then differ by the same amounts in every row.
# Behaviour: the plane is walked to and fro, and a row that is walked forwards takes its step before
#            each evaluation while one that is walked backwards ends where its first cell lies. Every
#            second row is shifted by one cell, so that a convex bowl looks corrugated, and a contour
#            plot of it shows ridges that are not there.
# Output:    step along d2 between cells 0 and 1 of the first four rows of a bowl, steps = 8:
#            two different numbers that alternate (exact grid: one number).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
"$folder/env/bin/pip" install --quiet --no-deps loss-landscapes==3.0.6
"$folder/env/bin/python" - <<'PYTHON'
import loss_landscapes
import numpy as np
import torch
from loss_landscapes.metrics.metric import Metric


class SquaredNorm(Metric):
    """L(θ) = ‖θ‖² of all parameters, in float64: convex, known in closed form."""

    def __call__(self, wrapper):
        return float(sum((p.detach() ** 2).sum() for m in wrapper.get_modules() for p in m.parameters()))


torch.manual_seed(1)
model = torch.nn.Linear(40, 1, bias=False).double()
plane = loss_landscapes.random_plane(
    model, SquaredNorm(), distance=1, steps=8, normalization=None, deepcopy_model=True
)
# d1 ⟂ d2: L(i, j+1) − L(i, j) does not depend on i on a regular grid.
steps = plane[:4, 1] - plane[:4, 0]
print("L[i, 1] - L[i, 0] in rows 0 to 3:", np.array2string(steps, precision=4))
curvature = plane[0, 2] - 2 * plane[0, 1] + plane[0, 0]  # 2‖d2‖², what one cell changes it by
print("change of that step by one cell:", f"{curvature:.4f}")
assert np.allclose(steps[0::2], steps[0]) and np.allclose(steps[1::2], steps[1])
assert np.isclose(steps[0] - steps[1], curvature), "rows 0 and 1 are one cell apart"
assert not np.isclose(steps[0], steps[1])
print("every second row is one cell off")
PYTHON
