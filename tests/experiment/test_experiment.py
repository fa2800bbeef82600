"""An Experiment: bounds by field, JSON there and back, hostile files, labels."""

import json
import math
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.code_ref import Code, CodeError
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, DEFAULT_SURFACE, SURFACES
from gdviz.experiment import experiment as module
from gdviz.experiment import json_file
from gdviz.experiment.change_function import (
    on_data,
    on_formula,
    on_grid,
    on_surface,
    reset,
    with_candidate,
)
from gdviz.experiment.experiment import VERSION, Experiment, Method
from gdviz.experiment.function import (
    AnyFunction,
    CodeFunction,
    FormulaFunction,
    GridFunction,
    SurfaceFunction,
)
from gdviz.experiment.json_file import MAX_FILE_SIZE, from_json, load, save, to_json
from gdviz.experiment.validation import BOUNDS, MAX_CONSTANTS, MAX_METHODS, ExperimentError
from gdviz.scene.scene import build_scene

GRID = LossGrid.from_arrays(
    np.linspace(-1.0, 1.0, 9), np.linspace(0.0, 3.0, 7),
    1.0 + np.linspace(-1.0, 1.0, 9) ** 2 + 10 * np.linspace(0.0, 3.0, 7)[:, None] ** 2,
    source="net.h5", trajectory=((0.5, 2.0), (0.25, 1.0)),
)  # fmt: skip
CODE = Code("/somewhere/model.py", "0" * 64)


def refused(call: Any, *arguments: Any, **options: Any) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        call(*arguments, **options)
    check_sentence(caught.value)
    return caught.value


def check_sentence(error: ExperimentError) -> None:
    assert error.message
    assert str(error).isprintable()
    assert len(str(error)) < 700
    assert not str(error).endswith(".")
    if error.field:
        assert str(error).startswith(f"{error.field}: ")


# -- what is refused


@pytest.mark.parametrize("name", ["alpha", "epsilon", "steps", "start", "range"])
@pytest.mark.parametrize("beyond", ["low", "high", "nan", "inf", "-inf", "huge"])
def test_bounds(name: str, beyond: str) -> None:
    low, high = BOUNDS[name]
    value: Any = {
        "low": low - 1 if name == "steps" else low - abs(low) * 1e-9,
        "high": high + 1 if name == "steps" else high * (1 + 1e-9),
        "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "huge": 10**400,
    }[beyond]  # fmt: skip
    wrong = {"start": [(value, 0.0), (0.0, value)],
             "range": [(value, 1, 0, 1), (0, value, 0, 1), (0, 1, value, 1), (0, 1, 0, value)],
             }.get(name, [value])  # fmt: skip
    for item in wrong:
        error = refused(Experiment, **{name: item})
        assert error.field == name
        is_whole = name != "steps" or isinstance(value, int)
        assert ("must be between" if is_whole else "must be a whole number") in error.message


@pytest.mark.parametrize("name", ["alpha", "epsilon", "steps"])
def test_the_bounds_themselves_are_allowed(name: str) -> None:
    for bound in BOUNDS[name]:
        assert getattr(Experiment(**{name: bound}), name) == bound


def test_a_start_and_a_range_at_the_bounds() -> None:
    Experiment(start=(-1e36, 1e36), range=(-1e36, 1e36, -1e36, 1e36))
    Experiment(range=(0, 1, 0, 1e-10))


@pytest.mark.parametrize(
    "range_",
    [(1, 0, 0, 1), (0, 1, 1, 0), (0, 0, 0, 1), (0, 1, 2, 2), (5e5, 5e5 + 1e-5, 0, 1),
     (0, 1, 7, 7 + 1e-9)],
)  # fmt: skip
def test_an_empty_range(range_: Any) -> None:
    error = refused(Experiment, range=range_)
    assert error.field == "range"
    rises = range_[1] > range_[0] and range_[3] > range_[2]
    assert ("must span more than" if rises else "lower to a higher") in error.message


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"version": 1}, "version", "writes version 2"),
        ({"methods": ()}, "methods", "must be 1 to 12"),
        ({"methods": (Method("analytic"),) * 13}, "methods", "must be 1 to 12 of them, not 13"),
        ({"methods": (Method("newton"),)}, "methods[0].estimate", "'newton' is not one of"),
        ({"methods": (Method("y" * 10**6),)}, "methods[0].estimate", "is not one of"),
        ({"methods": (Method("analytic"), Method("forward", rule="adam?"))}, "methods[1].rule",
         "'adam?' is not one of"),
        ({"methods": (Method("forward", alpha=-1.0),)}, "methods[0].alpha", "must be between"),
        ({"methods": (Method("forward", epsilon=0.0),)}, "methods[0].epsilon", "must be between"),
        ({"methods": (Method("forward", epsilon=math.nan),)}, "methods[0].epsilon", "not nan"),
        ({"methods": (Method("forward", color="red"),)}, "methods[0].color", "#rrggbb"),
        ({"methods": (Method("forward", color="#12345g"),)}, "methods[0].color", "#rrggbb"),
        ({"methods": (Method("forward", color="#123456\n"),)}, "methods[0].color", "#rrggbb"),
        ({"function": SurfaceFunction("sphere"), "methods": (Method("mistaken"),)},
         "methods[0].estimate", "only makes sense on Sigmoid unit"),
        ({"function": CodeFunction(CODE)}, "methods[0].estimate", "defines no gradient(a, b)"),
        ({"function": CodeFunction(CODE), "methods": (Method("complex-step"),)},
         "methods[0].estimate", "complex numbers"),
        ({"function": CodeFunction(CODE), "methods": (Method("forward", rule="newton"),)},
         "methods[0].rule", "second derivatives"),
    ],
)  # fmt: skip
def test_refusals(fields: dict[str, Any], field: str, words: str) -> None:
    error = refused(Experiment, **fields)
    assert error.field == field
    assert words in error.message


FITTED = {"text": "sum(a*x)", "data": Data({"x": (1.0,)})}


@pytest.mark.parametrize(
    ("kind", "fields", "field", "words"),
    [
        (SurfaceFunction, {"name": "rosenbrok"}, "surface", "did you mean rosenbrock?"),
        (SurfaceFunction, {"name": ""}, "surface", "unknown surface"),
        (SurfaceFunction, {"name": "y" * 10**6}, "surface", "unknown surface"),
        (SurfaceFunction, {"constants": {"y": 1.0}}, "constants",
         "has no constant 'y': its constants are x"),
        (SurfaceFunction, {"name": "sphere", "constants": {"x": 1.0}}, "constants", "it has none"),
        (SurfaceFunction, {"constants": {"y" * 10**6: 1.0}}, "constants", "has no constant"),
        (SurfaceFunction, {"constants": {"x": math.nan}}, "constants.x", "must be between"),
        (SurfaceFunction, {"constants": {"x": 1.1e36}}, "constants.x", "not 1.1e36"),
        (SurfaceFunction, {"data": Data({"x": (1.0,)})}, "data", "a surface without data"),
        (SurfaceFunction, {"name": "linear-regression", "data": Data({"x": (1.0,)})}, "data",
         "the column y"),
        (SurfaceFunction, {"name": "logistic-regression",
                           "data": Data({"x1": (1.0,), "x2": (2.0,), "y": (2.0,)})}, "data",
         "must hold the labels −1 and 1, but its row 1 holds 2"),
        (FormulaFunction, {"text": ""}, "formula", "empty"),
        (FormulaFunction, {"text": "a + c"}, "formula", "unknown name 'c' at column 5"),
        (FormulaFunction, {"text": "a", "constants": {"sin": 1.0}}, "formula", "name is taken"),
        (FormulaFunction, {"text": "a", "constants": {"y" * 10**6: 2e6}}, "formula", "be called"),
        (FormulaFunction, {"text": "a", "constants": {"\x1b[31m": 2e6}}, "formula", "be called"),
        (FormulaFunction, {"text": "a", "constants": {f"c{i}": 1.0 for i in range(21)}},
         "constants", "at most 20 of them, not 21"),
        (FormulaFunction, {"text": "a", "model": "a*x"}, "model", "no data"),
        (FormulaFunction, {**FITTED, "model": "a*z"}, "model", "unknown name 'z'"),
        (FormulaFunction, {"text": "sum(a*x)"}, "formula", "no data is loaded"),
        (CodeFunction, {"code": Code("m.py", "0")}, "code", "hexadecimal"),
        (CodeFunction, {"code": Code("m\n.py", "0" * 64)}, "code", "printable"),
    ],
)  # fmt: skip
def test_refusals_of_functions(kind: Any, fields: dict[str, Any], field: str, words: str) -> None:
    error = refused(kind, **fields)
    assert error.field == field
    assert words in error.message


@pytest.mark.parametrize(
    ("function", "fields", "words"),
    [
        (SurfaceFunction("booth"), {"model": "a*x"}, "Booth has a model of its own"),
        (SurfaceFunction("booth"), {"title": "mine"}, "Booth has its own"),
        (SurfaceFunction("booth"), {"home": (0.0, 1.0, 0.0, 1.0)}, "Booth has its own"),
        (SurfaceFunction("booth"), {"constant_ranges": {"k": (0.0, 1.0)}}, "Booth has its own"),
        (GridFunction(GRID), {"constants": {"k": 1.0}}, "constants are for a formula"),
        (GridFunction(GRID), {"candidate_gradient": ("a", "b")}, "is for a formula"),
        (CodeFunction(CODE), {"data": Data({"x": (1.0,)})}, "its data are in the file"),
        (CodeFunction(CODE), {"parameters": ("x", "y")}, "those of its function's arguments"),
        (CodeFunction(CODE), {"candidate_gradient": ("a", "b")}, "define its gradient there"),
    ],
)  # fmt: skip
def test_fields_that_a_function_does_not_have(
    function: Any, fields: dict[str, Any], words: str
) -> None:
    """They are refused, and let pass where they say nothing."""
    methods = (Method("forward"),)
    experiment = Experiment(function=function, methods=methods)
    error = refused(experiment.replace, **fields)
    assert error.field == next(iter(fields))
    assert words in error.message
    nothing = {name: type(value)() if name != "data" else None for name, value in fields.items()}
    assert experiment.replace(**nothing) == experiment
    with pytest.raises(TypeError):
        experiment.replace(colour="red")


def test_replacing_is_validated_too() -> None:
    start = Experiment(alpha=1.0)
    assert refused(start.replace, alpha=-1.0).field == "alpha"
    assert start.replace(alpha=0.5).alpha == 0.5
    assert start.alpha == 1.0
    with pytest.raises(AttributeError):
        start.alpha = 2.0  # type: ignore[misc]


def test_what_is_hidden_may_stay_when_the_surface_changes() -> None:
    """The mistaken shortcut is a row of the defaults, and not shown; another surface takes it."""
    assert Experiment(function=SurfaceFunction("sphere")).methods[3].estimate == "mistaken"


# -- what follows


def test_which_estimates_depend_on_epsilon() -> None:
    ours = ("forward", "backward", "central", "richardson", "complex-step")
    assert SurfaceFunction("sphere").estimates_with_epsilon == ours
    assert FormulaFunction("a").estimates_with_epsilon == ours
    assert SurfaceFunction("sigmoid-unit").estimates_with_epsilon == (*ours, "mistaken")
    assert CodeFunction(CODE).estimates_with_epsilon == ours[:4]


def test_every_surface_makes_an_experiment() -> None:
    for name, surface in SURFACES.items():
        chosen = Experiment(
            function=SurfaceFunction(name), start=surface.start, alpha=surface.alpha
        )
        assert chosen.function.text == surface.formula
        assert chosen.function.surface is surface
        assert chosen.function.home_range == chosen.map_range == surface.home
        assert chosen.function.constants == surface.defaults
        assert math.isfinite(chosen.objective().value(*surface.start))


def test_constants_default_to_the_surface() -> None:
    chosen = Experiment(function=SurfaceFunction("sigmoid-fit", constants={"t": 0.25}))
    assert chosen.function.constants == {"x": 1.0, "t": 0.25}
    assert chosen.objective().value(0.0, 2.0) == (1.0 - 0.25) ** 2 / 2


def test_a_formula_of_ones_own() -> None:
    own = Experiment(
        function=FormulaFunction("c*a^2 + b", constants={"c": 3.0}), range=(0, 1, 2, 5)
    )
    assert own.function.surface is None
    assert own.function.text == "c*a^2 + b"
    assert own.function.home_range == DEFAULT_RANGE
    assert own.map_range == Range(0, 1, 2, 5)
    assert own.objective().value(2.0, 1.0) == 13.0
    assert own.function.formula_objective().formula is own.function.formula_objective().formula
    assert (
        own.function.formula_objective().formula
        is own.replace(constants={"c": 4.0}).function.formula_objective().formula
    )


def test_own_alpha_and_epsilon() -> None:
    chosen = Experiment(alpha=0.5, epsilon=0.25)
    assert chosen.alpha_of(Method("forward")) == 0.5
    assert chosen.epsilon_of(Method("forward")) == 0.25
    assert chosen.alpha_of(Method("forward", alpha=0.1)) == 0.1
    assert chosen.epsilon_of(Method("forward", epsilon=1e-9)) == 1e-9


def test_labels_0_and_1_become_signs_and_that_is_said() -> None:
    columns = {"x1": (1.0, 2.0), "x2": (2.0, 3.0), "y": (0.0, 1.0)}
    function = SurfaceFunction("logistic-regression", data=Data(columns, "my.csv"))
    assert function.data_set is not None
    assert function.data_set.columns == {**columns, "y": (-1.0, 1.0)}
    assert function.data_set.source == "my.csv, labels 0 and 1 as −1 and 1"
    assert function.data_note == "the labels 0 and 1 of y are read as −1 and 1"
    assert SurfaceFunction("logistic-regression").data_note == ""
    assert function.data == Data(columns, "my.csv")  # as another function may want it
    signs = Data({"x": (1.0, 2.0), "y": (-1.0, 1.0)}, "my.csv")
    function = SurfaceFunction("one-feature-logistic", data=signs)
    assert function.data_set is not None
    assert function.data_set.columns["y"] == (0.0, 1.0)
    assert function.data_note == "the labels −1 and 1 of y are read as 0 and 1"
    with pytest.raises(ExperimentError, match="the labels 0 and 1, but its row 2 holds 3"):
        SurfaceFunction("one-feature-logistic", data=Data({"x": (1.0, 2.0), "y": (0.0, 3.0)}))


def test_labels() -> None:
    methods = (
        Method("forward"),
        Method("forward", epsilon=1e-9),
        Method("forward"),
        Method("forward", alpha=0.5, epsilon=0.1),
        Method("forward"),
        Method("analytic", epsilon=1.0000001),
        Method("analytic", epsilon=1.0000002),
    )
    assert Experiment(methods=methods).labels() == (
        "forward",
        "forward (ε=1e-09)",
        "forward #2",
        "forward (α=0.5, ε=0.1)",
        "forward #3",
        "analytic (ε=1)",
        "analytic (ε=1) #2",
    )


def test_moving_to_another_surface() -> None:
    """Its own start, α and home range; what the person chose of the methods stays."""
    chosen = Experiment(
        function=SurfaceFunction(constants={"x": 2.0}),
        range=(0, 1, 0, 1),
        color_scale="log",
        steps=7,
        epsilon=0.25,
        methods=(Method("mistaken", alpha=0.5), Method("forward", epsilon=1e-9)),
    )
    for name, surface in SURFACES.items():
        moved = on_surface(chosen, surface)
        assert moved.function == SurfaceFunction(name)
        assert (moved.start, moved.alpha, moved.map_range) == (
            surface.start, surface.alpha, surface.home)  # fmt: skip
        assert (moved.color_scale, moved.steps, moved.epsilon) == ("auto", 7, 0.25)
        assert [method.estimate for method in moved.methods] == ["mistaken", "forward"]
        assert moved.methods[0].shown == (name == "sigmoid-unit")
        assert moved.methods[1] == chosen.methods[1]
        again = on_surface(on_surface(Experiment(), surface), SURFACES[DEFAULT_SURFACE])
        assert again.epsilon == Experiment().epsilon  # nobody has chosen it
        own = on_surface(Experiment(function=FormulaFunction("c*a", constants={"c": 1.0})), surface)
        assert own.function.text == surface.formula


def test_reset() -> None:
    changed = Experiment(
        function=SurfaceFunction("booth"),
        start=(1.0, 1.0),
        alpha=0.9,
        epsilon=1e-7,
        steps=5,
        range=(0, 1, 0, 1),
        color_scale="log",
        precision="float32",
        methods=(Method("central"),),
    )
    back, booth = reset(changed), SURFACES["booth"]
    assert (back.function.name, back.start, back.alpha) == ("booth", booth.start, booth.alpha)
    assert (back.epsilon, back.steps) == (Experiment().epsilon, Experiment().steps)
    assert back.map_range == booth.home
    assert back.color_scale == "auto"
    assert (back.precision, back.methods) == (changed.precision, changed.methods)
    assert reset(Experiment().replace(constants={"x": 3.0})) == Experiment()
    own = reset(
        Experiment(function=FormulaFunction("c*a", constants={"c": 2.0}), range=(0, 1, 0, 1))
    )
    assert own.function == FormulaFunction("c*a", constants={"c": 2.0})
    assert own.map_range == DEFAULT_RANGE


def test_the_first_experiment_is_the_default_surfaces() -> None:
    """So that a reset of what the window first shows changes nothing."""
    assert reset(Experiment()) == Experiment()


# -- JSON

_numbers = {
    name: st.floats(*BOUNDS[name]) for name in ("alpha", "epsilon", "start", "range", "constants")
}
_own = {name: st.none() | _numbers[name] for name in ("alpha", "epsilon")}
_methods = st.lists(
    st.builds(
        Method,
        st.sampled_from(sorted(set(ESTIMATES) - {"mistaken", "mini-batch", "yours"})),
        rule=st.sampled_from(sorted(RULES)),
        shown=st.booleans(),
        color=st.just("") | st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True),
        **_own,
    ),
    min_size=1,
    max_size=MAX_METHODS,
).map(tuple)


@st.composite
def functions(draw: st.DrawFn) -> AnyFunction:
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(SURFACES)))
        names = draw(st.sets(st.sampled_from([*SURFACES[name].defaults, ""]))) - {""}
        values = {key: draw(_numbers["constants"]) for key in names}
        return SurfaceFunction(name, constants=values)
    names = draw(st.sets(st.sampled_from(["x", "θ", "rate", "c_1"])))
    text = draw(st.sampled_from(["a·b − σ(a)", "a^2\n + b", "exp(-a)*π", "5"]))
    return FormulaFunction(
        " + ".join([text, *sorted(names)]),
        constants={key: draw(_numbers["constants"]) for key in names},
    )


def _ordered(range_: tuple[float, ...]) -> bool:
    return all(
        high - low > 1e-9 * max(1.0, abs(low), abs(high)) for low, high in (range_[:2], range_[2:])
    )


EXPERIMENTS = st.builds(
    lambda function, rest: Experiment(function=function, **rest),
    functions(),
    st.fixed_dictionaries(
        {
            "start": st.tuples(_numbers["start"], _numbers["start"]),
            "alpha": _numbers["alpha"],
            "epsilon": _numbers["epsilon"],
            "steps": st.integers(*map(int, BOUNDS["steps"])),
            "precision": st.sampled_from(["float64", "float32"]),
            "representable_step": st.booleans(),
            "range": st.none() | st.tuples(*[_numbers["range"]] * 4).filter(_ordered),
            "color_scale": st.sampled_from(["auto", "linear", "sqrt", "log"]),
            "equal_units": st.booleans(),
            "methods": _methods,
        }
    ),
)


@given(EXPERIMENTS)
def test_there_and_back(chosen: Experiment) -> None:
    text = to_json(chosen)
    assert from_json(text) == chosen
    assert from_json(text.encode()) == chosen
    assert to_json(from_json(text)) == text
    assert next(iter(json.loads(text))) == "version"
    labels = chosen.labels()
    assert len(set(labels)) == len(labels) == len(chosen.methods)


def test_a_file_may_leave_fields_out() -> None:
    assert from_json('{"version": 1}') == Experiment()
    assert from_json('{"version": 2}') == Experiment()
    assert from_json('{"version": 1, "formula": "a^2"}').function == FormulaFunction("a^2")
    own = from_json('{"version": 2, "function": {"kind": "formula", "text": "a^2"}}')
    assert own.function == FormulaFunction("a^2")
    assert from_json('{"version": 1, "surface": "booth", "steps": 7}').steps == 7
    whole = '{"version": 1, "alpha": 1, "start": [1, 2], "methods": [{"estimate": "central"}]}'
    assert from_json(whole) == Experiment(alpha=1.0, start=(1.0, 2.0), methods=(Method("central"),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        (" ", "not JSON"),
        ("{", "not JSON"),
        ("nonsense", "not JSON"),
        ("{'version': 1}", "not JSON"),
        ('{"version": 1,}', "not JSON"),
        ('{"version": 1} {}', "not JSON"),
        ('{"version": 1, "alpha": NaN}', "not JSON"),
        ('{"version": 1, "alpha": Infinity}', "not JSON"),
        ('{"version": 1, "alpha": 1e400}', "out of range"),
        ('{"version": 1, "alpha": 1' + "0" * 400 + "}", "out of range"),
        ('{"version": 1, "alpha": -1e308}', "must be between"),
        ('{"version": 1, "steps": 1' + "0" * 400 + "}", "must be between"),
        ('{"version": 1, "steps": 1' + "0" * 9000 + "}", ""),
        ('{"version": 1' + "0" * 400 + "}", "newer gdviz"),
        ('{"version": 1' + "0" * 9000 + "}", ""),
        ('"\ud800"', "not JSON"),
        ('{"version": 1, "formula": "\\ud800"}', ""),
        (b"\xff\xfe{\x00}\x00", "not JSON"),
        (b'{"version": 1, "formula": "\xff"}', ""),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not JSON"),
        (
            '{"format": "gdviz formulas", "version": 1, "formulas": []}',
            "a library of formulas, not an experiment: Library ▸ Import",
        ),
        ("null", "not a gdviz experiment"),
        ("[]", "not a gdviz experiment"),
        ("1", "not a gdviz experiment"),
        ('"version"', "not a gdviz experiment"),
        ("{}", "not a gdviz experiment"),
        ('{"Version": 1}', "not a gdviz experiment"),
        ('{"version": 0}', "reads versions 1 to 2, not 0"),
        ('{"version": 3}', "not 3; a newer gdviz wrote it"),
        ('{"version": "1"}', 'reads versions 1 to 2, not "1"'),
        ('{"version": true}', "reads versions 1 to 2, not true"),
        ('{"version": null}', "reads versions 1 to 2, not null"),
        ('{"version": [[[1]]]}', "reads versions 1 to 2"),
        ('{"version": "' + "9" * 100_000 + '"}', "reads versions 1 to 2"),
        ('{"version": 1, "colour": "red"}', "there is no field colour"),
        ('{"version": 1, "a\\nb\\u001b[31m": 1}', "there is no field "),
        ('{"version": 1, "' + "y" * 1_000 + '": 1}', "there is no field "),
        ('{"version": 1, "' + "y" * 100_000 + '": 1}', "a name of more than 1,000 characters"),
        (
            '{"version": 1, "methods": [{"estimate": "forward", "h": 1}]}',
            "there is no field h in methods[0]",
        ),
        ('{"version": 1, "methods": [{}]}', "the field estimate is missing"),
        ('{"version": 1, "methods": {}}', "methods "),
        ('{"version": 1, "methods": [[]]}', "methods[0] "),
        ('{"version": 1, "start": [1]}', "start "),
        ('{"version": 1, "start": [1, 2, 3]}', "start "),
        ('{"version": 1, "start": [1, "2"]}', "start[1] "),
        ('{"version": 1, "range": [0, 1, 0]}', "range "),
        ('{"version": 1, "steps": 2.5}', "steps "),
        ('{"version": 1, "precision": "float16"}', "precision cannot be"),
        ('{"version": 1, "color_scale": "cube"}', "color_scale "),
        ('{"version": 1, "constants": [1]}', "function.constants "),
        ('{"version": 1, "constants": {"x": "1"}}', "function.constants "),
        ('{"version": 1, "formula": 5}', "function.text "),
        ('{"version": 1, "formula": "__import__(1)", "surface": ""}', "column 1"),
        ('{"version": 1, "surface": ""}', "give one function"),
        ('{"version": 1, "surface": "booth", "formula": "a"}', "give one function"),
        ('{"version": 1, "surface": "booth", "title": "mine"}', "title: Booth has its own"),
        ('{"version": 1, "surface": "booth", "model": "a"}', "model: Booth has a model of its own"),
        ('{"version": 1, "text": "a"}', "there is no field text"),
        (
            '{"version": 1, "function": {"kind": "formula", "text": "a"}}',
            "there is no field function",
        ),
        ('{"version": 2, "formula": "a"}', "there is no field formula"),
        ('{"version": 2, "function": {"text": "a"}}', "the field kind is missing"),
        ('{"version": 2, "function": {"kind": "network"}}', "function.kind cannot be 'network'"),
        ('{"version": 2, "function": {"kind": "formula"}}', "the field text is missing"),
        (
            '{"version": 2, "function": {"kind": "surface", "title": "mine"}}',
            "there is no field title in function",
        ),
        ("[" * 100_000, "nested more than 64 levels deep"),
        ('{"version": 1, "alpha": ' + "[" * 50_000 + "]" * 50_000 + "}", "more than 64 levels"),
        (
            '{"version": 1, "constants": {' + '"x": {' * 50 + "}" * 50 + "}}",
            "function.constants must be a number, not an object",
        ),
        ('{"version": 1, "more_starts": [' + "[]," * 400_000 + "[]]}", "more than 400,000 values"),
    ],
    ids=lambda text: ascii(text[:40]),
)
def test_files_that_are_refused(text: str | bytes, words: str) -> None:
    assert words in str(refused(from_json, text))


def test_many_constants_are_refused_at_once() -> None:
    """Each would become an argument, and a word in the sentence about unknown names."""
    assert len(from_json(_with_constants(MAX_CONSTANTS)).function.constants) == MAX_CONSTANTS
    error = refused(from_json, _with_constants(50_000))
    assert error.field == "constants"


def _with_constants(count: int) -> str:
    constants = {f"c{i}": 1.0 for i in range(count)}
    return json.dumps({"version": 1, "formula": "a + b", "constants": constants})


WHOLE = Experiment(
    function=FormulaFunction("c*a^2 + b", constants={"c": 3.0}),
    range=(0, 1, 2, 5),
    methods=(Method("analytic"), Method("forward", alpha=0.5, epsilon=1e-3, color="#ff0000")),
)


def outcome(text: str | bytes) -> None:
    """Hold a file to the promise: read whole, or refused in a sentence."""
    try:
        chosen = from_json(text)
    except ExperimentError as error:
        check_sentence(error)
    else:
        assert isinstance(chosen, Experiment)
        assert from_json(to_json(chosen)) == chosen


def test_every_truncation() -> None:
    text = to_json(WHOLE).encode()
    for end in range(len(text.rstrip())):
        refused(from_json, text[:end])


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7)), min_size=1, max_size=4))
def test_flipped_bits(flips: list[tuple[int, int]]) -> None:
    text = bytearray(to_json(WHOLE).encode())
    for place, bit in flips:
        text[place % len(text)] ^= 1 << bit
    outcome(bytes(text))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


def _places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())  # fmt: skip
    return [here, *(place for key, item in items for place in _places(item, (*here, key)))]


@given(st.data(), _json)
def test_wrong_types_anywhere(data: st.DataObject, wrong: Any) -> None:
    whole = json.loads(to_json(WHOLE))
    place = data.draw(st.sampled_from(_places(whole)[1:]))
    target = whole
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = wrong
    outcome(json.dumps(whole))


@given(st.binary(max_size=200) | st.text(max_size=200) | _json.map(json.dumps))
def test_anything(text: str | bytes) -> None:
    outcome(text)


# -- files


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "übung 1.json"
    save(WHOLE, path)
    assert load(path) == load(str(path)) == WHOLE
    assert path.read_bytes().endswith(b"}\n")
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (os.urandom(5000), "not JSON"),
        (b"\x00" * 5000, "not JSON"),
        (b" " * (MAX_FILE_SIZE + 1), "too large"),
        (b'{"version": 7}', "newer"),
        (b'{"version": 1, "alpha": -1}', "must be between"),
    ],
    ids=["empty", "random", "zeros", "huge", "future", "wrong"],
)
def test_broken_files_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    error = refused(load, path)
    assert words in error.message
    assert "broken.json" in error.message


def test_the_field_survives_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text('{"version": 1, "alpha": -1}')
    assert refused(load, tmp_path / "wrong.json").field == "alpha"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in refused(load, tmp_path / "missing.json").message
    assert "missing.json" in refused(load, tmp_path / "missing.json").message
    assert "directory" in refused(load, tmp_path).message
    (tmp_path / "file").write_text("")
    assert "not a directory" in refused(load, tmp_path / "file" / "inside.json").message
    assert "too long" in refused(load, tmp_path / ("y" * 300)).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_an_endless_file_is_read_no_further_than_the_bound(tmp_path: Path) -> None:
    """A pipe or a device has no size to look at beforehand."""
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    written = 0

    def write() -> None:
        nonlocal written
        with path.open("wb", buffering=0) as pipe:
            try:
                while written < 20 * MAX_FILE_SIZE:
                    written += pipe.write(b" " * 65_536)
            except BrokenPipeError:
                pass

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    assert "too large" in refused(load, path).message
    writer.join(10)
    assert written < 3 * MAX_FILE_SIZE


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    save(WHOLE, path)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        save(Experiment(), path)
    assert load(path) == WHOLE
    assert names(tmp_path) == ["kept.json"]


def test_the_version_is_the_file_formats() -> None:
    """Raising it means that files of this version have to be read by a newer gdviz too."""
    assert VERSION == 2
    assert module.Experiment().version == VERSION


#: What earlier builds wrote of a function, beside the fields that they left as they are at first.
OF_VERSION_1 = {
    "surface": "", "formula": "", "grid": None, "code": None, "title": "", "constants": {},
    "constant_ranges": {}, "home": None, "claimed_gradient": None, "data": None, "model": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "function"),
    [
        ({"surface": "sigmoid-fit", "constants": {"t": 0.25}},
         SurfaceFunction("sigmoid-fit", constants={"t": 0.25})),
        ({"surface": "sigmoid-unit", "claimed_gradient": ["b", "1"]},
         SurfaceFunction("sigmoid-unit", candidate_gradient=("b", "1"))),
        ({"surface": "linear-regression",
          "data": {"columns": {"x": [1.0, 2.0], "y": [2.0, 3.0]}, "source": "d.csv"}},
         SurfaceFunction(
             "linear-regression", data=Data({"x": (1.0, 2.0), "y": (2.0, 3.0)}, "d.csv"))),
        ({"formula": "mean((k*a*x - b)^2)", "title": "mine", "constants": {"k": 3.0},
          "constant_ranges": {"k": [0.0, 5.0]}, "home": [-1.0, 1.0, -2.0, 2.0],
          "claimed_gradient": ["k", "2*b"], "data": {"columns": {"x": [1.0]}, "source": ""},
          "model": "k*a*x"},
         FormulaFunction(
             "mean((k*a*x - b)^2)", title="mine", constants={"k": 3.0},
             constant_ranges={"k": (0.0, 5.0)}, home=(-1.0, 1.0, -2.0, 2.0),
             candidate_gradient=("k", "2*b"), data=Data({"x": (1.0,)}), model="k*a*x")),
        ({"grid": {"a": [0.0, 1.0, 2.0], "b": [0.0, 1.0],
                   "values": [[1.0, 2.0, None], [3.0, 4.0, 5.0]],
                   "source": "net.h5", "names": ["u", "b"], "trajectory": [[0.5, 0.5]],
                   "b_fastest": True, "spread": False, "ambiguous": True, "turned": [False, True]}},
         GridFunction(LossGrid(
             (0.0, 1.0, 2.0), (0.0, 1.0), ((1.0, 2.0, None), (3.0, 4.0, 5.0)), "net.h5", ("u", "b"),
             ((0.5, 0.5),), b_fastest=True, ambiguous=True, turned=(False, True)))),
        ({"code": {"path": "/m.py", "digest": "0" * 64, "has_gradient": True}},
         CodeFunction(Code("/m.py", "0" * 64, has_gradient=True))),
    ],
    ids=["surface", "candidate", "data", "formula", "grid", "code"],
)  # fmt: skip
def test_files_of_version_1_are_read(fields: dict[str, Any], function: AnyFunction) -> None:
    """And written as files of this version."""
    rest = {"version": 1, "start": [0.5, 1.0], "steps": 7}
    read = from_json(json.dumps({**rest, **OF_VERSION_1, **fields}))
    assert read == Experiment(function=function, start=(0.5, 1.0), steps=7)
    written = json.loads(to_json(read))
    assert (written["version"], from_json(to_json(read))) == (2, read)
    kind = next(iter(fields))
    assert written["function"]["kind"] == kind


def test_numpys_numbers_are_written_as_numbers() -> None:
    """A mouse position or a sample of a sweep is no reason not to be saved."""
    start = (np.float64(0.1), np.float32(0.5))
    assert from_json(to_json(Experiment(start=start))).start == (0.1, 0.5)


# -- rules, schedules, more starts, data


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"schedule": "linear"}, "schedule", "is not one of constant, inverse"),
        ({"schedule_options": {"decay": 1.0}}, "schedule_options", "it has none"),
        (
            {"schedule": "inverse", "schedule_options": {"decay": -1.0}},
            "schedule_options",
            "between",
        ),
        ({"more_starts": ((0.0, 1e37),)}, "more_starts[0]", "between"),
        ({"more_starts": ((0.0, 0.0),) * 101}, "more_starts", "at most 100"),
        ({"eta": 0.0}, "eta", "between"),
        (
            {"methods": (Method("analytic", "adam", options={"beta": 0.5}),)},
            "methods[0].options",
            "its options are beta1, beta2, delta",
        ),
        (
            {"methods": (Method("analytic", "adam", options={"beta1": 1.5}),)},
            "methods[0].options",
            "between 0 and",
        ),
    ],
)
def test_refusals_of_schedules_and_options(fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(ExperimentError) as error:
        Experiment(**fields)
    assert error.value.field == field
    assert words in error.value.message


def test_all_of_it_goes_through_json() -> None:
    experiment = Experiment(
        function=FormulaFunction(
            "mean((a*x + b - y)^2)",
            data=Data({"x": (1.0, 2.0), "y": (0.5, -1.0)}, "mine.csv"),
            model="a*x + b",
        ),
        more_starts=((1.0, 2.0), (0.0, -1.0)),
        schedule="inverse",
        eta=0.25,
        schedule_options={"decay": 0.5},
        methods=(Method("analytic", "adam", options={"beta1": 0.5}),),
    )
    read = from_json(to_json(experiment))
    assert read == experiment
    assert read.function.data is not None
    assert read.function.data.arrays["y"].tolist() == [0.5, -1.0]
    assert to_json(read) == to_json(experiment)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ('{"x": [1, "two"]}', "function.data.columns[1] must be a number, not text"),
        ('{"x": [1, null]}', "must be a number, not null"),
        ('{"x": [1], "y": []}', "the column y has 0 rows"),
        ('{"n": [1]}', "the number of rows"),
        ('{"x": [1e300]}', "holds 10³⁰⁰"),
    ],
)
def test_broken_data_in_a_file_is_refused(columns: str, words: str) -> None:
    text = f'{{"version": 1, "formula": "sum(x)", "data": {{"columns": {columns}}}}}'
    with pytest.raises(ExperimentError) as error:
        from_json(text)
    assert words in str(error.value)


def test_separable_classes_have_no_minimum() -> None:
    apart = Data({"x1": (1.0, -2.0), "x2": (0.5, 0.0), "y": (1.0, -1.0)})
    experiment = Experiment(function=SurfaceFunction("logistic-regression", data=apart))
    assert "can be separated" in experiment.function.remark
    assert Experiment(function=SurfaceFunction("logistic-regression")).function.remark == ""
    threshold = Data({"x": (1.0, 3.0, 2.0, 4.0), "y": (0.0, 1.0, 0.0, 1.0)})
    assert "can be separated" in SurfaceFunction("one-feature-logistic", data=threshold).remark
    mixed = Data({"x": (1.0, 3.0, 2.0, 1.5), "y": (0.0, 1.0, 0.0, 1.0)})
    assert SurfaceFunction("one-feature-logistic", data=mixed).remark == ""


# -- a function of the person's own


OWN = Experiment(function=FormulaFunction("k*a^2 + b^2", constants={"k": 3.0}))


@pytest.mark.parametrize(
    ("base", "fields", "field", "words"),
    [
        (Experiment(), {"title": "mine"}, "title", "Sigmoid unit has its own"),
        (Experiment(), {"home": (0.0, 1.0, 0.0, 1.0)}, "home", "Sigmoid unit has its own"),
        (OWN, {"title": "t" * 61}, "title", "at most 60"),
        (OWN, {"title": "two\nlines"}, "title", "one line"),
        (OWN, {"home": (1.0, 0.0, 0.0, 1.0)}, "home", "lower to a higher"),
        (OWN, {"constant_ranges": {"c": (0.0, 1.0)}}, "constant_ranges", "no constant 'c'"),
        (OWN, {"constant_ranges": {"k": (1.0, 1.0)}}, "constant_ranges.k", "lower to a higher"),
        (OWN, {"constant_ranges": {"k": (0.0, math.nan)}}, "constant_ranges.k", "between"),
        (OWN, {"candidate_gradient": ("2*k*a", "2*c")}, "candidate_gradient", "∂f/∂b: unknown"),
        (OWN, {"candidate_gradient": ("", "b")}, "candidate_gradient", "∂f/∂a"),
        (OWN, {"methods": (Method("yours"),)}, "methods[0].estimate", "there is none yet"),
    ],
)  # fmt: skip
def test_what_is_refused_of_ones_own(base: Experiment, fields: Any, field: str, words: str) -> None:
    error = refused(base.replace, **fields)
    assert error.field == field
    assert words in error.message


def test_a_claimed_gradient_is_a_method() -> None:
    claiming = OWN.replace(candidate_gradient=("2*k*a", "b"), methods=(Method("yours"),))
    assert from_json(to_json(claiming)) == claiming
    scene = build_scene(claiming.replace(start=(1.0, 1.0), alpha=0.1, steps=1), resolution=2)
    (run,) = scene.runs
    assert run.path.gradient[0] == pytest.approx([6.0, 1.0])
    assert run.path.error[0] == pytest.approx(1.0)


def test_a_formula_takes_over_where_the_person_is() -> None:
    """Editing a formula leaves start, map, constants and data; what fits no more is hidden."""
    before = Experiment(start=(0.5, 1.0), methods=(Method("analytic"), Method("mistaken")))
    after = on_formula(before, "2*b*sigmoid(a*x)")
    assert isinstance(after.function, FormulaFunction)
    assert after.function.text == "2*b*sigmoid(a*x)"
    assert after.function.constants == {"x": 1.0}
    assert after.start == before.start
    assert after.function.home_range == after.map_range == before.map_range
    assert [method.shown for method in after.methods] == [True, False]
    fitted = on_surface(Experiment(), SURFACES["linear-regression"])
    assert on_formula(fitted, "mean((a*x - y)^2)").function.data_set is fitted.function.data_set


def test_a_formula_leaves_a_claim_behind_that_names_what_it_does_not() -> None:
    before = OWN.replace(
        candidate_gradient=("2*k*a", "2*b"),
        constant_ranges={"k": (0.0, 10.0)},
        methods=(Method("analytic"), Method("yours")),
    )
    kept = on_formula(before, "k*a^2 + 2*b^2")
    assert kept.function.candidate_gradient == before.function.candidate_gradient
    assert kept.function.constant_ranges == before.function.constant_ranges
    left = on_formula(before, "a^2 + 2*b^2", constants={})
    assert left.function.candidate_gradient is None
    assert left.function.constant_ranges == {}
    assert [method.shown for method in left.methods] == [True, False]


def test_a_range_is_widened_to_its_constants_value() -> None:
    ranges = {"k": (0.0, 5.0)}
    assert OWN.replace(constant_ranges=ranges).function.constant_ranges == ranges
    beyond = OWN.replace(constant_ranges=ranges, constants={"k": 100.0})
    assert (beyond.function.constants, beyond.function.constant_ranges) == (
        {"k": 100.0},
        {"k": (0.0, 100.0)},
    )
    assert beyond.replace(constants={"k": -7.0}).function.constant_ranges == {"k": (-7.0, 100.0)}
    assert ranges == {"k": (0.0, 5.0)}  # nobody's own is changed


def test_a_range_in_a_file_is_widened_likewise() -> None:
    text = to_json(OWN.replace(constant_ranges={"k": (0.0, 5.0)})).replace('"k": 3.0', '"k": 30.0')
    assert '"k": 30.0' in text
    read = from_json(text)
    assert (read.function.constants, read.function.constant_ranges) == (
        {"k": 30.0},
        {"k": (0.0, 30.0)},
    )


def test_another_surface_leaves_all_of_ones_own_behind() -> None:
    own = OWN.replace(
        title="mine", home=(0.0, 1.0, 0.0, 1.0), constant_ranges={"k": (0.0, 9.0)},
        candidate_gradient=("2*k*a", "2*b"), methods=(Method("analytic"), Method("yours")),
    )  # fmt: skip
    there = on_surface(own, SURFACES["sphere"])
    assert there.function == SurfaceFunction("sphere")
    assert [method.shown for method in there.methods] == [True, False]


def test_reset_forgets_schedule_and_other_starts() -> None:
    turned = OWN.replace(
        schedule="exponential", schedule_options={"gamma": 0.5}, more_starts=((1.0, 2.0),)
    )
    again = reset(turned)
    assert (again.schedule, again.schedule_options, again.more_starts) == ("constant", {}, ())


# -- functions that are no formula


def test_a_grid_there_and_back() -> None:
    there = on_grid(Experiment(), GRID)
    assert there.function.grid == GRID
    assert there.function.home_range == there.map_range == GRID.range
    assert from_json(to_json(there)) == there
    # A line for each field and method, and one for the grid.
    assert len(to_json(there).splitlines()) < 120
    assert there.objective().gradient(0.3, 1.1) == pytest.approx((0.6, 22.0), rel=1e-12)


def test_descent_on_a_grid_goes_down() -> None:
    scene = build_scene(on_grid(Experiment(steps=200), GRID), resolution=2)
    assert [run.method.estimate for run in scene.runs] == ["analytic", "forward", "central"]
    assert scene.runs[0].path.loss[-1] == pytest.approx(1.0, abs=0.2)


def test_code_is_named_and_never_run() -> None:
    there = Experiment(function=CodeFunction(CODE), methods=(Method("forward"),))
    assert from_json(to_json(there)) == there
    with pytest.raises(CodeError, match="run only when you open it yourself"):
        build_scene(there, resolution=2)


def test_data_without_a_formula_gets_a_line() -> None:
    data = Data({"t": (0.0, 1.0, 2.0), "h": (1.0, 3.0, 5.0)})
    fitted = on_data(Experiment(), data)
    assert fitted.function.text == "mean((a*t + b - h)^2)"
    assert fitted.function.model == "a*t + b"
    assert fitted.objective().value(2.0, 1.0) == 0.0
    again = on_data(fitted, Data({"t": (1.0,), "h": (2.0,)}))
    assert again.function.text == fitted.function.text
    # What was written here is replaced, and what a person wrote is not.
    other = Data({"u": (1.0, 2.0), "v": (2.0, 3.0)})
    assert on_data(fitted, other).function.text == "mean((a*u + b - v)^2)"
    with pytest.raises(ExperimentError, match="unknown name 't'"):
        on_data(on_formula(fitted, "mean((a*t - h)^2)"), other)
    only = on_data(Experiment(), Data({"y": (1.0, 2.0)}))
    assert only.function.text == "mean((a*y + b - y)^2)"


@pytest.mark.parametrize("size", [1.0, 150.0, 1e5])
def test_a_line_begins_with_a_rate_that_does_not_diverge(size: float) -> None:
    """Least squares has the Hessian 2·mean([x², x; x, 1]) everywhere, and 2/λmax bounds α."""
    x = np.linspace(0.2, 1.0, 9) * size
    fitted = on_data(Experiment(), Data({"x": tuple(x.tolist()), "y": tuple((3 * x).tolist())}))
    hessian = 2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1.0]])
    bound = 2 / np.linalg.eigvalsh(hessian)[-1]
    assert bound / 10 < fitted.alpha < bound
    assert fitted.map_range.contains(*fitted.start)
    assert fitted.map_range.contains(3.0, 0.0)
    scene = build_scene(fitted, resolution=2)
    assert scene.runs[0].path.loss[-1] < 1e-2 * scene.runs[0].path.loss[0]


def test_a_claim_comes_and_goes_with_its_path() -> None:
    """Without one, the methods that descend with it are hidden, and they come back with it."""
    claiming = Experiment(
        function=SurfaceFunction(candidate_gradient=("b", "1")),
        methods=(Method("analytic"), Method("yours")),
    )
    without = with_candidate(claiming, None)
    assert without.function.candidate_gradient is None
    assert [method.shown for method in without.methods] == [True, False]
    again = with_candidate(without, ("2*b", "1"))
    assert again.function.candidate_gradient == ("2*b", "1")
    with pytest.raises(ExperimentError, match="unknown name 'q'"):
        with_candidate(without, ("q", "1"))


def test_json_that_editors_write() -> None:
    text = to_json(WHOLE).encode()
    assert from_json(b"\xef\xbb\xbf" + text) == WHOLE
    twice = text.replace(b'"alpha"', b'"alpha": 0.5, "alpha"', 1)
    assert "the field 'alpha' is given twice" in refused(from_json, twice).message
    inner = to_json(Experiment()).replace('"estimate"', '"estimate": "central", "estimate"', 1)
    assert "given twice" in refused(from_json, inner).message


def test_data_that_is_more_than_a_file_holds(tmp_path: Path) -> None:
    def on_rows(rows: int) -> Experiment:
        numbers = np.linspace(-1.0, 1.0, rows)
        data = Data.of_arrays({"x": numbers, "y": numbers**3}, "large.csv")
        return on_data(Experiment(), data)

    large = on_rows(json_file.MAX_DATA // 2)
    save(large, tmp_path / "large.json")
    assert load(tmp_path / "large.json") == large
    error = refused(save, on_rows(json_file.MAX_DATA // 2 + 1), tmp_path / "larger.json")
    assert "190,001 rows of 2 columns are more than the 380,000 numbers" in str(error)
    assert not (tmp_path / "larger.json").exists()
