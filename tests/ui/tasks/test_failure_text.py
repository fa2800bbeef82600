"""The window's words for what sentences call by options."""

import re

import pytest

from gdviz.ui.tasks.failure_text import in_the_window


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("if it looks wrong, --transpose exchanges them",
         "if it looks wrong, Transpose exchanges them"),
        ("what is drawn is f1; --metric chooses another: f2",
         "what is drawn is f1; the list of surfaces chooses another: f2"),
        ("--metric NAME says which one to draw",
         "gdviz open FILE --metric NAME says which one to draw"),
        ("open the surface first, and the trajectory with it: --trajectory '/a b/t.npy'",
         "open the surface first, and then this file"),
        ("--normalize none leaves them as they were drawn",
         "gdviz open FILE --normalize none leaves them as they were drawn"),
        ("--biases --normalize none displaces them, as --directions hessian does",
         "gdviz open FILE --biases --normalize none displaces them, as “Hessian, largest” in the "
         "list of directions does"),
        ("not the other (--filters)", "not the other (gdviz open FILE --filters)"),
    ],
)  # fmt: skip
def test_a_control_is_named_and_else_the_command(sentence: str, said: str) -> None:
    assert in_the_window(sentence) == said
    assert in_the_window(said) == said


def test_sampling_has_its_own() -> None:
    said = in_the_window("--resume goes on; --grid 33x17 has a place for them; --workers 2")
    assert said == "Resume goes on; a grid of 33 × 17 has a place for them; processes 2"
    assert not re.search("--", in_the_window("--refine: --scheduler needs Dask"))
