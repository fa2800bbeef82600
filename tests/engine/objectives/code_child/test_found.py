"""Losses of two parameters that are written with PyTorch or JAX: what differentiates them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_process import CodeProcess, open_code
from gdviz.engine.objectives.code_ref import Facts

pytestmark = pytest.mark.frameworks
A, B = np.array([0.3, -1.2, 2.0]), np.array([0.2, 0.7, -0.4])
WAVES = "sin({0}) * {1} + {1}**2"
#: ∂f/∂a, ∂f/∂b, ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b² of that.
KNOWN = [np.cos(A) * B, np.sin(A) + 2 * B, -np.sin(A) * B, np.cos(A), np.full(3, 2.0)]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], tuple[CodeObjective, Facts]]]:
    processes: list[CodeProcess] = []

    def open_text(text: str) -> tuple[CodeObjective, Facts]:
        process = open_code(tmp_path / "model.py", text.encode())
        processes.append(process)
        return CodeObjective(process.code, process), process.facts

    yield open_text
    for process in processes:
        process.stop()


@pytest.mark.parametrize(
    ("text", "library", "rounding"),
    [
        ("import torch\ndef loss(a, b):\n    return torch." + WAVES.format("a", "b"),
         "PyTorch's autograd", 1e-14),
        ("import torch\ndef loss(t):\n    return torch." + WAVES.format("t[0]", "t[1]"),
         "PyTorch's autograd", 1e-14),
        ("import torch\ndef loss(a, b):\n    assert a.dim() == 0\n    return torch."
         + WAVES.format("a", "b"), "PyTorch's autograd", 1e-14),
        ("import jax.numpy as jnp\ndef loss(a, b):\n    return jnp." + WAVES.format("a", "b"),
         "jax.grad", 1e-6),
        ("import jax.numpy as jnp, jax\njax.config.update('jax_enable_x64', True)\n"
         "def loss(a, b):\n    return jnp." + WAVES.format("a", "b"), "jax.grad", 1e-14),
    ],
    ids=["tensors", "a vector", "point by point", "JAX", "JAX in float64"],
)  # fmt: skip
def test_a_loss_is_differentiated_by_its_own_library(opened, text, library, rounding):
    objective, facts = opened(text)
    assert facts.autodiff == library
    assert facts.is_single == (rounding == 1e-6)
    assert facts.takes_arrays == ("dim" not in text)
    assert objective.values(A, B) == pytest.approx(np.sin(A) * B + B**2, rel=rounding)
    found = [*objective.gradients(A, B), *objective.hessians(A, B)]
    for derivative, known in zip(found, KNOWN, strict=True):
        assert derivative == pytest.approx(known, rel=10 * rounding, abs=rounding)


def test_a_float32_loss_gets_float32_leaves(opened):
    text = "import torch\nW = torch.tensor([1.0, 2.0])\ndef loss(a, b):\n"
    objective, facts = opened(text + "    return ((torch.stack([a, b]) @ W) ** 2).sum()\n")
    assert (facts.is_single, facts.autodiff) == (True, "PyTorch's autograd")
    assert objective.gradient(1.0, 0.5) == (4.0, 8.0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("return (torch.sin(a) * b).item()", "cannot follow the loss back to its parameters"),
        ("return torch.sin(a.detach()) * b.detach()", "cannot follow the loss back"),
        ("return torch.tensor([float(a), float(b)]).sum()", "cannot follow the loss back"),
    ],
)
def test_a_loss_that_leaves_autograd_has_differences_alone_and_the_reason(opened, line, reason):
    objective, facts = opened(f"import torch\ndef loss(a, b):\n    {line}\n")
    assert not facts.autodiff
    assert reason in objective.no_gradient
    assert objective.no_gradient.startswith("model.py has no gradient: PyTorch's autograd ")
    assert objective.no_hessian


def test_a_gradient_of_ones_own_is_taken(opened):
    text = "import torch\ndef loss(a, b):\n    return torch.sin(a) * b\n"
    objective, facts = opened(text + "def gradient(a, b):\n    return 7.0 + 0 * a, 8.0 + 0 * b\n")
    assert (facts.autodiff, facts.gradient) == ("", "gradient(a, b)")
    assert objective.gradient(0.0, 0.0) == (7.0, 8.0)


def test_no_library_is_imported_that_the_file_does_not_import(opened):
    text = (
        "import sys\ndef loss(a, b):\n    names = {'torch', 'jax', 'keras'} & sys.modules.keys()\n"
    )
    objective, facts = opened(text + "    return a + b + len(names)\n")
    assert objective.value(1.0, 2.0) == 3.0
    assert not facts.no_gradient
