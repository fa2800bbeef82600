"""A scene as one HTML file: its data, the experiment, style and scripts, and nothing from outside.

What comes from people stands in the file as JSON in which no tag can begin, and is shown as text
alone. A content security policy forbids the page any request; of scripts and styles it allows those
whose digests it names.
"""

import base64
import hashlib
import html
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from gdviz.base.files import write_file
from gdviz.base.format import byte_size
from gdviz.base.resources import assets
from gdviz.base.version import __version__
from gdviz.engine.objectives.code_ref import Code
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import to_json
from gdviz.experiment.page_file import EXPERIMENT_ELEMENT
from gdviz.experiment.validation import ExperimentError
from gdviz.export.axes.basins import Drawn
from gdviz.export.page.contents import contents
from gdviz.export.page.options import MAX_PAGE, PageError, PageOptions
from gdviz.export.page.packing import escaped, json_in_script
from gdviz.export.page.turning import program_of
from gdviz.scene.scene import Scene

#: The page's scripts in the order in which they need each other; the first stands alone, in the
#: JavaScript that any browser knows, and says what fails.
_FIRST = "failure.js"
SCRIPTS = (
    "format.js",
    "unpack.js",
    "axes.js",
    "path.js",
    "nesting.js",
    "map.js",
    "panels.js",
    "projection.js",
    "surface.js",
    "webgl.js",
    "relief.js",
    "basins.js",
    "views.js",
    "readout.js",
    "methods.js",
    "timeline.js",
    "theme.js",
    "complex.js",
    "functions.js",
    "estimates.js",
    "rules.js",
    "descent.js",
    "turning.js",
    "main.js",
)
#: Bytes of an experiment from which on a page is without it.
MOST_EXPERIMENT = 400_000


class Page(NamedTuple):
    """A page as a file holds it.

    Attributes
    ----------
    content : bytes
        The HTML.
    left_out : tuple of str
        Sentences that say what of the scene it does not hold.
    """

    content: bytes
    left_out: tuple[str, ...]


def save_page(
    scene: Scene,
    path: str | os.PathLike[str],
    options: PageOptions | None = None,
    basins: Drawn = (),
) -> Page:
    """Write a scene as a page.

    Parameters
    ----------
    scene : Scene
        What.
    path : path-like
        The file.
    options : PageOptions, optional
        The lecturer's words.
    basins : sequence of MethodBasins, default ()
        What lies on the map: none, one method's basins, or two methods' to compare.

    Raises
    ------
    PageError
        If it would be too large.
    OSError
        If the file cannot be written; if there was one, it is then as it was.
    """
    page = page_of(scene, options, basins)
    write_file(path, page.content)
    return page


def page_of(scene: Scene, options: PageOptions | None = None, basins: Drawn = ()) -> Page:
    """Return a scene as a page.

    Parameters
    ----------
    scene : Scene
        What.
    options : PageOptions, optional
        The lecturer's words.
    basins : sequence of MethodBasins, default ()
        What lies on the map: none, one method's basins, or two methods' to compare.

    Raises
    ------
    PageError
        If it would be too large.
    """
    found = contents(scene, options or PageOptions(), basins)
    experiment, why = _experiment(scene.experiment)
    left_out = (*found.left_out, *([why] if why else []))
    data = {**found.data, "leftOut": left_out}
    first, style = _asset(_FIRST), _asset("page.css")
    main = _main(program_of(scene))
    content = _filled(
        {
            "title": html.escape(found.data["title"]),
            "version": __version__,
            "policy": _policy((first, main), style),
            "style": style,
            "first": first,
            "data": json_in_script(data),
            "experiment-element": EXPERIMENT_ELEMENT,
            "experiment": escaped(experiment),
            "main": main,
        }
    ).encode()
    if len(content) > MAX_PAGE:
        raise PageError(
            "",
            f"the page would take {byte_size(len(content))}, and may take {byte_size(MAX_PAGE)}: "
            "fewer methods, steps or starts make it smaller",
        )
    return Page(content, left_out)


def _experiment(experiment: Experiment) -> tuple[str, str]:
    """Return the experiment as its file has it, or nothing, and why, in a sentence."""
    function = experiment.function
    if isinstance(function.code, Code):
        return "null", (
            f"The experiment is not in the page: it needs {function.code.name}, which only the "
            "machine has that ran it."
        )
    try:
        text = to_json(experiment)
    except ExperimentError as error:
        return "null", f"The experiment is not in the page: {error.message}."
    if len(text.encode()) > MOST_EXPERIMENT:
        return "null", (
            f"The experiment is not in the page: with its numbers it takes "
            f"{byte_size(len(text.encode()))}. Its own file can be handed out beside it."
        )
    return text, ""


def _policy(scripts: tuple[str, ...], style: str) -> str:
    """Return what the page may do: draw, and run what it brings."""
    allowed = " ".join(map(_digest, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _main(program: str) -> str:
    """Return the page's script: one function, so that nothing of it meets anything else."""
    parts = "\n".join([program, *map(_asset, SCRIPTS)])
    return f'(function () {{\n"use strict";\n{parts}}})();\n'


def _filled(parts: Mapping[str, str]) -> str:
    """Return the template with its places filled, each once and none within what fills another."""
    return re.sub(r"\{\{([a-z-]+)\}\}", lambda place: parts[place[1]], _asset("page.html"))


@cache
def _asset(name: str) -> str:
    return (assets() / "page" / name).read_text(encoding="utf-8")
