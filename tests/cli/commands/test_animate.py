"""``gdviz animate``, and the step of ``gdviz render``."""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from gdviz.cli import main as cli
from gdviz.cli.commands import animate
from gdviz.export.animation import save

SMALL = ["--size", "4x3", "--dpi", "40", "--steps", "4"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def small(options: list[str]) -> list[str]:
    """Return what keeps frames small, where the options do not say otherwise."""
    return [
        word
        for name, value in zip(SMALL[::2], SMALL[1::2], strict=True)
        if name not in options
        for word in (name, value)
    ]


def refusal(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(["animate", *small([*argv]), *argv]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert not list(Path().iterdir())
    return err


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "options",
    [
        [], ["--panels", "--size", "4x4"], ["--3d", "--view=-30,50"], ["--basins"],
        ["--difference", "--3d"], ["--more-start", "1,1", "--more-start=-2,3"],
        ["--cloud", "--method", "spsa", "--alpha", "0.01"],
    ],
)  # fmt: skip
def test_a_frame_is_what_render_draws_at_that_step(
    capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert cli.main(["animate", *small(options), *options, "-o", "a.gif"]) == 0
    assert cli.main(["render", *small(options), *options, "--step", "3", "-o", "b.png"]) == 0
    assert capfd.readouterr() == ("", "")
    with Image.open("a.gif") as moving, Image.open("b.png") as still:
        frames = [np.asarray(f.convert("RGB"), int) for f in ImageSequence.Iterator(moving)]
        wanted = np.asarray(still.convert("RGB"), int)
    assert len(frames) == 5
    off = [np.abs(frame - wanted).max(axis=2).mean() for frame in frames]
    assert int(np.argmin(off)) == 3
    assert off[3] < 1.5


def test_what_is_asked_for_is_what_there_is(capfd: pytest.CaptureFixture[str]) -> None:
    options = "--over epsilon --from 0.001 --to 1 --frames 6 --fps 5 --pause 2 --loops 2"
    assert cli.main(["animate", *SMALL, *options.split(), "-o", "a.webp"]) == 0
    with Image.open("a.webp") as moving:
        assert (moving.size, moving.n_frames, moving.info["loop"]) == ((160, 120), 6, 2)
        lasting = []
        for frame in ImageSequence.Iterator(moving):
            frame.load()
            lasting.append(frame.info["duration"])
    assert lasting == [200] * 5 + [2200]
    assert capfd.readouterr() == ("", "")


def test_a_start_moves_along_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    argv = [*SMALL, "--over", "start", "--from", "-3,1", "--to", "2,-2", "--frames", "3"]
    assert cli.main(["animate", *argv, "-o", "a.apng"]) == 0
    with Image.open("a.apng") as moving:
        assert moving.n_frames == 3
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("-o a.avi", "must end in .gif, .mp4, .webm, .webp or .apng"),
        ("", "needs -o FILE"),
        ("-o nowhere/a.gif", "there is no folder"),
        ("-o a.gif --over beta", "--over: 'beta' is not one of steps"),
        ("-o a.gif --over start", "--to: a start that moves needs a point"),
        ("-o a.gif --over alpha --from 0", "--from: must be between"),
        ("-o a.gif --over alpha --to x", "--to: 'x' is not a number"),
        ("-o a.gif --to 5", "--to: must be a step from 0 to 4"),
        ("-o a.gif --frames 1", "--frames: must be between 2 and 1,000,000"),
        ("-o a.gif --fps 100", "--fps: must be between 0.1 and 50"),
        ("-o a.gif --orbit 90", "--orbit needs --3d"),
        ("-o a.gif --basins --difference", "--basins and --difference cannot be combined"),
        ("-o a.gif --method analytic --difference", "there is nothing to compare"),
        ("-o a.gif --cloud", "--cloud: no method that is shown draws its gradient"),
        ("-o a.gif --method spsa --cloud --over alpha", "--cloud: there is one of each step"),
        ("-o a.gif --3d --orbit 1e9", "--orbit: must be between"),
        ("-o a.gif --method analytic --over epsilon", "--over: no method that is shown"),
        ("-o a.gif --formula log(-1-a^2)", "--over: f has no value anywhere"),
        ("-o a.webp --size 50x3 --dpi 400", "--size: 20,000 × 1,200 pixels are more than WebP"),
    ],
)
def test_what_is_refused(capfd: pytest.CaptureFixture[str], argv: str, said: str) -> None:
    assert said in refusal(capfd, *argv.split())


def test_a_step_that_there_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["render", *SMALL, "--step", "5", "-o", "a.png"]) == 2
    assert capfd.readouterr().err.startswith("gdviz: --step: must be a step from 0 to 4, where ")


def test_a_video_without_ffmpeg(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    said = refusal(capfd, "-o", "a.mp4")
    assert said == (
        'gdviz: -o: videos need ffmpeg, which is not installed: pip install "gdviz[video]"\n'
    )


def test_a_full_disk(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(save.FrameDrawer, "draw", full)
    said = refusal(capfd, "-o", "a.gif")
    assert said == "gdviz: a.gif cannot be written: no space left on device\n"


def test_many_frames_are_told_before(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(animate, "_MANY", 5)
    assert cli.main(["animate", *SMALL, "-o", "a.gif"]) == 0
    assert re.fullmatch(
        r"gdviz: note: 5 frames will take about \d+ (s|min.*) and [\d.]+ (bytes|kB)\n",
        capfd.readouterr().err,
    )


def test_an_interruption_leaves_nothing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(save.FrameDrawer, "draw", interrupt)
    assert cli.main(["animate", *SMALL, "-o", "a.gif"]) == 130
    assert capfd.readouterr().err == "gdviz: interrupted\n"
    assert not list(Path().iterdir())
