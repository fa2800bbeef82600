#!/usr/bin/env bash
# Package:   torch-lr-finder 0.2.2 (with PyTorch 2.13.0)
# Good guess: the learning rate that plot() suggests, where the loss falls most steeply, belongs to the model and
#            its data: num_iter says how finely the range is walked through, so that a test with more
#            iterations finds the same rate more exactly.
# Behaviour: the model is trained all the while, and the loss has fallen when the rates taken so far add up to
#            about 1/λ. Twice the iterations over the same range add up to that at half the rate. So the
#            suggestion falls with the number of iterations without end: from 50 to 1,600 of them it is a
#            hundredth, of one and the same model, data and range, and 0.4% of what descends.
# Output:    for least squares with curvatures 1 and 10 from w = (1, 1), the whole data in each batch, over the
#            package's range of 1e-7 to 10: the rate that is suggested after 50 to 1,600 iterations, in units
#            of 2/λmax, the largest that descends, with the package's smoothing of the losses and without.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6 \
  matplotlib==3.11.2 tqdm==4.67.1 packaging==26.4
"$folder/env/bin/pip" install --quiet --no-deps torch-lr-finder==0.2.2
export MPLBACKEND=Agg MPLCONFIGDIR="$folder" TQDM_DISABLE=1
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import contextlib
import io

import matplotlib.pyplot as plt
import torch
from torch.utils.data import DataLoader, TensorDataset
from torch_lr_finder import LRFinder

CURVATURES = torch.tensor([1.0, 10.0])
ITERATIONS = (50, 100, 200, 400, 800, 1600)


def suggested(iterations, smoothing):
    """Return the suggested learning rate over 2/λmax, on a bowl of these curvatures."""
    x = torch.diag(torch.sqrt(CURVATURES * len(CURVATURES) / 2))  # mean((x·w)²) = Σ λᵢ wᵢ²/2
    model = torch.nn.Linear(len(CURVATURES), 1, bias=False)
    torch.nn.init.ones_(model.weight)
    batches = DataLoader(TensorDataset(x, torch.zeros(len(x), 1)), batch_size=len(x))
    finder = LRFinder(
        model, torch.optim.SGD(model.parameters(), lr=1e-7), torch.nn.MSELoss(), device="cpu"
    )
    with contextlib.redirect_stdout(io.StringIO()):
        finder.range_test(batches, end_lr=10, num_iter=iterations, smooth_f=smoothing)
        _, rate = finder.plot(ax=plt.figure().gca())
    plt.close("all")
    return rate * float(CURVATURES.max()) / 2


for name, smoothing in (("smoothed", 0.05), ("as it is", 0.0)):
    rates = [suggested(iterations, smoothing) for iterations in ITERATIONS]
    print(f"loss {name}, suggestion over 2/λmax: "
          + ", ".join(f"{rate:.4f} after {n}" for n, rate in zip(ITERATIONS, rates)))
    assert all(later < 0.6 * earlier for earlier, later in zip(rates, rates[1:]))
    assert rates[0] > (90 if smoothing else 35) * rates[-1]
    assert 0.0025 < rates[-1] < 0.004
print("twice the iterations, half the rate")
PYTHON
