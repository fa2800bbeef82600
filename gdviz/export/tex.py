"""LaTeX: which program there is, and plain text for it."""

import shutil
from collections.abc import Mapping
from types import MappingProxyType

#: The programs that measure words, best first, and the packages with them and with what they take
#: fonts by. Both read UTF-8 and any font, which Greek letters and raised digits need.
TEX_PACKAGES = MappingProxyType({"xelatex": "texlive-xetex", "lualatex": "texlive-luatex"})

# A letter stands for itself whatever it is to LaTeX: titles and names come from files. What is a
# ligature there is broken up.
_PLAIN: Mapping[int, str] = MappingProxyType(
    str.maketrans(
        {
            **{sign: f"\\{sign}" for sign in "{}$&#%_"},
            "\\": r"\textbackslash{}",
            "^": r"\textasciicircum{}",
            "~": r"\textasciitilde{}",
            '"': r"\textquotedbl{}",
            **{sign: f"{sign}{{}}" for sign in "-<>?!`',"},
        }
    )
)


def tex_program() -> str:
    """Return the name of the program that measures words; empty where there is none."""
    return next(filter(shutil.which, TEX_PACKAGES), "")


def as_tex(text: str) -> str:
    """Return plain text as LaTeX reads it: no command, and no ligature.

    Parameters
    ----------
    text : str
        One line. What cannot be printed becomes a space.
    """
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return printable.translate(_PLAIN)
