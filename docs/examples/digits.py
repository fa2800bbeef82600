"""A small convolutional network that reads scikit-learn's digits, in PyTorch.

It is trained for a few seconds when it is opened: gdviz docs/examples/digits.py --directions pca.
PyTorch and scikit-learn have to be installed where gdviz is; nothing is downloaded.
"""

import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
torch.set_num_threads(1)  # so small a network is slower with more
digits = load_digits()
X = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16.0
Y = torch.tensor(digits.target)

model = nn.Sequential(
    nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(72, 32), nn.ReLU(), nn.Linear(32, 10),
)  # fmt: skip
checkpoints = []
optimizer = torch.optim.Adam(model.parameters(), 3e-3)
for _ in range(12):
    checkpoints.append({name: p.clone() for name, p in model.state_dict().items()})
    for rows in torch.randperm(len(X)).split(128):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(X[rows]), Y[rows]).backward()
        optimizer.step()
checkpoints.append({name: p.clone() for name, p in model.state_dict().items()})
model.eval()  # else batch normalisation, and dropout, would make it another function at each call


def loss():
    """Return the mean cross-entropy over 512 digits: one number, of the model as it is now."""
    return nn.functional.cross_entropy(model(X[:512]), Y[:512])


def trajectory():
    """Return the parameters before each epoch, and after the last."""
    return checkpoints
