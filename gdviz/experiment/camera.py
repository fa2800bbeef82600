"""Where the surface in three dimensions is looked at from."""

import msgspec

from gdviz.experiment.validation import check_number


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The point of view, in units of the box that the surface stands in.

    The map is the square from −1 to 1 in that box, whatever its range is, so that a point of view
    stays one when the map is zoomed, or another surface is looked at.

    Parameters
    ----------
    azimuth : float, default -60
        Degrees by which the viewer has gone around the box, from the side of the largest a
        towards that of the largest b; −90 looks along b, with a to the right as on the map.
    elevation : float, default 35
        Degrees above the horizon, from −90 to 90; 90 looks down as on the map.
    distance : float, default 5.5
        From the viewer to what is in the middle of the picture.
    center : (float, float, float), default (0, 0, 0)
        What is in the middle of the picture, from the middle of the box: along a, b and height.

    Raises
    ------
    ExperimentError
        If a number is out of bounds.
    """

    azimuth: float = -60.0
    elevation: float = 35.0
    distance: float = 5.5
    center: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        for name in ("azimuth", "elevation", "distance"):
            check_number(name, getattr(self, name), f"camera.{name}")
        for coordinate in self.center:
            check_number("center", coordinate, "camera.center")
