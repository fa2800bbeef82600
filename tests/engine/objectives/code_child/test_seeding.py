"""Seeding before each call: the same numbers each time, and generators as they were found."""

import random
from types import ModuleType

import numpy as np
import pytest

from gdviz.engine.objectives.code_child.names import signature
from gdviz.engine.objectives.code_child.seeding import seed_calls
from tests.engine.objectives.network.two_layers import module_of

STOCHASTIC = """
import random
import numpy as np

OWN, OLD, THIRD = np.random.default_rng(5), np.random.RandomState(5), random.Random(5)

def loss(a, b):
    return a + b + np.array([random.random(), np.random.random(), OWN.random(), OLD.random(),
                             THIRD.random()])
"""


def test_each_call_draws_what_the_seed_says():
    module = module_of(STOCHASTIC)
    assert not np.array_equal(module.loss(0, 0), module.loss(0, 0))
    seed_calls(module, 7)
    wanted = [random.Random(7).random(), np.random.RandomState(7).random_sample(),
              np.random.default_rng(7).random(), np.random.RandomState(7).random_sample(),
              random.Random(7).random()]  # fmt: skip
    for _ in range(2):
        np.testing.assert_array_equal(module.loss(0, 0), wanted)
    assert signature("loss", module.loss) == "loss(a, b)"


def states(module: ModuleType) -> str:
    """Return the states of all generators, to the last number."""
    with np.printoptions(threshold=10_000):
        return repr((
            random.getstate(), np.random.get_bit_generator().state, module.OWN.bit_generator.state,
            module.OLD.get_state(), module.THIRD.getstate(),
        ))  # fmt: skip


def test_generators_are_left_as_they_were_found():
    module = module_of(STOCHASTIC)
    before = states(module)
    seed_calls(module, 7)
    module.loss(0, 0)
    assert states(module) == before


def test_they_are_put_back_where_the_loss_raises():
    before = random.getstate()
    module = module_of("import random\ndef loss(a, b):\n    return random.random() / 0\n")
    seed_calls(module, 3)
    with pytest.raises(ZeroDivisionError):
        module.loss(0, 0)
    assert random.getstate() == before


def test_a_loss_of_another_name_is_found():
    module = module_of("import random\ndef cost(a, b):\n    return random.random()\n")
    module.cost.__module__ = module.__name__
    seed_calls(module, 7)
    assert module.cost(0, 0) == module.cost(0, 0) == random.Random(7).random()


@pytest.mark.frameworks
def test_pytorchs_generators():
    import torch

    module = module_of(
        "import torch\nOWN = torch.Generator()\n"
        "def loss(a, b):\n    return torch.rand(2), torch.rand(2, generator=OWN)\n"
    )
    seed_calls(module, 7)
    before = torch.get_rng_state()
    wanted = torch.rand(2, generator=torch.Generator().manual_seed(7))
    for _ in range(2):
        assert all(torch.equal(found, wanted) for found in module.loss(0, 0))
    assert torch.equal(torch.get_rng_state(), before)
