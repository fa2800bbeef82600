"""What computes blocks: threads here, each with a process of its own, or a cluster of Dask's."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

from gdviz import __version__
from gdviz.base.cancel import Cancelled
from gdviz.sampling import blocks
from gdviz.sampling.plane_loss import versions
from gdviz.sampling.subject import SamplingError

#: Seconds for which a scheduler is waited for, and between two counts of its workers.
_PATIENCE, _COUNTED = 5.0, 2.0
#: Seconds between two looks at whether the scheduler is still wanted.
_LOOK = 0.05
#: What addresses begin with that are a host and a port.
_WITH_A_PORT = {"tcp", "tls"}
_LOGGERS = ("distributed", "dask", "tornado")
_MISSING = re.compile(r"^(ModuleNotFound|Import)Error\b")
#: Seconds of a block: here, and where each is a task of Dask's, which costs 30 ms of its own.
_BLOCK, _DASK_BLOCK = 0.25, 0.6


@dataclass(frozen=True)
class Workers:
    """What computes blocks.

    Parameters
    ----------
    executor : Executor
        It runs the functions of :mod:`gdviz.sampling.blocks`.
    count : callable
        Returns how many blocks it computes at once.
    seconds : float
        What a block should take.
    lost : tuple of exception types
        What a future holds whose worker ended, or was taken away: its block is given out again.
    why_gone : callable
        Says why nothing can be computed any more; empty as long as something can.
    """

    executor: Executor
    count: Callable[[], int]
    seconds: float
    lost: tuple[type[BaseException], ...] = ()
    why_gone: Callable[[], str] = str


@contextmanager
def on_this_machine(count: int, token: str) -> Iterator[Workers]:
    """Hand out processes of this machine, so many, for a run."""
    executor = ThreadPoolExecutor(count, thread_name_prefix="gdviz-sampling")
    try:
        yield Workers(executor, lambda: count, _BLOCK)
    finally:
        blocks.end(token)
        executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def on_dask(address: str, token: str, cancelled: Callable[[], bool] = bool) -> Iterator[Workers]:
    """Hand out the workers of a cluster of Dask's.

    Parameters
    ----------
    address : str
        Of its scheduler, such as ``tcp://127.0.0.1:8786``.
    token : str
        Of the run.
    cancelled : callable, optional
        Tells whether it is no longer wanted, while the scheduler is waited for.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    SamplingError
        If Dask is not installed, nothing listens there, it has no workers, or one of them cannot
        compute what this program would.
    """
    try:
        import distributed
    except ImportError:
        raise SamplingError(
            "--scheduler needs Dask, which is not installed: pip install 'gdviz[dask]'",
            about="scheduler",
        ) from None
    with _logged_with_ours():
        client = _connected(distributed, address, cancelled)
        try:
            if why := _unfit(client):
                raise SamplingError(why, about="scheduler")
            yield Workers(
                client.get_executor(pure=False), _count(client), _DASK_BLOCK,
                _lost_with_a_worker(distributed),
                lambda: "" if client.status == "running" else f"{address} no longer answers",
            )  # fmt: skip
        finally:
            with suppress(Exception):  # of whatever kind: it may be gone
                if client.status == "running" and client.nthreads():
                    client.run(blocks.end, token, on_error="ignore")
                client.close(timeout=_PATIENCE)


def _connected(distributed: Any, address: str, cancelled: Callable[[], bool]) -> Any:
    """Return a client of a scheduler, which is not waited for where nobody wants it any more."""
    answer: Future[Any] = Future()
    # A daemon, which no end of the program waits for.
    Thread(target=_connect, args=(distributed, address, answer), daemon=True).start()
    while not wait([answer], _LOOK).done:
        if cancelled():
            answer.add_done_callback(_let_go)
            raise Cancelled
    try:
        return answer.result()
    except (OSError, ValueError, TypeError) as error:
        raise SamplingError(
            f"no scheduler answers at {address}: {_why(error)}", about="scheduler"
        ) from None


def _connect(distributed: Any, address: str, answer: "Future[Any]") -> None:
    import warnings

    try:
        if address.partition("://")[0] in _WITH_A_PORT | {address}:
            # Of what is no address a client is left that fails again when it is let go of.
            distributed.comm.get_address_host_port(address)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions that differ are looked at when it answers
            client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except BaseException as error:  # whatever it is, it is told where it was asked for
        answer.set_exception(error)
    else:
        answer.set_result(client)


def _let_go(answer: "Future[Any]") -> None:
    if answer.exception() is None:
        answer.result().close(timeout=_PATIENCE)


@contextmanager
def _logged_with_ours() -> Iterator[None]:
    """Let what Dask logs, tracebacks among it, go to the program's log instead of the terminal."""
    known = [logging.getLogger(name) for name in sorted(logging.root.manager.loggerDict)]
    theirs = [logger for logger in known if logger.name.partition(".")[0] in _LOGGERS]
    before = [(logger, logger.handlers, logger.propagate) for logger in theirs]
    ours = logging.getLogger("gdviz").handlers or [logging.NullHandler()]
    for logger in theirs:
        logger.handlers, logger.propagate = ours, False
    try:
        yield
    finally:
        for logger, handlers, propagates in before:
            logger.handlers, logger.propagate = handlers, propagates


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _lost_with_a_worker(distributed: Any) -> tuple[type[BaseException], ...]:
    from concurrent.futures import CancelledError

    return (
        distributed.KilledWorker, CancelledError, distributed.CancelledError,
        distributed.comm.CommClosedError,
    )  # fmt: skip


def _count(client: Any) -> Callable[[], int]:
    """Return what counts the threads of a cluster, which may come and go."""
    known, counted = 1, -_COUNTED

    def count() -> int:
        nonlocal known, counted
        if time.monotonic() - counted > _COUNTED:
            with suppress(Exception):  # of whatever kind: it may be gone
                known = max(1, sum(client.nthreads().values()))
            counted = time.monotonic()
        return known

    return count


def _unfit(client: Any) -> str:
    """Say why the workers of a cluster cannot compute what this program would."""
    said = client.get_versions()["workers"]
    # Dask says 3.12.1.final.0.
    pythons = {
        address: ".".join(of_it["host"]["python"].split(".")[:3]) for address, of_it in said.items()
    }
    if not pythons:
        return "the scheduler has no workers: start some with: dask worker ADDRESS"
    found = {}
    if not (why := why_unfit({at: {"python": python} for at, python in pythons.items()})):
        found = client.run(versions, on_error="return")
        why = why_unfit(found)
    return why


def why_unfit(found: dict[str, Any]) -> str:
    """Say why workers cannot compute what this program would; empty if they can.

    Parameters
    ----------
    found : dict of str to (dict of str to str, or Exception)
        By a worker's address, its versions as far as they were asked for, or what asking raised.
    """
    mine = versions()
    for address, theirs in found.items():
        if isinstance(theirs, Exception):
            # What a worker cannot unpickle comes as another exception, with the first one's text.
            if isinstance(theirs, ImportError) or _MISSING.search(str(theirs)):
                return (
                    f"the worker {address} has no gdviz, or lacks what it needs ({theirs}): "
                    f"install gdviz {__version__} in its Python"
                )
            return f"the worker {address} cannot compute: {_why(theirs)}"
        for name, digits, thing in (("python", 2, "Python"), ("gdviz", 3, "gdviz")):
            version = theirs.get(name, mine[name])
            if version.split(".")[:digits] != mine[name].split(".")[:digits]:
                return (
                    f"the worker {address} runs {thing} {version}, and here it is {mine[name]}: "
                    "use the same on both"
                )
    return ""
