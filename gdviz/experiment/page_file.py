"""The experiment in a page that gdviz wrote."""

import os
import re

from gdviz.base.files import file_type, open_to_read
from gdviz.experiment.validation import ExperimentError

#: The id of the element that holds it.
EXPERIMENT_ELEMENT = "gdviz-experiment"
_OPENING = re.compile(rf'<script type="application/json" id="{EXPERIMENT_ELEMENT}">')
_CLOSING = "</script>"
#: Characters that a page begins with, as far as one looks for what it is.
_HEAD = 4_000


def is_page(text: bytes) -> bool:
    """Tell whether a file's beginning is that of a page."""
    return text[:_HEAD].lstrip().lower().startswith(b"<!doctype html")


def is_page_file(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is a page; one that cannot be read is none."""
    if file_type(path) != "file":
        return False
    try:
        with open_to_read(path) as file:
            return is_page(file.read(_HEAD))
    except OSError:
        return False


def experiment_in(page: bytes) -> str:
    """Return the experiment in a page, as its own file would have it.

    Parameters
    ----------
    page : bytes
        What the file holds.

    Raises
    ------
    ExperimentError
        If there is none.
    """
    text = page.decode("utf-8", "replace")
    opening = _OPENING.search(text)
    end = text.find(_CLOSING, opening.end()) if opening else -1
    if opening is None or end < 0:
        raise ExperimentError("", "this is a web page, but none that gdviz wrote")
    found = text[opening.end() : end].strip()
    if found == "null":
        raise ExperimentError("", "the experiment is not in this page, which says why")
    return found
