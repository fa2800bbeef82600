"""Write the formulas of the built-in surfaces, typeset, to the assets."""

import json
from base64 import b64encode
from typing import Any

import numpy as np

from gdviz.base.resources import assets
from gdviz.engine.language.latex import latex
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.ui.controls.surface_box import formula_of, with_head
from gdviz.ui.toolkit.shipped_formulas import CODES, FILE, PIECES, VERTICES, key_of
from gdviz.ui.toolkit.widgets.math_label import laid_out


def typeset_formulas() -> dict[str, Any]:
    """Return LaTeX by formula, and outlines by LaTeX."""
    written, outlines = {}, {}
    for surface in SURFACES.values():
        formula = formula_of(on_surface(Experiment(), surface).function)
        written[key_of(*formula)] = latex(*formula)
        shown = with_head(latex(*formula))
        outline = laid_out(shown)
        assert outline is not None, surface.name
        vertices = (outline.vertices * PIECES).round()
        assert abs(vertices).max() < np.iinfo(VERTICES).max, surface.name
        arrays = vertices.astype(VERTICES), outline.codes.astype(CODES)
        outlines[shown] = [b64encode(array.tobytes()).decode() for array in arrays]
    return {"latex": written, "outlines": outlines}


if __name__ == "__main__":
    content = json.dumps(typeset_formulas(), ensure_ascii=False, separators=(",", ":"))
    (assets() / FILE).write_text(content + "\n", encoding="utf-8")
