"""Guides of one's own: there and back, in order, with the code that they are about."""

import json
import os
from pathlib import Path

import pytest

from gdviz.engine.objectives.code_ref import Code
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import CodeFunction
from gdviz.experiment.guided.course import (
    MAX_LOOK,
    guide_of,
    next_name,
    read_course,
    read_guide,
    save_guide,
)
from gdviz.experiment.validation import ExperimentError
from gdviz.experiment.view import View

SEEN = Experiment(
    alpha=0.25,
    view=View(contours=False, lens="Step", page="models", step=7, basins=(2,)),
)


def test_a_guide_is_the_experiment_as_it_is_seen() -> None:
    guide = guide_of(SEEN, " A title ", "One sentence.\nAnother.", method=0)
    assert (guide.title, guide.look) == ("A title", "One sentence. Another.")
    assert (guide.lens, guide.view, guide.step) == ("Step", "models", 7)
    assert guide.method == 0
    assert guide.experiment.is_same_work(SEEN)
    assert guide.experiment.view == View(contours=False, basins=(2,))
    two = guide_of(SEEN.replace(view=View(basins=(0, 1))), "t", "l", method=1)
    assert (two.experiment.view.basins, two.method, two.lens) == ((0, 1), 1, "Run")


def test_there_and_back(tmp_path: Path) -> None:
    guide = guide_of(SEEN, "ε <b>too</b> large", "Look & see.")
    save_guide(guide, tmp_path / "a.json")
    assert read_guide(tmp_path / "a.json") == guide
    assert json.loads((tmp_path / "a.json").read_text())["experiment"]["version"] == 2


def test_a_course_is_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    titles = ["First", "Second", "Third"]
    for title in titles:
        name = next_name(tmp_path, title)
        save_guide(guide_of(Experiment(), title, "Look."), tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01-first.json", "02-second.json", "03-third.json",
    ]  # fmt: skip
    (tmp_path / "notes.txt").write_text("no guide")
    assert [guide.title for guide in read_course(tmp_path)] == titles


@pytest.mark.parametrize(
    ("title", "name"),
    [("Too large a rate!", "01-too-large-a-rate.json"), ("ε", "01-ε.json"),
     ("///", "01-guide.json"), ("../../etc", "01-etc.json"), ("x" * 60, f"01-{'x' * 40}.json")],
)  # fmt: skip
def test_a_file_is_called_by_the_title(tmp_path: Path, title: str, name: str) -> None:
    assert next_name(tmp_path, title) == name


@pytest.mark.parametrize(
    ("title", "look", "field"),
    [("", "l", "title"), ("  ", "l", "title"), ("t", " ", "look"),
     ("t" * 61, "l", "title"), ("t", "l" * (MAX_LOOK + 1), "look")],
)  # fmt: skip
def test_words_that_are_missing_or_too_many_are_refused(title: str, look: str, field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        guide_of(Experiment(), title, look)
    assert caught.value.field == field


@pytest.mark.parametrize("code", ["net.py", "../nets/net.py", "/nowhere/net.py"])
def test_code_is_told_from_the_folder_and_found_where_that_went(tmp_path: Path, code: str) -> None:
    here, there = tmp_path / "here" / "course", tmp_path / "there" / "course"
    here.mkdir(parents=True)
    file = os.path.normpath(here / code)
    function = CodeFunction(Code(file, "0" * 64))
    guide = guide_of(Experiment(function=function, methods=(Method("forward"),)), "t", "l")
    save_guide(guide, here / "a.json")
    assert read_guide(here / "a.json") == guide
    if not code.startswith("/"):
        told = json.loads((here / "a.json").read_text())["experiment"]["function"]["code"]
        assert told["path"] == code
        (tmp_path / "here").rename(tmp_path / "there")
        assert read_guide(there / "a.json").file == Path(os.path.normpath(there / code))


def test_what_is_run_without_a_question_is_in_no_guide_of_ones_own(tmp_path: Path) -> None:
    save_guide(guide_of(Experiment(), "t", "l"), tmp_path / "a.json")
    fields = json.loads((tmp_path / "a.json").read_text())
    (tmp_path / "a.json").write_text(json.dumps({**fields, "example": "../../evil.py"}))
    with pytest.raises(ExperimentError, match=r"a\.json is no guide: .*that come with gdviz"):
        read_guide(tmp_path / "a.json")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"title": 1}', "\x00", '{"title": "t", "look": "l"}',
             '{"title": "t", "look": "l", "experiment": {"version": 9}}',
             '{"title": "t", "look": "l", "experiment": {"version": 2, "alpha": -1}}'],
)  # fmt: skip
def test_what_is_no_guide_is_said_with_its_name(tmp_path: Path, text: str) -> None:
    save_guide(guide_of(Experiment(), "t", "l"), tmp_path / "1.json")
    (tmp_path / "2.json").write_text(text)
    with pytest.raises(ExperimentError, match=r"^2\.json is no guide: .") as caught:
        read_course(tmp_path)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_is_no_course(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ExperimentError, match=r"holds no file ending in \.json"):
            read_course(folder)
