"""What changes between frames, and the colours that they share."""

import numpy as np
import pytest

from gdviz.export.animation.pixels import NOTHING, Palette, as_bytes, patches

RED, GREEN, WHITE = 0xFF0000FF, 0xFF00FF00, 0xFFFFFFFF


def plain(color=WHITE, shape=(6, 9)):
    return np.full(shape, color, np.uint32)


def with_dot(top, left, color=RED):
    frame = plain()
    frame[top, left] = color
    return frame


def test_a_patch_is_the_smallest_box_that_changes():
    first, second, third = patches([plain(), with_dot(2, 5), with_dot(4, 3)], [0, 1, 2, 5])
    assert (first.left, first.top, first.pixels.shape, first.changed) == (0, 0, (6, 9), None)
    assert (second.left, second.top, second.pixels.tolist()) == (5, 2, [[RED]])
    assert (third.left, third.top, third.pixels.shape) == (3, 2, (3, 3))
    np.testing.assert_array_equal(third.changed, [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    assert [(p.start, p.end) for p in (first, second, third)] == [(0, 1), (1, 2), (2, 5)]


def test_frames_that_are_alike_are_one_that_lasts_longer():
    frames = [plain(), plain(), with_dot(0, 0), with_dot(0, 0), with_dot(0, 0)]
    found = list(patches(frames, [0, 1, 2, 3, 4, 9]))
    assert [(patch.start, patch.end) for patch in found] == [(0, 2), (2, 9)]
    assert list(patches([], [0.0])) == []


def test_what_lasts_longer_than_a_format_can_say_is_followed_by_a_pixel_that_stays():
    found = list(patches([plain(), with_dot(2, 5), plain()], [0, 1, 8, 9], longest=3.0))
    assert [(p.start, p.end) for p in found] == [(0, 1), (1, 4), (4, 7), (7, 8), (8, 9)]
    assert [p.changed is None or bool(p.changed.any()) for p in found] == [1, 1, 0, 0, 1]
    assert [p.pixels.shape for p in found[1:4]] == [(1, 1)] * 3
    assert [(p.left, p.top) for p in found[1:4]] == [(5, 2)] * 3


@pytest.mark.parametrize("left", [4, 5])
def test_patches_begin_at_even_places_where_a_format_counts_by_two(left):
    _, patch = patches([plain(), with_dot(3, left)], [0, 1, 2], even=True)
    assert (patch.left, patch.top) == (4, 2)
    assert patch.pixels[1, left - 4] == RED
    assert patch.changed.sum() == 1


def test_frequent_colours_are_kept_and_others_are_the_nearest():
    """More colours than the palette has; each is mapped to the nearest there is."""
    rng = np.random.default_rng(1)
    frame = rng.integers(0, 1 << 24, (40, 50), np.uint32) | 0xFF000000
    frame[:20] = WHITE
    frame[20:24] = RED
    palette = Palette([frame])
    (patch,) = patches([frame], [0, 1])
    places = palette.places(patch)
    assert places.max() < NOTHING
    colors = np.frombuffer(palette.bytes, np.uint8).reshape(-1, 3).astype(int)
    assert len(colors) == 256
    np.testing.assert_array_equal(colors[places[:20]], np.full((20, 50, 3), 255))
    np.testing.assert_array_equal(colors[places[20:24]], np.full((4, 50, 3), (255, 0, 0)))
    wanted = as_bytes(frame)[24:, :, :3].reshape(-1, 1, 3).astype(int)
    distances = np.linalg.norm(wanted - colors[None, :NOTHING], axis=2)
    taken = distances[np.arange(len(wanted)), places[24:].ravel()]
    np.testing.assert_allclose(taken, distances.min(axis=1))


def test_few_colours_are_all_kept_and_what_stays_is_nothing():
    frames = [plain(), with_dot(2, 5), with_dot(2, 7, GREEN)]
    palette = Palette(frames)
    *_, patch = patches(frames, [0, 1, 2, 3])
    places = palette.places(patch)
    assert places[0, 1] == NOTHING
    colors = np.frombuffer(palette.bytes, np.uint8).reshape(-1, 3)
    np.testing.assert_array_equal(colors[places[0, [0, 2]]], [(255, 255, 255), (0, 255, 0)])
