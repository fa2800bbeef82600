"""The surface in three dimensions, as a page holds it; the page's scripts project and draw it."""

from typing import Any

import numpy as np

from gdviz.engine.analysis.color_scale import LEVELS
from gdviz.experiment.camera import Camera
from gdviz.experiment.validation import BOUNDS
from gdviz.export.page.packing import LATTICE, packed
from gdviz.scene.relief.projection import FAR, FIELD_OF_VIEW, NEAR
from gdviz.scene.relief.surface import FLOOR, HEIGHT, MIDDLE, relief_of
from gdviz.scene.scene import Landscape

#: Points along each axis.
POINTS = 160
#: Shades are from 0 to this, in bytes.
_BRIGHTEST = 1.25


def relief_contents(
    landscape: Landscape, camera: Camera, contours: bool = True
) -> dict[str, Any] | None:
    """Return the surface as heights on a grid, with the light on it; None where there is nothing.

    Parameters
    ----------
    landscape : Landscape
        The map's grid and colour scale.
    camera : Camera
        Where it is looked at from at first.
    contours : bool, default True
        Whether it has contour lines.
    """
    relief = relief_of(landscape, POINTS)
    if relief.is_empty():
        return None
    cut, holes = relief.cut, ~np.isfinite(relief.places)
    heights = np.rint(np.nan_to_num(relief.places) * (LATTICE - 1))
    shades = relief.shades().ravel()
    shades = np.concatenate([shades, shades[cut.beside]])
    return {
        "size": len(relief.x),
        "along": packed(relief.x, "f32"),
        "places": packed(np.where(holes, LATTICE, heights), "u16"),
        "shades": packed(np.clip(np.rint(shades / _BRIGHTEST * 255), 0, 255), "u8"),
        "brightest": _BRIGHTEST,
        "rim": packed(cut.rim, "f32"),
        "cut": packed(cut.triangles, "u32"),
        "cutCells": packed(cut.cells, "u32"),
        "height": HEIGHT,
        "floor": FLOOR,
        "levels": LEVELS if contours else 0,
        "lens": {"degrees": FIELD_OF_VIEW, "near": NEAR, "far": FAR, "middle": MIDDLE},
        "camera": {
            "azimuth": camera.azimuth,
            "elevation": camera.elevation,
            "distance": camera.distance,
            "center": camera.center,
        },
        "bounds": {name: BOUNDS[name] for name in ("elevation", "distance", "center")},
    }
