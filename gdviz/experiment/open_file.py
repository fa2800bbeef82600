"""What a file that a person opens holds: an experiment, data, a loss landscape, or code."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from gdviz.base.files import absolute, file_type
from gdviz.base.geometry import Extent
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import CodeError, CodeRunner
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.change_function import on_code, on_data, on_grid
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import load
from gdviz.experiment.referenced_data import Find, ask_first
from gdviz.experiment.validation import ExperimentError
from gdviz.files.file_kinds import KINDS, As, Kind, Verdict

#: Seconds of a point from which on a network is slow.
_SLOW = 0.03
#: What a name is enough for, and what it is taken for where the content does not tell, in order.
_BY_NAME: tuple[Kind, ...] = ("experiment", "code")
_ELSE_BY_NAME: tuple[Kind, ...] = ("data", "landscape")


class Opened(NamedTuple):
    """What a file made of the experiment.

    Attributes
    ----------
    experiment : Experiment
        On what the file holds.
    notes : tuple of str
        Sentences that the person should read.
    metric : str
        Of a landscape: which of the file's surfaces it is.
    metrics : tuple of str
        Of a landscape: all of them.
    runner : CodeRunner or None
        Of code: what runs it.
    """

    experiment: Experiment
    notes: tuple[str, ...] = ()
    metric: str = ""
    metrics: tuple[str, ...] = ()
    runner: CodeRunner | None = None

    @property
    def objective(self) -> Objective:
        """The function to minimise, ready to be evaluated."""
        return self.experiment.objective(self.runner)


def kind_by_name(path: str | os.PathLike[str]) -> Kind | None:
    """Return what a file is by its name alone; None if that takes a look into it."""
    kind = _by_name(Path(path), _BY_NAME)
    return None if kind == "experiment" and _holds_arrays(Path(path)) else kind


def decide(path: str | os.PathLike[str]) -> Verdict:
    """Tell what a file is opened as, by its name, and where that is not enough by its content.

    A file that does not exist is what its name says, and refused by whatever reads it.
    """
    path = Path(path)
    kind = kind_by_name(path)
    if kind is not None:
        return Verdict(kind)
    from gdviz.files import landscapes  # not on the way to a window

    try:
        verdict = landscapes.decide(path)
    except OSError:
        verdict = None  # whatever reads it says why
    return verdict or Verdict(_by_name(path, _ELSE_BY_NAME) or "experiment")


def kind_of(path: str | os.PathLike[str]) -> Kind:
    """Return what a file is opened as where nobody says otherwise: see :func:`decide`."""
    return decide(path).kind


def _holds_arrays(path: Path) -> bool:
    """Tell whether a JSON file is a loss landscape, such as a figure of Plotly, by its head."""
    from gdviz.files.landscape_formats.json_arrays import looks_like_arrays

    try:
        return file_type(path) == "file" and looks_like_arrays(path)
    except OSError:
        return False  # whatever reads it says why


def _by_name(path: Path, kinds: Iterable[Kind]) -> Kind | None:
    return next((kind for kind in kinds if path.suffix.lower() in KINDS[kind].suffixes), None)


def open_file(
    path: str | os.PathLike[str],
    base: Experiment | None = None,
    *,
    kind: Kind | As | None = None,
    metric: str = "",
    transpose: bool = False,
    extent: Extent | None = None,
    settings: SliceSettings | None = None,
    loss_seed: int | None = None,
    begin: Mapping[str, Any] | None = None,
    runner: CodeRunner | None = None,
    find: Find = ask_first,
    cancelled: Callable[[], bool] = bool,
) -> Opened:
    """Open a file of any kind. Code is run: the person asked for it.

    Parameters
    ----------
    path : path-like
        The file.
    base : Experiment, optional
        What the file's data, landscape or code is put into; an experiment replaces it. A
        trajectory is added to its landscape.
    kind : str, optional
        As what it is opened: by default what :func:`kind_of` says.
    metric, transpose, extent
        Of a landscape: see :func:`gdviz.files.landscapes.load_landscape`. For code `extent` is the
        map, beyond which it is not tried.
    settings : SliceSettings, optional
        Of a network: which slice of its loss; by default that of `base`, if it is the same file.
    loss_seed : int, optional
        Of code: what generators are seeded with before each call, so that a stochastic loss is a
        function; by default as in `base`, if it is the same file. A negative one seeds none.
    begin : mapping, optional
        Of code: a start and α that were chosen already. It is not called to guess them.
    runner : CodeRunner, optional
        Of a network: what runs it already. It makes another slice without running the file again,
        if that still holds the same.
    find : callable, optional
        Of an experiment: see :func:`gdviz.experiment.json_file.load`.
    cancelled : callable, optional
        Tells of code whether it is no longer wanted.

    Raises
    ------
    ExperimentError, DataError, LandscapeError, CodeError
        In one sentence; RangeNeeded among them, where a landscape needs an `extent`.
    Cancelled
        If `cancelled` said so.
    """
    base = base or Experiment()
    match kind or kind_of(path):
        case "experiment":
            return Opened(load(path, find))
        case "data":
            from gdviz.files.csv_data import load_data

            data, notes = load_data(path)
            return Opened(with_data(base, data), notes)
        case "trajectory":
            return with_trajectory(base, path)
        case "landscape":
            return _open_landscape(Path(path), base, metric, transpose, extent)
        case "code":
            return _open_code(
                Path(path), base, extent, settings, loss_seed, begin, runner, cancelled
            )


def _open_code(
    path: Path,
    base: Experiment,
    extent: Extent | None,
    settings: SliceSettings | None,
    loss_seed: int | None,
    begin: Mapping[str, Any] | None,
    runner: CodeRunner | None,
    cancelled: Callable[[], bool],
) -> Opened:
    from gdviz.files.python_code import has_changed, open_code_file
    from gdviz.files.python_code_notes import code_notes
    from gdviz.files.python_gradient_check import gradient_notes

    extent = None if extent is None else base.replace(range=extent).map_range
    code = base.function.code
    is_same = code is not None and code.path == str(absolute(path))
    before = code.slice if code is not None and is_same else None
    settings = settings or before
    if loss_seed is None and code is not None and is_same:
        loss_seed = code.loss_seed
    loss_seed = None if loss_seed is None or loss_seed < 0 else loss_seed
    looked_at = base.map_range if is_same and settings == before else None
    if runner is not None and settings is not None and not has_changed(runner.code):
        process = runner.on_slice(settings, extent or looked_at, cancelled)
    else:
        process = open_code_file(path, extent or looked_at, settings, cancelled, loss_seed)
    if settings is not None and process.code.slice is None and settings != before:
        process.stop()
        raise CodeError(f"{process.code.name} defines no network, so there are no slices")
    objective = CodeObjective(process.code, process, cancelled)
    experiment = on_code(base, objective, extent, begin)
    # What a library does is hardly wrong, and looking for that takes many passes.
    is_trusted = process.facts.autodiff and process.seconds > _SLOW
    notes = () if is_trusted else gradient_notes(objective, experiment.map_range)
    return Opened(experiment, (*code_notes(objective), *notes), runner=process)


def with_data(base: Experiment, data: Data) -> Experiment:
    """Return an experiment that fits data.

    Raises
    ------
    DataError
        If its function cannot be fitted to them.
    """
    from gdviz.files.csv_data import DataError

    try:
        return on_data(base, data)
    except ExperimentError as error:
        raise DataError(f"the data in {data.source} was not used: {error.message}") from error


def with_trajectory(base: Experiment, path: str | os.PathLike[str]) -> Opened:
    """Add to a landscape what an optimizer did on it.

    Parameters
    ----------
    base : Experiment
        On the landscape.
    path : path-like
        The points: see :func:`gdviz.files.landscapes.load_trajectory`.

    Raises
    ------
    LandscapeError
        If it cannot be read, or there is no landscape.
    """
    from gdviz.files.landscapes import LandscapeError, load_trajectory

    grid = base.function.grid
    if grid is None:
        raise LandscapeError("a trajectory goes with a loss landscape: open the surface first")
    points, notes = load_trajectory(path, grid.names)
    return Opened(base.replace(grid=replace(grid, trajectory=points)), notes)


def _open_landscape(
    path: Path, base: Experiment, metric: str, transpose: bool, extent: Extent | None
) -> Opened:
    from gdviz.files.landscapes import LandscapeError, load_landscape

    try:
        found = load_landscape(path, metric=metric, transpose=transpose, extent=extent)
    except LandscapeError:
        # It may be what an optimizer did on the surface that is shown.
        if base.function.grid is None or metric or transpose or extent:
            raise
        with suppress(LandscapeError):
            return with_trajectory(base, path)
        raise
    return Opened(on_grid(base, found.grid), found.notes, found.metric, found.metrics)
