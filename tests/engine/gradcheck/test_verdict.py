"""What is said of a component: the slip by its name, and for which constants it is right."""

from __future__ import annotations

from tests.engine.gradcheck.gradient_candidates import check, verdicts


def test_the_sign_of_a_slip_is_named() -> None:
    made = check("a^2*b + b^3", "-2*a*b", "2*(a^2 + 3*b^2)")
    assert "its sign is reversed" in made.verdicts[0].sentence
    assert "2 times the true one" in made.verdicts[1].sentence
    made = check("a^2*b + b^3", "a^2 + 3*b^2", "2*a*b")
    assert "(it is ∂f/∂b)" in made.verdicts[0].sentence
    assert "(it is ∂f/∂a)" in made.verdicts[1].sentence


def test_a_rounded_number_is_wrong_by_very_little() -> None:
    made = check("a^3/3 + pi*b", "a^2", "3.14159265358979")
    assert verdicts(made) == (True, True)  # all digits that a person copies
    made = check("a^3/3 + pi*b^2", "a^2*0.9999999", "6.283185*b")
    assert verdicts(made) == (False, False)
    assert all("rounded" in verdict.sentence for verdict in made.verdicts)


def test_what_is_right_for_one_value_of_a_constant_is_wrong() -> None:
    made = check("b*sigmoid(a*x)", "b*sigmoid(a*x)*(1 - sigmoid(a*x))", "sigmoid(a*x)", x=1.0)
    assert verdicts(made) == (False, True)
    assert made.verdicts[0].only_for == {"x": 1.0}
    assert "right only for x = 1: with x = " in made.verdicts[0].sentence
    made = check("k*a + t*b", "3*k/3", "t + (k - 2)*(t - 1)", k=2.0, t=1.0)
    assert verdicts(made) == (True, False)
    assert made.verdicts[1].only_for == {"k": 2.0, "t": 1.0}


def test_a_constant_that_is_zero_is_moved_as_well() -> None:
    assert verdicts(check("x*a + b", "0", "1", x=0.0)) == (False, True)


def test_where_nothing_is_defined_nothing_is_decided() -> None:
    made = check("log(-1 - a^2) + b", "2*a/(1 + a^2)", "1")
    assert verdicts(made) == (None, None)
    assert made.right is None
    assert "cannot be checked" in made.verdicts[0].sentence
    assert made.verdicts[0].worst is None
