"""Checks of the table `demand`: flows per year between origins and destinations."""

from collections.abc import Iterator
from typing import Any

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import Row, Table, Tables


def check_demand(tables: Tables) -> Iterator[Fault]:
    """Yield the faults of the demand: equal ends, ends without a terminal, no quantity or two quantities."""
    table = tables["demand"]
    served = _served_places(tables["places"])
    for line, row in table.numbered():
        yield from _check_quantity(table.file, line, row)
        if row["origin"] == row["destination"]:
            problem = f"{row['origin']} is also the origin"
            yield Fault(table.file, line, "destination", problem, "give two different places")
        for column in ("origin", "destination"):
            if row[column] not in served:
                problem = f"neither {row[column]} nor any of its terminals handles a mode"
                yield Fault(table.file, line, column, problem, "give a place where cargo can be loaded and unloaded")


def _check_quantity(file: str, line: int, row: Row) -> Iterator[Fault]:
    if (row["teu_per_year"] is None) == (row["tonnes_per_year"] is None):
        yield Fault(file, line, "teu_per_year", "there must be exactly one quantity", "give TEU or, for bulk, tonnes")
    elif row["tonnes_per_year"] is not None and row["cargo_class"] != "bulk":
        yield Fault(file, line, "tonnes_per_year", f"tonnes of {row['cargo_class']} cargo", "give teu_per_year")


def _served_places(places: Table[Any]) -> set[str]:
    """Return the places that handle a mode and all their parent places."""
    parents = {row["id"]: row["parent"] for row in places}
    served: set[str] = set()
    for row in places:
        place = row["id"] if row["modes"] else None
        while place is not None and place not in served:
            served.add(place)
            place = parents[place]
    return served
