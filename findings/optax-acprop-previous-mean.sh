#!/usr/bin/env bash
# Package:   optax 0.2.8 (with JAX 0.10.2)
# Good guess: contrib.acprop steps by α·g/√ŝ, where s averages (g − m)² and m is the mean with this gradient in it,
#            as the formula of its documentation and the paper (Zhuang et al. 2021) have it, and as adabelief of
#            the same package does since its own fault of this kind was mended (pull request 1130).
# Behaviour: the mean is the one from before the gradient. As g − mₜ is β₁·(g − mₜ₋₁), every step but the first is
#            β₁ times as long as it should be: a tenth too short by default, half as long at β₁ = 0.5, a tenth as
#            long at 0.1. β₁, which says how fast the mean follows, scales the learning rate.
# Output:    for 300 gradients, drawn from a normal distribution with mean 1, and β₁ = 0.9, 0.5 and 0.1: the first
#            and all other steps over those of the formula, of acprop; and all steps of adabelief over its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet optax==0.2.8 jax==0.10.2 numpy==2.4.6
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import jax
import numpy as np
import optax
import optax.contrib

jax.config.update("jax_enable_x64", True)
BETA2 = 0.999
gradients = np.random.default_rng(0).normal(1.0, 1.0, 300)


def of_package(optimizer):
    """Return the steps along these gradients at a learning rate of 1."""
    parameter, steps = jax.numpy.zeros(1), []
    state, update = optimizer.init(parameter), jax.jit(optimizer.update)
    for gradient in gradients:
        step, state = update(jax.numpy.array([gradient]), state, parameter)
        steps.append(float(step[0]))
    return np.array(steps)


def by_formula(beta1):
    """Return the steps of ACProp and of AdaBelief, as the documentation of both says."""
    m = s = 0.0
    acprop, adabelief = [], []
    for t, gradient in enumerate(gradients, 1):
        # ACProp divides by what was known before this gradient, and at first by 1.
        acprop.append(-gradient / (np.sqrt(s / (1 - BETA2 ** (t - 1))) if t > 1 else 1.0))
        m = beta1 * m + (1 - beta1) * gradient
        s = BETA2 * s + (1 - BETA2) * (gradient - m) ** 2
        adabelief.append(-(m / (1 - beta1**t)) / np.sqrt(s / (1 - BETA2**t)))
    return np.array(acprop), np.array(adabelief)


for beta1 in (0.9, 0.5, 0.1):
    acprop, adabelief = by_formula(beta1)
    ratios = of_package(optax.contrib.acprop(1.0, b1=beta1, b2=BETA2)) / acprop
    sister = of_package(optax.adabelief(1.0, b1=beta1, b2=BETA2)) / adabelief
    print(f"β₁ = {beta1}: acprop {ratios[0]:.6f}, then {ratios[1:].min():.6f} to {ratios[1:].max():.6f}; "
          f"adabelief {sister.min():.6f} to {sister.max():.6f}")
    assert abs(ratios[0] - 1) < 1e-9 and np.allclose(ratios[1:], beta1, rtol=1e-6)
    assert np.allclose(sister, 1, rtol=1e-6)
print("the steps are multiplied by β₁")
PYTHON
