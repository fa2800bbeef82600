"""Each lens with losses from a file, and with code that has a gradient and that has none."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.change_function import on_grid
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import Opened, open_file
from gdviz.scene.scene import build_scene
from tests.engine.objectives.network.two_layers import BOWL as NETWORK

BOWL = "def loss(a, b):\n    return a**2 + 3 * b**2\n"
GRADED = BOWL + "\n\ndef gradient(a, b):\n    return 2 * a, 6 * b\n"
TITLES = ("Run", "Step", "Cost", "Sweep", "Scale", "Data", "Formula")
VIEWS = {"Step": ("arithmetic", "direction", "models"), "Sweep": ("epsilon", "alpha"),
         "Formula": ("formula", "check")}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What is opened of each kind of function that is no formula."""
    folder = tmp_path_factory.mktemp("code")
    (folder / "bare.py").write_text(BOWL)
    (folder / "graded.py").write_text(GRADED)
    (folder / "network.py").write_text(NETWORK)
    x = np.linspace(-2, 2, 21)
    losses = x**2 + 3 * x[:, None] ** 2
    losses[3, 4] = np.nan
    grid = LossGrid.from_arrays(x, x, losses, source="l.npz", trajectory=[(1.0, 1.0), (0.0, 0.5)])
    return {
        "grid": Opened(on_grid(Experiment(), grid)),
        "bare": open_file(folder / "bare.py"),
        "network": open_file(folder / "network.py"),
        "graded": open_file(folder / "graded.py"),
    }


@pytest.fixture
def about(files):
    """The experiments on them."""
    return {name: opened.experiment for name, opened in files.items()}


@pytest.fixture(autouse=True)
def _keep(ui, files):
    for opened in files.values():
        if opened.runner is not None:
            ui.window.code.keep(opened.runner)


@pytest.fixture
def opened(ui):
    """Open a lens's view by its name, and the Run lens again afterwards."""

    def open_view(title, view=""):
        ui.window.open_lens(title, view)
        return ui.window.right.currentWidget()

    yield open_view
    ui.window.right.setCurrentIndex(0)
    ui.window.timeline.last()


def texts(widget):
    """What is said in a lens, as a person reads it."""
    labels = widget.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible() and label.text())


def waited(ui, condition):
    ui.qtbot.waitUntil(condition, timeout=20_000)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["grid", "bare", "graded", "network"])
def test_every_view_of_every_lens_has_something_to_say(ui, opened, about, monkeypatch, name):
    ui.show(about[name])
    ui.window.timeline.set_step(2)
    from PySide6.QtCore import QThread

    evaluate = CodeObjective.evaluate
    main = QThread.currentThread()

    def outside(self, *arguments):
        assert QThread.currentThread() is not main, "code was run in the GUI thread"
        return evaluate(self, *arguments)

    monkeypatch.setattr(CodeObjective, "evaluate", outside)
    for title in TITLES:
        for view in VIEWS.get(title, ("",)):
            lens = opened(title, view)
            ui.qtbot.wait(150)
            said = texts(lens)
            assert "nan" not in said, (title, view, said)
            assert "failed" not in said, (title, view, said)
            assert "None" not in said, (title, view, said)
            ui.window.timeline.set_step(3)
            ui.window.timeline.last()
            ui.window.timeline.set_step(2)
    ui.point_at(*about[name].start)
    assert "nan" not in ui.window.map_view.hovered.card.text()
    assert "inside" not in ui.readout()  # "Something went wrong inside"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "title", "view", "words"),
    [
        ("grid", "Cost", "", "here f is a table of losses"),
        ("bare", "Cost", "", "bare.py is code, of which only the results are visible here"),
        ("grid", "Data", "", "l.npz has no data"),
        ("bare", "Data", "", "bare.py has no data"),
        ("network", "Cost", "", "on the network itself is measured in the Scale lens"),
        ("network", "Formula", "check", "That of network.py is compared with central differences"),
        ("bare", "Run", "", "No exact gradient to compare with: bare.py defines no gradient(a, b)"),
        ("bare", "Sweep", "epsilon", "∇f is not known: the errors are against an extrapolated"),
        ("bare", "Sweep", "alpha", "No bound on α is known: bare.py has no second derivatives"),
        ("graded", "Step", "models", "graded.py has no second derivatives"),
        ("bare", "Step", "arithmetic", "bare.py defines no gradient(a, b) to compare with"),
        ("grid", "Formula", "check", "here f is not one"),
    ],
)
def test_what_is_missing_is_said(ui, opened, about, name, title, view, words):
    ui.show(about[name])
    ui.window.timeline.set_step(2)
    lens = opened(title, view)
    waited(ui, lambda: words in texts(lens))


@pytest.mark.parametrize("name", ["bare", "graded"])
def test_code_without_second_derivatives_has_no_basins_and_says_why(ui, about, name):
    ui.show(about[name])
    ui.action("show_basins").trigger()
    said = ui.window.map_view.legend.text().replace("<br>", " ")
    assert f"{name}.py has no second derivatives, so minima cannot be identified" in said
    ui.action("show_basins").trigger()
    assert ui.window.basins.task.rows == ()


def test_a_network_has_basins_by_what_runs_it(ui, about, files, monkeypatch):
    """f is a quadratic, whose one minimum is where Newton's step from the middle leads."""
    monkeypatch.setattr("gdviz.scene.basins.SECONDS", 0.0)
    ui.show(about["network"].replace(steps=20))
    ui.action("show_basins").trigger()
    task = ui.window.basins.task
    waited(ui, lambda: task.drawing is not None and not task.is_running())
    (basins,) = task.drawing.basins
    assert basins.stride == 1
    assert len(basins.a) == 16
    f = files["network"].objective
    aa, ab, bb = f.hessian(0.0, 0.0)
    wanted = -np.linalg.solve([[aa, ab], [ab, bb]], f.gradient(0.0, 0.0))
    minimum = basins.outcomes[0]
    assert (minimum.kind, task.sentence) == ("minimum", "")
    assert (minimum.a, minimum.b) == pytest.approx(wanted, rel=1e-6)
    ui.action("show_basins").trigger()


def test_the_grid_has_all_that_a_formula_has(ui, opened, about):
    ui.show(about["grid"])
    models = opened("Step", "models").page("models")
    assert "condition" in models._numbers.text()
    epsilon = opened("Sweep", "epsilon").page("epsilon")
    assert epsilon._sweep.curves
    assert epsilon._plot.plot.isVisible()
    alpha = opened("Sweep", "alpha").page("alpha")
    waited(ui, lambda: "largest eigenvalue is 6:" in alpha._sentence.text())
    rate = ui.window.descent_box.findChild(QLabel, "stability_bound")
    assert "nan" not in rate.text()


def test_code_with_a_gradient_is_swept_in_a_worker(ui, opened, about):
    ui.show(about["graded"])
    epsilon = opened("Sweep", "epsilon").page("epsilon")
    waited(ui, lambda: epsilon._sweep is not None)
    assert {curve.estimate for curve in epsilon._sweep.curves} == {"forward", "central"}
    assert epsilon._sweep.uncertainty == 0.0
    assert epsilon._plot.plot.isVisible()
    ui.show(about["bare"])
    waited(ui, lambda: epsilon._sweep is not None and epsilon._sweep.uncertainty > 0.0)
    ui.show(Experiment())
    waited(ui, epsilon._plot.plot.isVisible)


def test_the_directions_of_code(ui, opened, about):
    ui.show(about["graded"])
    page = opened("Step", "direction").page("direction")
    ui.window.timeline.set_step(1)
    waited(ui, lambda: "apart" in page._between.text())


def test_paths_of_code_end_in_a_sentence(files):
    def runs(name, **fields):
        experiment, f = files[name].experiment.replace(**fields), files[name].objective
        return build_scene(experiment, objective=f, resolution=96).runs

    for name in ("bare", "graded"):
        for run in runs(name):
            assert "nan" not in run.path.sentence
    (run, *_) = runs("bare", steps=1000)
    assert "whether ∇f did too is unknown" in run.path.sentence or "‖ĝ‖" in run.path.sentence
    (run, *_) = runs("graded", steps=10_000, alpha=0.1)
    assert "graded.py has no second derivatives" in run.path.sentence


def test_a_path_that_leaves_the_grid_says_so(about):
    far = about["grid"].replace(alpha=0.9, start=(1.9, 1.9))
    sentence = build_scene(far, resolution=96).runs[0].path.sentence
    assert "outside the grid of losses, where f is unknown" in sentence


PAGES = (("Run", ""), ("Data", ""), ("Formula", "formula"))
ORIGINS = {
    "grid": (
        "of the interpolant",
        "f is an interpolant of 21 × 21 losses of l.npz, and ∇f the interpolant's: between its "
        "points nobody knows the loss that was sampled.",
    ),
    "network": (
        "of the network itself",
        "f is a slice of the loss of network.py itself, and ∇f its exact gradient: nothing is "
        "interpolated.",
    ),
}


@pytest.mark.parametrize("name", ORIGINS)
def test_it_is_said_whether_f_is_a_networks_own_or_an_interpolant(ui, opened, about, name):
    words, sentence = ORIGINS[name]
    ui.show(about[name])
    ui.window.map_strip.point_at((0.1, 0.2))
    assert ui.window.map_strip._readout.text().endswith(words)
    for title, view in PAGES:
        lens = opened(title, view)
        waited(ui, lambda lens=lens: sentence in texts(lens))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["bare", "formula"])
def test_of_other_functions_nothing_is_said(ui, opened, about, name):
    ui.show({**about, "formula": Experiment()}[name])
    for title, view in PAGES:
        assert "interpola" not in texts(opened(title, view))
