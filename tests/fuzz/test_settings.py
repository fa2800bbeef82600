"""Random settings: a window opens with whatever they hold, and remembers in spite of it."""

import random
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gdviz.experiment import json_file
from gdviz.experiment.experiment import Experiment
from gdviz.ui.files.recent_files import RecentMenu
from gdviz.ui.store.untitled import Untitled, last_experiment
from gdviz.ui.toolkit.screens import screen_name
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.window.settings import restore_window
from tests.fuzz.files import ODD_WORDS, damaged, experiment_json
from tests.fuzz.promise import outcome

KEYS = (
    "experiment", "experiment_is_unsaved", "files/ask_about_untitled",
    "files/recent", "files/rescued", "window/screen", "view/others", "view/theme", "run/sizes",
    "sizes/window/text",
)  # fmt: skip
FILES = 60


def random_settings(source: random.Random, path: Path) -> Settings:
    """Return settings of odd values, in two of three cases from a file that is whole."""
    path.unlink(missing_ok=True)
    settings = Settings(path)
    name = screen_name(QGuiApplication.primaryScreen())
    settings.write({
        key: source.choice((
            experiment_json(source).decode(), source.choice(ODD_WORDS).replace("\0", ""), 7, None,
            [source.choice(ODD_WORDS).replace("\0", ""), "/nowhere"], ["x" * 5_000], True,
            QByteArray(source.randbytes(60)), "/nowhere/d.csv",
        ))
        for key in (*KEYS, f"geometry/{name}")
    })  # fmt: skip
    if source.random() < 1 / 3:
        path.write_bytes(damaged(source, path.read_bytes()))
    return Settings(path)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(3))
def test_random_settings(qapp, tmp_path: Path, seed: int) -> None:
    source, counts, wrong = random.Random(f"settings {seed}"), Counter[str](), []
    window, toggle = QMainWindow(), QAction("others")
    toggle.setCheckable(True)

    def begin(settings: Settings) -> None:
        assert isinstance(last_experiment(settings), Experiment)
        restore_window(settings, window, {"others": toggle})
        menu = RecentMenu(settings)
        menu.fill()
        menu.add(Path("/nowhere/mine.json"))
        assert menu.paths()[0] == "/nowhere/mine.json"
        Untitled(settings, window).write(Experiment(steps=7), is_unsaved=True)
        rescued = map(json_file.load, settings.path.parent.glob("untitled *.json"))
        assert [last_experiment(settings).steps, *(each.steps for each in rescued)].count(7) == 1

    for i in range(FILES):
        folder = tmp_path / f"{i}"  # in which what found the place taken is a file
        folder.mkdir()
        settings = random_settings(source, folder / "settings.ini")
        held = dict(settings._values)
        _, what = outcome(lambda: begin(settings), counts)  # noqa: B023
        if what:
            wrong.append(f"{held}: {what}")
    window.deleteLater()
    assert wrong == []
    assert counts["read"] == FILES
