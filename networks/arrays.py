"""Types of the arrays that the rooms pass each other."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers: hours, USD, kg, km, degrees."""

Ints = NDArray[np.int64]
"""Numbers of nodes, edges, rows."""

Indices = NDArray[np.int32]
"""The same where compiled loops and sparse matrices want 32 bits."""

Bools = NDArray[np.bool_]
"""Masks."""
