"""The links of a network in GMNS: mode, service, track, length, time and capacity of each link."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from landbridge.networks.errors import Fault
from landbridge.networks.formats.gmns_files import (
    LINK_COLUMNS,
    OWN_ID,
    SOURCE,
    GmnsFolder,
    Record,
    own_columns,
    shapes,
    to_wgs84,
    words,
)
from landbridge.networks.geodata.bases.gauges import GaugeRule, gauges_at, read_gauges
from landbridge.networks.geodata.osm.defaults import bundled_tables, regime_of, service_of, service_rows
from landbridge.networks.geodata.osm.layers import GAUGES
from landbridge.networks.geometry.sphere import split_at_antimeridian, unwrapped
from landbridge.networks.tables.table import GEOMETRY, Draft
from landbridge.networks.times.durations import link_length_km, speed_of
from landbridge.networks.units import DAY_H

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow

_MODES: Final = {
    **dict.fromkeys(("rail", "railway", "train", "trains", "freight_rail", "heavy_rail"), "rail"),
    **dict.fromkeys(("road", "truck", "trucks", "hgv", "all", "auto", "car", "vehicle", "motor_vehicle"), "road"),
    **dict.fromkeys(("sea", "ship", "vessel"), "sea"),
    **dict.fromkeys(("iww", "barge", "inland_waterway"), "iww"),
    "ferry": "ferry",
}
"""Mode of each use or type of facility; other uses, such as sov and hov2, are of roads."""

_NO_FREIGHT: Final = frozenset(
    {"walk", "walking", "ped", "pedestrian", "foot", "bike", "bicycle", "cycle", "cycling"}
    | {"transit", "bus", "tram", "metro", "subway", "light_rail"}
)
CAPACITY_UNITS: Final = {"rail": "trains/day", "road": "vehicles/day"}
"""Unit of the capacity of links by mode; that of other modes is not read."""

_ALIKE: Final = (
    *("mode", "length_km", "speed_km_h", "mean_h", "passage", "season_from", "note", "both_ways"),
    *("_id", "_per_day", "_stated"),
)
_SLOWEST_KM_H, _FASTEST_KM_H = 1.0, 130.0


def gmns_links(
    files: GmnsFolder, places: Mapping[str, Draft], gauge: int | None, year: int, left_out: Counter[str]
) -> list[Draft]:
    """Return the links of a network in GMNS, one for both directions where these agree in everything.

    Keys that begin with an underscore are no columns: `_line` of the file, `_id`, the id that the link had in
    landbridge, `_stated`, service and track in the file, and `_per_day`, the capacity in trains or vehicles per day.

    Parameters
    ----------
    files
        The files, where faults are collected.
    places
        Places by the id of their node.
    gauge
        Gauge of rail links without one; None: that of the country.
    year
        Year that the files describe.
    left_out
        Counts of links that are left out, by reason, which are added to.

    Raises
    ------
    DataError
        If links have faults, or lengths or speeds a unit that is not known.
    """
    reader = _Links(files, places, gauge, year, left_out)
    found = reader.rows()
    files.raise_faults()
    return _without_parallel(_paired(found), _hours(found, reader.length_km), left_out)


class _Links:
    def __init__(
        self, files: GmnsFolder, places: Mapping[str, Draft], gauge: int | None, year: int, left_out: Counter[str]
    ) -> None:
        self.files, self.of_nodes, self.gauge, self.year, self.left_out = files, places, gauge, year, left_out
        self.places: dict[str, Any] = {place["id"]: place for place in places.values()}
        self.to_wgs84 = to_wgs84(files)
        self.services, self.modes = (bundled_tables()[name].by_key() for name in ("services", "modes"))

    @cached_property
    def gauge_rules(self) -> list[GaugeRule]:
        return read_gauges()

    def length_km(self, row: Draft) -> float:
        """Return the length of a link, of its line where none is given."""
        return link_length_km(cast("LinkRow", {"waypoints": None, **row}), self.places, self.modes)

    def rows(self) -> list[Draft]:
        found = []
        for link, shape in zip(self.files.links, shapes(self.files), strict=True):
            start, end = (self.of_nodes.get(link.text(column)) for column in ("from_node_id", "to_node_id"))
            if start is None or end is None:
                continue
            modes = self._modes(link)
            if start is end:
                self.left_out["links that end where they start"] += 1
            elif not modes:
                self.left_out["links without trains, trucks or ships"] += 1
            else:
                line = None if shape is None else self._drawn(link, shape)
                open_modes = [mode for mode in modes if not _is_shut(link, mode)]
                self.left_out["links that are shut: speed, capacity or lanes of 0"] += open_modes != modes
                found += [row for mode in open_modes if (row := self._link(link, start, end, mode, line))]
        return found

    def _modes(self, link: Record) -> list[str]:
        """Return the modes of a link: by its type of facility if that is a mode, otherwise by its uses."""
        facility = link.text("facility_type", "link_type_name").lower().replace(" ", "_")
        if _MODES.get(facility, "road") != "road":
            return [_MODES[facility]]
        uses = list(self._uses(words(link.text("allowed_uses")))) or ["road"]
        return sorted({_MODES.get(use, "road") for use in uses if use not in _NO_FREIGHT})

    def _uses(self, given: Iterable[str]) -> Iterator[str]:
        """Iterate over uses, with groups replaced by their uses, each once: groups of groups of groups have no end."""
        waiting, replaced = [*given], set[str]()
        while waiting:
            use = waiting.pop()
            if use in self.files.groups and use not in replaced:
                replaced.add(use)
                waiting += self.files.groups[use]
            else:
                yield use

    def _drawn(self, link: Record, shape: Any) -> Any:
        """Return the line of a link in degrees of WGS 84, split at 180 degrees."""
        import shapely
        from shapely.geometry import LineString, MultiLineString

        x, y = self.to_wgs84(*shapely.get_coordinates(shape).T)
        if not np.all(np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90) & (np.abs(x) <= 540)):
            link.fault("geometry", "is not on the Earth", "give degrees, or the coordinate system as crs in config.csv")
            return None
        points = list(zip(x.tolist(), y.tolist(), strict=True))
        if len(set(points)) < 2:
            return None
        parts = split_at_antimeridian(unwrapped(points))
        return LineString(parts[0]) if len(parts) == 1 else MultiLineString(parts)

    def _link(self, link: Record, start: Draft, end: Draft, mode: str, line: Any) -> Draft | None:
        own = own_columns(link, "links", LINK_COLUMNS)
        if mode != "rail" and "gauge" not in own:
            own.pop("regime", None)
        service = own.get("service")
        if service not in self.services or self.services[service]["mode"] != mode:
            if mode in {"sea", "iww"}:
                self.left_out[f"{mode} links without a service of the bundled data set"] += 1
                return None
            service = service_of(mode, start["country"] or end["country"] or "xx")
        length = link.number("length")
        row: Draft = {
            "from": start["id"],
            "to": end["id"],
            "both_ways": not link.boolean("directed", default=True),
            "mode": mode,
            "length_km": None if length is None else self.files.km(length),
            "length_source": (SOURCE,),
            "length_year": self.year,
            "length_confidence": "assumed",
            "note": link.text("name") or None,
            "_line": link.line,
            "_id": link.text(OWN_ID),
            # Across a border, the two directions would else differ by the country where they start.
            "_stated": tuple(own.get(name) for name in ("service", "gauge", "regime")),
            "_per_day": self._vehicles_per_day(link, mode),
            **own,
            "service": service,
        }
        if line is not None:
            row[GEOMETRY] = line
        self._set_track(row, start)
        self._set_time(row, link)
        return row

    def _set_track(self, row: Draft, start: Draft) -> None:
        if row["mode"] != "rail":
            return
        if row.get("gauge") is None:
            row["gauge"] = self.gauge or int(
                gauges_at(
                    np.array([start["lon"]]), np.array([start["lat"]]), np.array([start["country"]]), self.gauge_rules
                )[0]
            )
        if row["gauge"] not in GAUGES:
            cure = "give the column gauge, or the gauge of the whole network"
            problem = f"no gauge is known in {start['country']}"
            self.files.faults.append(Fault("link.csv", row["_line"], "gauge", problem, cure))
        row["regime"] = row.get("regime") or regime_of(start["country"] or "", row["gauge"])

    def _set_time(self, row: Draft, link: Record) -> None:
        """Set the speed of a link, or its time where the speed is out of the range of the column."""
        given = link.number("free_speed")
        if given is None:
            return
        speed = self.files.km_h(given)
        row |= {"time_source": (SOURCE,), "time_year": self.year, "time_confidence": "assumed"}
        if _SLOWEST_KM_H <= speed <= _FASTEST_KM_H:
            row["speed_km_h"] = speed
            return
        row["length_km"] = self.length_km(row)
        row["mean_h"] = row["length_km"] / speed

    def _vehicles_per_day(self, link: Record, mode: str) -> float | None:
        """Return the capacity in trains or vehicles per day: GMNS has passenger car units per hour and lane."""
        capacity = link.number("capacity")
        if capacity is None or mode not in CAPACITY_UNITS:
            return None
        uses = self._uses(words(link.text("allowed_uses")))
        units = [self.files.pce[use] for use in uses if use in self.files.pce and _MODES.get(use, "road") == mode]
        pce = max(units, default=1.0)
        if pce == 0:
            link.fault("allowed_uses", "its uses have a pce of 0", "give a pce above 0 in use_definition.csv")
            return None
        # Tracks are no lanes, and some files give them 0.
        return capacity * (link.number("lanes") or 1.0) * DAY_H / pce


def _is_shut(link: Record, mode: str) -> bool:
    return any(
        link.number(column) == 0 for column in ("free_speed", "capacity", *(["lanes"] if mode == "road" else []))
    )


def _paired(links: list[Draft]) -> list[Draft]:
    """Return links with each pair of opposite ones that agree in everything as one in both directions."""
    found: list[Draft] = []
    waiting: dict[tuple[Any, ...], list[Draft]] = defaultdict(list)
    for row in links:
        rest = tuple(row.get(name) for name in _ALIKE)
        opposite = waiting[(row["to"], row["from"], *rest)]
        if opposite and not row["both_ways"]:
            opposite.pop(0)["both_ways"] = True
        else:
            found.append(row)
            waiting[(row["from"], row["to"], *rest)].append(row)
    return found


def _hours(links: Iterable[Draft], length_km: Callable[[Draft], float]) -> Callable[[Draft], float]:
    """Return the function from links to their mean times: as given, or length over speed."""
    used = service_rows({row["service"] for row in links}, bundled_tables(), ferry_takes_trains=False, speeds={})
    services = {row["id"]: row for row in used}

    def hours(row: Draft) -> float:
        if "mean_h" in row:
            return float(row["mean_h"])
        return length_km(row) / speed_of({"speed_km_h": None, **row}, services[row["service"]], "speed_km_h")

    return hours


def _without_parallel(links: list[Draft], hours: Callable[[Draft], float], left_out: Counter[str]) -> list[Draft]:
    """Return links without those that are parallel to a faster one of the same service and gauge, in each direction."""
    taken: set[tuple[Any, ...]] = set()
    kept: dict[int, Draft] = {}
    for row in sorted(links, key=hours):
        ends = [(row["from"], row["to"]), *([(row["to"], row["from"])] if row["both_ways"] else [])]
        rest = (row["service"], row.get("gauge"), row.get("season_from"), row.get("passage"))
        free = [pair for pair in ends if (*pair, *rest) not in taken]
        if not free:
            left_out["links parallel to another one"] += 1
            continue
        taken |= {(*pair, *rest) for pair in free}
        kept[id(row)] = row if len(free) == len(ends) else _one_way(row, *free[0])
    return [kept[id(row)] for row in links if id(row) in kept]


def _one_way(row: Draft, start: str, end: str) -> Draft:
    """Return a link in one of its directions."""
    way = row | {"from": start, "to": end, "both_ways": False}
    if GEOMETRY in row and start != row["from"]:
        way[GEOMETRY] = row[GEOMETRY].reverse()
    return way
