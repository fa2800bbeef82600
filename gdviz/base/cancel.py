"""How a long computation is told to stop, and how it says how far it is."""


class Cancelled(Exception):  # noqa: N818 - control flow, like concurrent.futures.CancelledError
    """The result is no longer wanted."""


def no_progress(_done: float) -> None:
    """Take the share that is done, from 0 to 1, where the caller does not ask for it."""
