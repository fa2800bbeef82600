"""What is exported, in the background; each function returns what is said of it.

Matplotlib is imported here, and what writes tables and pages, and not before they are needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gdviz.base.files import refusal, write_file
from gdviz.base.format import byte_size
from gdviz.base.input_error import InputError
from gdviz.engine.objectives.data import Data
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.course import save_guide
from gdviz.experiment.guided.guides import Guide
from gdviz.experiment.validation import ExperimentError
from gdviz.export.options import FigureOptions
from gdviz.export.page.options import PageOptions
from gdviz.scene.basins import MethodBasins
from gdviz.scene.scene import Scene
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.copying import Lines, table_text
from gdviz.ui.toolkit.import_lock import MATPLOTLIB

if TYPE_CHECKING:
    from gdviz.scene.animation.frames import Frame


#: Rows of a table that are copied: the clipboard is no file.
MOST_ROWS = 100_000


class Copied(NamedTuple):
    """A picture for the clipboard, and what is said of it."""

    picture: bytes
    sentence: str


class CopiedTable(NamedTuple):
    """A table for the clipboard, and what is said of it."""

    text: str
    sentence: str


class Kept(NamedTuple):
    """An experiment that is in a file of another kind now, and what is said of it."""

    experiment: Experiment
    sentence: str


#: What becomes of an export.
Exported = str | Copied | CopiedTable | Kept


def call(_job: Job, function: Callable[..., Exported], *arguments: Any) -> Exported:
    """Make an export; it is finished also where the window closes meanwhile."""
    return function(*arguments)


def write_data(_job: Job, data: Data, path: Path) -> str:
    """Write data as CSV."""
    from gdviz.files.csv_data import save_data

    try:
        save_data(data, path)
    except OSError as error:
        raise InputError(refusal(path, error, "written")) from error
    return f"Saved {path.name}"


def write_bytes(path: Path, content: bytes) -> str:
    """Write what there is already."""
    write_file(path, content)
    return f"Saved {path.name}"


def copy_or_write(job: Job, lines: Lines, path: Path | None) -> str | CopiedTable:
    """Make the text of a table, to be written or copied.

    Parameters
    ----------
    job : Job
        Which is told how far it is, and may be cancelled.
    lines : Lines
        The table.
    path : Path or None
        Where it is written, with all rows; None hands it over for the clipboard.
    """
    most, delimiter = (MOST_ROWS, "\t") if path is None else (None, ",")
    text = table_text(lines, delimiter, most, job.progress, job.cancelled)
    if path is not None:
        return write_bytes(path, text.encode())
    if lines.count > MOST_ROWS:
        return CopiedTable(text, f"Copied the first {MOST_ROWS:,} rows to the clipboard")
    return CopiedTable(text, "Copied to the clipboard")


def write_guide(guide: Guide, path: Path) -> Kept:
    """Write a guide, with its experiment."""
    try:
        save_guide(guide, path)
    except ExperimentError as error:
        message = f"{path.name} was not written: {error.message}"
        raise ExperimentError(error.field, message) from None
    needed = f": keep it together with {guide.file.name}" if guide.file is not None else ""
    return Kept(guide.experiment, f"Saved {path.name}{needed}")


def asked(frame: "Frame", step: int | None, has_of_step: bool) -> "Frame":
    """Return a frame as the person wants it drawn.

    Parameters
    ----------
    frame : Frame
        What is seen.
    step : int or None
        Up to which step; None draws paths whole.
    has_of_step : bool
        Whether what is of one step is drawn: circle, clouds and models.
    """
    frame = replace(frame, step=step)
    return frame if has_of_step else replace(frame, circle=None, clouds=(), models=None)


def write_figure(frame: "Frame", path: Path, options: FigureOptions) -> str:
    """Write a picture, with what lies beside it.

    Parameters
    ----------
    frame : Frame
        What is drawn.
    path : Path
        Where; its ending is the format.
    options : FigureOptions
        How.
    """
    with MATPLOTLIB:
        from gdviz.export.figures.scene import save_figure

    beside = save_figure(frame, path, options)
    return f"Exported {' with '.join((path.name, *beside))}"


def draw_preview(
    frame: "Frame", options: FigureOptions, step: int | None, has_of_step: bool
) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    frame, step, has_of_step
        What is drawn; see :func:`asked`.
    options : FigureOptions
        How.
    """
    with MATPLOTLIB:
        from gdviz.export.figures.scene import figure_bytes

    return figure_bytes(asked(frame, step, has_of_step), "png", options)


def copied(frame: "Frame", options: FigureOptions) -> Copied:
    """Return a picture for the clipboard."""
    with MATPLOTLIB:
        from gdviz.export.figures.scene import figure_bytes

    picture = figure_bytes(frame, "png", options)
    return Copied(picture, "Copied the picture to the clipboard")


def write_page(
    scene: Scene, path: Path, options: PageOptions, basins: Sequence[MethodBasins]
) -> str:
    """Write a web page.

    Parameters
    ----------
    scene : Scene
        What is shown.
    path : Path
        Where.
    options : PageOptions
        Title and words.
    basins : sequence of MethodBasins
        What lies on the map.
    """
    with MATPLOTLIB:
        from gdviz.export.page.page import save_page

    page = save_page(scene, path, options, basins)
    return " ".join([f"Exported {path.name}, {byte_size(len(page.content))}.", *page.left_out])


def write_table(scene: Scene, path: Path) -> str:
    """Write the table of the paths."""
    from gdviz.export.tables.paths import to_csv, to_json

    text = to_json(scene) if path.suffix.lower() == ".json" else to_csv(scene)
    write_file(path, text.encode())
    return f"Exported {path.name}"
