"""``python -m gdviz``, and what the ``gdviz`` script runs."""

import _thread
import gc
import os
import signal
import sys
import threading
import time
from types import CodeType

#: What ends the program in one line; Windows has no SIGHUP.
_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
#: Seconds until what nobody could hear is said again.
_AGAIN = 0.05


def main() -> int:
    """Run the command line; Ctrl-C ends it in one line, also while it is still being imported.

    So do SIGTERM and SIGHUP, unless they are ignored: what is being written leaves nothing behind.

    Returns
    -------
    int
        The exit code: see :func:`gdviz.cli.main.main`.
    """
    try:
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
        sys.unraisablehook = _hear_again
        # Threads of NumPy's OpenBLAS that have nothing to do would turn for 20 ms before they rest.
        os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
        gc.disable()  # of what is imported nothing is garbage; who has imported it enables it
        from gdviz.cli.main import main as run_command

        code = run_command()
    except BaseException as error:
        # What is raised while a class is made comes wrapped, until Python 3.12.
        if KeyboardInterrupt not in (type(error), type(error.__cause__)):
            raise
        sys.stderr.write("gdviz: interrupted\n")
        code = 130
    # An interrupt in an exec(), by which dataclasses are made, Python counts as not handled until
    # the next exec(), and ends itself by a signal in place of this code.
    exec("")  # noqa: S102
    return code


def _hear_again(failed: "sys.UnraisableHookArgs") -> None:
    """Have what ends the program heard a moment later, where Python had to swallow it.

    An interrupt that comes in a destructor, or in the callback of a weak reference, of which
    matplotlib has many, is raised nowhere: the program would go on to its end.
    """
    if not issubclass(failed.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(failed)
        return
    heard = (each for each in _ENDING if signal.getsignal(each) is signal.default_int_handler)
    if (number := next(heard, None)) is not None:
        threading.Thread(target=_interrupt, args=[number], daemon=True).start()


def _interrupt(number: signal.Signals) -> None:
    main_thread = threading.main_thread().ident
    time.sleep(_AGAIN)
    while _is_within(main_thread, _hear_again.__code__):  # where it would be swallowed for good
        time.sleep(_AGAIN)
    if sys.platform != "win32" and main_thread is not None:
        signal.pthread_kill(main_thread, number)  # which ends what it waits for as well
    else:
        _thread.interrupt_main(number)


def _is_within(thread: int | None, code: CodeType) -> bool:
    """Tell whether a thread runs a function's code, or what that has called."""
    frame = sys._current_frames().get(thread or 0)  # noqa: SLF001
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


if __name__ == "__main__":
    sys.exit(main())
