"""Work off the GUI thread: how requests follow each other, what comes back, and what stays."""

import gc
import itertools
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QThread

from gdviz.base.cancel import Cancelled
from gdviz.base.input_error import InputError
from gdviz.ui.tasks import task as module
from gdviz.ui.tasks.task import Job, Newer, Task


class Work:
    """What a job does: it ends when it is let, or when it is no longer wanted."""

    def __init__(self, name):
        self.name = name
        self.began, self.gate = threading.Event(), threading.Event()
        self.was_cancelled = False
        self.thread = self.job = None

    def do(self, job):
        self.thread, self.job = QThread.currentThread(), job
        self.began.set()
        while not self.gate.wait(0.002):
            if job.cancelled():
                self.was_cancelled = True
                raise Cancelled
        return self.name


def do(job, work):
    return work.do(job)


@pytest.fixture
def make(qapp):
    """Make tasks whose patience is never lost by the clock, and remember what they hand over."""
    tasks = []

    def made(function=do, **options):
        options = {"patience_ms": 1_000_000} | options
        results, errors, parts, busy = [], [], [], []
        task = Task(function, results.append, errors.append, reported=parts.append, **options)
        task.results, task.errors, task.parts, task.busy = results, errors, parts, busy
        task.busy_changed.connect(busy.append)
        tasks.append(task)
        return task

    yield made
    for task in tasks:
        task.stop()


@pytest.fixture
def task(make):
    return make()


def lose_patience(task):
    assert task._patience.isActive()
    task._patience.stop()
    task._patience.timeout.emit()


def start(qtbot, task, name):
    work = Work(name)
    task.request(work)
    qtbot.waitUntil(work.began.is_set)
    return work


def done(name):
    """Return work that ends as soon as it begins."""
    work = Work(name)
    work.gate.set()
    return work


# ---------------------------------------------------------------- what comes back


def test_a_result_comes_back_from_another_thread(qtbot, task):
    work = start(qtbot, task, "one")
    assert task.is_running()
    work.gate.set()
    qtbot.waitUntil(lambda: task.results == ["one"])
    assert work.thread is not QThread.currentThread()
    assert not task.is_running()
    assert task.busy == []  # it was quick


def test_busy_is_said_once_patience_is_over_and_taken_back(qtbot, task):
    work = start(qtbot, task, "one")
    assert task.busy == []
    lose_patience(task)
    assert task.busy == [True]
    work.gate.set()
    qtbot.waitUntil(lambda: task.busy == [True, False])
    assert task.results == ["one"]


def test_patience_is_lost_by_the_clock(qtbot, make):
    task = make(patience_ms=1)
    start(qtbot, task, "one")
    qtbot.waitUntil(lambda: task.busy == [True])


def test_without_patience_it_is_busy_at_once_also_where_it_ends_cancelled_before_anybody_looks(
    qtbot, make
):
    task, work = make(patience_ms=0), Work("one")
    task.request(work)
    assert task.busy == [True]
    task.cancel()
    assert work.began.wait(60)
    task._future.exception(60)  # it has ended, and the event loop had no turn
    qtbot.waitUntil(lambda: task.busy == [True, False])
    assert task.results == []


def test_an_exception_is_handed_over_and_the_next_request_runs(qtbot, make):
    def fail(_job, what):
        raise RuntimeError(what)

    task = make(fail)
    task.request("it is too dark")
    qtbot.waitUntil(lambda: len(task.errors) == 1)
    assert str(task.errors[0]) == "it is too dark"
    task.request("it still is")
    qtbot.waitUntil(lambda: len(task.errors) == 2)
    assert task.results == []


def test_a_task_says_what_becomes_of_a_failure():
    with pytest.raises(TypeError, match="failed"):
        Task(do, print)


def test_parts_come_in_order_and_none_is_waited_for(qtbot, make):
    gate = threading.Event()

    def count(job):
        for part in range(50):
            job.report(part)
        gate.wait(5)
        job.report(50)
        return 51

    task = make(count)
    task.request()
    qtbot.waitUntil(lambda: task.parts[-1:] == [49])
    assert task.parts == sorted(set(task.parts))
    assert task.results == []
    gate.set()
    qtbot.waitUntil(lambda: task.results == [51])
    assert task.parts[-1] == 50


def test_how_far_it_is_can_be_asked_and_is_told(qtbot, task):
    told = []
    task.progressed.connect(told.append)
    assert task.part_done == 0.0
    work = start(qtbot, task, "one")
    work.job.progress(0.5)
    assert task.part_done == 0.5
    work.gate.set()
    qtbot.waitUntil(lambda: task.results == ["one"])
    assert told[-1] == 0.5
    assert task.part_done == 0.0


def test_progress_is_told_now_and_then_however_often_it_is_called(monkeypatch):
    now, woken = [0.0], []
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    job = Job(lambda: woken.append(now[0]))
    for step in range(1000):
        now[0] = step / 1000
        job.progress(step / 1000)
    assert 18 <= len(woken) <= 20
    assert job.part_done == 0.999


# ---------------------------------------------------------------- one request after the other


def test_the_newest_request_wins(qtbot, task):
    first = start(qtbot, task, "first")
    waiting = [done(f"{k}") for k in range(5)]
    for work in waiting:
        task.request(work)
    first.gate.set()
    qtbot.waitUntil(lambda: task.results[-1:] == ["4"])
    assert task.results == ["first", "4"]
    assert [work.began.is_set() for work in waiting] == [False] * 4 + [True]


def test_what_takes_long_is_given_up_for_what_is_newer(qtbot, task):
    first = start(qtbot, task, "first")
    task.request(done("second"))
    assert not first.job.cancelled()  # it has its chance
    lose_patience(task)
    qtbot.waitUntil(lambda: task.results == ["second"])
    assert first.was_cancelled


def test_what_is_newer_need_not_wait_where_patience_was_lost(qtbot, task):
    first = start(qtbot, task, "first")
    lose_patience(task)
    assert not first.job.cancelled()
    task.request(done("second"))
    qtbot.waitUntil(lambda: task.results == ["second"])
    assert first.was_cancelled


def test_a_part_is_enough_of_what_something_is_newer_than(qtbot, task):
    first = start(qtbot, task, "first")
    task.request(done("second"))
    first.job.report("part")
    qtbot.waitUntil(lambda: task.results == ["second"])
    assert first.was_cancelled
    assert task.parts == ["part"]


def test_a_request_may_replace_the_one_that_runs(qtbot, make):
    task = make(newer=Newer.REPLACES)
    first = start(qtbot, task, "first")
    task.request(done("second"))
    first.job.report("part")  # of what nobody wants
    qtbot.waitUntil(lambda: task.results == ["second"])
    assert first.was_cancelled
    assert task.parts == []


def test_requests_may_queue(qtbot, make):
    task = make(newer=Newer.QUEUES)
    first = start(qtbot, task, "first")
    for k in range(5):
        task.request(done(f"{k}"))
    lose_patience(task)
    first.job.report("part")
    first.gate.set()
    qtbot.waitUntil(lambda: task.results == ["first", *"01234"])


def test_what_queues_is_finished_in_turn_where_the_window_closes(make):
    order = []
    task = make(lambda _job, k: order.append(k), newer=Newer.QUEUES)
    for k in range(5):
        task.request(k)
    task.stop()
    assert order == [0, 1, 2, 3, 4]
    assert not task.is_running()


def test_after_a_pause_only_the_last_request_runs(qtbot, make):
    task = make(pause_ms=1)
    works = [done(f"{k}") for k in range(5)]
    for work in works:
        task.request(work)
        assert task.is_running()
        assert not work.began.is_set()
    qtbot.waitUntil(lambda: task.results == ["4"])
    assert [work.began.is_set() for work in works] == [False] * 4 + [True]


def test_what_was_asked_for_last_is_not_computed_again(qtbot, task):
    one, two = done("one"), done("two")
    assert task.ask(one)
    assert not task.ask(one)
    qtbot.waitUntil(lambda: task.results == ["one"])
    assert not task.ask(one)
    assert task.ask(two)
    qtbot.waitUntil(lambda: task.results == ["one", "two"])
    assert task.ask(one)
    task.cancel()
    assert task.ask(one)
    qtbot.waitUntil(lambda: task.results == ["one", "two", "one"])


def test_what_failed_is_not_tried_again_until_something_else_is_asked_for(qtbot, make):
    def fail(_job, number):
        raise RuntimeError(number)

    task = make(fail)
    assert task.ask(1)
    qtbot.waitUntil(lambda: len(task.errors) == 1)
    assert not task.ask(1)
    assert task.ask(2)
    qtbot.waitUntil(lambda: len(task.errors) == 2)


def test_what_gave_itself_up_can_be_asked_for_again(qtbot, make):
    def interrupted(_job):
        raise Cancelled

    task = make(interrupted)
    assert task.ask()
    qtbot.waitUntil(lambda: not task.is_running())
    assert task.ask()


# ---------------------------------------------------------------- giving up


def test_cancelled_work_gives_no_result(qtbot, task):
    assert not task.cancel()
    work = start(qtbot, task, "one")
    task.request(Work("two"))
    assert task.cancel()
    qtbot.waitUntil(lambda: not task.is_running())
    assert work.was_cancelled
    assert task.results == []
    assert task.errors == []


def test_work_that_ends_as_it_is_cancelled_gives_no_result(qtbot, task):
    work = start(qtbot, task, "one")
    work.job.report("part")
    work.gate.set()
    task.cancel()
    qtbot.waitUntil(lambda: not task.is_running())
    assert task.results == task.parts == []


def test_a_request_after_cancelling_runs(qtbot, task):
    start(qtbot, task, "one")
    task.cancel()
    task.request(done("two"))
    qtbot.waitUntil(lambda: task.results == ["two"])


def test_cancelling_a_pause_leaves_nothing_to_begin(qtbot, make):
    task = make(pause_ms=1)
    work = done("one")
    task.request(work)
    assert task.cancel()
    assert not task.is_running()
    task.request(done("two"))
    qtbot.waitUntil(lambda: task.results == ["two"])
    assert not work.began.is_set()


def test_of_results_that_come_at_once_one_is_taken_in_a_turn(qtbot, make):
    tasks = [make() for _ in range(3)]
    for task in tasks:
        task.request(done("one"))
        task._future.result(600)  # it has ended, and the event loop had no turn
    counts = [0]
    while counts[-1] < 3:
        QCoreApplication.processEvents()
        counts.append(sum(len(task.results) for task in tasks))
    assert {later - before for before, later in itertools.pairwise(counts)} <= {0, 1}


def test_results_are_taken_while_a_dialog_of_another_is_open(qtbot, make):
    ended, first, others = QEventLoop(), make(), [make() for _ in range(3)]
    first.done.connect(lambda _: ended.exec())
    counts = []

    def count(_result):
        counts.append(len(counts))
        if len(counts) == len(others):
            ended.quit()

    for other in others:
        other.done.connect(count)
    for task in (first, *others):
        task.request(done("one"))
        task._future.result(600)
    qtbot.waitUntil(lambda: len(counts) == 3)
    assert first.results == ["one"]


def test_who_waits_has_what_ended_meanwhile(qtbot, task):
    work = start(qtbot, task, "one")
    task.wait(0.0)
    assert task.results == []
    work.gate.set()
    task.wait()
    assert task.results == ["one"]
    task.wait()  # for nothing
    assert task.results == ["one"]


def test_what_hangs_is_abandoned_and_the_next_request_runs(qtbot, make):
    task = make(newer=Newer.QUEUES)
    hanging = start(qtbot, task, "hangs")
    task.request(done("waits"))
    task.abandon()
    assert not task.is_running()
    task.request(done("next"))
    task.wait()
    assert task.results == ["next"]
    qtbot.waitUntil(lambda: hanging.was_cancelled)
    task.request(done("last"))
    qtbot.waitUntil(lambda: task.results == ["next", "last"])


def test_stop_returns_when_nothing_runs_and_nothing_begins_any_more(qtbot, task):
    work = start(qtbot, task, "one")
    task.request(Work("two"))
    task.stop()
    assert work.was_cancelled
    assert not task.is_running()
    task.request(done("three"))
    assert not task.is_running()
    other = Task(do, lambda _: None, lambda _: None)
    other.request(done("later"))  # by its end what was under way has arrived
    qtbot.waitUntil(lambda: not other.is_running())
    assert task.results == []


@pytest.mark.parametrize("newer", [Newer.QUEUES, Newer.REPLACES])
def test_what_hangs_is_not_waited_for_and_is_known(qtbot, make, monkeypatch, newer):
    for limit in ("ENDING", "FINISHING"):
        monkeypatch.setattr(module, limit, 0.0)
    gate, began, ran = threading.Event(), threading.Event(), []

    def hang(_job, k):
        began.set()
        ran.append(k)
        assert gate.wait(600)

    task = make(hang, newer=newer)
    for k in range(3):
        task.request(k)
    qtbot.waitUntil(began.is_set)
    task.stop()
    assert not task.is_running()
    assert module.is_anything_left()
    monkeypatch.setattr(module, "ENDING", 600.0)
    gate.set()
    assert not module.is_anything_left()
    assert ran == [0]


def test_drives_that_do_not_answer_take_no_thread_from_what_computes(qtbot, make):
    answers, asked = threading.Event(), threading.Semaphore(0)

    def ask(_job):
        asked.release()
        assert answers.wait(600)

    questions = [make(ask, waits_for_drive=True) for _ in range(2 * module._POOL._max_workers)]
    try:
        for question in questions:
            question.request()
            assert asked.acquire(timeout=600)  # each has a thread
        computing = make()
        computing.request(done("computed"))
        qtbot.waitUntil(lambda: computing.results == ["computed"])
        for question in questions:
            question.stop()  # at once: the answers are still to come
            assert not question.is_running()
    finally:
        answers.set()
    assert not module.is_anything_left()
    assert [question.results for question in questions] == [[]] * len(questions)


def test_the_end_is_said_once_and_before_the_result(qtbot, make):
    heard = []
    task = make(lambda _job, k: k, newer=Newer.QUEUES)
    task.ended.connect(lambda: heard.append("ended"))
    task.done.connect(heard.append)
    for k in range(3):
        task.request(k)
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert heard == [0, 1, "ended", 2]


def test_stopping_one_does_not_wait_for_another(qtbot, make):
    """Else closing the window waits for a job that is told to stop later."""
    one, other = make(), make()
    short, long = Work("short"), Work("long")
    rescue = threading.Timer(10, long.gate.set)
    rescue.start()
    other.request(long)
    one.request(short)
    qtbot.waitUntil(lambda: short.began.is_set() and long.began.is_set())
    one.stop()
    assert short.was_cancelled
    assert not long.gate.is_set()
    other.stop()
    assert long.was_cancelled
    rescue.cancel()


def test_a_task_may_be_deleted_while_its_job_runs(qtbot, qapp):
    results = []
    parent = QObject()
    task = Task(do, results.append, results.append, parent=parent)
    work = start(qtbot, task, "one")
    shiboken6.delete(parent)
    work.gate.set()
    other = Task(do, results.append, results.append)
    other.request(done("later"))
    qtbot.waitUntil(lambda: results == ["later"])


def test_what_is_refused_is_no_fault_in_the_log(qtbot, make, caplog):
    """By default the log has warnings and worse; each refused file stood there as an error."""

    def fail(_job, error):
        raise error

    task = make(fail)
    for error in (InputError("line 1 has no number"), RuntimeError("it is too dark")):
        task.request(error)
        qtbot.waitUntil(lambda: task.errors[-1:] == [error])  # noqa: B023
    (record,) = caplog.records
    assert record.exc_info[1] is error


# ---------------------------------------------------------------- what stays


class Thing:
    """What a job holds, or brings."""


@pytest.mark.parametrize("newer", Newer)
@pytest.mark.parametrize("end", ["next", "cancel", "stop", "failure"])
def test_nothing_stays_of_a_job(qtbot, qapp, monkeypatch, end, newer):
    """Neither the job, nor what it was handed, nor what it brought: a scene takes megabytes."""
    monkeypatch.setattr(module.logger, "disabled", True)  # pytest keeps what is logged
    references, began, gate = [], threading.Event(), threading.Event()

    def made():
        thing = Thing()
        references.append(weakref.ref(thing))
        return thing

    def function(job, _given):
        references.append(weakref.ref(job))
        job.report(made())
        began.set()
        while not (gate.is_set() or job.cancelled()):
            gate.wait(0.002)
        if end == "failure":
            raise RuntimeError("it is too dark")
        return made()

    task = Task(function, bool, bool, reported=bool, newer=newer)
    task.request(made())
    qtbot.waitUntil(began.is_set)
    if end in ("cancel", "stop"):
        getattr(task, end)()
    gate.set()
    qtbot.waitUntil(lambda: not task.is_running())
    # A thread of the pool may be the last to let go; nothing waits for the collector.
    assert not gc.isenabled()
    qtbot.waitUntil(lambda: not any(reference() for reference in references))
    assert len(references) == (3 if end == "failure" else 4)
    task.stop()
