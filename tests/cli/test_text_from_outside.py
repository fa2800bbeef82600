"""What others wrote is in figures and on the terminal as it is in their files, and no command."""

from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from matplotlib.text import Text

from gdviz.cli.main import main
from tests.files.marked_files import PLAIN_NAME, SHOWN, SHOWN_NAME, write_good, write_refused

posix = pytest.mark.skipif("os.name != 'posix'", reason="names that other systems do not have")
#: What a figure is to show of them, by the file.
_DRAWN = {
    "grid.json": (SHOWN, f"{SHOWN}2", f"a ({SHOWN})"),
    f"{PLAIN_NAME}.py": (f"{PLAIN_NAME}.py",),
}


@posix
def test_figures_hold_it_word_for_word(tmp_path, monkeypatch) -> None:
    drawn = []
    draw = Text.draw

    def watched(text, *arguments):
        drawn.append(text)
        return draw(text, *arguments)

    monkeypatch.setattr(Text, "draw", watched)
    good, path = write_good(tmp_path), tmp_path / "figure.svg"
    for name, words in _DRAWN.items():
        drawn.clear()
        options = ["--steps", "1", "--size", "6x6", "--dpi", "20", "-o", str(path)]
        assert main(["render", str(good[name]), *options]) == 0
        assert not any(text.get_parse_math() or text.get_usetex() for text in drawn)
        content = path.read_text(encoding="utf-8")
        ET.fromstring(content)  # which raises where it is not well-formed
        there = " ".join(text.get_text().replace("\n", " ") for text in drawn)
        for word in words:
            assert word in there
            assert word.split()[0] in unescape(content)  # matplotlib's comment beside the outlines


@posix
def test_tables_and_what_is_said_of_them_hold_no_command(tmp_path, capfd) -> None:
    good = write_good(tmp_path)
    for name, file in good.items():
        assert main(["table", str(file), "--steps", "1"]) == 0, name
    assert main(["costs", str(good["title.json"])]) == 0
    assert main(["check", str(good["data.json"]), "--gradient", "a", "b"]) == 1
    out, err = capfd.readouterr()
    assert all(line.isprintable() for line in (out + err).splitlines())


@posix
def test_refusals_show_it_and_hold_no_command(tmp_path, capfd) -> None:
    for name, file in write_refused(tmp_path).items():
        assert main(["table", str(file)]) == 2, name
        out, err = capfd.readouterr()
        assert out == ""
        assert err.endswith("\n")
        assert err[:-1].isprintable()
        assert SHOWN in err or SHOWN_NAME in err or name.startswith("path")


def test_a_metric_is_asked_for_as_it_is_shown(tmp_path: Path, capfd) -> None:
    good = write_good(tmp_path)
    for name in ("arrays.npz", "sets.h5"):
        argv = ["table", str(good[name]), "--steps", "1", "--metric", f"acc {SHOWN_NAME}"]
        assert main(argv) == 0
        assert main([*argv[:-1], "none"]) == 2
        sentence = capfd.readouterr().err.splitlines()[-1]
        assert sentence.isprintable()
        assert f"loss {SHOWN_NAME}" in sentence
