#!/usr/bin/env bash
# Package:   pyhessian 0.1 (with PyTorch 2.13.0)
# Good guess: hessian(…).eigenvalues() returns the eigenvalue of the largest modulus, or runs to its
#            maxIter of 100 where it cannot; and trace() averages draws until their mean has settled.
# Behaviour: power iteration is stopped as soon as two Rayleigh quotients agree to a thousandth. Where λ
#            and −λ are both eigenvalues, as at the saddle of every product of two weights, the quotient
#            is the same number at each step, whatever the start: what is returned after two steps is
#            where a random vector happened to point, anything from −λ to λ, another one for each seed. And
#            where the mean of the draws is negative trace() ends at the second, whatever that is.
# Output:    of the loss of y = w₂·w₁·x at w = (0, 0), the Hessian's eigenvalues and what is returned for
#            six seeds; of a network near a maximum of its loss, the trace and how many draws were taken
#            of 100, beside those of the same with the other sign.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
"$folder/env/bin/pip" install --quiet --no-deps pyhessian==0.1
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import torch
from pyhessian import hessian

X = torch.linspace(-1, 1, 16).reshape(-1, 1)
Y = 2 * X


class Product(torch.nn.Module):
    """y = w₂·w₁·x, from zero."""

    def __init__(self):
        super().__init__()
        self.w1 = torch.nn.Parameter(torch.zeros(1))
        self.w2 = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.w2 * (self.w1 * x)


def loss(w):
    return ((w[1] * w[0] * X - Y) ** 2).mean()


exact = torch.linalg.eigvalsh(torch.func.hessian(loss)(torch.zeros(2))).tolist()
print("eigenvalues:", [round(v, 4) for v in exact])
returned = []
for seed in range(6):
    torch.manual_seed(seed)
    found, _ = hessian(Product(), torch.nn.functional.mse_loss, data=(X, Y), cuda=False).eigenvalues()
    returned.append(found[0])
print("returned as the largest, by seed:", [round(v, 4) for v in returned])
assert max(map(abs, returned)) < 0.99 * exact[1]
assert max(returned) - min(returned) > exact[1]


class Weights(torch.nn.Module):
    """Two coupled weights, whose loss is a quadratic with a diagonal of 1 and 2."""

    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([0.5, 0.5]))

    def forward(self, x):
        return x * (0.5 * self.w[0] ** 2 + self.w[1] ** 2 + 1.2 * self.w[0] * self.w[1])


for sign in (1.0, -1.0):
    counts, means = [], []
    for seed in range(20):
        torch.manual_seed(seed)
        of = hessian(Weights(), lambda out, _: out.sum(), data=(torch.tensor([sign]), X), cuda=False)
        draws = of.trace()
        counts.append(len(draws))
        means.append(sum(draws) / len(draws))
    print(f"trace {3 * sign:+.0f}: draws from {min(counts)} to {max(counts)}, their means from "
          f"{min(means):.2f} to {max(means):.2f}")
    assert (max(counts) == 2) == (sign < 0)
PYTHON
