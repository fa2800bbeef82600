"""What each name that a formula may hold is, for the list that completes it."""

from gdviz.base.format import number
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS, ROWS
from gdviz.engine.language.parser import NAMED_NUMBERS
from gdviz.experiment.experiment import Experiment


def known_names(experiment: Experiment) -> dict[str, tuple[str, bool]]:
    """Return, by name, what it is and whether it is a function; what is one's own comes first."""
    data = experiment.function.data_set
    names = {
        name: (f"constant, {number(value)}", False)
        for name, value in experiment.function.constants.items()
    }
    if data is not None:
        names |= dict.fromkeys(data.names, ("data column", False))
        names[ROWS] = ("number of rows", False)
    functions = {name: function.about for name, function in FUNCTIONS.items()}
    functions |= AGGREGATES if data else {}
    names |= {name: (functions[name], True) for name in sorted(functions)}
    names |= {name: (number(value), False) for name, value in NAMED_NUMBERS.items()}
    return names | dict.fromkeys(experiment.function.parameters, ("parameter", False))
