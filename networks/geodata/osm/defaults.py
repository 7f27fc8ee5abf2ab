"""Default speeds, waits, fees and consignment notes by mode, for what a map does not contain.

A national service of the bundled data set is used if there is one, since it has sources. Otherwise these defaults
apply, each with an assumption in the table of sources that states the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import Any, Final

from landbridge.networks.arguments import shown
from landbridge.networks.errors import DataError
from landbridge.networks.network import load_network
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import Draft, Row, Table, Tables

OSM_SOURCE: Final = "OSM"
"""Source id of OpenStreetMap."""

YEAR: Final = 2026
"""Year of the assumptions."""

YEARS: Final = (1990, 2100)
"""First and last year that the columns of years take."""

ASSUMPTIONS: Final = {
    "OSM-A1": "Freight trains run at 30 km/h including stops for crews and passing, as most national services do",
    "OSM-A2": "Trucks average 40 km/h over a day including rest, refuelling and checks",
    "OSM-A3": "Ferries sail at 22 km/h if the map gives no duration",
    "OSM-A4": "A train departs daily; loose wagons wait two more days for one with space",
    "OSM-A5": "A truck is available on demand",
    "OSM-A6": "A ferry departs every other day",
    "OSM-A7": "Cargo changes between two gauges that end in one terminal within a day and a half",
    "OSM-A8": "A transload between gauges consists of two lifts and shunting on both sides",
    "OSM-A9": "Issuing a new consignment note takes six hours",
}
"""Assumptions by source id."""

GAUGE_CHANGE: Final[Draft] = {
    "kind": "gauge_change",
    "from_mode": "rail",
    "to_mode": "rail",
    "method": "transload",
    "both_ways": True,
    "mean_h": 36.0,
    "time_source": ("OSM-A7",),
    "time_year": YEAR,
    "time_confidence": "assumed",
    "fee_usd_per_teu": 120.0,
    "fee_usd_year": 2024,
    "fee_source": ("OSM-A8",),
    "fee_year": YEAR,
    "fee_confidence": "assumed",
}
"""Gauge change in a terminal with tracks of both gauges."""

NOTE_CHANGE: Final[Draft] = {
    "kind": "note_change",
    "from_mode": "rail",
    "to_mode": "rail",
    "both_ways": True,
    "mean_h": 6.0,
    "time_source": ("OSM-A9",),
    "time_year": YEAR,
    "time_confidence": "assumed",
}
"""Change of the consignment note."""

_SPEEDS = {"rail": (30.0, "OSM-A1"), "road": (40.0, "OSM-A2"), "ferry": (22.0, "OSM-A3")}
_WAITS = {"rail": (24.0, 48.0, "OSM-A4"), "road": (None, 0.0, "OSM-A5"), "ferry": (48.0, 0.0, "OSM-A6")}
_SPREADS = {"rail": "rail-haul", "road": "road-haul", "ferry": "blacksea-haul"}
_VEHICLES = {"rail": "train-1435", "road": "truck", "ferry": "vessel"}
_FERRY, _TRAIN_FERRY = "osm-ferry", "osm-train-ferry"


def check_country(country: object) -> None:
    """Check the country of a whole network, None if it is determined for each point.

    Raises
    ------
    DataError
        If it is not in the table of countries.
    """
    if country is not None and not (isinstance(country, str) and country in bundled_tables()["countries"].by_key()):
        raise DataError(f"country {shown(country)} is unknown; give an ISO 3166 alpha-2 code")


def regime_of(country: str, gauge: int) -> str:
    """Return the consignment note of trains: SMGS on 1520 mm, otherwise that of most bundled lines of the country.

    A country without bundled lines has CIM if it is in Europe, and otherwise a national note.

    >>> [regime_of(*track) for track in (("CN", 1435), ("PL", 1520), ("PL", 1435), ("DK", 1435), ("JP", 1067))]
    ['smgs', 'smgs', 'cim', 'cim', 'national']
    """
    return "smgs" if gauge == 1520 else _regimes().get(country, "national")


@cache
def bundled_tables() -> Tables:
    """Return the tables of the bundled data set, which are read once and must not be changed."""
    return load_network().tables


@cache
def _regimes() -> dict[str, str]:
    tables = bundled_tables()
    countries = {row["id"]: row["country"] for row in tables["places"]}
    notes: dict[str, Counter[str]] = defaultdict(Counter)
    for link in tables["links"]:
        if link["mode"] == "rail":
            for end in ("from", "to"):
                notes[countries[link[end]] or ""][str(link["regime"])] += 1
    european = {row["code"]: "cim" for row in tables["countries"] if row["timezone"].startswith("Europe/")}
    return european | {country: own.most_common(1)[0][0] for country, own in notes.items()}


def service_of(mode: str, country: str, *, wagons: bool = False) -> str:
    """Return the id of the service that operates a link."""
    if mode == "ferry":
        return _TRAIN_FERRY if wagons else _FERRY
    return f"{mode}-{country.lower()}"


def change_rows(place: str, tracks: Collection[tuple[int, str]]) -> list[Draft]:
    """Return the operations by which cargo changes between tracks of a place, given by gauge and consignment note."""
    rows, names = list[Draft](), Counter[str]()
    for (gauge, regime), (other_gauge, other_regime) in combinations(sorted(tracks), 2):
        row: Draft = {"place": place}
        if gauge != other_gauge:
            row |= {"from_gauge": gauge, "to_gauge": other_gauge}
        if regime != other_regime:
            row |= {"from_regime": regime, "to_regime": other_regime}
        base, name = (GAUGE_CHANGE, "gauge") if gauge != other_gauge else (NOTE_CHANGE, "note")
        names[name] += 1
        number = f"-{names[name]}" if names[name] > 1 else ""
        rows.append(base | row | {"id": f"{place}--{name}{number}"})
    return rows


def complete(table: str, row: Mapping[str, Any]) -> Draft:
    """Return a row with every column of its table, missing ones with the schema's defaults; other keys are kept."""
    return {column.name: column.parse("") for column in schemas()[table].columns} | dict(row)


def service_rows(
    ids: Iterable[str], bundled: Tables, *, ferry_takes_trains: bool, speeds: Mapping[str, float]
) -> list[Draft]:
    """Return services: the bundled national ones without the fleets of the corridors, otherwise the defaults.

    Parameters
    ----------
    ids
        Ids as returned by `service_of`.
    bundled
        Tables of the bundled data set.
    ferry_takes_trains
        Whether containers can change between train and ferry without a truck.
    speeds
        Speeds in km/h by mode given by the user, which take precedence.
    """
    known = bundled["services"].by_key()
    found = []
    for service in sorted(set(ids)):
        row: Draft = dict(known[service]) if service in known else _default(service, bundled, ferry_takes_trains)
        mode = row["mode"]
        row |= {"resource": None, "vehicle": row["vehicle"] or _VEHICLES[mode], "note": row.get("note")}
        if mode in speeds:
            row |= {"speed_km_h": speeds[mode], "speed_source": ("OSM-USER",), "speed_year": YEAR}
            row["speed_confidence"] = "assumed"
        found.append(row)
    return found


def _default(service: str, bundled: Tables, ferry_takes_trains: bool) -> Draft:
    mode = "ferry" if service in {_FERRY, _TRAIN_FERRY} else service.partition("-")[0]
    country = service.partition("-")[2].upper() if mode != "ferry" else None
    speed, speed_source = _SPEEDS[mode]
    headway, loose, wait_source = _WAITS[mode]
    trains = service == _TRAIN_FERRY
    names = {"ferry": "Train ferry" if trains else "Ferry for trucks"}
    accepts = ("rail",) if trains else () if ferry_takes_trains else ("road",)
    return complete(
        "services",
        {
            "id": service,
            "name": names.get(mode, f"{mode.capitalize()} freight in {country}"),
            "mode": mode,
            "country": country,
            "accepts": accepts if mode == "ferry" else (),
            "speed_km_h": speed,
            "spread": _SPREADS[mode],
            "speed_source": (speed_source,),
            "speed_year": YEAR,
            "speed_confidence": "assumed",
            "wait_kind": "headway" if headway else "on_demand",
            "headway_h": headway,
            "loose_wait_h": loose,
            "wait_source": (wait_source,),
            "wait_year": YEAR,
            "wait_confidence": "assumed",
            "vehicle": _VEHICLES[mode],
            "tariff": _first(bundled["tariffs"], service, mode, trains=trains),
            "emission_factor": _first(bundled["emission_factors"], service, mode, trains=trains),
        },
    )


def _first(table: Table[Any], service: str, mode: str, *, trains: bool) -> str:
    """Return the tariff or factor of the country, or else that of a country or kind in the middle of the range."""
    known = {str(row["id"]) for row in table}
    general = {"rail": "rail-tr", "road": "road-tr", "ferry": "ferry-rail" if trains else "ferry-roro"}[mode]
    return next(name for name in (service, general, "road-heavy") if name in known)


def source_rows(source: str, year: int) -> list[Draft]:
    """Return the source rows of OpenStreetMap and of the assumptions."""
    rows = [
        {
            "id": OSM_SOURCE,
            "kind": "map",
            "title": f"OpenStreetMap, read from {source}",
            "publisher": "OpenStreetMap contributors",
            "year": year,
            "url": "https://www.openstreetmap.org/copyright",
            "licence": "ODbL 1.0",
        },
        {"id": "OSM-USER", "kind": "assumption", "title": "given when the network was built", "year": YEAR},
    ]
    rows += [
        {"id": name, "kind": "assumption", "title": title, "publisher": "landbridge", "year": YEAR}
        for name, title in ASSUMPTIONS.items()
    ]
    return [complete("sources", row) for row in rows]


def cited_sources(tables: Mapping[str, Table[Any]], sources: Iterable[Row]) -> list[Row]:
    """Return those of some sources that the tables cite."""
    cited = {
        source
        for table in tables.values()
        for column in table.schema.columns
        if column.refers_to == "sources"
        for row in table
        for source in row[column.name] or ()
    }
    return [row for row in sources if row["id"] in cited]
