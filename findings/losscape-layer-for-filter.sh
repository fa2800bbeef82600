#!/usr/bin/env bash
# Package:   losscape 1.5.10 (with PyTorch 2.13.0)
# Good guess: its random directions, "normalized according to" Li et al. 2018, are filter-normalised: each
#            filter of a direction has the norm of the same filter of the weights.
# Behaviour: the norm is taken over the whole weight tensor, so the directions are normalised by layer: a
#            filter's perturbation has the same size whether the filter is large or almost zero.
# Output:    for a convolution whose four filters have the norms 8, 4, 2 and 0.01, norm of a direction's
#            filter over that of the weights' filter: 1 four times if filters were normalised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
"$folder/env/bin/pip" install --quiet --no-deps losscape==1.5.10
"$folder/env/bin/python" - <<'PYTHON'
import torch
from losscape.create_directions import create_random_direction

torch.manual_seed(0)
model = torch.nn.Conv2d(3, 4, 5, bias=False)
with torch.no_grad():
    for weights, norm in zip(model.weight, (8.0, 4.0, 2.0, 0.01)):
        weights.mul_(norm / weights.norm())
(direction,) = create_random_direction(model)
ratios = [(d.norm() / w.norm()).item() for d, w in zip(direction, model.weight)]
layer = (direction.norm() / model.weight.norm()).item()
print("by filter:", [round(ratio, 2) for ratio in ratios])
print(f"by layer: {layer:.6f}")
assert abs(layer - 1.0) < 1e-5
assert ratios[0] < 0.7 and ratios[2] > 1.5 and ratios[3] > 300.0
print("the directions are normalised by layer, not by filter")
PYTHON
