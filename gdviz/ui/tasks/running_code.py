"""A person's own code as the window handles it: whoever never opens any waits for no import."""

import sys

from gdviz.engine.objectives.code_ref import Code

_MODULE = "gdviz.engine.objectives.code_process"


def is_open(code: Code) -> bool:
    """Tell whether the person has opened this version of some code."""
    from gdviz.engine.objectives.code_process import is_open as is_opened

    return is_opened(code)


def calls_of(code: Code) -> int:
    """Return how many calls of some code have been answered, as far as it runs."""
    if _MODULE not in sys.modules:
        return 0
    from gdviz.engine.objectives.code_process import is_open as is_opened
    from gdviz.engine.objectives.code_process import process_of

    return process_of(code).calls if is_opened(code) else 0


def interrupt_code() -> None:
    """Give up whatever code is doing, in whichever worker."""
    if _MODULE in sys.modules:
        from gdviz.engine.objectives.code_process import interrupt_all

        interrupt_all()


def close_code() -> None:
    """End all processes that run code."""
    if _MODULE in sys.modules:
        from gdviz.engine.objectives.code_process import close_all

        close_all()
