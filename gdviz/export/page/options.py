"""What a lecturer chooses of a page: its title, and words of their own."""

from dataclasses import dataclass

from gdviz.base.format import printable, printable_lines

#: Characters of either.
MAX_TITLE, MAX_TEXT = 200, 20_000
#: What a page may take on the disk, in bytes.
MAX_PAGE = 2_500_000


class PageError(ValueError):
    """An option that is refused, or a page that would be too large, in one sentence.

    Parameters
    ----------
    field : {"title", "text", ""}
        The option.
    message : str
        The sentence.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class PageOptions:
    """What stands above the map.

    Parameters
    ----------
    title : str, default ""
        The page's title, on one line; empty takes what f is called.
    text : str, default ""
        The lecturer's words, which keep their lines.

    Raises
    ------
    PageError
        If one is too long.
    """

    title: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        for field, most in (("title", MAX_TITLE), ("text", MAX_TEXT)):
            length = len(getattr(self, field))
            if length > most:
                raise PageError(
                    field, f"must have {most:,} characters at most, and this has {length:,}"
                )
        # Halves of UTF-16 pairs, which no file in UTF-8 holds, come with arguments of bytes.
        object.__setattr__(self, "title", printable(_whole(" ".join(self.title.split()))))
        lines = _whole(self.text.strip("\n")).expandtabs(4).splitlines()
        object.__setattr__(self, "text", printable_lines("\n".join(lines)))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
