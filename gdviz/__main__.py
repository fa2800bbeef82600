"""``python -m gdviz``, and what the ``gdviz`` script runs."""

import os
import sys

if __name__ == "__main__":
    # Python looks for modules in the current folder first, unless it is started as the script is:
    # a numpy.py that a person has there is none of the program's, nor is a signal.py.
    ours = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - pathlib takes its time
    if not sys.flags.safe_path and sys.path[0] not in ("", ours):
        del sys.path[0]

import _thread
import atexit
import gc
import signal
import threading
import time
from types import CodeType, FrameType

#: What ends the program in one line; Windows has no SIGHUP.
_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
#: What these do unless whoever started the program has asked for something else, as nohup does.
_UNTOUCHED = signal.SIG_DFL, signal.default_int_handler
#: The exit code of what was ended by them.
INTERRUPTED = 130
#: Seconds until what nobody could hear is said again.
_AGAIN = 0.05
#: Seconds that an ending may take, until who asks for it again does not want to wait for it.
_PATIENCE = 2.0


def main() -> int:
    """Run the command line; Ctrl-C ends it in one line, also while it is still being imported.

    So do SIGTERM and SIGHUP, unless they are ignored: what is being written leaves nothing behind.

    Returns
    -------
    int
        The exit code: see :func:`gdviz.cli.main.main`.
    """
    global _is_over
    atexit.register(_ignore)  # before all others, so that it runs after them
    try:
        for number in _ENDING:
            if signal.getsignal(number) in _UNTOUCHED:
                signal.signal(number, _end)
        sys.unraisablehook = _hear_again
        # Threads of NumPy's OpenBLAS that have nothing to do would turn for 20 ms before they rest.
        os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
        gc.disable()  # of what is imported nothing is garbage; who has imported it enables it
        from gdviz.cli.main import main as run_command

        code = run_command()
        _is_over = True
    except BaseException as error:
        # What is raised while a class is made comes wrapped, until Python 3.12.
        if KeyboardInterrupt not in (type(error), type(error.__cause__)):
            raise
        _is_over = True
        sys.stderr.write("gdviz: interrupted\n")
        code = INTERRUPTED
    # An interrupt in an exec(), by which dataclasses are made, Python counts as not handled until
    # the next exec(), and ends itself by a signal in place of this code.
    exec("")  # noqa: S102
    return code


def _ignore() -> None:
    """Have the exit code stand: Python's end has signals do again what they did at first."""
    for number in _ENDING:
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_IGN)


_asked_at = 0.0  # when the command was interrupted
_is_over = False  # whether it has come to its end, which only Python's own follows


def _end(_number: int, _frame: FrameType | None) -> None:
    """Interrupt the command, but not what it does to end.

    A terminal that is closed sends several signals, and people press Ctrl-C three times: what is
    half written would stay, and Python would end itself by the signal. Where the ending hangs, the
    next one ends the process at once.
    """
    global _asked_at
    now = time.monotonic()
    if not (_is_over or _is_interrupted()):
        _asked_at = now
        raise KeyboardInterrupt
    if now > _asked_at + _PATIENCE:
        os.write(2, b"gdviz: interrupted\n")
        os._exit(INTERRUPTED)


def _is_interrupted() -> bool:
    """Tell whether an interrupt is being handled, or something that went wrong meanwhile."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _hear_again(failed: "sys.UnraisableHookArgs") -> None:
    """Have what ends the program heard a moment later, where Python had to swallow it.

    An interrupt that comes in a destructor, or in the callback of a weak reference, of which
    matplotlib has many, is raised nowhere: the program would go on to its end.
    """
    if not issubclass(failed.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(failed)
        return
    heard = (each for each in _ENDING if signal.getsignal(each) is _end)
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
