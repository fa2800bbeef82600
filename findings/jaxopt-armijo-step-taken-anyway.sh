#!/usr/bin/env bash
# Package:   jaxopt 0.8.5 (with JAX 0.10.2)
# Good guess: ArmijoSGD searches along −∇f until Armijo's condition holds, so a step on a smooth
#            function without noise never raises f, whatever its curvature.
# Behaviour: the search shortens the step by 0.8 at most 15 times, first from 1 to 0.035, and the last
#            trial is taken whether it meets the condition or not. So a bowl with curvatures 100 and 300
#            climbs from 350 to 14,960 before it descends (the next search begins where the last one
#            ended), and Rosenbrock's function climbs from 24.2 at (−1.2, 1) to 134,583 and beyond all
#            bounds. Nothing in the state says so, and how many trials there are is no argument.
# Output:    For both, step by step: f before and after, the step size, and what Armijo's condition
#            allows; then how far GradientDescent of the same package comes in as many steps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet jaxopt==0.8.5 jax==0.10.2 jaxlib==0.10.2 scipy==1.17.1 numpy==2.4.6
JAX_PLATFORMS=cpu JAX_ENABLE_X64=1 "$folder/env/bin/python" -W ignore - <<'PYTHON'
import jax
import jax.numpy as jnp
import jaxopt

STEPS = 5
FUNCTIONS = {
    "Rosenbrock": (lambda y: 100 * (y[1] - y[0] ** 2) ** 2 + (1 - y[0]) ** 2, [-1.2, 1.0]),
    "50a² + 150b²": (lambda y: 50 * y[0] ** 2 + 150 * y[1] ** 2, [2.0, -1.0]),
}
for name, (f, start) in FUNCTIONS.items():
    solver, point = jaxopt.ArmijoSGD(f), jnp.array(start)
    first, state = float(f(point)), solver.init_state(point)
    for step in range(STEPS):
        before, squared = float(f(point)), float(jnp.sum(jax.grad(f)(point) ** 2))
        point, state = solver.update(point, state)
        after, size = float(f(point)), float(state.stepsize)
        allowed = before - (1 - solver.aggressiveness) * size * squared
        print(f"{name}, step {step + 1}: f {before:.4g} -> {after:.4g}, step size {size:.2g}; "
              f"Armijo allows {allowed:.4g}")
        if step == 0:
            assert after > before > allowed
            assert abs(size - 0.8**15) < 1e-12
    climbs_on = name == "Rosenbrock"
    assert (after > 1e100) == climbs_on and (after < first) != climbs_on
    plain = jaxopt.GradientDescent(f, maxiter=STEPS, tol=0, acceleration=False)
    reached = float(f(plain.run(jnp.array(start)).params))
    print(f"{name}, GradientDescent after {STEPS}: f = {reached:.4g}")
    assert reached < first
PYTHON
