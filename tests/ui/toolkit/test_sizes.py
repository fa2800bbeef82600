"""Sizes of text and strokes: one after the other, and no further than to the ends."""

from gdviz.ui.toolkit.sizes import TEXT_SIZES, next_size, widened


def test_sizes_follow_each_other_and_end():
    size, seen = TEXT_SIZES[0], []
    while size != next_size(TEXT_SIZES, size, 1):
        seen.append(size)
        size = next_size(TEXT_SIZES, size, 1)
    assert (*seen, size) == TEXT_SIZES
    assert next_size(TEXT_SIZES, TEXT_SIZES[0], -1) == TEXT_SIZES[0]
    assert next_size(TEXT_SIZES, 1.2, -1) == 1.15  # one that settings hold, between two
    assert next_size(TEXT_SIZES, 1.2, 1) == 1.3


def test_an_axis_is_as_much_wider_as_its_digits_and_never_narrower_than_usual():
    assert widened(58, 8) == 58
    assert widened(58, 16) == 116
    assert widened(58, 4) == 58
