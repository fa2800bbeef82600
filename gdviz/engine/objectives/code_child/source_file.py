"""What is said of a person's file: where in it something is, and what it raised there."""

import builtins
import inspect
import shlex
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

#: What a file is called within Python: as in a process that multiprocessing starts for a program.
#: So what is in it can be handed to other processes, and ``__name__ == "__main__"`` does not hold.
MODULE = "__mp_main__"
#: What is installed under another name than it is imported.
_PACKAGES = {
    "sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python", "PIL": "pillow",
    "yaml": "PyYAML", "bs4": "beautifulsoup4",
}  # fmt: skip


@dataclass(frozen=True)
class SourceFile:
    """A person's file.

    Parameters
    ----------
    path : str
        Where it is, as it was compiled with.
    """

    path: str

    def where(self, line: int) -> str:
        """Return the file's name and a line, for a sentence; line 0 is none."""
        name = Path(self.path).name
        return f"{name}, line {line}" if line else name

    def where_of(self, function: Callable[..., Any] | None) -> str:
        """Return where a function begins, or what an object does when it is called."""
        function = inspect.unwrap(function) if function is not None else None
        if not hasattr(function, "__code__"):
            function = getattr(type(function), "__call__", None)  # noqa: B004 - for its line
        code = getattr(function, "__code__", None)
        if code is None or code.co_filename != self.path:
            return self.where(0)
        return self.where(code.co_firstlineno)

    def sentence(self, error: BaseException, called: Callable[..., Any] | None) -> str:
        """Return what was raised, and where.

        Parameters
        ----------
        error : BaseException
            What was raised.
        called : callable or None
            What was called. Where it cannot even be called as we do, as with one parameter too few,
            it has not begun, and nothing of the file is among the error's lines.
        """
        kind = type(error).__name__
        if isinstance(error, SyntaxError) and error.filename == self.path:
            return f"{self.where(error.lineno or 0)}: {error.msg}"
        lines = [
            frame.lineno or 0
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == self.path
        ]
        where = self.where(lines[-1]) if lines else self.where_of(called)
        if hidden := self._hidden(error):
            return f"{where}: {hidden}"
        if isinstance(error, ModuleNotFoundError) and error.name:
            package = error.name.partition(".")[0]
            wanted = _PACKAGES.get(package, package)
            return (
                f"{where}: the Python that runs gdviz, {sys.executable}, has no module "
                f"{error.name}: install it with {shlex.quote(sys.executable)} -m pip install "
                f"{wanted}, or where it is installed, install gdviz there"
            )
        try:
            said = " ".join(str(error).split())
        except Exception:  # __str__ is the person's code as well
            said = ""
        if len(said) > 200:
            said = said[:199] + "…"
        if kind not in dir(builtins):
            module = type(error).__module__
            kind = f"{Path(self.path).stem if module == MODULE else module}.{kind}"
        return f"{where}: {kind}: {said}" if said else f"{where}: {kind}"

    def _hidden(self, error: BaseException) -> str:
        """Say that a file beside it is imported in place of a library, where that lacks a name."""
        of = error.obj if isinstance(error, AttributeError) else None
        name = error.name if isinstance(error, ImportError) else getattr(of, "__name__", None)
        if not isinstance(name, str) or not (of is None or isinstance(of, ModuleType)):
            return ""
        library, folder = name.partition(".")[0], str(Path(self.path).parent)
        here = PathFinder.find_spec(library, [folder])
        if here is None or here.origin is None:
            return ""
        if PathFinder.find_spec(library, [x for x in sys.path if x != folder]) is None:
            return ""
        beside = Path(here.origin).relative_to(folder).parts[0]
        return (
            f"{beside} in its folder is imported in place of the library {library}, which has that "
            "name as well: give it another one"
        )
