"""What a gradient costs on a network, in words."""

from dataclasses import replace

from gdviz.scene.network_costs import ABOUT, HEADINGS, remarks, sentences, table
from tests.scene.sampled_costs import ALONE, COSTS


def test_the_words() -> None:
    """250 s are 20,833 times 12 ms; by operations it is half of the losses."""
    assert sentences(COSTS) == [
        "A network of N = 61,706 parameters in float32. One loss: 4.1 ms.",
        "One gradient by backpropagation, PyTorch's autograd: 12 ms, as long as 2.9 losses.",
        "By forward differences: 61,707 losses, about 4 min 10 s, 20,800 times as long, and "
        "1.3 % wrong at the best ε = 0.001.",
        "By central differences: 123,412 losses, about 8 min 20 s, 41,700 times as long, and "
        "0.02 % wrong at the best ε = 0.01.",
        "Peak memory, above the 247 kB of the parameters, the data and all else: a loss 1.8 MB, "
        "the gradient 2.4 MB, forward differences 2.0 MB, which are a loss at a time and N "
        "slopes. It is counted by hand.",
    ]
    assert remarks(COSTS)[-1] == (
        "Extrapolated from 64 of 61,706 coordinates, of which 768 losses were computed: the times "
        "of differences are known to ± 4.2 % (standard error)."
    )


def test_the_table() -> None:
    """√61,705 is 248, and √(61,707/5) is 111."""
    assert table(COSTS) == [
        ("one loss", "1", "4.1 ms", "0.345", "0.5", "", ""),
        ("gradient", "", "12 ms", "1.00", "1.00", "", ""),
        ("forward differences", "61,707", "4 min 10 s", "20,800", "30,900", "0.013", ""),
        ("central differences", "123,412", "8 min 20 s", "41,700", "61,700", "0.0002", ""),
        ("SPSA", "2", "9 ms", "0.75", "1.00", "250", "250"),
        ("Evolution strategy", "10", "45 ms", "3.75", "5.00", "110", "110"),
        ("Forward gradient", "", "15 ms", "1.25", "1.00", "240", "250"),
    ]
    assert len(HEADINGS) == len(ABOUT) == len(table(COSTS)[0]) - 1


def test_without_a_gradient_there_is_the_reason() -> None:
    assert sentences(ALONE)[1:] == [
        "There is no gradient to compare with: it defines no gradient(parameters).",
        "By forward differences: 34 losses, about 900 µs.",
        "By central differences: 66 losses, about 1 ms.",
        "The memory was not measured: nobody knows how.",
    ]
    assert table(ALONE) == [
        ("one loss", "1", "20 µs", "", "", "", ""),
        ("forward differences", "34", "900 µs", "", "", "", ""),
        ("central differences", "66", "1 ms", "", "", "", ""),
        ("SPSA", "2", "50 µs", "", "", "", ""),
    ]
    assert remarks(ALONE)[1:] == [
        "Forward gradient: not measured, NumPy carries no tangents.",
        "Extrapolated from all of 33 coordinates, of which 66 losses were computed: the times of "
        "differences are known to ± 0 % (standard error).",
        "Of so short a loss or gradient much is what calling it takes, in Python and its library, "
        "not its operations: with larger data the ratios may be others.",
    ]


def test_a_librarys_sentence_ends_once() -> None:
    of = replace(ALONE.differences, no_gradient="it raises RuntimeError: Use detach() instead.")
    assert sentences(replace(ALONE, differences=of))[1] == (
        "There is no gradient to compare with: it raises RuntimeError: Use detach() instead."
    )


def test_a_time_that_is_not_known_well_is_said() -> None:
    said = "No more coordinates were drawn: there are at most so many, or a minute is over."
    badly = replace(COSTS, differences=replace(COSTS.differences, spread=0.051))
    assert remarks(badly)[-1] == said
    assert said not in remarks(COSTS)
