"""Undo over experiments, with a clock of the test's own."""

from pathlib import Path

import pytest

from gdviz.engine.objectives.code_ref import Code
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.ui.store.file import File
from gdviz.ui.store.history import History

FIRST = Experiment()


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class Button:
    held = False

    def __call__(self):
        return self.held


@pytest.fixture
def button():
    return Button()


@pytest.fixture
def history(qapp, clock, button):
    return History(FIRST, File(), clock, button)


def at(a, **others):
    return FIRST.replace(start=(a, 0.0), **others)


def drag(history, clock, *places):
    for a in places:
        clock.now += 0.016
        history.record(at(a))


def test_there_is_nothing_to_undo_at_first(history):
    assert not history.can_undo()
    assert not history.can_redo()


def test_moves_in_quick_succession_are_one_step(history, clock):
    drag(history, clock, 1, 2, 3, 4)
    assert history.undo().experiment == FIRST
    assert not history.can_undo()
    assert history.redo().experiment == at(4)


def test_a_pause_begins_another_step(history, clock):
    drag(history, clock, 1, 2)
    clock.now += 1
    drag(history, clock, 3, 4)
    assert history.undo().experiment == at(2)
    assert history.undo().experiment == FIRST


def test_who_rests_with_the_button_held_goes_on_with_the_step(history, clock, button, qtbot):
    button.held = True
    drag(history, clock, 1, 2)
    clock.now += 10
    drag(history, clock, 3)
    button.held = False
    qtbot.waitUntil(lambda: not history._held)
    button.held = True
    clock.now += 10
    drag(history, clock, 4)  # another press
    assert history.undo().experiment == at(3)
    assert history.undo().experiment == FIRST


def test_a_drag_may_last_long(history, clock):
    drag(history, clock, *range(1000))
    assert history.undo().experiment == FIRST


def test_another_field_begins_another_step(history, clock):
    drag(history, clock, 1, 2)
    history.record(at(2, alpha=0.1))
    history.record(at(2, alpha=0.2))
    drag(history, clock, 3)
    assert history.undo().experiment == at(2, alpha=0.2)
    assert history.undo().experiment == at(2)
    assert history.undo().experiment == FIRST


def test_a_step_can_be_begun(history, clock):
    drag(history, clock, 1, 2)
    history.begin_step()
    drag(history, clock, 3)
    assert history.undo().experiment == at(2)


def test_the_same_again_is_no_change(history, clock):
    history.record(FIRST)
    assert not history.can_undo()
    drag(history, clock, 1)
    history.undo()
    history.record(FIRST)  # what the store says of the undo itself
    assert history.can_redo()


def test_each_experiment_keeps_its_file(history, clock):
    drag(history, clock, 1)
    opened = File()
    history.begin_step()
    drag(history, clock, 2)
    history.set_file(opened)
    clock.now += 5
    drag(history, clock, 3, 4)
    first = history.undo(), history.undo(), history.undo()
    assert [file is opened for _, file in first] == [True, False, False]
    again = history.redo(), history.redo(), history.redo()
    assert [file is opened for _, file in again] == [False, True, True]


def test_a_change_after_undo_ends_the_future(history, clock):
    drag(history, clock, 1)
    history.undo()
    clock.now += 5
    drag(history, clock, 2)
    assert not history.can_redo()
    assert history.undo().experiment == FIRST


def on_code(digest, name="a.py"):
    return FIRST.replace(function=CodeFunction(Code(str(Path(name).absolute()), digest * 64, True)))


def test_code_that_was_saved_since_is_shown_after_undo_and_ends_no_future(history, clock):
    history.record(on_code("1"))
    clock.now += 5
    history.record(on_code("0", "b.py"))
    history.undo()
    history.record(on_code("2"))
    assert history.redo().experiment == on_code("0", "b.py")
    assert history.undo().experiment == on_code("2")
    assert history.undo().experiment == FIRST
    assert not history.can_undo()


def test_code_that_is_saved_while_it_is_the_newest_is_a_step(history, clock):
    history.record(on_code("1"))
    clock.now += 5
    history.record(on_code("2"))
    assert history.undo().experiment == on_code("1")


def test_other_code_after_undo_ends_the_future(history, clock):
    history.record(on_code("1"))
    history.undo()
    history.record(on_code("1", "b.py"))
    assert not history.can_redo()


def test_a_change_right_after_undo_is_a_step_of_its_own(history, clock):
    drag(history, clock, 1)
    clock.now += 5
    drag(history, clock, 2)
    history.undo()
    drag(history, clock, 3)
    assert history.undo().experiment == at(1)


def test_the_past_is_bounded(history, clock):
    for k in range(2000):
        clock.now += 5
        history.record(at(float(k)))
    count = 0
    while history.can_undo():
        history.undo()
        count += 1
    assert count == 500


def test_it_says_when_something_can_be_undone(history, clock, qtbot):
    said = []
    history.changed.connect(lambda: said.append((history.can_undo(), history.can_redo())))
    drag(history, clock, 1)
    history.undo()
    history.redo()
    assert said == [(True, False), (False, True), (True, False)]


def test_typing_is_one_step_whatever_constants_come_and_go(history, clock):
    for text, constants in (("a", {}), ("a*k", {"k": 1.0}), ("a*kk", {"kk": 1.0}), ("a*b", {})):
        clock.now += 0.2
        history.record(on_formula(FIRST, text, constants=constants))
    assert history.undo().experiment == FIRST
    assert not history.can_undo()


def test_what_follows_from_a_change_belongs_to_it(history, clock):
    drag(history, clock, 1)
    clock.now += 5
    history.continue_step()
    history.record(at(1, range=(-1.0, 1.0, -1.0, 1.0)))
    history.record(at(1, alpha=0.1))
    assert history.undo().experiment == at(1, range=(-1.0, 1.0, -1.0, 1.0))
    assert history.undo().experiment == FIRST


def test_nothing_continues_what_was_undone(history, clock):
    drag(history, clock, 1, 2)
    history.undo()
    history.continue_step()
    history.record(at(0, range=(-1.0, 1.0, -1.0, 1.0)))
    assert history.can_undo()


def test_what_stood_in_for_what_is_opened_is_no_step(history):
    history.stand_in()
    history.record(at(1))
    history.end_standing_in()
    assert not history.can_undo()
    history.begin_step()
    history.record(at(2))
    assert history.undo().experiment == at(1)
    assert not history.can_undo()


def test_what_stood_in_and_was_changed_comes_back(history, clock):
    history.stand_in()
    history.record(at(1))  # by whoever could not wait
    clock.now += 2.0
    history.begin_step()
    history.record(at(2))
    history.end_standing_in()
    assert history.undo().experiment == at(1)
    assert history.undo().experiment == FIRST


def test_only_the_first_stands_in(history):
    history.record(at(1))
    history.end_standing_in()
    assert history.undo().experiment == FIRST
