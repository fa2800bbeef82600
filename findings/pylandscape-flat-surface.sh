#!/usr/bin/env bash
# Package:   pylandscape 0.1.3 (with PyTorch 2.13.0 and PyHessian 0.1)
# Good guess: Surface.random_surface() displaces the model along two random directions and returns the
#            loss at each displacement: on a least-squares loss a paraboloid.
# Behaviour: the loop that displaces the parameters takes the two directions for the parameter and its
#            copy, and leaves the model where it is: every cell holds the loss at the centre, and the
#            surface is exactly flat, however far it reaches.
# Output:    smallest and largest loss of the surface, and what one displacement of that length does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
"$folder/env/bin/pip" install --quiet --no-deps pylandscape==0.1.3 PyHessian==0.1 matplotlib==3.10.7 \
  tqdm==4.67.1
"$folder/env/bin/python" - <<'PYTHON'
import importlib.util
import sys
import types
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

# The package's module of surfaces alone: its others want packages for tasks that are not used here.
root = Path(importlib.util.find_spec("pylandscape").origin).parent
package = types.ModuleType("pylandscape")
package.__path__ = [str(root)]
sys.modules["pylandscape"] = package
from pylandscape.surface import Surface

torch.manual_seed(0)
x = torch.randn(64, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]])
model, loss = torch.nn.Linear(3, 1), torch.nn.MSELoss()
surface = Surface(model, loss, DataLoader(TensorDataset(x, y), batch_size=64), torch.device("cpu"))
_, _, losses = surface.random_surface(lams=(-1.0, 1.0), steps=5)
print(f"surface from -1 to 1: smallest {losses.min():.6f}, largest {losses.max():.6f}")
with torch.no_grad():
    here = loss(model(x), y).item()
    model.weight += 1.0
    there = loss(model(x), y).item()
print(f"loss at the centre {here:.6f}, with every weight moved by 1: {there:.6f}")
assert np.ptp(losses) == 0.0 and abs(losses[0, 0] - here) < 1e-6
assert abs(there - here) > 0.1
print("the surface is exactly flat")
PYTHON
