"""Scenes that several tests draw and tabulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdviz.experiment import Experiment, Method
from gdviz.scene import Scene, build_scene

if TYPE_CHECKING:
    from collections.abc import Callable

ALL_ESTIMATES = tuple(
    map(Method, ("analytic", "forward", "backward", "central", "complex-step", "mistaken"))
)


@pytest.fixture(scope="session")
def scene_of() -> Callable[..., Scene]:
    """Return a function from an experiment's fields to a small scene."""

    def build(**fields: Any) -> Scene:
        if "formula" in fields:
            fields = {"surface": "", "start": (1.0, 1.0), **fields}
        return build_scene(Experiment(**fields), resolution=48)

    return build


@pytest.fixture(scope="session")
def unit_scene(scene_of: Callable[..., Scene]) -> Scene:
    """Return the sigmoid unit with every estimate, three steps from (0.7, 1.3)."""
    return scene_of(
        start=(0.7, 1.3), alpha=0.5, epsilon=0.1, steps=3, methods=ALL_ESTIMATES
    )  # fmt: skip
