"""Networks of PyTorch: displaced and differentiated as plain code would, and left as they were."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.code_child.defined_network import find_network
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.difference_costs import difference_costs
from gdviz.engine.objectives.network.network_costs import peak_memory
from gdviz.engine.objectives.network.random_costs import random_costs
from tests.engine.objectives.network.two_layers import module_of, slice_from

pytestmark = pytest.mark.frameworks

CONVOLUTION = """
import torch
from torch import nn

torch.manual_seed(0)
X, Y = torch.randn(16, 1, 6, 6), torch.randint(0, 3, (16,))
model = nn.Sequential(
    nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Dropout(0.0),
    nn.Linear(32, 3),
)

def loss():
    return nn.functional.cross_entropy(model(X), Y)
"""
TWO_LAYERS = """
import torch
from torch import nn

torch.manual_seed(1)
X = torch.randn(20, 3, dtype=torch.float64)
Y = torch.sin(X.sum(dim=1, keepdim=True))
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()

def loss(model):
    return ((model(X) - Y) ** 2).mean()
"""


@pytest.fixture(autouse=True)
def torch() -> Iterator[Any]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(threads)


def bits(model: Any) -> list[Any]:
    """Return all that there is of a model, to the bit."""
    return [
        (name, tensor.dtype, tensor.requires_grad, tensor.data_ptr(), tensor.grad is None,
         tensor.detach().numpy().tobytes())
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]
    ] + [(name, module.training) for name, module in model.named_modules()]  # fmt: skip


@pytest.mark.parametrize("text", [CONVOLUTION, TWO_LAYERS], ids=["float32", "float64"])
@pytest.mark.parametrize("mode", ["train", "eval"])
def test_value_and_gradient_are_those_of_plain_code_to_the_last_bits(torch, text, mode):
    text += f"\nmodel.{mode}()\n"
    found = slice_from(text, biases=True)
    single = "Conv2d" in text
    for a, b in ((0.0, 0.0), (0.3, -0.7), (1.0, 0.5)):
        model = module_of(text)
        with torch.no_grad():
            for name, p in model.model.named_parameters():
                d, e = (torch.from_numpy(direction[name]) for direction in found.directions)
                p.copy_(p + a * d + b * e)
        value = model.loss() if single else model.loss(model.model)
        assert found.value(a, b) == value.item()
        value.backward()
        for axis, slope in zip(found.directions, found.gradient(a, b), strict=True):
            wanted = sum(
                float(p.grad.double().ravel() @ torch.from_numpy(axis[name]).double().ravel())
                for name, p in model.model.named_parameters()
            )
            assert slope == pytest.approx(wanted, rel=1e-6 if single else 1e-13)
    assert found.network.is_single == single
    assert found.network.autodiff == "PyTorch's autograd"


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_all_of_a_model_is_left_as_it_was_to_the_bit(mode):
    text = CONVOLUTION.replace("Dropout(0.0)", "Dropout(0.5)")
    text += f"\nmodel.{mode}()\nmodel[0].eval()\nmodel[0].bias.requires_grad_(False)\n"
    module = module_of(text)
    before = bits(module.model)
    found = slice_of_module(module)
    found.value(0.5, 0.5)
    found.gradient(0.5, 0.5)
    found.hessian(0.5, 0.5)
    assert bits(module.model) == before
    assert list(found.centre) == [
        "0.weight", "1.weight", "1.bias", "5.weight", "5.bias",
    ]  # fmt: skip
    assert found.notes[-1] == "2 parameters do not require a gradient, and are not displaced"


def slice_of_module(module: Any, **settings: Any) -> Any:
    from gdviz.engine.objectives.network.settings import SliceSettings
    from gdviz.engine.objectives.network.slices import slice_of

    return slice_of(module, Path("net.py"), SliceSettings(**settings))


def test_a_model_is_left_as_it_was_where_its_loss_raises():
    module = module_of(
        TWO_LAYERS
        + """
count = 0
def loss(model):
    global count
    count += 1
    if count > 3:
        raise RuntimeError("no more")
    return model(X).mean()
"""
    )
    before = bits(module.model)
    found = slice_of_module(module)
    module.count = 3
    with pytest.raises(RuntimeError, match="no more"):
        found.value(1.0, 1.0)
    assert bits(module.model) == before


def test_frozen_models_are_displaced_as_a_whole():
    module = module_of(TWO_LAYERS + "\nmodel.requires_grad_(False)\n")
    found = slice_of_module(module)
    assert np.isfinite(found.gradient(0.1, 0.2)).all()
    assert not any(p.requires_grad for p in module.model.parameters())
    assert found.network.size == 21


def test_each_filter_and_neuron_has_the_norm_of_its_own_parameters():
    """Li et al. 2018: of a convolution, (out, in, h, w), and a linear layer, (out, in)."""
    found = slice_from(CONVOLUTION)
    for name in ("0.weight", "5.weight"):
        for i, theta in enumerate(found.centre[name]):
            for direction in found.directions:
                norm = np.sqrt((direction[name][i].astype(float) ** 2).sum())
                assert norm == pytest.approx(np.sqrt((theta.astype(float) ** 2).sum()), rel=1e-6)
    assert not any(found.directions[0][name].any() for name in ("0.bias", "1.weight", "1.bias"))


@pytest.mark.parametrize(
    ("directions", "places"), [("hessian", [-1, -2]), ("hessian-lowest", [0, 1])]
)
def test_eigenvalues_are_those_of_the_full_hessian(torch, directions, places):
    found, plain = slice_from(TWO_LAYERS, directions=directions), module_of(TWO_LAYERS)
    names = [name for name, _ in plain.model.named_parameters()]
    shapes = [p.shape for p in plain.model.parameters()]

    def loss(flat: Any) -> Any:
        parts = torch.split(flat, [shape.numel() for shape in shapes])
        named = {n: p.reshape(s) for n, p, s in zip(names, parts, shapes, strict=True)}
        out = torch.func.functional_call(plain.model, named, (plain.X,))
        return ((out - plain.Y) ** 2).mean()

    theta = torch.cat([p.detach().ravel() for p in plain.model.parameters()])
    full = torch.autograd.functional.hessian(loss, theta).numpy()
    values, vectors = np.linalg.eigh(full)
    in_aa, in_ab, in_bb = found.hessian(0.0, 0.0)
    assert [in_aa, in_bb] == pytest.approx(values[places], rel=1e-7)
    assert in_ab == pytest.approx(0.0, abs=1e-6)
    for direction, place in zip(found.directions, places, strict=True):
        flat = np.concatenate([part.ravel() for part in direction.values()])
        assert abs(flat @ vectors[:, place]) == pytest.approx(1.0, abs=1e-7)


def test_principal_components_are_scikit_learns():
    from sklearn.decomposition import PCA

    text = (
        TWO_LAYERS
        + """
def trajectory():
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    start = {name: p.clone() for name, p in model.state_dict().items()}
    points = []
    for _ in range(12):
        optimizer.zero_grad()
        loss(model).backward()
        optimizer.step()
        points.append({name: p.clone() for name, p in model.state_dict().items()})
    model.load_state_dict(start)
    return points
"""
    )
    found = slice_from(text, directions="pca")
    points = [
        np.concatenate([np.asarray(part).ravel() for part in point.values()])
        for point in module_of(text).trajectory()
    ]
    pca = PCA(n_components=2).fit(np.array(points))
    for direction, wanted in zip(found.directions, pca.components_, strict=True):
        flat = np.concatenate([part.ravel() for part in direction.values()])
        assert flat * np.sign(flat @ wanted) == pytest.approx(wanted, abs=1e-9)
    percents = [f"{100 * part:.3g} %" for part in pca.explained_variance_ratio_]
    assert found.notes[1].endswith(f"d₁ explains {percents[0]}, d₂ {percents[1]}")


TIED = """
import torch
from torch import nn
torch.manual_seed(0)
X = torch.randn(8, 4, dtype=torch.float64)

class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode, self.decode = nn.Linear(4, 4), nn.Linear(4, 4)
        self.decode.weight = self.encode.weight

    def forward(self, x):
        return self.decode(torch.tanh(self.encode(x)))

model = Tied().double()
held = list(model.parameters())

def loss():
    return ((model(X) - X) ** 2).mean() + 0.01 * sum((p**2).sum() for p in held)
"""
RECURRENT = """
import torch
from torch import nn
torch.manual_seed(0)
X = torch.randn(8, 5, 3, dtype=torch.float64)
model = nn.LSTM(3, 4, batch_first=True).double()

def loss(model):
    return (model(X)[0] ** 2).mean()
"""


@pytest.mark.parametrize(("text", "size"), [(TIED, 24), (RECURRENT, 144)])
def test_parameters_that_are_held_in_several_places_are_displaced_in_all(text: str, size: int):
    found = slice_from(text)
    assert found.network.size == size
    h = 1e-5
    slope = (found.value(0.3 + h, 0.2) - found.value(0.3 - h, 0.2)) / (2 * h)
    assert found.gradient(0.3, 0.2)[0] == pytest.approx(slope, rel=1e-7)


def test_of_shorter_floats_it_is_said_how_many_digits_they_have():
    found = slice_from(
        TWO_LAYERS.replace(".double()", ".bfloat16()").replace("float64", "bfloat16")
    )
    assert found.network.is_single
    assert found.notes[-1] == "its parameters are bfloat16, of three digits or so"


@pytest.mark.parametrize("line", ["return value.detach()", "return value.item()",
                                  "return value.detach().numpy()"])  # fmt: skip
def test_a_loss_that_leaves_autograd_has_differences_alone_and_the_reason(line):
    text = TWO_LAYERS.replace("return (", "value = (") + f"    {line}\n"
    found = slice_from(text)
    assert found.network.no_gradient.startswith("PyTorch's autograd cannot follow the loss back")
    assert found.value(0.1, 0.2) == slice_from(TWO_LAYERS).value(0.1, 0.2)


def test_a_loss_may_differentiate_by_itself():
    """As physics-informed networks do, whose residuals hold derivatives by the inputs."""
    text = TWO_LAYERS.replace(
        "return ((model(X) - Y) ** 2).mean()",
        """
    x = X.clone().requires_grad_()
    [slope] = torch.autograd.grad(model(x).sum(), x, create_graph=True)
    return (slope**2).mean()""",
    )
    found = slice_from(text)
    h = 1e-5
    slope = (found.value(h, 0.0) - found.value(-h, 0.0)) / (2 * h)
    assert found.gradient(0.0, 0.0)[0] == pytest.approx(slope, rel=1e-7)


def test_parameters_of_tensors_need_no_module(torch):
    text = """
import torch
def parameters():
    return {"w": torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)}
def loss(p):
    return (p["w"] ** 3).sum()
"""
    found = slice_from(text, normalize="none")
    d, w = found.directions[0]["w"], found.centre["w"]
    assert found.gradient(0.0, 0.0)[0] == pytest.approx(float((3 * w**2 * d).sum()))
    assert found.hessian(0.0, 0.0)[0] == pytest.approx(float((6 * w * d * d).sum()))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("model = nn.Linear(2, 2, device='meta')",
         "the parameter weight cannot be displaced: it is on the device meta, not on the CPU: "
         "move it there with .cpu()"),
        ("model = nn.Sequential()", "model has no parameters"),
        ("def parameters():\n    return [torch.ones(2, 2, dtype=torch.int64)]",
         "the parameter 0 cannot be displaced: it holds torch.int64, not real numbers"),
        ("def parameters():\n    import numpy as np\n    return [torch.ones(2), np.ones(2)]",
         "the parameter 1 is of another library than 0: let all be of one"),
        ("def loss(model):\n    return model(X)",
         "the loss returned shape (20, 1); it must return one real number: return their mean"),
        ("del loss",
         "it defines model, but no function loss() or loss(model): write def loss(): return …"),
    ],
)  # fmt: skip
def test_what_cannot_be_displaced_is_refused(line: str, sentence: str):
    with pytest.raises(CodeError) as caught:
        slice_from(f"{TWO_LAYERS}\n{line}\n")
    assert str(caught.value) == f"net.py: {sentence}"


def test_checkpoints_of_a_folder_go_in_the_order_of_their_numbers(torch, tmp_path: Path):
    safetensors = pytest.importorskip("safetensors.torch")
    model = module_of(TWO_LAYERS).model
    for i in (1, 2, 10):
        state = {name: p**i for name, p in model.state_dict().items()}
        if i == 2:
            safetensors.save_file(state, tmp_path / f"step-{i}.safetensors")
        else:
            torch.save({"state_dict": state, "epoch": i}, tmp_path / f"step-{i}.pt")
    found = slice_from(TWO_LAYERS, directions="between", files=str(tmp_path))
    theta = np.concatenate([part.ravel() for part in found.centre.values()])
    d, e = (
        np.concatenate([part.ravel() for part in direction.values()])
        for direction in found.directions
    )
    assert d == pytest.approx(theta**2 - theta)
    assert e == pytest.approx(theta**10 - theta)


def test_a_checkpoint_that_runs_code_is_refused(torch, tmp_path: Path):
    torch.save({"when": Path}, tmp_path / "step.pt")
    with pytest.raises(CodeError, match=r"step\.pt is a pickle that runs code when it is loaded"):
        slice_from(TWO_LAYERS, files=str(tmp_path))


@pytest.mark.parametrize(
    "content", [b"this is no checkpoint", b"<html>Not found</html>", b"\x00" * 64, b""]
)
def test_what_is_no_checkpoint_at_all_is_not_said_to_run_code(tmp_path: Path, content: bytes):
    (tmp_path / "step.pt").write_bytes(content)
    with pytest.raises(CodeError) as caught:
        slice_from(TWO_LAYERS, files=str(tmp_path))
    assert str(caught.value) == (
        "net.py: step.pt is damaged, or no .pt file at all: save it again, "
        "torch.save(model.state_dict(), …)"
    )


@pytest.mark.parametrize("is_archive", [True, False])
def test_half_a_checkpoint_is_no_pickle_that_runs_code(torch, tmp_path: Path, is_archive: bool):
    state, step = module_of(TWO_LAYERS).model.state_dict(), tmp_path / "step.pt"
    torch.save(state, step, _use_new_zipfile_serialization=is_archive)
    content = step.read_bytes()
    step.write_bytes(content[: len(content) // 2])
    wanted = "is damaged, or no .pt file" if is_archive else "is no checkpoint that can be read: "
    with pytest.raises(CodeError, match=rf"step\.pt {wanted}\w*"):
        slice_from(TWO_LAYERS, files=str(tmp_path))


def test_what_turns_dropout_off_is_known_of_a_file_that_has_a_model():
    assert find(TWO_LAYERS) == "model.eval()"
    own = "def parameters():\n    return dict(model.named_parameters())\n"
    own += "def loss(p):\n    return torch.func.functional_call(model, p, (X,)).mean()\n"
    assert find(f"{TWO_LAYERS}\n{own}") == "model.eval()"
    assert find(f"{TWO_LAYERS}\n{own}".replace("model", "net")) == ""


def find(text: str) -> str:
    network = find_network(module_of(text))
    assert network is not None
    return network.forward.evaluation


def test_what_differences_would_cost_leaves_a_model_as_it_was() -> None:
    """In training mode, whose running means every pass changes; all in the model's float32."""
    module = module_of(CONVOLUTION)
    before = bits(module.model)
    network = find_network(module)
    assert network is not None
    costs = difference_costs(network, lambda: 0.0)
    assert (costs.precision, costs.gradient_by) == ("float32", "PyTorch's autograd")
    assert costs.size == sum(p.numel() for p in module.model.parameters())
    forward, central = costs.differences
    assert (forward.losses, central.losses) == (costs.size + 1, 2 * costs.size)
    assert central.error < forward.error < 0.1
    assert bits(module.model) == before


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_slope_along_a_vector_is_the_gradients_and_leaves_a_model_as_it_was(mode: str) -> None:
    """∇L·u by dual numbers, of a module whose parameters are found by the loss itself."""
    made = module_of(CONVOLUTION + f"model.{mode}()\n")
    before = {name: value.clone() for name, value in made.model.state_dict().items()}
    network = find_network(made)
    assert network is not None
    draw = np.random.default_rng(0).standard_normal
    parts = [draw(leaf.shape) for leaf in network.centre]
    slopes = network.gradient(network.theta)
    expected = sum(float(np.vdot(g, u)) for g, u in zip(slopes, parts, strict=True))
    assert network.slope(network.theta, network.like(parts)) == pytest.approx(expected, rel=1e-4)
    assert all((before[name] == value).all() for name, value in made.model.state_dict().items())
    assert all(p.requires_grad and p.grad is None for p in made.model.parameters())


def test_memory_is_what_its_allocator_hands_out(capfd: pytest.CaptureFixture[str]) -> None:
    """exp(exp(θ)) holds two arrays at once; backwards both, and one of slopes."""
    text = """
    import torch

    def parameters():
        return [torch.zeros(100_000)]

    def loss(p):
        return p[0].exp().exp().sum()
    """
    network = find_network(module_of(text))
    assert network is not None
    memory = peak_memory(network)
    assert memory.parameters == 400_000
    assert memory.loss == pytest.approx(800_000, rel=0.01)
    assert memory.gradient == pytest.approx(1_200_000, rel=0.01)
    assert memory.differences == pytest.approx(1_200_000, rel=0.01)
    assert capfd.readouterr().err == ""


def test_one_draw_is_wrong_as_theory_says() -> None:
    """Forward gradients by dual numbers: on average E‖ĝ − g‖² = (N + 1)‖g‖², N = 21."""
    network = find_network(module_of(TWO_LAYERS))
    assert network is not None
    found = [random_costs(network, time.perf_counter, 1e-4, seed) for seed in range(40)]
    by_tangents = [rows[-1] for rows in found]
    assert {row.name for row in by_tangents} == {"forward-gradient"}
    assert {row.why_not for row in by_tangents} == {""}
    square = np.mean([row.error**2 for row in by_tangents])
    assert square == pytest.approx(network.size + 1, rel=0.3)


def test_tangents_that_are_lost_are_said_to_be() -> None:
    text = TWO_LAYERS + "loss = lambda model: ((model(X) - Y) ** 2).mean().detach()\n"
    network = find_network(module_of(text))
    assert network is not None
    assert "they are detached" in random_costs(network, time.perf_counter, 1e-4)[-1].why_not


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_values_of_many_points_are_those_of_plain_code_to_the_last_bit(torch, mode):
    """Arrays of one number, of none that is moved, and of sizes that fill no vector register."""
    text = CONVOLUTION + f"\nmodel.{mode}()\n"
    text += "model[1].bias.data[0] = -0.0\nmodel[5].bias.requires_grad_(False)\n"
    found, model = slice_from(text), module_of(text)
    named = dict(model.model.named_parameters())
    for a, b in np.random.default_rng(0).uniform(-1.0, 1.0, (40, 2)).tolist():
        fresh = module_of(text)
        with torch.no_grad():
            for name, p in fresh.model.named_parameters():
                if name in found.centre:
                    d, e = (torch.from_numpy(axis[name]) for axis in found.directions)
                    p.copy_(named[name] + a * d + b * e)
            assert found.value(a, b) == fresh.loss().item()


def test_a_loss_that_writes_into_its_parameters_finds_the_right_ones_in_the_next_cell(torch):
    text = (
        TWO_LAYERS
        + """
writes = True
def loss(model):
    value = ((model(X) - Y) ** 2).mean()
    if writes:
        with torch.no_grad():
            for p in model.parameters():
                p.zero_()
    return value
"""
    )
    module = module_of(text)
    found, before = slice_of_module(module), bits(module.model)
    module.writes = False
    wanted = [found.value(0.3, b) for b in (0.1, 0.2)]
    module.writes = True
    assert [found.value(0.3, b) for b in (0.1, 0.2)] == wanted
    assert bits(module.model) == before


def test_a_parameter_that_is_not_displaced_keeps_its_sign_where_it_is_zero():
    """Which an angle shows: of (-1, 0) it is π, of (-1, -0) it is -π."""
    text = (
        TWO_LAYERS
        + """
model[0].bias.data[:] = torch.tensor([0.0, -0.0, 0.0, -0.0])
def loss(model):
    return torch.atan2(model[0].bias, -torch.ones(4)).double() @ torch.arange(1.0, 5.0).double()
"""
    )
    found = slice_from(text)
    assert not found.directions[0]["0.bias"].any()
    assert [found.value(a, 0.5) for a in (-1.0, 0.0, 1.0)] == [pytest.approx(-2 * np.pi)] * 3


MEDDLING = {
    "nothing": "pass",
    "running means": "model.train()",
    "a buffer replaced": "model[1].running_mean = model[1].running_mean + 1",
    "a buffer's memory": "model[1].running_var.data = torch.full((2,), 3.0)",
    "parameters written": "[p.data.mul_(0.5) for p in model.parameters()]",
    "parameters' memory": "[setattr(p, 'data', p.data * 2) for p in model.parameters()]",
    "a mode": "model[4].train()",
    "requires_grad": "model.requires_grad_(False)",
    "recording": "torch.set_grad_enabled(True)",
    "its own gradients": "torch.enable_grad()(lambda: model(X).sum().backward())()",
}


@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize("name", MEDDLING)
def test_in_many_passes_each_value_is_what_it_is_alone_whatever_a_loss_does(torch, name, mode):
    """Of two names for a weight, dropout that is seeded, and a cell that raises."""
    text = (
        CONVOLUTION.replace("Dropout(0.0)", "Dropout(0.5)")
        + f"""
model.append(nn.Linear(3, 3))
model.append(nn.Linear(3, 3))
model[7].weight = model[6].weight
model(X).sum().backward()
model.{mode}()
calls = 0

def loss():
    global calls
    calls += 1
    torch.manual_seed(0)
    value = nn.functional.cross_entropy(model(X), Y)
    {MEDDLING[name]}
    if calls == raises:
        raise error
    value = value + nn.functional.cross_entropy(model(X), Y)
    return value + sum(p.grad.sum() for p in model.parameters() if p.grad is not None)

raises, error = -1, None
"""
    )
    module = module_of(text)
    before = bits(module.model), [p.grad.clone() for p in module.model.parameters()]

    def is_as_before() -> bool:
        grads = [p.grad for p in module.model.parameters()]
        return bits(module.model) == before[0] and all(map(torch.equal, grads, before[1]))

    found = slice_of_module(module, biases=True)
    assert is_as_before()
    cells = np.random.default_rng(0).uniform(-1.0, 1.0, (7, 2)).tolist()
    alone = []
    for a, b in cells:
        alone.append(found.value(a, b))
        assert is_as_before()
    together: list[float | None] = []
    module.raises, module.error = module.calls + 4, RuntimeError("in the middle")
    with found.network.forward.many_passes():
        for a, b in cells:
            try:
                together.append(found.value(a, b))
            except RuntimeError as error:
                assert str(error) == "in the middle"  # noqa: PT017 - one of many cells
                together.append(None)
    assert together == [*alone[:3], None, *alone[4:]]
    assert is_as_before()
    assert torch.is_grad_enabled()
    module.raises, module.error = module.calls + 2, KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt), found.network.forward.many_passes():
        [found.value(a, b) for a, b in cells]
    assert is_as_before()


def test_a_trajectory_that_trains_the_model_leaves_it_and_the_centre_as_they_were():
    text = (
        CONVOLUTION
        + """
def trajectory():
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(4):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        yield list(model.parameters())
"""
    )
    module = module_of(text)
    before = bits(module.model)
    found = slice_of_module(module, directions="pca")
    assert bits(module.model) == before
    assert found.value(0.0, 0.0) == module_of(text).loss().item()
    first, last = found.trajectory[[0, -1]]
    assert found.value(*last) < found.value(*first) < found.value(0.0, 0.0)


def test_a_loss_that_calls_backward_leaves_the_gradients_of_its_parameters():
    text = TWO_LAYERS.replace(
        "return ((model(X) - Y) ** 2).mean()",
        """
    ((model(X) - Y) ** 2).mean().backward()
    return sum((p.grad**2).sum() for p in model.parameters())""",
    )
    module = module_of(text)
    wanted = module.loss(module.model).item()
    before = [p.grad.clone() for p in module.model.parameters()]
    found = slice_of_module(module)
    assert [found.value(0.0, 0.0) for _ in range(2)] == [wanted, wanted]
    assert all((p.grad == g).all() for p, g in zip(module.model.parameters(), before, strict=True))


def test_a_loss_that_asks_its_tensors_for_a_gradient_gets_that_of_each_cell_alone():
    text = """
    import torch

    def parameters():
        return [torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.ones(2)]

    def loss(p):
        for x in p:
            x.requires_grad_()
        (p[0] ** 2).sum().backward()
        return (p[0].grad ** 2).sum().detach() + p[1].sum().detach()
    """
    found = slice_from(text)
    size = float((found.centre["0"] ** 2).sum())
    assert [found.value(0.0, 0.0) for _ in range(3)] == [4.0 * size + 2.0] * 3


# -- a loss that is a tensor with a gradient, as nearly every one of PyTorch's is

PARAMETERS = """
import torch

torch.manual_seed(2)
w = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
x = torch.randn(5, 3, dtype=torch.float64)

def parameters():
    return [w]

def loss(p):
    found = torch.tanh(x @ p[0]).square().sum()
    {}
    return found
"""
#: What a loss may do with its own derivative, and what it then is.
OWN = {
    "nothing": ("pass", lambda f, g: f),
    "backward": ("found.backward()", lambda f, g: f),
    "norm": ("found = torch.autograd.grad(found, p)[0].square().sum()", lambda f, g: (g * g).sum()),
    "penalty": (
        "found = found + torch.autograd.grad(found, p, create_graph=True)[0].square().sum()",
        lambda f, g: f + (g * g).sum(),
    ),
}


@pytest.mark.parametrize("what", OWN)
def test_parameters_that_require_a_gradient_may_be_differentiated_by_the_loss(torch, what):
    line, wanted = OWN[what]
    text = PARAMETERS.format(line)
    module, found = module_of(text), slice_from(text)
    (name,) = found.centre
    for a, b in ((0.0, 0.0), (0.3, -0.7)):
        theta = found.centre[name] + a * found.directions[0][name] + b * found.directions[1][name]
        p = torch.tensor(theta, requires_grad=True)
        value = torch.tanh(module.x @ p).square().sum()
        (slopes,) = torch.autograd.grad(value, p)
        assert found.value(a, b) == pytest.approx(wanted(value, slopes).item(), rel=1e-14)
    assert module.w.grad is None


def test_no_loss_of_a_cell_holds_what_was_recorded(torch):
    """The number is taken, and no graph of it is made: a loss may keep as many as it likes."""
    text = TWO_LAYERS.replace("    return", "    found =") + "    kept.append(found)\n"
    text += "    return found\nkept = []\n"
    module = module_of(text)
    network = find_network(module)
    module.kept.clear()
    found = network.theta
    for _ in range(3):
        network.value(found)
    assert [(each.requires_grad, each.grad_fn) for each in module.kept] == [(False, None)] * 3


def test_what_a_loss_adds_to_gradients_is_taken_away_again(torch):
    """A gradient that was there is there afterwards, the same tensor with the same bits."""
    text = TWO_LAYERS.replace("    return", "    found =") + "    found.backward()\n"
    module = module_of(text + "    return found\nloss(model)\n")
    before = [(p.grad, p.grad.clone()) for p in module.model.parameters()]
    network = find_network(module)
    for _ in range(3):
        network.value(network.theta)
    assert network.no_gradient == (
        "the loss calls backward() by itself, after which PyTorch's autograd cannot follow it "
        "again: leave that out"
    )
    for p, (slope, bits) in zip(module.model.parameters(), before, strict=True):
        assert p.grad is slope
        assert torch.equal(slope, bits)
