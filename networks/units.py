"""Units of time and the rounding that amounts bear."""

from typing import Final

DAY_H: Final = 24.0
"""Hours of a day."""

WEEK_H: Final = 168.0
"""Hours of a week."""

YEAR_DAYS: Final = 365
"""Days of a year, of which closure days are taken off."""

LEAST_TEU_DAY: Final = 1e-6
"""Flows under this are rounding of a solver."""

FULL: Final = 1 - 1e-6
"""Utilisation from which a capacity binds, rounding apart."""
