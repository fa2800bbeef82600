"""What comes from elsewhere as a sentence may hold it."""

from gdviz.base.format import printable, printable_lines


def test_a_text_of_somebodys_is_one_printable_line() -> None:
    assert printable("σ(a·x) = ½") == "σ(a·x) = ½"
    assert printable("a\nb\x1b[31m") == r"a\nb\x1b[31m"
    assert printable("a\u202eb\udce9\x00\x9b") == r"a\u202eb\udce9\x00\x9b"
    words = (
        "C:\\data\u202f– می\u200cخواهم\xa0👩\u200d🔬"  # narrow spaces and joiners are no commands
    )
    assert printable(words) == words
    assert printable("12345", 5) == "12345"
    assert printable("123456", 5) == "1234…"
    assert printable_lines("a\tb\n\x07\n") == "a\\tb\n\\x07\n"


def test_of_a_long_text_no_more_is_written_out_than_is_shown() -> None:
    class Text(str):
        """A text that cannot be written out whole."""

        def __iter__(self):  # type: ignore[no-untyped-def]
            raise AssertionError

    assert printable(Text("\x1b" * 9), 5) == "\\x1b…"
