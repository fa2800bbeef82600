"""The Formula page: what is typed is drawn, what is wrong is said, and names become constants."""

import time

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.main import COMMANDS
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import experiment_on, on_grid, on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.first_seen import first_epsilon
from gdviz.experiment.from_typed_text import Draft
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.library import Entry, Library
from gdviz.scene.captions import what

KEY = Qt.Key
PAUSE = 600
LAB = (90, 101, 117, 122, 128, 129, 131, 133, 138, 140, 155, 170)


class Page:
    """The page, with hands."""

    def __init__(self, ui):
        self.ui = ui
        self.page = ui.window.formula_lens.page("formula")
        self.field, self.table = self.page.field, self.page.table

    @property
    def experiment(self):
        return self.ui.experiment

    @property
    def remark(self):
        return self.page.remark.text()

    @property
    def error(self):
        return self.remark if self.page.remark.is_error() else ""

    @property
    def corrections(self):
        buttons = self.page.corrections.buttons
        return [button.text() for button in buttons if not button.isHidden()]

    def keys(self, text):
        self.field.setFocus()
        QTest.keyClicks(self.field, text)

    def write(self, text):
        """Type another formula over the one that is there."""
        self.field.setFocus()
        self.field.selectAll()
        QTest.keyClick(self.field, KEY.Key_Delete)
        QTest.keyClicks(self.field, text)

    def enter(self):
        QTest.keyClick(self.field, KEY.Key_Return)

    def paste(self, text):
        data = QMimeData()
        data.setText(text)
        self.field.selectAll()
        self.field.insertFromMimeData(data)

    def marked(self):
        """Return the part of the text that is marked."""
        selections = self.field.extraSelections()
        return selections[0].cursor.selectedText() if selections else ""

    def wait(self, condition):
        self.ui.qtbot.waitUntil(condition, timeout=8_000)

    def rest(self):
        """Wait until a pause in the typing is one, and what follows from it is done."""
        self.wait(lambda: not self.page._pause.isActive())
        self.wait(lambda: not self.page._guess.is_running())


@pytest.fixture
def page(ui):
    ui.window.right.setCurrentWidget(ui.window.formula_lens)
    ui.window.formula_lens.choose_view("formula")
    ui.window.library._library = Library(ui.window.library._library.path)
    ui.window.library._library.path.unlink(missing_ok=True)
    ui.window.library.refresh()
    ui.settle()
    ui.window.formula_lens._draft = ui.window.formula_lens.page("formula").draft = Draft()
    ui.window.formula_lens.show_experiment(ui.experiment)
    hands = Page(ui)
    hands.field.setFocus()
    yield hands
    hands.field.completer.hide()
    hands.page._pause.stop()
    hands.field.set_text(ui.experiment.function.text)
    hands.page._accept()
    ui.window.right.setCurrentIndex(0)


@pytest.fixture
def answer(monkeypatch):
    class Answer:
        name = ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(Answer.name), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(Answer.name), ""))
    return Answer


# ---------------------------------------------------------------- writing


def test_the_field_shows_the_formula_of_the_surface(page):
    assert page.field.text() == SURFACES["sigmoid-unit"].formula
    page.ui.show(on_surface(page.experiment, SURFACES["himmelblau"]))
    assert page.field.text() == SURFACES["himmelblau"].formula


def test_what_is_typed_is_drawn(page):
    page.write("a^2 + b^2")
    assert page.experiment.function.text == "a^2 + b^2"
    assert page.experiment.function.surface is None
    page.ui.frame()
    assert page.ui.scene.objective.values(3.0, 4.0) == 25.0
    assert page.error == ""


def test_editing_a_surface_makes_it_ones_own(page):
    page.ui.show(on_surface(page.experiment, SURFACES["rosenbrock"]))
    page.keys(" + a")
    assert page.experiment.function.text == SURFACES["rosenbrock"].formula + " + a"
    page.rest()
    # The table's range is as good as a guess, and the map does not move.
    assert page.experiment.map_range == SURFACES["rosenbrock"].home
    page.ui.settle()


def test_what_is_no_formula_leaves_the_last_picture_and_says_why(page):
    page.write("a^2 + b^2")
    page.ui.settle()
    page.keys(" + $")
    assert "unexpected '$' at column 13" in page.error.lower()
    assert page.marked() == "$"
    assert page.experiment.function.text == "a^2 + b^2"
    scene = page.ui.scene
    assert scene.experiment is page.experiment
    QTest.keyClick(page.field, KEY.Key_Backspace)
    assert page.marked() == ""
    page.keys("1")
    assert page.error == ""
    assert page.experiment.function.text == "a^2 + b^2 + 1"
    page.ui.settle()


def test_what_is_only_unfinished_is_said_quietly_until_a_pause(page):
    page.write("sin(a")
    assert "is not closed" in page.remark
    assert page.error == ""
    page.rest()
    assert "is not closed" in page.error
    assert page.marked() == "("
    page.keys(")")
    assert page.error == ""
    assert page.experiment.function.text == "sin(a)"
    page.ui.settle()


def test_a_function_that_is_just_typed_is_no_mistake_yet(page):
    page.write("a*sin")
    assert "needs its arguments" in page.remark
    assert page.error == ""
    page.write("sin*a")
    assert "needs its arguments" in page.error
    assert page.marked() == "sin"
    page.ui.settle()


def test_a_place_is_found_behind_letters_of_two_units(page):
    page.paste("a + b + 𝒳𝒴(1) + 1")
    assert page.marked() == "𝒳𝒴"
    page.paste("a + 𝒳 + ?")
    page.enter()
    assert page.marked() == "?"


def test_enter_makes_no_new_line_and_pasted_lines_are_one(page):
    page.write("a")
    page.enter()
    page.keys("+b")
    assert page.field.text() == "a+b"
    page.paste("a^2\n+ b^2\r\n")
    assert page.experiment.function.text == "a^2 + b^2"
    page.ui.settle()


def test_the_field_grows_with_the_text_and_no_further_than_four_lines(page):
    page.write("a")
    one = page.field.height()
    heights = []
    for words in (8, 16, 24, 60):
        page.paste(" + ".join(["sin(a)*b"] * words)[:2000])
        heights.append(page.field.height())
    assert one < heights[0] <= heights[1] <= heights[2] <= heights[3]
    assert heights[3] <= 4 * one
    page.paste("a")
    assert page.field.height() == one
    page.ui.settle()


HOSTILE = {
    "dunder": ("__import__('os').system('x')", "unexpected"),
    "attribute": ("a.__class__", "unexpected"),
    "long": ("a+" * 900 + "a", "600"),
    "deep": ("(" * 500 + "a" + ")" * 500, "60 deep"),
    "tower": ("9^9^9^9^9", "no finite result"),
    "number": ("1" * 500, "characters"),
    "controls": ("a\x00b\x07", "U+0000"),
    "right to left": ("a + \u202eb", "U+202E"),
    "combining": ("a\u0301\u0302 + b", "unexpected"),
    "emoji": ("a + 🙂", "🙂"),
    "other digits": ("a^٢", "unexpected"),
    "a surrogate": ("a + \ud800", "ends at column 4"),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_gives_a_sentence_at_once(kind, page):
    text, word = HOSTILE[kind]
    begin = time.thread_time()
    page.field.setPlainText(text)
    took = time.thread_time() - begin
    assert word.lower() in page.error.lower()
    assert took < 1  # of the processor; some milliseconds
    assert page.experiment.function.name == "sigmoid-unit"  # the last good one


def test_a_huge_text_is_not_taken_over(page):
    before = page.field.text()
    begin = time.thread_time()
    page.paste("a + " * 25_000)
    assert time.thread_time() - begin < 1  # of the processor; some milliseconds
    assert "100,000 characters" in page.error
    page.paste("a + " * 700)
    assert "at most 2,000" in page.error
    page.field.setPlainText("a" * 3_900)
    page.field.moveCursor(QTextCursor.MoveOperation.End)
    data = QMimeData()
    data.setText("b" * 160)
    page.field.insertFromMimeData(data)  # behind what is there
    assert "With the pasted text it has 4,060 characters" in page.error
    page.field.setPlainText(before)
    assert page.error == ""


# ---------------------------------------------------------------- undo


def test_typing_is_one_step_back(page):
    page.write("a^2 + k*b^2 + m*a")
    page.rest()
    page.ui.settle()
    assert page.experiment.function.constants == {"k": 1.0, "m": 1.0}
    window = page.ui.window
    window.commands.undo()
    assert page.experiment == Experiment()
    assert page.field.text() == SURFACES["sigmoid-unit"].formula
    window.commands.redo()
    assert page.field.text() == "a^2 + k*b^2 + m*a"
    page.ui.settle()


def test_undo_in_the_field_is_the_fields_as_long_as_there_is_some(page):
    page.field.set_text(page.experiment.function.text)
    page.ui.change(alpha=0.1)
    page.keys("+1")
    QTest.keyClick(page.field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.field.text() == SURFACES["sigmoid-unit"].formula
    assert page.experiment.alpha == 0.1
    QTest.keyClick(page.field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.experiment.function.text != "" or page.experiment.alpha != 0.1
    page.ui.settle()


def test_undo_in_the_field_brings_the_surface_back(page):
    page.field.set_text(page.experiment.function.text)
    page.keys("+ k*a^2")
    page.enter()
    page.rest()
    page.ui.change(alpha=0.1)
    assert page.experiment.function.surface is None
    for _ in range(20):
        if not page.field.document().isUndoAvailable():
            break
        QTest.keyClick(page.field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.field.text() == SURFACES["sigmoid-unit"].formula
    page.rest()
    assert page.experiment == Experiment().replace(alpha=0.1)
    page.ui.settle()


def test_undo_in_the_field_takes_back_what_was_guessed(page):
    before = page.experiment
    page.field.selectAll()
    page.keys("(u - 300)^2 + 3*(v + 40)^2")
    page.rest()
    page.wait(lambda: page.experiment.start != before.start)
    assert page.experiment.alpha != before.alpha
    for _ in range(40):
        if not page.field.document().isUndoAvailable():
            break
        QTest.keyClick(page.field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page.rest()
    assert page.experiment == before
    page.ui.settle()


def test_changes_elsewhere_do_not_touch_what_is_being_typed(page):
    page.write("a^2 + ")
    page.ui.change(alpha=0.2)
    page.ui.change(start=(1.0, 1.0))
    assert page.field.text() == "a^2 + "
    page.ui.show(on_surface(page.experiment, SURFACES["sphere"]))
    assert page.field.text() == SURFACES["sphere"].formula
    assert page.error == ""


# ---------------------------------------------------------------- constants


def test_names_become_constants_as_one_goes_on(page):
    page.write("k")
    assert page.experiment.function.constants == {"x": 1.0}
    assert "k becomes a constant" in page.remark
    page.keys("*a")
    assert page.experiment.function.constants == {"k": 1.0}
    assert list(page.ui.window.surface_box._sliders) == ["k"]
    page.ui.settle()


def test_pasted_powers_are_powers_and_look_alikes_are_refused(page):
    page.paste("𝑎²+b²")
    page.rest()
    assert page.experiment.function.constants == {}
    assert page.experiment.function.formula_objective().gradient(3.0, 1.0) == (6.0, 2.0)
    page.paste("b + а")  # the last is Cyrillic
    assert "Cyrillic" in page.error
    assert page.marked() == "а"
    page.rest()
    assert page.experiment.function.constants == {}
    page.ui.settle()


def test_a_half_typed_function_is_no_constant(page):
    seen = []
    page.ui.window.store.experiment_changed.connect(seen.append)
    page.write("a^2 + sigm")
    page.rest()
    assert all(set(e.function.constants) <= set() for e in seen)
    assert "sigm can become a constant" in page.remark
    page.keys("oid(b)")
    page.rest()
    assert page.experiment.function.text == "a^2 + sigmoid(b)"
    assert page.experiment.function.constants == {}
    page.ui.window.store.experiment_changed.disconnect(seen.append)
    page.ui.settle()


def test_a_pause_or_enter_or_leaving_makes_a_constant(page):
    page.write("a*q")
    page.rest()
    assert page.experiment.function.constants == {"q": 1.0}
    page.write("a*s")  # the beginning of sin, and of others
    page.rest()
    assert page.experiment.function.text == "a"
    page.enter()
    assert page.experiment.function.constants == {"s": 1.0}
    page.write("a*t")
    page.ui.window.setFocus()
    page.wait(lambda: page.experiment.function.constants == {"t": 1.0})
    page.ui.settle()


def test_a_constant_comes_back_as_it_was(page):
    page.write("k*a + b")
    page.ui.type(page.table.field("k", "value"), "2.5")
    page.ui.type(page.table.field("k", "to"), "9")
    assert page.experiment.function.constants == {"k": 2.5}
    assert page.experiment.function.constant_ranges == {"k": (-5.0, 9.0)}
    page.write("a + b")
    assert page.experiment.function.constants == {}
    page.keys(" + k*b")
    assert page.experiment.function.constants == {"k": 2.5}
    assert page.experiment.function.constant_ranges == {"k": (-5.0, 9.0)}
    page.ui.settle()


def test_the_sliders_take_the_constants_ranges(page):
    page.write("k*a + b")
    page.ui.type(page.table.field("k", "from"), "-1")
    page.ui.type(page.table.field("k", "to"), "3")
    slider = page.ui.window.surface_box._sliders["k"]
    assert (slider._low, slider._high) == (-1.0, 3.0)
    page.ui.type(page.table.field("k", "to"), "-2")
    assert "must run from a lower to a higher number" in " ".join(page.ui.sentences())
    assert page.experiment.function.constant_ranges == {"k": (-1.0, 3.0)}
    page.ui.type(page.table.field("k", "to"), "4")
    assert page.experiment.function.constant_ranges == {"k": (-1.0, 4.0)}
    assert page.ui.sentences() == []
    page.ui.type(page.table.field("k", "value"), "abc")
    assert "'abc' is not a number" in " ".join(page.ui.sentences())
    assert page.experiment.function.constants == {"k": 1.0}
    page.table.field("k", "value").set_value(1.0, force=True)
    page.ui.settle()


def test_a_value_beyond_its_range_widens_that(page):
    page.write("k*a + b")
    page.ui.type(page.table.field("k", "value"), "40")
    assert page.experiment.function.constants == {"k": 40.0}
    assert page.experiment.function.constant_ranges == {"k": (-5.0, 40.0)}
    assert page.table.field("k", "to").text() == "40"
    page.ui.window.commands.undo()
    assert page.experiment.function.constant_ranges == {"k": (-5.0, 5.0)}
    assert page.table.field("k", "to").text() == "5"
    page.ui.settle()


def test_a_value_typed_beside_its_slider_widens_the_range_and_leaves_the_field(page):
    page.write("k*a + b")
    slider = page.ui.window.surface_box._sliders["k"]
    page.ui.type(slider.field, "-40")
    assert page.experiment.function.constant_ranges == {"k": (-40.0, 5.0)}
    assert page.ui.window.surface_box._sliders["k"] is slider
    assert slider.field.hasFocus()
    assert slider.slider.value() == slider.slider.minimum()
    page.ui.type(slider.field, "-17.5")  # in the middle
    assert page.experiment.function.constant_ranges == {"k": (-40.0, 5.0)}
    assert slider.slider.value() == pytest.approx(slider.slider.maximum() / 2, abs=1)
    page.ui.settle()


def test_a_range_that_leaves_the_value_out_moves_it_in(page):
    page.write("k*a + b")
    page.ui.type(page.table.field("k", "from"), "2")
    assert page.experiment.function.constant_ranges == {"k": (2.0, 5.0)}
    assert page.experiment.function.constants == {"k": 2.0}
    assert page.table.field("k", "value").text() == "2"
    page.ui.window.commands.undo()
    assert (page.experiment.function.constants, page.experiment.function.constant_ranges) == (
        {"k": 1.0}, {"k": (-5.0, 5.0)},
    )  # fmt: skip
    page.ui.settle()


def test_a_slider_is_not_replaced_while_other_text_is_typed(page):
    page.write("k*a + b")
    slider = page.ui.window.surface_box._sliders["k"]
    page.keys(" + b^2")
    assert page.ui.window.surface_box._sliders["k"] is slider
    page.ui.settle()


def test_the_ranges_of_a_surfaces_constants_are_its_own(page):
    assert not page.table.field("x", "from").isEnabled()
    page.keys("+1")
    assert page.table.field("x", "from").isEnabled()
    constant = SURFACES["sigmoid-unit"].constants[0]
    assert page.experiment.function.constant_ranges == {"x": (constant.low, constant.high)}
    page.ui.settle()


def test_too_many_constants_are_refused(page):
    page.paste(" + ".join(f"c{i}*a" for i in range(21)))
    assert "at most 20" in page.error
    page.paste(" + ".join(f"c{i}*a" for i in range(20)))
    assert page.error == ""
    assert len(page.experiment.function.constants) == 20
    page.ui.settle()


def test_data_columns_are_no_constants(page):
    data = Data(columns={"u": (0.0, 1.0, 2.0), "y": (1.0, 3.0, 5.0)}, source="mine.csv")
    page.ui.show(Experiment(function=FormulaFunction("mean((a*u - y)^2)", data=data)))
    page.write("mean((k*a*u + b - y)^2) + n")
    assert page.experiment.function.constants == {"k": 1.0}
    page.write("u*a")
    assert "put it inside sum" in page.error
    assert page.marked() == "u"
    page.ui.settle()


# ---------------------------------------------------------------- completion


def test_names_are_completed(page):
    page.write("a + s")
    completer = page.field.completer
    assert not completer.is_open()
    page.keys("i")
    assert completer.offered() == ["sigmoid", "sign", "sin", "sinh"]
    QTest.keyClick(page.field, KEY.Key_Down)
    QTest.keyClick(page.field, KEY.Key_Up)
    QTest.keyClick(page.field, KEY.Key_Tab)
    assert page.field.text() == "a + sigmoid("
    assert page.field.hasFocus()
    page.keys("b)")
    assert page.experiment.function.text == "a + sigmoid(b)"
    page.ui.settle()


def test_what_enter_does_is_said_as_it_is(page):
    page.write("a + s")
    page.keys("i")
    assert page.field.completer.is_open()
    assert "Enter takes the marked name" in page.remark
    page.rest()
    assert "becomes a constant with Enter" not in page.remark
    QTest.keyClick(page.field, KEY.Key_Escape)
    assert page.remark == "si becomes a constant with Enter, or once you go on."
    page.rest()  # which is neither
    assert page.experiment.function.constants == {}
    page.enter()
    assert page.experiment.function.constants == {"si": 1.0}
    page.write("a + s")
    page.keys("i")
    QTest.keyClick(page.field, KEY.Key_Escape)
    page.keys("*b")
    assert page.experiment.function.constants == {"si": 1.0}
    page.ui.settle()


def test_a_word_that_may_be_a_product_is_announced_as_no_constant(page):
    page.write("x^2 + y^2 + e")
    page.keys("x")
    assert page.remark == "Enter takes the marked name; after Esc, ex can be read in two ways."
    QTest.keyClick(page.field, KEY.Key_Escape)
    assert page.remark == "ex can be read in two ways: that is asked once you go on."
    page.enter()
    assert page.error == "Unknown name 'ex' at column 13: write e*x for the product."


def test_completion_may_be_asked_for_taken_with_enter_and_waved_away(page):
    page.write("kap*a + ")
    QTest.keyClick(page.field, KEY.Key_Space, Qt.KeyboardModifier.ControlModifier)
    completer = page.field.completer
    assert {"kap", "exp", "pi", "a", "b"} <= set(completer.offered())
    given_up = []
    page.ui.action("cancel").triggered.connect(lambda: given_up.append(1))
    QTest.keyClick(page.field, KEY.Key_Escape)
    assert not completer.is_open()
    assert not given_up  # that key did nothing else
    QTest.keyClick(page.field, KEY.Key_Escape)
    assert len(given_up) == 1
    page.keys("ka")
    assert completer.offered() == ["kap"]
    page.enter()
    assert page.field.text() == "kap*a + kap"
    page.keys(" + a")
    assert page.experiment.function.constants == {"kap": 1.0}
    page.ui.settle()


def test_a_name_that_is_complete_is_not_offered(page):
    page.write("sinh")
    assert not page.field.completer.is_open()
    page.keys("(a)")
    page.ui.settle()


def test_data_is_completed_where_there_is_some(page):
    page.ui.show(on_surface(page.experiment, SURFACES["logistic-regression"]))
    page.keys(" + ")
    QTest.keyClick(page.field, KEY.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert {"x1", "x2", "y", "n", "sum", "mean"} <= set(page.field.completer.offered())
    page.field.completer.hide()


def test_a_csv_files_columns_are_named_completed_typeset_and_fitted(page, tmp_path):
    (tmp_path / "d.csv").write_text("x,y,weight\n0,1,1\n1,3,2\n2,4,1\n")
    page.ui.window.opening.open_path(tmp_path / "d.csv")
    page.ui.settle()  # the Data lens is opened with it
    page.ui.window.open_lens("Formula", "formula")
    page.wait(lambda: page.field.text() == "mean((a*x + b - y)^2)")
    assert "columns are x, y, weight." in page.remark
    page.write("mean(we")
    assert page.field.completer.offered() == ["weight"]
    QTest.keyClick(page.field, KEY.Key_Tab)
    page.keys("*(a*x^2 + b - y)^2)")
    assert page.experiment.function.text == "mean(weight*(a*x^2 + b - y)^2)"
    assert page.experiment.function.constants == {}
    assert page.experiment.function.model == "a*x^2 + b"  # and not the line of before
    page.wait(page.page.derivatives.is_settled)
    # d/db² of the mean of w·(…)² is twice the mean of w.
    assert page.page.derivatives.lines()[-1] == "2·sum(weight)/n"
    page.write("mean(weigth*x)*a")
    page.enter()
    assert page.experiment.function.constants == {"weigth": 1.0}
    assert "columns are x, y, weight." in page.remark
    page.write("(a*x - y)^2")
    assert page.error.startswith("The data column x at column 4 has a number for each row")
    page.ui.settle()


# ---------------------------------------------------------------- the range


def test_the_range_of_a_new_formula_is_guessed_when_the_typing_rests(page):
    page.ui.action("new_formula").trigger()
    assert page.field.text() == ""
    page.keys("(a - 300)^2 + (b + 40)^2")
    assert page.experiment.function.home == tuple(SURFACES["sigmoid-unit"].home)
    page.rest()
    page.wait(lambda: page.experiment.function.home_range.contains(300.0, -40.0))
    assert page.experiment.function.home_range.contains(*page.experiment.start)
    page.ui.window.commands.undo()  # the guess belongs to what was typed
    assert page.experiment == Experiment()
    page.ui.settle()


def test_an_epsilon_with_which_paths_would_go_astray_goes(page):
    """Rosenbrock's function: as on the command line; one that was chosen smaller stays."""
    page.ui.action("new_formula").trigger()
    page.keys("(1 - a)^2 + 100*(b - a^2)^2")
    page.rest()
    page.wait(lambda: page.experiment.epsilon < 1.0)
    assert page.experiment.epsilon == first_epsilon(page.experiment) <= 1e-3
    page.ui.change(epsilon=1e-6)
    page.keys(" + a^2")
    page.rest()
    assert page.experiment.epsilon == 1e-6
    page.ui.settle()


CROSS_ENTROPY = "-mean(y*log(sigmoid(a*x + b)) + (1 - y)*log(1 - sigmoid(a*x + b)))"
ROSENBROCK = "(1 - a)^2 + 100*(b - a^2)^2"


def first_seen(experiment):
    return experiment.map_range, experiment.start, experiment.alpha, experiment.epsilon


def test_a_formula_in_the_place_of_the_datas_line_is_first_seen_as_anywhere_else(page, tmp_path):
    """As on the command line and in the library: the line's map, start and α mean nothing to it."""
    (tmp_path / "d.csv").write_text("x,y\n" + "\n".join(f"{x},{int(x > 130)}" for x in LAB))
    page.ui.window.opening.open_path(tmp_path / "d.csv")
    page.ui.settle()
    page.ui.window.open_lens("Formula", "formula")
    page.wait(lambda: page.field.text() == "mean((a*x + b - y)^2)")
    line = first_seen(page.experiment)
    page.paste(CROSS_ENTROPY)
    page.rest()
    page.wait(lambda: first_seen(page.experiment) != line)
    expected = experiment_on(CROSS_ENTROPY, data=page.experiment.function.data)
    assert first_seen(page.experiment) == first_seen(expected)
    words = [str(tmp_path / "d.csv"), "--formula", CROSS_ENTROPY]
    told, _ = experiment_from(COMMANDS["table"].parser().read(words))
    assert first_seen(told) == first_seen(expected)
    page.ui.settle()


def test_a_formula_in_the_place_of_another_is_first_seen_as_anywhere_else(page):
    for text in ("(a - 30)^2 + 4*b^2", ROSENBROCK, "exp(a) + exp(-3*a) + b^4"):
        page.paste(text)
        page.rest()
        expected = first_seen(experiment_on(text))
        page.wait(lambda expected=expected: first_seen(page.experiment) == expected)
    page.ui.change(start=(1.5, 0.5))
    page.keys(" + 0*a")  # which is an edit of it
    page.rest()
    assert page.experiment.start == (1.5, 0.5)
    page.ui.settle()


def test_a_range_that_was_chosen_stays(page):
    page.ui.action("new_formula").trigger()
    page.keys("a^2 + b^2")
    page.rest()
    page.ui.type(page.table.field("a", "from"), "-40")
    page.ui.type(page.table.field("b", "to"), "77")
    assert page.experiment.function.home_range.a_low == -40.0
    page.keys(" + 3*(a - 500)^2")
    page.rest()
    assert page.experiment.function.home_range.a_low == -40.0
    assert page.experiment.map_range.b_high == 77.0
    page.table._guess.click()
    page.wait(lambda: page.experiment.function.home_range.a_low > 0)
    page.ui.settle()


def test_a_zoom_is_a_choice_as_well(page):
    page.ui.action("new_formula").trigger()
    page.keys("a^2 + b^2")
    page.ui.change(range=(-0.1, 0.1, -0.1, 0.1))
    page.keys(" + (a - 900)^2")
    page.rest()
    assert tuple(page.experiment.map_range) == (-0.1, 0.1, -0.1, 0.1)
    page.ui.settle()


def test_a_built_in_surface_can_be_shown_on_another_range(page):
    page.ui.type(page.table.field("a", "to"), "20")
    assert page.experiment.function.name == "sigmoid-unit"
    assert page.experiment.map_range.a_high == 20.0
    page.ui.type(page.table.field("a", "to"), "-20")
    assert "must run from a lower" in " ".join(page.ui.sentences())
    assert page.experiment.map_range.a_high == 20.0
    page.ui.change(range=None)


# ---------------------------------------------------------------- derivatives


def test_derivatives_are_faded_while_what_is_written_is_another_formula(page):
    view = page.page.derivatives
    page.write("a^2 + b^2")
    assert view.is_faded()  # they are still those of the formula before
    page.wait(view.is_settled)
    assert not view.is_faded()
    page.keys(" + * b")
    assert page.error
    assert view.is_faded()
    assert page.page.derivatives.lines()[1] == "2·a"
    page.write("a^2 + b^2")
    assert not view.is_faded()
    page.ui.settle()


def test_no_line_of_the_formula_before_stands_at_full_strength(page):
    """Lines are typeset one after another: until it is its turn, a line is the new one as text."""
    view = page.page.derivatives
    page.write("100*(b - a^2)^2 + (1 - a)^2")
    shown = [label for label in view._labels if not label.isHidden()]
    page.wait(lambda: view.is_settled() and all(label.is_typeset() for label in shown))
    page.write("a^2 + 3*b")
    page.wait(view.is_settled)
    assert not view.is_faded()
    for label, line in zip(view._labels, view.lines(), strict=True):
        assert label._path is None or label.is_typeset(), line
    page.ui.settle()


def test_gradient_and_hessian_are_written_out(page):
    page.write("a^3 + k*a*b")
    view = page.page.derivatives
    page.wait(view.is_settled)
    assert view.lines() == ["a³ + k·a·b", "3·a² + b·k", "a·k", "6·a", "k", "0"]
    page.paste("*".join(["(a + b)"] * 30))
    page.wait(view.is_settled)
    assert "too long" in view.lines()[1]
    page.ui.settle()


# ---------------------------------------------------------------- the library


def row(page):
    return page.page.library


def press(page, button):
    """Press a button or take an entry of the menu, and wait for what becomes of it."""
    (button.click if isinstance(button, QPushButton) else button.trigger)()
    page.wait(lambda: not page.ui.window.library.is_busy())


def save(page, title):
    row(page)._title.setText(title)
    press(page, row(page)._save_button)


def entries(page):
    return page.ui.window.library._library.read()


def combo(page):
    return page.ui.window.surface_box._choice


def items(page):
    return [combo(page).itemText(i) for i in range(combo(page).count())]


def choose(page, text):
    index = combo(page).findText(text)
    combo(page).setCurrentIndex(index)
    combo(page).activated.emit(index)
    page.ui.settle()


def test_a_formula_is_kept_opened_and_changed(page):
    page.write("a^2 + k*b^2 + 1")
    page.ui.type(page.table.field("k", "value"), "3")
    page.ui.type(page.table.field("k", "to"), "30")
    save(page, "Bowl")
    assert page.experiment.function.title == "Bowl"
    assert items(page)[-4:-2] == ["My formulas", "Bowl"]
    assert combo(page).currentText() == "Bowl"
    choose(page, "Sphere")
    choose(page, "Bowl")
    assert page.experiment.function.text == "a^2 + k*b^2 + 1"
    assert page.experiment.function.constants == {"k": 3.0}
    assert page.experiment.function.constant_ranges == {"k": (-5.0, 30.0)}
    assert page.field.text() == "a^2 + k*b^2 + 1"
    page.field.moveCursor(page.field.textCursor().MoveOperation.End)
    page.keys("2")
    save(page, "Bowl")
    assert [(e.title, e.formula) for e in entries(page)] == [("Bowl", "a^2 + k*b^2 + 12")]
    assert row(page)._restore.isVisible()
    press(page, row(page)._restore)
    assert [(e.title, e.formula[-2:]) for e in entries(page)] == [("Bowl", "12"), ("Bowl 2", " 1")]
    page.ui.settle()


def test_another_formula_does_not_take_a_title_away(page):
    page.write("a^2")
    save(page, "F")
    page.ui.action("new_formula").trigger()
    page.keys("b^2")
    save(page, "F")
    assert [(e.title, e.formula) for e in entries(page)] == [("F", "a^2"), ("F 2", "b^2")]
    assert page.experiment.function.title == "F 2"
    page.ui.settle()


def test_a_surface_can_be_kept_too(page):
    save(page, "My unit")
    assert page.experiment.function.text == SURFACES["sigmoid-unit"].formula
    assert entries(page)[0].constant_ranges == page.experiment.function.constant_ranges
    page.ui.settle()


def test_renaming_deleting_and_bringing_back(page):
    assert not row(page)._delete.isEnabled()
    page.write("a^2")
    save(page, "F")
    row(page)._title.setText("G")
    press(page, row(page)._rename)
    assert [e.title for e in entries(page)] == ["G"]
    assert combo(page).currentText() == "G"
    press(page, row(page)._delete)
    assert entries(page) == ()
    assert page.experiment.function.text == "a^2"
    assert "Deleted G" in row(page)._said.text()
    press(page, row(page)._restore)
    assert [e.title for e in entries(page)] == ["G"]
    page.ui.settle()


def test_what_another_window_did_is_seen_when_one_comes_back(page, qapp):
    library = page.ui.window.library
    Library(library._library.path).save(Entry.of(page.experiment, "Elsewhere"))
    assert "Elsewhere" not in items(page)
    page.ui.window.activateWindow()
    qapp.sendEvent(page.ui.window, QEvent(QEvent.Type.ActivationChange))
    page.wait(lambda: "Elsewhere" in items(page))
    Library(library._library.path).delete("Elsewhere")
    qapp.sendEvent(page.ui.window, QEvent(QEvent.Type.ActivationChange))
    page.wait(lambda: "Elsewhere" not in items(page))


def test_formulas_are_exported_and_imported(page, answer, tmp_path):
    page.write("a^2")
    save(page, "F")
    answer.name = tmp_path / "mine"
    press(page, row(page)._export)
    assert (tmp_path / "mine.json").exists()
    answer.name = tmp_path / "mine.json"
    press(page, row(page)._import)
    assert "already here" in row(page)._said.text()
    press(page, row(page)._delete)
    press(page, row(page)._import)
    assert "Added F" in row(page)._said.text()
    assert [e.title for e in entries(page)] == ["F"]
    answer.name = tmp_path / "nothing.json"
    press(page, row(page)._import)
    assert "cannot be read" in row(page)._said.text()
    page.ui.settle()


def test_a_broken_library_is_said_and_left_alone(page):
    path = page.ui.window.library._library.path
    path.write_text("{broken")
    save(page, "F")
    assert "it is not a library of formulas: this is not JSON" in row(page)._said.text()
    assert path.read_text() == "{broken"
    path.unlink()


def test_a_surface_keeps_its_title_to_itself(page):
    page.write("a^2")
    save(page, "himmelblau ")
    assert entries(page) == ()
    assert row(page)._said.text() == "Himmelblau is a built-in surface: choose another title."
    assert row(page)._said.is_error()
    assert row(page)._title.text() == "himmelblau "  # to be changed, and not written again
    save(page, "Himmelblau's")
    assert [entry.title for entry in entries(page)] == ["Himmelblau's"]


def test_a_title_is_needed(page):
    save(page, "  ")
    assert "title first" in row(page)._said.text()
    assert entries(page) == ()
    assert len(page.ui.sentences()) == 1


def test_what_was_refused_of_a_title_goes_with_it(page):
    """It stood on under any title, and beside any other formula, until one was saved."""
    save(page, "  ")
    QTest.keyClicks(row(page)._title, "M")
    assert page.ui.sentences() == []
    save(page, " ")
    page.write("a^2")
    assert page.ui.sentences() == []


def test_a_formula_that_is_gone_can_be_brought_back_after_a_refusal(page):
    page.write("a^2")
    save(page, "Gone")
    press(page, row(page)._delete)
    save(page, "")
    QTest.keyClicks(row(page)._title, "M")
    assert page.ui.sentences() == []
    assert row(page)._restore.isVisible()
    press(page, row(page)._restore)
    assert [entry.title for entry in entries(page)] == ["Gone"]


def test_new_formula_from_the_list(page):
    page.ui.window.right.setCurrentIndex(0)
    choose(page, "New formula…")
    assert page.ui.window.right.currentWidget() is page.ui.window.formula_lens
    assert page.field.text() == ""
    assert combo(page).currentText() == "Sigmoid unit"
    assert page.experiment.function.name == "sigmoid-unit"


def test_the_library_is_where_the_window_was_told(open_window, tmp_path, qapp):
    ui = open_window()
    assert ui.window.library._library.path == tmp_path / "formulas.json"


def test_the_page_fits_its_place(page):
    page.paste(" + ".join(f"c{i}*a" for i in range(20)))
    page.ui.settle()
    QGuiApplication.processEvents()
    assert page.page.minimumSizeHint().width() <= page.page.width()
    assert page.page.derivatives.height() > 60
    bar = page.ui.window.right.tabBar()
    assert bar.sizeHint().width() <= page.ui.window.right.width()


def test_losses_from_a_file_have_no_formula_until_one_is_written(page):
    side = tuple(float(x) for x in range(8))
    grid = LossGrid(side, side, tuple(tuple(x + y for x in side) for y in side), "eight.npz")
    page.ui.show(on_grid(page.experiment, grid))
    assert page.field.text() == ""
    assert "Write a formula" in page.remark
    assert not page.page.derivatives.widget().isVisible()
    save(page, "Grid")
    assert "not a formula" in row(page)._said.text()
    page.keys("a^2 + k*b")
    assert page.experiment.function.text == "a^2 + k*b"
    page.ui.window.commands.undo()
    assert page.experiment.function.grid == grid
    assert page.field.text() == ""
    page.ui.settle()


def test_everything_is_called_as_the_person_calls_it(page):
    page.write("(x - 1)^2 + k*y^2 ")
    assert page.experiment.function.parameters == ("x", "y")  # k is a name alone
    assert page.experiment.function.constants == {"k": 1.0}
    page.paste("(θ₁ - 1)^2 + 3*θ₂^2")
    page.enter()
    function = page.experiment.function
    assert (function.parameters, function.constants) == (("θ₁", "θ₂"), {})
    assert page.remark.startswith("The parameters are θ₁ and θ₂, as neither a nor b occurs. ")
    assert page.field.accessibleName() == "f(θ₁, θ₂)"
    window = page.ui.window
    assert [field.accessibleName() for field in window.descent_box._start] == ["θ₁", "θ₂"]
    page.ui.type(page.table.field("θ₂", "from"), "-7")
    assert page.experiment.map_range[2] == -7.0
    window.commands.undo()
    window.commands.undo()
    assert page.experiment.function.parameters != ("θ₁", "θ₂")


def test_a_correction_is_on_a_button(page):
    page.write("a(b+1) + 2a")
    page.enter()
    assert page.error == "'a' at column 1 is not a function: write a*(b+1)."
    assert page.corrections == ["a*(b+1) + 2a"]
    page.page.corrections.buttons[0].click()
    assert page.field.text() == page.experiment.function.text == "a*(b+1) + 2a"
    assert page.error == ""
    assert page.page.corrections.isHidden()
    page.field.undo()
    assert page.field.text() == "a(b+1) + 2a"
    page.write("1/2a + b")
    page.rest()
    assert page.corrections == ["1/2*a + b", "1/(2a) + b"]
    page.paste("a^2 + b^2 + ab")
    page.enter()
    assert page.corrections == ["a^2 + b^2 + a*b"]


@pytest.mark.parametrize(
    ("place", "text", "parameters"),
    [(0, "sin(a)+cos(b)", ("a", "b")), (1, "f(cosb, sina) = sina+cosb", ("cosb", "sina"))],
)
def test_two_words_that_may_be_functions_are_parameters_only_when_that_is_said(
    page, place, text, parameters
):
    before = page.experiment
    page.paste("sina+cosb")
    page.enter()
    assert page.error.startswith("Unknown name 'sina' at column 1: write sin(a), or begin with")
    assert page.experiment == before
    assert page.corrections[place] == text
    page.page.corrections.buttons[place].click()
    function = page.experiment.function
    assert (page.error, function.parameters, function.constants) == ("", parameters, {})
    assert function.objective().gradient(0.0, 0.0) == (1.0, 1.0 - (place == 0))
    page.ui.settle()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "word", "product", "parameters"),
    [
        ("α^2 + 3β^2 + αβ", "αβ", "α*β", ("alpha", "β")),
        ("β^2 + 3γ^2 + βγ", "βγ", "β*γ", ("β", "γ")),
        ("x^2 + 3y^2 + xy", "xy", "x*y", ("x", "y")),
        ("ε^2 + 3η^2 + εη", "εη", "ε*η", ("epsilon", "eta")),
        ("θ1^2 + 3θ2^2 + θ1θ2", "θ1θ2", "θ1*θ2", ("θ1", "θ2")),
        ("3w^2 + tilt^2 + wtilt", "wtilt", "w*tilt", ("tilt", "w")),
    ],
)
def test_a_product_without_its_sign_is_asked_and_no_constant(text, word, product, parameters, page):
    """α is called alpha beside the slider of the learning rate, and was not found in αβ."""
    page.paste(text)
    page.enter()
    column = text.index(word) + 1
    said = f"Unknown name '{word}' at column {column}: write {product} for the product"
    assert page.error == f"{said}."
    assert word not in page.experiment.function.constants
    page.page.corrections.buttons[0].click()
    function = page.experiment.function
    assert function.text == text.replace(word, product)
    assert (function.parameters, function.constants) == (parameters, {})
    assert function.objective().value(1.0, 2.0) == 1 + 12 + 2
    assert function.objective().hessian(1.0, 2.0) == (2, 1, 6)


def test_what_is_typed_is_kept_and_said_in_plain_words(page):
    text = r"f(u, v) = \frac{1}{2}(u-1)^2 + \sigma(uv)"
    page.paste(text)
    page.enter()
    function = page.experiment.function
    assert (function.text, function.parameters) == (text, ("u", "v"))
    assert function.constants == {}
    assert what(page.experiment) == "f(u, v) = 1/2·(u − 1)² + σ(u·v)"
    assert from_json(to_json(page.experiment)) == page.experiment


def test_what_is_pasted_over_a_selection_is_counted_with_what_remains(page):
    page.write("a + b")
    field, said = page.field, []
    field.said.connect(said.append)
    pasted = QMimeData()
    pasted.setText("1+" * 1999 + "a")
    field.selectAll()
    field.insertFromMimeData(pasted)
    field.selectAll()
    field.insertFromMimeData(pasted)
    assert said == []
    assert field.text() == pasted.text()
    field.insertFromMimeData(pasted)
    assert "characters" in said[0]
    page.write("a + b")
