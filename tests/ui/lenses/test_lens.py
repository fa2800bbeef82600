"""The lenses beside Run: they show what the engine says, and closed ones compute nothing."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QAction, QTextDocument

from gdviz.engine.analysis.gradient_programs import USUAL
from gdviz.engine.analysis.logistic.gradients import VARIANTS as SCALED
from gdviz.engine.analysis.operation_counts import costs
from gdviz.engine.analysis.scaling import scale
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.scene.step_text import step_report
from gdviz.ui.toolkit.theme import DARK
from gdviz.ui.window import guide_control


@pytest.fixture
def opened(ui):
    """Open a lens by its title, and the Run lens again afterwards; return a lens's only page."""
    window = ui.window

    def open_lens(title):
        titles = [lens.title for lens in window.lenses]
        window.right.setCurrentIndex(titles.index(title))
        ui.frame()
        lens = window.lenses[titles.index(title)]
        return lens if title in ("Run", "Step", "Sweep", "Formula") else lens.page(title.lower())

    yield open_lens
    window.right.setCurrentIndex(0)
    window.timeline.last()


def test_step_writes_out_the_current_step(ui, opened):
    lens = opened("Step")
    ui.window.timeline.set_step(7)
    run = ui.scene.runs[1]
    report = step_report(ui.scene.objective, run, 7)
    shown = [label.accessibleName() for label in lens.page("arithmetic")._sections[0][1]]
    assert shown == [line.plain for line in report.estimate]
    assert lens.page("arithmetic")._verdict.text() == report.verdict
    ui.window.timeline.last()
    assert "No gradient was taken" in lens.page("arithmetic")._verdict.text()


def test_the_timeline_moves_markers_lines_and_itself(ui):
    timeline = ui.window.timeline
    timeline.first()
    assert timeline.step == 0
    assert [plot._now.value() for plot in ui.window.run_lens.plots] == [0, 0, 0]
    for _ in range(3):
        timeline.next()
    timeline.previous()
    assert timeline.step == 2
    centers = [disc[0] for disc in ui.window.map_view._paths._markers._discs]
    assert [(c.x(), c.y()) for c in centers] == [
        pytest.approx(run.path.theta[2].tolist()) for run in ui.scene.runs
    ]
    timeline.last()
    assert timeline.step == max(run.path.updates for run in ui.scene.runs)


def test_playing_ends_at_the_end(ui):
    timeline = ui.window.timeline
    timeline.set_step(timeline._last - 2)
    timeline.toggle_playing()
    ui.qtbot.waitUntil(lambda: not timeline._clock.isActive(), timeout=5000)
    assert timeline.step == timeline._last


def test_cost_shows_the_ledgers(ui, opened):
    lens = opened("Cost")
    table = lens._table
    ledger = costs(ui.scene.objective.formula)
    headings = [table.verticalHeaderItem(row).text().strip() for row in range(table.rowCount())]
    for column, name in enumerate(USUAL):
        for row, kind in ((0, "evaluations"), (1, "passes"), (2, "operations")):
            assert table.item(row, column).text() == str(ledger[name].total(kind))
        exponentials = table.item(headings.index("exp"), column).text()
        assert exponentials == str(ledger[name].operations["exp"])
    assert [table.item(headings.index("exp"), c).text() for c in (1, 3, 2)] == ["1", "2", "3"]
    lens._shift.setCurrentIndex(2)
    lens._choose()
    again = lens._canvas._again
    assert again == lens._canvas._graph.recomputed("b")
    lens._shift.setCurrentIndex(0)


def test_a_loss_that_is_never_reached_costs_no_number(ui, opened):
    lens = opened("Cost")
    lens._span.setCurrentIndex(2)
    lens._level.set_value(-1e6, force=True)
    lens._choose()
    assert lens._table.item(0, USUAL.index("analytic")).text() == "never"
    lens._span.setCurrentIndex(0)


def test_scale_draws_what_it_is_handed(ui, opened):
    lens = opened("Scale")
    result = scale((1, 2, 4))
    lens._keep(result)
    for name, (x, y) in zip(SCALED, lens._plot.curves(), strict=True):
        n, passes = result.curve(name, "passes")
        np.testing.assert_allclose(x, np.log10(n))
        np.testing.assert_allclose(y, np.log10(passes))


def test_closed_lenses_compute_nothing(ui, opened):
    epsilon, cost = opened("Sweep").page("epsilon"), opened("Cost")
    opened("Run")
    before = epsilon._sweep, cost._canvas._graph
    ui.show(Experiment(start=(0.1, 0.2), methods=(Method("forward"),)))
    assert (epsilon._sweep, cost._canvas._graph) == before


def test_a_closed_page_takes_another_theme_when_it_is_opened(ui, opened):
    page = opened("Scale")
    opened("Run")
    before = page._plot.theme
    ui.window._theming.choose("light" if before is DARK else "dark")
    assert page._plot.theme is before
    opened("Scale")
    assert page._plot.theme is ui.window._theming.theme is not before


def test_a_page_is_made_when_it_is_first_opened_and_knows_all_that_was_said(open_window):
    ui = open_window()
    ui.frame()
    window = ui.window
    ui.change(candidate_gradient=("2*a", "b"))
    ui.change(function=FormulaFunction("k*a^2 + b^2", constants={"k": 3.0}))
    window.timeline.set_step(3)
    closed = window.lenses[1:]
    assert not any(lens.pages for lens in closed)
    for lens in closed:
        window.right.setCurrentWidget(lens)
        (first,) = lens.pages
        assert lens.pages[first].isVisible()
        for name in lens._entries:
            window.places.open_lens(lens.title, name)
            page = lens.pages[name]
            assert page.isVisible()
            assert page._scene is ui.scene
            assert page._step == 3
            assert page.theme is ui.theming.theme
    assert "Step 3:" in window.step_lens._where.text()
    for lens, name in ((window.sweep_lens, "epsilon"), (window.sweep_lens, "alpha"),
                       (window.scale_lens, "scale")):  # fmt: skip
        assert lens.pages[name]._plot.plot.backgroundBrush().color() == ui.theming.theme.panel
    # What came and went before a page was there: the claimed gradient, and a constant's value.
    assert window.formula_lens.pages["check"].fields.texts() == ("2*a", "b")
    assert window.formula_lens.pages["formula"].draft.experiment(
        "k*b", ui.experiment
    ).function.constants == {"k": 3.0}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("index", [k for k, guide in enumerate(guides()) if not guide.example])
def test_a_guide_sets_the_window_up_and_undo_brings_back(ui, opened, index):
    guide = guides()[index]
    mine = Experiment(alpha=0.123)
    ui.show(mine)
    menu = next(m for m in ui.window.menuBar().actions() if "xperiments" in m.text()).menu()
    ui.window.guides.open_from_menu(menu.actions()[index])
    ui.frame()
    assert ui.experiment == guide.experiment
    assert ui.window.right.tabText(ui.window.right.currentIndex()) == guide.lens
    read = QTextDocument()  # a "<" of the guide's is no markup
    read.setHtml(ui.window.banner._text.text())
    stop = "" if guide.title.endswith("?") else "."
    assert read.toPlainText() == f"{guide.title}{stop} {guide.look}"
    ui.window.store.change(steps=guide.experiment.steps + 1)
    assert ui.window.banner.isVisible()  # it is to be tried
    ui.window.commands.undo()
    assert ui.window.banner.isVisible()
    ui.window.commands.undo()
    assert ui.experiment == mine
    assert not ui.window.banner.isVisible()
    mine = Experiment(function=FormulaFunction("a^2 + b^2"))
    for leave in (ui.window.commands.new, lambda: ui.window.store.set_experiment(mine)):
        ui.window.guides.open_from_menu(menu.actions()[index])
        assert ui.window.banner.isVisible()
        leave()  # the guide's sentences are not about that
        assert not ui.window.banner.isVisible()


def with_example(name, monkeypatch):
    """Return the action of the guide on a network, which runs another file; kept by the test."""
    guide = replace(next(guide for guide in guides() if guide.example), example=name)
    monkeypatch.setattr(guide_control, "guides", lambda: (guide,))
    action = QAction()
    action.setData(0)
    return action


def test_a_guide_runs_its_network_first(ui, monkeypatch):
    """Here one that needs no library; the banner is there once there is something to look at."""
    action = with_example("two_layers.py", monkeypatch)
    mine = Experiment(alpha=0.123)
    ui.show(mine)
    ui.window.guides.open_from_menu(action)
    assert not ui.window.banner.isVisible()
    ui.qtbot.waitUntil(ui.window.banner.isVisible)
    code = ui.experiment.function.code
    assert (code.name, code.slice.directions) == ("two_layers.py", "pca")
    assert [method.estimate for method in ui.experiment.methods] == ["analytic", "forward"]
    assert ui.window.right.tabText(ui.window.right.currentIndex()) == "Scale"
    assert ui.window.scale_lens.page("network").isVisible()
    ui.window.commands.undo()
    assert ui.experiment == mine
    assert not ui.window.banner.isVisible()


def test_a_guide_whose_network_cannot_be_run_is_left(ui, monkeypatch):
    told = []
    monkeypatch.setattr(ui.window.documents, "tell", told.append)
    action = with_example("none.py", monkeypatch)
    before = ui.experiment
    ui.window.guides.open_from_menu(action)
    ui.qtbot.waitUntil(lambda: told != [])
    assert "none.py cannot be read" in told[0]
    assert ui.experiment is before
    assert not ui.window.banner.isVisible()
