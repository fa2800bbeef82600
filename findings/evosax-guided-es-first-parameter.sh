#!/usr/bin/env bash
# Package:   evosax 0.3.2 (with JAX 0.10.2, Optax 0.2.8, Flax 0.12.8)
# Good guess: GuidedES asks along a surrogate gradient; where none is given "a zero gradient will be used", so
#            nothing guides it, and the search is isotropic: of a function with equal slopes its estimate has
#            equal components. As that of Open_ES it is a mean, which a larger population only steadies.
# Behaviour: the directions come from a QR factorisation of the gradients, and that of a zero column is
#            (1, 0, 0, …): half of the search is spent along whichever parameter comes first, whose
#            component is 1 + n times the others'. And the estimate is a sum over the population: of 64
#            points it is 16 times that of 4, and so is the step.
# Output:    of f(x) = x₁ + … + xₙ, whose gradient is 1 everywhere, the mean of 4,000 estimates: first component
#            and mean of the others, for n = 2 and 10 and populations of 4 and 64, with Open_ES beside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 scipy==1.17.1 optax==0.2.8 \
  flax==0.12.8 dotmap==1.3.30 matplotlib==3.11.2
"$folder/env/bin/pip" install --quiet --no-deps evosax==0.3.2
JAX_PLATFORMS=cpu "$folder/env/bin/python" -W ignore - <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np
import optax
from evosax.algorithms import GuidedES, Open_ES
from evosax.core.fitness_shaping import identity_fitness_shaping_fn

DRAWS = 4000


def mean_estimate(algorithm, n, population):
    """Return the mean of the first steps with learning rate 1, which are minus the estimates."""
    es = algorithm(
        population, jnp.zeros(n), optimizer=optax.sgd(1.0),
        fitness_shaping_fn=identity_fitness_shaping_fn,
    )
    start = es.init(jax.random.key(0), jnp.zeros(n), es.default_params)

    def estimate(key):
        points, state = es.ask(key, start, es.default_params)
        state, _ = es.tell(key, points, points.sum(axis=1), state, es.default_params)
        return -state.mean

    return np.mean(jax.vmap(estimate)(jax.random.split(jax.random.key(1), DRAWS)), axis=0)


for n in (2, 10):
    for population in (4, 64):
        guided, plain = (mean_estimate(es, n, population) for es in (GuidedES, Open_ES))
        print(f"n = {n:2}, population {population:2}: GuidedES {guided[0]:6.2f} and {guided[1:].mean():5.2f}, "
              f"Open_ES {plain[0]:.2f} and {plain[1:].mean():.2f}")
        assert np.allclose(plain, 1, atol=0.1)
        assert abs(guided[0] / guided[1:].mean() / (1 + n) - 1) < 0.1
        assert abs(guided[1:].mean() * n / (population / 4) - 1) < 0.1
print("the first parameter is preferred, and the estimate grows with the population")
PYTHON
