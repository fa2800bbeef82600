"""Experiments that belong to no file: when one is asked about, and which waits for the next launch.

One waits there at most, in the settings, which all windows share; another that nobody can be asked
about is written to a file beside them.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from gdviz.base.files import is_there, shown, write_file
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.referenced_data import DataNeeded
from gdviz.experiment.validation import ExperimentError
from gdviz.ui.store.file import File
from gdviz.ui.store.recent import with_recent
from gdviz.ui.toolkit.settings_file import Settings

logger = logging.getLogger(__name__)

_TEXT = "experiment"
_IS_UNSAVED = "experiment_is_unsaved"
_ASKS = "files/ask_about_untitled"
_RESCUED = "files/rescued"
_LOST = "files/lost"

#: What becomes of an experiment in no file that is left: as the window closes it waits for the next
#: launch already, is kept for that, or cannot be, as another one waits or as it is too large; or
#: another experiment is shown in its place.
Place = Literal["waits", "kept", "taken", "too large", "replaced"]
#: Where nobody need be asked each time: nothing is lost.
OFTEN = ("kept", "replaced")


def last_experiment(settings: Settings) -> Experiment:
    """Return the experiment of the last time; that of the first start if there is none.

    It is read before there is a window: the largest grid, 5 MB, puts off the start by 0.1 s.
    """
    text = settings.value(_TEXT)
    if isinstance(text, str):
        try:
            return from_json(text)
        except ExperimentError:
            pass  # written by another version: the settings are ours, and nobody's work
    return Experiment()


def waiting_experiment(settings: Settings) -> str:
    """Return the JSON of the last experiment if its data is in a file of its own; else nothing.

    That is read once there is a window: a million rows take most of a second.
    """
    text = settings.value(_TEXT)
    if isinstance(text, str):
        try:
            from_json(text)
        except DataNeeded:
            return text
        except ExperimentError:
            pass
    return ""


class Untitled(QObject):
    """What a window does with an experiment in no file.

    Work that is in no file may wait for the next launch, of the launch before or of another window.
    Only a window that shows it writes over it; other work goes to a file of its own then.

    Parameters
    ----------
    settings : Settings
        Where an experiment waits.
    parent : QObject

    Attributes
    ----------
    asks : bool
        Whether it is asked what becomes of changes.
    asks_changed : Signal(bool)
        The person wants to be asked, or not any more.
    """

    asks_changed = Signal(bool)

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self.asks = settings.value(_ASKS) not in (False, "false")
        self._own: object = None  # what this window has read or written where one waits
        self._shown: Experiment | None = None  # which is this
        self._rescue: Path | None = None  # the file of what found the place taken

    def set_asks(self, asks: bool) -> None:
        """Ask what becomes of changes, or do not."""
        if asks != self.asks:
            self.asks = asks
            self._settings.write({_ASKS: asks})
            self.asks_changed.emit(asks)

    def question(self, experiment: Experiment, *, closes: bool) -> Place | None:
        """Return what would become of a changed experiment, if that is to be asked about.

        What cannot be kept is asked about in any case: it would be lost.

        Parameters
        ----------
        experiment : Experiment
            What is shown.
        closes : bool
            Whether the window is closed: else another experiment is to be shown.
        """
        self._settings.read()  # other windows write there
        place = self._place_of(experiment) if closes else "replaced"
        return None if place == "waits" or (place in OFTEN and not self.asks) else place

    def take(self, experiment: Experiment) -> File:
        """Show what has waited; return what it began with, which is unknown of unsaved work."""
        self._own, self._shown = self._settings.value(_TEXT), experiment
        return File() if _is_unsaved(self._settings.values) else File(saved=experiment)

    def write(self, experiment: Experiment, is_unsaved: bool) -> None:
        """Keep an experiment; many data by the file that they are in.

        Where other work waits, and nobody was asked, as when the session ends, this one goes to a
        file among the recent ones, of which the next launch tells: see :meth:`news`. So it does of
        one that cannot be kept at all, as its data is large and in no file.

        Parameters
        ----------
        experiment : Experiment
            What the next launch shows, unless other work waits and this is none.
        is_unsaved : bool
            Whether it is work that is in no file.
        """
        text, refusal = _as_text(experiment)
        lost = {_LOST: refusal} if refusal and is_unsaved else {}

        def changes(known: Mapping[str, object]) -> Mapping[str, object]:
            if self._is_free(known):
                return {_TEXT: text or None, _IS_UNSAVED: is_unsaved if text else None, **lost}
            if lost:
                return lost
            is_new = is_unsaved and text and text != known.get(_TEXT)
            return self._rescued(text, known) if is_new else {}

        if _TEXT in self._settings.change(changes):
            self._own, self._shown = self._settings.value(_TEXT), experiment

    def news(self) -> str:
        """Return once where an experiment is that found another one waiting, or why one is lost."""
        said = {
            _RESCUED: lambda name: (
                "Another untitled experiment is in File ▸ Open Recent: " + shown(Path(name).name)
            ),
            _LOST: lambda refusal: f"An untitled experiment could not be kept: {refusal}",
        }
        told = {name: self._settings.value(name) for name in said}
        told = {name: value for name, value in told.items() if isinstance(value, str) and value}
        if told:
            self._settings.write(dict.fromkeys(told))
        return ". ".join(said[name](value) for name, value in told.items())

    def _rescued(self, text: str, known: Mapping[str, object]) -> Mapping[str, object]:
        """Write an experiment to a file of its own; return the settings that tell of it."""
        path = self._rescue or _free_path(self._settings.path.parent)
        try:
            write_file(path, text.encode())
        except OSError as error:  # the settings' folder: nor could they be written
            logger.error("an untitled experiment was not kept in %s: %s", path, error)
            return {}
        self._rescue = path
        logger.warning("an untitled experiment is kept in %s, as another one waits", path)
        return {_RESCUED: str(path), **with_recent(known, path)}

    def _place_of(self, experiment: Experiment) -> Place:
        """Return whether an experiment waits for the next launch already, or why it cannot."""
        if self._waits(experiment):
            return "waits"
        if not self._is_free(self._settings.values):
            return "taken"
        return "kept" if _as_text(experiment)[0] else "too large"

    def _waits(self, experiment: Experiment) -> bool:
        """Tell whether an experiment waits already, but for its looks."""
        shown = self._shown
        is_own = self._settings.value(_TEXT) == self._own
        return shown is not None and is_own and experiment.is_same_but_for_looks(shown)

    def _is_free(self, known: Mapping[str, object]) -> bool:
        """Tell whether no other work in no file waits there."""
        return not _is_unsaved(known) or known.get(_TEXT) == self._own


def _is_unsaved(known: Mapping[str, object]) -> bool:
    return known.get(_IS_UNSAVED) in (True, "true")


def _free_path(folder: Path) -> Path:
    """Return the path of a file that is not there, with the time in its name."""
    stem, number = f"untitled {datetime.now():%Y-%m-%d %H.%M.%S}", 1
    path = folder / f"{stem}.json"
    while is_there(path):
        number += 1
        path = folder / f"{stem} ({number}).json"
    return path


def _as_text(experiment: Experiment) -> tuple[str, str]:
    """Return an experiment as JSON; nothing, and why, where a file cannot hold it."""
    try:
        return to_json(experiment, str), ""
    except ExperimentError as error:
        return "", error.message
