"""Units of time, and the tolerance below which a flow counts as zero."""

from typing import Final

DAY_H: Final = 24.0
"""Hours of a day."""

DAY_HOURS: Final = 24
"""Hours of a day as integer steps of a schedule."""

WEEK_H: Final = 168.0
"""Hours of a week; the hour gained or lost when the clocks change is ignored."""

YEAR_DAYS: Final = 365
"""Days of a year, from which the days of closures are subtracted."""

YEAR_H: Final = YEAR_DAYS * DAY_H
"""Hours of a year."""

TONNES_PER_TEU: Final = 12.0
"""Load of a TEU where none is given."""

LEAST_TEU_DAY: Final = 1e-6
"""Smaller flows are rounding errors of a solver."""

FULL: Final = 1 - 1e-6
"""Utilisation from which a capacity binds, with a tolerance for rounding."""
