"""How the documentation is built: ``sphinx-build -W docs docs/_build/html``."""

from typing import Any

from gdviz import __version__

project = "gdviz"
copyright = "The gdviz developers"  # noqa: A001 - Sphinx's word
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"gdviz {version}"
html_logo = html_favicon = "../assets/icon.svg"

# Every module below the window has a page of its own, made from its source.
apidoc_modules = [
    {
        "path": "../gdviz",
        "destination": "modules",
        "exclude_patterns": ["../gdviz/ui", "../gdviz/cli", "../gdviz/__main__.py"],
        "separate_modules": True,
        "module_first": True,
        "automodule_options": {"members", "undoc-members", "show-inheritance"},
    }
]
autodoc_default_options = {
    "ignore-module-all": True,  # a name's page is its own module's
    "exclude-members": "set",  # which matplotlib writes into each class of its artists
}
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True

# A reference to what does not exist ends the build. What other packages have is named, but not
# linked, since their indices are on the network; and so is what is private to a module.
nitpicky = True
nitpick_ignore_regex = [(r"py:(class|exc|obj)", r"(?!gdviz\.).*|.*\._\w+")]
suppress_warnings = [
    "ref.footnote",  # a module's references, which its text need not point to
    "ref.python",  # a type's short name that several modules have
]

# The tutorial is run when it is built, and what fails in it ends the build.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 120
myst_enable_extensions = ["dollarmath"]


def setup(app: Any) -> None:
    """Keep |x|, the absolute value, from being a substitution."""
    app.connect("autodoc-process-docstring", _escape_bars)


def _escape_bars(*event: Any) -> None:
    lines = event[-1]
    lines[:] = [line.replace("|", r"\|") for line in lines]
