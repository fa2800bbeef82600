"""The Scale lens: one gradient, and what it takes to reach a loss, each with its own picture."""

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton

from gdviz.base.format import number
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach.reach import COMPARED, LEFT_OUT, QUANTITIES, reach
from gdviz.engine.analysis.scaling import scale
from gdviz.scene.palette import SCALING_COLORS
from gdviz.scene.reach_text import conclusions, slope_text
from gdviz.ui.toolkit.widgets.number_field import NumberField

PAGE = "gdviz.ui.lenses.scale.page"


@pytest.fixture
def page(ui, monkeypatch):
    """The page, open, which measures up to N = 2 alone."""
    monkeypatch.setattr(f"{PAGE}.reaching.reach", partial(reach, (1, 2)))
    monkeypatch.setattr(f"{PAGE}.scale", partial(scale, (1, 2)))
    window = ui.window
    window.right.setCurrentWidget(window.scale_lens)
    ui.frame()
    page = window.scale_lens.page("scale")
    yield page
    page._results.clear()
    press(page, "One gradient")
    window.right.setCurrentIndex(0)


def press(page, text, kind=QToolButton):
    (button,) = (each for each in page.findChildren(kind) if each.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(page):
    return {each.text() for each in page.findChildren(QLabel) if each.isVisible()}


def measured(ui, page):
    press(page, "Run", QPushButton)
    ui.qtbot.waitUntil(lambda: any(b.text() == "Run" for b in page.findChildren(QPushButton)))


def test_what_it_takes_to_reach_a_loss(ui, page):
    press(page, "To reach a loss")
    (quantity,) = page.findChildren(QComboBox)
    assert [quantity.itemText(i) for i in range(quantity.count())] == [*QUANTITIES.values()]
    (loss,) = page.findChildren(NumberField)
    assert loss.isVisible()
    ui.type(loss, "0.465")
    measured(ui, page)
    expected = reach((1, 2), 0.465)
    for name, (x, y) in zip(COMPARED, page._plot.curves(), strict=True):
        n, steps = expected.curve(name, "steps")
        np.testing.assert_allclose(x, np.log10(n))
        np.testing.assert_allclose(y, np.log10(steps))
    assert slope_text(expected.slope("spsa", "steps")) in page._plot.legend.text()
    (in_the_end,) = conclusions(page._results["reach"])  # whose times are its own
    assert in_the_end in texts(page)
    ui.type(loss, "0.47")


def test_a_loss_below_the_least_is_said_and_nothing_is_drawn(ui, page):
    press(page, "To reach a loss")
    (loss,) = page.findChildren(NumberField)
    ui.type(loss, "0.46")
    measured(ui, page)
    assert not page._plot.isVisible()
    said = "With N = 1, 2 the loss is never 0.46: the least at N = 2 is 0.464."
    assert said in texts(page)
    ui.type(loss, "0.47")


def test_a_loss_that_is_none_is_refused_at_the_field(ui, page):
    press(page, "To reach a loss")
    (loss,) = page.findChildren(NumberField)
    ui.type(loss, "0.7")
    assert loss.property("invalid")
    assert loss.value() == 0.47
    sentence = "loss must be between 0.001 and 0.69; '0.7' is not."
    assert sentence in texts(page)
    assert not page._run.isEnabled()
    press(page, "One gradient")  # which it is not about
    assert sentence not in texts(page)
    assert page._run.isEnabled()
    press(page, "To reach a loss")
    assert sentence in texts(page)
    QTest.keyClick(loss, Qt.Key.Key_Escape)
    assert sentence not in texts(page)
    assert page._run.isEnabled()


def test_every_way_is_in_the_legend_and_has_a_look_of_its_own(ui, page):
    measured(ui, page)
    legend = page._plot.legend.text()
    titles = (variant.title.removesuffix(" difference") for variant in VARIANTS.values())
    assert all(f" {title} </small>" in legend.replace("&nbsp;", " ") for title in titles)
    looks = {(SCALING_COLORS[name], way.is_random) for name, way in VARIANTS.items()}
    assert len(looks) == len(VARIANTS)
    (quantity,) = page.findChildren(QComboBox)
    quantity.setCurrentIndex(quantity.count() - 1)
    quantity.activated.emit(quantity.count() - 1)
    assert "The largest error of each" in page._plot.legend.text()
    errors = page._results["cost"].curve("spsa", "relative_error")[1]
    assert number(errors.max(), 2) in page._plot.legend.text()


def test_it_is_said_what_is_not_in_the_race(page):
    press(page, "To reach a loss")
    assert any(LEFT_OUT in text for text in texts(page))


def test_each_question_keeps_its_own_answer(ui, page):
    press(page, "To reach a loss")
    measured(ui, page)
    assert page._plot.isVisible()
    press(page, "One gradient")
    (loss,) = page.findChildren(NumberField)
    assert not loss.isVisible()
    assert "Nothing measured yet: press Run." in texts(page)
    press(page, "To reach a loss")
    assert page._plot.isVisible()


def test_cancel_ends_it(ui, page, monkeypatch):
    def endless(*, loss, progress, cancelled):
        while not cancelled():
            progress(reach((1,), loss))
        return reach((1,), loss)

    monkeypatch.setattr(f"{PAGE}.reaching.reach", endless)
    press(page, "To reach a loss")
    press(page, "Run", QPushButton)
    press(page, "Cancel", QPushButton)
    assert any(each.text() == "Run" for each in page.findChildren(QPushButton))
