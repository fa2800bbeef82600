"""The process that measures what differences would cost: what comes back, and how it may end."""

from pathlib import Path

import pytest

from gdviz.base.cancel import Cancelled
from gdviz.sampling.cost_process import measure_costs
from gdviz.sampling.subject import SamplingError
from tests.engine.objectives.network.two_layers import BOWL

pytestmark = pytest.mark.slow


def test_what_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("print('loaded')\n" + BOWL)
    told: list[float] = []
    found = measure_costs(path, progress=told.append)
    assert told[0] == 0.0  # it is open, and nothing is measured yet
    assert found.printed == "loaded"
    differences, memory = found.costs.differences, found.costs.memory
    assert (differences.size, differences.coordinates) == (6, 6)
    assert differences.loss_seconds > 0.0
    assert found.costs.estimates[0].draws > 1
    assert memory.parameters == 48
    assert memory.differences > memory.loss > 0.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import os\nos._exit(3)\n", "model.py: its process ended before all was measured"),
        ("raise SystemExit(3)\n", "model.py, line 1: SystemExit: 3"),
        ("def loss(a, b):\n    return a * b\n",
         "model.py: it defines no network: neither parameters() nor model, with their loss"),
        (BOWL + "RAISES = lambda p: 1 // 0 if p[0].max() > 6 else 1.0\nloss = RAISES\n",
         "model.py, line 14: ZeroDivisionError: integer division or modulo by zero"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "model.py"
    path.write_text(text)
    with pytest.raises(SamplingError) as refused:
        measure_costs(path)
    assert str(refused.value) == sentence


def test_a_seed_makes_a_stochastic_loss_a_function(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(BOWL + "\nplain = loss\nloss = lambda p: plain(p) + np.random.random()\n")
    with pytest.raises(SamplingError, match="another number each time") as refused:
        measure_costs(path)
    assert refused.value.is_stochastic
    [forward, _] = measure_costs(path, loss_seed=3).costs.differences.differences
    assert forward.error < 1e-6
    path.write_text(BOWL + "\nimport time\nloss = lambda p: 1.0 + time.monotonic_ns() % 997\n")
    with pytest.raises(SamplingError, match="were seeded with 3 before each call, so it depends"):
        measure_costs(path, loss_seed=3)


def test_a_loss_that_never_returns_is_ended_when_nobody_wants_it(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(BOWL + "def loss(p):\n    while True:\n        pass\n")
    with pytest.raises(Cancelled):
        measure_costs(path, cancelled=lambda: True)
