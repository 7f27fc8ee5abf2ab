"""Alarms: resources that carried more in a year than their capacity."""

from collections.abc import Iterator

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Tables
from landbridge.networks.units import YEAR_DAYS


def check_throughput(tables: Tables) -> Iterator[Fault]:
    """Yield an alarm for each year in which the traffic counted at a resource exceeds its capacity.

    Both are in one unit. A throughput per day is the mean of all days of the year, so that the capacity per day is
    reduced by the closure days.
    """
    table, resources = tables["capacities"], tables["resources"].by_key()
    for line, row in table.numbered():
        closed = resources[row["resource"]]["closure_days"] if row["closure_days"] is None else row["closure_days"]
        per_year = row["unit"].endswith("/year")
        offered = row["capacity"] * (1.0 if per_year else max(0.0, YEAR_DAYS - closed) / YEAR_DAYS)
        if row["throughput"] is not None and row["throughput"] > offered:
            problem = f"{row['resource']} carried {row['throughput']:g} in {row['year']} of at most {offered:g}"
            cure = "raise the capacity, or check what was counted"
            yield Fault(table.file, line, "throughput", f"{problem} {row['unit']}", cure)
