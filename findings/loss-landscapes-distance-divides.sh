#!/usr/bin/env bash
# Package:   loss-landscapes 3.0.6 (with PyTorch 2.13.0)
# Good guess: `distance`, documented as the maximum distance in parameter space from the start
#            point, makes the sampled plane larger: distance=2 reaches twice as far as distance=1.
# Behaviour: the directions are scaled by the norm of the parameters divided by `distance`:
#            distance=2 reaches half as far, and a unit of it is a length of ‖θ‖.
# Output:    reach along the first direction, in units of ‖θ‖, for distance 1, 2 and 4.
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


class Recorder(Metric):
    """Keeps every parameter vector at which the loss is asked for."""

    def __init__(self):
        super().__init__()
        self.points = []

    def __call__(self, wrapper):
        theta = torch.cat([p.flatten() for m in wrapper.get_modules() for p in m.parameters()])
        self.points.append(theta.detach().clone())
        return 0.0


reaches = {}
for distance in (1, 2, 4):
    torch.manual_seed(3)
    model = torch.nn.Linear(40, 1, bias=False).double()
    norm = float(model.weight.norm())
    recorder = Recorder()
    loss_landscapes.random_plane(
        model, recorder, distance=distance, steps=10, normalization=None, deepcopy_model=True
    )
    points = torch.stack(recorder.points)
    # From the first row to the last one, at the end of the row where both have a cell.
    reaches[distance] = float((points[10 * 8] - points[0]).norm()) / norm
    print(f"distance={distance}: 8 of 10 rows cover {reaches[distance]:.4f} times the norm")
assert abs(reaches[1] / reaches[2] - 2) < 1e-6 and abs(reaches[1] / reaches[4] - 4) < 1e-6
print("twice the distance covers half as much")
PYTHON
