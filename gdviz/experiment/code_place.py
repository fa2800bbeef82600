"""Where an experiment's code is: told from the folder of its file, and found again from there."""

import os
from dataclasses import replace
from pathlib import Path, PurePath

from gdviz.base.files import absolute
from gdviz.experiment.experiment import Experiment


def from_folder(experiment: Experiment, folder: str | os.PathLike[str]) -> Experiment:
    """Return an experiment whose code is told from a folder, so that both can go elsewhere.

    Where there is no way from the folder to the code, as to another drive of Windows, the path
    stays whole.
    """
    code = experiment.function.code
    if code is None:
        return experiment
    try:
        path = PurePath(os.path.relpath(code.path, absolute(folder))).as_posix()
    except ValueError:
        return experiment
    return experiment.replace(code=replace(code, path=path))


def found_from(experiment: Experiment, folder: str | os.PathLike[str]) -> Experiment:
    """Return an experiment whose code has its whole path, also if it was told from a folder."""
    code = experiment.function.code
    if code is None:
        return experiment
    path = os.path.normpath(absolute(Path(folder, code.path)))
    return experiment.replace(code=replace(code, path=path))
