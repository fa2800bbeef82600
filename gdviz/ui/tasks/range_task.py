"""Guessing the map's range and α of a formula in the background."""

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.first_seen import Guess, refitted
from gdviz.ui.tasks.task import Job


def with_guessed_range(job: Job, experiment: Experiment, guess: Guess) -> Experiment | None:
    """Return what :func:`~gdviz.experiment.first_seen.refitted` does, while the job is wanted.

    Parameters
    ----------
    job : Job
        The job.
    experiment : Experiment
        What it is for.
    guess : {"all", "range", "unfit"}
        What is guessed.
    """
    return refitted(experiment, guess, job.cancelled)
