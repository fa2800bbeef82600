"""Where the shipped assets are, in a wheel and in a source tree."""

from pathlib import Path


def assets() -> Path:
    """Return the folder of icons and example experiments.

    The wheel carries it as ``gdviz/assets``; an editable install and a source tree keep it
    at the top, beside the package, where the build's mapping does not reach.
    """
    package = Path(__file__).resolve().parents[1]
    shipped = package / "assets"
    return shipped if shipped.is_dir() else package.parent / "assets"


def examples() -> Path:
    """Return the folder of networks in Python, which a source tree keeps with its documents."""
    shipped = assets() / "examples"
    return shipped if shipped.is_dir() else assets().parent / "docs" / "examples"
