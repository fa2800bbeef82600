#!/usr/bin/env bash
# Package:   landscaper 1.3.1 (with PyTorch 2.13.0)
# Good guess: LossLandscape.coords lists the point of each cell in the order of loss.flat, the first
#            column along the first direction: loss.flat[k] was taken at coords[k], and
#            coords[loss.argmin()] is where the smallest loss of the plane lies.
# Behaviour: the losses are indexed [first direction, second direction], but the points come from
#            numpy.meshgrid with its default indexing, which runs over the first range fastest: the
#            columns of coords are exchanged, and every point off the diagonal has another one's
#            loss. Loading a saved landscape does the same.
# Output:    for a loss that depends on the first direction only, the correlation of loss.flat with
#            |coords[:, 0]| and with |coords[:, 1]| (guess: 1 and 0), from compute() and from a file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==1.26.4 landscaper==1.3.1
cd "$folder"
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import numpy as np
import torch
from landscaper import LossLandscape

torch.manual_seed(0)
np.random.seed(0)
model = torch.nn.Linear(50, 1, bias=False).double()
centre = model.weight.detach().clone()
raw = torch.linalg.qr(torch.randn(50, 2, dtype=torch.float64)).Q.T  # two orthogonal directions
directions = [[row.reshape(1, 50).clone()] for row in raw]


def loss(model, _data):
    """Grow with the distance from the centre along the first direction, and not along the second."""
    return 1.0 + abs(float((model.weight - centre).flatten() @ raw[0]))


made = LossLandscape.compute(
    model, None, directions, loss, steps=9, distance=0.5, dim=2, device="cpu"
)
made.save("plane.npz")
for what, plane in (("computed", made), ("loaded", LossLandscape.load_from_npz("plane.npz"))):
    first, second = (
        float(np.corrcoef(plane.loss.flat, np.abs(plane.coords[:, k]))[0, 1]) for k in (0, 1)
    )
    print(f"{what}: correlation with the first column {first:.2f}, with the second {second:.2f}")
    assert abs(first) < 0.05 and second > 0.9
print("the columns of coords are exchanged")
PYTHON
