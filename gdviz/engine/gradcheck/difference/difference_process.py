"""What remains between a claimed and the true derivative, as a formula.

Where algebra tells that nothing does, or writes what does in a few milliseconds, SymPy, which takes
most of a second to start, is not asked.
SymPy's simplification can take for ever, and nothing stops it within a process. So this module is
also a program, which another process runs: it reads the question from its standard input, prints
every shorter form as soon as it has one, and can be ended at any time. It ends itself after so many
seconds of the processor's time: a busy machine, which makes everybody wait, loses nothing by that.
Forms come back as text of the formula language, and are read by its parser again.
"""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from threading import Thread
from types import MappingProxyType
from typing import Any

import msgspec

from gdviz.base.cancel import Cancelled
from gdviz.base.child_process import ChildProcess
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.difference.algebraic_identity import is_algebraic_identity
from gdviz.engine.gradcheck.difference.written_difference import written_difference
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

#: Characters up to which a difference is worth reading, and nodes up to which it is looked for.
_MAX_LENGTH, _MAX_NODES = 200, 400
#: Seconds that the other process may take beyond the time that it counts itself: to start, to
#: import SymPy, and for waiting in turn with what else is running.
_LONGEST_WAIT = 20.0
#: What the other process ends with when its time is over.
_OUT_OF_TIME = 3
#: Why there is no form, or none that is shorter.
_HAS_ENDED = "SymPy could not write the difference out"
_RAN_OUT = "SymPy ran out of time"
_WAS_ENDED = "the process that runs SymPy was ended"
_REASONS = MappingProxyType({0: _HAS_ENDED, _OUT_OF_TIME: _RAN_OUT})
#: Seconds between two questions whether the answer is still wanted.
_GLANCE = 0.05
#: The last answers: they hold for any values of the constants, any range and any start.
_ANSWERS: dict[str, "list[Remainder]"] = {}
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Remainder:
    """True minus claimed.

    Attributes
    ----------
    text : str
        In the formula language; "0" if they are found equal, empty if there is a `reason`.
    latex : str
        The same, typeset; may be empty where that was not asked for.
    reason : str
        Why there is no text, in a sentence.
    """

    text: str = ""
    latex: str = ""
    reason: str = ""


#: What remains of what is equal.
_NOTHING = Remainder("0", "0")


def remainders(
    candidate: CandidateGradient,
    components: Sequence[int],
    seconds: float,
    cancelled: Callable[[], bool] = bool,
    wrong: Collection[int] = (),
    typeset: bool = True,
) -> list[Remainder]:
    """Work out what remains of components: by algebra, or else another process finds it.

    Parameters
    ----------
    candidate : CandidateGradient
        The true and the claimed gradient.
    components : sequence of int
        Which: 0 for ∂f/∂a, 1 for ∂f/∂b.
    seconds : float
        The processor's time after which to be content with the shortest form found so far,
        counted from when SymPy is there.
    cancelled : callable, optional
        Asked now and then; when it returns True the other process is ended.
    wrong : collection of int, optional
        The components of which it is known that something remains: that is written by algebra.
        Of others only SymPy may know that it is 0.
    typeset : bool, default True
        Whether that is wanted as LaTeX as well, for which SymPy is imported.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    known = {}
    for i in components:
        if is_algebraic_identity(candidate.graph, *candidate.pair(i)):
            known[i] = _NOTHING
        elif i in wrong and (written := _written(candidate, i, typeset)) is not None:
            known[i] = written
    asked = [i for i in components if i not in known]
    known |= zip(asked, _asked_of_sympy(candidate, asked, seconds, cancelled), strict=True)
    return [known[i] for i in components]


def _written(candidate: CandidateGradient, component: int, typeset: bool) -> Remainder | None:
    """Return what algebra alone writes, if it does."""
    nodes = candidate.pair(component)
    if len(candidate.graph.reachable(nodes)) > _MAX_NODES:
        return None
    text = written_difference(candidate.graph, *nodes)
    if not 0 < len(text) <= _MAX_LENGTH:
        return None
    if not typeset:
        return Remainder(text)
    from gdviz.engine.language.latex import latex

    objective = candidate.objective
    columns = objective.data.names if objective.data else ()
    constants = objective.formula.constants
    return Remainder(text, latex(text, constants, columns, objective.parameters))


def _asked_of_sympy(
    candidate: CandidateGradient,
    components: Sequence[int],
    seconds: float,
    cancelled: Callable[[], bool],
) -> list[Remainder]:
    """Return what SymPy finds, or had found before."""
    if not components:
        return []
    if len(candidate.graph.reachable(candidate.nodes[1:])) > _MAX_NODES:
        return [
            Remainder(reason="the formulas are too long for their difference to be written out")
        ] * len(components)
    question = {
        "text": candidate.objective.formula.text,
        "claimed": [part.formula.text for part in candidate.parts],
        "constants": candidate.constants,
        "columns": candidate.objective.data.names if candidate.objective.data else (),
        "parameters": candidate.objective.parameters,
        "components": list(components),
        "seconds": seconds,
    }
    key = json.dumps({**question, "constants": list(candidate.constants), "seconds": None})
    if key not in _ANSWERS:
        answers, reason = _asked(json.dumps(question), seconds + _LONGEST_WAIT, cancelled)
        found = [_read(answers.get(component), reason) for component in components]
        if reason != _HAS_ENDED:
            return found  # which may be better another time
        if len(_ANSWERS) >= _REMEMBERED:
            del _ANSWERS[next(iter(_ANSWERS))]
        _ANSWERS[key] = found
    return list(_ANSWERS[key])


def _asked(
    question: str, longest: float, cancelled: Callable[[], bool]
) -> tuple[dict[int, Remainder], str]:
    """Return the shortest forms that the other process found, and why there are no more."""
    pipe = subprocess.PIPE
    try:
        with ChildProcess(__name__, stdin=pipe, stdout=pipe) as child:
            output, reason = _answered(child.process, question.encode(), longest, cancelled)
    except OSError:
        output, reason = b"", _WAS_ENDED
    answers: dict[int, Remainder] = {}
    # What follows the last line's end, if the process was ended within a line, is left out.
    for line in output.split(b"\n")[:-1]:
        # Whatever Python imports as it starts may print as well.
        with suppress(msgspec.MsgspecError):
            component, text, latex = msgspec.json.decode(line, type=tuple[int, str, str])
            answers[component] = Remainder(text, latex)
    return answers, reason


def _answered(
    process: "subprocess.Popen[bytes]",
    question: bytes,
    longest: float,
    cancelled: Callable[[], bool],
) -> tuple[bytes, str]:
    """Return what a process printed, and why it printed no more."""
    deadline = time.monotonic() + longest
    to_send: bytes | None = question
    while True:
        left = deadline - time.monotonic()
        try:
            output, _ = process.communicate(to_send, timeout=min(_GLANCE, max(left, 0.0)))
            return output, _REASONS.get(process.returncode, _WAS_ENDED)
        except subprocess.TimeoutExpired as expired:
            to_send = None  # what is left of it goes out by itself
            if cancelled():
                raise Cancelled from None
            if left <= _GLANCE:
                return expired.stdout or b"", _RAN_OUT


def _read(found: Remainder | None, reason: str) -> Remainder:
    if found is None:
        return Remainder(reason=reason)
    if len(found.text) > _MAX_LENGTH:
        reason = f"the difference has {len(found.text):,} characters: too long to read"
        return Remainder(reason=reason)
    return found


# -- the other process


def _answer(question: Any) -> Iterator[tuple[int, str, str]]:
    """Yield shorter and shorter forms of the components' differences, as text and as LaTeX."""
    # SymPy, which takes a while to import, is imported in this process only.
    from gdviz.engine.gradcheck.difference.symbolic_difference import difference_forms
    from gdviz.engine.language.latex import latex

    columns = tuple(question["columns"])
    data = Data(dict.fromkeys(columns, (0.0,))) if columns else None  # any numbers will do
    own = tuple(question["parameters"])
    objective = FormulaObjective.from_text(question["text"], question["constants"], data, own)
    candidate = CandidateGradient.parse(objective, tuple(question["claimed"]))
    constants = objective.formula.constants
    wanted: list[int] = question["components"]
    forms = [difference_forms(candidate.graph, *candidate.pair(i)) for i in wanted]
    shortest = dict.fromkeys(wanted, math.inf)
    # A form of each in turn: none has to wait for the slow forms of another.
    for texts in zip_longest(*forms):
        for component, text in zip(wanted, texts, strict=True):
            if text is not None and len(text) < shortest[component]:
                try:
                    Formula.parse(text, constants, columns, own)
                except FormulaError:  # SymPy has words that the language has not
                    continue
                shortest[component] = len(text)
                yield component, text, latex(text, constants, columns, own)


def _end_after(seconds: float) -> None:
    """End this process, whatever it is at, once it had so many seconds more of a processor."""
    end = time.process_time() + seconds
    # One thread works at a time, so that as much time passes by the clock, or more.
    while (left := end - time.process_time()) > 0.0:
        time.sleep(left)
    os._exit(_OUT_OF_TIME)


def main() -> None:
    """Answer the question, and count the time from when SymPy is there."""
    question = json.load(sys.stdin)
    import gdviz.engine.language.latex  # noqa: F401

    Thread(target=_end_after, args=(question["seconds"],), daemon=True).start()
    for found in _answer(question):
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
