"""What is kept of what a process prints."""

import os

import pytest

from gdviz.base.captured_output import MOST_LINES, MOST_OF_A_LINE, CapturedOutput


def captured(*parts: bytes) -> str:
    """Return what is kept of what comes in parts."""
    output = CapturedOutput()
    for part in parts:
        reading, writing = os.pipe()
        output.read(os.fdopen(reading, "rb", 0))
        with os.fdopen(writing, "wb", 0) as pipe:
            pipe.write(part)
        output.wait()
    return output.text()


LINE = b"abcdefghi\n"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), ""),
        ((b"",), ""),
        ((b"one\r\ntwo",), "one\ntwo"),
        ((b"\n\n",), "\n"),
        ((b" 1 %\r 2 %\rdone\nnext\r",), "done\nnext"),
        ((b"o", b"ne\ntw", b"o\n"), "one\ntwo"),
        ((b"\xff\tx",), "\N{REPLACEMENT CHARACTER}       x"),
        ((LINE * MOST_LINES,), "\n".join(["abcdefghi"] * MOST_LINES)),
    ],
)
def test_all_of_it_while_it_is_little(parts: tuple[bytes, ...], text: str) -> None:
    assert captured(*parts) == text


@pytest.mark.parametrize(
    ("parts", "last"),
    [
        ((LINE * (MOST_LINES + 1),), "… and 1 line more"),
        ((LINE * MOST_LINES, LINE, LINE, b"a"), "… and 3 lines more"),
        ((LINE * MOST_LINES, LINE * 5_000, b"a", b"b\n"), "… and 5,001 lines more"),
    ],
)
def test_then_lines_are_counted(parts: tuple[bytes, ...], last: str) -> None:
    lines = captured(*parts).split("\n")
    assert lines == ["abcdefghi"] * MOST_LINES + [last]


def test_fewer_lines_can_be_asked_for() -> None:
    output = CapturedOutput()
    output._take(LINE * 400)
    assert output.text(2) == "abcdefghi\nabcdefghi\n… and 398 lines more"


def test_a_line_without_an_end_is_cut() -> None:
    first, last = captured(b"x" * 50_000, b"x" * 50_000).split("\n")
    assert first == "x" * (MOST_OF_A_LINE - 1) + "…"
    assert last == "… and 1 line more"


def test_nothing_in_it_commands_a_terminal() -> None:
    assert captured(b"\x1b[2J\x07red\n") == r"\x1b[2J\x07red"


def test_what_lies_in_the_pipe_is_here_though_the_thread_has_not_heard_of_it() -> None:
    """A process's answer may be here before what it had printed, each time that the machine has
    more to do than to run threads that wait."""
    output = CapturedOutput()
    reading, writing = os.pipe()
    output.read(os.fdopen(reading, "rb", 0))
    with os.fdopen(writing, "wb", 0) as pipe:
        for number in range(500):
            pipe.write(b"%d\n" % number)
            assert output.text(1_000).count("\n") == min(number, MOST_LINES)
    output.wait()
    assert output.text().endswith("… and 200 lines more")
