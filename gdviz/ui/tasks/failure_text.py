"""What went wrong in a worker, in a sentence."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from gdviz.base.input_error import InputError

#: How the window calls what sentences call by an option of the command line.
_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "--loss-seed 0": "a seed of the loss",
        "--resume": "Resume",
        "--refine": "Refine",
        "-o with another name": "another file",
        "--scheduler": "a scheduler",
        "--workers": "processes",
    }
)
_GRID = re.compile(r"--grid (\d+)x(\d+)")


def in_the_window(sentence: str) -> str:
    """Return a sentence with the window's names in place of options, where it has them."""
    for option, said in _OPTIONS.items():
        sentence = sentence.replace(option, said)
    return _GRID.sub(r"a grid of \1 × \2", sentence)


def failure(error: Exception, what: str = "The computation") -> str:
    """Return what the person is told: why something is refused, else that `what` failed."""
    is_refused = isinstance(error, InputError)
    text = in_the_window(str(error)) if is_refused else f"{what} failed: {error}"
    sentence = text if text.endswith((".", "?", "!", "…")) else f"{text}."
    return sentence if is_refused else f"{sentence} See Help ▸ Open Log."
