"""What is seen of an experiment: what lies on the map, and the place that the person is at."""

from typing import Literal

import msgspec

from gdviz.experiment.validation import check_number


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is seen of an experiment.

    Parameters
    ----------
    contours, minima, others, trajectory, legend : bool, default True
        Whether they lie on the map, in the window and in exported figures and pages: contour lines,
        known minima, the paths from other starts and those by other draws, a loss landscape's
        trajectory, and the legend, which pages do not have.
    drawings : bool, default False
        Whether the Step lens's circle and models stay on the window's map when the lens is closed.
    model_contours : {0, 1, 2}, default 2
        The order of the Taylor model whose contours the Step lens draws; 0 draws none.
    newton, hessian_axes : bool, default True
        Whether it draws Newton's step and the Hessian's eigenvectors as well.
    path_width, step_dots : float, default 1
        How many times as wide paths on the map are, and as large their dots, as usual, in the
        window and in exported figures.
    relief : bool, default False
        Whether the surface in three dimensions is in the map's place.
    lens, page : str, default ""
        The lens that is open, by its title, and its page; empty leaves the one that is open.
    step : int or None, default None
        The current step; None is the last.
    basins : tuple of int, default ()
        The rows of the methods whose basins lie on the map: one, or two to compare. A row that
        there is no method of lays nothing on it.

    Raises
    ------
    ExperimentError
        If a number is out of bounds.
    """

    contours: bool = True
    minima: bool = True
    others: bool = True
    trajectory: bool = True
    legend: bool = True
    drawings: bool = False
    model_contours: Literal[0, 1, 2] = 2
    newton: bool = True
    hessian_axes: bool = True
    path_width: float = 1.0
    step_dots: float = 1.0
    relief: bool = False
    lens: str = ""
    page: str = ""
    step: int | None = None
    basins: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.step is not None:
            check_number("view step", self.step, "view.step")
        for name in ("path_width", "step_dots"):
            check_number("stroke", getattr(self, name), f"view.{name}")
        for row in self.basins[:2]:
            check_number("row", row, "view.basins")
        check_number("pair", len(self.basins), "the number of view.basins")

    def without_place(self) -> "View":
        """Return it at no place: whoever looks at another lens, or step, changes no experiment."""
        return msgspec.structs.replace(self, lens="", page="", step=None)

    def without_method(self, row: int) -> "View":
        """Return it for methods of which one was removed: the basins of the others stay theirs."""
        if row in self.basins:
            return msgspec.structs.replace(self, basins=())
        return msgspec.structs.replace(self, basins=tuple(r - (r > row) for r in self.basins))
