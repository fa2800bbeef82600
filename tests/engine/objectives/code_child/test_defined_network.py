"""What is nearly a network, as people write it: each is said in a sentence, with what to write."""

from pathlib import Path

import pytest

from gdviz.engine.objectives.code_child.defined_network import find_network
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import slice_of
from tests.engine.objectives.network.two_layers import module_of

NUMPY = "import numpy as np\n"
BOWL = "def loss(p):\n    return np.sum((p[0] - 1) ** 2)\n"
#: A network, its data, and its loss as it should be.
NET = """
import torch
from torch import nn
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x, y = torch.randn(8, 2), torch.randn(8, 1)
"""
MODEL = NET + "model = net\n"
GOOD = "def loss():\n    return mse_loss(net(x), y)\n"

OF_NUMPY = [
    ("parameters = [np.zeros((2, 3))]\n" + BOWL,
     "parameters is a list, not a function: add one line: parameters = lambda p=parameters: p"),
    ("parameters = (w for w in [np.zeros(3)])\n" + BOWL,
     "parameters is a generator, not a function: add one line: "
     "parameters = lambda p=list(parameters): p"),
    ("def parameters(seed):\n    return [np.zeros(3)]\n" + BOWL,
     "parameters(seed) is called without arguments: add one line that gives them: "
     "parameters = lambda f=parameters: f(…)"),
    ("def parameters():\n    np.zeros(3)\n" + BOWL,
     "parameters() returned None, not the parameters: end it with return …"),
    ("def parameters():\n    yield np.zeros(3)\n" + BOWL,
     "parameters() returned a generator, which can be read once: let it return list(…) of that"),
    ("def parameters():\n    return {'w': np.zeros(3), 'b': 0.0}\ndef loss(w, b):\n    return b\n",
     "loss(w, b) has to take what parameters() returns as one: add one line: "
     "loss = lambda p, f=loss: f(**p)"),
    ("def parameters():\n    return np.zeros(3), 0.0\ndef loss(w, b):\n    return b\n",
     "loss(w, b) has to take what parameters() returns as one: add one line: "
     "loss = lambda p, f=loss: f(*p)"),
    ("model = {'w': np.zeros(3)}\ndef loss(m):\n    return m['w'] @ m['w']\n",
     "model is a dict: add one line: parameters = lambda p=model: p"),
    ("model = 'model.pt'\ndef loss():\n    return 1.0\n",
     "model is a str, no network of PyTorch's, Keras's or JAX's: for another one define "
     "parameters() and loss(parameters)"),
    ("def loss():\n    return 1.0\n",
     "loss() takes no parameters: write loss(a, b) of two numbers, or name what it is of model"),
]  # fmt: skip
OF_TORCH = [
    (MODEL + "loss = nn.MSELoss()\n",
     "loss is MSELoss, which compares outputs with targets; it has to be a function of the model: "
     "add one line, with your data for x and y: loss = lambda model, f=loss: f(model(x), y)"),
    (MODEL + "loss = nn.MSELoss\n",
     "loss is MSELoss, which compares outputs with targets; it has to be a function of the model: "
     "add one line, with your data for x and y: loss = lambda model, f=loss(): f(model(x), y)"),
    (MODEL + "loss = mse_loss\n",
     "loss is mse_loss, which compares outputs with targets; it has to be a function of the model: "
     "add one line, with your data for x and y: loss = lambda model, f=loss: f(model(x), y)"),
    (MODEL + "def loss(inputs, targets):\n    return mse_loss(model(inputs), targets)\n",
     "loss(inputs, targets) gets no more than the model: add one line that gives it the others, "
     "with your data for inputs and targets: loss = lambda model, f=loss: f(inputs, targets)"),
    (MODEL + "def loss(net, x, y):\n    return mse_loss(net(x), y)\n",
     "loss(net, x, y) gets no more than the model: add one line that gives it the others: "
     "loss = lambda model, f=loss: f(model, x, y)"),
    (MODEL + "def loss(*, batch):\n    return mse_loss(model(batch[0]), batch[1])\n",
     "loss(batch) gets no more than the model: add one line that gives it the others, with your "
     "data for batch: loss = lambda model, f=loss: f(batch=batch)"),
    (MODEL + "loss = mse_loss(model(x), y)\n",
     "loss is a Tensor, computed once, not a function: write def loss(): return …"),
    (MODEL + "class loss(nn.Module):\n    def forward(self, m):\n        return m(x).sum()\n",
     "loss is a class, not a function: add one line: loss = loss()"),
    (MODEL + "async def loss():\n    return mse_loss(model(x), y)\n",
     "loss is an async function, which returns no number: write def alone"),
    (MODEL + "def loss():\n    yield mse_loss(model(x), y)\n",
     "loss yields, and so returns no number: write return in place of yield"),
    (MODEL + "def compute_loss():\n    return mse_loss(model(x), y)\n",
     "it defines model, but no function loss() or loss(model): add one line: loss = compute_loss"),
    (MODEL, "it defines model, but no function loss() or loss(model): write def loss(): return …"),
    (NET + GOOD, "loss() takes no parameters: for the network net add one line: model = net"),
    (NET + "def loss(net):\n    return mse_loss(net(x), y)\n",
     "for the network net, which loss(net) takes, add one line: model = net"),
    (NET + "class Net(nn.Linear):\n    pass\nmodel = Net\n" + GOOD,
     "model is the class Net, not a network: write model = Net(…)"),
    (NET + "def model():\n    return net\n" + GOOD,
     "model is a function, no network of PyTorch's, Keras's or JAX's: add one line: model = net"),
    (NET + "model = [net]\n" + GOOD,
     "model is a list, no network of PyTorch's, Keras's or JAX's: add one line: model = net"),
    (NET + "model = net.state_dict()\ndef loss(m):\n    return mse_loss(net(x), y)\n",
     "model is an OrderedDict: add one line: parameters = lambda p=model: p"),
    (NET + "parameters = net.parameters()\ndef loss(p):\n    return mse_loss(net(x), y)\n",
     "parameters is a generator, not a function: in place of it write model = net"),
    (NET + "parameters = net.parameters\ndef loss(p):\n    return mse_loss(net(x), y)\n",
     "parameters() returned a generator, which can be read once: in place of it write model = net"),
    (NET + "def parameters():\n    return net\ndef loss(p):\n    return mse_loss(net(x), y)\n",
     "parameters() returned a Sequential, a network: in place of it write model = …, with that for "
     "the …"),
    (MODEL + "parameters = net.state_dict()\ndef loss(p):\n    return p['0.bias'].sum()\n",
     "parameters is an OrderedDict, not a function: add one line: "
     "parameters = lambda p=parameters: p"),
]  # fmt: skip


def refusal(text: str) -> str:
    with pytest.raises(CodeError) as refused:
        find_network(module_of(text))
    return str(refused.value)


@pytest.mark.parametrize(("text", "sentence"), OF_NUMPY)
def test_what_is_nearly_a_network_in_numpy(text, sentence):
    assert refusal(NUMPY + text) == sentence


@pytest.mark.frameworks
@pytest.mark.parametrize(("text", "sentence"), OF_TORCH)
def test_what_is_nearly_a_network_in_pytorch(text, sentence):
    assert refusal(text) == sentence


LINES = [
    (text, sentence[sentence.index(line) :])
    for text, sentence in OF_TORCH
    for line in (": loss = ", "line: model = net")
    if line in sentence
]


@pytest.mark.frameworks
@pytest.mark.parametrize(("text", "remedy"), LINES)
def test_the_line_to_add_makes_it_a_network(text, remedy):
    """With the data for what arguments are called."""
    line = remedy.removeprefix("line").removeprefix(": ")
    module = module_of(f"{text}inputs, targets, batch = x, y, (x, y)\n{line}\n")
    network = find_network(module)
    assert network is not None
    with_data = module.mse_loss(module.net(module.x), module.y).item()
    assert network.loss_at_centre in (with_data, module.net(module.x).sum().item())


@pytest.mark.frameworks
@pytest.mark.parametrize(
    "text",
    [
        # What a loss of two numbers has beside it is no network of its own.
        NET + "model = net\ndef loss(a, b):\n    return a * a + b * b\n",
        NUMPY + "parameters = np.zeros(2)\ndef loss(p):\n    return p @ p\n",
        NUMPY + "def model(p, x):\n    return p[0] * x\ndef loss(p):\n    return model(p, 1.0)\n",
        NUMPY + "def parameters():\n    return 1.0, 2.0\ndef loss(a, b):\n    return a * b\n",
        NUMPY + "class model:\n    pass\ndef loss(p):\n    return p @ p\n",
        NET + "def loss(*points):\n    return sum(points)\n",
    ],
)
def test_what_is_of_two_numbers_stays_so(text):
    assert find_network(module_of(text)) is None


@pytest.mark.frameworks
def test_a_module_may_be_the_loss_and_gets_the_model():
    text = (
        MODEL
        + """
class OfModel(nn.Module):
    def forward(self, model):
        return mse_loss(model(x), y)
loss = OfModel()
"""
    )
    module = module_of(text)
    assert find_network(module).loss_at_centre == module.loss(module.model).item()


def test_a_loss_of_other_parameters_than_it_is_given_is_refused_as_flat():
    text = "def parameters():\n    return [np.ones((2, 2))]\ndef loss(p):\n    return 4.0\n"
    with pytest.raises(CodeError) as refused:
        slice_of(module_of(NUMPY + text), Path("net.py"), SliceSettings())
    assert str(refused.value) == (
        "net.py: loss(p) is 4 at θ* and wherever the parameters are displaced to: it has to "
        "compute with those that it is given, not with others"
    )


@pytest.mark.parametrize("where", ["abs(p[0]).max() > 1.9", "abs(p[0]).max() < 1.4"])
def test_a_loss_that_is_flat_in_parts_is_drawn(where):
    text = f"def parameters():\n    return [np.ones((2, 2))]\ndef loss(p):\n    return {where}\n"
    assert slice_of(module_of(NUMPY + text), Path("net.py"), SliceSettings()) is not None
