"""What is asked for in a drag is done at most so often, and once more at its end."""

import itertools
import time

from gdviz.ui.tasks.throttle import Throttle


def test_the_first_is_at_once_those_that_follow_wait_and_the_last_is_not_lost(qtbot):
    state, seen = 0, []
    paced = Throttle(lambda: seen.append(state), 60)
    paced.ask()
    assert seen == [0]
    for state in range(1, 10):  # noqa: B007 - it is what the function sees
        paced.ask()
    assert seen == [0]
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [0, 9]
    qtbot.wait(100)
    paced.ask()
    assert seen == [0, 9, 9]


def test_a_drag_is_followed_at_the_pace(qtbot):
    times = []
    paced = Throttle(lambda: times.append(time.monotonic()), 40)
    while len(times) < 5:
        paced.ask()
        qtbot.wait(4)
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.04


def test_what_is_called_or_stopped_comes_no_more(qtbot):
    calls = []
    paced = Throttle(lambda: calls.append(1), 30)
    paced.ask()
    paced.ask()
    paced.call()
    assert len(calls) == 2
    paced.ask()
    paced.stop()
    qtbot.wait(80)
    assert len(calls) == 2
