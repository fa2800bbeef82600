"""Processes of this program's, which end when it does, with all that they have started.

They end whichever way this one goes: closed, crashed or killed. On Linux and macOS a guard sees to
that (:mod:`gdviz.base.child_main`), on Windows a job object.
"""

import os
import socket
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Self

from gdviz.base import child_main

#: Seconds that a guard may take to end all.
_LONGEST = 5.0
#: How threads of OpenMP, by which PyTorch computes, wait for one another, unless the person says
#: otherwise: asleep. They would spin, and so keep a processor that others want from the thread that
#: they wait for.
_WAITING = {"OMP_WAIT_POLICY": "PASSIVE"}


class ChildProcess:
    """A process in which a module's ``main()`` runs, apart from the current folder.

    It ends when this one does, when it is let go of, and at the end of a ``with``.

    Parameters
    ----------
    module : str
        The module's full name. What lies in the current folder, or beside this package, does not
        stand in for modules of the standard library, and for none that is installed.
    arguments : sequence of str
        What it finds in ``sys.argv[1:]``.
    connects : bool, default False
        Whether it gets a socket, whose number is the last of its arguments: `connection` is the
        other end.
    environment : mapping of str to str, optional
        Variables on top of this process's.
    **streams
        ``stdin``, ``stdout`` and ``stderr``, as for :class:`subprocess.Popen`; by default nothing
        comes in or out.

    Attributes
    ----------
    process : subprocess.Popen
        The process, or its guard, which ends with it and returns the same code.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        connects: bool = False,
        environment: Mapping[str, str] | None = None,
        **streams: int,
    ) -> None:
        ours, its_end = socket.socketpair() if connects else (None, None)
        passes = [] if its_end is None else [its_end.fileno()]
        numbers = [str(number) for number in passes]
        python, its_variables = _interpreter()
        settings: dict[str, Any] = {
            **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL),
            **streams,
            "env": {**_WAITING, **os.environ, **its_variables, **(environment or {})},
            "bufsize": 0,
        }
        if sys.platform == "win32":
            lifeline = theirs = -1
            for handle in passes:
                os.set_handle_inheritable(handle, True)
            settings["startupinfo"] = subprocess.STARTUPINFO(
                lpAttributeList={"handle_list": passes}
            )
            # Neither a console of its own nor the Ctrl-C of ours.
            settings["creationflags"] = (
                subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
            )
        else:
            theirs, lifeline = os.pipe()
            settings |= {"pass_fds": [theirs, *passes], "start_new_session": True}
        # -P: nothing is imported from the current folder, nor from that of the script.
        command = [python, "-P", child_main.__file__, str(theirs), ",".join(numbers)]
        try:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
                [*command, module, *arguments, *numbers], **settings
            )
        except BaseException:
            _close(lifeline, ours)
            raise
        finally:
            _close(theirs, its_end)  # so that here is seen when the process closes them
        self._connection, job = ours, None
        if sys.platform == "win32":
            from gdviz.base.windows_job import Job

            job = Job(self.process)
        self._finalizer = weakref.finalize(self, _end, self.process, lifeline, ours, job)

    @property
    def connection(self) -> socket.socket:
        """Our end of the socket."""
        assert self._connection is not None
        return self._connection

    def take_output(self) -> IO[bytes]:
        """Hand over the pipe that ``stdout`` asked for; whoever takes it closes it."""
        pipe, self.process.stdout = self.process.stdout, None
        assert pipe is not None
        return pipe

    def end(self) -> None:
        """End it now, with all that it has started."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def _interpreter() -> tuple[str, dict[str, str]]:
    """Return what to run, and the variables with which it finds what is installed.

    What a virtual environment of Windows calls Python only starts the other one, which would be in
    no job if that comes before the job does.

    References
    ----------
    multiprocessing.popen_spawn_win32 of CPython, and its bpo-35797.
    """
    base = getattr(sys, "_base_executable", sys.executable)
    if os.name != "nt" or base == sys.executable:
        return sys.executable, {}
    return base, {"__PYVENV_LAUNCHER__": sys.executable}


def _end(
    process: "subprocess.Popen[bytes]", lifeline: int, connection: socket.socket | None, job: Any
) -> None:
    _close(lifeline, connection)
    if job is not None:
        job.close()
    try:
        process.wait(_LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    streams: tuple[IO[bytes] | None, ...] = (process.stdin, process.stdout, process.stderr)
    for stream in streams:
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _close(descriptor: int, connection: socket.socket | None) -> None:
    if connection is not None:
        connection.close()
    if descriptor >= 0:
        os.close(descriptor)
