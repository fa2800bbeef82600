"""What a file that a person opens holds: an experiment, data, a loss landscape, or code."""

import os
from pathlib import Path
from typing import Literal

from gdviz.data_files import load_data
from gdviz.experiment import Experiment
from gdviz.experiment_file import load

Kind = Literal["experiment", "data", "landscape", "code"]
Extent = tuple[float, float, float, float]

_BY_SUFFIX: dict[str, Kind] = {".json": "experiment", ".py": "code"}


def kind_of(path: str | os.PathLike[str]) -> Kind:
    """Tell what a file is opened as, by its name, and where that is not enough by its content.

    A file that does not exist is what its name says, and refused by whatever reads it.
    """
    path = Path(path)
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is not None:
        return kind
    from gdviz.landscape_files import SUFFIXES, looks_like_landscape  # not on the way to a window

    try:
        if looks_like_landscape(path):
            return "landscape"
    except OSError:
        pass  # whatever reads it says why
    if path.suffix.lower() == ".csv":
        return "data"
    return "landscape" if path.suffix.lower() in SUFFIXES else "experiment"


def open_source(
    path: str | os.PathLike[str],
    base: Experiment,
    *,
    metric: str = "",
    transpose: bool = False,
    extent: Extent | None = None,
) -> tuple[Experiment, tuple[str, ...]]:
    """Open a file of any kind. Code is run: the person asked for it.

    Parameters
    ----------
    path : path-like
        The file.
    base : Experiment
        What the file's data, landscape or code is put into; an experiment replaces it.
    metric, transpose, extent
        Of a landscape: see :func:`gdviz.landscape_files.load_landscape`.

    Returns
    -------
    experiment : Experiment
    notes : tuple of str
        Sentences that the person should read.

    Raises
    ------
    ExperimentError, DataError, LandscapeError, CodeError
        In one sentence.
    """
    match kind_of(path):
        case "experiment":
            return load(path), ()
        case "data":
            return base.on_data(load_data(path)), ()
        case "landscape":
            from gdviz.landscape_files import load_landscape

            found = load_landscape(path, metric=metric, transpose=transpose, extent=extent)
            return base.on_grid(found.grid), found.notes
        case "code":
            from gdviz.code_files import open_code_file

            return base.on_code(open_code_file(path)), ()
