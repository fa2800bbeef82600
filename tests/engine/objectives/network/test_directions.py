"""The planes through a network's parameters, against what they are by definition."""

from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.directions import DIRECTIONS, DirectionPair, projected
from tests.engine.objectives.network.two_layers import BOWL, TWO_LAYERS, WITH_GRADIENT, slice_from

K = np.array([5.0, 3.0, 2.0, 1.0, -0.5, -4.0])
THETA = np.arange(1.0, 7.0)


def flat(arrays: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([array.ravel() for array in arrays.values()])


# -- random ones


def test_each_filter_has_the_norm_of_the_parameters_filter():
    """Li et al. 2018, section 4: d_ij ← d_ij ‖θ_ij‖ / ‖d_ij‖; neurons lie along the last axis."""
    found = slice_from(TWO_LAYERS, seed=7)
    for direction in found.directions:
        for name in ("V", "w"):
            for i in range(direction[name].shape[1]):
                wanted = np.sqrt((found.centre[name][:, i] ** 2).sum())
                assert np.sqrt((direction[name][:, i] ** 2).sum()) == pytest.approx(wanted)
        assert not direction["b"].any()
        assert not direction["c"].any()
    generator = np.random.default_rng(7)
    drawn = generator.standard_normal((3, 4))  # the first that is drawn is the first array
    column = drawn[:, 2] / np.linalg.norm(drawn[:, 2]) * np.linalg.norm(found.centre["V"][:, 2])
    assert found.directions[0]["V"][:, 2] == pytest.approx(column, rel=1e-14)


def test_filters_can_lie_along_the_first_axis_and_biases_be_displaced():
    found = slice_from(TWO_LAYERS, filters="first", biases=True)
    rows = np.linalg.norm(found.directions[0]["V"], axis=1)
    assert rows == pytest.approx(np.linalg.norm(found.centre["V"], axis=1))
    assert np.array_equal(found.directions[0]["b"], found.centre["b"])  # as in the paper's code


def test_a_layer_as_a_whole_has_the_norm_of_the_parameters():
    found = slice_from(TWO_LAYERS, normalize="layer")
    for name in ("V", "w"):
        wanted = np.linalg.norm(found.centre[name])
        assert np.linalg.norm(found.directions[1][name]) == pytest.approx(wanted)
    columns = np.linalg.norm(found.directions[1]["V"], axis=0)
    assert not np.allclose(columns, np.linalg.norm(found.centre["V"], axis=0))


def test_without_normalisation_they_are_as_they_were_drawn():
    found = slice_from(TWO_LAYERS, normalize="none", seed=2)
    drawn = np.random.default_rng(2).standard_normal((3, 4))
    assert np.array_equal(found.directions[0]["V"], drawn)


def test_a_seed_is_one_plane():
    one, same, other = (slice_from(TWO_LAYERS, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(flat(one.directions[0]), flat(same.directions[0]))
    assert not np.allclose(flat(one.directions[0]), flat(other.directions[0]))


def test_where_all_parameters_are_arrays_of_one_axis_they_are_displaced_as_drawn():
    """As of regression by hand, w of shape (n,) and b: there is nothing that biases are beside."""
    text = "import numpy as np\ndef parameters():\n    return np.ones(3)\n"
    text += "def loss(p):\n    return np.sum(p**2)\n"
    first = np.random.default_rng(0).standard_normal(3)
    for settings in ({}, {"biases": True}, {"normalize": "layer"}):
        found = slice_from(text, **settings)
        assert found.value(1.0, 0.0) == pytest.approx(np.sum((1.0 + first) ** 2))
        assert any(note.startswith("all parameters are arrays of one axis") for note in found.notes)


@pytest.mark.parametrize(
    ("made", "loss", "names"),
    [
        (
            "{'w': np.full((1, 1), 3.0), 'c': np.full(1, 4.0)}",
            "p['w'][0, 0], p['c'][0]",
            ("w", "c"),
        ),
        ("{'w': np.array(3.0), 'c': 4.0 * np.ones(())}", "p['w'], p['c']", ("w", "c")),
        ("{'w': np.array([3.0, 4.0])}", "p['w']", ("w[0]", "w[1]")),
    ],
)
def test_two_parameters_are_displaced_along_their_own_axes(
    made: str, loss: str, names: tuple[str, str]
):
    text = f"import numpy as np\ndef parameters():\n    return {made}\n"
    text += f"def loss(p):\n    w, c = {loss}\n    return w**2 + 10 * c\n"
    for settings in ({}, {"normalize": "none", "biases": True}, {"seed": 3}):
        found = slice_from(text, **settings)
        assert found.value(0.5, -1.0) == 3.5**2 + 30.0
        note = f"there are two parameters: a is added to {names[0]}, b to {names[1]}"
        assert note in found.notes


def test_random_directions_that_span_no_plane_are_refused():
    text = "import numpy as np\ndef parameters():\n    return [np.ones((1, 1)), np.ones(2)]\n"
    text += "def loss(p):\n    return np.sum(p[0] ** 2)\n"
    words = (
        "both random directions lie on one line, .*: --biases --normalize none has all displaced"
    )
    with pytest.raises(CodeError, match=words):
        slice_from(text)
    first, second = map(flat, slice_from(text, biases=True, normalize="none").directions)
    assert np.linalg.matrix_rank([first, second]) == 2
    one = text.replace("[np.ones((1, 1)), np.ones(2)]", "[np.ones((1, 1))]")
    with pytest.raises(CodeError, match="a network of one parameter has no two directions"):
        slice_from(one)


@pytest.mark.parametrize("biases", [False, True])
def test_parameters_that_are_zero_are_not_said_to_be_biases(biases: bool):
    text = "import numpy as np\ndef parameters():\n    return [np.zeros((2, 2))]\n"
    text += "def loss(p):\n    return np.sum(p[0] ** 2)\n"
    with pytest.raises(CodeError, match=r"displace are zero, .*: --normalize none leaves them"):
        slice_from(text, biases=biases)
    assert slice_from(text, biases=biases, normalize="none").value(1.0, 0.0) > 0.0


# -- of a trajectory

STEPS = (
    BOWL
    + """
def trajectory():
    draw = np.random.default_rng(6).standard_normal
    return [[parameters()[0] + (9 - i) * draw((2, 3)) * [4.0, 1.0, 0.2]] for i in range(9)]
"""
)


def test_principal_components_explain_what_the_singular_values_say():
    found = slice_from(STEPS, directions="pca")
    d, e = map(flat, found.directions)
    assert [d @ d, e @ e, d @ e] == pytest.approx([1.0, 1.0, 0.0], abs=1e-12)
    points = checkpoints()
    variances = np.linalg.eigvalsh(np.cov(points.T))[::-1]
    for axis, variance in zip((d, e), variances, strict=False):
        assert np.var(points @ axis, ddof=1) == pytest.approx(variance)
    explained = 100 * variances[:2] / variances.sum()
    assert found.notes[1] == (
        f"of the variance of 9 checkpoints d₁ explains {explained[0]:.3g} %, d₂ "
        f"{explained[1]:.3g} %"
    )
    wanted = (points - THETA) @ np.stack([d, e], axis=1)
    assert found.trajectory == pytest.approx(wanted)
    a_low, a_high, b_low, b_high = found.home
    assert a_low < wanted[:, 0].min() < wanted[:, 0].max() < a_high
    assert b_low < wanted[:, 1].min() < wanted[:, 1].max() < b_high


def checkpoints() -> np.ndarray:
    draw = np.random.default_rng(6).standard_normal
    scale = np.array([4.0, 1.0, 0.2])
    steps = [((9 - i) * draw((2, 3)) * scale).ravel() for i in range(9)]
    return THETA + np.array(steps)


def test_the_projection_is_right_for_directions_neither_of_unit_length_nor_orthogonal():
    d, e = [np.array([[2.0, 0.0, 0.0]])], [np.array([[3.0, 0.5, 0.0]])]
    origin = [np.array([[1.0, 1.0, 1.0]])]
    inside = [[origin[0] + 0.25 * d[0] - 2.0 * e[0]]]
    above = [[inside[0][0] + [[0.0, 0.0, 7.0]]]]  # beyond the plane
    assert projected(DirectionPair((d, e)), origin, inside + above) == pytest.approx(
        np.array([[0.25, -2.0]] * 2)
    )


def test_too_few_checkpoints_or_a_line_of_them_are_refused():
    with pytest.raises(CodeError, match=r"PCA needs a trajectory of three checkpoints at least"):
        slice_from(BOWL, directions="pca")
    line = "def trajectory():\n    return [[i * parameters()[0]] for i in range(4)]\n"
    with pytest.raises(CodeError, match=r"the checkpoints lie on one line: they span no plane"):
        slice_from(BOWL + line, directions="pca")


def test_a_plane_between_checkpoints_has_them_at_its_corners():
    two = """
def trajectory():
    return [[parameters()[0] * 2.0], [parameters()[0] + 1.0], parameters()]
"""
    found = slice_from(BOWL + two, directions="between")
    assert found.value(1.0, 0.0) == pytest.approx(0.5 * np.sum(K * (2.0 * THETA) ** 2))
    assert found.value(0.0, 1.0) == pytest.approx(0.5 * np.sum(K * (THETA + 1.0) ** 2))
    assert found.trajectory == pytest.approx(np.array([[1, 0], [0, 1], [0, 0]]), abs=1e-12)
    three = two.replace(", parameters()]", ", [parameters()[0] ** 2]]")
    found = slice_from(BOWL + three, directions="between")
    assert found.value(0.0, 0.0) == pytest.approx(0.5 * np.sum(K * (2.0 * THETA) ** 2))
    assert found.value(0.0, 1.0) == pytest.approx(0.5 * np.sum(K * THETA**4))
    with pytest.raises(CodeError, match=r"two or three of them, and there are 0 besides θ"):
        slice_from(BOWL, directions="between")


def test_between_two_checkpoints_the_second_direction_is_orthogonal():
    one = "def trajectory():\n    return [[parameters()[0] * 2.0]]\n"
    found = slice_from(BOWL + one, directions="between")
    d, e = map(flat, found.directions)
    assert d == pytest.approx(THETA)
    assert [d @ e, e @ e] == pytest.approx([0.0, d @ d], abs=1e-10)


# -- of derivatives


@pytest.mark.parametrize(
    ("name", "values", "places"),
    [("hessian", [5.0, 3.0], [0, 1]), ("hessian-lowest", [-4.0, -0.5], [5, 4])],
)
def test_eigenvectors_of_a_diagonal_hessian_are_its_axes(name, values, places):
    found = slice_from(BOWL, directions=name)
    for direction, place in zip(found.directions, places, strict=True):
        assert flat(direction) == pytest.approx(np.eye(6)[place], abs=1e-4)
    said = f"{values[0]:g} and {values[1]:g}".replace("-", "−")
    assert said in found.notes[1]
    products = int(found.notes[1].partition("by ")[2].split()[0])
    assert f"which are differences of {2 * products} gradients" in found.notes[1]
    in_aa, in_ab, in_bb = found.hessian(0.0, 0.0)
    assert [in_aa, in_bb] == pytest.approx(values, rel=1e-5)
    assert in_ab == pytest.approx(0.0, abs=1e-3)


def test_the_gradient_and_what_adam_adds_to_it():
    found = slice_from(BOWL, directions="gradient")
    d, e = map(flat, found.directions)
    slope = K * THETA
    assert d == pytest.approx(slope / np.linalg.norm(slope))
    rest = np.sign(slope) - (np.sign(slope) @ d) * d  # Adam's first step is −α·sign(∇L)
    assert e == pytest.approx(rest / np.linalg.norm(rest), rel=1e-6)
    assert found.gradient(0.0, 0.0) == pytest.approx([np.linalg.norm(slope), 0.0], abs=1e-5)


@pytest.mark.parametrize("name", ["hessian", "gradient"])
def test_what_needs_a_gradient_says_so(name: str):
    with pytest.raises(CodeError, match=r"need a gradient: it defines no gradient\(parameters\)"):
        slice_from(TWO_LAYERS, directions=name)


# -- of a file


def test_directions_of_a_file_are_those_of_the_file(tmp_path: Path):
    first, second = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    np.savez(tmp_path / "d.npz", **{"xdirection/0": first, "ydirection/0": second})
    found = slice_from(BOWL, directions="file", files=str(tmp_path / "d.npz"))
    assert np.array_equal(found.directions[0]["0"], first)
    assert np.array_equal(found.directions[1]["0"], second)
    with pytest.raises(CodeError, match=r"d\.npz holds no xdirection of 4 arrays"):
        slice_from(WITH_GRADIENT, directions="file", files=str(tmp_path / "d.npz"))


def test_directions_of_hdf5_are_read_as_li_et_al_write_them(tmp_path: Path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "d.h5", "w") as file:
        for axis in ("xdirection", "ydirection"):
            file[f"{axis}/0"] = np.eye(2, 3) + len(file)
    found = slice_from(BOWL, directions="file", files=str(tmp_path / "d.h5"))
    assert [d["0"][0, 0] for d in found.directions] == [1.0, 2.0]
    with pytest.raises(CodeError, match=r"directions of a file need the file"):
        slice_from(BOWL, directions="file")


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (np.eye(2, 3), np.where(np.eye(2, 3), np.nan, 1.0),
         "ydirection of d.npz holds nan: a direction needs finite numbers, so write the "
         "file again"),
        (np.full((2, 3), np.inf), np.eye(2, 3),
         "xdirection of d.npz holds ∞: a direction needs finite numbers, so write the "
         "file again"),
        (np.zeros((2, 3)), np.eye(2, 3), "xdirection of d.npz is zero: write one that is not"),
        (np.eye(2, 3), np.zeros((2, 3)), "ydirection of d.npz is zero: write one that is not"),
        *((np.eye(2, 3), factor * np.eye(2, 3),
           "the directions of d.npz lie on one line: they span no plane, so write two of which "
           "neither is a multiple of the other") for factor in (2.0, -1e-3)),
    ],
)  # fmt: skip
def test_directions_of_a_file_that_span_no_plane_are_refused(
    tmp_path: Path, first: np.ndarray, second: np.ndarray, sentence: str
):
    np.savez(tmp_path / "d.npz", **{"xdirection/0": first, "ydirection/0": second})
    with pytest.raises(CodeError) as caught:
        slice_from(BOWL, directions="file", files=str(tmp_path / "d.npz"))
    assert str(caught.value) == f"net.py: {sentence}"


def test_pickled_directions_are_refused_in_one_sentence(tmp_path: Path):
    np.savez(tmp_path / "d.npz", **{"xdirection/0": np.array([{}], object)})
    with pytest.raises(CodeError, match=r"^net\.py: d\.npz holds pickled objects, .* np\.savez"):
        slice_from(BOWL, directions="file", files=str(tmp_path / "d.npz"))


def test_every_row_of_the_table_is_tried_here():
    tried = {"random", "pca", "between", "hessian", "hessian-lowest", "gradient", "file"}
    assert set(DIRECTIONS) == tried
