"""HDF5 as netCDF, MATLAB, R, Octave and h5py write it, netCDF 3, and MATLAB before 7.3."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import netcdf_file, savemat

from gdviz.experiment.open_file import kind_of
from gdviz.files.landscapes import (
    LandscapeError,
    RangeNeeded,
    load_landscape,
    load_trajectory,
)
from tests.files.landscape_formats.written_files import X5, X7, Y4, Y5, assert_is_bowl, bowl

pytestmark = pytest.mark.usefixtures("hdf5_is_read_here")

X, Y = np.meshgrid(X7, Y4)
Z = bowl(X, Y)
NO_SCALE = "This is a netCDF dimension but not a netCDF variable.   4"


def hdf5(path: Path, **arrays: Any) -> Path:
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def netcdf4(path: Path, loss: Any, *dimensions: tuple[str, Any]) -> Path:
    """As xarray writes it with netCDF4 or h5netcdf: dimension scales that are attached."""
    with h5py.File(path, "w") as file:
        values = file.create_dataset("loss", data=loss)
        for k, (name, axis) in enumerate(dimensions):
            is_scale = axis is not None
            title = name if is_scale else NO_SCALE
            scale = file.create_dataset(name, data=axis if is_scale else np.zeros(loss.shape[k]))
            scale.make_scale(title)
            values.dims[k].attach_scale(scale)
    return path


def rhdf5(path: Path, **arrays: Any) -> Path:
    """As R's rhdf5: by columns, so that HDF5 has the dimensions the other way round."""
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=np.transpose(array)).attrs["rhdf5-NA.OK"] = 1
    return path


def matlab73(path: Path, **arrays: Any) -> Path:
    """As MATLAB's save -v7.3: by columns, vectors as matrices, a text before the HDF5."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, array in arrays.items():
            data = np.transpose(np.atleast_2d(array))
            file.create_dataset(name, data=data).attrs["MATLAB_class"] = np.bytes_("double")
        text = file.create_dataset("note", data=np.array([[104], [105]], "u2"))
        text.attrs["MATLAB_class"] = np.bytes_("char")
    with path.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\2IM")
    return path


def octave(path: Path, **arrays: Any) -> Path:
    """As Octave's save -hdf5: a group for each variable; x = -1:1/3:1 as its ends and its step."""
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            group = file.create_group(name)
            group.attrs["OCTAVE_NEW_FORMAT"] = np.uint8(1)
            group["type"] = np.bytes_("matrix")
            group["value"] = np.transpose(array) if isinstance(array, np.ndarray) else array
    return path


RANGE = np.array((-1.0, 1.0, 1 / 3), [("base", "f8"), ("limit", "f8"), ("increment", "f8")])[()]
#: Files of the bowl over X7 and Y4, by what writes them.
WRITERS: dict[str, Callable[[Path], Path]] = {
    "h5py.h5": lambda p: hdf5(p, x=X7, y=Y4, loss=Z.T),
    "h5py_pictures.h5": lambda p: hdf5(p, x=X7, y=Y4, loss=Z),
    "losscape.h5": lambda p: hdf5(p, X=X, Y=Y, losses=Z),
    "group.h5": lambda p: hdf5(p, **{"run/x": X7, "run/y": Y4, "run/loss": Z, "run/seed": 1.0}),
    "flat.h5": lambda p: hdf5(p, x=X.ravel(), y=Y.ravel(), loss=Z.ravel()),
    "table.h5": lambda p: hdf5(
        p, sweep=np.rec.fromarrays([X.ravel(), Y.ravel(), Z.ravel()], names="x,y,loss")
    ),
    "xarray.nc": lambda p: netcdf4(p, Z, ("y", Y4), ("x", X7)),
    "other_order.nc": lambda p: netcdf4(p, Z.T, ("x", X7), ("y", Y4)),
    "rhdf5.h5": lambda p: rhdf5(p, a=X7, b=Y4, L=Z.T),
    "hdf5r.h5": lambda p: hdf5(p, a=X7, b=Y4, L=Z),
    "seven.mat": lambda p: matlab73(p, x=X7, y=Y4, Z=Z),
    "meshgrid.mat": lambda p: matlab73(p, X=X, Y=Y, Z=Z),
    "octave.h5": lambda p: octave(p, x=RANGE, y=Y4[None], Z=Z),
    "five.mat": lambda p: savemat(p, {"x": X7, "y": Y4, "Z": Z, "note": "hi"}) or p,
    "packed.mat": lambda p: savemat(p, {"X": X, "Y": Y, "Z": Z}, do_compression=True) or p,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer(tmp_path: Path, name: str) -> None:
    path = WRITERS[name](tmp_path / name)
    assert kind_of(path) == "landscape"
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert not found.ambiguous


def as_written(path: Path) -> Path:
    """Unpack a file that the program itself wrote: R 4.2 with rhdf5 and hdf5r, Octave 7.3."""
    packed = Path(__file__).parent / "as_written" / f"{path.name}.gz"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("rhdf5_xyz.h5", ("x", "y")),
        ("rhdf5_sq.h5", ("x", "y")),  # 5 × 5
        ("rhdf5_df.h5", ("x", "y")),  # a data frame of expand.grid
        ("rhdf5_list.h5", ("x", "y")),
        ("hdf5r_xyz.h5", ("x", "y")),
        ("octave_xyz.h5", ("x", "y")),
        ("octave_range_xy.h5", ("xr", "y")),  # xr = -1:1/3:1
        ("octave_struct.h5", ("x", "y")),
        ("octave_struct_v7.mat", ("x", "y")),
        ("octave_xyz_v7.mat", ("x", "y")),
        ("octave_xyz_v4.mat", ("x", "y")),
    ],
)
def test_what_r_and_octave_wrote(tmp_path: Path, name: str, names: tuple[str, str]) -> None:
    """L = 1 + x² + 10y² + 0.3x + 0.7xy from −1 to 1 and from 0 to 2, at each point."""
    found = load_landscape(as_written(tmp_path / name))
    grid = found.grid
    a, b = np.linspace(-1, 1, 5 if "sq" in name else 7), np.linspace(0, 2, 5 if "sq" in name else 4)
    assert grid.names == names
    assert (*grid.a, *grid.b) == pytest.approx((*a, *b), abs=1e-12)
    x, y = np.meshgrid(a, b)
    assert grid.array == pytest.approx(1 + x**2 + 10 * y**2 + 0.3 * x + 0.7 * x * y)
    assert found.ambiguous is ("sq" in name)


def test_axes_that_are_attached_are_certain_of_a_square_too(tmp_path: Path) -> None:
    z = bowl(X5[:, None], Y5)
    found = load_landscape(netcdf4(tmp_path / "s.nc", z, ("w0", X5), ("w1", Y5)))
    assert_is_bowl(found.grid, X5, Y5)
    assert (found.grid.names, found.ambiguous) == (("w0", "w1"), False)
    found = load_landscape(netcdf4(tmp_path / "s.nc", z.T, ("w1", Y5), ("w0", X5)))
    assert_is_bowl(found.grid, X5, Y5)


@pytest.mark.parametrize("is_transposed", [False, True])
def test_coordinates_along_dimensions_of_other_names_are_certain(
    tmp_path: Path, is_transposed: bool
) -> None:
    """As xarray writes coords={"w0": ("i", …), "w1": ("j", …)}, and netCDF 3 as well."""
    z = bowl(X5[:, None], Y5)
    stored, order = (z.T, ("j", "i")) if is_transposed else (z, ("i", "j"))
    path = netcdf4(tmp_path / "s.nc", stored, *((name, None) for name in order))
    with h5py.File(path, "a") as file:
        for name, axis, dimension in (("w0", X5, "i"), ("w1", Y5, "j")):
            file.create_dataset(name, data=axis).dims[0].attach_scale(file[dimension])
    with netcdf_file(tmp_path / "s3.nc", "w") as old:
        for dimension in order:
            old.createDimension(dimension, 5)
        for name, values, along in (("w0", X5, "i"), ("w1", Y5, "j"), ("loss", stored, order)):
            old.createVariable(name, "d", tuple(along))[:] = values
    for each in (path, tmp_path / "s3.nc"):
        found = load_landscape(each)
        assert_is_bowl(found.grid, X5, Y5)
        assert (found.grid.names, found.ambiguous) == (("w0", "w1"), False)


def test_a_dimension_without_coordinates_has_none(tmp_path: Path) -> None:
    """netCDF keeps an array of zeros for it."""
    path = netcdf4(tmp_path / "s.nc", Z, ("y", None), ("x", None))
    with pytest.raises(RangeNeeded, match=r"\(loss, 4 × 7\)"):
        load_landscape(path)
    found = load_landscape(path, extent=(-1.0, 1.0, -0.5, 1.0))
    assert_is_bowl(found.grid, X7, Y4)  # which axis is which, its names tell
    assert (found.grid.names, found.ambiguous) == (("x", "y"), False)


@pytest.mark.parametrize("at", [0, 2])
def test_a_dimension_of_seeds(tmp_path: Path, at: int) -> None:
    """As xarray.concat makes it: the mean is drawn, with its spread, and each can be."""
    dimensions = [("y", Y4), ("x", X7)]
    dimensions.insert(at, ("seed", np.array([3.0, 4.0, 8.0])))
    path = netcdf4(tmp_path / "s.nc", np.stack([Z - 1, Z, Z + 1], axis=at), *dimensions)
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.metrics == ("loss (mean over seed)", "loss (seed 3)", "loss (seed 4)",
                             "loss (seed 8)")  # fmt: skip
    assert found.notes[0] == (
        "each value is the mean over 3 values of seed, whose standard deviation is 1 in the "
        "median and 1 at most"
    )
    assert load_landscape(path, metric="loss (seed 8)").grid.values[0][0] == Z[0, 0] + 1
    assert_is_bowl(load_landscape(path, metric="loss").grid, X7, Y4)


def test_dimensions_of_epochs_of_a_parameter_and_of_one_point(tmp_path: Path) -> None:
    three = np.stack([Z - 1, Z])
    axes = ("y", Y4), ("x", X7)
    found = load_landscape(netcdf4(tmp_path / "s.nc", three, ("epoch", np.arange(2.0)), *axes))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.metric == "loss (epoch 1)"
    found = load_landscape(netcdf4(tmp_path / "s.nc", three + 1, ("size", np.array([8, 9])), *axes))
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.metric, found.notes[0][:7]) == ("loss (size 8)", "what is")
    found = load_landscape(netcdf4(tmp_path / "s.nc", Z[None], ("time", np.zeros(1)), *axes))
    assert_is_bowl(found.grid, X7, Y4)


def test_coordinates_outside_of_the_losses_group(tmp_path: Path) -> None:
    found = load_landscape(hdf5(tmp_path / "s.nc", **{"x": X7, "y": Y4, "run/loss": Z}))
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.metric, found.grid.names) == ("run/loss", ("x", "y"))


def test_cells_of_netcdf_that_were_never_written(tmp_path: Path) -> None:
    """They hold 9.97e36 where no other number is said to mean that."""
    losses = np.where(Z > 9, 9.969209968386869e36, Z)
    found = load_landscape(netcdf4(tmp_path / "s.nc", losses, ("y", Y4), ("x", X7)))
    assert found.grid.holes == np.count_nonzero(Z > 9) > 0
    assert np.nanmax(found.grid.array) <= 9


def test_an_axis_is_no_surface_whatever_it_is_called(tmp_path: Path) -> None:
    """In netCDF 3 a coordinate variable is its own scale; losses on a line have one as well."""
    with netcdf_file(tmp_path / "three.nc", "w") as file:
        for name, axis in (("u", X7), ("v", Y4)):
            file.createDimension(name, len(axis))
            file.createVariable(name, "d", (name,))[:] = axis
        file.createVariable("J", "d", ("v", "u"))[:] = Z
    assert_is_bowl(load_landscape(tmp_path / "three.nc").grid, X7, Y4)
    line = load_landscape(netcdf4(tmp_path / "line.nc", X7**2, ("x", X7))).grid
    assert line.array[0] == pytest.approx(X7**2)


def test_packed_and_missing_numbers_of_netcdf(tmp_path: Path) -> None:
    packed = np.round((Z - 5) / 0.001).astype("i2")
    packed[0, 0] = -9999
    path = netcdf4(tmp_path / "s.nc", packed, ("y", Y4), ("x", X7))
    attributes = {"scale_factor": 0.001, "add_offset": 5.0, "_FillValue": np.int16(-9999)}
    with h5py.File(path, "a") as file:
        file["loss"].attrs.update(attributes)
    with netcdf_file(tmp_path / "three.nc", "w") as file:
        for name, axis in (("x", X7), ("y", Y4)):
            file.createDimension(name, len(axis))
            file.createVariable(name, "d", (name,))[:] = axis
        loss = file.createVariable("loss", "h", ("y", "x"))
        loss[:] = packed
        for name, value in attributes.items():
            setattr(loss, name, value)
    for name in ("s.nc", "three.nc"):
        grid = load_landscape(tmp_path / name).grid
        assert grid.values[0][0] is None
        assert grid.holes == 1
        assert grid.array[1:] == pytest.approx(Z[1:], abs=5e-4)


@pytest.mark.parametrize("suffix", [".h5", ".mat"])
def test_a_square_of_matlab_and_of_r(tmp_path: Path, suffix: str) -> None:
    """MATLAB's surf(x, y, Z) has y in the rows of Z, R's outer(a, b, f) has a in them."""
    if suffix == ".h5":
        path = rhdf5(tmp_path / "s.h5", a=X5, b=Y5, L=bowl(X5[:, None], Y5))
    else:
        path = matlab73(tmp_path / "s.mat", x=X5, y=Y5, Z=bowl(X5, Y5[:, None]))
    found = load_landscape(path)
    assert_is_bowl(found.grid, X5, Y5)
    assert found.ambiguous
    other = load_landscape(path, transpose=True).grid
    assert other.array == pytest.approx(found.grid.array.T)


def test_without_coordinates_nothing_is_wrapped(tmp_path: Path) -> None:
    """Only what loss-landscape itself writes has its cells in another shape."""
    path = hdf5(tmp_path / "s.h5", loss=Z.T)
    assert_is_bowl(load_landscape(path, extent=(-1.0, 1.0, -0.5, 1.0)).grid, X7, Y4)
    path = hdf5(tmp_path / "s.h5", xcoordinates=X7, ycoordinates=Y4, loss=Z.T)
    assert_is_bowl(load_landscape(path).grid, X7, Y4)


def test_weights_of_keras_are_not_losses(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "s.h5", **{"model/dense/kernel:0": Z, "model/dense/bias:0": Y4})
    with pytest.raises(LandscapeError, match="no surface of losses: it holds model/dense"):
        load_landscape(path)


def test_trajectories(tmp_path: Path) -> None:
    points = np.array([[0.5, 1.0], [0.25, 0.5], [0.0, 0.0]])
    expected = tuple(map(tuple, points.tolist()))
    np.savez(tmp_path / "t.npz", points)
    np.savez(tmp_path / "two.npz", *points.T)
    np.savez(tmp_path / "other.npz", steps=points.T)
    np.save(tmp_path / "t.npy", points.T)
    hdf5(tmp_path / "t.h5", thetas=points)
    savemat(tmp_path / "t.mat", {"history": points})
    (tmp_path / "t.json").write_text('{"a": [0.5, 0.25, 0.0], "b": [1.0, 0.5, 0.0]}')
    for name in ("t.npz", "two.npz", "other.npz", "t.npy", "t.h5", "t.mat", "t.json"):
        assert load_trajectory(tmp_path / name) == (expected, ()), name
    hdf5(tmp_path / "s.h5", x=X7, y=Y4, loss=Z)
    with pytest.raises(LandscapeError, match="no trajectory: it holds loss, x, y"):
        load_trajectory(tmp_path / "s.h5")


def test_matlab_that_holds_something_else(tmp_path: Path) -> None:
    savemat(tmp_path / "s.mat", {"s": {"x": X7, "note": "hi"}, "c": Z * 1j})
    with pytest.raises(LandscapeError, match="no surface of losses: it holds s/x, c, s/note"):
        load_landscape(tmp_path / "s.mat")
    savemat(tmp_path / "s.mat", {"loss": np.zeros((2000, 2000), "u1")}, do_compression=True)
    with pytest.raises(LandscapeError, match="has 2,000 × 2,000 points: at most 512"):
        load_landscape(tmp_path / "s.mat")


def test_what_converts_netcdf_of_64_bit_data_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "my run.nc").write_bytes(b"CDF\5" + bytes(28))
    with pytest.raises(LandscapeError, match=r"nccopy -k nc4 'my run\.nc' 'my run-nc4\.nc'"):
        load_landscape(tmp_path / "my run.nc")
