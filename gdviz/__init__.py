"""See gradient descent, what the gradient costs, and what an approximation of it does.

The public names are imported when they are first used, so that ``import gdviz`` takes no time, and
neither Qt nor matplotlib comes with what does not need it.

>>> import gdviz
>>> f = gdviz.Objective.from_callable(lambda a, b: (a - 1) ** 2 + 3 * b**2)
>>> settings = gdviz.RunSettings(gdviz.ESTIMATES["central"], gdviz.RULES["gd"], alpha=0.1)
>>> int(gdviz.descend(f, settings, start=(2.0, 1.0)).evaluations.sum())
400
"""

from gdviz.base.notebook import Pictured
from gdviz.base.version import __version__ as __version__

TYPE_CHECKING = False  # what the type checker takes for True; importing typing takes its time
if TYPE_CHECKING:
    from gdviz.base.geometry import Range as Range
    from gdviz.engine.analysis.epsilon_sweep import sweep_epsilon as sweep_epsilon
    from gdviz.engine.analysis.operation_counts import costs as costs
    from gdviz.engine.descent.descend import descend as descend
    from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES as ESTIMATES
    from gdviz.engine.descent.path import Path as Path
    from gdviz.engine.descent.rules.update_rules import RULES as RULES
    from gdviz.engine.descent.run_settings import RunSettings as RunSettings
    from gdviz.engine.gradcheck.check import check_gradient as check_gradient
    from gdviz.engine.language.formula import Formula as Formula
    from gdviz.engine.objectives.formula_objective import FormulaObjective as FormulaObjective
    from gdviz.engine.objectives.objective import Objective as Objective
    from gdviz.engine.objectives.surfaces import SURFACES as SURFACES
    from gdviz.experiment.change_function import experiment_on as experiment_on
    from gdviz.experiment.experiment import Experiment as Experiment
    from gdviz.experiment.experiment import Method as Method
    from gdviz.experiment.open_file import open_file as open_file
    from gdviz.export.animation.save import save_animation as save_animation
    from gdviz.export.figures.scene import save_figure as save_figure
    from gdviz.export.options import FigureOptions as FigureOptions
    from gdviz.export.options import Format as _Format
    from gdviz.export.page.options import PageOptions as PageOptions
    from gdviz.export.page.page import save_page as save_page
    from gdviz.scene.animation.basins_on_map import BasinsOnMap as BasinsOnMap
    from gdviz.scene.animation.frames import plan_frames as plan_frames
    from gdviz.scene.animation.motion import Motion as Motion
    from gdviz.scene.basins import MethodBasins as MethodBasins
    from gdviz.scene.basins import basins_of
    from gdviz.scene.scene import Scene as Scene
    from gdviz.scene.scene import build_scene as build_scene

    basins = basins_of

#: Where the public names are, and what they are called there.
_PUBLIC = {
    "BasinsOnMap": "scene.animation.basins_on_map:BasinsOnMap",
    "ESTIMATES": "engine.descent.estimates.gradient_estimates:ESTIMATES",
    "Experiment": "experiment.experiment:Experiment",
    "FigureOptions": "export.options:FigureOptions",
    "Formula": "engine.language.formula:Formula",
    "FormulaObjective": "engine.objectives.formula_objective:FormulaObjective",
    "Method": "experiment.experiment:Method",
    "MethodBasins": "scene.basins:MethodBasins",
    "Motion": "scene.animation.motion:Motion",
    "Objective": "engine.objectives.objective:Objective",
    "PageOptions": "export.page.options:PageOptions",
    "Path": "engine.descent.path:Path",
    "RULES": "engine.descent.rules.update_rules:RULES",
    "Range": "base.geometry:Range",
    "RunSettings": "engine.descent.run_settings:RunSettings",
    "SURFACES": "engine.objectives.surfaces:SURFACES",
    "Scene": "scene.scene:Scene",
    "basins": "scene.basins:basins_of",
    "build_scene": "scene.scene:build_scene",
    "check_gradient": "engine.gradcheck.check:check_gradient",
    "costs": "engine.analysis.operation_counts:costs",
    "descend": "engine.descent.descend:descend",
    "experiment_on": "experiment.change_function:experiment_on",
    "open_file": "experiment.open_file:open_file",
    "plan_frames": "scene.animation.frames:plan_frames",
    "save_animation": "export.animation.save:save_animation",
    "save_figure": "export.figures.scene:save_figure",
    "save_page": "export.page.page:save_page",
    "sweep_epsilon": "engine.analysis.epsilon_sweep:sweep_epsilon",
}
__all__ = ["__version__", *sorted(_PUBLIC)]


if not TYPE_CHECKING:  # to which any name would seem to be there

    def __getattr__(name):
        if name not in _PUBLIC:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from pkgutil import resolve_name

        found = globals()[name] = resolve_name(f"gdviz.{_PUBLIC[name]}")
        return found

    def __dir__():
        return sorted({*globals(), *_PUBLIC})


def _draw(scene: "Scene", format: "_Format") -> bytes:  # noqa: A002 - Pillow's word
    from gdviz.export.figures.scene import figure_bytes

    return figure_bytes(scene, format)


Pictured.draw = staticmethod(_draw)
