"""Parameters as a vector: of all arrays, there and back again."""

import numpy as np
import pytest

from gdviz.engine.objectives.network.vectors import bytes_of, flat, place, shaped

ARRAYS = [np.arange(6.0, dtype=np.float32).reshape(2, 3), np.array(6.0), np.arange(7.0, 11.0)]


def test_a_vector_is_the_arrays_one_after_the_other():
    vector = flat(ARRAYS)
    assert vector.dtype == np.float64
    assert vector.tolist() == list(range(11))
    again = shaped(vector, ARRAYS)
    assert [part.shape for part in again] == [(2, 3), (), (4,)]
    assert all(np.array_equal(part, array) for part, array in zip(again, ARRAYS, strict=True))


@pytest.mark.parametrize(
    ("coordinate", "wanted"), [(0, (0, 0)), (5, (0, 5)), (6, (1, 0)), (7, (2, 0)), (10, (2, 3))]
)
def test_each_number_has_its_place(coordinate: int, wanted: tuple[int, int]):
    assert place(coordinate, ARRAYS) == wanted


def test_bytes_are_those_of_all():
    assert bytes_of([*ARRAYS, 0.5]) == 24 + 8 + 32 + 8
