"""What a shell completes after ``gdviz``."""

import shutil
import subprocess
from contextlib import redirect_stdout
from io import StringIO

import pytest

from gdviz.cli.main import main
from gdviz.engine.descent.rules.update_rules import PRESETS, RULES


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    found = {}
    for shell in ("bash", "zsh"):
        with redirect_stdout(StringIO()) as output:
            assert main(["--print-completion", shell]) == 0
        found[shell] = output.getvalue()
    return found


def test_every_shell_is_offered_every_command(scripts: dict[str, str]) -> None:
    for script in scripts.values():
        for word in ("render", "sweep", "open", "--schedule-option", "rosenbrock", "complex-step"):
            assert word in script


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes(scripts: dict[str, str]) -> None:
    cases = {
        "s": "sample scaling surfaces sweep",
        "sweep --sched": "--schedule --schedule-option",
        "sweep --schedule ": "constant inverse exponential cosine",
        "open --surface ros": "rosenbrock",
        "--method mis": "mistaken",
        # As bash breaks words: at colons and at signs.
        "--method analytic : ad": "adagrad adadelta adam adamw adamax "
        + " ".join(name for name in PRESETS if name.startswith("ad")),
        "render --method spsa : adam --method central : neste": "nesterov nesterov-1983",
        "table --method analytic : rmsprop @ k": "keras",
        "table --method analytic :": " ".join((*RULES, *PRESETS)),
        "basins --prec": "--precision",
        "table --rule-option adam.": "adam.beta1= adam.beta2= adam.delta= adam.amsgrad= "
        "adam.uncorrected= adam.clip= adam.noise= adam.noise_fading=",
    }
    ask = (
        'ask() { COMP_WORDS=(gdviz "$@"); COMP_CWORD=$#; COMPREPLY=(); '
        '_gdviz_words gdviz "" ""; echo "${COMPREPLY[*]}"; }'
    )
    asked = (f"ask {line}" + "''" * line.endswith(" ") for line in cases)
    done = subprocess.run(
        ["bash", "-c", "\n".join([scripts["bash"], ask, *asked])],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert dict(zip(cases, done.stdout.splitlines(), strict=True)) == cases


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "cmd"]) == 2
    assert "'cmd' is not one of bash, zsh" in capsys.readouterr().err
