"""Which of a file's arrays are coordinates, and which are losses: by their shapes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gdviz.files.landscape_formats import by_shape
from gdviz.files.landscape_formats.names import group_and_name, order_of
from gdviz.files.landscapes import LandscapeError, RangeNeeded, load_landscape, load_trajectory
from gdviz.files.text_table import runs
from tests.files.landscape_formats.written_files import X7, Y4, assert_is_bowl, bowl, npz

X, Y = np.meshgrid(X7, Y4)
Z = bowl(X, Y)
C, D = np.linspace(-1, 1, 5), np.linspace(-2, 2, 5)
FLAT = (X.ravel(), Y.ravel(), Z.ravel())


@pytest.mark.parametrize(
    ("arrays", "names"),
    [
        ({"X": X, "Y": Y, "Z": Z}, ("X", "Y")),
        ({"w0": X.T, "w1": Y.T, "loss": Z.T}, ("w0", "w1")),
        ({"loss": Z, "weight": Y, "slope": X}, ("weight", "slope")),
        ({"lr": X7, "wd": Y4, "err": Z}, ("lr", "wd")),
        ({"err": Z.T, "lr": X7, "wd": Y4, "epochs": np.arange(9.0)}, ("lr", "wd")),
        ({"C": X7, "gamma": Y4, "weighted_loss": Z.T}, ("C", "gamma")),
        ({"alphas": X7, "betas": Y4, "train": Z, "seconds": np.ones(7)}, ("alphas", "betas")),
        ({"x": X, "y": Y, "z": Z.ravel()}, ("x", "y")),
        (dict(zip(("theta0", "theta1", "J"), FLAT, strict=True)), ("theta0", "theta1")),
        ({"params_grid": np.stack([X, Y], -1), "losses": Z}, ("a", "b")),
        ({"params_grid": np.column_stack(FLAT[:2]), "losses": FLAT[2]}, ("a", "b")),
        ({"params_grid": np.array([X, Y]), "loss_grid": Z}, ("a", "b")),
        ({"loss": Z[None], "x": X7[None], "y": Y4[:, None]}, ("x", "y")),
    ],
)
def test_coordinates_are_found_by_their_shapes(
    tmp_path: Path, arrays: dict[str, Any], names: tuple[str, str]
) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", **arrays))
    grid = found.grid
    expected = (X7, Y4) if len(grid.a) == 7 else (Y4, X7)
    assert grid.names == names
    if expected[0] is X7:
        assert_is_bowl(grid, X7, Y4)
    else:
        assert grid.array == pytest.approx(Z.T)
    assert not found.ambiguous


U, T = np.linspace(-2.0, 1.0, 5), np.linspace(0.0, 4.0, 5)
IN_ORDER = {"u": U, "t": T, "err": bowl(U[:, None], T)}  # err[i, j] is that at u[i], t[j]


@pytest.mark.parametrize("first", ["v (m/s)", "v [m/s]"])
def test_a_unit_is_no_group(tmp_path: Path, first: str) -> None:
    arrays = {first: U, "T [1/K]": T, "loss (1/n)": IN_ORDER["err"]}
    (tmp_path / "s.json").write_text(json.dumps({name: x.tolist() for name, x in arrays.items()}))
    for path in (npz(tmp_path / "s.npz", **arrays), tmp_path / "s.json"):
        found = load_landscape(path)
        assert found.grid.names == (first, "T [1/K]")
        assert_is_bowl(found.grid, U, T)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("x", ("", "x")), ("g/h/x", ("g/h", "x")), ("g/v (m/s)", ("g", "v (m/s)")),
        ("g/(1/2)x", ("g", "(1/2)x")), ("(a/b", ("(a", "b")), ("x/", ("x", "")), ("", ("", "")),
        ("(x)" * 3_000 + "/y", ("(x)" * 3_000, "y")),
    ],
)  # fmt: skip
def test_a_path_is_a_group_and_a_name(path: str, parts: tuple[str, str]) -> None:
    assert group_and_name(path) == parts


@pytest.mark.parametrize("names", [("u", "t", "err"), ("err", "u", "t"), ("u", "err", "t")])
def test_a_square_has_its_unknown_names_in_the_order_of_writing(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", **{name: IN_ORDER[name] for name in names}))
    assert found.grid.names == ("u", "t")
    assert_is_bowl(found.grid, U, T)
    assert found.notes[0] == "the first index is taken to be that of u and the second that of t"
    with h5py.File(tmp_path / "s.h5", "w", track_order=True) as file:
        for name in names:
            file[name] = IN_ORDER[name]
    assert load_landscape(tmp_path / "s.h5") == replace(
        found, grid=replace(found.grid, source="s.h5")
    )


def test_a_square_whose_file_keeps_no_order(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        for name, array in IN_ORDER.items():
            file[name] = array
    found = load_landscape(tmp_path / "s.h5")
    assert found.grid.names == ("t", "u")
    assert found.notes[0] == (
        "the first index is taken to be that of t and the second that of u, by the alphabet: the "
        "file does not keep the order of writing"
    )
    assert "--transpose exchanges them" in found.notes[1]
    grid = load_landscape(tmp_path / "s.h5", transpose=True).grid
    assert (grid.names, grid.a, grid.b) == (("t", "u"), tuple(T), tuple(U))
    assert grid.array == pytest.approx(bowl(U[:, None], T))


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("u", "t", 0), ("t", "u", 0), ("u", "v", 1), ("grid_v", "grid_u", -1), ("w9", "w10", 1),
        ("step_10", "step_9", -1), ("beta_values", "alpha_values", -1), ("depth", "width", 0),
        ("layer1_w", "layer2_w", 1), ("first", "second", 1), ("gamma", "C", 0),
    ],
)  # fmt: skip
def test_names_tell_their_order_only_where_they_do(one: str, other: str, order: int) -> None:
    assert order_of(one, other) == order


@pytest.mark.parametrize("first", [0, 1])
def test_the_number_of_a_row_is_no_loss(tmp_path: Path, first: int) -> None:
    counter = np.arange(first, first + Z.size, dtype=float)
    np.save(tmp_path / "s.npy", np.column_stack([counter, *FLAT]))
    assert_is_bowl(load_landscape(tmp_path / "s.npy").grid, X7, Y4)
    table = dict(zip(("n", "u", "t", "err"), (counter, *FLAT), strict=True))
    found = load_landscape(npz(tmp_path / "s.npz", **table))
    assert (found.metric, found.metrics) == ("err", ("err",))
    assert_is_bowl(found.grid, X7, Y4)


POINTS = np.column_stack([np.linspace(-1.0, 0.0, 6), np.linspace(2.0, 0.5, 6)])


@pytest.mark.parametrize(
    "arrays",
    [
        {"arr_0": POINTS},
        {"p": POINTS.T},
        {"trajectory": POINTS},
        {"p": POINTS[:, 0], "q": POINTS[:, 1]},
    ],
)  # fmt: skip
def test_a_trajectory_alone_is_told_how_it_is_opened(
    tmp_path: Path, arrays: dict[str, Any]
) -> None:
    path = npz(tmp_path / "my path.npz", **arrays)
    with pytest.raises(LandscapeError, match="open the surface first") as refused:
        load_landscape(path)
    assert not isinstance(refused.value, RangeNeeded)
    assert f"--trajectory '{path}'" in str(refused.value)
    assert np.array(load_trajectory(path)[0]) == pytest.approx(POINTS)


@pytest.mark.parametrize("name", ["loss", "arr_0"])
def test_losses_of_two_columns_are_drawn_where_they_are_meant(tmp_path: Path, name: str) -> None:
    path = npz(tmp_path / "s.npz", **{name: POINTS})
    assert load_landscape(path, extent=(0.0, 1.0, 0.0, 5.0)).grid.array.shape == (2, 6)
    if name == "loss":
        with pytest.raises(RangeNeeded):
            load_landscape(path)


def test_a_first_axis_that_comes_second_in_the_alphabet(tmp_path: Path) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", width=Y4, depth=X7, err=Z)).grid
    assert (found.names, found.values[6][0]) == (("width", "depth"), bowl(1.0, -0.5))


@pytest.mark.parametrize(
    "names", [("x", "y", "runs/"), ("axes/x", "axes/y", "loss/"), ("axes/lr", "axes/wd", "")]
)
def test_coordinates_of_another_group(tmp_path: Path, names: tuple[str, str, str]) -> None:
    """A slash makes a group in .npz as well, of which HDF5 has them in earnest."""
    first, second, group = names
    arrays = {first: X7, second: Y4, f"{group}test_loss": Z + 1, f"{group}train_loss": Z}
    found = load_landscape(npz(tmp_path / "s.npz", **arrays))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.grid.names == tuple(name.removeprefix("axes/") for name in names[:2])
    assert found.metrics == (f"{group}test_loss", f"{group}train_loss")
    grid = load_landscape(tmp_path / "s.npz", metric=f"{group}test_loss").grid
    assert grid.values[0][0] == pytest.approx(1 + bowl(-1.0, -0.5))


def test_each_group_has_its_own_coordinates_first(tmp_path: Path) -> None:
    arrays = {"x": 2 * X7, "y": 2 * Y4, "s/x": X7, "s/y": Y4, "s/loss": Z, "t/acc": -Z}
    found = load_landscape(npz(tmp_path / "s.npz", **arrays))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.metrics == ("s/loss",)


def test_axes_that_belong_together_stand_as_in_text(tmp_path: Path) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", wd=Y4, lr=X7, err=Z)).grid
    assert_is_bowl(found, X7, Y4)
    assert found.names == ("lr", "wd")


@pytest.mark.parametrize(
    "arrays", [(X, Y, Z), (X.T, Y.T, Z.T), (X7, Y4, Z), (X7, Y4, Z.T), (np.array([X, Y]), Z), FLAT]
)
def test_arrays_without_names(tmp_path: Path, arrays: Any) -> None:
    np.savez(tmp_path / "s.npz", *arrays)
    found = load_landscape(tmp_path / "s.npz")
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.grid.names, found.ambiguous) == (("a", "b"), False)


@pytest.mark.parametrize("array", [np.column_stack(FLAT), np.array(FLAT), np.array([X, Y, Z])])
def test_one_array_of_points(tmp_path: Path, array: Any) -> None:
    np.save(tmp_path / "s.npy", array)
    assert_is_bowl(load_landscape(tmp_path / "s.npy").grid, X7, Y4)
    np.savez(tmp_path / "s.npz", array)
    assert_is_bowl(load_landscape(tmp_path / "s.npz").grid, X7, Y4)


@pytest.mark.parametrize(
    "beside",
    [{"x": X7, "y": Y4}, {"lr": X7, "wd": Y4}, {"X": X, "Y": Y},
     {"x": X7, "y": Y4, "history": np.arange(7.0), "weights": np.ones((3, 3))}],
)  # fmt: skip
def test_coordinates_in_files_beside_it(tmp_path: Path, beside: dict[str, Any]) -> None:
    for name, array in {**beside, "loss": Z}.items():
        np.save(tmp_path / f"{name}.npy", array)
    found = load_landscape(tmp_path / "loss.npy")
    assert_is_bowl(found.grid, X7, Y4)
    assert "beside it" in found.notes[0]
    first = next(iter(beside))
    with pytest.raises(RangeNeeded):  # the coordinates are not the losses
        load_landscape(tmp_path / f"{first}.npy")


def test_a_file_with_coordinates_of_its_own_asks_no_other(tmp_path: Path) -> None:
    """Three runs in one folder are no coordinates of each other."""
    for name in ("run1", "run2", "run3"):
        np.save(tmp_path / f"{name}.npy", np.column_stack(FLAT))
    found = load_landscape(tmp_path / "run1.npy")
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.notes, found.metrics) == ((), ())


@pytest.mark.parametrize("others", [("train_loss", "val_loss"), ("test_loss", "val_accuracy")])
def test_losses_by_epoch_are_no_coordinates(tmp_path: Path, others: tuple[str, str]) -> None:
    losses = np.linspace(2.0, 0.1, 5), np.linspace(0.3, 3.0, 5)
    matrix = np.outer(np.arange(5.0), np.arange(5.0)) ** 2
    for name, values in zip(others, losses, strict=True):
        np.save(tmp_path / f"{name}.npy", values)
    np.save(tmp_path / "surface.npy", matrix)
    np.savez(tmp_path / "all.npz", **dict(zip(others, losses, strict=True)), surface=matrix)
    for name in ("surface.npy", "all.npz"):
        with pytest.raises(RangeNeeded):
            load_landscape(tmp_path / name)


def test_losses_without_coordinates_beside_points_are_told(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", loss=np.ones((5, 6)), points=np.column_stack(FLAT))
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.notes == ("loss (5 × 6) has no coordinates in this file: what is drawn is points",)


def test_files_beside_it_that_leave_a_doubt(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        np.save(tmp_path / f"{name}.npy", X7)
    np.save(tmp_path / "rows.npy", Y4)
    np.save(tmp_path / "loss.npy", Z)
    with pytest.raises(RangeNeeded, match="4 × 7"):
        load_landscape(tmp_path / "loss.npy")


def test_a_square_grid_says_that_its_order_is_open(tmp_path: Path) -> None:
    """As landscaper saves it: loss[i, j] at coordinates[0][i], coordinates[1][j]."""
    path = npz(tmp_path / "s.npz", loss=bowl(C[:, None], D), coordinates=[C, D])
    found = load_landscape(path)
    assert_is_bowl(found.grid, C, D)
    assert found.ambiguous
    assert "--transpose exchanges" in found.notes[-1]
    other = npz(tmp_path / "s.npz", loss=bowl(C, D[:, None]), coordinates=[C, D])
    assert_is_bowl(load_landscape(other, transpose=True).grid, C, D)


@pytest.mark.parametrize("values", [Z.ravel(), Z.T.ravel()])
def test_losses_in_a_row_beside_two_vectors(tmp_path: Path, values: Any) -> None:
    """Either index may run faster: the smoother reading is taken, and the other one offered."""
    found = load_landscape(npz(tmp_path / "s.npz", alphas=X7, betas=Y4, losses=values))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.ambiguous
    other = load_landscape(tmp_path / "s.npz", transpose=True).grid
    assert (other.a, other.b) == (found.grid.a, found.grid.b)
    assert other == found.grid.transposed()


@pytest.mark.parametrize(
    "ends", [{"extent": [-1, 1, -0.5, 1]}, {"xlim": [-1, 1], "ylim": [-0.5, 1]}]
)
def test_ends_of_the_axes(tmp_path: Path, ends: dict[str, Any]) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", loss=Z.T, **ends))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.ambiguous


def test_one_vector_for_both_axes(tmp_path: Path) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", loss=bowl(C[:, None], C), grid=C))
    assert_is_bowl(found.grid, C, C)
    assert "the array grid is taken for both axes" in found.notes


def test_which_array_is_drawn_is_said(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", x=X7, y=Y4, test_loss=Z + 1, train_loss=Z, rank=-Z)
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.notes[-1] == (
        "what is drawn is train_loss; --metric chooses another: test_loss, rank"
    )
    assert load_landscape(path, metric="rank").grid.values[0][0] == -Z[0, 0]


RNG = np.random.default_rng(1)
WEIGHTS = {"fc1.weight": RNG.normal(size=(10, 5)), "fc1.bias": RNG.normal(size=10),
           "fc2.weight": RNG.normal(size=(2, 10)), "fc2.bias": RNG.normal(size=2)}  # fmt: skip


def test_weights_are_not_losses(tmp_path: Path) -> None:
    path = npz(tmp_path / "model_ckpt.npz", **WEIGHTS)
    for extent in (None, (-1.0, 1.0, -1.0, 1.0)):
        with pytest.raises(
            LandscapeError, match=r"no surface of losses: it holds fc1\.weight"
        ) as e:
            load_landscape(path, extent=extent)
        assert not isinstance(e.value, RangeNeeded)
    assert_is_bowl(load_landscape(npz(path, **WEIGHTS, x=X7, y=Y4, loss=Z)).grid, X7, Y4)


def test_a_surface_among_the_weights_of_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a thousand arrays few are compared with others."""
    weights = {f"layer{k}": np.full((7, 4), float(k)) for k in range(500)}
    vectors = {f"vector{k}": X7 + k for k in range(500)}
    path = npz(tmp_path / "s.npz", **weights, **vectors, x=X7, y=Y4, loss=Z)
    looked_at = []

    def counted(axis: Any) -> bool:
        looked_at.append(len(axis))
        return runs(axis)

    monkeypatch.setattr(by_shape, "runs", counted)
    assert_is_bowl(load_landscape(path).grid, X7, Y4)
    assert len(looked_at) < 100


def test_several_matrices_without_coordinates(tmp_path: Path) -> None:
    """What the refusals advise, done one after the other, opens the file."""
    path = npz(tmp_path / "s.npz", first=Z.T, other=np.ones((9, 9)))
    with pytest.raises(LandscapeError, match=r"first \(7 × 4\), other \(9 × 9\); --metric NAME"):
        load_landscape(path)
    with pytest.raises(RangeNeeded, match=r"first, 7 × 4\), so the range has to be given: --range"):
        load_landscape(path, metric="first")
    found = load_landscape(path, metric="first", extent=(-1.0, 1.0, -0.5, 1.0))
    assert_is_bowl(found.grid, X7, Y4)
    assert found.ambiguous


def test_a_matrix_is_never_wrapped(tmp_path: Path) -> None:
    """A range for (7, 4) gives each value its own place in the matrix, whichever axis is first."""
    path = npz(tmp_path / "s.npz", loss=Z)
    grid = load_landscape(path, extent=(-0.5, 1.0, -1.0, 1.0)).grid  # the first index is a's
    assert grid.array == pytest.approx(Z.T)
    assert_is_bowl(load_landscape(path, extent=(-1.0, 1.0, -0.5, 1.0), transpose=True).grid, X7, Y4)


@pytest.mark.parametrize(
    ("name", "save", "said"),
    [
        ("s.npy", lambda path, p: np.save(path, p), "30 × 3"),
        ("s.npy", lambda path, p: np.save(path, p.T), "3 × 30"),
        ("s.npz", lambda path, p: np.savez(path, w=p[:, 0], b=p[:, 1], loss=p[:, 2]), "w and b"),
        ("s.npz", lambda path, p: np.savez(path, w0=p[:, 0], w1=p[:, 1], z=p[:, 2]), "w0 and w1"),
    ],
)
def test_points_without_a_grid(tmp_path: Path, name: str, save: Any, said: str) -> None:
    """A range would draw them as they stand in the file, where they do not lie."""
    save(tmp_path / name, RNG.normal(size=(30, 3)))
    with pytest.raises(LandscapeError, match=f"{said}.*lie on no grid.*as columns of a .csv") as no:
        load_landscape(tmp_path / name)
    assert not isinstance(no.value, RangeNeeded)


def test_losses_beside_others_of_a_log_are_no_points(tmp_path: Path) -> None:
    steps = np.arange(30.0)
    path = npz(tmp_path / "s.npz", loss=1 / (1 + steps), accuracy=steps / 30, epoch=steps)
    with pytest.raises(RangeNeeded):
        load_landscape(path)


def test_more_than_two_dimensions(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", loss=np.ones((9, 4, 7)), x=X7, y=Y4)
    with pytest.raises(LandscapeError, match="loss has 3 dimensions: save one slice"):
        load_landscape(path)


@pytest.mark.parametrize(
    "write",
    [
        lambda p: np.savez(p, FLAT[2]),
        lambda p: np.savez(p, a=np.array(["text"])),
        lambda p: np.savez(p, loss=np.array([])),
    ],
)
def test_nothing_to_draw(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path / "s.npz")
    with pytest.raises(LandscapeError, match=r"this holds no surface of losses|are text"):
        load_landscape(tmp_path / "s.npz")


def test_losses_that_are_no_real_numbers_are_said_to_be_none(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", x=X7, y=Y4, loss=Z + 0j)
    with pytest.raises(LandscapeError, match="loss holds complex numbers, and not real numbers"):
        load_landscape(path)
