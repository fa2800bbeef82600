"""How long what a person's code does may take; the time is what the test says."""

from gdviz.engine.objectives.code_child.patience import Patience


def test_loading_may_go_on_while_modules_are_imported() -> None:
    """As TensorFlow's import does: 25 s and more, of which no second passes without a module."""
    patience = Patience(5.0)
    patience.allow(30.0, "loading", 100.0, importing=True)
    patience.goes_on(100.0, 500)
    for second in range(300):
        now = 100.0 + second
        assert patience.goes_on(now, 501 + second)
        assert not patience.is_over(now + 29.9)
    # Once no more are imported the rest has as long as it had from the first.
    last = 100.0 + 299
    assert not patience.goes_on(last + 10.0, 800)
    assert not patience.is_over(last + 30.0)
    assert patience.is_over(last + 30.1)
    assert (patience.what, patience.limit) == ("loading", 30.0)


def test_a_call_may_not_whatever_it_imports() -> None:
    patience = Patience(5.0)
    patience.allow(5.0, "running", 100.0)
    assert not patience.goes_on(104.0, 900)
    assert not patience.is_over(105.0)
    assert patience.is_over(105.1)


def test_modules_that_go_are_no_progress() -> None:
    patience = Patience(5.0)
    patience.allow(30.0, "loading", 0.0, importing=True)
    assert patience.goes_on(1.0, 500)
    assert not patience.goes_on(2.0, 400)
    assert patience.goes_on(3.0, 401)


def test_nothing_that_runs_is_never_late() -> None:
    patience = Patience(5.0)
    assert not patience.is_over(1e9)
    patience.allow(5.0, "loading", 0.0, importing=True)
    patience.rest()
    assert not patience.goes_on(50.0, 1000)
    assert not patience.is_over(1e9)
