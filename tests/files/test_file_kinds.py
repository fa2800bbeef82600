"""What is said of the files that can be opened, and what a dialog offers."""

from pathlib import Path

import pytest

from gdviz.experiment.json_file import load
from gdviz.experiment.open_file import kind_of
from gdviz.experiment.validation import ExperimentError
from gdviz.files.file_kinds import KINDS, as_filters, in_words


def test_in_words() -> None:
    assert in_words() == (
        "experiments (.json .html .htm), CSV data (.csv .tsv), loss landscapes (.h5 .hdf5 .nc .mat "
        ".npz .npy .json .csv) and Python code (.py)"
    )


def test_a_dialog_offers_every_suffix_once() -> None:
    first, *others = as_filters().split(";;")
    assert first == (
        "All supported files (*.json *.html *.htm *.csv *.tsv *.h5 *.hdf5 *.nc *.mat *.npz *.npy "
        "*.py)"
    )
    assert others[0] == "Experiments (*.json *.html *.htm)"
    assert len(others) == len(KINDS) + 1
    assert others[-1] == "All files (*)"


def test_a_name_is_of_a_kind_that_has_its_suffix() -> None:
    for kind in KINDS.values():
        for suffix in kind.suffixes:
            assert suffix in KINDS[kind_of(f"missing{suffix}")].suffixes


@pytest.mark.parametrize("name", ["hello.xyz", "hello", "hello.txt", "big.xyz"])
@pytest.mark.parametrize("content", [b"hello", b"", b"[1, 2]", b"\x00\xff", b"\n\n1,2\n3\n"])
def test_other_kinds_are_told_what_there_is(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content + b"\n" * (30_000_000 if name == "big.xyz" else 0))
    assert kind_of(path) == "experiment"
    with pytest.raises(ExperimentError) as caught:
        load(path)
    assert (
        caught.value.message
        == f"this is not a file that gdviz can open: it opens {in_words()} (in {name})"
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("e.json", "hello", "this is not JSON"),
        ("e.JSON", "", "this is not JSON"),
        ("e", "\ufeff \n{", "this is not JSON"),
        ("e.txt", "{}", "not a gdviz experiment"),
    ],
)
def test_what_may_be_an_experiment_is_read_as_one(
    tmp_path: Path, name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ExperimentError, match=words):
        load(tmp_path / name)
