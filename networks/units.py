"""Units of time and the rounding that amounts bear."""

from typing import Final

DAY_H: Final = 24.0
"""Hours of a day."""

DAY_HOURS: Final = 24
"""The same as steps of a schedule in whole hours."""

WEEK_H: Final = 168.0
"""Hours of a week; the two of a year in which the clocks are changed have an hour more or less, which is left out."""

YEAR_DAYS: Final = 365
"""Days of a year, of which closure days are taken off."""

YEAR_H: Final = YEAR_DAYS * DAY_H
"""Hours of a year."""

TONNES_PER_TEU: Final = 12.0
"""Load of a TEU where none is given."""

LEAST_TEU_DAY: Final = 1e-6
"""Flows under this are rounding of a solver."""

FULL: Final = 1 - 1e-6
"""Utilisation from which a capacity binds, rounding apart."""
