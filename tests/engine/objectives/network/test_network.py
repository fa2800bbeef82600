"""What a file must define for a network, and the sentences that refuse what cannot be displaced."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from gdviz.base.format import number
from gdviz.engine.objectives.code_ref import CodeError
from tests.engine.objectives.network.two_layers import BOWL, WITH_GRADIENT, slice_from

HEAD = "import numpy as np\n"
GOOD = "def parameters():\n    return [np.ones((2, 2))]\n"
SUM = "def loss(p):\n    return np.sum(p[0])\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD,
         "it defines parameters(), but no function loss(parameters): write def loss(parameters): "
         "return …"),
        (GOOD + "def loss():\n    return 1.0\n",
         "it defines parameters(), so its loss has to take them: write loss(parameters)"),
        ("def parameters():\n    return []\n" + SUM,
         "the network has no parameters: there is nothing to displace"),
        ("def parameters():\n    return [np.ones((0, 3)), np.ones(0)]\n" + SUM,
         "the network has no parameters: there is nothing to displace"),
        ("def parameters():\n    return {'v': np.ones(2), 'w': np.array([[1.0, np.nan]])}\n"
         "def loss(p):\n    return np.nansum(p['w'])\n",
         "the parameter w cannot be displaced: it holds nan: load finite ones, such as those "
         "before the training diverged"),
        ("def parameters():\n    return np.full((2, 2), -np.inf)\ndef loss(p):\n    return 1.0\n",
         "the parameters cannot be displaced: they hold −∞: load finite ones, such as those "
         "before the training diverged"),
        ("def parameters():\n    return {'w': np.ones((2, 2), int)}\n" + SUM,
         "the parameter w cannot be displaced: it holds int64, not real numbers"),
        ("def parameters():\n    return {'w': {'v': 'text'}}\n" + SUM,
         "the parameter w.v cannot be displaced: it is no array of real numbers but str: "
         "keep it elsewhere"),
        (GOOD + "def loss(p):\n    return p[0] * [1.0, 2.0]\n",
         "the loss returned shape (2, 2); it must return one real number: return their mean"),
        (GOOD + "def loss(p):\n    return None\n",
         "the loss returned None; it must return one real number: end it with return …"),
        (GOOD + "def loss(p):\n    return 1.0, [2.0]\n",
         "the loss returned (1.0, [2.0]); it must return one real number: "
         "return the first alone"),
        (GOOD + "def loss(p):\n    return np.sum(p[0]) * 1j\n",
         "the loss returned complex128; it must return one real number"),
        (GOOD + "def loss(p):\n    return 1j\n",
         "the loss returned 1j; it must return one real number"),
        (GOOD + "def loss(p):\n    return 'low'\n",
         "the loss returned 'low'; it must return one real number"),
        (GOOD + "def loss(p):\n    return np.nan\n",
         "the loss at the parameters θ* themselves is nan"),
        (GOOD + SUM + "def gradient(p):\n    return [np.ones(2)]\n",
         "gradient(parameters) returned the shapes (2,); it must return what parameters() does, "
         "(2, 2)"),
        (GOOD + SUM + "def gradient(p):\n    return [np.full((2, 2), np.inf)]\n",
         "the gradient at the parameters θ* themselves is not finite"),
        (GOOD + SUM + "def trajectory():\n    return [[np.ones((2, 2))], [np.ones((3, 2))]]\n",
         "checkpoint 1 of trajectory() has the shapes (3, 2), but the parameters have (2, 2)"),
        (GOOD + SUM + "def trajectory():\n    return [[np.ones((2, 2)), np.ones(2)]]\n",
         "checkpoint 0 of trajectory() has the shapes (2, 2), (2,), but the parameters have "
         "(2, 2): name its arrays, or leave out the others"),
    ],
)  # fmt: skip
def test_what_cannot_be_displaced_is_refused_before_anything_is_sampled(text: str, sentence: str):
    with pytest.raises(CodeError) as caught:
        slice_from(HEAD + text)
    assert str(caught.value) == f"net.py: {sentence}"


def test_parameters_may_be_nested_in_any_way():
    text = """
from collections import namedtuple
import numpy as np

Layer = namedtuple("Layer", "weight bias")

def parameters():
    return {"layers": [Layer(np.ones((2, 2)), np.ones(2)), (np.ones((2, 1)), 3.0)]}

def loss(p):
    first, (weight, bias) = p["layers"]
    return np.sum(first.weight) * bias + first.bias @ weight[:, 0]
"""
    found = slice_from(text, normalize="none")
    names = ["layers.0.weight", "layers.0.bias", "layers.1.0", "layers.1.1"]
    assert list(found.centre) == names
    assert found.value(0.0, 0.0) == 14.0
    assert found.network.size == 9


def test_a_loss_that_writes_into_its_parameters_gets_others_each_time():
    text = GOOD + "def loss(p):\n    p[0] += 1.0\n    return np.sum(p[0])\n"
    found = slice_from(HEAD + text)
    assert [found.value(0.0, 0.0), found.value(0.0, 0.0)] == [8.0, 8.0]
    assert np.array_equal(found.centre["0"], np.ones((2, 2)))


def test_without_a_gradient_the_reason_is_said():
    network = slice_from(BOWL.partition("def gradient")[0]).network
    assert network.no_gradient == "it defines no gradient(parameters)"
    assert not slice_from(WITH_GRADIENT).network.no_gradient


def test_differences_of_the_gradient_give_the_hessian():
    network = slice_from(BOWL).network
    vector = np.array([[1.0, -2.0, 0.0], [3.0, 0.5, 1.0]])
    [product] = network.curvature(network.forward.centre, [[vector]])
    assert product[0].ravel() == pytest.approx([5.0, -6.0, 0.0, 3.0, -0.25, -4.0], abs=1e-8)


@pytest.mark.parametrize("directions", ["random", "pca", "between"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_checkpoint_that_is_not_finite_is_named(tmp_path: Path, directions: str, value: float):
    bad, remedy = (
        f"holds {number(value)}",
        "leave it out, and those after it if the training diverged",
    )
    trajectory = f"""
def trajectory():
    steps = [[i + np.eye(2) ** i] for i in range(4)]
    steps[2][0][1, 1] = {"np.nan" if np.isnan(value) else "np.inf"}
    return steps
"""
    with pytest.raises(CodeError) as caught:
        slice_from(HEAD + GOOD + SUM + trajectory, directions=directions)
    assert str(caught.value) == f"net.py: checkpoint 2 of trajectory() {bad}: {remedy}"
    for i in range(4):
        w = np.full((2, 2), value) if i == 3 else i + np.eye(2) ** i
        np.savez(tmp_path / f"step-{i}.npz", w=w)
    with pytest.raises(CodeError) as caught:
        slice_from(HEAD + GOOD + SUM, directions=directions, files=str(tmp_path))
    assert str(caught.value) == f"net.py: step-3.npz {bad}: {remedy}"


def test_checkpoints_of_a_folder_are_in_place_of_those_of_the_file(tmp_path: Path):
    """These may be what was wrong."""
    bad = "def trajectory():\n    return [[np.full((2, 2), np.nan)]]\n"
    for i in range(3):
        np.savez(tmp_path / f"{i}.npz", w=i + np.eye(2) ** i)
    found = slice_from(HEAD + GOOD + SUM + bad, directions="pca", files=str(tmp_path))
    assert len(found.trajectory) == 3


def test_of_several_arrays_the_one_that_is_not_finite_is_named():
    text = "def parameters():\n    return {'v': np.ones(2), 'w': np.ones((2, 2))}\n"
    text += "def loss(p):\n    return np.sum(p['w'])\n"
    text += "def trajectory():\n    return [{'v': np.ones(2), 'w': np.full((2, 2), -np.inf)}]\n"
    with pytest.raises(CodeError, match=r"checkpoint 0 of trajectory\(\) holds −∞ in w: leave"):
        slice_from(HEAD + text)


def _archive(folder: Path) -> bytes:
    np.savez(folder / "whole", w=np.ones((2, 2)))
    whole = folder / "whole.npz"
    content = whole.read_bytes()
    whole.unlink()
    return content


@pytest.mark.parametrize("kind", ["text", "page", "empty", "cut", "one array"])
def test_what_is_no_archive_at_all_is_not_said_to_hold_pickled_objects(tmp_path: Path, kind: str):
    cut, buffer = _archive(tmp_path), io.BytesIO()
    np.save(buffer, np.ones((2, 2)))
    content = {
        "text": b"this is no checkpoint", "page": b"<html>Not found</html>", "empty": b"",
        "cut": cut[: len(cut) // 2], "one array": buffer.getvalue(),
    }[kind]  # fmt: skip
    (tmp_path / "a.npz").write_bytes(content)
    sentence = "a.npz is damaged, or no .npz file at all: save it again, np.savez(…)"
    for given in ({"files": str(tmp_path)}, {"directions": "file", "files": f"{tmp_path}/a.npz"}):
        with pytest.raises(CodeError) as caught:
            slice_from(HEAD + GOOD + SUM, **given)
        assert str(caught.value) == f"net.py: {sentence}"


def test_a_pickle_that_is_called_npz_is_said_to_be_one(tmp_path: Path):
    (tmp_path / "a.npz").write_bytes(pickle.dumps({"w": [1.0]}))
    with pytest.raises(CodeError, match=r"a\.npz holds pickled objects, which run code when"):
        slice_from(HEAD + GOOD + SUM, files=str(tmp_path))


def test_a_checkpoint_of_pickled_objects_is_refused_without_numpys_advice(tmp_path: Path):
    np.savez(tmp_path / "a.npz", w=np.array([{}], object))
    with pytest.raises(CodeError, match=r"a\.npz holds pickled objects, which run code when"):
        slice_from(HEAD + GOOD + SUM, directions="pca", files=str(tmp_path))
