"""The Data lens: it shows what the model says at the step, and data goes in and out of files."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QPushButton

from gdviz.base.format import number
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_data, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.files.csv_data import load_data
from gdviz.ui.lenses.data.table import _short
from tests.ui.hands import button, choose, errors, said, says

GOOD = "x,y\n0,1\n1,3\n2,5\n"


@pytest.fixture
def lens(ui):
    """The lens, open; the Run lens is open again afterwards."""
    ui.window.right.setCurrentWidget(ui.window.data_lens)
    yield ui.window.data_lens.page("data")
    ui.window.right.setCurrentIndex(0)
    ui.window.timeline.last()


@pytest.fixture
def answer(monkeypatch):
    """Answer the file dialogs with a name."""

    class Answer:
        name = ""
        suggested = ""

    def save_name(_parent, _title, suggestion, *_):
        Answer.suggested = suggestion
        return str(Answer.name), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(Answer.name), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", save_name)
    return Answer


def on(name, **changes):
    return on_surface(Experiment(**changes), SURFACES[name])


def press(lens, text):
    (button,) = (b for b in lens.findChildren(QPushButton) if b.text() == text)
    assert button.isEnabled()
    button.click()


def cells(lens):
    """Return the table's text, a list a row."""
    rows = lens.table.rows
    return [
        [rows.index(i, j).data() for j in range(rows.columnCount())] for i in range(rows.rowCount())
    ]


def headings(lens):
    rows = lens.table.rows
    return [
        rows.headerData(j, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        for j in range(rows.columnCount())
    ]


def points(lens):
    return np.array(lens.plot.points.getData())


# ---------------------------------------------------------------- points and models


def test_points_curve_and_residuals_at_the_step(ui, lens):
    ui.show(on("linear-regression"))
    ui.window.timeline.set_step(5)
    data = DATASETS["line"]
    np.testing.assert_array_equal(points(lens), [data.columns["x"], data.columns["y"]])
    lines = lens.plot.curves()
    # The residuals, two methods, and the chosen one on its halo.
    assert len(lines) == 1 + 2 + 2
    order = [1, 2, 0, 0]
    for (x, y), index in zip(lines[1:], order, strict=True):
        a, b = ui.scene.runs[index].path.theta[5]
        np.testing.assert_allclose(y, a * x + b)
    a, b = ui.scene.runs[0].path.theta[5]
    assert headings(lens) == ["x", "y", "model", "residual"]
    for row, (x, y) in enumerate(zip(*data.columns.values(), strict=True)):
        shown = cells(lens)[row]
        assert shown[:2] == [number(x, 4), number(y, 4)]
        assert float(shown[2].replace("−", "-")) == pytest.approx(a * x + b, rel=0.01, abs=6e-4)
        assert float(shown[3].replace("−", "-")) == pytest.approx(y - a * x - b, rel=0.01, abs=6e-4)
    assert says(lens, number(a, 3))
    assert says(lens, number(ui.scene.runs[0].path.loss[5], 4))
    assert "Built-in data, a noisy line: 20 rows" in said(lens)
    assert "Fitted: y ≈ a·x + b" in said(lens)


@pytest.mark.parametrize(
    ("value", "text"),
    [(151.27, "151.3"), (-151.27, "−151.3"), (1.2344, "1.234"), (0.01234, "0.012"), (0.0, "0"),
     (-0.0, "0"), (1.2345e-5, "1.23·10⁻⁵"), (np.inf, "none")],
)  # fmt: skip
def test_the_model_is_as_exact_as_the_data_beside_it(value: float, text: str) -> None:
    """Heights of 151.2 and 151.4 were both 151, with a residual of 0.2."""
    assert _short(value) == text


def test_labels_that_became_signs_are_said(ui, lens):
    data = Data({"x1": (0.0, 1.0), "x2": (1.0, 0.5), "y": (0.0, 1.0)}, "my.csv")
    ui.show(on("logistic-regression").replace(data=data))
    assert says(lens, "The labels 0 and 1 of y are read as −1 and 1.")
    ui.show(on("logistic-regression"))
    assert not says(lens, "are read as")


def test_a_probability_is_drawn_over_zeros_and_ones(ui, lens):
    ui.show(on("one-feature-logistic"))
    ui.window.timeline.set_step(3)
    x, y = lens.plot.curves()[-1]
    a, b = ui.scene.runs[0].path.theta[3]
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-a * x - b)), rtol=1e-12)
    assert set(points(lens)[1]) == {0.0, 1.0}
    assert "The probability of y = 1: σ(a·x + b)" in said(lens)


def test_scrubbing_moves_curve_table_and_summary(ui, lens):
    ui.show(on("sigmoid-regression"))
    seen = []
    for step in (0, 1, 7):
        ui.window.timeline.set_step(step)
        x, y = lens.plot.curves()[-1]
        a, b = ui.scene.runs[0].path.theta[step]
        np.testing.assert_allclose(y, b / (1 + np.exp(-a * x)), rtol=1e-12)
        assert says(lens, number(ui.scene.runs[0].path.loss[step], 4))
        seen.append((tuple(y), cells(lens)[3][2]))
    assert all(len({*column}) == 3 for column in zip(*seen, strict=True))


def test_the_boundary_and_the_rows_on_its_wrong_side(ui, lens):
    ui.show(on("logistic-regression"))
    ui.window.timeline.set_step(2)
    a, b = ui.scene.runs[0].path.theta[2]
    x, y = lens.plot.curves()[-1]
    assert np.abs(a * x + b * y).max() < 1e-9
    x1, x2, label = (np.array(c) for c in DATASETS["two-classes"].columns.values())
    margin = label * (a * x1 + b * x2)
    wrong = np.flatnonzero(margin <= 0)
    np.testing.assert_array_equal(np.array(lens.plot.wrong.getData()), [x1[wrong], x2[wrong]])
    marked = [i for i, row in enumerate(cells(lens)) if "✗" in row[-1]]
    assert marked == wrong.tolist()
    rows = lens.table.rows
    index = rows.index(int(wrong[0]), 4)
    error = ui.theming.theme.error
    assert index.data(Qt.ItemDataRole.ForegroundRole).name() == error
    assert "wrong side" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert says(lens, f"{len(wrong)} of 40 wrong")
    assert headings(lens)[-2:] == ["model", "margin"]
    assert says(lens, "wrong\N{NO-BREAK SPACE}side")


def test_another_method_is_listed_and_drawn_in_front(ui, lens):
    ui.show(on("linear-regression", methods=(Method("analytic"), Method("forward"))))
    ui.window.timeline.set_step(3)
    choose(lens.findChild(QComboBox), 1)
    a, b = ui.scene.runs[1].path.theta[3]
    x, y = lens.plot.curves()[-1]
    np.testing.assert_allclose(y, a * x + b)
    assert says(lens, number(a, 3))
    choose(lens.findChild(QComboBox), 0)


def test_no_method_leaves_the_points(ui, lens):
    ui.show(on("linear-regression", methods=(Method("analytic", shown=False),)))
    assert points(lens).shape == (2, 20)
    assert lens.plot.curves() == []
    assert says(lens, "tick one")
    assert cells(lens)[0][2] is None


def test_a_path_beyond_all_numbers_leaves_holes(ui, lens):
    ui.show(on("linear-regression").replace(alpha=50.0))
    ui.window.timeline.last()
    assert says(lens, "out of view") or says(lens, "finite")
    ui.show(on("logistic-regression").replace(alpha=1e6))
    ui.window.timeline.last()


def test_a_formula_over_data_of_its_own(ui, lens):
    data = Data({"u": (1.0, 2.0, 3.0), "v": (1.0, 0.0, 2.0), "y": (1.0, 2.0, 5.0)}, "made")
    formula = "mean((a*u + b*v - y)^2)"
    ui.show(Experiment(function=FormulaFunction(formula, data=data, model="a*u + b*v"), alpha=0.01))
    assert "made: 3 rows" in said(lens)
    assert "Boundary: a·u + b·v = 3" in said(lens)
    ui.show(Experiment(function=FormulaFunction(formula, data=data), alpha=0.01))
    assert says(lens, "unknown")
    assert headings(lens) == ["u", "v", "y"]


def test_many_rows_within_a_frame(ui, lens):
    """The table makes text of what is in view only."""
    rows = 2000
    x = tuple(np.linspace(-2, 2, rows).tolist())
    ui.show(on("linear-regression").replace(data=Data({"x": x, "y": x}, "long")))
    asked = []
    data = type(lens.table.rows).data
    type(lens.table.rows).data = lambda *args: asked.append(args[1].row()) or data(*args)
    try:
        ui.window.timeline.set_step(2)
        QApplication.processEvents()
    finally:
        type(lens.table.rows).data = data
    assert len({*asked}) < 60


@pytest.mark.slow
def test_of_more_rows_than_can_be_drawn_some_are_and_it_is_said(ui, lens):
    noise = np.random.default_rng(3)
    x = noise.normal(size=30_000)
    labels = np.sign(x + noise.normal(size=len(x)))
    data = Data.of_arrays({"x1": x, "x2": noise.normal(size=len(x)), "y": labels}, "large.csv")
    ui.show(on("logistic-regression").replace(data=data, steps=2))
    ui.settle()
    assert "large.csv: 30,000 rows, 2,000 drawn at random" in said(lens)
    drawn = lens.plot.points.getData()
    assert len(drawn[0]) == 2_000
    assert set(drawn[0]) < set(x)
    ringed, wrong = lens.plot.wrong.getData()[0], lens.table.rows._fit.wrong
    assert 0 < len(ringed) < 2_000
    assert set(ringed) == set(drawn[0]) & set(x[wrong])
    # What is said of all rows is counted over all of them.
    assert says(lens, f"{wrong.sum():,} of 30,000 wrong")
    assert lens.table.rows.rowCount() == 30_000


# ---------------------------------------------------------------- nothing to show


def test_the_empty_state_offers_the_surfaces_with_data(ui, lens):
    assert says(lens, "Sigmoid unit has no data")
    with_data = [surface.title for surface in SURFACES.values() if surface.data]
    buttons = [b.text() for b in lens.findChildren(QPushButton) if b.isVisible()]
    assert [text for text in buttons if text in with_data] == with_data
    assert not button(lens, "Save CSV…").isEnabled()
    assert not button(lens, "Built-in data").isEnabled()
    press(lens, "Logistic regression")
    ui.settle()
    assert ui.experiment.function.name == "logistic-regression"
    assert not says(lens, "has no data")
    ui.window.commands.undo()
    ui.frame()
    assert says(lens, "Sigmoid unit has no data")


def test_a_closed_lens_computes_nothing(ui, lens):
    ui.show(on("linear-regression"))
    before = points(lens)
    ui.window.right.setCurrentIndex(0)
    ui.show(on("logistic-regression"))
    np.testing.assert_array_equal(points(lens), before)


def test_both_themes(ui, lens):
    ui.show(on("logistic-regression"))
    ui.theming.choose("dark")
    assert says(lens, ui.theming.theme.error)
    ui.theming.choose("system")


# ---------------------------------------------------------------- files


def test_a_csv_file_and_undo(ui, lens, answer, tmp_path):
    ui.show(on("linear-regression"))
    answer.name = tmp_path / "mine.csv"
    answer.name.write_text(GOOD)
    press(lens, "Open CSV…")
    ui.settle()
    assert ui.experiment.function.data == load_data(answer.name)[0]
    np.testing.assert_array_equal(points(lens), [[0, 1, 2], [1, 3, 5]])
    assert "mine.csv: 3 rows" in said(lens)
    assert ui.scene.minima == ()  # the table's is that of the built-in data
    ui.window.commands.undo()
    ui.settle()
    assert ui.experiment.function.data is None
    assert points(lens).shape == (2, 20)
    assert ui.scene.minima
    ui.window.commands.redo()
    ui.settle()
    press(lens, "Built-in data")
    ui.settle()
    assert ui.experiment == on("linear-regression")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("surface", "content", "words"),
    [
        ("linear-regression", "x,y\n1,2\n2,two\n", "Line 3, column y holds two, which is not"),
        ("linear-regression", "x,y\n1,inf\n", "which is not finite"),
        ("linear-regression", "t,y\n1,2\n", "Linear regression needs the column x, but"),
        (
            "logistic-regression",
            "x1,x2,y\n1,2,3\n2,1,1\n",
            "labels −1 and 1, but its row 1 holds 3",
        ),
        ("linear-regression", b"\x00\xff\x80\x01", "not a text file"),
        ("linear-regression", "", "empty"),
        ("linear-regression", None, "cannot be read"),
    ],
)
def test_what_is_refused_changes_nothing(ui, lens, answer, tmp_path, surface, content, words):
    ui.show(on(surface))
    before = ui.experiment
    answer.name = tmp_path / "mine.csv"
    if content is not None:
        answer.name.write_bytes(content.encode() if isinstance(content, str) else content)
    press(lens, "Open CSV…")
    ui.settle()
    (sentence,) = errors(lens)
    assert words in sentence
    assert "mine.csv" in sentence
    assert ui.sentences() == [sentence]
    assert ui.experiment is before
    ui.window.timeline.set_step(1)
    assert errors(lens) == [sentence]  # still about the same
    ui.show(on("sigmoid-regression"))
    assert errors(lens) == []


def test_data_where_there_is_none_is_fitted_by_a_line(ui, lens, answer, tmp_path):
    before = ui.experiment
    answer.name = tmp_path / "mine.csv"
    answer.name.write_text(GOOD)
    press(lens, "Open CSV…")
    ui.settle()
    assert ui.experiment.function.text == "mean((a*x + b - y)^2)"
    assert ui.experiment.function.model == "a*x + b"
    assert ui.experiment.function.data == load_data(answer.name)[0]
    ui.window.commands.undo()
    ui.settle()
    assert ui.experiment == before


def test_a_cancelled_dialog_does_nothing(ui, lens, answer):
    ui.show(on("linear-regression"))
    before = ui.experiment
    press(lens, "Open CSV…")
    press(lens, "Save CSV…")
    assert ui.experiment is before
    assert ui.sentences() == []


def test_save_gives_the_data_back(ui, lens, answer, tmp_path):
    ui.show(on("logistic-regression"))
    answer.name = tmp_path / "saved"
    press(lens, "Save CSV…")
    ui.qtbot.waitUntil(lambda: not ui.window.documents._data.is_running())
    assert answer.suggested.endswith("two-classes.csv")
    assert load_data(tmp_path / "saved.csv")[0].columns == DATASETS["two-classes"].columns
    assert ui.readout() == "Saved saved.csv"


def test_an_unwritable_target(ui, lens, answer, tmp_path):
    ui.show(on("logistic-regression"))
    (tmp_path / "file").write_text("")
    answer.name = tmp_path / "file" / "saved.csv"
    press(lens, "Save CSV…")
    ui.qtbot.waitUntil(lambda: not ui.window.documents._data.is_running())
    assert "saved.csv cannot be written" in errors(lens)[0]


def test_file_open_takes_data_too_and_opens_the_lens(ui, answer, tmp_path):
    ui.show(on("linear-regression"))
    answer.name = tmp_path / "mine.csv"
    answer.name.write_text(GOOD)
    ui.action("open").trigger()
    ui.settle()
    assert ui.experiment.function.data.rows == 3
    assert ui.window.right.currentWidget() is ui.window.data_lens
    ui.window.right.setCurrentIndex(0)


def drop(window, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, mime, left, none))
    return enter.isAccepted()


def test_a_dropped_file_is_opened(ui, tmp_path):
    ui.show(on("linear-regression"))
    path = tmp_path / "mine.csv"
    path.write_text(GOOD)
    assert drop(ui.window, path)
    ui.settle()
    assert ui.experiment.function.data.source == "mine.csv"
    drop(ui.window, path, path)
    assert "one local file" in ui.readout()
    assert not drop(ui.window)
    ui.window.right.setCurrentIndex(0)


# ---------------------------------------------------------------- typeset


def test_formulas_over_data_are_typeset(ui):
    ui.show(on("logistic-regression"))
    formula = ui.window.surface_box._formula
    ui.qtbot.waitUntil(lambda: "x_{1,i}" in formula._latex, timeout=8000)


def test_the_gradient_over_data_is_typeset(ui):
    ui.show(on("logistic-regression"))
    step_lens = ui.window.step_lens
    ui.window.right.setCurrentWidget(step_lens)
    step_lens.choose_method(0)
    ui.window.timeline.set_step(1)
    first = step_lens.page("arithmetic")._sections[0][1][0]
    ui.qtbot.waitUntil(lambda: "x_{1,i}" in first._latex, timeout=8000)
    ui.window.timeline.last()
    step_lens.choose_method(1)
    ui.window.right.setCurrentIndex(0)


def test_raw_units_are_standardised_with_a_click_that_can_be_undone(ui, lens):
    data = Data({"x": (10.0, 20.0, 40.0, 50.0), "y": (110.0, 190.0, 420.0, 490.0)}, "raw.csv")
    raw = on_data(Experiment(), data)
    ui.show(raw)
    assert says(lens, "The loss is a paraboloid that curves")
    assert says(lens, "Standardise the columns?")
    press(lens, "Standardise")
    assert ui.window.store.experiment.function.data.source == "raw.csv, standardised"
    ui.qtbot.waitUntil(lambda: says(lens, "Standardised: x is now (x − 30)/15.81"))
    assert not says(lens, "paraboloid")
    press(lens, "Standardise")
    assert "standardised already" in errors(lens)[0]
    ui.window.commands.undo()
    assert ui.window.store.experiment == raw
