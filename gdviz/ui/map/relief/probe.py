"""Whether OpenGL draws here, tried in a process of its own: a driver may end the one that asks."""

import logging
import subprocess
import sys
import time

from gdviz.base.cancel import Cancelled
from gdviz.base.child_process import ChildProcess
from gdviz.base.format import printable
from gdviz.ui.map.relief.failure import DRIVER_FAILS, NO_BINDINGS, OpenGLError, reason
from gdviz.ui.tasks.task import Job

logger = logging.getLogger(__name__)

#: Platforms that have no OpenGL, as everybody knows.
_WITHOUT = ("offscreen", "minimal", "vnc", "linuxfb")
#: Seconds that the first picture may take, and between two looks at whether it is there.
_LONGEST, _GLANCE = 60.0, 0.02
_SIDE = 32  #: pixels
_DOES_NOT = 3  #: the exit code of a process that found out that it does not


def platform_without(name: str) -> str:
    """Say why a platform of Qt's has no OpenGL; empty where it may have."""
    return f"Qt's platform {name} has none" if name in _WITHOUT else ""


def why_not(job: Job, longest: float = _LONGEST) -> str:
    """Draw a picture in another process; return why that does not work, or nothing.

    Parameters
    ----------
    job : Job
        Who may cancel it.
    longest : float, default 60
        Seconds that it may take.
    """
    ends = time.monotonic() + longest
    with ChildProcess(__name__, stdout=subprocess.PIPE) as child:
        process = child.process
        while process.poll() is None:
            if job.cancelled():
                raise Cancelled
            if time.monotonic() > ends:
                return f"it drew nothing within {longest:g} s"
            time.sleep(_GLANCE)
        with child.take_output() as pipe:
            said, _, detail = pipe.read(2_000).decode(errors="replace").strip().partition("\n")
    if process.returncode == 0:
        return ""
    logger.warning("OpenGL does not draw: %s", printable(detail, 500) or process.returncode)
    return said if process.returncode == _DOES_NOT and said else DRIVER_FAILS


def main() -> None:
    """Draw a red square with what the window would draw with, and look at it."""
    try:
        said = _try()
    except Exception as error:
        cause = error.__cause__ or error
        said = f"{reason(error)}\n{type(cause).__name__}: {cause}"
    if said:
        sys.stdout.write(said)
        sys.stdout.flush()
        sys.exit(_DOES_NOT)


def _try() -> str:
    try:
        from OpenGL import GL  # noqa: F401 - the first import, for what goes wrong in it is its own
    except Exception as error:
        raise OpenGLError(NO_BINDINGS) from error

    import numpy as np
    from PySide6.QtGui import QColor, QGuiApplication

    from gdviz.experiment.camera import Camera
    from gdviz.scene.relief.projection import Fit, Projection
    from gdviz.ui.map.relief.items import LineItem, SurfaceItem
    from gdviz.ui.map.relief.renderer import Renderer

    application = QGuiApplication([__name__])
    renderer = Renderer()
    renderer.setBackgroundColor("#000000")
    square = np.array([[-9, -9, 0], [9, -9, 0], [9, 9, 0], [-9, 9, 0]], np.float32)
    surface, line = SurfaceItem(), LineItem()
    corners = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    surface.set_shape(square, corners, corners)
    surface.set_colors(np.tile(np.array([255, 0, 0, 255], np.uint8), (4, 1)))
    line.set_points(np.array([[-1.0, 0.6, 0.0], [1.0, 0.8, 0.0]]))  # beside the middle
    line.set_look(QColor("white"), 3.0)
    for item in (surface, line):
        renderer.addItem(item)
    above = Projection(Camera(elevation=90.0))
    for smooth in (False, True):
        picture = renderer.picture(Fit(_SIDE, _SIDE, _SIDE / 2.0), above, 1.0, smooth)
        is_opaque = bool((np.frombuffer(picture.constBits(), np.uint8)[3::4] == 255).all())
        if not is_opaque or picture.pixelColor(_SIDE // 2, _SIDE // 2) != QColor("#ff0000"):
            return "what it draws is not what it was given"
    renderer.close()
    del application
    return ""
