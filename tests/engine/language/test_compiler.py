"""Generated code: of what is asked, and of nothing that a person typed."""

from gdviz.engine.language.backends import COMPLEX, MATH, NUMPY, NUMPY_COMPLEX, NUMPY_COMPLEX_ARRAYS
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula


def test_code_is_generated_for_what_is_asked() -> None:
    formula = Formula.parse("exp(a) + sin(b)")
    exponential = formula.graph[formula.output].arguments[0]
    function = generate(formula.graph, [exponential], ("a", "b"), MATH)
    assert "sin" not in function.__code__.co_names
    assert function(0.0, 5.0) == 1.0


def test_generated_code_can_name_the_target_and_nothing_else() -> None:
    formula = Formula.parse("max(a, x1)^b*sigmoid(a) + log(abs(b)) + 0^a", ("x1",))
    outputs = [formula.output, *formula.hessian_nodes]
    for backend in (MATH, NUMPY, COMPLEX, NUMPY_COMPLEX, NUMPY_COMPLEX_ARRAYS):
        function = generate(formula.graph, outputs, ("x1", "a", "b"), backend)
        assert function.__globals__["__builtins__"] == {}
        assert set(function.__code__.co_names) <= set(backend.functions)
        assert all(name[0] in "pv" and name[1:].isdigit() for name in function.__code__.co_varnames)
        assert {type(constant) for constant in function.__code__.co_consts} <= {float, type(None)}
