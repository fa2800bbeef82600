"""What figures say."""

from __future__ import annotations

import pytest
from msgspec import structs

from gdviz.base.format import number, sentence, typographic
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_grid, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.scene.captions import caption, method_title, pretty, scene_name, what
from gdviz.scene.scene import build_scene


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("b*sigmoid(a*x)", "b·σ(a·x)"),
        ("(1 - a)^2 + 100*(b - a^2)^2", "(1 − a)² + 100·(b − a²)²"),
        ("a**2+b ** 12", "a² + b¹²"),
        ("a^2^3", "a^2³"),
        ("a^2.5", "a^2.5"),
        ("a^2e3", "a^2e3"),
        ("a^-2", "a^−2"),
        ("-a-b", "−a − b"),
        ("1e-3*a-e-2", "1e-3·a − e − 2"),
        ("2*pi*a + kappa*pix", "2·π·a + κ·pix"),
    ],
)
def test_pretty(formula: str, words: str) -> None:
    assert pretty(formula) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.0, "1"), (-2.5, "−2.5"), (1e-7, "10⁻⁷"), (-1e-7, "−10⁻⁷"), (3e-12, "3·10⁻¹²"),
     (0.001, "0.001"), (1e6, "10⁶"), (2.5e300, "2.5·10³⁰⁰"), (0.0, "0")],
)  # fmt: skip
def test_number(value: float, words: str) -> None:
    assert number(value) == words


def test_typographic_keeps_the_digits_it_is_given() -> None:
    assert typographic("2e+03") == "2000"
    assert typographic("-1000000.25") == "−1000000.25"
    assert typographic("8e+05") == "8·10⁵"


def test_titles_tell_rows_apart() -> None:
    methods = (Method("forward"), Method("forward", alpha=0.25, epsilon=1e-9))
    scene = build_scene(Experiment(methods=methods, steps=1), resolution=2)
    assert [method_title(run.method) for run in scene.runs] == [
        "Forward difference", "Forward difference, α = 0.25, ε = 10⁻⁹"
    ]  # fmt: skip


def test_caption_says_what_was_chosen() -> None:
    experiment = Experiment(
        function=SurfaceFunction(constants={"x": -2.0}),
        start=(1.5, -4.0),
        alpha=0.1,
        epsilon=1e-3,
        steps=1,
        precision="float32",
        representable_step=True,
    )
    assert caption(experiment, 200) == (
        "Sigmoid unit: f(a, b) = b·σ(a·x), x = −2\n"
        "start (1.5, −4) · α = 0.1 · ε = 0.001 · 1 step · float32 · representable step"
    )


@pytest.mark.parametrize(
    ("methods", "wanted"),
    [
        ([Method("analytic")], "α = 0.2"),
        ([Method("forward")], "α = 0.2 · ε = 0.5"),
        ([Method("forward", epsilon=0.1), Method("analytic", alpha=1.0)], "α = 0.2"),
        ([Method("forward", alpha=1.0)], "ε = 0.5"),
        ([Method("forward", alpha=1.0, epsilon=0.1)], ""),
        ([Method("analytic"), Method("forward", shown=False)], "α = 0.2"),
        ([Method("central", "nelder-mead")], ""),
        ([Method("forward", "l-bfgs")], "ε = 0.5"),
        ([Method("analytic", shown=False)], ""),
    ],
)
def test_a_caption_has_the_numbers_that_a_shown_method_takes(
    methods: list[Method], wanted: str
) -> None:
    experiment = Experiment(methods=tuple(methods), alpha=0.2, epsilon=0.5, start=(1.0, 2.0))
    settings = caption(experiment, 200).split("\n")[1]
    assert settings == " · ".join(filter(None, ("start (1, 2)", wanted, "40 steps", "float64")))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (Method("forward", epsilon=0.1), {"α as ", "representable step"}),
        (Method("analytic"), {"α as "}),
        (Method("forward", "l-bfgs"), {"representable step"}),
        (Method("analytic", "nelder-mead"), set()),
    ],
)
def test_a_caption_has_a_schedule_of_what_is_scheduled(method: Method, said: set[str]) -> None:
    text = caption(Experiment(methods=(method,), schedule="inverse", representable_step=True), 200)
    assert {each for each in ("α as ", "representable step") if each in text} == said


def test_titles_name_the_options_that_were_chosen() -> None:
    method = Method("analytic", "adam", {"beta1": 0.5, "delta": 1e-6}, alpha=0.1)
    assert method_title(method) == "Analytic, Adam, α = 0.1, β₁ = 0.5, δ = 10⁻⁶"


def test_caption_says_schedule_and_other_starts() -> None:
    experiment = Experiment(schedule="inverse", more_starts=((1.0, 2.0),) * 2)
    said = caption(experiment, 200)
    assert "α as α/(1 + dk) with d = 0.05 · 2 other starts" in said
    assert "1 other start" in caption(experiment.replace(more_starts=((1.0, 2.0),)), 200)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_captions_are_wrapped_and_lose_nothing(width: int) -> None:
    for surface in SURFACES.values():
        experiment = on_surface(Experiment(), surface)
        lines = caption(experiment, width).split("\n")
        assert max(map(len, lines)) <= width
        if not any("…" in line for line in lines):
            assert " ".join(lines) == caption(experiment, 1000).replace("\n", " ")


def test_an_endless_formula_is_cut() -> None:
    experiment = Experiment(function=FormulaFunction("+".join(["a*b"] * 140)))
    lines = caption(experiment, 60).split("\n")
    assert len(lines) <= 6
    assert lines[3].endswith("…")


def test_remarks_become_one_sentence():
    assert sentence("f is undefined at (-1, 1e-05)") == "f is undefined at (−1, 1e−05)."
    assert sentence("the Hessian is zero", "", "∇f is too") == "The Hessian is zero; ∇f is too."
    assert sentence("well-known", "from -inf") == "Well-known; from −inf."
    assert sentence("") == ""


def test_a_line_of_losses_is_no_surface() -> None:
    row = (1.0, 0.5, None)
    line = LossGrid((0.0, 1.0, 2.0), (-1.0, 1.0), (row, row), "line.csv")
    assert what(on_grid(Experiment(), line)) == (
        "f = bicubic interpolant of 3 losses along a line, 1 of them missing, line.csv"
    )
    surface = LossGrid(line.a, line.b, (row, (1.0, 0.5, 2.0)))
    assert what(on_grid(Experiment(), surface)) == (
        "f = bicubic interpolant of 3 × 2 losses, 1 of them missing"
    )


def test_a_rule_that_takes_no_gradient_is_called_alone() -> None:
    method = Method("central", "nelder-mead", alpha=0.1, epsilon=0.5)
    assert method_title(method) == "Nelder–Mead"
    assert method_title(Method("central", "l-bfgs")) == "Central difference, L-BFGS"
    assert Experiment(methods=(method, method)).labels() == ("nelder-mead", "nelder-mead #2")


def test_a_page_is_called_as_f_is() -> None:
    typed = FormulaFunction("a^2 + k*b^2", constants={"k": 3.0})
    names = {
        scene_name(on_surface(Experiment(), SURFACES["rosenbrock"])): "Rosenbrock",
        scene_name(Experiment(function=typed)): "f(a, b) = a² + k·b², k = 3",
        scene_name(Experiment(function=structs.replace(typed, title="My bowl"))): "My bowl",
    }
    assert list(names) == list(names.values())
    endless = scene_name(Experiment(function=FormulaFunction("+".join(["a*b"] * 140))))
    assert len(endless) == 80
    assert endless.startswith("f(a, b) = a·b + a·b")
    assert endless.endswith("…")
