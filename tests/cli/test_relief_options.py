"""Pictures in three dimensions from the command line."""

from pathlib import Path

import pytest
from PIL import Image

from gdviz.cli import main as cli
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import save


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def render(*options: str) -> int:
    return cli.main(["render", "--steps", "3", "--size", "4x3", "--dpi", "40", *options])


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("name", "start"), [("p.svg", b"<?xml"), ("p.pdf", b"%PDF")])
def test_a_picture_in_three_dimensions(
    name: str, start: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert render("--3d", "-o", name) == 0
    assert render("-o", f"map-{name}") == 0
    assert capfd.readouterr() == ("", "")
    assert Path(name).read_bytes().startswith(start)
    assert Path(name).read_bytes() != Path(f"map-{name}").read_bytes()


def test_the_view_is_that_of_the_option_or_else_of_the_file() -> None:
    """The same camera makes the same picture, wherever it was chosen."""
    save(Experiment(camera=Camera(azimuth=-20.0, elevation=50.0)), "seen.json")
    for name, options in {
        "file": ("seen.json",),
        "option": ("--view", "-20,50"),
        "usual": (),
        "over": ("seen.json", "--view", "-60,35"),
    }.items():
        assert render("--3d", *options, "-o", f"{name}.png") == 0
    pictures = {path.stem: path.read_bytes() for path in Path().glob("*.png")}
    assert pictures["file"] == pictures["option"] != pictures["usual"] == pictures["over"]
    with Image.open("file.png") as image:
        assert image.size == (160, 120)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--view 0,0", "gdviz: --view needs --3d"),
        ("--3d --view 0,91", "gdviz: --view: the elevation must be between -90 and 90, not 91"),
        ("--3d --view 400,0", "gdviz: --view: the azimuth must be between -360 and 360, not 400"),
        ("--3d --view 30", "gdviz: --view: '30' is not of the form AZ,EL"),
        ("--3d --view", "gdviz: --view needs a value"),
    ],
)
def test_bad_views(options: str, sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert render(*options.split(), "-o", "p.png") == 2
    assert capfd.readouterr().err.startswith(sentence)
    assert not list(Path().iterdir())
