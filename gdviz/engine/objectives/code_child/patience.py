"""How long what a person's code does may still take, by a clock that others read."""

import math
from dataclasses import dataclass


@dataclass
class Patience:
    """The seconds that are left to what runs.

    Attributes
    ----------
    limit : float
        How many it had at first, in seconds.
    what : str
        What it does, for the sentence that ends it.
    """

    limit: float
    what: str = ""
    _importing: bool = False
    _deadline: float = math.inf
    _modules: int = 0

    def allow(self, limit: float, what: str, now: float, *, importing: bool = False) -> None:
        """Let what comes take so many seconds.

        Parameters
        ----------
        limit : float
            The seconds.
        what : str
            What the code does.
        now : float
            The time, in seconds since whenever.
        importing : bool, default False
            Whether it may take longer as long as more and more modules are imported.
        """
        self.limit, self.what, self._importing = limit, what, importing
        self._deadline = now + limit

    def rest(self) -> None:
        """Take in that nothing runs any more."""
        self._deadline = math.inf

    def goes_on(self, now: float, modules: int) -> bool:
        """Tell whether it may take as long again, because more modules are there than before.

        Parameters
        ----------
        now : float
            The time.
        modules : int
            How many modules are imported.
        """
        has_more, self._modules = modules > self._modules, modules
        extended = has_more and self._importing and self._deadline < math.inf
        if extended:
            self._deadline = now + self.limit
        return extended

    def is_over(self, now: float) -> bool:
        """Tell whether it has taken too long."""
        return now > self._deadline
