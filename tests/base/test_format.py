"""What comes from elsewhere as a sentence may hold it."""

import math
import re

import pytest

from gdviz.base.format import (
    byte_size,
    capitalized,
    duration,
    format_number,
    latex_number,
    log_label,
    number,
    pair,
    printable,
    printable_lines,
    read_number,
    superscript,
    tick_label,
)


@pytest.mark.parametrize(
    ("value", "farthest", "label"),
    [
        (1.0, 3.0, "1"), (0.01, 3.0, "0.01"), (5000.0, 3.0, "5000"),
        (1.0, 4.0, "1"), (20.0, 4.0, "20"), (0.01, 4.0, "10⁻²"), (1e4, 4.0, "10⁴"),
        (2e-7, 9.0, "2·10⁻⁷"),
    ],
)  # fmt: skip
def test_the_labels_of_a_logarithmic_axis(value: float, farthest: float, label: str) -> None:
    assert log_label(math.log10(value), farthest) == label


@pytest.mark.parametrize(
    ("value", "spacing", "label"),
    [
        (-4.0, 2.0, "−4"), (1.0, 0.5, "1"), (0.5, 0.5, "0.5"), (0.1 + 0.2, 0.1, "0.3"),
        (2.50001, 1e-5, "2.50001"), (2.5, 1e-5, "2.5"), (8e6, 2e6, "8·10⁶"),
        (7.5e6, 2.5e6, "7.5·10⁶"),
        (1000.0000001, 1e-7, "1000.0000001"), (1000.00000025, 5e-8, "1000.00000025"),
        (3e-17, 0.1, "0"), (0.0, 1e-300, "0"), (2e-7, 1e-7, "2·10⁻⁷"), (1e300, 1e299, "10³⁰⁰"),
        (9_999_999.0, 1.0, "9999999"), (1e7 - 1e-9, 1.0, "10000000"),
        (1.99995, 1.0, "2"), (1.7e308, 1e307, "1.7·10³⁰⁸"), (0.25, 0.0, "0.25"),
    ],
)  # fmt: skip
def test_the_labels_of_a_linear_axis(value: float, spacing: float, label: str) -> None:
    assert tick_label(value, spacing) == label


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.5, "−2.5"), (3e-7, "3·10⁻⁷"), (-1e-9, "−10⁻⁹"), (math.inf, "∞"), (-math.inf, "−∞")],
)
def test_numbers_as_print_has_them(value: float, text: str) -> None:
    assert number(value) == text


def test_zero_has_no_sign() -> None:
    assert number(-0.0) == format_number(-0.0) == latex_number(-0.0) == "0"
    assert pair((-0.03695, -0.0)) == "(−0.03695, 0)"


def test_a_text_of_somebodys_is_one_printable_line() -> None:
    assert printable("σ(a·x) = ½") == "σ(a·x) = ½"
    assert printable("a\nb\x1b[31m") == r"a\nb\x1b[31m"
    assert printable("a\u202eb\udce9\x00\x9b") == r"a\u202eb\udce9\x00\x9b"
    words = (
        "C:\\data\u202f– می\u200cخواهم\xa0👩\u200d🔬"  # narrow spaces and joiners are no commands
    )
    assert printable(words) == words
    assert printable("12345", 5) == "12345"
    assert printable("123456", 5) == "1234…"
    assert printable_lines("a\tb\n\x07\n") == "a\\tb\n\\x07\n"


@pytest.mark.parametrize(
    "text",
    [
        "f is flat", "∇f is 0", "slow.py is slow", "f32.py computes in float32",
        "loss(a, b) of slow.py is slow", "my_cost of slow.py is slow", "rows[0] is a name",
    ],
)  # fmt: skip
def test_somebodys_name_keeps_its_letters_where_a_sentence_begins_with_it(text: str) -> None:
    assert capitalized(text) == text
    assert capitalized("the loss(a, b) of slow.py") == "The loss(a, b) of slow.py"
    assert capitalized("my own data.csv was not written") == "my own data.csv was not written"
    assert capitalized("the data in t.csv was not used") == "The data in t.csv was not used"


def test_of_a_long_text_no_more_is_written_out_than_is_shown() -> None:
    class Text(str):
        """A text that cannot be written out whole."""

        def __iter__(self):  # type: ignore[no-untyped-def]
            raise AssertionError

    assert printable(Text("\x1b" * 9), 5) == "\\x1b…"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"), (45.4, "45 s"), (59.6, "1 min"), (130.0, "2 min 10 s"),
        (3600.0, "1 h"), (11_100.0, "3 h 5 min"), (187_200.0, "2 d 4 h"),
    ],
)  # fmt: skip
def test_a_length_of_time_has_its_two_largest_units(seconds, text):
    assert duration(seconds) == text


def test_sizes_of_files() -> None:
    sizes = {0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 9_949: "9.9 kB", 45_200: "45 kB",
             999_600: "1.0 MB", 1_240_000: "1.2 MB", 3.1e10: "31 GB", 5e15: "5000 TB"}  # fmt: skip
    assert {size: byte_size(size) for size in sizes} == sizes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5), (" 0,5 ", 0.5), (",5", 0.5), ("2.", 2.0), ("−1,5e−3", -1.5e-3),
        ("+1E2", 100.0), ("0,125", 0.125), ("12,34", 12.34), ("1234,567", 1234.567),
        ("1500", 1500.0), ("-inf", -math.inf), ("5.11·10⁻⁹", 5.11e-9), ("10⁻⁶", 1e-6),
        ("−3 × 10^-7", -3e-7), ("2*10**3", 2000.0), ("−10⁴", -1e4), ("0,5·10²", 50.0), ("10", 10.0),
    ],
)  # fmt: skip
def test_a_number_is_read_as_one_types_it(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1,500", "'1,500' may be 1.500 or 1500"),
        ("−12,000e3", "'−12,000e3' may be -12.000e3 or -12000e3"),
        ("1,000.5", "'1,000.5' is not a number"),
        ("1,2,3", "'1,2,3' is not a number"),
        ("3·10", "'3·10' is not a number"),
        ("2e1·10⁻²", "'2e1·10⁻²' is not a number"),
        ("1_000", "'1_000' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("", "'' is not a number"),
        ("\x1b[1m", r"'\x1b[1m' is not a number"),
    ],
)
def test_what_is_no_number_or_may_be_two_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        read_number(text)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (1e-6, None, "10^{-6}"),
        (-1e20, 6, "-10^{20}"),
        (1.5e10, None, r"1.5 \cdot 10^{10}"),
        (12345.0, 4, "12340"),  # as `number` has it, and not 1.234·10⁴
        (123456.7, 4, r"1.235 \cdot 10^{5}"),
        (123456789.0, None, "123456789"),
        (0.1 + 0.2, None, "0.30000000000000004"),
        (1e-4, 3, "0.0001"),
        (0.0, None, "0"),
        (-math.inf, None, r"-\infty"),
        (math.nan, 3, r"\mathrm{nan}"),
    ],
)
def test_a_number_as_latex_is_spelled_as_in_a_sentence(value, digits, expected):
    assert latex_number(value, digits) == expected
    if digits is not None and math.isfinite(value):
        plain = re.sub(r"10\^\{(-?\d+)\}", lambda m: f"10{superscript(int(m[1]))}", expected)
        assert plain.replace(r" \cdot ", "·").replace("-", "−") == number(value, digits)


@pytest.mark.parametrize("value", [5.11e-9, -3e-7, 1e-16, 1.5e10, -2.5, 0.0, 1e300])
def test_a_number_in_a_sentence_can_be_typed(value: float) -> None:
    assert read_number(number(value, 17)) == value
