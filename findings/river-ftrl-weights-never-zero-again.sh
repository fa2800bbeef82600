#!/usr/bin/env bash
# Package:   river 0.26.1 (with NumPy 2.4.6 and SciPy 1.17.1)
# Good guess: FTRLProximal is Algorithm 1 of McMahan et al. (2013), to which it refers: after each gradient a
#            weight is exactly 0 where |z| ≤ λ₁, which is what the method is for, and else
#            −(z ∓ λ₁)/((β + √n)/α + λ₂).
# Behaviour: where |z| ≤ λ₁ the weight is left as it is. Once it has been anything but 0 it stays at the last value
#            it had outside, while z walks about inside. And each weight is computed before the gradient is
#            added, so it is that of one sample ago: the first gradient changes nothing.
# Output:    one weight after the gradients −8, 10, 0 and 0, of the package and of Algorithm 1; then for 1,000
#            features that mean nothing, whose gradients are ±1 at random, how many weights are not 0 after 400
#            of them, of how many |z| > λ₁, and how many Algorithm 1 keeps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet river==0.26.1 numpy==2.4.6 scipy==1.17.1
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import numpy as np
from river import optim

ALPHA, BETA, L2 = 0.1, 1.0, 0.0


def of_package(gradients, l1):
    """Return the weights after each row of gradients, and z at the end."""
    optimizer = optim.FTRLProximal(alpha=ALPHA, beta=BETA, l1=l1, l2=L2)
    features = range(gradients.shape[1])
    weights, path = dict.fromkeys(features, 0.0), []
    for row in gradients:
        optimizer.step(weights, dict(zip(features, map(float, row))))
        path.append([weights[i] for i in features])
    return np.array(path), np.array([optimizer.z[i] for i in features])


def algorithm_1(gradients, l1):
    """Return the same by Algorithm 1 of the paper."""
    z = n = w = np.zeros(gradients.shape[1])
    path = []
    for row in gradients:
        sigma = (np.sqrt(n + row**2) - np.sqrt(n)) / ALPHA
        z, n = z + row - sigma * w, n + row**2
        w = np.where(np.abs(z) <= l1, 0.0, -(z - np.sign(z) * l1) / ((BETA + np.sqrt(n)) / ALPHA + L2))
        path.append(w)
    return np.array(path), z


four = np.array([[-8.0], [10.0], [0.0], [0.0]])
found, z = of_package(four, l1=2.0)
right, _ = algorithm_1(four, l1=2.0)
print("one weight:   ", np.round(found[:, 0], 4), "with z =", np.round(z, 3))
print("Algorithm 1:  ", np.round(right[:, 0], 4))
assert np.allclose(right[:, 0], [1 / 15, 0, 0, 0])
assert np.allclose(found[:, 0], [0, 1 / 15, 1 / 15, 1 / 15]) and abs(z[0]) < 2

noise = np.random.default_rng(0).choice([-1.0, 1.0], size=(400, 1000))
found, z = of_package(noise, l1=30.0)
right, _ = algorithm_1(noise, l1=30.0)
kept, outside, paper = (int(np.sum(mask)) for mask in (found[-1] != 0, np.abs(z) > 30, right[-1] != 0))
print(f"of 1,000 features that mean nothing: {kept} weights are not 0, |z| > λ₁ holds for {outside}, "
      f"Algorithm 1 keeps {paper}")
assert np.array_equal(found[-1] != 0, (found != 0).any(axis=0))
assert kept > 1.5 * outside and kept > 1.5 * paper > 0
print("a weight that was anything is something ever after")
PYTHON
