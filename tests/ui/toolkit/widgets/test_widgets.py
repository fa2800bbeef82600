"""Number field, slider field and typeset label, driven as a person drives them."""

import gc
import math
import subprocess
import sys
import textwrap
import threading
import weakref

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget

from gdviz.base.format import format_number
from gdviz.ui.toolkit.widgets import math_label as typeset_label
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.math_label import MathLabel, painter_path, typeset
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.toolkit.widgets.number_field import NumberField, nice_step, round_to_multiple
from gdviz.ui.toolkit.widgets.slider_field import SliderField

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Recorder:
    """Everything a field or slider field said, in order."""

    def __init__(self, widget):
        self.said = []
        value_signal = getattr(widget, "value_edited", None) or widget.value_changed
        value_signal.connect(self.on_value)
        widget.rejected.connect(self.on_rejected)
        widget.accepted.connect(self.on_accepted)

    def on_value(self, value):
        self.said.append(value)

    def on_rejected(self, sentence):
        self.said.append(sentence)

    def on_accepted(self):
        self.said.append("accepted")


@pytest.fixture
def shown(qtbot):
    """Show a widget beside another one that can take the focus; returns (widget, other)."""

    def show(widget):
        window, other = QWidget(), QLineEdit()
        layout = QVBoxLayout(window)
        layout.addWidget(other)
        layout.addWidget(widget)
        qtbot.addWidget(window)
        window.resize(300, 100)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        other.setFocus()
        qtbot.waitUntil(other.hasFocus)
        show.windows.append(window)
        return widget, other

    show.windows = []
    return show


def type_over(qtbot, field, text, *, enter=True):
    field.setFocus()
    field.selectAll()
    field.insert(text)  # keyClicks aborts on what is not Latin-1
    if enter:
        qtbot.keyClick(field, Qt.Key.Key_Return)


def wheel(widget, notches, modifiers=Qt.KeyboardModifier.NoModifier):
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


# ---------------------------------------------------------------- numbers as text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3e-7, "3e-7"),
        (1e-300, "1e-300"),
        (1e6, "1e6"),
        (-1.5e20, "-1.5e20"),
        (40.0, "40"),
        (0.1 + 0.2, "0.3"),
        (0.00031622776, "0.000316228"),
        (100000.0, "100000"),
        (0.0, "0"),
    ],
)
def test_numbers_are_shown_short(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("span", "step"), [(10, 0.1), (12, 0.1), (6, 0.05), (2, 0.02), (1, 0.01), (1e-5, 1e-7)]
)
def test_nice_step_is_a_round_part_of_the_range(span, step):
    assert nice_step(span) == step


def test_round_to_multiple_leaves_no_dust():
    assert round_to_multiple(0.30000000000000004, 0.1) == 0.3
    assert round_to_multiple(-1.2345, 0.01) == -1.23


# ---------------------------------------------------------------- NumberField


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3e-7", 3e-7),
        ("0,5", 0.5),
        ("1E-7", 1e-7),
        ("-1.2", -1.2),
        (".5", 0.5),
        (" 7 ", 7.0),
        ("+2.", 2.0),
        ("−3e−2", -0.03),
    ],
)
def test_field_reads_numbers_as_people_write_them(shown, qtbot, text, value):
    field, _ = shown(NumberField("α", 1.0))
    recorder = Recorder(field)
    type_over(qtbot, field, text)
    assert field.value() == value
    assert recorder.said == [value]


def test_a_whole_number_and_its_bounds_are_all_of_their_digits(shown, qtbot):
    field, _ = shown(NumberField("seed", 4294967291, minimum=0, maximum=2**32 - 1, integer=True))
    assert field.text() == "4294967291"
    type_over(qtbot, field, "-5")
    assert field.error() == "seed must be between 0 and 4294967295; '-5' is not."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "α: 'abc' is not a number."),
        ("", "α needs a number."),
        ("1,500", "α: '1,500' may be 1.500 or 1500."),
        ("1,000.5", "α: '1,000.5' is not a number."),
        ("1_000", "α: '1_000' is not a number."),
        ("nan", "α must be a finite number; 'nan' is not."),
        ("-inf", "α must be a finite number; '-inf' is not."),
        ("1e999", "α must be a finite number; '1e999' is not."),
        ("-3", "α must be between 1e-12 and 1000; '-3' is not."),
        ("1000.1", "α must be between 1e-12 and 1000; '1000.1' is not."),
    ],
)
def test_field_refuses_with_one_sentence_and_keeps_the_text(shown, qtbot, text, sentence):
    field, _ = shown(NumberField("α", 0.1, minimum=1e-12, maximum=1000, scale="log"))
    field.setToolTip("step size")
    recorder = Recorder(field)
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    field.insert(text)  # keyClicks aborts on what is not Latin-1
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert recorder.said[0] == sentence
    assert field.text() == text
    assert field.value() == 0.1
    assert field.property("invalid") is True
    assert field.toolTip() == field.error() == sentence

    type_over(qtbot, field, "0.2")
    assert recorder.said[-2:] == ["accepted", 0.2]
    assert field.property("invalid") is False
    assert field.toolTip() == "step size"


def test_bounds_are_included_and_may_be_one_sided(shown, qtbot):
    field, _ = shown(NumberField("n", 5, minimum=1, integer=True))
    recorder = Recorder(field)
    for text in ("1", "0", "2.5", "3e1"):
        type_over(qtbot, field, text)
    assert recorder.said == [
        1.0,
        "n must be at least 1; '0' is not.",
        "n must be a whole number; '2.5' is not.",
        "accepted",
        30.0,
    ]
    assert field.text() == "30"


def test_leaving_the_field_commits(shown, qtbot):
    field, other = shown(NumberField("α", 1.0))
    recorder = Recorder(field)
    type_over(qtbot, field, "2", enter=False)
    assert recorder.said == []
    other.setFocus()
    assert recorder.said == [2.0]


def test_passing_through_does_not_round_the_value(shown, qtbot):
    third = 1 / 3
    field, other = shown(NumberField("α", third))
    recorder = Recorder(field)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    other.setFocus()
    assert field.value() == third
    assert recorder.said == []


def test_the_same_value_again_is_not_an_edit(shown, qtbot):
    field, _ = shown(NumberField("α", 1.0))
    recorder = Recorder(field)
    type_over(qtbot, field, "1.00")
    assert recorder.said == []
    assert field.text() == "1"


def test_escape_brings_the_last_good_text_back(shown, qtbot):
    field, _ = shown(NumberField("α", 0.5))
    recorder = Recorder(field)
    type_over(qtbot, field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.5"
    assert not field.error()
    assert recorder.said == ["α: 'abc' is not a number.", "accepted"]


def test_set_value_is_silent_and_clears_the_mark(shown, qtbot):
    field, other = shown(NumberField("α", 0.5))
    type_over(qtbot, field, "abc")
    other.setFocus()
    recorder = Recorder(field)
    field.set_value(1 / 3)
    assert field.text() == "0.333333"
    assert field.value() == 1 / 3
    assert not field.error()
    assert recorder.said == ["accepted"]  # the sentence is gone, but nobody edited


def test_set_value_does_not_overwrite_what_is_being_typed(shown, qtbot):
    field, _ = shown(NumberField("α", 0.5))
    type_over(qtbot, field, "12", enter=False)
    field.set_value(0.7)
    assert field.text() == "12"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.7"
    type_over(qtbot, field, "12", enter=False)
    field.set_value(0.8, force=True)
    assert field.text() == "0.8"


def test_showing_the_same_text_again_touches_nothing(shown):
    field, _ = shown(NumberField("α", 0.5))
    field.setFocus()
    field.selectAll()
    field.set_value(0.5 + 1e-12)  # the same in six digits
    assert field.selectedText() == "0.5"
    assert field.value() == 0.5 + 1e-12


def test_set_value_forgets_what_was_typed(shown, qtbot):
    field, _ = shown(NumberField("α", 0.5))
    type_over(qtbot, field, "0.5", enter=False)  # the same text, but typed
    field.set_value(0.5, force=True)
    assert not field.isUndoAvailable()
    assert not field.isModified()
    type_over(qtbot, field, "12", enter=False)
    field.undo()
    assert (field.text(), field.isModified()) == ("0.5", False)
    field.set_value(0.5)
    assert not field.isRedoAvailable()


def test_log_steps_multiply_and_come_back(shown, qtbot):
    field, _ = shown(NumberField("α", 3e-7, minimum=1e-12, maximum=1000, scale="log"))
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == pytest.approx(3e-7 * 10**0.1, rel=5e-3)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == 3e-7
    qtbot.keyClick(field, Qt.Key.Key_Up, CTRL)
    assert field.value() == 3e-6
    field.set_value(1.0)
    qtbot.keyClick(field, Qt.Key.Key_Up, SHIFT)
    assert field.value() == pytest.approx(10**0.01, rel=5e-4)
    field.set_value(1.0)
    for _ in range(10):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == pytest.approx(10, rel=5e-3)


def test_a_step_in_all_but_unbounded_fields_is_a_hundredth_of_the_value(shown, qtbot):
    field, _ = shown(NumberField("a from", -5.0, minimum=-1e36, maximum=1e36))
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.value() == -4.95
    field.set_value(3e8)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == 2.98e8


def test_linear_steps_add_without_binary_dust(shown, qtbot):
    field, _ = shown(NumberField("x", 0.2, minimum=-5, maximum=5))
    recorder = Recorder(field)
    field.setFocus()
    for key, modifier in [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, SHIFT),
        (Qt.Key.Key_Up, CTRL),
    ]:
        qtbot.keyClick(field, key, modifier)
    assert recorder.said == [0.3, 0.29, 1.29]


def test_steps_end_at_the_bounds(shown, qtbot):
    field, _ = shown(NumberField("n", 9, minimum=1, maximum=10, integer=True))
    recorder = Recorder(field)
    field.setFocus()
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Down, SHIFT)  # nothing is finer than a whole number
    qtbot.keyClick(field, Qt.Key.Key_Down, CTRL)
    assert recorder.said == [10.0, 9.0, 1.0]


def test_a_step_takes_what_was_typed_first(shown, qtbot):
    field, _ = shown(NumberField("n", 9, minimum=1, maximum=100, integer=True))
    recorder = Recorder(field)
    type_over(qtbot, field, "50", enter=False)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    type_over(qtbot, field, "abc", enter=False)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert recorder.said == [50.0, 51.0, "n: 'abc' is not a number."]


def test_the_wheel_steps_only_with_the_focus(shown):
    field, _ = shown(NumberField("n", 9, minimum=1, maximum=100, integer=True))
    assert not wheel(field, 1)
    assert field.value() == 9
    field.setFocus()
    assert wheel(field, 2)
    assert field.value() == 11
    wheel(field, -0.5)
    assert field.value() == 11
    wheel(field, -0.5)  # a touchpad sends a notch in parts
    assert field.value() == 10


@pytest.mark.parametrize("bounds", [{"minimum": 2, "maximum": 1}, {"minimum": 0, "scale": "log"}])
def test_impossible_bounds_are_a_mistake_of_the_programmer(qtbot, bounds):
    with pytest.raises(ValueError, match="α"):
        NumberField("α", 1.0, **bounds)


# ---------------------------------------------------------------- SliderField


def log_field(value=0.1):
    return SliderField("α", value, 1e-4, 100, minimum=1e-12, maximum=1000, scale="log")


def test_a_typed_value_stays_exactly_what_was_typed(shown, qtbot):
    row, _ = shown(log_field())
    recorder = Recorder(row)
    type_over(qtbot, row.field, "0.0123456789")
    assert recorder.said == [0.0123456789]
    assert row.value() == 0.0123456789
    row.set_value(recorder.said[0])  # the store's echo
    assert row.value() == 0.0123456789


def test_a_value_beyond_the_slider_stands_at_its_end(shown, qtbot):
    row, _ = shown(log_field())
    recorder = Recorder(row)
    type_over(qtbot, row.field, "3e-7")
    assert row.slider.value() == 0
    type_over(qtbot, row.field, "1000")
    assert row.slider.value() == row.slider.maximum()
    type_over(qtbot, row.field, "1001")
    assert recorder.said == [3e-7, 1000.0, "α must be between 1e-12 and 1000; '1001' is not."]
    assert row.value() == 1000


def test_dragging_is_live_and_shows_round_values(shown):
    row, _ = shown(log_field())
    recorder = Recorder(row)
    for position in range(0, row.slider.maximum() + 1, 10):
        row.slider.setValue(position)
        assert len(format_number(row.value())) <= 8
        assert row.field.text() == format_number(row.value())
    assert recorder.said == sorted(recorder.said)
    assert (recorder.said[0], recorder.said[-1]) == (1e-4, 100.0)


def test_the_echo_of_a_dragged_value_leaves_the_handle_alone(shown):
    row, _ = shown(SliderField("α", 1, 1, 3, scale="log"))  # several positions round to 1.01
    row.value_changed.connect(row.set_value)
    for position in range(row.slider.maximum() + 1):
        row.slider.setValue(position)
        assert row.slider.value() == position


def test_dragging_replaces_a_refused_text(shown, qtbot):
    row, _ = shown(log_field())
    type_over(qtbot, row.field, "abc")
    recorder = Recorder(row)
    row.slider.setValue(row.slider.maximum())
    assert recorder.said == ["accepted", 100.0]


def test_set_value_emits_nothing_and_moves_the_handle(shown):
    row, _ = shown(log_field())
    recorder = Recorder(row)
    row.set_value(100.0)
    assert recorder.said == []
    assert row.slider.value() == row.slider.maximum()
    assert row.field.text() == "100"


def test_an_arrow_key_on_a_log_slider_is_a_tenth_of_a_decade(shown, qtbot):
    row, _ = shown(log_field(0.1))
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    assert row.value() == pytest.approx(0.1 * 10**0.1, rel=5e-3)
    qtbot.keyClick(row.slider, Qt.Key.Key_PageUp)
    assert row.value() == pytest.approx(10**0.1, rel=5e-3)


def test_an_arrow_key_on_a_whole_number_slider_is_one(shown, qtbot):
    row, _ = shown(SliderField("steps", 40, 1, 200, maximum=10_000, integer=True))
    recorder = Recorder(row)
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    qtbot.keyClick(row.slider, Qt.Key.Key_Home)
    type_over(qtbot, row.field, "5000")
    qtbot.keyClick(row.slider, Qt.Key.Key_Left)
    assert recorder.said == [41.0, 1.0, 5000.0, 199.0]


def test_linear_slider_values_are_round(shown):
    row, _ = shown(SliderField("x", 1, -5, 5))
    for position in range(row.slider.maximum() + 1):
        row.slider.setValue(position)
        assert math.isclose(row.value(), round(row.value(), 2), abs_tol=0)
    assert row.value() == 5


def test_double_click_goes_back_to_the_default(shown, qtbot):
    row, _ = shown(log_field(0.1))
    row.set_value(5.0)
    recorder = Recorder(row)
    qtbot.mouseDClick(row._label, Qt.MouseButton.LeftButton)
    assert recorder.said == [0.1]
    row.set_value(5.0)
    qtbot.mouseDClick(row.slider, Qt.MouseButton.LeftButton)
    assert recorder.said == [0.1, 0.1]
    row.set_value(5.0)
    qtbot.mouseDClick(row.field, Qt.MouseButton.LeftButton)  # selects a word, as everywhere
    assert row.value() == 5.0


def test_the_wheel_over_a_slider_without_focus_is_not_for_it(shown):
    row, _ = shown(log_field())
    assert not wheel(row.slider, 1)
    assert row.value() == 0.1
    row.slider.setFocus()
    assert wheel(row.slider, 1)
    assert row.value() > 0.1


def test_rows_align_and_are_named(shown, qtbot):
    rows = [SliderField(label, 1, 0, 2) for label in ("α", "ε", "steps")]
    window = QWidget()
    layout = QVBoxLayout(window)
    for row in rows:
        layout.addWidget(row)
    qtbot.addWidget(window)
    window.resize(260, 120)
    window.show()
    assert len({row.slider.geometry().x() for row in rows}) == 1
    assert len({row.field.width() for row in rows}) == 1
    assert rows[0].slider.accessibleName() == rows[0].field.accessibleName() == "α"


# ---------------------------------------------------------------- MathLabel

FORMULA = r"f = \frac{1}{2}(b\,\sigma(ax) - t)^2"


def ink(label, color):
    """Number of pixels of exactly a color."""
    image = label.grab().toImage()
    wanted = QColor(color)
    return sum(
        image.pixelColor(x, y) == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


def test_outline_is_a_picture_in_font_units():
    outline = typeset(FORMULA)
    box = painter_path(outline).boundingRect()
    assert (box.x(), box.y()) == (0, 0)
    assert 5 < box.width() < 12
    assert 1.5 < box.height() < 3
    assert typeset(f"${FORMULA}$").vertices.shape == outline.vertices.shape
    assert typeset(FORMULA) is outline


def test_outer_fractions_are_large_and_inner_ones_are_not():
    def height(latex):
        return painter_path(typeset(latex)).boundingRect().height()

    assert height(r"\frac{1}{2}") == height(r"\dfrac{1}{2}") > height(r"{\frac{1}{2}}")


@pytest.mark.parametrize(
    "latex", ["", "  ", r"\frac{1}{", r"\nosuchcommand", "x" * 5000, "{" * 900]
)
def test_what_mathtext_cannot_lay_out_is_none(latex):
    assert typeset(latex) is None


def test_label_shows_plain_text_first_and_the_picture_later(shown, qtbot):
    label, _ = shown(MathLabel(FORMULA, "f = 1/2*(b*σ(a*x) − t)²"))
    reserved = label.height()
    assert label.accessibleName() == "f = 1/2*(b*σ(a*x) − t)²"
    qtbot.waitUntil(label.is_typeset)
    assert label.sizeHint().height() == reserved  # nothing below it jumps


def test_label_stays_plain_when_the_formula_is_broken(shown, qtbot):
    label, _ = shown(MathLabel(r"\frac{1}{", "broken"))
    qtbot.waitUntil(lambda: label._shown_latex == r"\frac{1}{")
    assert not label.is_typeset()
    label.set_formula("x^2", "x²")
    qtbot.waitUntil(label.is_typeset)
    label.set_formula(r"\frac{1}{", "broken")
    qtbot.waitUntil(lambda: label._path is None)


def test_label_is_painted_in_the_text_color_and_follows_it(shown, qtbot):
    label, _ = shown(MathLabel(r"\blacksquare", "square"))
    for color in ("#ff0000", "#00ff00"):
        palette = label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(color))
        label.setPalette(palette)
        qtbot.waitUntil(label.is_typeset)
        assert ink(label, color) > 20


def test_label_shrinks_then_elides(shown, qtbot):
    label, _ = shown(MathLabel("x+" * 40 + "x", "x + … + x"))
    qtbot.waitUntil(label.is_typeset)
    natural = label._natural_width()
    label.resize(int(natural) + 1, 40)
    assert (label._fit(), label.is_elided()) == (1, False)
    label.resize(int(0.9 * natural), 40)
    assert label._fit() == pytest.approx(0.9, abs=0.01)
    assert not label.is_elided()
    label.resize(int(0.5 * natural), 40)
    assert label.is_elided()
    assert label.minimumSizeHint().width() < 120


def test_the_tooltip_of_a_label_that_is_cut_off_is_its_plain_text(shown, monkeypatch):
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: told.append(text))
    for label in (MathLabel("x", "a<b>c" * 40), ElidedLabel("a<b>c" * 40)):
        label, _ = shown(label)
        assert label.is_elided()
        at = QPoint(2, 2)
        QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, at, at))
        assert "a&lt;b&gt;c" in told.pop()
    assert told == []


def test_a_label_asks_for_nothing_until_it_has_been_painted(qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(typeset_label, "typeset", lambda latex: asked.append(latex))
    label = MathLabel("h+1", "h+1")
    qtbot.addWidget(label)
    qtbot.wait(20)
    assert "h+1" not in asked  # a label of before may still ask
    label.show()
    label.grab()
    assert "h+1" not in asked  # not within the frame either
    qtbot.waitUntil(lambda: "h+1" in asked)


def test_one_job_at_a_time_and_late_results_are_dropped(shown, qtbot, monkeypatch):
    asked, gate = [], threading.Event()

    def slow(latex):
        asked.append(latex)
        gate.wait(5)
        return typeset(latex)

    monkeypatch.setattr(typeset_label, "typeset", slow)
    label, _ = shown(MathLabel("x_1", "x1"))
    qtbot.waitUntil(lambda: asked == ["x_1"])
    for i in range(2, 6):
        label.set_formula(f"x_{i}", f"x{i}")
        qtbot.wait(60)
    assert asked == ["x_1"]
    assert label._path is None  # "x5" stands there as plain text, and is right
    gate.set()
    qtbot.waitUntil(label.is_typeset)
    assert asked == ["x_1", "x_5"]


def test_one_change_keeps_the_picture_and_a_drag_shows_plain_text(shown, qtbot):
    label, _ = shown(MathLabel("u_1", "u1"))
    qtbot.waitUntil(label.is_typeset)
    label.set_formula("u_2", "u2")
    label.grab()
    assert label._path is not None
    qtbot.waitUntil(label.is_typeset)
    for i in range(3, 8):
        label.set_formula(f"u_{i}", f"u{i}")
        label.grab()
    assert label._path is None
    assert typeset_label._QUIET_MS > 1000 / 60
    qtbot.waitUntil(label.is_typeset)


def test_label_may_go_while_its_job_runs(qtbot, monkeypatch):
    running, gate, left = threading.Event(), threading.Event(), threading.Event()

    def slow(latex):
        running.set()
        gate.wait(5)
        left.set()
        return typeset(latex)

    monkeypatch.setattr(typeset_label, "typeset", slow)
    label = MathLabel("y^3", "y³")
    gone = weakref.ref(label)
    label.show()
    qtbot.waitUntil(running.is_set)
    with qtbot.captureExceptions() as exceptions:
        del label
        gc.collect()
        assert gone() is None  # no signal holds it
        gate.set()
        assert left.wait(5)
        qtbot.wait(20)
    assert exceptions == []


EXIT_WHILE_IMPORTING = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from gdviz.ui.toolkit.widgets.math_label import MathLabel

    assert "matplotlib" not in sys.modules, "on the way to the first frame"
    app = QApplication([])
    label = MathLabel("x^2", "x²")
    label.show()
    QTimer.singleShot(120, app.quit)
    app.exec()
    assert label._task.is_running(), "nothing was under way"
"""


def test_program_ends_cleanly_while_matplotlib_is_being_imported():
    program = textwrap.dedent(EXIT_WHILE_IMPORTING)
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert (
        result.stderr.replace("This plugin does not support propagateSizeHints()", "").strip() == ""
    )


@pytest.mark.parametrize(
    ("latex", "spaced"),
    [
        (r"k \tanh{\left(a \right)}", r"k \, \tanh{\left(a \right)}"),
        (r"\frac{b \sin{\left(a \right)} \log{\left(b \right)}}{2}",
         r"\frac{b \, \sin{\left(a \right)} \, \log{\left(b \right)}}{2}"),
        (r"2 \mathrm{weight}_{i} x_{i}", r"2 \, \mathrm{weight}_{i} \, x_{i}"),
        (r"\mathrm{mean}_{i} \left(a x_{i}\right)", r"\mathrm{mean}_{i} \left(a x_{i}\right)"),
        (r"\mathrm{relu}{\left(a \right)} + \max{\left(a,b \right)}",
         r"\mathrm{relu}{\left(a \right)} + \max{\left(a,b \right)}"),
        (r"b \sigma{\left(a x \right)}", r"b \sigma{\left(a x \right)}"),
    ],
)  # fmt: skip
def test_names_of_several_letters_stand_apart(latex, spaced):
    assert typeset_label._spaced(latex) == spaced
    assert typeset(latex) is not None


def test_a_sliders_ends_can_be_moved_and_reach_what_they_have_to_hold(qtbot):
    slider = SliderField("k", 1.0, 0.0, 10.0, minimum=-100.0, maximum=100.0)
    qtbot.addWidget(slider)
    changes = []
    slider.value_changed.connect(changes.append)
    slider.hold(5.0)
    assert slider.slider.value() == slider.slider.maximum() / 2
    slider.hold(50.0)  # now from 0 to 50
    assert slider.slider.value() == slider.slider.maximum()
    slider.hold(-50.0)  # and from −50
    slider.hold(0.0)
    assert slider.slider.value() == slider.slider.maximum() / 2
    slider.set_ends(0.0, 1.0)
    assert slider.slider.value() == slider.slider.minimum()
    assert changes == []  # nobody but the program did that
    slider.slider.setValue(slider.slider.maximum())
    assert changes == [1.0]


def test_a_field_has_the_minus_sign_of_all_other_numbers(qtbot):
    field = NumberField("a", -13.01)
    qtbot.addWidget(field)
    assert field.text() == "−13.01"
    field.set_value(-3e-7)
    assert field.text() == "−3e-7"  # as one types it
    field.selectAll()
    qtbot.keyClicks(field, "-2.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text()) == (-2.5, "−2.5")


def test_a_message_begins_as_a_sentence_and_a_file_keeps_its_name():
    assert as_sentence("no value") == "No value."
    assert as_sentence("a file is missing") == "A file is missing."
    assert as_sentence("model.py has no loss(a, b)") == "model.py has no loss(a, b)."
    assert as_sentence("f32.py computes in float32") == "f32.py computes in float32."
    assert as_sentence("loss(a, b) of m.py is slow") == "loss(a, b) of m.py is slow."
