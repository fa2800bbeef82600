"""The file: whole at any moment, and in the layout that other programs read."""

import json
import os
import re
import subprocess
import sys

import h5py
import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.files.landscapes import load_landscape
from gdviz.sampling.landscape_file import COMPUTED, NO_LOSS, TO_COME, Axes, create, reopen
from gdviz.sampling.subject import Plane, SamplingError
from tests.sampling.sampled import EXTENT, GRID, quadratic

AXES = Axes.over(EXTENT, GRID)
PLANE = Plane(
    ["weight", "bias"],
    [np.arange(6, dtype=np.float32).reshape(2, 3), np.array(0.5)],
    ([np.ones((2, 3), np.float32), np.array(1.0)], [np.eye(2, 3), np.array(2.0)]),
)
CELLS = np.arange(28)


def losses_at(cells):
    return quadratic(*AXES.points(cells).T)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "landscape.h5"


@pytest.fixture
def file(path):
    with create(path, AXES, PLANE, {"seed": 7}, {"python": "3"}) as file:
        yield file


def test_it_is_loss_landscapes_layout(file, path):
    file.write(CELLS, losses_at(CELLS), {})
    with h5py.File(path, "r") as found:
        x, y = found["xcoordinates"][()], found["ycoordinates"][()]
        np.testing.assert_array_equal(x, np.linspace(-1.0, 2.0, 7))
        np.testing.assert_array_equal(y, np.linspace(-0.5, 1.5, 4))
        # As plot_surface.py fills it: by flat numbers of np.meshgrid(x, y), in shape (nx, ny).
        wanted = np.empty((7, 4))
        xs, ys = (grid.ravel() for grid in np.meshgrid(x, y))
        for number in range(28):
            wanted.ravel()[number] = quadratic(xs[number], ys[number])
        np.testing.assert_array_equal(found["train_loss"], wanted)
        assert "dir_file" in found
        assert found.attrs["seed"] == 7
        assert json.loads(found.attrs["versions"]) == {"python": "3"}


@pytest.mark.parametrize("name", ["größe λ.h5", pytest.param(
    os.fsdecode(b"\xff\x1b.h5"), marks=pytest.mark.skipif("os.name != 'posix'"))])  # fmt: skip
def test_its_name_may_be_any(tmp_path, name):
    with create(tmp_path / name, AXES, PLANE, {}, {}) as file:
        file.write(CELLS, losses_at(CELLS), {})
    with reopen(tmp_path / name) as file, h5py.File(tmp_path / name, "r") as found:
        assert (file.state == COMPUTED).all()
        assert os.fsdecode(found["dir_file"][()]) == name


def test_parameters_and_directions_are_shaped_as_they_are(file, path):
    with h5py.File(path, "r") as found:
        for name, arrays in zip(
            ("center", "xdirection", "ydirection"), (PLANE.center, *PLANE.directions), strict=True
        ):
            assert list(found[name]) == ["0", "1"]
            for child, array in zip(found[name].values(), arrays, strict=True):
                assert child.dtype == array.dtype
                np.testing.assert_array_equal(child, array)
        assert json.loads(found["center"].attrs["names"]) == ["weight", "bias"]


def test_it_is_read_while_it_grows(file, path):
    with h5py.File(path, "r") as before:
        assert (before["train_loss"][()] == -1.0).all()
    file.write(np.array([5, 9]), [3.5, -1.0], {})
    with h5py.File(path, "r") as found:
        assert found["train_loss"][()].ravel()[[4, 5, 9]].tolist() == [-1.0, 3.5, -1.0]
        assert found["computed"][()].ravel()[[4, 5, 9]].tolist() == [TO_COME, COMPUTED, COMPUTED]


@pytest.mark.usefixtures("hdf5_is_read_here")
def test_gdviz_opens_it_as_a_landscape_in_which_a_loss_of_minus_one_is_one(file, path):
    known = CELLS[CELLS != 11]
    values = losses_at(known)
    values[known == 9] = -1.0
    file.write(known, values, {})
    landscape = load_landscape(path)
    wanted = losses_at(CELLS).reshape(4, 7)
    wanted.ravel()[[9, 11]] = -1.0, np.nan
    np.testing.assert_array_equal(landscape.grid.array, wanted)
    assert landscape.grid.a == tuple(AXES.a)
    assert landscape.metrics == ("train_loss",)
    assert not landscape.ambiguous
    assert landscape.notes == ("1 of 28 cells is missing",)


@pytest.mark.usefixtures("hdf5_is_read_here")
@pytest.mark.parametrize(
    ("names", "axes"), [(["x, y"], ("x", "y")), (["a, b"], ("a", "b")), (["weight"], ("a", "b"))]
)
def test_the_axes_are_called_as_what_the_loss_takes(path, names, axes):
    plane = Plane(names, [np.zeros(2)], ([np.array([1.0, 0.0])], [np.array([0.0, 1.0])]))
    assert plane.axes == axes
    with create(path, AXES, plane, {}, {}) as file:
        file.write(CELLS, losses_at(CELLS), {})
    assert load_landscape(path).grid.names == axes


def test_a_cell_without_a_loss_has_its_reason(file, path):
    file.write(np.array([3, 4, 5]), [np.nan, 2.0, np.inf], {0: "it raised", 2: "loss is inf"})
    file.write(np.array([6]), [np.nan], {0: "it raised"})
    assert file.reasons() == {"it raised": 2, "loss is inf": 1}
    assert np.isnan(file.losses().ravel()[[3, 5, 6]]).all()
    again = reopen(path)
    with again:
        assert again.reasons() == {"it raised": 2, "loss is inf": 1}
        assert np.flatnonzero(again.state == NO_LOSS).tolist() == [3, 5, 6]
    with h5py.File(path, "r") as found:
        number = found["holes/reason"][()].ravel()[6]
        assert found["holes/reasons"][number] == b"it raised"


def test_there_is_room_for_some_reasons_and_the_others_are_one(file):
    many = {k: f"reason {k}" for k in range(28)}
    for round_ in range(4):
        file.write(CELLS, [np.nan] * 28, {k: f"{text} of {round_}" for k, text in many.items()})
    assert file.reasons()["another reason: there were too many to keep them all"] == 28
    file.write(CELLS[:1], [np.nan], {0: "ä" * 400})
    assert sum(file.reasons().values()) == 28


def test_a_finer_one_has_the_cells_of_the_coarser_one(file, path):
    file.write(CELLS[:20], [*losses_at(CELLS[:19]), np.nan], {19: "it raised"})
    axes = AXES.finer((13, 10))
    with create(path, axes, PLANE, {}, {}, file) as finer:
        known = np.flatnonzero(finer.state != TO_COME)
        assert len(known) == 20
        kept = finer.losses()[::3, ::2].ravel()
        np.testing.assert_array_equal(kept[:19], losses_at(CELLS[:19]))
        assert np.isnan(kept[19:]).all()
        assert finer.reasons() == {"it raised": 1}
        np.testing.assert_array_equal(axes.a[::2], AXES.a)
        np.testing.assert_array_equal(axes.b[::3], AXES.b)


def test_a_grid_in_which_the_coarser_one_has_no_place():
    for shape in ((14, 4), (7, 5), (4, 4)):
        with pytest.raises(ValueError, match="not all among so many"):
            AXES.finer(shape)


def _named(path):
    return re.escape(str(path))


def test_only_our_own_files_are_gone_on_with(path):
    with h5py.File(path, "w") as other:
        other["xcoordinates"] = [0.0, 1.0]
    with pytest.raises(SamplingError, match=rf"^{_named(path)} was not made by gdviz sample, so "):
        reopen(path)
    with h5py.File(path, "a") as other:
        other["computed"] = [0]
        other.attrs["settings"] = "{"
    with pytest.raises(SamplingError, match=rf"^{_named(path)} is damaged: "):
        reopen(path)
    path.write_bytes(b"no HDF5")
    with pytest.raises(SamplingError, match=rf"^{_named(path)} cannot be read: no HDF5 file$"):
        reopen(path)
    path.unlink()
    with pytest.raises(SamplingError, match=rf"^there is no file {_named(path)} to go on with: "):
        reopen(path)


_FULL = """\
import resource, sys
from pathlib import Path
import numpy as np
from tests.sampling.test_landscape_file import AXES, CELLS, PLANE, create, losses_at

file = create(Path(sys.argv[1]), AXES, PLANE, {}, {})
file.write(CELLS[:9], losses_at(CELLS[:9]), {})
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
try:
    file.write(CELLS[9:], losses_at(CELLS[9:]), {})
except ValueError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
def test_where_nothing_more_can_be_written_what_was_computed_stays(path):
    done = subprocess.run([sys.executable, "-c", _FULL, path], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout == (
        f"{path} cannot be written: file too large; the file has 9 of 28 cells, and --resume goes "
        "on\n"
    )
    with reopen(path) as file:
        assert np.flatnonzero(file.state).tolist() == list(range(9))
        np.testing.assert_array_equal(file.losses().ravel()[:9], losses_at(CELLS[:9]))


def test_a_file_that_is_cut_short_meanwhile_is_said_to_be(file, path):
    with path.open("r+b") as other:
        other.truncate(100)
    said = rf"^{_named(path)} cannot be written: another program has cut it short; "
    with pytest.raises(SamplingError, match=said):
        file.write(CELLS[:9], losses_at(CELLS[:9]), {})


_FILLED_ELSEWHERE = """\
import sys
from pathlib import Path
from gdviz.sampling.landscape_file import reopen
from tests.sampling.test_landscape_file import CELLS, losses_at

with reopen(Path(sys.argv[1])) as file:
    file.write(CELLS[:9], losses_at(CELLS[:9]), {})
    print("it is open", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="it has no such locks")
def test_two_programs_do_not_fill_the_same_file(file, path):
    file.write(CELLS[:9], losses_at(CELLS[:9]), {})
    file.close()
    command = [sys.executable, "-c", _FILLED_ELSEWHERE, path]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout.readline() == "it is open\n"
        said = rf"^{_named(path)} is being filled by another program$"
        with pytest.raises(SamplingError, match=said):
            reopen(path)
        with h5py.File(path, "r") as found:  # as others read it, with HDF5's own locks
            assert np.count_nonzero(found["computed"]) == 9
        other.communicate("\n")
    with reopen(path) as mine:
        assert np.count_nonzero(mine.state) == 9


def test_axes_over_a_range():
    assert Axes.over(Range(0.0, 1.0, -2.0, 2.0), (3, 5)).extent == (0.0, 1.0, -2.0, 2.0)
