"""Checks of the traffic states: normal and congested months."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Tables
from landbridge.networks.times.durations import operation_duration, wait_duration
from landbridge.networks.times.traffic import normal_mean_h

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import TrafficRow

_COLUMNS = ("operations", "waits")


def check_traffic_items(tables: Tables) -> Iterator[Fault]:
    """Check that each row has items, that no other row has them, and that waits do not follow a timetable."""
    table, services = tables["traffic"], tables["services"].by_key()
    rows_of = Counter((column, item) for row in table for column in _COLUMNS for item in set(_items(row, column)))
    for line, row in table.numbered():
        if not (row["operations"] or row["waits"]):
            problem = "neither operations nor waits are given, so it has no effect"
            yield Fault(table.file, line, "operations", problem, "give operations or waits")
        for column in _COLUMNS:
            for item in _items(row, column):
                if rows_of[column, item] > 1:
                    yield Fault(table.file, line, column, f"{item} is in more than one row", "leave it in one")
        for item in row["waits"]:
            if services[item]["wait_kind"] not in {"headway", "fill_and_go"}:
                problem = f"the wait_kind of {item} is {services[item]['wait_kind']}"
                yield Fault(table.file, line, "waits", problem, "only waits by headway or until full have states")


def check_traffic_groups(tables: Tables) -> Iterator[Fault]:
    """Check that all rows of a group have the same share of congested months."""
    table, share_of = tables["traffic"], dict[str, float]()
    for line, row in table.numbered():
        share = share_of.setdefault(row["group"], row["congested_share"])
        if share != row["congested_share"]:
            problem = f"another row of the group {row['group']} has {share:g}"
            yield Fault(table.file, line, "congested_share", problem, "give all rows of a group the same share")


def check_traffic_times(tables: Tables) -> Iterator[Fault]:
    """Check that congested months take longer than normal ones, for which some time is left."""
    table = tables["traffic"]
    for line, row in table.numbered():
        for item, own_h in _means(tables, row):
            normal_h = normal_mean_h(row, own_h)
            if not 0 < normal_h <= row["congested_h"]:
                problem = f"{item} takes {own_h:.1f} h by its own row, hence {normal_h:.1f} h in normal months"
                cure = "correct congested_h, congested_share or own_time, or the time of the item"
                yield Fault(table.file, line, "congested_h", problem, cure)


def _items(row: "TrafficRow", column: str) -> tuple[str, ...]:
    return row["operations"] if column == "operations" else row["waits"]


def _means(tables: Tables, row: "TrafficRow") -> Iterator[tuple[str, float]]:
    """Yield each item with its mean hours by its own row."""
    spreads, operations, services = (
        tables["spreads"].by_key(),
        tables["operations"].by_key(),
        tables["services"].by_key(),
    )
    for item in row["operations"]:
        yield item, operation_duration(operations[item], spreads).time.mean_h
    for item in row["waits"]:
        yield item, wait_duration(services[item], spreads, loose=False).time.mean_h


TRAFFIC_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    check_traffic_items,
    check_traffic_groups,
    check_traffic_times,
)
"""Checks that need valid references."""
