"""Tables with several rows for a point of the plane: what is drawn, and what else can be."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from gdviz.files.file_kinds import Verdict
from gdviz.files.landscapes import LandscapeError, decide, load_landscape

LR, WD = (0.25, 0.5, 1.0), (0.0, 1.0, 2.0, 4.0)


def table(path: Path, header: str, *levels: tuple[object, ...], order: str = "") -> Path:
    """Write a row for each lr, wd and further values, whose loss is 100 lr + 10 wd + numbers.

    A number counts itself, and a word its length.
    """
    lines = []
    for lr, wd, *others in itertools.product(LR, WD, *levels):
        sizes = [len(other) if isinstance(other, str) else other for other in others]
        lines.append([lr, wd, *others, 100 * lr + 10 * wd + sum(sizes)])  # type: ignore[arg-type]
    names = header.split(",")
    if order:
        lines = [[row[names.index(name)] for name in order.split(",")] for row in lines]
    text = [",".join(map(str, row)) for row in lines]
    path.write_text("\n".join([order or header, *text]) + "\n")
    return path


def first(path: Path, metric: str = "") -> float | None:
    """Return the loss at lr = 0.5, wd = 4: 90 and what is added to it."""
    grid = load_landscape(path, metric=metric).grid
    assert (grid.names, grid.a, grid.b) == (("lr", "wd"), LR, WD)
    return grid.values[3][1]


@pytest.mark.parametrize("order", ["", "seed,lr,wd,loss", "loss,seed,wd,lr"])
def test_the_mean_over_seeds_with_its_spread(tmp_path: Path, order: str) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,seed,loss", (0, 1, 5), order=order)
    assert decide(path) == Verdict("landscape")
    assert first(path) == pytest.approx(92)
    found = load_landscape(path)
    assert found.metrics == ("loss (mean over seed)", "loss (seed 0)", "loss (seed 1)",
                             "loss (seed 5)")  # fmt: skip
    deviation = np.std([0, 1, 5], ddof=1)  # 2.65
    assert found.notes[0] == (
        "each value is the mean over 3 values of seed, whose standard deviation is "
        f"{deviation:.3g} in the median and {deviation:.3g} at most"
    )
    assert first(path, "loss") == pytest.approx(92)
    assert first(path, "loss (seed 5)") == pytest.approx(95)


def test_seeds_that_are_missing(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,seed,loss", (0, 1, 5))
    lines = path.read_text().splitlines()
    del lines[1:3]  # (0.25, 0) has one seed left
    lines[-1] = lines[-1].rpartition(",")[0] + ","  # and (1, 4) has two values
    path.write_text("\n".join(lines))
    found = load_landscape(path)
    assert found.grid.values[0][0] == 25 + 5
    assert found.grid.values[3][2] == 140 + 0.5
    assert "the mean over 1 to 3 values of seed" in found.notes[0]


def test_rows_that_nothing_tells_apart(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,seed,loss", (0, 1, 5), order="lr,wd,loss")
    assert first(path) == pytest.approx(92)
    found = load_landscape(path)
    assert found.metrics == ("loss (mean)",)
    assert "each value is the mean over 3 rows" in found.notes[0]
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines[1::3], "0.25,0,7"]))
    with pytest.raises(LandscapeError, match=r"line 14 is for the point 0.25, 0, and so is line 2"):
        load_landscape(path)


def test_the_last_epoch_of_each_point(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,epoch,loss", (1, 2, 3))
    assert first(path) == pytest.approx(93)
    found = load_landscape(path)
    assert found.metric == "loss (last epoch)"
    assert not any("mean" in note for note in found.notes)
    assert first(path, "loss (epoch 2)") == pytest.approx(92)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines[3:]]))  # (0.25, 0) ended early, and is alone
    assert load_landscape(path).grid.values[0][0] == 28
    early = [line for line in lines if not line.startswith("0.5,4.0,3")]
    path.write_text("\n".join(early))
    assert first(path) == pytest.approx(92)


def test_seeds_and_epochs(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,seed,epoch,loss", (10, 30), (1, 2))
    found = load_landscape(path)
    assert found.metrics == (
        "loss (mean over seed, last epoch)", "loss (seed 10, last epoch)",
        "loss (seed 30, last epoch)", "loss (mean over seed, epoch 1)",
        "loss (mean over seed, epoch 2)",
    )  # fmt: skip
    assert first(path) == pytest.approx(90 + 20 + 2)
    assert first(path, "loss (seed 30, last epoch)") == pytest.approx(90 + 30 + 2)
    assert first(path, "loss (mean over seed, epoch 1)") == pytest.approx(90 + 20 + 1)


def test_another_parameter_is_never_averaged_over(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,batch,loss", (16, 32))
    assert first(path) == pytest.approx(90 + 16)
    assert first(path, "loss (batch 32)") == pytest.approx(90 + 32)
    assert load_landscape(path).notes == (
        "the rows at a point have 2 values of batch, each of which has a surface of its own",
        "what is drawn is loss (batch 16); --metric chooses another: loss (batch 32)",
    )


def test_words_tell_rows_apart(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,optimizer,seed,loss", ("sgd", "adam"), (0, 1))
    assert first(path) == pytest.approx(90 + 3.5)
    found = load_landscape(path)
    assert found.metric == "loss (optimizer sgd, mean over seed)"
    assert first(path, "loss (optimizer adam, seed 1)") == pytest.approx(90 + 5)
    assert not any("left out" in note for note in found.notes)


def test_what_goes_with_the_point_tells_nothing(tmp_path: Path) -> None:
    """A column that the point determines, and one that is as good as a number of the row."""
    path = table(tmp_path / "s.csv", "lr,wd,seed,loss", (0, 1))
    header, *lines = path.read_text().splitlines()
    wide = [f"{line},{line[0]},{7 * k % 24}" for k, line in enumerate(lines)]
    path.write_text("\n".join([f"{header},kind,seconds", *wide]))
    assert load_landscape(path).metrics == (
        "loss (mean over seed)", "loss (seed 0)", "loss (seed 1)",
    )  # fmt: skip


def test_scores_of_folds_are_a_surface(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "lr,wd,fold,mean_test_score", (0, 1, 2, 3, 4))
    assert decide(path) == Verdict("landscape")
    assert first(path) == pytest.approx(92)


def test_a_sweep_with_seeds_is_asked_about(tmp_path: Path) -> None:
    """Whether lr and seed are a plane, nobody can tell but the person."""
    path = tmp_path / "s.csv"
    lines = [f"{lr},{seed},{lr + seed}" for lr in LR for seed in range(3)]
    path.write_text("\n".join(["lr,seed,loss", *lines]))
    verdict = decide(path)
    assert verdict is not None
    assert verdict[:2] == ("landscape", "data")


@pytest.mark.parametrize("header", ["lr,wd,seed,third", "lr,wd,run,Wert"])
def test_repeats_are_those_of_a_surface_whatever_its_values_are_called(
    tmp_path: Path, header: str
) -> None:
    path = table(tmp_path / "t.csv", header, (1, 2, 3))
    verdict = decide(path)
    assert verdict is not None
    assert (verdict.kind, verdict.other) == ("landscape", "data")
    assert first(path) == 92.0  # of 1, 2 and 3


def test_rows_that_contradict_each_other_are_data(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", "lr,wd,other,third", (1, 2, 3))
    assert decide(path) == Verdict("data")
