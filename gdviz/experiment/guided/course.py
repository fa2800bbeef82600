"""Guided experiments of one's own: files in a folder, which are opened one after the other."""

import json
import os
import re
from pathlib import Path

import msgspec

from gdviz.base.files import files_in, read_file, refusal, shown, write_file
from gdviz.base.json_refusals import field_refusal
from gdviz.base.json_text import JsonError, parse
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.guides import Guide
from gdviz.experiment.json_file import (
    MAX_FILE_SIZE,
    MAX_VALUES,
    found_from,
    from_folder,
    to_json,
)
from gdviz.experiment.validation import MAX_TITLE, ExperimentError

#: Characters of what to look at: two sentences, with room.
MAX_LOOK = 400
#: Guides of a course.
MAX_GUIDES = 99


def guide_of(experiment: Experiment, title: str, look: str, method: int = 1) -> Guide:
    """Return a guide that sets up an experiment as it is seen: its lens, page, step and basins.

    Parameters
    ----------
    experiment : Experiment
        With the place in its view.
    title, look : str
        The title, and what to look at.
    method : int, default 1
        The row of the methods whose step is written out.

    Raises
    ------
    ExperimentError
        If one of them is empty or too long.
    """
    view = experiment.view
    guide = Guide(
        title=title.strip(),
        look=" ".join(look.split()),
        experiment=experiment.replace(view=view.without_place()),
        lens=view.lens or "Run",
        view=view.page,
        step=view.step,
        method=method,
    )
    _check(guide)
    return guide


def save_guide(guide: Guide, path: str | os.PathLike[str]) -> None:
    """Write a guide to a file; Python code that it is about is told from its folder.

    Raises
    ------
    OSError
        If it cannot be written; the file, if there was one, is then as it was.
    ExperimentError
        If its data is more than a file holds.
    """
    fields = {name: getattr(guide, name) for name in guide.__struct_fields__}
    fields["experiment"] = json.loads(to_json(from_folder(guide.experiment, Path(path).parent)))
    write_file(path, (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode())


def read_guide(path: str | os.PathLike[str]) -> Guide:
    """Read a guide that somebody wrote; Python code that it is about is found, and not run.

    Raises
    ------
    ExperimentError
        If it cannot be read, or is none, with the file's name.
    """
    path = Path(path)
    try:
        text = read_file(path, MAX_FILE_SIZE + 1)
        if len(text) > MAX_FILE_SIZE:
            raise ExperimentError("", "this is too large to be a guide")
        parse(text, MAX_VALUES)
        guide = msgspec.json.decode(text, type=Guide)
        _check(guide)
        experiment = found_from(guide.experiment, path.parent)
        return msgspec.structs.replace(guide, experiment=experiment)
    except OSError as error:
        raise ExperimentError("", refusal(path, error)) from None
    except msgspec.ValidationError as error:
        why = str(error.__cause__) if error.__cause__ else field_refusal(error)
    except (JsonError, msgspec.DecodeError, UnicodeError) as error:
        why = str(error)
    except ExperimentError as error:
        why = str(error)
    raise ExperimentError("", f"{shown(path.name)} is no guide: {why}")


def read_course(folder: str | os.PathLike[str]) -> tuple[Guide, ...]:
    """Read the guides of a folder, in the order of their files' names.

    Raises
    ------
    ExperimentError
        If there are none, too many, or one of them cannot be read.
    """
    files = files_in(folder, ".json")
    if not 1 <= len(files) <= MAX_GUIDES:
        held = f"{len(files)} files" if files else "no file"
        raise ExperimentError(
            "",
            f"{shown(folder)} holds {held} ending in .json: a course has 1 to {MAX_GUIDES} guides, "
            "which Experiments ▸ Save as Guide writes",
        )
    return tuple(map(read_guide, files))


def next_name(folder: str | os.PathLike[str], title: str) -> str:
    """Return a name that puts a guide at the end of a course: ``03-too-large-a-rate.json``."""
    names = [path.name for path in files_in(folder, ".json")]
    numbers = [int(found[0]) for name in names if (found := re.match(r"\d{1,4}(?=-)", name))]
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-")[:40].rstrip("-")
    return f"{max(numbers, default=0) + 1:02d}-{words or 'guide'}.json"


def _check(guide: Guide) -> None:
    for name, text, most in (("title", guide.title, MAX_TITLE), ("look", guide.look, MAX_LOOK)):
        if not text.strip():
            raise ExperimentError(name, "must not be empty")
        if len(text) > most:
            raise ExperimentError(name, f"must have at most {most} characters, not {len(text)}")
    if guide.example:  # which is run without a question
        raise ExperimentError("example", "is of the guides that come with gdviz")
