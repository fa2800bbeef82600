"""``gdviz direction`` as it is typed."""

import json
import math
from typing import Any

import pytest

from gdviz.cli.main import main


def direction(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["direction", *words]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def as_json(capfd: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(direction(capfd, *words, "--json"))


def test_on_a_cone_both_directions_are_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--formula", "a^2 + b^2", "--at", "3,4", "--eta", "2")
    assert made["best"]["angle"] == pytest.approx(math.degrees(math.atan2(-4, -3)))
    assert made["best"]["point"] == pytest.approx([3 - 1.2, 4 - 1.6])
    assert made["best"]["loss"] == pytest.approx(9.0)
    assert made["angle_between"] == pytest.approx(0.0, abs=1e-6)


def test_in_a_ravine_they_differ(capfd: pytest.CaptureFixture[str]) -> None:
    """Rosenbrock from (−1.2, 1): a step of 2 has far better to do than to follow −∇f."""
    made = as_json(capfd, "--surface", "rosenbrock", "--start", "-1.2,1", "--eta", "2")
    assert (made["parameters"], made["at"]) == (["a", "b"], [-1.2, 1.0])
    assert made["best"]["loss"] < 0.1 < 100 < made["steepest"]["loss"]
    assert made["angle_between"] == pytest.approx(34.7, abs=0.1)
    assert made["evaluations"] > 100


def test_the_table(capfd: pytest.CaptureFixture[str]) -> None:
    text = direction(capfd, "--surface", "sphere", "--eta", "0.5")
    assert "−∇f        −36.0274°  (−1.79563, 1.30591)" in text
    assert "evaluations of f." in text


def test_a_circle_too_long_to_be_searched_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    """A hundred diagonals of Ackley's map are 8,886 of its waves around, and their harmonics."""
    text = direction(capfd, "--surface", "ackley", "--at", "1,2", "--eta", "1414")
    assert (
        "Note: the circle of radius 1410 around (1, 2) is too long to be searched completely"
        in text
    )
    text = direction(capfd, "--surface", "rastrigin", "--at", "1,2", "--eta", "290")
    assert "Note" not in text


def test_where_the_gradient_is_zero(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--surface", "monkey-saddle", "--at", "0,0", "--eta", "1")
    assert made["steepest"]["loss"] is None
    assert made["angle_between"] is None
    assert made["best"]["loss"] == pytest.approx(-1.0)
    assert made["sentence"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--eta"),
        (["--eta", "0"], "must be above 0"),
        (["--eta", "-1"], "must be above 0"),
        (["--eta", "nan"], "must be above 0"),
        (["--eta", "1", "--at", "1"], "form A,B"),
        (["--eta", "1", "--at", "1e37,0"], "--at"),
    ],
)
def test_refusals(words: list[str], said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["direction", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err
