"""Networks of JAX: displaced and differentiated as plain code would."""

from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.code_child.defined_network import find_network
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.network_costs import peak_memory
from tests.engine.objectives.network.two_layers import module_of, slice_from

pytestmark = pytest.mark.frameworks

TWO_LAYERS = """
import jax
import jax.numpy as jnp

keys = jax.random.split(jax.random.key(0), 4)
X = jax.random.normal(keys[0], (20, 3))
Y = jnp.sin(X.sum(axis=1))

def parameters():
    return [
        {"w": jax.random.normal(keys[1], (3, 4)), "b": jax.random.normal(keys[2], (4,))},
        {"w": jax.random.normal(keys[3], (4, 1)), "b": jnp.zeros(1)},
    ]

def loss(p):
    hidden = jnp.tanh(X @ p[0]["w"] + p[0]["b"])
    return jnp.mean(((hidden @ p[1]["w"] + p[1]["b"])[:, 0] - Y) ** 2)
"""


def test_value_and_gradient_are_those_of_plain_code_to_the_last_bits():
    import jax

    found, plain = slice_from(TWO_LAYERS, biases=True), module_of(TWO_LAYERS)
    for a, b in ((0.0, 0.0), (0.3, -0.7)):
        nested = [
            [{name: axis[f"{i}.{name}"] for name in ("b", "w")} for i in (0, 1)]
            for axis in found.directions
        ]
        displaced = jax.tree.map(lambda p, d, e: p + a * d + b * e, plain.parameters(), *nested)  # noqa: B023
        value, slopes = jax.value_and_grad(plain.loss)(displaced)
        assert found.value(a, b) == pytest.approx(float(value), rel=4e-7)  # it is compiled
        for axis, slope in zip(nested, found.gradient(a, b), strict=True):
            products = jax.tree.map(
                lambda g, d: np.vdot(np.float64(g), np.float64(d)), slopes, axis
            )
            assert slope == pytest.approx(sum(jax.tree.leaves(products)), rel=1e-6)
    assert found.network.is_single
    assert found.network.autodiff == "jax.grad"


def test_second_derivatives_are_those_of_the_full_hessian():
    import jax.flatten_util

    found, plain = slice_from(TWO_LAYERS, directions="hessian"), module_of(TWO_LAYERS)
    flat, unflatten = jax.flatten_util.ravel_pytree(plain.parameters())
    full = np.asarray(jax.hessian(lambda x: plain.loss(unflatten(x)))(flat), np.float64)
    values = np.linalg.eigvalsh(full)[[-1, -2]]
    in_aa, in_ab, in_bb = found.hessian(0.0, 0.0)
    assert [in_aa, in_bb] == pytest.approx(values, rel=1e-4)
    assert in_ab == pytest.approx(0.0, abs=1e-3)


def test_parameters_of_numpy_become_those_of_a_loss_in_jax():
    text = TWO_LAYERS.replace("return [", "return jax.tree.map(__import__('numpy').asarray, [")
    text = text.replace("jnp.zeros(1)},\n    ]", "jnp.zeros(1)},\n    ])")
    found = slice_from(text)
    assert found.network.autodiff == "jax.grad"
    assert found.value(0.0, 0.0) == slice_from(TWO_LAYERS).value(0.0, 0.0)


def test_a_model_is_any_structure_whose_arrays_are_displaced():
    text = TWO_LAYERS + "\nmodel = (parameters(), jax.nn.relu, 3)\ndel parameters\nlayers = loss\n"
    text += "def loss(model):\n    return layers(model[0])\n"
    found = slice_from(text)
    assert found.network.size == 21
    assert found.value(0.0, 0.0) == slice_from(TWO_LAYERS).value(0.0, 0.0)
    with pytest.raises(CodeError, match=r"cannot see displaced parameters .*: write loss\(model\)"):
        slice_from(text + "def loss():\n    return 0.0\n")


def test_neurons_of_equinox_lie_along_the_first_axis():
    found = slice_from("""
import equinox as eqx, jax, jax.numpy as jnp
X = jax.random.normal(jax.random.key(0), (20, 3))
model = eqx.nn.MLP(3, 2, 4, 1, key=jax.random.key(1))

@eqx.filter_jit
def loss(model):
    return jnp.mean(jax.vmap(model)(X) ** 2)
""")
    assert found.network.size == 26
    name = next(iter(found.centre))
    norms = np.linalg.norm(found.centre[name], axis=1)
    assert found.centre[name].shape == (4, 3)
    assert np.linalg.norm(found.directions[0][name], axis=1) == pytest.approx(norms, rel=1e-5)
    slope = (found.value(0.1, 0.0) - found.value(-0.1, 0.0)) / 0.2
    assert found.gradient(0.0, 0.0)[0] == pytest.approx(slope, rel=0.1)


def test_a_loss_that_leaves_jax_has_differences_alone_and_the_reason():
    text = TWO_LAYERS.replace("return jnp.mean", "return float(jnp.mean").replace(
        "** 2)\n", "** 2))\n"
    )
    found = slice_from(text)
    assert found.network.no_gradient.startswith("jax.grad raises ConcretizationTypeError")
    assert np.isfinite(found.value(0.1, 0.2))


def integers() -> Any:
    return TWO_LAYERS + "\ndef parameters():\n    return [jnp.ones((2, 2), int)]\n"


def test_integers_are_refused():
    with pytest.raises(CodeError, match=r"the parameter 0 cannot be displaced: it holds int32"):
        slice_from(integers())


def test_the_slope_along_a_vector_is_the_gradients() -> None:
    network = slice_from(TWO_LAYERS).network
    draw = np.random.default_rng(0).standard_normal
    parts = [draw(leaf.shape) for leaf in network.centre]
    slopes = network.gradient(network.theta)
    expected = sum(float(np.vdot(g, u)) for g, u in zip(slopes, parts, strict=True))
    assert network.slope(network.theta, network.like(parts)) == pytest.approx(expected, rel=1e-4)


def test_memory_is_what_the_compiler_plans() -> None:
    """Of Σ exp(exp(θ)) nothing is kept but the sum; the gradient is as long as θ, in one pass."""
    text = """
    import jax.numpy as jnp

    def parameters():
        return [jnp.zeros(100_000)]

    def loss(p):
        return jnp.exp(jnp.exp(p[0])).sum()
    """
    network = find_network(module_of(text))
    assert network is not None
    memory = peak_memory(network)
    assert (memory.parameters, memory.why_not) == (400_000, "")
    assert memory.loss == pytest.approx(0, abs=2000)
    assert memory.gradient == pytest.approx(400_000, abs=2000)
    assert memory.differences == memory.loss + 400_000


def test_a_loss_that_is_not_compiled_has_no_plan() -> None:
    text = (
        TWO_LAYERS + "whole = loss\ndef loss(p):\n    return whole(p) + float(p[0]['b'][0] > 9)\n"
    )
    memory = peak_memory(slice_from(text).network)
    assert memory.why_not.startswith("jax.jit cannot compile the loss (")
