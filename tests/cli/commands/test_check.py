"""``gdviz check`` as it is typed."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from gdviz.cli.arguments import Parser, UsageError
from gdviz.cli.main import main
from gdviz.engine.gradcheck.difference import difference_process as gradient_remainder
from gdviz.engine.gradcheck.difference.difference_process import Remainder
from tests.engine.objectives.network.two_layers import WITH_GRADIENT

SLIP = "b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))"

asked_elsewhere = gradient_remainder._asked


@pytest.fixture(autouse=True)
def _sympy_answers_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """And has the time it needs: another process takes half a second, on a busy machine three."""

    def asked(question: str, _seconds: float, _cancelled: Any) -> tuple[dict[int, Remainder], bool]:
        found = gradient_remainder._answer(json.loads(question))
        return {component: Remainder(*texts) for component, *texts in found}, True

    monkeypatch.setattr(gradient_remainder, "_asked", asked)


def check(capfd: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    assert main(["check", *words]) == code
    out, err = capfd.readouterr()
    assert err == ""
    return out


def as_json(capfd: pytest.CaptureFixture[str], *words: str, code: int) -> Any:
    return json.loads(check(capfd, *words, "--json", code=code))


def test_the_question_s_slip(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its verdicts, the worst place, what remains, and the slopes of the Taylor remainder."""
    monkeypatch.setattr(
        gradient_remainder,
        "_asked",
        lambda question, _seconds, cancelled: asked_elsewhere(question, 60.0, cancelled),
    )
    out = check(capfd, "--gradient", SLIP, "sigmoid(a*x)", code=1)
    assert out.startswith("f = b*sigmoid(a*x), x = 1\n")
    assert "∂f/∂a is wrong: at (6, 5) it gives −24.8642 instead of 0.0123325" in out
    assert "true − claimed    b*x*(a - 1)*sigmoid(a*x)^2" in out
    assert "falls like t^1.00 at (6, 5) (right: t^2, wrong: t^1)" in out
    assert "∂f/∂b is right for all a, b: it is identical to the program's own derivative." in out


def test_what_is_right_exits_with_0(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--formula", "a^2 + k*b^2", "--constant", "k=3", "--gradient", "a + a", "k*(b + b)")
    assert "is wrong" not in check(capfd, *words, code=0)
    made = as_json(capfd, *words, code=0)
    assert made["right"] is True
    assert made["constants"] == {"k": 3.0}
    assert [part["how"] for part in made["components"]] == ["symbolic", "symbolic"]
    assert [part["difference"] for part in made["components"]] == [None, None]


def test_components_may_begin_with_a_minus_sign(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--formula", "-a*b", "--gradient", "-b", "-a", code=0)
    assert [part["claimed"] for part in made["components"]] == ["-b", "-a"]
    words = ("--gradient", "-b", "a", "--formula", "-a*b")
    assert "∂f/∂b is wrong (its sign is reversed)" in check(capfd, *words, code=1)


def test_on_a_surface(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--surface", "rosenbrock", "--gradient", "-2*(1 - a) - 400*a*(b - a^2)")
    check(capfd, *words, "200*(b - a^2)", code=0)
    out = check(capfd, *words, "200*(b - a)", code=1)
    assert "true − claimed    200*a*(1 - a)" in out


def test_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--gradient", SLIP, "sigmoid(a*x)", "--range", "-1,2,-4,2", code=1)
    assert (made["formula"], made["right"]) == ("b*sigmoid(a*x)", False)
    first, second = made["components"]
    assert (first["name"], first["right"], second["right"]) == ("∂f/∂a", False, True)
    # |b·σ(a)²·(a − 1)| is largest at (2, −4).
    assert first["worst"]["at"] == [2.0, -4.0]
    assert first["worst"]["absolute"] == pytest.approx(4.0 / (1.0 + math.exp(-2.0)) ** 2)
    assert first["worst"]["level"] < 1e-13
    assert first["difference"] == "b*x*(a - 1)*sigmoid(a*x)^2"
    assert r"\sigma" in first["latex"]
    assert first["taylor"]["slope"] == pytest.approx(1.0, abs=0.01)
    assert first["taylor"]["true_slope"] == pytest.approx(2.0, abs=0.01)
    assert first["central_difference"]["to_claimed"] == pytest.approx(first["worst"]["absolute"])
    assert first["central_difference"]["to_true"] < 1e-9
    assert second["taylor"]["slope"] is None
    assert second["only_for"] == {}


def test_only_for_a_constant_s_value(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--gradient", "b*sigmoid(a)*sigmoid(-a)", "sigmoid(a*x)", code=1)
    assert made["components"][0]["only_for"] == {"x": 1.0}
    assert made["components"][0]["worst"]["constants"]["x"] != 1.0


def test_at_a_point(capfd: pytest.CaptureFixture[str]) -> None:
    made = as_json(capfd, "--gradient", SLIP, "sigmoid(a*x)", "--at", "1,2", code=1)
    taylor = made["components"][0]["taylor"]
    assert taylor["at"] == [1.0, 2.0]
    assert taylor["slope"] == pytest.approx(2.0, abs=0.01)  # the slip is none where a = 1


FAR_OFF = ("--formula", "a^2+b^2", "--gradient", "2*a + 5*relu(a-10)", "2*b")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((*FAR_OFF, "--at", "25,0"), 1, "at (25, 0) it gives 125 instead of 50, off by 75 (150 %)"),
        ((*FAR_OFF, "--start", "25,0", "--range", "-5,5,-5,5"), 1,
         "∂f/∂a is wrong, though not on −5 ≤ a ≤ 5, −5 ≤ b ≤ 5"),
        # The map that is guessed reaches the start.
        ((*FAR_OFF, "--start", "25,0"), 1, "∂f/∂a is wrong: at ("),
        ((*FAR_OFF, "--range", "-5,5,-3,3"), 0, "∂f/∂a is right on −5 ≤ a ≤ 5, −3 ≤ b ≤ 3: "),
        (("--formula", "a^3/3+b", "--gradient", "exp(2*log(a))", "1"), 0,
         "∂f/∂a is right where it is defined (a > 0), undefined for a ≤ 0: "),
        (("--formula", "abs(k)*a", "--constant", "k=2", "--gradient", "k", "0"), 1,
         "∂f/∂a is right only for k > 0: with k = −"),
        (("--formula", "x^3/3+y", "--parameters", "x,y", "--gradient", "exp(2*log(x))", "1"), 0,
         "∂f/∂x is right where it is defined (x > 0), undefined for x ≤ 0: "),
        (("--formula", "θ₁+abs(k)*θ₂", "--parameters", "θ₂,θ₁", "--constant", "k=2",
          "--gradient", "k", "1"), 1, "∂f/∂θ₂ is right only for k > 0: with k = −"),
        (("--formula", "a^2+b^2", "--gradient", "2*a+relu(0.0009-(a-1)^2-(b-2.02)^2)", "2*b"), 1,
         "true − claimed    -relu("),
        (("--formula", "a^2+b^2", "--gradient", "2.000000000001*a", "2*b"), 1,
         "true − claimed    -1e-12*a"),
        (("--formula", "exp(a)", "--gradient", "exp(a)+1e-9", "0", "--at", "1,1"), 1,
         "Taylor remainder  cannot see an error as small as 10⁻⁹ at (1, 1)"),
        (("--formula", "max(a,0)+b", "--gradient", "heaviside(a)", "1", "--at", "0,0"), 0,
         "f has a kink there, its derivative is 0 on one side and 1 on the other"),
    ],
)  # fmt: skip
def test_a_verdict_covers_what_it_says(
    capfd: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in check(capfd, *words, code=code)


def test_kinks_are_counted(capfd: pytest.CaptureFixture[str]) -> None:
    out = check(capfd, "--formula", "abs(a) + b", "--gradient", "a/abs(a)", "1", code=0)
    assert "points, not at 65 without a value" in out


def test_over_data(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("x,y\n1,2\n2,3\n-1,0.5\n")
    words = ["--data", str(file), "--formula", "mean((a*x + b - y)^2)", "--gradient"]
    check(capfd, *words, "2*mean(x*(a*x + b - y))", "2*mean(a*x + b - y)", code=0)
    check(capfd, *words, "2*mean(x*(a*x + b - y))", "2*sum(a*x + b - y)", code=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--gradient"),
        (["--gradient"], "--gradient needs 2 values"),
        (["--gradient", "b"], "--gradient needs 2 values"),
        (["--gradient", "b", "--json"], "--gradient needs 2 values"),
        (["--gradient", "b*", "a"], "--gradient: ∂f/∂a: the formula ends"),
        (["--gradient", "b", "-q"], "--gradient: ∂f/∂b: unknown name 'q' at column 2"),
        (["--gradient", "b", ""], "--gradient: ∂f/∂b: the formula is empty"),
        (["--gradient", "b", "a", "c"], "c"),
        (["--gradient", "b", "a", "--formula", "a*"], "--formula"),
        (["--gradient", "b", "a", "--at", "1e37,0"], "--at"),
        (["--formula", "log(-1 - a^2)", "--gradient", "a", "0"], "∂f/∂a cannot be checked"),
    ],
)
def test_refusals(words: list[str], said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err


def test_an_option_with_two_values() -> None:
    parser = Parser(prog="gdviz try")
    parser.add_argument("--two", nargs=2)
    parser.add_argument("--one")
    parser.add_argument("--flag", action="store_true")
    parser.add_argument("file", nargs="?")
    read = parser.read(["--flag", "--two", "-a", "-1e5", "here", "--one", "-b"])
    given = {"two": [" -a", " -1e5"], "one": "-b", "flag": True, "file": "here"}
    assert vars(read) == {**given, "log_level": "warning"}
    for words in (["--two", "-a", "--flag"], ["--two", "-a"]):
        with pytest.raises(UsageError, match=r"^--two needs 2 values$"):
            parser.read(words)


def test_the_evidence_is_drawn(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Beside what is said, and with the same exit code."""
    path = tmp_path / "slip.svg"
    words = ("--gradient", SLIP, "sigmoid(a*x)", "--size", "6x4.5", "-o", str(path))
    assert "∂f/∂a is wrong" in check(capfd, *words, code=1)
    assert path.read_bytes().startswith(b"<?xml")


def test_another_ending_is_refused(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Before anything is computed."""
    words = ("--gradient", SLIP, "sigmoid(a*x)", "-o", str(tmp_path / "slip.csv"))
    assert main(["check", *words]) == 2
    assert "must end in .png, .svg, .pdf, .eps or .pgf" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


# -- of code

MINE = """
def loss(x, y):
    return x**2 + 3 * y**2

def gradient(x, y):
    return 2 * x, {} * y
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine.py"


def test_the_gradient_of_a_file_is_compared_with_differences_of_its_loss(
    capfd: pytest.CaptureFixture[str], mine: Path
) -> None:
    mine.write_text(MINE.format(6))
    out = check(capfd, str(mine), code=0)
    assert out == (
        "gradient(x, y) of mine.py matches central differences of loss(x, y) at 8 of 8 points of "
        "the map, to 7 digits.\n"
    )
    mine.write_text(MINE.format(6.006))
    assert main(["check", str(mine)]) == 1
    assert "; ∂f/∂y is 1.001 times what it should be" in capfd.readouterr().out
    mine.write_text(MINE.format(5))
    assert main(["check", str(mine)]) == 1
    out = capfd.readouterr().out
    assert out == (
        "gradient(x, y) of mine.py does not match loss(x, y): at (−3.7, 1.2) it gives "
        "(−7.4, 6), where central differences give (−7.4, 7.2); ∂f/∂y is 0.83333 times what "
        "it should be at 8 points of 8.\n"
    )


def test_a_point_more_is_looked_at_and_all_are_in_the_json(
    capfd: pytest.CaptureFixture[str], mine: Path
) -> None:
    mine.write_text(MINE.format(6))
    found = as_json(capfd, str(mine), "--at", "1,2", code=0)
    assert (found["right"], found["parameters"]) == (True, ["x", "y"])
    assert len(found["points"]) == 9
    last = found["points"][-1]
    assert (last["at"], last["claimed"], last["right"]) == ([1.0, 2.0], [2.0, 12.0], True)
    assert last["central_difference"] == pytest.approx([2.0, 12.0])


@pytest.mark.parametrize(("factor", "code"), [(2.0, 0), (1.9, 1)])
def test_of_a_network_it_is_the_gradient_of_the_slice(
    capfd: pytest.CaptureFixture[str], mine: Path, factor: float, code: int
) -> None:
    mine.write_text(WITH_GRADIENT.replace("above = 2.0", f"above = {factor}"))
    assert main(["check", str(mine)]) == code
    out = capfd.readouterr().out
    assert out.startswith("gradient(p) of mine.py ")
    assert "gdviz scaling mine.py compares single parameters" in out


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("def loss(a, b):\n    return a + b\n", (),
         "there is nothing to check: mine.py defines no gradient(a, b)"),
        (MINE.format(6), ("-o", "x.png"), "-o draws the evidence on the gradient of a formula"),
        (MINE.format(6).replace("3 * y**2", "3 * y**2 + 1e16"), (),
         "whether gradient(x, y) of mine.py is right cannot be told: only at 0 of 8 points"),
    ],
)  # fmt: skip
def test_what_is_refused_of_code(
    capfd: pytest.CaptureFixture[str], mine: Path, text: str, words: tuple[str, ...], sentence: str
) -> None:
    mine.write_text(text)
    assert main(["check", str(mine), *words]) == 2
    assert sentence in capfd.readouterr().err


def test_it_counts_what_it_compares_where_kinks_cancel(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", "--formula", "relu(a) - relu(-a) + abs(b)"]
    assert main([*arguments, "--gradient", "1", "sign(b)"]) == 0
    in_a, in_b = (line for line in capsys.readouterr().out.splitlines() if "compared at" in line)
    assert in_a.endswith("; by f's one-sided derivatives at 11 points of kinks that cancel")
    assert in_b.endswith(" at a kink or a jump")
