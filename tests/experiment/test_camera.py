"""The camera: its bounds, and its place in files."""

import json
import math
from typing import Any

import pytest

from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import BOUNDS, ExperimentError


@pytest.mark.parametrize("name", ["azimuth", "elevation", "distance", "center"])
@pytest.mark.parametrize("beyond", ["low", "high", "nan"])
def test_bounds(name: str, beyond: str) -> None:
    low, high = BOUNDS[name]
    value: Any = {"low": low - 0.01, "high": high + 0.01, "nan": math.nan}[beyond]
    with pytest.raises(ExperimentError, match="must be between") as caught:
        Camera(**{name: (0.0, value, 0.0) if name == "center" else value})
    assert caught.value.field == f"camera.{name}"


def test_a_camera_is_kept_in_a_file_and_older_files_have_none() -> None:
    camera = Camera(azimuth=30.0, elevation=-5.0, distance=7.5, center=(0.1, -0.2, 0.3))
    text = to_json(Experiment(camera=camera))
    assert from_json(text).camera == camera
    assert json.loads(text)["camera"]["center"] == [0.1, -0.2, 0.3]
    plain = to_json(Experiment())
    assert "camera" not in json.loads(plain)
    assert from_json(plain).camera == Camera()


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        ('{"elevation": 91}', "camera.elevation: must be between -90 and 90, not 91"),
        ('{"center": [0, 0]}', "must be a list of 3"),
        ('{"zoom": 2}', "there is no field zoom"),
        ("null", "null"),
    ],
)
def test_a_file_with_a_camera_that_is_none_is_refused(camera: str, words: str) -> None:
    text = to_json(Experiment()).rstrip().removesuffix("}") + f', "camera": {camera}}}'
    with pytest.raises(ExperimentError) as caught:
        from_json(text)
    assert words in str(caught.value)
    assert "camera" in str(caught.value)
