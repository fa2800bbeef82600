"""Data in raw units: how ill-conditioned its least squares are, and columns standardised."""

import dataclasses
import math

from gdviz.base.format import number
from gdviz.engine.analysis.start.quadratic import ILL_CONDITIONED, quadratic
from gdviz.engine.descent.loop import VANISHED
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.first_seen import with_first_view
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.validation import ExperimentError

#: Means and deviations this close to 0 and 1 are these, but for rounding.
_ROUNDING = 1e-9
#: A slope is faint up to so many times what counts as zero.
_FAINT = 1e2


def conditioning(objective: Objective) -> str:
    """Say how ill-conditioned a quadratic loss is; empty if it is not, or no quadratic one.

    Parameters
    ----------
    objective : Objective
        The loss.
    """
    known = quadratic(objective)
    if known is None or known.condition <= ILL_CONDITIONED:
        return ""
    condition = number(known.condition, 2)
    return (
        f"the loss is a paraboloid that curves {condition} times as much across its valley as "
        "along it (the condition number of its Hessian): gradient descent is across in a few "
        f"steps, and needs about {condition} for the way along"
    )


def faintness(objective: Objective) -> str:
    """Say that a loss over data changes too little for paths to arrive; empty if it does not.

    Parameters
    ----------
    objective : Objective
        The loss. By how much it changes where it is not level is taken from its size and its
        second derivatives at (0, 0).
    """
    if objective.rows == 1 or objective.no_hessian:
        return ""
    (aa, _, bb), loss = objective.hessian(0.0, 0.0), objective.value(0.0, 0.0)
    slopes = [math.sqrt(abs(curvature * loss)) for curvature in (aa, bb)]
    least = min(slopes)
    if not 0.0 < least <= _FAINT * VANISHED:
        return ""
    name = objective.parameters[slopes.index(least)]
    return (
        f"∂f/∂{name} is about {number(least, 1)} where it is large, and a gradient of "
        f"{number(VANISHED)} counts as zero, so paths end before they arrive: give the data in "
        "units in which its numbers are nearer to 1"
    )


def standardised(experiment: Experiment) -> tuple[Experiment, str]:
    """Return an experiment whose data is standardised, as it is first seen, and what that changes.

    Parameters
    ----------
    experiment : Experiment
        With data of the person's own.

    Returns
    -------
    experiment : Experiment
        Each column but the target has the mean 0 and the standard deviation 1.
    sentence : str
        What the columns and the parameters are now.

    Raises
    ------
    ExperimentError
        If there is no such data, or nothing to standardise in it.
    """
    function = experiment.function
    if function.data is None:
        raise ExperimentError("data", "there is no data of your own to standardise")
    data, sentence = standardised_data(
        function.data, function.target, function.model, function.parameters
    )
    made = experiment.replace(data=data)
    if isinstance(function, FormulaFunction | SurfaceFunction):
        made = with_first_view(made.replace(range=None, more_starts=()))
    return made, sentence


def standardised_data(
    data: Data, target: str, model: str, parameters: tuple[str, str]
) -> tuple[Data, str]:
    """Return data whose columns are standardised, and what that changes.

    Parameters
    ----------
    data : Data
        The data.
    target : str
        The column that is fitted, which stays as it is.
    model : str
        What is fitted to it, for each row; of a line, the sentence says what becomes of it.
    parameters : (str, str)
        What the model's parameters are called.

    Raises
    ------
    ExperimentError
        If there is nothing to standardise.
    """
    names, said = [], []
    for name, column in data.arrays.items():
        mean, deviation = float(column.mean()), float(column.std())
        is_done = abs(mean) <= _ROUNDING and abs(deviation - 1.0) <= _ROUNDING
        if name == target or is_done or not 0.0 < deviation < math.inf:
            continue
        names.append(name)
        what = f"{name} is now ({name} − {number(mean, 4)})/{number(deviation, 4)}"
        said.append(what.replace("− −", "+ "))
        for slope, level in (parameters, parameters[::-1]):
            if model.replace(" ", "") in (f"{slope}*{name}+{level}", f"{level}+{slope}*{name}"):
                said.append(
                    f"{slope} is {number(deviation, 4)} times what it was, the change by one "
                    f"standard deviation of {name}, and {level} what the line has at its mean"
                )
    if not said:
        raise ExperimentError("data", "its columns are standardised already, or constant")
    source = f"{data.source}, standardised" if data.source else "standardised"
    made = dataclasses.replace(data.standardised(names), source=source)
    return made, f"standardised: {'; '.join(said)}"
