"""Kinds of functions by which waits grow with flows, and where that of a queue becomes a line."""

from typing import Final

NONE, BPR, QUEUE, CONICAL, AKCELIK, POLYNOMIAL = range(6)

TANGENT_FROM: Final = 0.99
"""Utilisation above which the wait of a queue goes on along its tangent."""
