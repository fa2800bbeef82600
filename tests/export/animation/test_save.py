"""Animations as files: decoded again by Pillow and ffmpeg, and what is left when they fail."""

from __future__ import annotations

import errno
import io
import itertools
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from gdviz.base.cancel import Cancelled
from gdviz.experiment.experiment import Method
from gdviz.export.animation import save as module
from gdviz.export.animation.formats import ANIMATION_FORMATS, Reel, fitted
from gdviz.export.animation.pixels import as_bytes
from gdviz.export.animation.save import first_frame, save_animation
from gdviz.export.figures.scene import figure_bytes
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.frames import Plan, plan_frames
from gdviz.scene.animation.motion import Motion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdviz.scene.scene import Scene

SMALL = FigureOptions(size=(5.0, 4.0), dpi=40)
BOTH = (Method("analytic"), Method("forward"))
PILLOWS = ("gif", "webp", "apng")
VIDEOS = ("mp4", "webm")


@pytest.fixture(scope="module")
def plan(scene_of: Callable[..., Scene]) -> Plan:
    return plan_frames(scene_of(methods=BOTH, steps=12))


def ffmpeg() -> str:
    return str(pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe())


@pytest.fixture(scope="module")
def pictures(plan: Plan) -> np.ndarray[Any, Any]:
    """Return the figures of all steps."""
    return np.array([figure(plan, k) for k in range(len(plan))])


@pytest.fixture(scope="module")
def small_plan(scene_of: Callable[..., Scene]) -> Plan:
    """Return one of five frames, for what becomes of the file whatever they show."""
    return plan_frames(scene_of(methods=BOTH, steps=4))


def figure(plan: Plan, k: int) -> np.ndarray[Any, Any]:
    frame = plan.frame(k)
    data = figure_bytes(frame, "png", SMALL)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def frames_of(path: Path, size: tuple[int, int] = SMALL.pixels) -> np.ndarray[Any, Any]:
    """Return all frames of a file, decoded."""
    if path.suffix[1:] in PILLOWS:
        with Image.open(path) as image:
            images = [f.convert("RGB") for f in ImageSequence.Iterator(image)]
            return np.array([np.asarray(each) for each in images]).astype(int)
    raw = subprocess.run(
        [ffmpeg(), "-loglevel", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, *size[::-1], 3).astype(int)


def check_same(frame: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> None:
    """Refuse what differs by more than 255 shared colours have to."""
    off = np.abs(frame - wanted).max(axis=2)
    assert off.mean() < 1.5
    assert np.percentile(off, 99) < 16


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PILLOWS)
def test_each_frame_is_the_figure_of_its_step(
    plan: Plan, pictures: np.ndarray[Any, Any], tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"moving.{name}"
    save_animation(plan, path, SMALL)
    for frame, wanted in zip(frames_of(path), pictures, strict=True):
        check_same(frame, wanted)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PILLOWS)
def test_each_frame_is_the_figure_of_its_alpha(plan: Plan, tmp_path: Path, name: str) -> None:
    turned = plan_frames(plan.scene, "alpha", frames=4)
    path = tmp_path / f"moving.{name}"
    save_animation(turned, path, SMALL)
    found = frames_of(path)
    assert len(found) == 4
    for k, frame in enumerate(found):
        check_same(frame, figure(turned, k))


@pytest.mark.parametrize("name", VIDEOS)
def test_each_frame_of_a_video_is_the_figure_of_its_step(
    plan: Plan, pictures: np.ndarray[Any, Any], tmp_path: Path, name: str
) -> None:
    ffmpeg()
    path = tmp_path / f"moving.{name}"
    save_animation(plan, path, SMALL, Motion(fps=10.0, pause=0.5))
    found = frames_of(path)
    assert len(found) == 13 + 5
    for k in (0, 6, 12):
        off = np.abs(found[k] - pictures).max(axis=3).mean(axis=(1, 2))
        assert off.argmin() == k
        assert off[k] < 5  # colours have a quarter of the pixels, which shows at thin lines
    np.testing.assert_allclose(found[12], found[-1], atol=24)


def test_a_gif_says_how_long_and_how_often(small_plan: Plan, tmp_path: Path) -> None:
    for loops, again in ((0, 0), (1, None), (4, 3)):
        motion = Motion(fps=12.0, pause=2.0, loops=loops)
        save_animation(small_plan, tmp_path / "a.gif", SMALL, motion)
        with Image.open(tmp_path / "a.gif") as image:
            assert image.info.get("loop") == again
            durations = [f.info["duration"] for f in ImageSequence.Iterator(image)]
        assert set(durations[:-1]) == {80, 90}  # a twelfth in hundredths of a second, on average
        assert sum(durations) == pytest.approx(1000 * (5 / 12 + 2.0), abs=10)
        assert durations[-1] == pytest.approx(2080, abs=10)


def test_webp_and_apng_say_so_too(small_plan: Plan, tmp_path: Path) -> None:
    motion = Motion(fps=20.0, pause=1.0, loops=3)
    save_animation(small_plan, tmp_path / "a.webp", SMALL, motion)
    save_animation(small_plan, tmp_path / "a.apng", SMALL, motion)
    with Image.open(tmp_path / "a.webp") as webp, Image.open(tmp_path / "a.apng") as apng:
        assert (webp.info["loop"], apng.info["loop"]) == (3, 3)
        assert (webp.format, apng.format) == ("WEBP", "PNG")
        assert webp.n_frames == apng.n_frames == 5
        for image in (webp, apng):
            lasting = []
            for frame in ImageSequence.Iterator(image):
                frame.load()
                lasting.append(frame.info["duration"])
            assert lasting == pytest.approx([50] * 4 + [1050])


def test_a_step_that_many_frames_show_is_stored_once(plan: Plan, tmp_path: Path) -> None:
    long = plan_frames(plan.scene, frames=130)
    save_animation(long, tmp_path / "a.gif", SMALL, Motion(fps=10, pause=0))
    with Image.open(tmp_path / "a.gif") as image:
        assert image.n_frames == 13
        assert sum(f.info["duration"] for f in ImageSequence.Iterator(image)) == 13_000


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", PILLOWS)
def test_a_step_that_is_seen_for_hours_is(plan: Plan, tmp_path: Path, name: str) -> None:
    """A frame of a GIF lasts eleven minutes at most, one of an APNG a minute."""
    long = plan_frames(plan.scene, "steps", 0, 1, 400)
    path = tmp_path / f"a.{name}"
    save_animation(long, path, SMALL, Motion(fps=0.1, pause=60.0))
    lasting = 0.0
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            frame.load()
            lasting += frame.info["duration"]
    assert lasting == 1000 * (400 / 0.1 + 60.0)
    last = frames_of(path)[-1]
    check_same(last, figure(plan, 1))


def test_progress_is_told_frame_by_frame(small_plan: Plan, tmp_path: Path) -> None:
    told: list[float] = []
    save_animation(small_plan, tmp_path / "a.gif", SMALL, progress=told.append)
    assert told == pytest.approx([k / 5 for k in range(1, 6)])


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the processes that are started."""
    found: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return found


@pytest.mark.parametrize("name", ANIMATION_FORMATS)
def test_cancelling_leaves_what_was_there_and_no_process(
    small_plan: Plan, tmp_path: Path, name: str, processes: list[subprocess.Popen[bytes]]
) -> None:
    if name in VIDEOS:
        ffmpeg()
    path = tmp_path / f"moving.{name}"
    path.write_bytes(b"mine")
    told: list[float] = []
    with pytest.raises(Cancelled):
        save_animation(
            small_plan, path, SMALL, progress=told.append, cancelled=lambda: len(told) == 3
        )  # fmt: skip
    assert path.read_bytes() == b"mine"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert any(processes) == (name in VIDEOS)
    assert all(process.returncode is not None for process in processes)


def test_a_video_is_cancelled_while_its_end_is_written_as_well(
    plan: Plan, tmp_path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    ffmpeg()
    large = FigureOptions(size=(8.0, 6.0), dpi=200)  # ffmpeg is behind when the last frame comes
    told: list[float] = []
    with pytest.raises(Cancelled):
        save_animation(
            plan, tmp_path / "a.webm", large, progress=told.append,
            cancelled=lambda: len(told) == len(plan),
        )  # fmt: skip
    assert not list(tmp_path.iterdir())
    assert processes
    assert all(process.returncode is not None for process in processes)


def test_a_failure_in_the_middle_leaves_what_was_there(
    small_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = itertools.count()
    draw = module.FrameDrawer.draw

    def fail(*arguments: Any) -> Any:
        if next(drawn) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return draw(*arguments)

    monkeypatch.setattr(module.FrameDrawer, "draw", fail)
    path = tmp_path / "a.gif"
    path.write_bytes(b"mine")
    with pytest.raises(OSError, match="No space"):
        save_animation(small_plan, path, SMALL)
    assert path.read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.sampled(2)
@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("name", ANIMATION_FORMATS)
def test_a_full_disk_is_an_oserror_that_says_so(plan: Plan, name: str) -> None:
    if name in VIDEOS:
        ffmpeg()
    frames = [first_frame(plan, SMALL).pixels] * 40
    rng = np.random.default_rng(3)
    frames = [rng.integers(0, 1 << 32, frame.shape, np.uint32) for frame in frames]
    reel = Reel(SMALL.pixels, len(frames), Motion(), frames[:1])
    with pytest.raises(OSError, match="No space left on device") as caught:
        ANIMATION_FORMATS[name].write(Path("/dev/full"), frames, reel)
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("name", PILLOWS)
def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path, name: str) -> None:
    """Each frame is another one of 640 kB; kept, 20 more would be 12 MB."""
    pillar = np.full((400, 400), 0xFFFFFFFF, np.uint32)

    def frames(count: int) -> Iterator[Any]:
        for k in range(count):
            frame = pillar.copy()
            frame[:, k : k + 200] = 0xFF000000 + 77 * k
            yield frame

    def peak(count: int) -> int:
        reel = Reel((400, 400), count, Motion(), list(frames(2)))
        tracemalloc.start()
        ANIMATION_FORMATS[name].write(tmp_path / "a", frames(count), reel)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(5), peak(25)
    assert many < few + 2_000_000


def test_sides_are_even_where_they_have_to_be_which_is_said(plan: Plan, tmp_path: Path) -> None:
    ffmpeg()
    odd = FigureOptions(size=(5.025, 4.0), dpi=40)
    assert odd.pixels == (201, 160)
    made, note = fitted(odd, "a.mp4")
    assert made.pixels == (202, 160)
    assert note == (
        "the video has 202 × 160 pixels, not 201 × 160: MP4 (H.264) takes even numbers only"
    )
    save_animation(plan, tmp_path / "a.mp4", odd)
    assert frames_of(tmp_path / "a.mp4", (202, 160)).shape[1:3] == (160, 202)
    assert fitted(odd, "a.gif") == (odd, "")
    assert fitted(SMALL, "a.mp4") == (SMALL, "")


@pytest.mark.parametrize("name", ["a.avi", "a", "gif", "a.png"])
def test_another_ending_is_refused(plan: Plan, tmp_path: Path, name: str) -> None:
    with pytest.raises(AnimationError, match=r"\.gif, \.mp4, \.webm, \.webp or \.apng") as caught:
        save_animation(plan, tmp_path / name, SMALL)
    assert caught.value.field == "format"
    assert not list(tmp_path.iterdir())


def test_what_a_format_cannot_have_is_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(AnimationError, match="at most 16,383 a side"):
        save_animation(plan, tmp_path / "a.webp", FigureOptions(size=(50.0, 2.5), dpi=400))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", VIDEOS)
def test_without_ffmpeg_a_sentence_names_the_command(
    small_plan: Plan, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(AnimationError, match=r'pip install "gdviz\[video\]"') as caught:
        save_animation(small_plan, tmp_path / f"a.{name}", SMALL)
    assert caught.value.field == "format"
    assert not list(tmp_path.iterdir())
    save_animation(small_plan, tmp_path / "a.gif", SMALL)  # which needs none


def test_an_ffmpeg_that_is_not_there_is_named(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("imageio_ffmpeg")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nothing"))
    with pytest.raises(AnimationError, match="which IMAGEIO_FFMPEG_EXE names, is none"):
        save_animation(plan, tmp_path / "a.mp4", SMALL)
    assert not list(tmp_path.iterdir())


@pytest.mark.sampled(2)
@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for ffmpeg")
@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ("Unknown encoder 'libx264'", AnimationError, "without libx264"),
        ("a.mp4: No space left on device", OSError, "No space left on device"),
        ("av_interleaved_write_frame(): File too large", OSError, "File too large"),
        ("Something else", OSError, "ffmpeg failed: Something else"),
        ("", OSError, "it did not say why"),
    ],
)
def test_an_ffmpeg_that_cannot_is_told_in_a_sentence(
    plan: Plan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    error: type[Exception],
    sentence: str,
) -> None:
    ffmpeg()
    script = tmp_path / "ffmpeg"
    script.write_text(f'#!/bin/sh\necho "{said}" >&2\nexit 1\n' if said else "#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: str(script))
    with pytest.raises(error, match=sentence):
        save_animation(plan, tmp_path / "a.mp4", SMALL)
    assert list(tmp_path.iterdir()) == [script]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit to the size of files")
@pytest.mark.parametrize("name", ["gif", "mp4"])
def test_a_limit_to_the_size_of_files_is_told(plan: Plan, tmp_path: Path, name: str) -> None:
    import resource

    if name in VIDEOS:
        ffmpeg()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            save_animation(plan, tmp_path / f"a.{name}", SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert not list(tmp_path.iterdir())


def test_the_first_frame_is_the_first(plan: Plan, pictures: np.ndarray[Any, Any]) -> None:
    first = first_frame(plan, SMALL)
    np.testing.assert_array_equal(as_bytes(first.pixels)[:, :, :3], pictures[0])
    left, top, right, bottom = map(round, first.place.box)
    inside = pictures[0][top + 3 : bottom - 3, left + 3 : right - 3]
    assert (inside < 250).any(axis=2).mean() > 0.9  # the map is coloured, and around it is white
    assert (pictures[0][:, right + 1 : right + 3] > 250).all()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"fps": 0.0}, "fps"), ({"fps": 51.0}, "fps"), ({"fps": float("nan")}, "fps"),
     ({"pause": -1.0}, "pause"), ({"loops": 70_000}, "loops")],
)  # fmt: skip
def test_a_motion_out_of_bounds(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(AnimationError, match="must be between") as caught:
        Motion(**fields)
    assert caught.value.field == field
