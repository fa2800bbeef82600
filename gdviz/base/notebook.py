"""What a notebook shows as a picture. Who draws it is to the right of all that is drawn."""

TYPE_CHECKING = False  # this is imported with the package, which must not wait for typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar


class Pictured:
    """A value that a notebook shows as its picture.

    Attributes
    ----------
    draw : callable
        ``(value, format) -> bytes``, with "png" or "svg" for the format, which draws any of them;
        the package sets it.
    """

    draw: "ClassVar[Callable[[Any, Any], bytes]]"

    def _repr_png_(self) -> bytes:
        return Pictured.draw(self, "png")

    def _repr_svg_(self) -> str:
        return Pictured.draw(self, "svg").decode()
