"""The words of a formula: letters of other fonts are the plain ones."""

from gdviz.engine.language.lexer import plain_letters


def test_other_fonts_take_the_same_place() -> None:
    """Columns are counted in what was written, so no character may become two."""
    for codepoint in (*range(0x30000), *range(0xE0000, 0xE0200)):  # all that are assigned
        assert len(plain_letters(chr(codepoint))) == 1
