"""Checks of what the simulation of the network reads: where waits for a resource are, ships, new trains and storms."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import CLOSED, Row, Tables

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import StormRow

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_USING: Final = ("operations", "services", "links")
_LEAP_YEAR = 2024
_PORTS = frozenset({"port", "berth"})
# Months are rounded to a tenth of a day.
_ROUNDED_DAYS = 0.6


def storm_days(storm: "StormRow") -> tuple[float, ...]:
    """Return the days on which storms shut the ports, by month from January.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> storm_days(load_network().tables["storms"].rows[0])[9:]
    (10.0, 15.0, 15.5)
    """
    cells: Row = storm
    return tuple(float(cells[month]) for month in _MONTHS)


def check_waits_in(tables: Tables) -> Iterator[Fault]:
    """Check that the wait for a resource is in the time of a row beside it that is open while it is."""
    table, models, users = tables["resources"], tables["congestion"].by_key(), _users(tables)
    known = {item: place for name in _USING for item, place in tables[name].by_key().items()}
    for line, row in table.numbered():
        model = models.get(row["kind"])
        if row["wait_in"] and model is not None and model["model"] != "queue":
            problem = f"no queue forms at a resource of the kind {row['kind']}"
            yield Fault(table.file, line, "wait_in", problem, "leave it blank, or correct the kind")
            continue
        around = {row["place"]}.union(*(_places(user, tables) for user in users.get(row["id"], ())))
        for item in row["wait_in"]:
            if item not in known:
                problem, cure = f"{item!r} is not one of the {', '.join(_USING)}", "correct the id"
            elif not around & _places(known[item], tables):
                problem, cure = (
                    f"{item} is not at a place of {row['id']}",
                    "name a row beside those that use the resource",
                )
            elif not _overlap(row, known[item]):
                problem, cure = f"{item} is not open while {row['id']} is", "name one that is, or correct the periods"
            else:
                continue
            yield Fault(table.file, line, "wait_in", problem, cure)


def _users(tables: Tables) -> dict[str, list[Row]]:
    """Return the operations, services and links that use each resource."""
    found = defaultdict[str, list[Row]](list)
    for name in _USING:
        for row in tables[name]:
            found[row["resource"]].append(row)
    return found


def _places(row: Row, tables: Tables) -> set[str]:
    """Return the place of an operation, or the ends of a link or of the links of a service."""
    if "kind" in row:
        return {row["place"]}
    links = [row] if "from" in row else [link for link in tables["links"] if link["service"] == row["id"]]
    return {link[end] for link in links for end in ("from", "to")}


def _overlap(one: Row, other: Row) -> bool:
    """Whether two rows hold on a common day; what is closed for good would, were it open."""
    if CLOSED in (one["valid_to"], other["valid_to"]):
        return True
    first = max(row["valid_from"] or date.min for row in (one, other))
    last = min(row["valid_to"] or date.max for row in (one, other))
    return first <= last


def check_ships(tables: Tables) -> Iterator[Fault]:
    """Check that only fleets have ships, and that only ships that sail when full have a longest wait."""
    table = tables["resources"]
    for line, row in table.numbered():
        if row["ships"] is not None and row["kind"] != "fleet":
            problem = f"is given for a {row['kind']}"
            yield Fault(table.file, line, "ships", problem, "leave it blank, or set kind to fleet")
    services = tables["services"]
    for line, service in services.numbered():
        if service["max_wait_h"] is not None and service["wait_kind"] != "fill_and_go":
            problem = f"is given for a service whose wait_kind is {service['wait_kind']}"
            yield Fault(services.file, line, "max_wait_h", problem, "set wait_kind to fill_and_go, or leave it blank")


def check_new_trains(tables: Tables) -> Iterator[Fault]:
    """Check that trains are formed anew of whole trains, where cargo leaves by rail."""
    table, loads = tables["operations"], tables["loads"].by_key()
    for line, row in table.numbered():
        if row["reform_load"] is None:
            if row["reform_max_wait_h"] is not None:
                problem = "a longest wait, but no trains are formed here"
                yield Fault(table.file, line, "reform_max_wait_h", problem, "give reform_load, or leave it blank")
            continue
        if loads[row["reform_load"]]["unit"] != "train":
            problem = f"{row['reform_load']} is a {loads[row['reform_load']]['unit']}"
            yield Fault(table.file, line, "reform_load", problem, "give the load of a train")
        if row["to_mode"] != "rail" and row["kind"] != "gauge_change":
            yield Fault(table.file, line, "reform_load", "cargo does not leave by rail", "leave it blank")


def check_storms(tables: Tables) -> Iterator[Fault]:
    """Check that the days of storms fit into their months, and that no port is in two areas."""
    table = tables["storms"]
    rows_of = Counter(place for row in table for place in set(row["places"]))
    for line, row in table.numbered():
        for month, days in enumerate(storm_days(row), start=1):
            if days > monthrange(_LEAP_YEAR, month)[1]:
                problem = f"{days:g} days are more than the month has"
                yield Fault(table.file, line, _MONTHS[month - 1], problem, "give the days of one month")
        for place in row["places"]:
            if rows_of[place] > 1:
                yield Fault(table.file, line, "places", f"{place} is in more than one row", "leave it in one")


def check_storm_totals(tables: Tables) -> Iterator[Fault]:
    """Check that the months of storms add up to the closure days of the ports and berths there."""
    table = tables["storms"]
    for line, row in table.numbered():
        total = sum(storm_days(row))
        for resource in tables["resources"]:
            closed = resource["closure_days"]
            here = resource["kind"] in _PORTS and resource["place"] in row["places"]
            if here and abs(closed - total) > _ROUNDED_DAYS:
                problem = f"the months add up to {total:g} days, closure_days of {resource['id']} is {closed:g}"
                yield Fault(table.file, line, "jan", problem, "correct the months or the closure days")


QUEUE_CHECKS: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    check_waits_in,
    check_ships,
    check_new_trains,
    check_storms,
    check_storm_totals,
)
"""Checks that need valid references."""
