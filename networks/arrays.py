"""Types of the arrays that are passed between the packages."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Real values: hours, USD, kg, km, degrees."""

Ints = NDArray[np.int64]
"""Indices of nodes, edges and rows."""

Indices = NDArray[np.int32]
"""Indices for compiled loops and sparse matrices, which use 32 bits."""

Bools = NDArray[np.bool_]
"""Masks."""
