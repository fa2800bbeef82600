"""What ``import gdviz`` offers: each name is the program's own, documented, and known to mypy."""

import ast
import inspect
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest

import gdviz

ROOT = Path(__file__).parents[1]
PNG = b"\x89PNG\r\n\x1a\n"


def names_for_the_type_checker() -> dict[str, str]:
    """Return what the block under TYPE_CHECKING imports, by name, as "module:name"."""
    tree = ast.parse((ROOT / "gdviz" / "__init__.py").read_text(encoding="utf-8"))
    (block, *_) = (node for node in tree.body if isinstance(node, ast.If))
    found = {}
    for node in block.body:
        if isinstance(node, ast.ImportFrom):
            found |= {
                alias.name: f"{node.module}:{alias.name}"
                for alias in node.names
                if not (alias.asname or "").startswith("_")
            }
        elif isinstance(node, ast.Assign):
            found[node.targets[0].id] = found.pop(node.value.id)
    return found


def test_the_type_checker_is_told_what_the_names_are():
    assert names_for_the_type_checker() == {
        name: f"gdviz.{place}" for name, place in gdviz._PUBLIC.items()
    }


@pytest.mark.parametrize("name", sorted(gdviz._PUBLIC))
def test_each_name_is_the_program_s_own(name):
    assert name in dir(gdviz)
    assert name in gdviz.__all__
    found = getattr(gdviz, name)
    assert found is resolve_name(f"gdviz.{gdviz._PUBLIC[name]}")
    if not callable(found):
        return
    documented = inspect.getdoc(found)
    assert documented
    if inspect.isfunction(found):
        assert "\nParameters\n-----" in documented
        for parameter in inspect.signature(found).parameters:
            assert re.search(rf"^(\w+, )*(\*\*)?{parameter}\b", documented, re.MULTILINE)


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match=r"^module 'gdviz' has no attribute 'nothing'$"):
        gdviz.nothing  # noqa: B018


def test_the_wheel_is_typed():
    assert (ROOT / "gdviz" / "py.typed").is_file()


# -- what a notebook shows


@pytest.fixture(scope="module")
def scene():
    return gdviz.build_scene(gdviz.Experiment(), resolution=24)


def test_a_scene_shows_its_picture(scene):
    png, svg = scene._repr_png_(), scene._repr_svg_()
    assert png.startswith(PNG)
    assert int.from_bytes(png[16:20]), int.from_bytes(png[20:24]) == (1200, 900)
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_path_and_a_check_say_how_they_ended(scene):
    (analytic, *_) = scene.runs
    assert repr(analytic.path) == f"<Path: {analytic.path.sentence}>"
    check = gdviz.check_gradient(
        gdviz.FormulaObjective.from_text("a^2*b"), ("2*a*b", "a"), gdviz.Range(-1, 1, -1, 1),
        seconds=0.0,
    )  # fmt: skip
    assert repr(check) == f"<GradientCheck: {'; '.join(v.sentence for v in check.verdicts)}>"


# -- what it is for


def test_a_python_function_is_minimised():
    f = gdviz.Objective.from_callable(lambda a, b: (a - 1) ** 2 + 3 * b**2)
    settings = gdviz.RunSettings(gdviz.ESTIMATES["central"], gdviz.RULES["gd"], alpha=0.1)
    path = gdviz.descend(f, settings, start=(2.0, 1.0))
    np.testing.assert_allclose(path.theta[:, 0], 1 + 0.8 ** np.arange(101), atol=1e-9)
    assert path.evaluations[:-1].tolist() == [4] * 100


def test_without_bounds_only_infinity_ends_a_path():
    f = gdviz.Objective.from_callable(lambda a, b: -a * a, lambda a, b: (-2 * a, 0.0))
    settings = gdviz.RunSettings(
        gdviz.ESTIMATES["analytic"], gdviz.RULES["gd"], alpha=1.0, steps=10_000
    )
    path = gdviz.descend(f, settings, start=(1.0, 0.0))
    np.testing.assert_array_equal(path.theta[:10, 0], 3.0 ** np.arange(10))
    assert path.sentence == "f is infinite at (3.866·10¹⁵⁴, 0), reached at step 324"


def test_an_epsilon_sweep_of_a_python_function():
    bare = gdviz.Objective.from_callable(np.hypot)
    assert 0.0 < gdviz.sweep_epsilon(bare, (3.0, 4.0)).uncertainty < 1e-11
    f = gdviz.Objective.from_callable(
        lambda a, b: a**3 + b, lambda a, b: (3 * a**2, 1.0), vectorized=True
    )
    sweep = gdviz.sweep_epsilon(f, (0.0, 1.0), precisions=["float64"])
    names = ["forward", "backward", "central", "richardson"]
    assert [curve.estimate for curve in sweep.curves] == names
    (forward, *_) = sweep.curves
    large = sweep.epsilon >= 0.1  # where a³ + b has no rounding to speak of: (ε³ − 0)/ε
    np.testing.assert_allclose(forward.error[large], sweep.epsilon[large] ** 2, rtol=1e-12)
