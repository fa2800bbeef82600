"""Names of types that every room speaks of."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: Float64, of any shape.
Array = NDArray[np.float64]
#: The arithmetic that a method runs on.
Precision = Literal["float64", "float32"]
