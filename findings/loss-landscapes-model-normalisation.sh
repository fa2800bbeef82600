#!/usr/bin/env bash
# Package:   loss-landscapes 3.0.6 (with PyTorch 2.13.0)
# Good guess: normalization="model" multiplies the whole direction by one number, ‖θ‖ over its own norm. As
#            random_line() then scales each direction to one length, it is the line of normalization=None
#            of the same seed.
# Behaviour: the direction's norm is taken again after each parameter has been multiplied. Where ‖θ‖ is the
#            smaller, as it is of networks, the first parameters are made small, and each that follows counts
#            for more: the last one is multiplied by ‖θ‖ over its norm alone. The line leads in another
#            direction, along which the last of six layers moves more than twice as far as the first.
# Output:    how far each of six equal layers moves, as a part of the first one's way, by normalisation, and
#            the cosine of both lines of one seed.
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

LAYERS, WIDTH = 6, 40


class Recorder(Metric):
    """Keeps every parameter vector at which the loss is asked for."""

    def __init__(self):
        super().__init__()
        self.points = []

    def __call__(self, wrapper):
        theta = torch.cat([p.flatten() for m in wrapper.get_modules() for p in m.parameters()])
        self.points.append(theta.detach().clone())
        return 0.0


torch.manual_seed(0)
layers = (torch.nn.Linear(WIDTH, WIDTH, bias=False).double() for _ in range(LAYERS))
model = torch.nn.Sequential(*layers)
lines = {}
for normalization in (None, "model"):
    torch.manual_seed(1)
    recorder = Recorder()
    loss_landscapes.random_line(
        model, recorder, distance=1, steps=2, normalization=normalization, deepcopy_model=True
    )
    lines[normalization] = recorder.points[1] - recorder.points[0]
parts = {n: line.reshape(LAYERS, -1).norm(dim=1) for n, line in lines.items()}
for normalization, part in parts.items():
    print(f"{normalization}: length {float(lines[normalization].norm()):.4f}, layers "
          + " ".join(f"{float(x):.2f}" for x in part / part[0]))
first, second = lines.values()
cosine = float(first @ second / (first.norm() * second.norm()))
print(f"cosine of the two lines: {cosine:.3f}")
assert abs(float(first.norm() / second.norm()) - 1) < 1e-9
assert float((parts[None] / parts[None][0] - 1).abs().max()) < 0.05
assert float(parts["model"][-1] / parts["model"][0]) > 2 and cosine < 0.97
print("normalised by the model, a direction is another one")
PYTHON
