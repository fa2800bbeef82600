"""What comes from elsewhere as a sentence may hold it."""

from gdviz.base.format import printable


def test_a_text_of_somebodys_is_one_printable_line() -> None:
    assert printable("σ(a·x) = ½") == "σ(a·x) = ½"
    assert printable("a\nb\x1b[31m") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[31m"
    assert printable("12345", 5) == "12345"
    assert printable("123456", 5) == "1234…"
