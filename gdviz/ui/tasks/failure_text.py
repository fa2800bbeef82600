"""What went wrong in a worker, in a sentence."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from gdviz.base.input_error import InputError

#: By what a sentence has for the command line, as a regular expression, what the window says.
_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        r"and the trajectory with it: --trajectory .*": "and then this file",
        r"--directions hessian": "“Hessian, largest” in the list of directions",
        r"--grid (\d+)x(\d+)": r"a grid of \1 × \2",
        r"--loss-seed 0": "a seed of the loss",
        r"--metric chooses": "the list of surfaces chooses",
        r"--refine": "Refine",
        r"--resume": "Resume",
        r"--scheduler": "a scheduler",
        r"--transpose": "Transpose",
        r"--workers": "processes",
        r"-o with another name": "another file",
        # Of these there is no control, or none before the file is open.
        r"(?<!FILE )(?<!open )(?<!biases )--"
        r"(?=biases|checkpoints|filters|metric|normalize|range)": "gdviz open FILE --",
    }
)


def in_the_window(sentence: str) -> str:
    """Return a sentence with the window's names in place of options, where it has them."""
    for option, said in _OPTIONS.items():
        sentence = re.sub(option, said, sentence)
    return sentence


def failure(error: Exception, what: str = "The computation") -> str:
    """Return what the person is told: why something is refused, else that `what` failed."""
    is_refused = isinstance(error, InputError)
    text = in_the_window(str(error)) if is_refused else f"{what} failed: {error}"
    sentence = text if text.endswith((".", "?", "!", "…")) else f"{text}."
    return sentence if is_refused else f"{sentence} See Help ▸ Open Log."
