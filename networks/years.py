"""Years of demand and capacities: a year of demand meets the capacities of the same year, if that has demand.

The table `capacities` overrides `resources` in single years, and rows of `demand` may belong to a year. A network
without either has no years, and answers from `resources` and its whole demand.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, cast

from landbridge.networks.arguments import whole_number
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network, network_given
from landbridge.networks.tables.table import Row, Tables

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import ResourceRow


def year_given(network: Network, year: object = None) -> int | None:
    """Return the year of an answer: the given one, or by default the latest complete year that has demand.

    A year is complete if it ends before the reference date; if none does, it is the latest that has demand. A row
    `year` of the table `dataset` stands above this: that of a scenario.

    Returns
    -------
    int or None
        None if no year is given and the network has no demand by year.

    Raises
    ------
    QueryError
        If the network has neither demand nor capacities of the given year.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> year_given(load_network())
    2025
    """
    tables = network_given(network).tables
    of_dataset = tables["dataset"].by_key().get("year")
    if year is None and of_dataset is not None:
        year = int(of_dataset["value"])
    if year is None:
        return _latest(network, _years(tables.get("demand", ()), "for_year"))
    known = known_years(tables)
    found = whole_number(year, "year", 1900, 2200)
    if found not in known:
        cure = f"give one of {', '.join(map(str, known))}" if known else "omit it, since the network has no years"
        raise QueryError(f"there is neither demand nor a capacity of {found}; {cure}")
    return found


def demand_year(network: Network, year: object = None, rows: Iterable[Row] | None = None) -> int | None:
    """Return the year whose demand meets the capacities of a year: the same, or the default where it has no demand.

    The rows are those of a demand; None: the table of the network.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> demand_year(load_network(), 2024), demand_year(load_network(), 2030)
    (2024, 2025)
    """
    found = year_given(network, year)
    of_demand = _years(network.tables.get("demand", ()) if rows is None else rows, "for_year")
    return found if found in of_demand else _latest(network, of_demand)


def resources_of_year(network: Network, year: int | None) -> "dict[str, ResourceRow]":
    """Return the resources by id, with the capacity, background and closure days of a year; None: as in the table."""
    found = dict(network.tables["resources"].by_key())
    for row in network.tables["capacities"] if year is not None else ():
        if row["year"] == year:
            own = {
                "capacity": row["capacity"],
                "capacity_unit": row["unit"],
                "capacity_source": row["source"],
                "capacity_year": year,
                "capacity_confidence": row["confidence"],
                "background_teu_day": row["background"],
                "closure_days": row["closure_days"],
            }
            given = {name: value for name, value in own.items() if value is not None}
            found[row["resource"]] = cast("ResourceRow", found[row["resource"]] | given)
    return found


def _latest(network: Network, of_demand: set[int]) -> int | None:
    """Return the latest complete year that has demand, or the latest of all if none is complete."""
    complete = {known for known in of_demand if date(known, 12, 31) < network.reference_date}
    return max(complete or of_demand, default=None)


def known_years(tables: Tables) -> list[int]:
    """Return the years that have demand or capacities, in order."""
    return sorted(_years(tables.get("demand", ()), "for_year") | _years(tables.get("capacities", ()), "year"))


def _years(rows: Iterable[Row], column: str) -> set[int]:
    return {row[column] for row in rows if row.get(column) is not None}
