"""An animation in the background: its first frame, what it will take, and the file."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtGui import QImage

from gdviz.base.files import file_size
from gdviz.ui.files.animation_choices import Chosen
from gdviz.ui.tasks.task import Job
from gdviz.ui.toolkit.import_lock import MATPLOTLIB

if TYPE_CHECKING:
    from gdviz.export.animation.map_place import MapPlace as _MapPlace

#: For annotations: what it stands in imports more than the first frame of the window needs.
MapPlace: TypeAlias = "_MapPlace"

# Matplotlib is imported here, and not before it is needed.


@dataclass(frozen=True, eq=False)
class Seen:
    """What is known of an animation before it is written.

    Attributes
    ----------
    image : QImage
        Its first frame.
    place : MapPlace
        Where points of the map are in it.
    size : int or None
        About how many bytes it will have; None until that is known.
    seconds : float
        About how long it will take.
    """

    image: QImage
    place: MapPlace
    size: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Written:
    """A file that was written.

    Attributes
    ----------
    path : Path
        The file.
    size : int
        Bytes.
    """

    path: Path
    size: int


def look(job: Job, chosen: Chosen) -> Seen:
    """Draw the first frame, which is reported, and then estimate what all take."""
    with MATPLOTLIB:
        from gdviz.export.animation.estimate import estimated
        from gdviz.export.animation.pixels import as_bytes
        from gdviz.export.animation.save import first_frame

    first = first_frame(chosen.plan, chosen.options, job.cancelled)
    height, width = first.pixels.shape
    image = QImage(
        as_bytes(first.pixels).tobytes(), width, height, 4 * width, QImage.Format.Format_RGBX8888
    )
    seen = Seen(image.copy(), first.place)  # else it would be of bytes that are gone
    job.report(seen)
    name = f"animation.{chosen.suffix}"
    cost = estimated(chosen.plan, name, chosen.options, chosen.motion, job.cancelled)
    return replace(seen, size=cost.bytes, seconds=cost.seconds)


def write(job: Job, chosen: Chosen, path: Path) -> Written:
    """Write the file; there is none where the job is cancelled.

    Parameters
    ----------
    job : Job
        Knows whether it is still wanted, and is told how far it is.
    chosen : Chosen
        What is written.
    path : Path
        Where.
    """
    with MATPLOTLIB:
        from gdviz.export.animation.save import save_animation

    save_animation(chosen.plan, path, chosen.options, chosen.motion, job.progress, job.cancelled)
    return Written(path, file_size(path))
