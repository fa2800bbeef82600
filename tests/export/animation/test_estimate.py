"""What is told of an animation before is near what it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdviz.base.cancel import Cancelled
from gdviz.experiment.experiment import Method
from gdviz.export.animation.drawer import FrameDrawer
from gdviz.export.animation.estimate import estimated
from gdviz.export.animation.formats import ANIMATION_FORMATS
from gdviz.export.animation.save import save_animation
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import plan_frames
from gdviz.scene.animation.motion import Motion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdviz.scene.scene import Scene

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
BOTH = (Method("analytic"), Method("forward"))
#: What is turned how, and of what: much changes at first, all the time, a bit all the time, seldom,
#: and often enough that a video has a frame in its middle that stands by itself.
CONTENTS: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "steps": ({"steps": 60}, ()),
    "alpha": ({"surface": "himmelblau", "steps": 12, "alpha": 0.01}, ("alpha", None, None, 50)),
    "start": ({"steps": 12}, ("start", None, (-3.0, 1.0), 30)),
    "seldom": ({"steps": 30}, ("steps", None, None, 200)),
    "few": ({"steps": 4}, ()),
    "long": ({"steps": 20}, ("epsilon", None, None, 300)),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ANIMATION_FORMATS)
@pytest.mark.parametrize("content", CONTENTS)
def test_an_estimate_is_near_what_it_becomes(
    scene_of: Callable[..., Scene], tmp_path: Path, content: str, name: str
) -> None:
    if name in ("mp4", "webm"):
        pytest.importorskip("imageio_ffmpeg")
    fields, how = CONTENTS[content]
    plan = plan_frames(scene_of(**{"methods": BOTH, **fields}), *how)
    path = tmp_path / f"a.{name}"
    cost = estimated(plan, path, SMALL, Motion(pause=1.0))
    assert not list(tmp_path.iterdir())
    save_animation(plan, path, SMALL, Motion(pause=1.0))
    size = path.stat().st_size
    assert size / 1.5 < cost.bytes < 1.5 * size
    assert cost.seconds > 0.0


def test_of_many_frames_few_are_drawn(
    scene_of: Callable[..., Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    draw = FrameDrawer.draw
    monkeypatch.setattr(FrameDrawer, "draw", lambda *of: (drawn.append(1), draw(*of))[1])
    plan = plan_frames(scene_of(methods=BOTH, steps=12), "alpha", frames=100_000)
    cost = estimated(plan, tmp_path / "a.gif", SMALL)
    assert len(drawn) < 30
    assert cost.bytes > 1e6


def test_an_estimate_can_be_cancelled(scene_of: Callable[..., Scene], tmp_path: Path) -> None:
    plan = plan_frames(scene_of(methods=BOTH, steps=12))
    with pytest.raises(Cancelled):
        estimated(plan, tmp_path / "a.gif", SMALL, cancelled=lambda: True)
