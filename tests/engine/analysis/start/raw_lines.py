"""Lines through points in raw units."""

import numpy as np

from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective


def a_line(seed: int) -> tuple[FormulaObjective, np.ndarray]:
    """Return a line fitted to random data in raw units, and the least squares by NumPy."""
    random = np.random.default_rng(seed)
    top = random.choice([30.0, 100.0, 300.0, 1000.0])
    x = random.uniform(0.0 if seed % 3 else 0.6 * top, top, 20)
    y = random.normal(0, 5) * x + random.normal(0, 50) + random.normal(0, 3, 20)
    data = Data({"x": tuple(x.tolist()), "y": tuple(y.tolist())})
    best = np.linalg.lstsq(np.column_stack([x, np.ones(20)]), y, rcond=None)[0]
    return FormulaObjective.from_text("mean((a*x + b - y)^2)", None, data), best
