"""The list of estimates, update rules and schedules."""

import json

import pytest

from gdviz.cli.main import main
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.shaping import SHAPING
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.schedules import SCHEDULES

#: What frameworks disagree about: each says whose definition it is.
SEVERAL = (
    "clipped", "momentum", "heavy-ball", "nesterov", "nesterov-1983", "adagrad", "rmsprop",
    "adadelta", "rprop", "adam", "adamw", "adamax", "nadam", "radam", "lion", "l-bfgs",
)  # fmt: skip


def test_rules_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert [row["name"] for row in found["estimates"]] == list(ESTIMATES)
    assert [row["name"] for row in found["rules"]] == list(RULES)
    assert [row["name"] for row in found["schedules"]] == list(SCHEDULES)
    rows = {row["name"]: row for row in (*found["rules"], *found["schedules"])}
    assert rows["rmsprop"]["options"][0]["default"] == 0.99
    for name in (*SEVERAL, "inverse", "exponential", "cosine"):
        assert "PyTorch" in rows[name]["definition"]
        assert "Keras" in rows[name]["definition"] or name == "l-bfgs"


def test_rules_to_read(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    *blocks, shaping = capfd.readouterr().out.split("\n\n")
    assert shaping.startswith("options of all rules but clipped, line-search, newton")
    assert [line.split()[0] for line in shaping.splitlines()[1:4]] == [o.name for o in SHAPING]
    assert [block.split("\n", 1)[0] for block in blocks] == [*ESTIMATES, *RULES, *SCHEDULES]
    (adagrad,) = (block for block in blocks if block.startswith("adagrad\n"))
    assert "    PyTorch's, from s = 0. Keras and Optax begin at s = 0.1" in adagrad
    assert "    delta = 1e-10: δ. Added to the root" in adagrad
    assert "    adagrad@keras: delta = 1e-07, start = 0.1, inside = 1\n" in adagrad
