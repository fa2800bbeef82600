"""How fast an animation goes, how long it rests, how often it is seen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from gdviz.scene.animation.animation_error import AnimationError

#: Bounds of the frames a second, of the pause in seconds, and of the loops. Viewers show a GIF's
#: frames for a tenth of a second if they are to be seen for less than a fiftieth.
FPS, PAUSE, LOOPS = (0.1, 50.0), (0.0, 60.0), (0, 65535)


@dataclass(frozen=True)
class Motion:
    """How frames follow each other.

    Parameters
    ----------
    fps : float, default 12
        Frames a second.
    pause : float, default 1.5
        Seconds for which the last frame is seen longer.
    loops : int, default 0
        How often the whole is seen; 0 is for ever. Videos leave that to the player.

    Raises
    ------
    AnimationError
        If a number is out of bounds.
    """

    fps: float = 12.0
    pause: float = 1.5
    loops: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in (("fps", FPS), ("pause", PAUSE), ("loops", LOOPS)):
            value = getattr(self, name)
            if not low <= value <= high:
                message = f"must be between {low:g} and {high:g}, not {value:g}"
                raise AnimationError(name, message)

    def seconds(self, frames: int) -> float:
        """Return how long so many frames are seen."""
        return frames / self.fps + self.pause

    def times(self, frames: int) -> Iterator[float]:
        """Yield when each of so many frames begins, and at last when it is over; in seconds."""
        for k in range(frames):
            yield k / self.fps
        yield self.seconds(frames)

    def repeats(self) -> int:
        """Return how often the last frame is shown again, where all last equally long."""
        return math.ceil(self.pause * self.fps - 1e-9)
