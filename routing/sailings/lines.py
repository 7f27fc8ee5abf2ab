"""Input of a plan of sailings: the lines of ships, their berths, and the days on which storms close the ports.

A line is a link by sea or ferry with the ships of its service. Its facts come from the tables: the load of a ship from
`services` and `loads`, less what low water takes; the voyage from length and speed; berths and the pace of handling
from `berths`. Ships of one fleet are alike and may change between the lines of their fleet, never between fleets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from landbridge.networks.arguments import real_number, shown, texts
from landbridge.networks.errors import DataError, Fault, QueryError
from landbridge.networks.network import Network
from landbridge.networks.tables.records import TableLike, faults_of_header, parsed_cells, records_of
from landbridge.networks.tables.schema import Column
from landbridge.networks.units import YEAR_DAYS
from landbridge.networks.words import counted
from landbridge.networks.years import resources_of_year

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import BerthRow, LinkRow, LoadRow, ServiceRow

_SHIP_MODES = frozenset({"sea", "ferry"})
_ROUNDING = 1e-9
_MOST_TEU_DAY: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Berths:
    """Berths of a port shared by the ships of some services.

    Attributes
    ----------
    berths_id, place
        Id in the table `berths`, and the port.
    count
        Ships that can be handled at the same time.
    handling_teu_h
        TEU loaded or unloaded per hour and ship.
    call_h
        Hours of a call in addition to loading and unloading.
    """

    berths_id: str
    place: str
    count: int
    handling_teu_h: float
    call_h: float


@dataclass(frozen=True, kw_only=True)
class ShipLine:
    """A line of ships between a home port and an outer port, with its demand.

    Attributes
    ----------
    link_id, service_id, fleet
        Link and service of the line, and the resource with its ships (the service if it names none).
    home, outer
        Berths at both ends. Lines of one fleet share the home port, where ships can change lines.
    load_teu
        Whole TEU that a ship carries, after the low-water loss.
    voyage_h
        Whole hours at sea in one direction, rounded up.
    out_teu_day, back_teu_day
        Demand from the home port to the outer port, and back.
    """

    link_id: str
    service_id: str
    fleet: str
    home: Berths
    outer: Berths
    load_teu: int
    voyage_h: int
    out_teu_day: float
    back_teu_day: float
    sources: tuple[str, ...] = ()


LineDemand = float | tuple[float, float]
"""TEU per day in each direction, or a pair: along the link, and back."""

LinesLike: TypeAlias = "Mapping[str, LineDemand] | TableLike"
"""TEU per day by link or service as given by a user, or a table with the columns `COLUMNS`."""

COLUMNS: Final = (
    Column("line", "text", "", True, "", "", "the link, or the service if it has one link"),
    Column("teu_day", "number", "", True, "", "0..1e9", "TEU per day along the link"),
    Column("back_teu_day", "number", "", False, "", "0..1e9", "TEU per day back; blank: the same"),
)
"""Columns of a table of lines; others are ignored."""


def lines_given(demand: "LinesLike") -> dict[str, LineDemand]:
    """Return the TEU per day by link or service, given a mapping or a table.

    Raises
    ------
    DataError
        If a table is invalid, listing every fault.
    QueryError
        If it is neither.

    Examples
    --------
    >>> lines_given([{"line": "feeder-aktau-alat", "teu_day": 60, "back_teu_day": 40}])
    {'feeder-aktau-alat': (60.0, 40.0)}
    """
    if isinstance(demand, Mapping):
        return dict(zip(texts(tuple(demand), "demand", "links or services"), demand.values(), strict=True))
    records = records_of(demand, "demand", COLUMNS)
    missing = faults_of_header(records, COLUMNS)
    faults = [*records.faults, *missing]
    found: dict[str, LineDemand] = {}
    for line, cells in [] if missing else records.rows:
        row = parsed_cells(records.name, line, cells, COLUMNS, faults)
        if row["line"] in found:
            faults.append(Fault(records.name, line, "line", f"{row['line']} is repeated", "give it once"))
        back = row["back_teu_day"]
        found[row["line"]] = row["teu_day"] if back is None else (row["teu_day"], back)
    if faults:
        raise DataError(f"{records.name} has {counted(len(faults), 'fault')}", sorted(faults))
    return found


def ship_lines(
    network: Network, demand: Mapping[str, LineDemand], *, low_water_loss: float | None = None
) -> tuple[ShipLine, ...]:
    """Return the lines of a demand.

    Parameters
    ----------
    network
        Network with the table `berths`.
    demand
        TEU per day by link (or by service if it has one link): a number for each direction, or a pair.
    low_water_loss
        Share of a load (0 to below 1) that ships leave behind, instead of that in the table `loads`.

    Raises
    ------
    QueryError
        If a link is unknown, is not operated by ships or has no berths, or the demand or loss is out of range.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> (line,) = ship_lines(load_network(), {"feeder-aktau-alat": 100})
    >>> line.load_teu, line.voyage_h, line.outer.place
    (191, 24, 'kz-aktau')
    """
    if not demand:
        raise QueryError("no line is given; give the TEU per day of a link, such as feeder-aktau-alat: 100")
    loss = None if low_water_loss is None else real_number(low_water_loss, "low_water_loss")
    if loss is not None and not 0 <= loss < 1:
        raise QueryError(f"low_water_loss is {loss:g}; give a share from 0 to below 1")
    wanted = [(_link(network, name), _both_ways(name, teu_day)) for name, teu_day in demand.items()]
    ids = [link["id"] for link, _ in wanted]
    if len(set(ids)) < len(ids):
        raise QueryError(f"a line is repeated in {', '.join(ids)}; give each once")
    homes = _homes(network, [link for link, _ in wanted])
    return tuple(_line(network, link, teu_day, homes[link["id"]], loss) for link, teu_day in wanted)


def plannable_links(network: Network) -> list["LinkRow"]:
    """Return the links with ships whose service has berths at both ends."""
    return [
        link
        for link in network.links
        if link["mode"] in _SHIP_MODES
        and all(berth_rows(network, link[end], link["service"]) for end in ("from", "to"))
    ]


def closed_days_of(
    network: Network,
    lines: Sequence[ShipLine],
    *,
    period_days: int,
    storm_days: int | None = None,
    seed: int = 0,
    year: int | None = None,
) -> tuple[int, ...]:
    """Draw the days of a period, counted from 0, on which storms close the ports, independently of each other (A2259).

    Parameters
    ----------
    network, lines
        The lines; without `storm_days` the mean is the largest of the annual `closure_days` of their fleets.
    period_days
        Length of the period in days.
    storm_days
        Number of closed days in the period.
    seed
        Seed of the draw; the same seed gives the same days.
    year
        Year of the closure days; None: those of the table `resources`.

    Raises
    ------
    QueryError
        If no day of the period would remain open.
    """
    if storm_days is None:
        rows = resources_of_year(network, year)
        yearly = [rows[line.fleet]["closure_days"] or 0.0 for line in lines if line.fleet in rows]
        storm_days = round(max(yearly, default=0.0) * period_days / YEAR_DAYS)
    if not 0 <= storm_days < period_days:
        raise QueryError(f"{storm_days} storm days leave none of {period_days} days open; give fewer")
    drawn = np.random.default_rng(seed).choice(period_days, size=storm_days, replace=False)
    return tuple(sorted(int(day) for day in drawn))


def _link(network: Network, name: str) -> "LinkRow":
    links = [link for link in network.links if name in {link["id"], link["service"]}]
    if not links:
        known = ", ".join(link["id"] for link in plannable_links(network)) or "none"
        raise QueryError(f"there is no link or service {name!r}; links that can be planned: {known}")
    if len(links) > 1:
        raise QueryError(f"{name} operates {', '.join(link['id'] for link in links)}; give one of these links")
    if links[0]["mode"] not in _SHIP_MODES:
        raise QueryError(f"{name} is a {links[0]['mode']} link without ships; give a sea or ferry link")
    return links[0]


def _both_ways(name: str, teu_day: LineDemand) -> tuple[float, float]:
    given = tuple(teu_day) if isinstance(teu_day, tuple | list) else (teu_day, teu_day)
    if len(given) != 2:
        raise QueryError(f"the demand of {name} is {shown(teu_day)}; give TEU a day, or a pair along the link and back")
    found = (
        float(real_number(given[0], f"the demand of {name}")),
        float(real_number(given[1], f"the demand of {name}")),
    )
    # Every comparison with NaN is false, so the test is for valid values.
    if not all(0 <= value < _MOST_TEU_DAY for value in found) or not any(found):
        raise QueryError(
            f"the demand of {name} is {shown(teu_day)} TEU a day; give numbers from 0 to below {_MOST_TEU_DAY:,}, "
            "one of them above 0"
        )
    return found


def _fleet(network: Network, link: "LinkRow") -> str:
    return str(network.services[link["service"]]["resource"] or link["service"])


def _homes(network: Network, links: Iterable["LinkRow"]) -> dict[str, str]:
    """Return the home port of each link: the end shared by all lines of its fleet."""
    by_fleet: dict[str, list[LinkRow]] = {}
    for link in links:
        by_fleet.setdefault(_fleet(network, link), []).append(link)
    homes: dict[str, str] = {}
    for fleet, lines in by_fleet.items():
        common = set.intersection(*({link["from"], link["to"]} for link in lines))
        if not common:
            raise QueryError(
                f"the lines {', '.join(link['id'] for link in lines)} of the fleet {fleet} have no port in common, "
                "where ships could change lines; plan them separately"
            )
        # For a single line either end would do; take the one where the link ends.
        homes |= {link["id"]: link["to"] if link["to"] in common else link["from"] for link in lines}
    return homes


def berth_rows(network: Network, place: str, service: str) -> list["BerthRow"]:
    """Return the rows of berths at which the ships of a service call in a port."""
    return [row for row in network.tables["berths"] if row["place"] == place and service in row["services"]]


def _berths(network: Network, place: str, service: str) -> tuple[Berths, "BerthRow"]:
    rows = berth_rows(network, place, service)
    if len(rows) != 1:
        raise QueryError(
            f"{place} has {len(rows)} rows of berths for {service}; give it exactly one in the table berths, "
            "with the number of berths and the TEU per hour"
        )
    row = rows[0]
    berths = Berths(
        berths_id=row["id"],
        place=place,
        count=row["berths"],
        handling_teu_h=row["handling_teu_h"],
        call_h=row["call_h"] or 0.0,
    )
    return berths, row


def _line(
    network: Network, link: "LinkRow", teu_day: tuple[float, float], home: str, low_water_loss: float | None
) -> ShipLine:
    service = network.services[link["service"]]
    vessel = network.tables["loads"].by_key().get(service["vehicle"] or "")
    load_teu = load_teu_of(service, vessel, low_water_loss)
    outer = link["from"] if home == link["to"] else link["to"]
    (home_berths, home_row), (outer_berths, outer_row) = (
        _berths(network, place, service["id"]) for place in (home, outer)
    )
    speed_km_h = link["speed_km_h"] or service["speed_km_h"]
    length_km = network.link_lengths_km[network.links.index(link)]
    along, against = teu_day
    return ShipLine(
        link_id=link["id"],
        service_id=service["id"],
        fleet=_fleet(network, link),
        home=home_berths,
        outer=outer_berths,
        load_teu=load_teu,
        voyage_h=ceil(length_km / speed_km_h),
        out_teu_day=along if home == link["from"] else against,
        back_teu_day=against if home == link["from"] else along,
        sources=_sources(link, service, vessel, (home_row, outer_row), low_water=low_water_loss is None),
    )


def load_teu_of(service: "ServiceRow", vessel: "LoadRow | None", low_water_loss: float | None) -> int:
    """Return the whole TEU that a ship of a service carries after the low-water loss."""
    if service["vehicle_teu"] is None and vessel is None:
        raise QueryError(f"the service {service['id']} has no vehicle; give its ship or vehicle_teu")
    of_vessel = vessel or {"teu": 0.0, "low_water_loss": 0.0}
    nominal_teu = float(service["vehicle_teu"] if service["vehicle_teu"] is not None else of_vessel["teu"])
    loss = float(of_vessel["low_water_loss"] or 0.0) if low_water_loss is None else low_water_loss
    load_teu = floor(nominal_teu * (1 - loss) + _ROUNDING)
    if load_teu < 1:
        raise QueryError(f"a ship of {service['id']} carries {nominal_teu:g} TEU minus {loss:.0%}, less than one TEU")
    return load_teu


def _sources(
    link: "LinkRow", service: "ServiceRow", vessel: "LoadRow | None", berths: Sequence["BerthRow"], *, low_water: bool
) -> tuple[str, ...]:
    cited = [*link["length_source"], *(link["time_source"] if link["speed_km_h"] else service["speed_source"])]
    if service["vehicle_teu"] is not None:
        cited += service["capacity_source"]
    elif vessel is not None:
        cited += vessel["source"]
    if low_water and vessel is not None:
        cited += vessel["low_water_source"]
    for row in berths:
        cited += [*row["berths_source"], *row["handling_source"]]
    return tuple(dict.fromkeys(cited))
