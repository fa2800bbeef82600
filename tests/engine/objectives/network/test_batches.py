"""Many cells in a call: only where that is faster and agrees, and a model is left as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.network import batches
from gdviz.engine.objectives.network.batches import ONE_BY_ONE, Batch, choose, together
from gdviz.engine.objectives.network.jax_trees import JaxArrays
from tests.engine.objectives.network.two_layers import BOWL, module_of, slice_from

POINTS = [(0.1 * i, 1.0 - 0.2 * i) for i in range(8)]
ALL = [(a, b) for b in np.linspace(-0.5, 1.5, 4) for a in np.linspace(-1.0, 2.0, 7)]


@dataclass
class Fake:
    """What computes a + 2b, in seconds of its own: `each` cell alone, and `call` and `more` a call.

    A call gets `wrong` added to each loss.
    """

    each: float = 1.0e-3
    call: float = 0.9e-3
    more: float = 1.0e-5
    wrong: float = 0.0
    most: int = 1 << 30
    batched_by: str = "several"
    cell_bytes: int = 8
    eps: float = 2.0**-52
    now: float = 0.0
    calls: list[int] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def value(self, a: float, b: float) -> float:
        self.now += self.each
        return a + 2.0 * b

    def together(self, points: Any, size: int) -> Any:
        assert len(points) <= size
        if len(points) > self.most:
            raise ValueError("too many")
        self.calls.append(len(points))
        self.now += self.call + self.more * len(points)
        return np.array([a + 2.0 * b for a, b in points]) + self.wrong


@pytest.mark.parametrize(
    ("fake", "wanted"),
    [
        # 128 cells take 2.18 ms, as long as 2.2 alone.
        (Fake(), Batch("several", 128, 3)),
        (Fake(most=40), Batch("several", 32, 2)),
        (Fake(cell_bytes=1 << 22), Batch("several", 8, 2)),
        (Fake(more=0.5e-3), Batch("several", 8, 5)),  # 32 take 0.53 ms each, 8 0.61 ms
        (Fake(more=0.85e-3), ONE_BY_ONE),
        (Fake(wrong=1e-13), ONE_BY_ONE),
        (Fake(wrong=1e-13, eps=2.0**-23), Batch("several", 128, 3)),
        (Fake(most=3), ONE_BY_ONE),
        (Fake(each=0.06), ONE_BY_ONE),
        (Fake(batched_by=""), ONE_BY_ONE),
    ],
)
def test_a_call_gets_many_cells_where_that_is_faster_and_agrees(fake: Fake, wanted: Batch):
    points = [(a + 0.5, b) for a, b in POINTS]
    assert choose(fake, points, fake.clock) == wanted
    assert bool(wanted.note) == bool(wanted.by)


def test_points_without_a_loss_are_left_to_calls_of_their_own():
    class Raises(Fake):
        def value(self, a: float, b: float) -> float:
            raise ValueError("no loss here")

    fake = Raises()
    assert choose(fake, POINTS, fake.clock) == ONE_BY_ONE


def test_a_call_has_no_more_cells_than_it_may_and_few_are_left():
    fake = Fake()
    points = [(float(i), 0.0) for i in range(21)]
    values = together(fake, Batch("several", 8, 6), points)
    assert fake.calls == [8, 8]
    np.testing.assert_array_equal(values[:16], np.arange(16.0))
    assert np.isnan(values[16:]).all()
    fake.wrong = np.inf
    assert np.isnan(together(fake, Batch("several", 8, 2), points)).all()
    assert np.isnan(together(Fake(most=3), Batch("several", 8, 2), points)).all()


def test_numpy_has_nothing_that_computes_many():
    assert slice_from(BOWL).batched_by == ""


# -- PyTorch

PERCEPTRON = """
import torch
from torch import nn

torch.manual_seed(1)
X = torch.randn(20, 3, dtype=torch.float64)
Y = torch.sin(X.sum(dim=1, keepdim=True))
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()

def loss():
    return ((model(X) - Y) ** 2).mean()
"""
#: Things that cannot be computed for many, or are computed wrong.
NOT_TOGETHER = {
    "control flow": "def loss():\n    out = model(X).mean()\n"
    "    return out if out > 0 else -out\n",
    "item": "def loss():\n    return ((model(X) - Y) ** 2).mean().item()\n",
    "numpy": "def loss():\n    return float((model(X).detach().numpy() ** 2).mean())\n",
    "batch normalisation": "model.append(nn.BatchNorm1d(1).double())\n"
    "def loss():\n    return ((model(X) - Y) ** 2).mean()\n",
    "dropout": "model.append(nn.Dropout(0.5))\n"
    "def loss():\n    torch.manual_seed(0)\n    return ((model(X) - Y) ** 2).mean()\n",
    "other parameters": "kept = list(model.parameters())\n"
    "def loss():\n    return ((model(X) - Y) ** 2).mean() + sum((p ** 2).sum() for p in kept)\n",
}  # fmt: skip


@pytest.fixture
def torch() -> Iterator[Any]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(threads)


def bits(model: Any) -> list[Any]:
    """Return all that there is of a model, to the bit."""
    return [
        (name, tensor.requires_grad, tensor.data_ptr(), tensor.detach().numpy().tobytes())
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]
    ] + [(name, module.training) for name, module in model.named_modules()]


class Calls:
    """A clock by which each call of the loss takes as long, however many cells it gets."""

    def __init__(self) -> None:
        self.count = 0

    def tick(self) -> None:
        self.count += 1

    def clock(self) -> float:
        return self.count * 1e-4


@pytest.fixture
def calls() -> Calls:
    return Calls()


def one_by_one(found: Any) -> Any:
    return np.array([found.value(a, b) for a, b in ALL])


@pytest.mark.frameworks
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("biases", [False, True])
def test_losses_of_pytorch_agree_cell_by_cell(torch, calls, single, biases):
    text = PERCEPTRON.replace("torch.float64", "torch.float32").replace(".double()", "")
    found = slice_from(text if single else PERCEPTRON, calls.tick, biases=biases)
    batch = choose(found, ALL, calls.clock)
    assert (batch.by, batch.cells) == ("torch.func.vmap", 128)
    before = found.network.passes["losses"]
    losses = together(found, batch, ALL)
    assert found.network.passes["losses"] == before + len(ALL)
    assert batches.within_rounding(losses, one_by_one(found), found.eps)
    assert found.eps == np.finfo(np.float32 if single else float).eps


@pytest.mark.frameworks
@pytest.mark.parametrize("shared", ["model[4] = model[2]", "model[4].weight = model[2].weight"])
def test_weights_that_two_layers_share_are_displaced_in_both(torch, shared):
    module = module_of(
        PERCEPTRON.replace("nn.Linear(4, 1))", "nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))")
        + shared
    )
    before = bits(module.model)
    found = slice_of(module)
    losses = together(found, Batch("torch.func.vmap", 28), ALL)
    assert losses == pytest.approx(one_by_one(found), rel=1e-13)
    assert bits(module.model) == before


@pytest.mark.frameworks
@pytest.mark.parametrize("case", NOT_TOGETHER)
def test_what_agrees_only_one_by_one_is_computed_so(torch, calls, case):
    module = module_of(PERCEPTRON + NOT_TOGETHER[case])
    found = slice_of(module, calls.tick)
    before = bits(module.model)
    assert choose(found, ALL, calls.clock) == ONE_BY_ONE
    assert bits(module.model) == before


def slice_of(module: Any, tick: Callable[[], object] = bool) -> Any:
    from pathlib import Path

    from gdviz.engine.objectives.network import slices
    from gdviz.engine.objectives.network.settings import SliceSettings

    return slices.slice_of(module, Path("net.py"), SliceSettings(biases=True), tick)


@pytest.mark.frameworks
def test_buffers_and_modes_are_left_as_they_were(torch):
    module = module_of(PERCEPTRON + "\nmodel.append(nn.BatchNorm1d(1).double())\nmodel.eval()\n")
    before = bits(module.model)
    found = slice_of(module)
    losses = together(found, Batch("torch.func.vmap", 28), ALL)
    assert losses == pytest.approx(one_by_one(found), rel=1e-13)
    assert bits(module.model) == before


@pytest.mark.frameworks
def test_short_types_are_computed_one_by_one(torch):
    text = PERCEPTRON.replace("torch.float64", "torch.bfloat16").replace(".double()", ".bfloat16()")
    assert slice_from(text).batched_by == ""


# -- JAX

JAX = """
import jax, jax.numpy as jnp
import numpy as np

X = jnp.asarray(np.random.default_rng(0).standard_normal((20, 3)))
traced = []

def parameters():
    draw = np.random.default_rng(1).standard_normal
    return {"V": jnp.asarray(draw((3, 4))), "w": jnp.asarray(draw((4, 1)))}

def loss(p):
    traced.append(isinstance(p["V"], jax.core.Tracer))
    return jnp.mean((jnp.tanh(X @ p["V"]) @ p["w"]) ** 2)
"""


@pytest.mark.frameworks
def test_losses_of_jax_agree_cell_by_cell(calls):
    found = slice_from(JAX, calls.tick)
    batch = choose(found, ALL, calls.clock)
    assert (batch.by, batch.cells) == ("jax.vmap, compiled by jax.jit", 128)
    assert batches.within_rounding(together(found, batch, ALL), one_by_one(found), found.eps)


@pytest.mark.frameworks
def test_a_loss_of_jax_and_its_derivatives_are_compiled_once():
    module = module_of(JAX)
    found = slice_of(module)
    assert found.notes[-1].startswith("the loss is compiled by jax.jit, and agrees")
    plain = JaxArrays()
    forward, leaves = found.network.forward, found.leaves(0.3, -0.2)
    vectors = [[leaf * 0.5 for leaf in leaves]]
    for call in (
        lambda arrays: [arrays.value(forward, leaves)],
        lambda arrays: arrays.gradient(forward, leaves),
        lambda arrays: [arrays.slope(forward, leaves, vectors[0])],
        lambda arrays: arrays.curvature(forward, leaves, vectors)[0],
    ):
        call(found.network.arrays), call(found.network.arrays)
        module.traced.clear()
        ours = call(found.network.arrays)
        assert module.traced == []
        for one, other in zip(ours, call(plain), strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-7)


@pytest.mark.frameworks
@pytest.mark.parametrize(
    "way",
    ["    if p['V'][0, 0] > 100:\n        return 0.0\n", "    float(p['V'][0, 0])\n",
     "    np.asarray(p['V'])\n"],
)  # fmt: skip
def test_what_cannot_be_traced_is_computed_as_it_is(calls, way):
    found = slice_from(JAX.replace("def loss(p):\n", f"def loss(p):\n{way}"), calls.tick)
    assert not any("jax.jit" in note for note in found.notes)
    assert choose(found, ALL, calls.clock) == ONE_BY_ONE
    assert np.isfinite(one_by_one(found)).all()
