#!/usr/bin/env bash
# Package:   finitediffx 0.1.0 (with JAX 0.10.2)
# Good guess: hessian(values, step_size=…) of values on a grid has ∂²f/∂xᵢ∂xⱼ as its entry [i, j], with as many
#            parameters as the grid has axes; of a quadratic function it is exact, and its trace is what
#            laplacian() of the same package returns.
# Behaviour: the derivatives are kept under the sum of their two axes, and 0 + 2 is 1 + 1: with three axes the middle
#            entry of the diagonal is overwritten by ∂²f/∂x∂z. A bowl has an eigenvalue of 0, and a saddle may
#            pass for a minimum. With four axes ∂²f/∂x₀∂x₃ and ∂²f/∂x₁∂x₂ are one number besides. With two axes,
#            where its example is, all is right.
# Output:    at the centre of a grid of 9 points an axis: the matrix of x² + 2y² + 3z² and of x² − 2y² + 3z² + xz,
#            with the true one, the eigenvalues of both, and the trace beside the Laplacian.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet finitediffx==0.1.0 jax==0.10.2 numpy==2.4.6
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import itertools

import finitediffx
import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
axis = np.linspace(-1, 1, 9)
STEP, CENTRE = axis[1] - axis[0], 4


def at_centre(matrix):
    """Return the Hessian and the Laplacian of the package for f(p) = p·matrix·p/2, in the middle of the grid."""
    size = len(matrix)
    points = np.stack(np.meshgrid(*[axis] * size, indexing="ij"))
    values = jax.numpy.asarray(np.einsum("i...,ij,j...->...", points, matrix, points) / 2)
    steps = (STEP,) * size
    hessian = finitediffx.hessian(values, step_size=steps)
    laplacian = finitediffx.laplacian(values, step_size=steps)
    return np.array(hessian)[(..., *[CENTRE] * size)], float(laplacian[(CENTRE,) * size])


saddle = np.array([[2.0, 0, 1], [0, -4, 0], [1, 0, 6]])
for name, true in (("x² + 2y² + 3z²", np.diag([2.0, 4, 6])), ("x² − 2y² + 3z² + xz", saddle)):
    found, laplacian = at_centre(true)
    print(name)
    print("  found", found.round(6).tolist(), "eigenvalues", np.linalg.eigvalsh(found).round(3))
    print("  true ", true.tolist(), "eigenvalues", np.linalg.eigvalsh(true).round(3))
    print(f"  trace {np.trace(found):.6g}, Laplacian {laplacian:.6g}")
    expected = true.copy()
    expected[1, 1] = true[0, 2]
    assert np.allclose(found, expected) and abs(laplacian - np.trace(true)) < 1e-9
assert np.linalg.eigvalsh(saddle)[0] < 0 < np.linalg.eigvalsh(found)[0]
two = np.array([[2.0, 1], [1, -4]])
assert np.allclose(at_centre(two)[0], two)
pairs = [i + j for i, j in itertools.combinations_with_replacement(range(4), 2)]
print(f"of four axes {len(pairs)} derivatives are kept under {len(set(pairs))} numbers")
found, _ = at_centre(np.diag([2.0, 4, 6, 8]))
assert np.allclose(found, np.diag([2.0, 0, 0, 8]))
print("the middle of the diagonal is another entry")
PYTHON
