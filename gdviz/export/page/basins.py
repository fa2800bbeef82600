"""Basins as a page holds them: their picture, its legend with the shares, and whose they are."""

import base64
import io
from typing import Any

from PIL import Image

from gdviz.experiment.experiment import Experiment
from gdviz.export.axes.basins import Drawn, basins_caption, legend_rows, pixels_of
from gdviz.scene.basins_picture import GLYPHS, outcome_looks, step_span


def basins_contents(experiment: Experiment, drawn: Drawn) -> dict[str, Any] | None:
    """Return the basins that lie on the map; None where there are none.

    Parameters
    ----------
    experiment : Experiment
        Whose methods they are of.
    drawn : sequence of MethodBasins
        None, one method's, or two methods' to compare.
    """
    if not drawn:
        return None
    first = drawn[0].basins
    span = step_span(first) if len(drawn) == 1 else None
    about = basins_caption(experiment, drawn)
    if span:
        about.append(f"the darker, the more steps: {span[0]} … {span[1]}")
    ends = zip(outcome_looks(first), first.outcomes, strict=True) if len(drawn) == 1 else ()
    return {
        "range": list(first.range),
        "starts": len(first.a),
        "picture": _png(drawn),
        "about": about,
        "legend": [
            {
                "glyph": GLYPHS[row.look.hatch] if row.look.color else "",
                "color": row.look.color,
                "text": f"{row.look.mark} {row.text}".lstrip(),
            }
            for row in legend_rows(experiment, drawn)
        ],
        "marks": [(end.a, end.b, look.mark) for look, end in ends if look.mark],
    }


def _png(drawn: Drawn) -> str:
    """Return the picture as PNG in base64, the highest b first."""
    file = io.BytesIO()
    Image.fromarray(pixels_of(drawn)[::-1, :, :3]).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()
