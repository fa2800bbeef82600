#!/usr/bin/env bash
# Package:   jax 0.10.2
# Good guess: jax.test_util.check_grads(f, args, order=1) compares the gradient that JAX computes with
#            differences of f, so it fails where a gradient is wrong, and where one is no number.
# Behaviour: both sides are projected onto one random direction before they are compared, and nan
#            counts as equal to nan. Where f has no value at one entry of a vector (sqrt of a negative
#            number), both projections are nan, and the check passes: for the entry whose gradient is
#            nan, and also for the others, whose gradient may have the wrong sign.
#            torch.autograd.gradcheck (PyTorch 2.13.0) fails in each of these cases.
# Output:    for a right gradient and for one of the wrong sign, at [1, 4] and at [1, 4, -1], the
#            gradient and what check_grads says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet jax==0.10.2 jaxlib==0.10.2
"$folder/env/bin/python" - 2>/dev/null <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np
from jax.test_util import check_grads


def total(x):
    return jnp.sum(jnp.sqrt(x))


@jax.custom_vjp
def reversed_sign(x):
    return total(x)


reversed_sign.defvjp(lambda x: (total(x), x), lambda x, g: (-g * 0.5 / jnp.sqrt(x),))


def verdict(f, x):
    try:
        check_grads(f, (x,), order=1, modes=("rev",))
    except AssertionError:
        return "fails"
    return "passes"


found = {}
for name, f in (("right", total), ("wrong sign", reversed_sign)):
    for point in ([1.0, 4.0], [1.0, 4.0, -1.0]):
        x = jnp.array(point)
        found[name, len(point)] = verdict(f, x)
        print(f"{name:10} at {point}: gradient {np.asarray(jax.grad(f)(x))}, check {found[name, len(point)]}")
assert found == {
    ("right", 2): "passes",
    ("right", 3): "passes",
    ("wrong sign", 2): "fails",
    ("wrong sign", 3): "passes",
}
print("one entry without a value hides that the gradient of all others has the wrong sign")
PYTHON
