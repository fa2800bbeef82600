"""Run as a program of its own: the first thing in a child process, see :mod:`.child_process`.

It imports nothing but the standard library and what is installed: neither from the current folder
nor from the one in which this package lies, but for the package itself.

On Linux and macOS it stays behind as a guard: the module that was asked for runs in a fork of it,
in a process group of its own. A guard is another process because what it guards may hang with
Python's lock in its hands, or die, and what it has started is then still there. The guard ends that
all, and itself, when the module comes to its end or the parent does, however it dies: each holds
the one end of a pipe, the lifeline, that nobody else has. On Linux what was started cannot escape
it; on macOS what leaves the process group can.
"""

# ruff: noqa: E402
import os
import sys

#: Where the standard library is; it comes first, though PYTHONPATH may name the current folder.
STANDARD = (os.path.dirname(os.__file__), os.path.dirname(os.__file__) + os.sep + "lib-dynload")  # noqa: PTH120
if __name__ == "__main__":
    sys.path.sort(key=lambda folder: folder not in STANDARD)

import importlib.util
import signal
import time
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path

#: Seconds between two looks at the parent, beyond the lifeline: forks of it may hold its end.
_LOOK = 1.0
#: Seconds in which what the module has started may come to its end, as the tracker of Python that
#: removes shared memory does, before it is killed; and between two looks at that.
_LEAVE, _GLANCE = 0.3, 0.002
#: Of Linux's prctl().
_SET_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36


def main() -> None:
    """Import the module that the command line names, and call its ``main``."""
    lifeline, passed, module, *arguments = sys.argv[1:]
    if sys.platform != "win32":
        _guard(int(lifeline), [int(descriptor) for descriptor in passed.split(",") if descriptor])
    sys.argv = [module, *arguments]
    _load_package(module.partition(".")[0])
    importlib.import_module(module).main()


def _load_package(name: str) -> None:
    """Import a package that lies where this one does, though another version may be installed."""
    spec = PathFinder.find_spec(name, [str(Path(__file__).parents[2])])
    if spec is not None and spec.loader is not None:
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])


if sys.platform != "win32":
    import select

    def _guard(lifeline: int, passed: list[int]) -> None:
        """Fork; return in the fork only, which ends with its guard."""
        parent, guard = os.getppid(), os.getpid()
        _prctl(_SET_CHILD_SUBREAPER, 1)  # so that what outlives its own parent becomes our child
        worker = os.fork()
        if worker:
            for descriptor in passed:
                os.close(descriptor)
            os._exit(_watch(worker, lifeline, parent))
        os.close(lifeline)
        os.setpgid(0, 0)
        # Not for the guard itself: to Linux the parent is the thread that started it, which ends.
        _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(1)

    def _watch(worker: int, lifeline: int, parent: int) -> int:
        """Wait for the end of the worker or the parent, end what is left, and return a code."""
        with suppress(OSError):
            os.setpgid(worker, worker)  # whichever of the two is first
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        poll = select.poll()
        poll.register(lifeline, select.POLLIN)
        poll.register(woken, select.POLLIN)
        while True:
            if (status := _reaped().get(worker)) is not None:
                break
            ready = {descriptor for descriptor, _ in poll.poll(_LOOK * 1000)}
            if lifeline in ready or os.getppid() != parent:
                break
            if woken in ready and set(os.read(woken, 4096)) != {signal.SIGCHLD}:
                break
        _end(worker)
        code = 0 if status is None else os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def _end(worker: int) -> None:
        """Kill the worker, let what it has started come to its end, and kill what does not."""
        with suppress(OSError):
            os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + _LEAVE
        while True:
            is_late = time.monotonic() > deadline
            if not _send(worker, signal.SIGKILL if is_late else signal.SIGTERM):
                return
            _reaped()
            time.sleep(_GLANCE)

    def _send(group: int, number: int) -> bool:
        """Signal all that is left; tell whether there was anything."""
        found = False
        with suppress(OSError):
            os.killpg(group, number)
            found = True
        for child in _children():  # some of which may have left the group
            with suppress(OSError):
                os.kill(child, number)
                found = True
        return found

    def _children() -> list[int]:
        try:
            return list(map(int, Path("/proc/thread-self/children").read_text().split()))
        except (OSError, ValueError):  # not Linux: all that can be found is the group
            return []

    def _reaped() -> dict[int, int]:
        """Return the statuses of the children that have ended since."""
        statuses = {}
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG)) != (0, 0):
                statuses[found[0]] = found[1]
        return statuses

    def _prctl(option: int, value: int) -> None:
        """Set something that only Linux has."""
        if sys.platform == "linux":
            with suppress(ImportError, OSError, AttributeError):
                import ctypes

                ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


if __name__ == "__main__":
    main()
