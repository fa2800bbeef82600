"""Text that others wrote is shown word for word, and no other way is taken past that."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QTextDocument
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QCheckBox, QMessageBox

import gdviz.ui
from gdviz.ui.toolkit.plots.axes import ValueAxis
from gdviz.ui.toolkit.text import (
    DialogButtons,
    PlainLabel,
    RichLabel,
    as_caption,
    as_tip,
    as_title,
    message_box,
    tell,
)

MARKUP = "<b>x</b> a&b <i>$x$"

_UI = Path(gdviz.ui.__file__).parent
_MARKUP = re.compile(r"</?[a-z]+[ >]|&nbsp;")
#: What only the module of text may use, and what a text has to go through in which call.
_OWN = {"QLabel", "QMessageBox", "QDialogButtonBox", "QTextBrowser", "QErrorMessage"}
_FORMATS = {"setTextFormat", "setHtml", "insertHtml", "appendHtml"}
_THROUGH = {
    "as_tip": {"setToolTip", "setWhatsThis", "showText"},
    "as_title": {"setWindowTitle"},
    "as_caption": {"QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox",
                   "QAction", "QMenu", "addAction", "addMenu", "addButton", "setTitle"},
}  # fmt: skip


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield the calls in the window's source: what is called, the call, and where."""
    for path in _UI.rglob("*.py"):
        if path.name == "text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                yield called, node, f"{path.relative_to(_UI)}:{node.lineno}"


def _is_ours(node: ast.expr, way: str) -> bool:
    """Tell whether a text is a literal of the program, or went through what it has to."""
    match node:
        case ast.Constant() | ast.FormattedValue(value=ast.Constant()):
            return True
        case ast.Name(id=name):  # of a caption: a widget, or what stands in a table of the program
            return name.isupper() or way == "as_caption"
        case ast.Subscript(value=ast.Name(id=name)):  # of one of the program's tables
            return name.isupper()
        case ast.Attribute(attr=name):
            return way == "as_caption" and name not in ("title", "name", "path", "source", "text")
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return all(_is_ours(part, way) for part in parts)
        case ast.FormattedValue(value=value):
            return _is_ours(value, way)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _is_ours(one, way) and _is_ours(other, way)
        case ast.Call(func=ast.Name(id=name)):
            return name == way
        case ast.Call(func=ast.Attribute(attr="convertFromPlainText")):
            return way == "as_tip"
    return False


def test_the_source_shows_text_in_these_ways_alone() -> None:
    wrong = []
    for called, call, where in _calls():
        for way, calls in _THROUGH.items():
            texts = call.args[1:2] if called == "showText" else call.args[:1]
            own = ast.unparse(call.func).startswith("super()")
            if called in calls and not own and not all(_is_ours(text, way) for text in texts):
                wrong.append(f"{where}: {called} takes {ast.unparse(texts[0])} without {way}")
        if called in _OWN | _FORMATS or ast.unparse(call.func).split(".")[0] in _OWN:
            wrong.append(f"{where}: {ast.unparse(call.func)}")
    for path in _UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and path.name != "text.py":
                bases = {ast.unparse(base) for base in node.bases}
                wrong += [f"{path}:{node.lineno}: {node.name}"] if bases & _OWN else []
    assert not wrong, "\n".join(wrong)


def test_markup_holds_nothing_of_others_that_is_not_escaped() -> None:
    """What bears such names may be anybody's; the tables are the program's own."""
    anybodys = {"source", "names", "path", "text", "sentence", "message", "reason", "title", "name"}
    tables = {"variant", "mark"}
    wrong = []
    for path in _UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and _MARKUP.search(_constant_part(node)):
                wrong += [
                    f"{path.relative_to(_UI)}:{node.lineno}: {ast.unparse(inner)}"
                    for part in node.values
                    if isinstance(part, ast.FormattedValue) and not _is_escaped(part.value)
                    for inner in ast.walk(part.value)
                    if isinstance(inner, ast.Attribute)
                    and inner.attr in anybodys
                    and ast.unparse(inner.value) not in tables
                ]
    assert not wrong, "\n".join(wrong)


def _constant_part(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


def _is_escaped(node: ast.expr) -> bool:
    return any(
        isinstance(inner, ast.Call) and ast.unparse(inner.func) == "escape"
        for inner in ast.walk(node)
    )


def test_labels_show_markup_word_for_word(qtbot) -> None:
    plain, rich = PlainLabel(), RichLabel()
    for label in (plain, rich):
        qtbot.addWidget(label)
        label.setText(MARKUP)
    assert plain.textFormat() == Qt.TextFormat.PlainText
    assert plain.sizeHint().width() > rich.sizeHint().width()


def test_labels_show_what_does_not_print_as_it_is_written(qtbot) -> None:
    for label in (PlainLabel(), RichLabel()):
        qtbot.addWidget(label)
        label.setText("a\x1b[1m\u202e\N{NO-BREAK SPACE}b\nc")
        assert label.text() == "a\\x1b[1m\\u202e\N{NO-BREAK SPACE}b\nc"


def test_a_tip_is_read_back_as_it_was_written() -> None:
    for text in (MARKUP, "a < b\nc & d", "1 <i>2</i>", ""):
        tip = as_tip(text)
        if QtText.mightBeRichText(tip):
            document = QTextDocument()
            document.setHtml(tip)
            tip = document.toPlainText()
        assert tip == text
    assert as_tip("a < b") == "a < b"  # which Qt takes for what it is


def test_a_caption_has_no_key_and_a_title_no_star() -> None:
    assert as_caption("a&b && c") == "a&&b &&&& c"
    assert as_title("a[*].json") == "a[*][*].json"


def test_a_message_is_plain_unless_it_is_ours(qtbot, monkeypatch) -> None:
    place = PlainLabel()
    qtbot.addWidget(place)
    box = message_box(place, MARKUP, "title")
    assert (box.text(), box.textFormat()) == (MARKUP, Qt.TextFormat.PlainText)
    assert box.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert message_box(place, "<b>", rich=True).textFormat() == Qt.TextFormat.RichText
    shown = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.textFormat()))
    tell(place, MARKUP)
    assert shown == [Qt.TextFormat.PlainText]


def test_an_axis_shows_its_name_word_for_word(qtbot) -> None:
    axis = ValueAxis(0, "bottom", MARKUP)
    assert axis.label.toPlainText() == MARKUP
    axis.setLabel("x<sub>1</sub>", color="#123456")
    assert axis.label.toPlainText() == "x<sub>1</sub>"
    assert "#123456" in axis.label.toHtml()


def test_a_long_tip_is_wrapped_and_a_short_one_is_not() -> None:
    lines = as_tip("word " * 60 + "\n  an indented line").split("\n")
    assert max(map(len, lines)) <= 80
    assert len(lines) == 5
    assert lines[-1] == "  an indented line"


def test_no_long_tip_goes_past_what_wraps_it() -> None:
    wrong = [
        where
        for called, call, where in _calls()
        if called == "setToolTip"
        and isinstance(call.args[0], ast.Constant)
        and len(call.args[0].value) > 80
    ]
    assert wrong == []


def test_each_button_of_a_message_has_a_letter_of_its_own(qtbot) -> None:
    place = PlainLabel()
    qtbot.addWidget(place)
    box = message_box(place, "Save?")
    role = QMessageBox.ButtonRole.AcceptRole
    for text in ("Loss Landscape", "&Look for It…", "Salt && Pepper"):
        box.addButton(text, role)
    buttons = QMessageBox.StandardButton
    standard = [box.addButton(button) for button in (buttons.Save, buttons.Cancel, buttons.Close)]
    for button, text in zip(standard, ("Save", "Cancel", "Close"), strict=True):
        button.setText(text)  # some desktops have letters
    check = QCheckBox("Do not ask")
    box.setCheckBox(check)
    box.show()
    texts = [button.text() for button in (*box.buttons(), check)]
    letters = {QKeySequence.mnemonic(text).toString() for text in texts} - {""}
    assert len(letters) == len(texts) == 7
    assert {"&Look for It…", "&Do not ask"} <= set(texts)
    assert sorted(text.replace("&&", "+").replace("&", "") for text in texts) == [
        "Cancel", "Close", "Do not ask", "Look for It…", "Loss Landscape", "Salt + Pepper", "Save",
    ]  # fmt: skip


def test_a_letter_presses_its_button(qtbot) -> None:
    place = PlainLabel()
    qtbot.addWidget(place)
    box = message_box(place, "Which?")
    role = QMessageBox.ButtonRole.AcceptRole
    _, other = box.addButton("Loss Landscape", role), box.addButton("Data to Fit", role)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    qtbot.keyClick(box, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: box.clickedButton() is other)  # Qt shows it pressed for a moment


def test_each_button_of_a_dialog_has_a_letter(qtbot) -> None:
    standard = DialogButtons.StandardButton
    buttons = DialogButtons(standard.Save | standard.Cancel)
    qtbot.addWidget(buttons)
    buttons.button(standard.Save).setText("Calculate")
    buttons.show()
    assert {button.text() for button in buttons.buttons()} == {"&Calculate", "C&ancel"}
