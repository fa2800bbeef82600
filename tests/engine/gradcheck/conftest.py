"""What the tests of the check share."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gdviz.engine.gradcheck.difference import difference_process
from gdviz.engine.gradcheck.difference.difference_process import Remainder


@pytest.fixture
def sympy_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SymPy answer in this process, with the time it needs: another one takes half a second."""

    def asked(question: str, _longest: float, _cancelled: Any) -> tuple[dict[int, Remainder], bool]:
        found = difference_process._answer(json.loads(question))
        return {component: Remainder(*texts) for component, *texts in found}, True

    monkeypatch.setattr(difference_process, "_asked", asked)
