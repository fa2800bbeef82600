"""Where an experiment is saved."""

from dataclasses import dataclass
from pathlib import Path

from gdviz.base.files import is_there
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import load
from gdviz.experiment.page_file import is_page_file
from gdviz.experiment.referenced_data import known_or_asked
from gdviz.experiment.validation import ExperimentError


@dataclass(eq=False)
class File:
    """Where an experiment is saved. One object, shared by all experiments that it belongs to.

    Attributes
    ----------
    path : Path or None
        None before it was saved for the first time.
    saved : Experiment or None
        What was read or written last; without a path, what was begun with, as a guide's, or None
        for what a first start begins with.
    """

    path: Path | None = None
    saved: Experiment | None = None

    @classmethod
    def of(cls, path: Path, experiment: Experiment) -> "File":
        """Return the file of an experiment that was opened: none where that stood in a page."""
        return cls(None if is_page_file(path) else path, experiment)

    def begun_with(self, experiment: Experiment) -> "File":
        """Return it; where it is none, what an experiment without one is compared with."""
        return File(saved=experiment) if self.path is None else self

    def is_modified(self, experiment: Experiment) -> bool:
        """Tell whether an experiment, which belongs here, is not what was saved, or begun with.

        In a file all is saved but the place that somebody is at in it. Of what is in no file the
        looks do not count: whoever zooms, turns or hides something has changed no experiment.
        """
        if self.path is not None:
            return not experiment.is_same_work(self.saved)
        return not experiment.is_same_but_for_looks(self.saved or Experiment())

    def is_ours(self) -> bool:
        """Tell whether writing loses nothing: the file is as it was left, or there is none."""
        try:
            if self.path is None or not is_there(self.path):
                return True
            data = None if self.saved is None else self.saved.function.data
            return load(self.path, known_or_asked(data)) == self.saved
        except OSError:
            return True  # writing says what is wrong
        except ExperimentError:
            return False
