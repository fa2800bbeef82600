"""A person's own code as the window handles it: what was opened, and what runs it."""

from gdviz.base.captured_output import CapturedOutput
from gdviz.engine.objectives.code_ref import Code, CodeRunner
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment

#: How many files are kept open: those of the last few versions, for undo.
_KEPT = 8


class OpenCode:
    """What runs the code that the person has opened, by what an experiment refers to it by."""

    def __init__(self) -> None:
        self._runners: dict[Code, CodeRunner] = {}
        self._failed: dict[str, CapturedOutput] = {}

    def keep(self, runner: CodeRunner) -> None:
        """Keep what runs some code from now on; what ran it before ends."""
        before = self._runners.pop(runner.code, runner)
        self._runners[runner.code] = runner
        self._failed.pop(runner.code.path, None)
        if before is not runner:
            before.stop()
        for oldest in list(self._runners)[:-_KEPT]:
            self._runners.pop(oldest).stop()

    def note_failure(self, path: str, output: CapturedOutput) -> None:
        """Keep what a file printed that was run again and failed, until it is run once more."""
        self._failed[path] = output

    def output(self, code: Code) -> CapturedOutput:
        """Return what some code printed when it was run last."""
        if code.path in self._failed:
            return self._failed[code.path]
        return self._runners[code].output if code in self._runners else CapturedOutput()

    def is_open(self, code: Code) -> bool:
        """Tell whether the person has opened this version of some code."""
        return code in self._runners

    def is_noisy(self, code: Code) -> bool:
        """Tell whether some code was found to return other values at the same point."""
        return code in self._runners and self._runners[code].facts.noise is not None

    def runner(self, code: Code | None) -> CodeRunner | None:
        """Return what runs some code; None where it is not open, or there is none."""
        return None if code is None else self._runners.get(code)

    def objective(self, experiment: Experiment) -> Objective:
        """Return the function of an experiment; code that is not open cannot be evaluated."""
        return experiment.objective(self.runner(experiment.function.code))

    def calls(self, code: Code) -> int:
        """Return how many calls of some code have been answered, as far as it runs."""
        return self._runners[code].calls if code in self._runners else 0

    def interrupt(self) -> None:
        """Give up whatever code is doing, in whichever thread."""
        for runner in self._runners.values():
            runner.interrupt()

    def close(self) -> None:
        """End all of it, and forget what was opened."""
        self.interrupt()  # all at once: each is waited for below
        while self._runners:
            _, runner = self._runners.popitem()
            runner.stop()
