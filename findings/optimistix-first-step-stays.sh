#!/usr/bin/env bash
# Package:   optimistix 0.1.0 (with JAX 0.10.2, Equinox 0.13.8 and Optax 0.2.8)
# Good guess: minimise(f, GradientDescent(learning_rate, …), y0, max_steps=n) updates n times, as its
#            OptaxMinimiser(optax.sgd(learning_rate), …) does and as a loop by hand would.
# Behaviour: the first step of GradientDescent, NonlinearCG and BFGS evaluates the start and stays
#            there, so n steps are n - 1 updates, of which stats["num_steps"] counts n; the point is
#            the last but one that was evaluated. With max_steps=1 the start comes back. Paths of the
#            two at the same number of steps are one update apart, and costs too.
# Output:    For n = 1, 2, 5, 20 steps on f = a² + 3b² from (2, -1) with α = 0.1: where each ends, how
#            many updates by hand lead there, and num_steps; and where one step of the others ends.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet \
  optimistix==0.1.0 jax==0.10.2 jaxlib==0.10.2 equinox==0.13.8 optax==0.2.8
JAX_PLATFORMS=cpu JAX_ENABLE_X64=1 "$folder/env/bin/python" - <<'PYTHON'
import jax.numpy as jnp
import numpy as np
import optax
import optimistix as optx

ALPHA, START, CURVATURES = 0.1, np.array([2.0, -1.0]), np.array([1.0, 3.0])


def by_hand(updates):
    return START * (1 - 2 * ALPHA * CURVATURES) ** updates


def updates_to(point):
    """Return after how many updates by hand a point is reached."""
    found = [n for n in range(40) if np.allclose(by_hand(n), point, rtol=1e-12, atol=0)]
    assert len(found) == 1
    return found[0]


SOLVERS = {
    "GradientDescent": (optx.GradientDescent(ALPHA, rtol=0, atol=0), 1),
    "OptaxMinimiser(sgd)": (optx.OptaxMinimiser(optax.sgd(ALPHA), rtol=0, atol=0), 0),
}
for steps in (1, 2, 5, 20):
    for name, (solver, late) in SOLVERS.items():
        solution = optx.minimise(
            lambda y, _: jnp.sum(jnp.asarray(CURVATURES) * y**2), solver, jnp.asarray(START),
            max_steps=steps, throw=False,
        )
        updates, counted = updates_to(solution.value), int(solution.stats["num_steps"])
        print(f"max_steps = {steps:2}  {name:20} {updates:2} updates, num_steps = {counted:2}, "
              f"at {np.asarray(solution.value).round(6).tolist()}")
        assert updates == steps - late and counted == steps
for solver in (optx.NonlinearCG(rtol=0, atol=0), optx.BFGS(rtol=0, atol=0)):
    solution = optx.minimise(
        lambda y, _: jnp.sum(jnp.asarray(CURVATURES) * y**2), solver, jnp.asarray(START),
        max_steps=1, throw=False,
    )
    print(f"max_steps =  1  {type(solver).__name__:20} at {np.asarray(solution.value).tolist()}")
    assert np.array_equal(solution.value, START)
PYTHON
