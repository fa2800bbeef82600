"""Scenes that several tests draw and tabulate, and how they look at a figure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from gdviz.engine.objectives.surfaces import DEFAULT_SURFACE
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import AnyFunction, FormulaFunction, SurfaceFunction
from gdviz.export.sheet import Sheet, file_bytes, open_sheet
from gdviz.scene.scene import Scene, build_scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from gdviz.export.options import FigureOptions, Format

ALL_ESTIMATES = tuple(
    map(Method, ("analytic", "forward", "backward", "central", "complex-step", "mistaken"))
)


@pytest.fixture(scope="session")
def scene_of() -> Callable[..., Scene]:
    """Return a function from an experiment's fields to a small scene."""

    def build(
        surface: str = DEFAULT_SURFACE,
        formula: str = "",
        constants: Mapping[str, float] = MappingProxyType({}),
        **fields: Any,
    ) -> Scene:
        function: AnyFunction
        if formula:
            function = FormulaFunction(formula, constants=dict(constants))
            fields = {"start": (1.0, 1.0), **fields}
        else:
            function = SurfaceFunction(surface, constants=dict(constants))
        return build_scene(Experiment(function=function, **fields), resolution=48)

    return build


@pytest.fixture(scope="session")
def unit_scene(scene_of: Callable[..., Scene]) -> Scene:
    """Return the sigmoid unit with every estimate, three steps from (0.7, 1.3)."""
    return scene_of(
        start=(0.7, 1.3), alpha=0.5, epsilon=0.1, steps=3, methods=ALL_ESTIMATES
    )  # fmt: skip


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Figure]:
    """Return a function that draws a figure, and returns it rather than a file."""

    def on_a_sheet(options: FigureOptions, draw: Callable[..., None], *what: Any) -> Figure:
        with open_sheet(options) as sheet:
            draw(sheet, *what)
        return sheet.figure

    return on_a_sheet


@pytest.fixture(scope="session")
def file_of() -> Callable[..., bytes]:
    """Return a function that draws a figure, and returns what its file holds."""

    def in_memory(
        options: FigureOptions, format_: Format, draw: Callable[..., None], *what: Any
    ) -> bytes:
        return file_bytes(lambda sheet: draw(sheet, *what), format_, options)

    return in_memory


@pytest.fixture(scope="session")
def check_apart() -> Callable[[Sheet], None]:
    """Return a function that refuses a sheet on which parts cover each other or stand out."""

    def check(sheet: Sheet) -> None:
        figure = sheet.figure
        figure.canvas.draw()
        width, height = figure.bbox.size
        boxes = [axes.get_tightbbox() for axes in figure.axes]
        boxes += [figure.legends[0].get_window_extent(), figure._supxlabel.get_window_extent()]
        for i, box in enumerate(boxes):
            assert box.x0 >= -1, i
            assert box.y0 >= -1, i
            assert box.x1 <= width + 1, i
            assert box.y1 <= height + 1, i
            for j, other in enumerate(boxes[:i]):
                apart = (
                    box.x0 >= other.x1 - 1 or other.x0 >= box.x1 - 1
                    or box.y0 >= other.y1 - 1 or other.y0 >= box.y1 - 1
                )  # fmt: skip
                assert apart, (i, j)

    return check
