"""Build a network from OpenStreetMap and write its files.

The public function is `build_from_osm`: it reads extracts or takes the result of Overpass, makes a layer of lines for
each gauge and mode, heals and simplifies them, and writes a GeoPackage for `read_network`, with reports.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arguments import file_path, whole_number
from landbridge.networks.arrays import Floats, Indices
from landbridge.networks.checks.network import check_tables
from landbridge.networks.checks.places import SEPARATE_PARTS
from landbridge.networks.errors import DataError, Fault
from landbridge.networks.file_sets import folder_named, writing_set
from landbridge.networks.files import year_of_file
from landbridge.networks.geodata.bases.gauges import countries_at, gauges_at, read_gauges
from landbridge.networks.geodata.osm.assembling import Assembled, assemble
from landbridge.networks.geodata.osm.defaults import (
    YEARS,
    bundled_tables,
    check_country,
    cited_sources,
    complete,
    service_of,
    service_rows,
    source_rows,
)
from landbridge.networks.geodata.osm.layers import build_layers, check_gauge
from landbridge.networks.geodata.osm.reading import read_ways
from landbridge.networks.geodata.osm.reporting import REPORTS, account, write_reports
from landbridge.networks.geodata.osm.ways import Ways, merge_ways, mode_of
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.meta import meta_of
from landbridge.networks.network import Network
from landbridge.networks.tables.reading import without_other_places
from landbridge.networks.tables.schema import schemas
from landbridge.networks.tables.table import REFERENCE_TABLES, Row, Table, Tables
from landbridge.networks.words import counted

MODES: Final = ("rail", "ferry", "road")
"""Modes that can be built."""

MAX_GAP_KM: Final = 15.0
"""Longest gap between two line ends that healing closes."""

NETWORK_FILE: Final = "network.gpkg"
"""File name of the network."""

FILES: Final = (*REPORTS, NETWORK_FILE)
"""Files that are written, the network last."""


@dataclass(frozen=True)
class Built:
    """A network built from OpenStreetMap, and the report of its construction.

    Attributes
    ----------
    network
        The network as checked and written.
    report
        Lengths in km by use, counts, and what was left out and why.
    files
        The files written.
    """

    network: Network
    report: dict[str, Any]
    files: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        """Return the sizes of the network and its path."""
        return f"<Built {self.network!r}{' in ' + str(self.files[-1]) if self.files else ''}>"


def build_from_osm(
    source: str | Path | Ways | Sequence[str | Path | Ways],
    out_dir: str | Path,
    *,
    modes: Iterable[str] = MODES,
    max_gap_km: float = MAX_GAP_KM,
    country: str | None = None,
    gauge: int | None = None,
    speeds_km_h: Mapping[str, float] | None = None,
    year: int | None = None,
    skip_faulty: bool = False,
) -> Built:
    """Build a network from OpenStreetMap and write it with its reports.

    Parameters
    ----------
    source
        Extracts for `landbridge.networks.geodata.osm.reading.read_ways`, one or several (ways and stations may be in
        separate files), or ways returned by `landbridge.networks.geodata.osm.overpass.read_overpass`.
    out_dir
        Folder for the files, created if necessary. Existing files are replaced on success and left unchanged
        otherwise.
    modes
        Modes to include: rail, ferry, road.
    max_gap_km
        Longest gap between two ends of rail lines that is closed.
    country
        Country of the whole extract (ISO 3166 alpha-2); by default determined for each point.
    gauge
        Gauge in mm of tracks without a tag; by default that of the country.
    speeds_km_h
        Commercial speeds by mode, instead of those of the services.
    year
        Year that the data describes; by default the latest that the files state, or else that of the newest file.
    skip_faulty
        Skip and count faulty ways; otherwise they are an error.

    Returns
    -------
    Built
        The network, the report and the files.

    Raises
    ------
    DataError
        If a file is unreadable, contains faulty ways or nothing of a required mode, or does not give a network.
    QueryError
        If there is a file with the same name that landbridge did not write.
    """
    target = file_path(out_dir, "out_dir")
    folder_named(target)
    wanted = _checked_modes(modes)
    sources = [source] if isinstance(source, str | Path | Ways) else list(source)
    ways = merge_ways(
        [item if isinstance(item, Ways) else read_ways(item, skip_faulty=skip_faulty) for item in sources]
    )
    built = network_of_ways(
        ways,
        modes=wanted,
        max_gap_km=max_gap_km,
        country=country,
        gauge=gauge,
        speeds_km_h=speeds_km_h,
        year=_year(ways, sources) if year is None else whole_number(year, "year", *YEARS),
    )
    options = {"source": ways.source, "modes": wanted, "max_gap_km": max_gap_km, "country": country, "gauge": gauge}
    options |= {"speeds_km_h": speeds_km_h, "year": year, "skip_faulty": skip_faulty}
    return _write(built, target, options)


@dataclass(frozen=True)
class _Unwritten:
    network: Network
    report: dict[str, Any]
    assembled: Assembled


def network_of_ways(
    ways: Ways,
    *,
    modes: Sequence[str],
    max_gap_km: float,
    country: str | None,
    gauge: int | None,
    speeds_km_h: Mapping[str, float] | None,
    year: int,
) -> _Unwritten:
    """Return the network of ways, its report and the data it was assembled from; see `build_from_osm`.

    Raises
    ------
    DataError
        If rail is requested and there is none, or the ways do not give a network.
    """
    _check_content(ways, modes)
    crossings = _border_stations()
    countries, gauges = _settlers(country, gauge)
    layered = build_layers(ways, modes, countries=countries, gauges=gauges, max_gap_km=max_gap_km, crossings=crossings)
    assembled = assemble(layered, countries=countries, year=year, road_services="road" in modes)
    if not assembled.links:
        left_out = ", ".join(f"{reason} {km:,.0f} km" for reason, km in sorted(layered.left_out_km.items()) if km)
        raise DataError(
            f"{ways.source} gives no network: its lines do not connect any two places"
            f"{f' (left out: {left_out})' if left_out else ''}; give a larger extract"
        )
    tables = _tables(ways, assembled, speeds_km_h or {}, year, road="road" in modes)
    faults = check_tables(tables)
    if faults:
        raise DataError(f"the network of {ways.source} has {counted(len(faults), 'fault')}", faults)
    network = Network(tables)
    return _Unwritten(network, account(ways, layered, assembled), assembled)


def _checked_modes(modes: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(modes))
    unknown = [mode for mode in wanted if mode not in MODES]
    if unknown or not wanted:
        raise DataError(f"modes {', '.join(unknown) or '(none)'} cannot be built; choose from {', '.join(MODES)}")
    return wanted


def _check_content(ways: Ways, modes: Collection[str]) -> None:
    found = defaultdict[str, int](int)
    for tags in ways.tags:
        found[mode_of(tags) or "other"] += 1
    listed = ", ".join(f"{mode} {count}" for mode, count in sorted(found.items())) or "nothing usable"
    skipped = ", ".join(f"{reason} {count}" for reason, count in sorted(ways.skipped.items()))
    listed += f"; left out: {skipped}" if skipped else ""
    if "rail" in modes and not found["rail"]:
        fault = Fault(ways.source, 0, "railway", f"no railway=rail ({listed})", "give another extract or other modes")
        raise DataError(f"{ways.source} has no rail", [fault])
    if not any(found[mode] for mode in modes):
        raise DataError(f"{ways.source} has no ways of {', '.join(modes)} ({listed}); give another extract")


def _year(ways: Ways, sources: Sequence[str | Path | Ways]) -> int:
    """Return the year that the data states, or else that of the newest file."""
    if ways.year is not None:
        return ways.year
    years = [year_of_file(file_path(item, "source")) for item in sources if not isinstance(item, Ways)]
    if not years:
        raise DataError(f"{ways.source} does not say of which year it is; give year")
    return max(years)


def _border_stations() -> list[Point]:
    """Return the border places of the bundled data set, at which a weld may cross a border."""
    return [(row["lon"], row["lat"]) for row in bundled_tables()["places"] if row["kind"] == "border"]


def _settlers(
    country: str | None, gauge: int | None
) -> tuple[Callable[[Floats, Floats], NDArray[np.str_]], Callable[[Floats, Floats, NDArray[np.str_]], Indices]]:
    """Return functions that give country and gauge where tags do not."""
    check_country(country)
    check_gauge(gauge)
    rules = read_gauges() if gauge is None else []

    def countries(lon: Floats, lat: Floats) -> NDArray[np.str_]:
        return np.full(len(lon), country, dtype="U2") if country is not None else countries_at(lon, lat)

    def gauges(lon: Floats, lat: Floats, of_country: NDArray[np.str_]) -> Indices:
        if gauge is not None:
            return np.full(len(lon), gauge, dtype=np.int32)
        return gauges_at(lon, lat, of_country, rules)

    return countries, gauges


# ---- tables


def _tables(ways: Ways, assembled: Assembled, speeds: Mapping[str, float], year: int, *, road: bool) -> Tables:
    bundled = bundled_tables()
    tables: dict[str, Table[Any]] = {name: Table(name, name) for name in schemas()}
    _fill(tables, "places", assembled.places)
    for name in REFERENCE_TABLES:
        tables[name].rows = [dict(row) for row in without_other_places(bundled[name], tables["places"])]
    for row in tables["dataset"]:
        if row["key"] == "name":
            row["value"] = f"OpenStreetMap: {ways.source}"
    parts = sum(part.is_kept for part in assembled.parts)
    if parts > 1:
        tables["dataset"].rows.append(complete("dataset", {"key": SEPARATE_PARTS, "value": str(parts)}))
    _fill(tables, "links", assembled.links)
    default_operations = [row for row in bundled["operations"] if row["place"] is None]
    _fill(tables, "operations", [*assembled.operations, *default_operations])
    # Road access needs a truck in each country, even if the network has no roads.
    used = {row["service"] for row in assembled.links} | {
        service_of("road", row["country"]) for row in assembled.places
    }
    tables["services"].rows = service_rows(used, bundled, ferry_takes_trains=not road, speeds=speeds)
    _check_countries(ways, tables)
    tables["sources"].rows = cited_sources(tables, [*source_rows(ways.source, year), *bundled["sources"]])
    for table in tables.values():
        table.lines = list(range(1, len(table.rows) + 1))
    return cast("Tables", tables)


def _fill(tables: Mapping[str, Table[Any]], name: str, rows: Iterable[Row]) -> None:
    tables[name].rows = [complete(name, row) for row in rows]


def _check_countries(ways: Ways, tables: Mapping[str, Table[Any]]) -> None:
    known = tables["countries"].by_key()
    unknown = sorted({row["country"] for row in tables["places"]} - known.keys())
    if unknown:
        raise DataError(
            f"{ways.source} extends into {', '.join(unknown)}, missing from the table of countries; give a country"
        )


def _write(built: _Unwritten, out_dir: Path, options: Mapping[str, Any]) -> Built:
    """Write the network and its reports as one set, so that existing files are kept until all are written."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{out_dir} cannot be written to ({error}); give another folder") from error
    from landbridge.networks.writing import write_network

    with writing_set(out_dir, command="build_from_osm", meta=meta_of(built.network.tables, options)) as new:
        write_network(built.network, new / NETWORK_FILE, file_format="gpkg")
        write_reports(built.assembled, built.report, new, new / NETWORK_FILE)
    return Built(built.network, built.report, tuple(out_dir / file for file in FILES))
