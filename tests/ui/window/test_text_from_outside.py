"""What others wrote is on the screen as it is in their files: markup is no markup in it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QWidget

from tests.files.marked_files import (
    PLAIN_NAME,
    SHOWN,
    SHOWN_NAME,
    TITLE,
    write_good,
    write_refused,
)

pytestmark = pytest.mark.skipif("os.name != 'posix'", reason="names that other systems do not have")
#: Where each file's mark is to be seen: in a label, an axis, a choice, the title, a menu, a tip.
_SEEN = {
    "grid.json": {"label": SHOWN, "axis": f"a ({SHOWN})"},
    "data.json": {"label": f"{SHOWN}: 3 rows"},
    "title.json": {"choice": TITLE},
    "{name}.json": {"title": f"{SHOWN_NAME}.json[*] — gdviz", "menu": f"{SHOWN_NAME}.json"},
    "{name}.csv": {"label": f"{SHOWN_NAME}.csv: 3 rows", "menu": f"{SHOWN_NAME}.csv"},
    "{plain}.py": {"label": f"{PLAIN_NAME}.py", "tip": f"{PLAIN_NAME}.py"},
    "arrays.npz": {"choice": f"loss {SHOWN_NAME}"},
    "sets.h5": {"choice": f"acc {SHOWN_NAME}"},
    "columns.csv": {"choice": f"acc {SHOWN}"},
}


@pytest.fixture(autouse=True)
def _code_is_closed(ui):
    yield
    ui.window.code.close()


def open_file(ui, path) -> None:
    opening = ui.window.opening
    opening.open_path(path)
    ui.qtbot.waitUntil(lambda: not opening._task.is_running() and ui.is_settled(), timeout=20_000)


def seen(ui) -> dict[str, list[str]]:
    """Return all that the window says, by the way in which it is said."""
    window = ui.window
    window.opening.recent.fill()
    labels = window.findChildren(QLabel)
    assert not [label.text() for label in labels if label.textFormat() == Qt.TextFormat.AutoText]
    choices = window.findChildren(QComboBox)
    axes = [window.map_view.plot.getAxis(side) for side in ("bottom", "left")]
    return {
        "label": [label.text() for label in labels if not label.isHidden()],
        "axis": [axis.label.toPlainText() for axis in axes],
        "choice": [choice.itemText(i) for choice in choices for i in range(choice.count())],
        "title": [window.windowTitle()],
        "menu": [action.text().replace("&&", "&") for action in window.opening.recent.actions()],
        "tip": [widget.toolTip() for widget in window.findChildren(QWidget)],
    }


def test_what_opens_is_shown_word_for_word(ui, told, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(ui.window.documents, "asks", False)  # of experiments that fit other data
    good = write_good(tmp_path)
    (marked,) = (name for name in good if name.endswith("[1m.json"))
    names = {"name": marked.removesuffix(".json"), "plain": PLAIN_NAME}
    ui.window.open_lens(ui.window.data_lens.title)
    for name, places in _SEEN.items():
        open_file(ui, good[name.format(**names)])
        assert told == []
        found = seen(ui)
        for place, words in places.items():
            texts = found[place]
            if place == "tip":
                texts = [text.replace("&lt;", "<").replace("&amp;", "&") for text in texts]
            assert any(words in text.replace("&gt;", ">") for text in texts), (name, place)
        assert not any("\x1b" in text for texts in found.values() for text in texts)
        tips = [text for text in found["tip"] if QtText.mightBeRichText(text)]
        assert all("<i>" not in text and "<b>" not in text for text in tips)


def test_what_is_refused_says_why_word_for_word(ui, told, tmp_path, monkeypatch) -> None:
    # Instead of waiting for somebody to answer a question.
    monkeypatch.setattr(QDialog, "exec", lambda _: pytest.fail("there is nothing to ask"))
    for name, path in write_refused(tmp_path).items():
        told.clear()
        before = ui.experiment
        open_file(ui, path)
        texts = told + [text for texts in seen(ui).values() for text in texts]
        assert ui.experiment is before
        if not name.startswith("path"):
            assert any(SHOWN in text or SHOWN_NAME in text for text in texts), name


def test_every_page_of_every_lens_says_how_its_text_is_meant(ui) -> None:
    for lens in ui.window.lenses:
        ui.window.open_lens(lens.title)
        for page in getattr(lens, "_entries", ()):  # some have no choice of pages
            lens.page(page)
        seen(ui)


def test_a_title_of_the_library_is_shown_word_for_word(ui, tmp_path) -> None:
    open_file(ui, write_good(tmp_path)["title.json"])
    ui.window.open_lens(ui.window.formula_lens.title)
    library = ui.window.library
    library.save(TITLE)
    ui.settle()
    try:
        assert TITLE in seen(ui)["choice"]
        assert f"Saved as {TITLE}." in seen(ui)["label"]
    finally:
        library.delete()
        ui.settle()
