"""The page of a person's own network: what it says, and what becomes of it when that changes."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import open_file
from gdviz.sampling.cost_process import Measured
from gdviz.scene.network_costs import HEADINGS, remarks, sentences, table
from gdviz.ui.lenses.scale import network_page
from tests.engine.objectives.network.two_layers import BOWL
from tests.scene.sampled_costs import COSTS

#: Waits in a process that was not the first to run the file.
WAITS = (
    """
import os
import time
from pathlib import Path

HERE = Path(__file__).parent
WAITS = (HERE / "waits").exists()
"""
    + BOWL
    + """
def parameters():
    if WAITS:
        (HERE / "process").write_text(str(os.getpid()))
        time.sleep(600)
    return [np.arange(1.0, 7.0).reshape(2, 3)]
"""
)


@pytest.fixture
def network(ui, tmp_path):
    """Show a network, and return its page."""
    return show(ui, tmp_path, BOWL)


def show(ui, folder, text):
    (folder / "model.py").write_text(text)
    opened = open_file(folder / "model.py")
    ui.window.code.keep(opened.runner)
    ui.show(opened.experiment)
    ui.window.open_lens("Scale")
    page = ui.window.scale_lens.page("network")
    assert page.isVisible()
    return page


def texts(page):
    return [page._words.text(), page._remarks.text()]


def is_measured(page):
    return page._area.isVisible()


@pytest.mark.slow
def test_what_was_measured_stands_in_the_lens(ui, network):
    done = []
    network._task.progressed.connect(done.append)
    network._run.click()
    assert network._run.text() == "Cancel"
    assert network._progress.isVisible()
    ui.qtbot.waitUntil(lambda: is_measured(network))
    assert network._words.text().startswith("A network of N = 6 parameters in float64.")
    assert "Peak memory, above the 48 bytes of the parameters" in network._words.text()
    assert network._run.text() == "Measure"
    assert not network._progress.isVisible()
    assert done == sorted(done)


def test_it_says_what_the_command_line_says(network, monkeypatch, ui):
    monkeypatch.setattr(network_page, "measure_costs", lambda *_, **__: Measured(COSTS, ""))
    network._run.click()
    ui.qtbot.waitUntil(lambda: is_measured(network))
    assert texts(network) == ["\n".join(sentences(COSTS)), "\n".join(remarks(COSTS))]
    shown = network._table
    headings = [shown.horizontalHeaderItem(k).text() for k in range(1 + len(HEADINGS))]
    assert [" ".join(heading.split()) for heading in headings] == ["", *HEADINGS]
    assert [
        tuple(shown.item(row, column).text() for column in range(shown.columnCount()))
        for row in range(shown.rowCount())
    ] == table(COSTS)


def test_the_page_is_of_what_is_shown(ui, network, monkeypatch):
    """Another slice is of the same network; another function, or the file run again, is none."""
    monkeypatch.setattr(network_page, "measure_costs", lambda *_, **__: Measured(COSTS, ""))
    first = ui.experiment
    network._run.click()
    ui.qtbot.waitUntil(lambda: is_measured(network))
    path = Path(first.function.code.path)
    opened = open_file(path, base=first, settings=replace(first.function.code.slice, seed=9))
    ui.window.code.keep(opened.runner)
    ui.show(opened.experiment)
    assert opened.experiment.function.code != first.function.code
    assert is_measured(network)
    again = open_file(path, base=opened.experiment)
    ui.window.code.keep(again.runner)
    ui.window.store.build_again()
    ui.qtbot.waitUntil(lambda: not is_measured(network))
    ui.show(Experiment())
    assert ui.window.scale_lens.page("scale").isVisible()  # it is of made data
    ui.window.scale_lens.choose_view("network")
    assert network._about.text().startswith("The function that is shown is no network.")
    assert not network._run.isVisible()


@pytest.mark.slow
def test_a_file_that_has_changed_is_reloaded_first(ui, network):
    path = Path(ui.experiment.function.code.path)
    ui.window.opening.stop()  # it would be run again by itself
    path.write_text(BOWL + "# changed\n")
    network._run.click()
    ui.qtbot.waitUntil(lambda: network._error.isVisible())
    assert network._error.text() == ("model.py has changed since it was opened: reload it first.")
    assert network._run.text() == "Measure"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="asks for a process as other systems do")
@pytest.mark.parametrize("what", ["cancel", "another", "close"])
def test_nothing_goes_on_that_nobody_waits_for(open_window, tmp_path, what):
    ui = open_window()
    page = show(ui, tmp_path, WAITS)
    assert isinstance(ui.scene.objective, CodeObjective)
    (tmp_path / "waits").touch()
    page._run.click()
    waits = tmp_path / "process"
    ui.qtbot.waitUntil(lambda: waits.exists() and waits.read_text() != "")
    process = int(waits.read_text())
    os.kill(process, 0)
    if what == "close":
        ui.window.documents.asks = False  # nobody is there
        ui.window.close()
    elif what == "another":
        ui.window.store.set_experiment(Experiment())
    else:
        page._run.click()
    ui.qtbot.waitUntil(lambda: is_gone(process))
    if what != "close":
        ui.qtbot.waitUntil(lambda: not page._task.is_running())
        assert page._error.text() == ""
        assert not is_measured(page)


def is_gone(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
