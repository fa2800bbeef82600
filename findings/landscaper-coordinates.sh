#!/usr/bin/env bash
# Package:   landscaper 1.3.1 (with PyTorch 2.13.0)
# Good guess: compute_loss_landscape() returns the losses and the coordinates at which they were
#            taken: coordinate c along a direction means θ* + c·‖θ*‖·(unit direction), and the outermost
#            cells lie at ±distance, as the returned numpy.linspace(-distance, distance, steps) says.
# Behaviour: a step between cells is distance·‖θ*‖/(steps/2) long, not 2·distance/(steps − 1): with
#            an odd number of steps every cell lies nearer to the centre than its coordinate says, by
#            the factor (steps − 1)/steps; with an even number the grid also has no cell at −c for each
#            cell at c, and θ* itself is drawn half a cell off the origin. The largest losses moreover
#            get random noise added before they are returned.
# Output:    place of the cells in units of ‖θ*‖ beside the coordinates that are returned for them, for
#            5 and for 4 steps; and how far the largest of the returned losses is from the loss there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==1.26.4 landscaper==1.3.1
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import numpy as np
import torch
from landscaper.compute import compute_loss_landscape


def sampled(steps):
    """Return coordinates, the places where the loss was taken, the losses there and those returned."""
    torch.manual_seed(0)
    np.random.seed(0)
    model = torch.nn.Linear(50, 1, bias=False).double()
    centre = model.weight.detach().clone()
    direction = [torch.randn_like(model.weight)]
    unit = direction[0] / direction[0].norm()
    places, losses = [], []

    def loss(model, _data):
        offset = (model.weight - centre).flatten()
        places.append(float(offset @ unit.flatten() / centre.norm()))
        losses.append(1.0 + places[-1] ** 2)
        return losses[-1]

    returned, (coordinates,) = compute_loss_landscape(
        model, None, direction, loss, steps=steps, distance=0.5, dim=1, device="cpu"
    )
    return coordinates, np.array(places), np.array(losses), returned


for steps in (5, 4):
    coordinates, places, losses, returned = sampled(steps)
    print(f"{steps} steps: coordinates", np.round(coordinates, 4), "taken at", np.round(places, 4))
    assert np.allclose(places, (np.arange(steps) - steps // 2) / steps)
    assert not np.allclose(coordinates, places, atol=0.05)
    changed = np.flatnonzero(returned != losses)
    print("  losses that were changed before they were returned:", len(changed))
    assert set(changed) == set(np.flatnonzero(losses == losses.max())) and len(changed)
print("the coordinates are not where the losses were taken")
PYTHON
