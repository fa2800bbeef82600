"""The personal library: formulas survive files, files survive mistakes."""

import json
import random
import subprocess
import sys
import textwrap

import pytest

from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.library import (
    MAX_ENTRIES,
    MAX_FILE_SIZE,
    Entry,
    Library,
    LibraryError,
    from_json,
    load,
    to_json,
)
from gdviz.experiment.validation import ExperimentError

BOWL = Entry(
    title="Bowl", formula="a^2 + k*b^2", constants={"k": 3.0}, constant_ranges={"k": (1.0, 9.0)},
    home=(-2.0, 2.0, -1.0, 1.0), candidate_gradient=("2*a", "2*k*b"),
)  # fmt: skip
WAVE = Entry(title="Wave", formula="sin(a)*cos(b)")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "deep" / "formulas.json")


def titles(library):
    return [entry.title for entry in library.read()]


# ---------------------------------------------------------------- entries


def test_an_entry_brings_everything_back():
    experiment = BOWL.on(Experiment())
    assert (experiment.function.title, experiment.function.text) == ("Bowl", "a^2 + k*b^2")
    assert experiment.function.constants == {"k": 3.0}
    assert experiment.function.constant_ranges == {"k": (1.0, 9.0)}
    assert tuple(experiment.function.home_range) == (-2.0, 2.0, -1.0, 1.0)
    assert experiment.function.candidate_gradient == ("2*a", "2*k*b")
    assert experiment.function.home_range.contains(*experiment.start)
    assert Entry.of(experiment, "Bowl") == BOWL


def test_a_start_inside_stays():
    experiment = BOWL.on(Experiment(start=(0.5, 0.5)))
    assert experiment.start == (0.5, 0.5)


def test_a_built_in_surface_becomes_an_entry_with_its_ranges():
    unit = Entry.of(Experiment(), "Mine")
    constant = SURFACES["sigmoid-unit"].constants[0]
    assert unit.constants == {"x": constant.default}
    assert unit.constant_ranges == {"x": (constant.low, constant.high)}
    assert unit.home == tuple(SURFACES["sigmoid-unit"].home)


def test_a_formula_over_data_asks_for_its_columns():
    fit = on_surface(Experiment(), SURFACES["linear-regression"])
    entry = Entry.of(fit, "Line")
    assert entry.columns == fit.function.data_set.names
    assert entry.on(fit).function.model == fit.function.model
    with pytest.raises(ExperimentError, match="needs data with the columns x, y"):
        entry.on(Experiment())


def test_a_constant_may_have_the_name_of_a_column_of_data_it_does_not_use():
    fit = Experiment(
        function=FormulaFunction(
            "mean((a*x - b)^2)", data=Data(columns={"x": (1.0, 2.0)}, source="")
        )
    )
    entry = Entry(title="Own x", formula="a^2 + x*b^2", constants={"x": 2.0})
    assert entry.on(fit).function.constants == {"x": 2.0}


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"title": ""}, "title"), ({"title": " x"}, "title"), ({"title": "x" * 61}, "title"),
        ({"title": "a\nb"}, "line"), ({"formula": "a +"}, "column"),
        ({"formula": "__import__('os')"}, "column"), ({"constants": {"a": 1.0}}, "taken"),
        ({"constants": {"k": 1e300}}, "between"), ({"home": (1.0, 0.0, 0.0, 1.0)}, "lower"),
        ({"constant_ranges": {"z": (0.0, 1.0)}}, "no constant"),
        ({"candidate_gradient": ("2*", "1")}, "claimed"), ({"formula": "a" * 3000}, "characters"),
    ],
)  # fmt: skip
def test_an_entry_that_is_wrong_is_refused_in_a_sentence(fields, word):
    with pytest.raises(LibraryError, match=word):
        Entry(**{"title": "T", "formula": "a", **fields})


# ---------------------------------------------------------------- the file


def test_there_is_nothing_at_first(library):
    assert library.read() == ()
    assert not library.path.exists()


def test_what_is_saved_is_there_again(library):
    assert library.save(BOWL) == BOWL
    library.save(WAVE)
    assert Library(library.path).read() == (BOWL, WAVE)


def test_a_title_that_is_taken_gets_a_number(library):
    for _ in range(3):
        library.save(BOWL)
    assert titles(library) == ["Bowl", "Bowl 2", "Bowl 3"]
    long = Entry(title="x" * 60, formula="a")
    library.save(long)
    assert library.save(long).title == "x" * 58 + " 2"


@pytest.mark.parametrize("title", ["Rosenbrock", "rosenbrock", "GOLDSTEIN–PRICE"])
def test_the_title_of_a_built_in_surface_is_refused(library, title):
    mine = Entry(title=title, formula="a^2")
    with pytest.raises(LibraryError, match=r"is a built-in surface: choose another title$"):
        library.save(mine)
    library.save(WAVE)
    with pytest.raises(LibraryError, match="built-in surface"):
        library.rename("Wave", f" {title} ")
    assert library.read() == (WAVE,)


def test_an_imported_formula_with_the_title_of_a_surface_gets_a_number(library, tmp_path):
    path = tmp_path / "others.json"
    path.write_bytes(to_json([Entry(title="himmelblau", formula="a^2"), WAVE]))
    assert library.take(path) == ["himmelblau 2", "Wave"]
    assert titles(library) == ["himmelblau 2", "Wave"]


def test_saving_over_an_entry_keeps_its_place(library):
    library.save(BOWL)
    library.save(WAVE)
    library.save(Entry(title="Bowl", formula="a^2"), replacing="Bowl")
    assert [entry.formula for entry in library.read()] == ["a^2", WAVE.formula]


def test_renaming(library):
    library.save(BOWL)
    library.save(WAVE)
    assert library.rename("Bowl", "Cup").title == "Cup"
    assert library.rename("Cup", "Wave").title == "Wave 2"
    assert titles(library) == ["Wave 2", "Wave"]
    with pytest.raises(LibraryError, match="title"):
        library.rename("Wave", "  ")
    with pytest.raises(LibraryError, match="no formula 'Cup'"):
        library.rename("Cup", "Other")


def test_what_was_deleted_can_be_brought_back_to_its_place(library):
    library.save(BOWL)
    library.save(WAVE)
    deleted = library.delete("Bowl")
    assert titles(library) == ["Wave"]
    library.restore(*deleted)
    assert library.read() == (BOWL, WAVE)


def test_two_windows_see_each_others_formulas(library):
    other = Library(library.path)
    library.save(BOWL)
    other.save(WAVE)
    library.save(BOWL)
    assert titles(other) == ["Bowl", "Wave", "Bowl 2"]


def test_formulas_go_out_and_come_in(library, tmp_path):
    library.save(BOWL)
    library.save(WAVE)
    assert library.hand_out(tmp_path / "all.json") == 2
    assert library.hand_out(tmp_path / "one.json", ["Wave"]) == 1
    other = Library(tmp_path / "other.json")
    other.save(Entry(title="Wave", formula="a"))
    assert other.take(tmp_path / "all.json") == ["Bowl", "Wave 2"]
    assert titles(other) == ["Wave", "Bowl", "Wave 2"]
    assert library.take(tmp_path / "all.json") == []  # all there already


def test_there_are_bounds(library):
    many = tuple(Entry(title=f"F{i}", formula="a") for i in range(MAX_ENTRIES))
    library.path.parent.mkdir()
    from gdviz.experiment.library import to_json

    library.path.write_bytes(to_json(many))
    with pytest.raises(LibraryError, match=f"at most {MAX_ENTRIES}"):
        library.save(BOWL)
    assert library.read() == many
    library.path.write_bytes(b" " * (MAX_FILE_SIZE + 1))
    with pytest.raises(LibraryError, match="too large"):
        library.read()


def _file(**changes):
    whole = {"format": "gdviz formulas", "version": 1, "formulas": [{"title": "T", "formula": "a"}]}
    return json.dumps({**whole, **changes}).encode()


BROKEN = {
    "empty": b"",
    "not JSON": b"\x00\xff\x00garbage",
    "cut off": _file()[:-9],
    "a list": b"[]",
    "an experiment": b'{"version": 1, "surface": "sphere"}',
    "from the future": _file(version=2),
    "version true": _file(version=True),
    "no formulas": _file(formulas={}),
    "an unknown field": _file(formulas=[{"title": "T", "formula": "a", "eval": "x"}]),
    "a wrong formula": _file(formulas=[{"title": "T", "formula": "9^9^9^9"}]),
    "a wrong type": _file(formulas=[{"title": 3, "formula": "a"}]),
    "the same title twice": _file(formulas=[{"title": "T", "formula": "a"}] * 2),
    "deep": b"[" * 100_000,
    "a surrogate": b'{"format": "\xed\xa0\x80"}',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_in_a_sentence_and_left_alone(kind, library):
    library.path.parent.mkdir()
    library.path.write_bytes(BROKEN[kind])
    for act in (
        library.read, lambda: library.save(BOWL), lambda: library.delete("T"),
        lambda: library.rename("T", "U"), lambda: library.take(library.path),
        lambda: library.restore(BOWL, 0),
    ):  # fmt: skip
        with pytest.raises(LibraryError) as refusal:
            act()
        assert "\n" not in str(refusal.value)
        assert len(str(refusal.value)) < 800
    assert library.path.read_bytes() == BROKEN[kind]


def test_importing_a_broken_file_adds_nothing(library, tmp_path):
    library.save(BOWL)
    bad = tmp_path / "bad.json"
    bad.write_bytes(
        _file(formulas=[{"title": "Good", "formula": "a"}, {"title": "Bad", "formula": "("}])
    )
    with pytest.raises(LibraryError, match="Bad"):
        library.take(bad)
    assert library.read() == (BOWL,)


def test_too_many_formulas_are_refused_before_one_of_them_is_parsed(monkeypatch):
    many = _file(formulas=[{"title": f"T{i}", "formula": "a"} for i in range(MAX_ENTRIES + 1)])
    monkeypatch.setattr(Entry, "__post_init__", None)
    with pytest.raises(LibraryError, match="it holds 501 formulas: at most 500 fit"):
        from_json(many)


def test_whatever_bytes_are_changed_it_is_read_or_refused(library):
    library.save(BOWL)
    library.save(WAVE)
    good = library.path.read_bytes()
    random_ = random.Random(5)
    for _ in range(400):
        bad = bytearray(good)
        for _ in range(random_.choice((1, 1, 2, 8))):
            match random_.randrange(3):
                case 0:
                    bad[random_.randrange(len(bad))] = random_.randrange(256)
                case 1:
                    del bad[random_.randrange(len(bad))]
                case 2:
                    bad = bad[: random_.randrange(len(bad) // 2, len(bad)) + 1]
        try:
            entries = from_json(bytes(bad))
        except LibraryError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            assert all(isinstance(entry, Entry) for entry in entries)


def test_where_nothing_can_be_written_it_says_so(library, tmp_path):
    library.save(BOWL)
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="cannot be written"):
        Library(tmp_path / "file" / "formulas.json").save(BOWL)
    with pytest.raises(LibraryError, match="cannot be written"):
        library.hand_out(tmp_path)
    with pytest.raises(LibraryError, match="cannot be read"):
        load(tmp_path)


def test_windows_that_save_at_once_lose_nothing(tmp_path):
    """Each reads, adds and writes; between two of them no other one may have its turn."""
    path = tmp_path / "formulas.json"
    saving = textwrap.dedent("""
        import sys
        from gdviz.experiment.library import Entry, Library
        for k in range(12):
            Library(sys.argv[1]).save(Entry(title=f"{sys.argv[2]} {k}x", formula="a + b"))
    """)
    writers = [subprocess.Popen([sys.executable, "-c", saving, str(path), name]) for name in "ABC"]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert sorted(titles(Library(path))) == sorted(f"{w} {k}x" for w in "ABC" for k in range(12))


def test_a_failure_on_the_way_writes_nothing_and_gives_the_lock_back(library):
    library.save(BOWL)
    with pytest.raises(LibraryError, match="no formula"):
        library.delete("Nothing")
    assert titles(library) == ["Bowl"]
    library.save(WAVE)
    assert titles(library) == ["Bowl", "Wave"]
