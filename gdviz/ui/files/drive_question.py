"""Questions about a path to which what the person does next needs the answer."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QMessageBox, QWidget

from gdviz.ui.tasks.task import Job, Task
from gdviz.ui.toolkit.text import message_box

T = TypeVar("T")


def answered(window: QWidget, question: Callable[[], T], name: str) -> T | None:
    """Return the answer to a question about a path; the window is painted while its drive is asked.

    Parameters
    ----------
    window : QWidget
        The dialog's parent.
    question : callable
        What asks, in the background.
    name : str
        What the file is called, which is said once it takes longer than a moment.

    Returns
    -------
    object or None
        The answer; None where the person did not want to wait for it.

    Raises
    ------
    Exception
        What the question raises.
    """
    answers: list[T] = []
    errors: list[Exception] = []
    soon = QEventLoop()

    def ask(_job: Job) -> T:
        return question()

    task = Task(ask, answers.append, errors.append, waits_for_drive=True, parent=window)
    task.ended.connect(soon.quit)
    task.busy_changed.connect(soon.quit)
    task.request()
    # What is pressed meanwhile comes after the answer.
    soon.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if task.is_running():
        box = message_box(window, f"Waiting for the drive of {name} …")
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        task.ended.connect(box.accept)
        box.exec()
        box.deleteLater()  # else the window would keep it
        if task.is_running():
            task.abandon()
    task.deleteLater()
    if errors:
        raise errors[0]
    return answers[0] if answers else None
