"""Tiny networks for tests: drawn in the test, written as CSV with round defaults, and read as any network is.

>>> network = tiny_network(
...     tmp_path,
...     links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)],
...     operations=[operation("gauge_change", "kz-c", other_place="cn-b", from_gauge=1435, to_gauge=1520, mean_h=10)],
... )

What a test does not give has these values; any column of the schema can be given as a keyword:

- a place is made for each end of a link: its country is the start of its id (`kz-c` lies in KZ; an id that does not
  start with two letters and a dash is a passage at sea), it handles every mode that touches it (junctions and passages
  none), and all places lie within 20 km of each other on the equator;
- a link `a -- b` runs both ways and `a -> b` one way; it is 100 km of rail, 1435 mm under SMGS,
  run by the service of its mode;
- there is a service for each mode, named as the mode: 50 km/h (so a link takes 2 h), no wait, 100 TEU a day;
- a service drawn with `service(...)` is of rail; with `wait_kind="headway"` it needs `headway_h`;
- the default operations take, for every mode: load 1 h, unload 2 h, transship 3 h, border exit 4 h, border entry 5 h,
  at 10 USD a TEU; `defaults=False` leaves them out (one that holds nowhere remains, else the bundled ones were taken),
  and a row with the same id (`default--load-rail`, `default--transship-rail-sea`) replaces one;
- every spread is certain (p10 = p50 = p90 = mean), the tariff `flat` is 0.10 USD a TEU-km, a mode's factor 10 g/tkm,
  dollars are of 2024, the reference date is 2026-01-01, and there are no corridors, no rules of admissibility, no
  closures and no slow-downs;
- there is no demand; a row of it is of block cargo of the flow `all`, and needs a quantity;
- every value cites the assumption `A1`.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from landbridge.networks import DataError, Network, read_network
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.schema import schemas

MODES = ("rail", "road", "sea", "ferry", "iww")

Cells = dict[str, Any]
"""The cells of one row that a test gives; values may be text, numbers, booleans or tuples."""


def place(place_id: str, **cells: Any) -> Cells:
    """Return a row of `places`."""
    return {"id": place_id, **cells}


def link(drawn: str, mode: str = "rail", **cells: Any) -> Cells:
    """Return a row of `links` from 'a -- b' (both ways) or 'a -> b' (one way)."""
    arrow = "->" if "->" in drawn else "--"
    start, end = (part.strip() for part in drawn.split(f" {arrow} "))
    track = {"gauge": 1435, "regime": "smgs"} if mode == "rail" else {}
    both_ways = arrow == "--"
    return {"from": start, "to": end, "both_ways": both_ways, "mode": mode, "service": mode, **track, **cells}


def service(service_id: str, mode: str = "rail", **cells: Any) -> Cells:
    """Return a row of `services`."""
    return {"id": service_id, "mode": mode, "emission_factor": mode, **cells}


def operation(kind: str, at: str | None = None, **cells: Any) -> Cells:
    """Return a row of `operations` at a place, or a default if `at` is None; borders are of rail unless said."""
    modes = {}
    if kind.startswith("border"):
        mode = cells.get("from_mode", "rail")
        modes = {"from_mode": mode, "to_mode": mode}
    elif kind.endswith("change"):
        modes = {"from_mode": "rail", "to_mode": "rail"}
    return {"kind": kind, "place": at, **modes, **cells}


def tiny_network(folder: Path, *, check: bool = True, **rows: Any) -> Network:
    """Write a tiny network (see `write_tiny`) and read it.

    The check has to find no fault unless `check=False`, for networks with a dead end or a link one way only.
    """
    path = write_tiny(folder, **rows)
    if check:
        return read_network(path)
    tables, faults = read_tables(path)
    if faults:
        raise DataError("a cell of the tiny network does not fit", faults)
    return Network(tables)


def write_tiny(
    folder: Path,
    *,
    links: Iterable[Cells],
    places: Iterable[Cells] = (),
    services: Iterable[Cells] = (),
    operations: Iterable[Cells] = (),
    defaults: bool = True,
    tables: Mapping[str, Iterable[Cells]] | None = None,
) -> Path:
    """Write a tiny network as CSV into a folder and return the folder.

    Parameters
    ----------
    folder
        Where to write, mostly `tmp_path`; it is made if it is not there.
    links, places, services, operations
        Rows as `link`, `place`, `service` and `operation` make them.
    defaults
        Whether there are default operations.
    tables
        Rows of further tables (`resources`, `corridors`, `sources`, ...); of a reference table (`spreads`, `tariffs`,
        `dataset`, ...) they come beside the defaults, and a row with the same key replaces one.
    """
    links, further = [*links], dict(tables or {})
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[Cells]] = {
        "links": _with_ids(links, lambda row: f"{row['from']}--{row['to']}--{row['mode']}"),
        "places": _places(links, list(places)),
        "services": _replaced("id", [service(mode, mode) for mode in MODES], services),
        "operations": _operations(operations, defaults=defaults),
        "resources": [],
        "closures": [],
        "slowdowns": [],
        "traffic": [],
        "demand": [],
        "sources": [{"id": "A1", "kind": "assumption", "title": "made up for a test", "year": 2024}],
        **_reference_tables(),
    }
    for name, given in further.items():
        rows[name] = _replaced(schemas()[name].key, rows.get(name, []), given)
    for name, table in rows.items():
        _write(folder / f"{name}.csv", name, table)
    return folder


def _places(links: list[Cells], given: list[Cells]) -> list[Cells]:
    modes: dict[str, list[str]] = {}
    for row in links:
        for end in (row["from"], row["to"]):
            modes.setdefault(end, [])
            if row["mode"] not in modes[end]:
                modes[end].append(row["mode"])
    known = {row["id"]: row for row in given}
    ids = [*known, *(end for end in modes if end not in known)]
    found = []
    for number, place_id in enumerate(ids):
        on_land = place_id[2:3] == "-"
        base: Cells = {
            "id": place_id,
            "name": place_id.partition("-")[2].replace("-", " ").title(),
            "kind": "terminal" if on_land else "passage",
            "country": place_id[:2].upper() if on_land else None,
            # On the equator 0.01 degrees are 1.1 km, so that 100 km is never shorter than the straight line.
            "lon": round(0.01 * number, 2),
            "lat": 0.0,
        }
        row = base | known.get(place_id, {})
        handles = row["kind"] not in {"junction", "passage"}
        found.append({"modes": tuple(modes.get(place_id, [])) if handles else ()} | row)
    return found


def _operations(given: Iterable[Cells], *, defaults: bool) -> list[Cells]:
    base = [operation("load", to_mode=mode, mean_h=1) for mode in MODES]
    base += [operation("unload", from_mode=mode, mean_h=2) for mode in MODES]
    base += [operation("transship", from_mode=one, to_mode=other, mean_h=3) for one in MODES for other in MODES]
    base += [operation("border_exit", from_mode=mode, mean_h=4) for mode in ("rail", "road")]
    base += [operation("border_entry", from_mode=mode, mean_h=5) for mode in ("rail", "road")]
    unused = operation("border_exit", from_mode="iww", mean_h=1, spread="border-rail")
    own = _with_ids([*given], _operation_id)
    return _replaced("id", _with_ids(base if defaults else [unused], _operation_id), own)


def _operation_id(row: Cells) -> str:
    # A border operation has the same mode on both sides, which is said once.
    modes = dict.fromkeys(mode for mode in (row.get("from_mode"), row.get("to_mode")) if mode)
    if row["kind"] == "transship":
        return "--".join([row["place"] or "default", f"transship-{row['from_mode']}-{row['to_mode']}"])
    return "--".join([row["place"] or "default", "-".join([row["kind"], *modes])])


def _reference_tables() -> dict[str, list[Cells]]:
    hauls = [f"{mode}-haul" for mode in MODES]
    operations = ["border-rail", "border-road", "gauge-change", "note-change", "load", "unload"]
    spreads = ["certain", *hauls, *operations, "transship-port", "transship-terminal"]
    settings = {
        "name": "tiny",
        "version": "1",
        "reference_date": "2026-01-01",
        "usd_year": "2024",
        "inventory_rate_per_year": "0.25",
        "licence": "none",
    }
    return {
        "spreads": [{"id": name, "p10_ratio": 1, "p50_ratio": 1, "p90_ratio": 1} for name in spreads],
        "tariffs": [{"id": "flat", "usd_per_teu_km": 0.1, "usd_year": 2024}],
        "emission_factors": [{"id": mode, "mode": mode, "g_co2e_per_tkm": 10} for mode in MODES],
        "loads": [
            {"id": unit, "unit": unit, "teu": teu}
            for unit, teu in (("train", 100), ("wagon", 2), ("vessel", 1000), ("vehicle", 2), ("tonne", 0.1))
        ],
        "modes": [{"mode": mode, "detour_factor": 1} for mode in MODES],
        "deflators": [{"usd_year": 2020, "usd_to_2024": 1.25}, {"usd_year": 2024, "usd_to_2024": 1}],
        "dataset": [{"key": key, "value": value} for key, value in settings.items()],
        "corridors": [],
        "admissibility": [],
    }


_DEFAULTS: dict[str, Cells] = {
    "links": {"length_km": 100},
    "services": {
        "speed_km_h": 50,
        "spread": "certain",
        "wait_kind": "on_demand",
        "capacity_teu_day": 100,
        "tariff": "flat",
    },
    "operations": {"fee_usd_per_teu": 10, "fee_usd_year": 2024},
    "resources": {"kind": "line", "capacity": 100, "capacity_unit": "teu/day"},
    "demand": {"flow": "all", "cargo_class": "block"},
    "sources": {"kind": "assumption", "title": "made up for a test", "year": 2024},
}


def _with_ids(rows: list[Cells], make: Any) -> list[Cells]:
    """Give each row without an id one, told apart by a number where it is not the only one."""
    found, used = [], {row["id"] for row in rows if "id" in row}
    for row in rows:
        base = name = row["id"] if "id" in row else make(row)
        number = 1
        while "id" not in row and name in used:
            number += 1
            name = f"{base}-{number}"
        used.add(name)
        found.append(row | {"id": name})
    return found


def _replaced(key: str, rows: list[Cells], given: Iterable[Cells]) -> list[Cells]:
    given = list(given)
    own = {str(row[key]) for row in given}
    return [*(row for row in rows if str(row[key]) not in own), *given]


def _write(path: Path, name: str, rows: list[Cells]) -> None:
    schema = schemas()[name]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        for cells in rows:
            row = {"name": str(cells.get("id", ""))} | _DEFAULTS.get(name, {}) | cells
            for prefix in schema.evidence_prefixes:
                evidence = {f"{prefix}source": "A1", f"{prefix}year": 2024, f"{prefix}confidence": "assumed"}
                row = evidence | row
            unknown = set(cells) - set(schema.names)
            if unknown:
                raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
            writer.writerow([_text(row.get(column)) for column in schema.names])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return ";".join(map(_text, value)) if isinstance(value, tuple) else str(value)
