"""SymPy's process: it has a time of its own, and the verdict stands whatever comes of it.

It is asked for what algebra alone does not write: π is a number that is rounded.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.gradcheck.difference.difference_process import Remainder
from gdviz.engine.objectives.formula_objective import FormulaObjective


def check(formula: str, in_a: str, in_b: str, seconds: float) -> GradientCheck:
    objective = FormulaObjective.from_text(formula)
    return check_gradient(objective, (in_a, in_b), Range(-3.0, 3.0, -3.0, 3.0), seconds=seconds)


def remainder_in_a(made: GradientCheck) -> Remainder:
    assert made.verdicts[0].right is False
    assert made.verdicts[0].remainder is not None
    return made.verdicts[0].remainder


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "formula",
    [
        "exp(-(" * 20 + "a*b" + ")^2)" * 20,
        "*".join(f"(a - {i}/10 + b/{i + 1})" for i in range(40)),
        "(a + b)^1000000",
        "(2/3)^(99^9)*a + b",
        "exp(exp(exp(exp(a)))) + b",
    ],
)
def test_nothing_hangs(formula: str) -> None:
    made = check(formula, "b", "(a + b)^2/(a + b)", seconds=0.3)
    assert made.verdicts[0].right is False


def test_when_sympy_runs_out_of_time_the_verdict_stands() -> None:
    made = check("a*b", "pi*b", "a", seconds=1e-3)
    assert made.verdicts[1].right
    assert "ran out of time" in remainder_in_a(made).reason


@pytest.mark.skipif(sys.platform == "win32", reason="the slow machine is a shell script")
def test_the_time_is_not_counted_that_a_busy_machine_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = tmp_path / "python"
    busy.write_text(f'#!/bin/sh\nsleep 0.6\nexec {shlex.quote(sys.executable)} "$@"\n')
    busy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(busy))
    assert remainder_in_a(check("a*b", "b - pi*b", "a", seconds=0.5)).text == "pi*b"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_sympy_that_is_ended_is_asked_again_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where memory runs out: the verdict stands, and what is missing is told."""
    python, ends = sys.executable, tmp_path / "python"
    ends.write_text("#!/bin/sh\nkill -9 $$\n")
    ends.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(ends))
    found = remainder_in_a(check("a^3*b", "3*a^2*b + sin(pi*a)", "a^3", seconds=30.0))
    assert (found.text, found.reason) == ("", "the process that runs SymPy was ended")
    monkeypatch.setattr(sys, "executable", python)
    found = remainder_in_a(check("a^3*b", "3*a^2*b + sin(pi*a)", "a^3", seconds=30.0))
    assert (found.text, found.reason) == ("-sin(pi*a)", "")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_what_is_printed_beside_the_answer_is_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules that Python imports as it starts may print; other lines are no forms."""
    talks = tmp_path / "python"
    lines = 'hello\n5\n[0, 1, 2]\n[[0], "a", "a"]\n'
    talks.write_text(
        f"#!/bin/sh\nprintf '%b' {shlex.quote(lines)}\nexec {shlex.quote(sys.executable)} \"$@\"\n"
    )
    talks.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(talks))
    found = remainder_in_a(check("a^2*b", "2*a*b + cos(pi*a)", "a^2", seconds=30.0))
    assert (found.text, found.reason) == ("-cos(pi*a)", "")
