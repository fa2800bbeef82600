#!/usr/bin/env bash
# Package:   orqviz 0.2.0 (with NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1 and Matplotlib 3.11.2)
# Good guess: get_Hessian(params, loss) is the matrix of second derivatives, by differences: exact up to rounding of
#            a quadratic loss, whatever their step is, and what get_Hessian_SPSA_approx of the same package
#            has as its mean. Its eigenvalues tell minima from saddles.
# Behaviour: each entry is added together with its transpose, the diagonal's with themselves: these are twice what
#            they should be, the others are right. It is no multiple of the Hessian, so the eigenvectors turn, and
#            a saddle may pass for a minimum. The mean of the SPSA estimates is the Hessian.
# Output:    of a² + 3ab + b² at (0, 0), a saddle, the matrix and its eigenvalues, by hand and as returned; of
#            a² + ab + 3b² the angle of the eigenvector of the smallest; and the mean of 4,000 SPSA estimates.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet orqviz==0.2.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
from orqviz.hessians import get_Hessian, get_Hessian_SPSA_approx


def quadratic(matrix):
    return lambda x: float(x @ matrix @ x) / 2


def angle(vector):
    return np.degrees(np.arctan2(vector[1], vector[0])) % 180


saddle, bowl = np.array([[2.0, 3.0], [3.0, 2.0]]), np.array([[2.0, 1.0], [1.0, 6.0]])
found = get_Hessian(np.zeros(2), quadratic(saddle))
print(f"a² + 3ab + b²: by hand {saddle.tolist()} with eigenvalues {np.linalg.eigvalsh(saddle).round(6)}")
print(f"  returned {found.hessian_matrix.round(6).tolist()} with eigenvalues {found.eigenvalues.round(6)}")
assert np.allclose(found.hessian_matrix, saddle + np.diag(np.diag(saddle)), atol=1e-8)
assert np.linalg.eigvalsh(saddle).min() < 0 < found.eigenvalues.min()

turned = get_Hessian(np.zeros(2), quadratic(bowl))
right = angle(np.linalg.eigh(bowl)[1][:, 0])
print(f"a² + ab + 3b²: the flattest direction is at {right:.1f}°, returned at {angle(turned.eigenvectors[0]):.1f}°")
assert abs(right - angle(turned.eigenvectors[0])) > 5

np.random.seed(0)
mean = get_Hessian_SPSA_approx(np.zeros(2), quadratic(saddle), n_reps=4000).hessian_matrix
print(f"mean of the SPSA estimates: {mean.round(1).tolist()}")
assert np.abs(mean - saddle).max() < 0.5
PYTHON
