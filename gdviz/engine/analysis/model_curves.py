"""What is fitted: data points, and a model's curve or boundary among them at a point (a, b).

A model with one data column beside the target is a curve over it. One with two is a boundary
between two classes: where it is 0, for the labels −1 and 1, and where it predicts the middle of
the target's values else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import contourpy
import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import capitalized, number
from gdviz.base.types import Array
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.operations import AGGREGATES, ROWS
from gdviz.engine.language.parser import PARAMETERS, parse_row
from gdviz.engine.language.syntax_tree import Apply, Datum, Tree, leaves
from gdviz.engine.objectives.data import Data

#: Points of a curve, and of the grid along each axis on which a boundary is found.
CURVE_POINTS, BOUNDARY_POINTS = 200, 49
#: Of the data's range, the room on each side within which curve and boundary are drawn.
MARGIN = 0.06

Bools = NDArray[np.bool_]
_NOTHING: Array = np.empty(0)


@dataclass(frozen=True, eq=False)
class Fit:
    """A model at a point (a, b).

    Attributes
    ----------
    x, y : ndarray, shape (m,)
        The curve or the boundary as one polyline, its gaps nan; empty where there is none.
    predictions : ndarray, shape (rows,)
        The model's value for each row; nan or inf where it has none. Empty without a model.
    deviations : ndarray, shape (rows,)
        The margins label · model where the target holds labels, else the residuals
        target − model.
    wrong : ndarray of bool, shape (rows,)
        Whether the row is on the boundary or on its wrong side; False without labels.
    sentence : str
        Why nothing is drawn; empty where something is.
    """

    x: Array
    y: Array
    predictions: Array
    deviations: Array
    wrong: Bools
    sentence: str = ""


@dataclass(frozen=True, eq=False)
class Fitting:
    """Data, and the model that is fitted to it: see :func:`fitting`.

    Attributes
    ----------
    data : Data
        The rows.
    target : str
        The column that is fitted.
    labels : bool
        Whether `target` holds the labels −1 and 1.
    axes : (str, str)
        What is plotted: a feature and the target, or two features. Empty is the row's number.
    x, y : ndarray, shape (rows,)
        The points.
    above : ndarray of bool, shape (rows,) or (0,)
        In a plane of two features, whether the target is above `level`; else empty.
    level : float
        The model's value on the boundary.
    sentence : str
        Why only points are drawn; empty where there is a curve or a boundary.
    """

    data: Data
    target: str
    labels: bool
    axes: tuple[str, str]
    x: Array
    y: Array
    above: Bools
    level: float
    sentence: str
    _model: Callable[..., Any] | None
    _constants: tuple[float, ...]

    @property
    def has_model(self) -> bool:
        """Whether each row has a prediction."""
        return self._model is not None

    @property
    def is_plane(self) -> bool:
        """Whether the axes are two features, and not a feature and the target."""
        return bool(self.above.size)

    def at(self, a: float, b: float, *, by_row: bool = True) -> Fit:
        """Return the model at a point.

        Nothing raises: where the model has no value, the curve has a hole.

        Parameters
        ----------
        a, b : float
            The point.
        by_row : bool, default True
            Whether predictions and the like are there, and not the curve or boundary alone.
        """
        if self._model is None:
            return Fit(_NOTHING, _NOTHING, _NOTHING, _NOTHING, np.empty(0, bool), self.sentence)
        predictions = deviations = _NOTHING
        wrong = np.empty(0, bool)
        if by_row:
            rows = self.data.arrays
            predictions = self._values(a, b, rows, (self.data.rows,))
            with np.errstate(all="ignore"):
                target = rows[self.target]
                deviations = target * predictions if self.labels else target - predictions
            wrong = deviations <= 0 if self.labels else np.zeros(self.data.rows, bool)
        if self.sentence:
            x, y, sentence = _NOTHING, _NOTHING, self.sentence
        elif self.is_plane:
            x, y, sentence = self._boundary(a, b)
        else:
            x, y, sentence = self._curve(a, b)
        return Fit(x, y, predictions, deviations, wrong, sentence)

    def _values(
        self, a: float, b: float, columns: Mapping[str, Array], shape: tuple[int, ...]
    ) -> Array:
        """Evaluate the model; columns that are not given are those that it does not name."""
        assert self._model is not None
        given = [columns.get(name, np.float64(0)) for name in self.data.names]
        a, b = np.float64(a), np.float64(b)
        with np.errstate(all="ignore"):
            values = self._model(a, b, *self._constants, *given, np.float64(self.data.rows))
            return np.broadcast_to(np.asarray(values, np.float64), shape)

    def _curve(self, a: float, b: float) -> tuple[Array, Array, str]:
        x = np.linspace(*widened(self.x), CURVE_POINTS)
        y = self._values(a, b, {self.axes[0]: x}, x.shape)
        finite = np.isfinite(y)
        return x, np.where(finite, y, np.nan), "" if finite.any() else _NO_VALUE

    def _boundary(self, a: float, b: float) -> tuple[Array, Array, str]:
        # Interpolation between the grid's points is exact for a linear model.
        across, up = (np.linspace(*widened(points), BOUNDARY_POINTS) for points in (self.x, self.y))
        columns = {self.axes[0]: across, self.axes[1]: up[:, None]}
        values = self._values(a, b, columns, (len(up), len(across))) - self.level
        finite = np.isfinite(values)
        if not finite.any():
            return _NOTHING, _NOTHING, _NO_VALUE
        lines: Any = contourpy.contour_generator(
            across, up, np.ma.masked_array(values, ~finite), name="serial"
        ).lines(0.0)
        if not lines:
            low, high = values[finite].min(), values[finite].max()
            side = "above" if low > 0 else "below" if high < 0 else "on neither side of"
            level = number(self.level)
            return (
                _NOTHING,
                _NOTHING,
                f"No boundary in view: the model is {side} {level} everywhere",
            )
        gap = np.full((1, 2), np.nan)
        x, y = np.concatenate([part for line in lines for part in (line, gap)][:-1]).T
        return np.ascontiguousarray(x), np.ascontiguousarray(y), ""


_NO_VALUE = "The model has no finite value here"


def fitting(
    data: Data,
    model: str,
    constants: Mapping[str, float],
    target: str,
    labels: bool | None = None,
    parameters: tuple[str, str] = PARAMETERS,
) -> Fitting:
    """Prepare a model on data to be drawn at any point (a, b).

    Parameters
    ----------
    data : Data
        The rows.
    model : str
        What is fitted, for each row, such as ``a*x + b``; empty where that is not known.
    constants : mapping of str to float
        Values of the constants that may stand in it; named like no column, nor n.
    target : str
        The column that is fitted.
    labels : bool, optional
        Whether that holds the labels −1 and 1, and the model is a classifier's argument; by
        default it is looked at.
    parameters : (str, str), default ("a", "b")
        What the model calls a and b.
    """
    arrays = data.arrays
    if labels is None:
        labels = bool(np.isin(arrays[target], (-1.0, 1.0)).all())
    given = dict(sorted(constants.items()))
    function, named, sentence = _compiled(model, parameters, tuple(given), data.names)
    others = [name for name in data.names if name != target]
    features = [name for name in others if name in named]
    if not sentence and target in named:
        sentence = (
            f"The model itself uses {target}, so it cannot be drawn as a curve over another column"
        )
    elif len(features) > 2:
        sentence = f"The model uses {len(features)} columns, more than can be drawn"
    plane = len(features) == 2 or (len(features) != 1 and labels and len(others) >= 2)
    features = features or others
    axes = (features[0], features[1]) if plane else (features[0] if features else "", target)
    x, y = (arrays.get(name, np.arange(1.0, data.rows + 1)) for name in axes)
    fitted = arrays[target]
    level = 0.0 if labels else float(fitted.min() + fitted.max()) / 2
    above = fitted > level if plane else np.empty(0, bool)
    return Fitting(
        data, target, labels, axes, x, y, above, level, sentence, function, tuple(given.values())
    )


def widened(values: Array) -> tuple[float, float]:
    """Return the range of values with some room on both sides."""
    low, high = float(values.min()), float(values.max())
    room = MARGIN * (high - low) or max(1.0, abs(low))  # all of them may be one and the same
    return low - room, high + room


@lru_cache(maxsize=16)
def _compiled(
    model: str, parameters: tuple[str, str], constants: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[Callable[..., Any] | None, frozenset[str], str]:
    """Return a model as a function of a, b, constants, columns and n; its columns; a sentence."""
    if not model:
        return None, frozenset(), "What is fitted to the data is unknown: only the points are shown"
    try:
        tree = parse_row(model, constants, columns, parameters)
        graph = Graph()
        output = lower(tree, graph)
    except FormulaError as error:
        return None, frozenset(), capitalized(str(error))
    function = generate(graph, [output], (*parameters, *constants, *columns, ROWS), NUMPY)
    named = frozenset(datum.name for datum in leaves(tree, Datum))
    sentence = "The model sums over all rows, so it has no value between them"
    return function, named, sentence if _aggregates(tree) else ""


def _aggregates(tree: Tree) -> bool:
    return isinstance(tree, Apply) and (
        tree.operation in AGGREGATES or any(map(_aggregates, tree.arguments))
    )
