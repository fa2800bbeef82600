"""The built-in data sets, one table: small, made for the surfaces over data.

They are draws from known models, rounded, and listed here so that every figure made from them can
be made again.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gdviz.engine.objectives.data import Data

# fmt: off
DATASETS: Mapping[str, Data] = MappingProxyType({
    # Two normal clouds around ±(0.9, 0.6), standard deviation 1.2, labels −1 and 1.
    "two-classes": Data(
        {
            "x1": (
                -1.6, 1.7, 0.3, 2.1, 1.3, 0.4, -0.2, 0.5, -2.6, 0.1, -0.7, -0.2, -1.1, 2.2, -0.2,
                1.6, -0.5, 0.7, -3.1, 2.1, -2.7, 1.2, -1, 1.1, -0.6, 0.5, 0.2, -0.6, 0.1, -1.1,
                0.5, 0.3, -0.5, 2.7, -3.5, 0.5, -0.2, 2, 0.7, 1.6,
            ),
            "x2": (
                0, 0.7, -0.3, 0.7, 0.6, 0.8, 0.2, 2.5, 0.8, 0.2, -0.7, 1.5, -1.4, -1.6, -1.8, 1.2,
                -0.9, 0.2, 0.3, -0.7, 2.1, 0.6, -1, 3, -1.9, 0, -0.7, -0.6, -1, 1.3, -0.4, 0.5,
                0.6, 2.9, 1.3, -1.9, 1, 1.5, -0.1, -0.6,
            ),
            "y": (
                -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1,
                1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1,
            ),
        },
        "two classes, 40 points",
    ),
    # y = 0.8x + 0.5 with normal noise, standard deviation 0.5.
    "line": Data(
        {
            "x": (
                -2.06, -1.78, -1.42, -1.23, -0.98, -0.85, -0.42, -0.22, 0.28, 0.47, 0.63, 0.99,
                1.11, 1.58, 1.68, 2.03, 2.02, 2.53, 2.48, 2.69,
            ),
            "y": (
                -1.3, -1.37, -0.55, 0.64, -0.7, -0.49, 0.27, 0.57, 0.64, 0.77, 1.36, 1.55, 0.87,
                1.72, 1.86, 1.6, 2.25, 2.1, 2.97, 2.75,
            ),
        },
        "a noisy line, 20 points",
    ),
    # y = 2.5·σ(1.4x) with normal noise, standard deviation 0.25.
    "s-curve": Data(
        {
            "x": (
                -4, -3.65, -3.3, -2.96, -2.61, -2.26, -1.91, -1.57, -1.22, -0.87, -0.52, -0.17,
                0.17, 0.52, 0.87, 1.22, 1.57, 1.91, 2.26, 2.61, 2.96, 3.3, 3.65, 4,
            ),
            "y": (
                0.03, -0.13, -0.01, -0.46, -0.22, 0.19, -0.37, 0.46, -0.05, 0.76, 0.6, 1.3, 1.43,
                1.3, 2.24, 2.48, 2.23, 2.27, 2.36, 2.19, 2.74, 2.34, 2.47, 2.29,
            ),
        },
        "a noisy s-curve, 24 points",
    ),
    # x normal with standard deviation 1.5, and y = 1 with the probability σ(1.5x − 0.5), else 0.
    "yes-no": Data(
        {
            "x": (
                -0.98, -0.26, 2.5, 0.99, -2.46, -0.01, -0.94, 0.22, -2.41, 0.36, 0.35, 2.36, 0.47,
                0.77, -2.24, 3.38, -2.87, 1.65, -0.49, -1.32, -0.98, -1.01, 0.57, -0.17, 2.22,
                -2.74, 0, -1.34, 1.16, -3.18,
            ),
            "y": (
                0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0,
                0, 0,
            ),
        },
        "zeros and ones, 30 points",
    ),
})
# fmt: on
"""The data sets by name; read-only."""
