"""A gradient that is not that of the loss: it is noticed, and a right one is not blamed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_process import open_code
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE
from gdviz.files.python_gradient_check import gradient_notes


@pytest.fixture
def notes(tmp_path: Path) -> Callable[[str, str], tuple[str, ...]]:
    def notes(loss: str, gradient: str) -> tuple[str, ...]:
        text = (
            f"import numpy as np\n\n\ndef loss(a, b):\n    return {loss}\n\n\n"
            f"def gradient(a, b):\n    return {gradient}\n"
        )
        process = open_code(tmp_path / "mine.py", text.encode())
        found = gradient_notes(CodeObjective(process.code, process), DEFAULT_RANGE)
        assert process.calls == 3  # f, ∇f, and f again, for ∇f is undefined where f is
        return found

    return notes


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        ("a**2 + 3 * b**2", "2 * a, 6 * b"),
        ("(1 - a)**2 + 100 * (b - a**2)**2",
         "-2 * (1 - a) - 400 * a * (b - a**2), 200 * (b - a**2)"),
        ("abs(a) + abs(b)", "np.sign(a), np.sign(b)"),
        ("np.exp(5 * a)", "5 * np.exp(5 * a), 0 * b"),
        ("np.log(a) + b", "1 / a, 1 + 0 * b"),
        ("np.sin(900 * a) + b", "900 * np.cos(900 * a), 1 + 0 * b"),  # too fast to be seen
        ("np.float32(1e6) + a.astype('f4')**2 + b.astype('f4')**2", "2 * a, 2 * b"),
        ("a**2 + b**2 + 0.01 * np.random.default_rng().normal(size=a.shape)", "2 * a, 2 * b"),
    ],
)  # fmt: skip
def test_a_right_gradient_is_not_spoken_of(
    notes: Callable[..., tuple[str, ...]], loss: str, gradient: str
) -> None:
    assert notes(loss, gradient) == ()


def test_a_wrong_gradient_is_told_with_its_place(notes: Callable[..., tuple[str, ...]]) -> None:
    assert notes("a**2 + 3 * b**2", "2 * a, 3 * b") == (
        "gradient(a, b) of mine.py does not match loss(a, b): at (−0.9, 3.8) it gives "
        "(−1.8, 11.4), where central differences give (−1.8, 22.8)",
    )


@pytest.mark.parametrize("gradient", ["-2 * a, -6 * b", "2 * a, 6.1 * b", "6 * b, 2 * a"])
def test_signs_factors_and_order_are_noticed(
    notes: Callable[..., tuple[str, ...]], gradient: str
) -> None:
    assert len(notes("a**2 + 3 * b**2", gradient)) == 1


def test_a_loss_that_raises_there_is_left_to_the_picture(tmp_path: Path) -> None:
    loss = "def loss(a, b):\n    if (a > 1.5).any():\n        raise KeyError\n    return a\n"
    text = f"{loss}\n\ndef gradient(a, b):\n    return b, a\n"
    process = open_code(tmp_path / "mine.py", text.encode())
    objective = CodeObjective(process.code, process)
    assert gradient_notes(objective, DEFAULT_RANGE) == ()
