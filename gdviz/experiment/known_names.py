"""What each name that a formula may hold is, for the list that completes it."""

from gdviz.base.format import number
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, ROWS
from gdviz.engine.language.parser import NAMED_NUMBERS, PARAMETERS
from gdviz.experiment.model import Experiment

_ABOUT = {
    "log": "natural logarithm",
    "log10": "logarithm to base 10",
    "sign": "−1, 0 or 1",
    "sigmoid": "1/(1 + exp(−t))",
    "softplus": "log(1 + exp(t))",
    "relu": "max(t, 0)",
    "step": "1 where t > 0, else 0",
    "heaviside": "the same, ½ where t = 0",
    "max": "the largest",
    "min": "the smallest",
    "sum": "over the rows of the data",
    "mean": "over the rows of the data",
    "sqrt": "square root",
}


def known_names(experiment: Experiment) -> dict[str, tuple[str, bool]]:
    """Return, by name, what it is and whether it is a function; what is one's own comes first."""
    data = experiment.data_set
    names = {
        name: (f"constant, {number(value)}", False)
        for name, value in experiment.constant_values.items()
    }
    if data is not None:
        names |= dict.fromkeys(data.names, ("data column", False))
        names[ROWS] = ("number of rows", False)
    functions = (*FUNCTIONS, *(AGGREGATES if data else ()))
    names |= {name: (_ABOUT.get(name, ""), True) for name in sorted(functions)}
    names |= {name: (number(value), False) for name, value in NAMED_NUMBERS.items()}
    return names | dict.fromkeys(PARAMETERS, ("parameter", False))
