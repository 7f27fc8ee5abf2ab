"""Convert layers of lines to the rows of a network: places, links, services, operations and their sources.

Every line end, junction and station is a place. Stations (except halts), yards and line ends handle cargo. A ferry ends
at the nearest road or rail place, and a road leads to each rail terminal near it. If tracks of two gauges end in one
terminal, cargo can change between them there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from landbridge.networks.geodata.osm.defaults import OSM_SOURCE, change_rows, regime_of, service_of
from landbridge.networks.geodata.osm.layers import Countries, Layer, Layered, NotSnapped
from landbridge.networks.geodata.osm.lines import Line
from landbridge.networks.geodata.osm.place_candidates import Part, Spot, Spots
from landbridge.networks.geodata.osm.values import Unread
from landbridge.networks.geodata.osm.ways import Tags, names_of
from landbridge.networks.geodata.repair.healing import Weld
from landbridge.networks.geometry.sphere import Point, great_circle_km
from landbridge.networks.places.place_index import normalise
from landbridge.networks.tables.table import GEOMETRY, Draft

_WINDING, _WINDING_KM = 2.4, 10.0
_WAYPOINTS = 20
_KEPT_TAGS = ("electrified", "voltage", "maxspeed", "usage", "service", "operator", "toll", "duration")
_MODES = ("rail", "road", "ferry")


@dataclass
class Assembled:
    """Rows of a network, and the data for its reports.

    Attributes
    ----------
    places, links, operations
        Rows by table.
    tags
        Tags of the ways of each link: gauge, electrified, names, bridges and so on.
    snaps
        Stations: name, point, node, distance in km and place.
    left_out
        Isolated lines: mode, gauge, km, points.
    within_km
        Length of lines that became part of a place or are parallel to a link.
    welds
        Welds made by healing, and those that connect ferries and roads to rail.
    parts
        Connected parts, the longest first.
    unread
        Values of tags that could not be used or are of an unusual form.
    not_snapped
        Stations too far from any line of their mode.
    refused
        Gaps left open, with the reason.
    """

    places: list[Draft] = field(default_factory=list)
    links: list[Draft] = field(default_factory=list)
    operations: list[Draft] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    snaps: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[tuple[str, int | None, float, list[Point]]] = field(default_factory=list)
    within_km: float = 0.0
    welds: list[Weld] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    not_snapped: list[NotSnapped] = field(default_factory=list)
    refused: list[Weld] = field(default_factory=list)


def assemble(layered: Layered, *, countries: Countries, year: int, road_services: bool) -> Assembled:
    """Return the rows of a network made of layers.

    Parameters
    ----------
    layered
        The layers.
    countries
        Function that returns the country of points.
    year
        Year that the data describes.
    road_services
        Whether the network includes trucks, so that ferries do not have to take containers from trains.
    """
    return _Assembler(layered, Spots(layered, countries, road_services=road_services), year).run()


class _Assembler:
    def __init__(self, layered: Layered, spots: Spots, year: int) -> None:
        self.layered, self.ways, self.spots, self.year = layered, layered.ways, spots, year
        self.found = Assembled(welds=[*layered.welds, *spots.welds])
        self.places: dict[int, Draft] = {}
        self.names: Counter[str] = Counter()
        self.taken: set[tuple[Any, ...]] = set()

    def run(self) -> Assembled:
        self.found.parts = self.spots.parts()
        kept = {place for part in self.found.parts if part.is_kept for place in part.places}
        groups: dict[int, list[Spot]] = defaultdict(list)
        for number, spot in enumerate(self.spots.spots):
            if self.spots.root(number) in kept:
                groups[self.spots.root(number)].append(spot)
        self._add_places(groups)
        for number, layer in enumerate(self.layered.layers):
            for line in sorted(layer.lines, key=lambda line: line.km):
                self._add_line(layer, line, *self.spots.ends(number, line))
        for start, end, km in self.spots.roads:
            first, second = self.spots.root(start), self.spots.root(end)
            if first in self.places and first != second:
                self._road_to_terminal(self.places[first], self.places[second], km)
        self._set_modes()
        self._add_operations()
        self._report_snaps()
        times = self.layered.ferry_times
        self.found.unread = [*self.layered.unread, *dict.fromkeys(times.unread if times else ())]
        self.found.not_snapped = self.layered.not_snapped
        self.found.refused = sorted(self.layered.barriers.refused.values())
        self.found.left_out.sort(key=lambda line: -line[2])
        return self.found

    def _add_line(self, layer: Layer, line: Line, start: int, end: int) -> None:
        if start not in self.places:
            self._leave_out(layer, line)
        elif start == end:
            # Both nodes belong to one place, so the line is a track of it.
            self.found.within_km += line.km + line.side_km
        else:
            self._add_link(layer, line, self.places[start], self.places[end])

    def _leave_out(self, layer: Layer, line: Line) -> None:
        points = [self.spots.point(node) for node in line.nodes]
        self.found.left_out.append((layer.mode, layer.gauge, line.km + line.side_km, points))

    def _unique(self, name: str) -> str:
        self.names[name] += 1
        return name if self.names[name] == 1 else f"{name}-{self.names[name]}"

    def _add_places(self, groups: Mapping[int, list[Spot]]) -> None:
        for root, spots in groups.items():
            row = self._place(self.spots.spots[root], spots)
            row["id"] = self._unique(row["id"])
            self.places[root] = row
            self.found.places.append(row)

    def _place(self, main: Spot, spots: list[Spot]) -> Draft:
        names = list(dict.fromkeys(name for spot in (main, *spots) for name in spot.names))
        kinds = {spot.kind for spot in spots}
        kind = next((kind for kind in ("port", "terminal", "city") if kind in kinds), "junction")
        where = f"{abs(main.point[1]):.4f}{'N' if main.point[1] >= 0 else 'S'} "
        where += f"{abs(main.point[0]):.4f}{'E' if main.point[0] >= 0 else 'W'}"
        title = names[0] if names else main.near or f"{kind.capitalize()} at {where}"
        node = self.ways.node_ids[main.node]
        slug = _slug(title) if names else f"osm-{node}" if node > 0 else "at-" + _slug(where)
        yard_km = sum(spot.yard_km for spot in spots)
        return {
            "id": f"{main.country.lower()}-{slug or f'osm-{node}'}",
            "name": title,
            "kind": kind,
            "country": main.country,
            "lon": main.point[0],
            "lat": main.point[1],
            "aliases": tuple(name.replace(";", ",") for name in names[1:]),
            "modes": (),
            "source": (OSM_SOURCE,),
            "year": self.year,
            "confidence": "derived",
            "note": f"{yard_km:.2f} km of side tracks" if yard_km >= 0.005 else None,
            "_cargo": tuple(spot.mode for spot in spots if spot.kind != "junction"),
        }

    def _add_link(self, layer: Layer, line: Line, start: Draft, end: Draft) -> None:
        points = [self.spots.point(node) for node in line.nodes]
        if start["id"] > end["id"]:
            start, end, points = end, start, points[::-1]
        wagons = layer.mode == "ferry" and self.spots.takes_wagons(line)
        gauge = layer.gauge or (self._gauge_at(start, end) if wagons else None)
        service = service_of(layer.mode, start["country"], wagons=wagons)
        if (start["id"], end["id"], service, gauge) in self.taken:
            # Merging nodes into one place can make two lines parallel.
            self.found.within_km += line.km + line.side_km
            return
        self.taken.add((start["id"], end["id"], service, gauge))
        row = self._link(layer.mode, start, end, line.km, points) | {"service": service}
        if gauge is not None:
            row |= {"gauge": gauge, "regime": regime_of(start["country"], gauge)}
        tags = self._tags(line)
        self.found.links.append(row | self._duration(layer.mode, line) | {"note": _note(line, tags)})
        self.found.tags.append(
            {"id": row["id"], "gauge": gauge, **tags, "tracks": line.tracks, "side_km": line.side_km}
        )

    def _gauge_at(self, start: Draft, end: Draft) -> int:
        gauges = [
            link["gauge"]
            for link in self.found.links
            if link["mode"] == "rail" and {link["from"], link["to"]} & {start["id"], end["id"]}
        ]
        return gauges[0] if gauges else 1435

    def _link(self, mode: str, start: Draft, end: Draft, km: float, points: list[Point]) -> Draft:
        straight = great_circle_km((start["lon"], start["lat"]), (end["lon"], end["lat"]))
        return {
            "id": self._unique(f"{start['id']}--{end['id']}--{mode}"),
            "from": start["id"],
            "to": end["id"],
            "both_ways": True,
            "mode": mode,
            # A place made of several spots may be off the end of the line by up to their distance.
            "length_km": round(max(km, straight), 4),
            "waypoints": _waypoints(points) if straight > _WINDING_KM and km > _WINDING * straight else None,
            "length_source": (OSM_SOURCE,),
            "length_year": self.year,
            "length_confidence": "derived",
            GEOMETRY: _drawn(points),
        }

    def _road_to_terminal(self, terminal: Draft, road: Draft, km: float) -> None:
        points = [(terminal["lon"], terminal["lat"]), (road["lon"], road["lat"])]
        row = self._link("road", terminal, road, km, points)
        row |= {
            "service": service_of("road", terminal["country"]),
            "length_confidence": "assumed",
            "note": "straight line from the rail terminal to the nearest place of the road network",
        }
        self.found.links.append(row)

    def _tags(self, line: Line) -> dict[str, Any]:
        """Return the tags of the ways of a line: values ordered by length of their ways, bridges and tunnels in km."""
        values: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        names: dict[str, float] = defaultdict(float)
        bridge_km = tunnel_km = weld_km = 0.0
        for way, km in line.ways.items():
            tags: Tags = self.ways.tags[way] if way >= 0 else {}
            weld_km += km if way < 0 else 0.0
            for key in _KEPT_TAGS:
                if key in tags:
                    values[key][tags[key]] += km
            for name in names_of(tags):
                names[name] += km
            bridge_km += km if tags.get("bridge", "no") != "no" else 0.0
            tunnel_km += km if tags.get("tunnel", "no") != "no" else 0.0
        kept = {key: _listed(values[key]) for key in _KEPT_TAGS}
        ways = ";".join(str(self.ways.way_ids[way]) for way in line.ways if way >= 0)
        return {
            **kept,
            "names": _listed(names),
            "bridge_km": round(bridge_km, 4),
            "tunnel_km": round(tunnel_km, 4),
            "weld_km": round(weld_km, 4),
            "way_ids": ways,
        }

    def _duration(self, mode: str, line: Line) -> Draft:
        times = self.layered.ferry_times
        time = times.of(line) if mode == "ferry" and times is not None else None
        if time is None:
            return {}
        return {
            "mean_h": round(time.hours, 3),
            "time_source": (OSM_SOURCE,),
            "time_year": self.year,
            "time_confidence": "published" if time.whole else "derived",
        }

    def _set_modes(self) -> None:
        """Set the modes handled at each place."""
        touching: dict[str, set[str]] = defaultdict(set)
        for link in self.found.links:
            touching[link["from"]].add(link["mode"])
            touching[link["to"]].add(link["mode"])
        for place in self.found.places:
            cargo = set(place.pop("_cargo"))
            # A place that handles trains handles trucks, and the port of a ferry handles the modes that serve it.
            cargo |= {"road", "rail"} if cargo & {"rail", "ferry"} else set()
            place["modes"] = tuple(mode for mode in _MODES if mode in cargo & touching[place["id"]])

    def _add_operations(self) -> None:
        places = {row["id"]: row for row in self.found.places}
        tracks: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for link in self.found.links:
            if link["mode"] != "rail":
                continue
            ends = [places[link["from"]], places[link["to"]]]
            for place in ends:
                tracks[place["id"]].add((link["gauge"], regime_of(place["country"], link["gauge"])))
            if len({regime_of(place["country"], link["gauge"]) for place in ends}) > 1:
                # A crossing has the consignment note of its start; the note is changed at its end.
                tracks[link["to"]].add((link["gauge"], link["regime"]))
        for name, own in tracks.items():
            self.found.operations += change_rows(name, own)

    def _report_snaps(self) -> None:
        for number, layer in enumerate(self.layered.layers):
            for node, points in layer.stations.items():
                spot = self.spots.place_of(number, node)
                place = self.places.get(spot) if spot is not None else None
                for point in points:
                    here = (point.lon, point.lat)
                    self.found.snaps.append(
                        {
                            "name": (names_of(point.tags) or [f"OSM {point.osm_id}"])[0],
                            "osm_id": point.osm_id,
                            "point": here,
                            "to": self.spots.point(node),
                            "km": round(great_circle_km(here, self.spots.point(node)), 4),
                            "mode": layer.mode,
                            "place": place["id"] if place else None,
                        }
                    )


def _slug(text: str) -> str:
    # The schwa, frequent in Azerbaijani names, does not decompose.
    return re.sub(r"[^a-z0-9]+", "-", normalise(text).replace("ə", "e").replace("ǝ", "e")).strip("-")


def _drawn(points: list[Point]) -> Any:
    from shapely.geometry import LineString

    from landbridge.networks.geometry.sphere import to_geometry

    if any(abs(before[0] - after[0]) > 180 for before, after in pairwise(points)):
        return to_geometry(points)
    return LineString(points)


def _listed(values: Mapping[str, float]) -> str | None:
    """Return the values joined, ordered by length, the longest first."""
    return ";".join(sorted(values, key=lambda value: -values[value])) or None


def _waypoints(points: list[Point]) -> str | None:
    inner = points[1:-1]
    chosen = inner[:: max(1, len(inner) // _WAYPOINTS)]
    return ";".join(f"{lon:.5f} {lat:.5f}" for lon, lat in chosen) or None


def _note(line: Line, tags: Mapping[str, Any]) -> str | None:
    parts = [tags["names"].split(";")[0] if tags["names"] else ""]
    parts += [f"{line.tracks} tracks" if line.tracks > 1 else ""]
    parts += [f"electrified {tags['electrified']}" if tags["electrified"] else ""]
    parts += [f"{tags['weld_km']:.2f} km closed by healing" if tags["weld_km"] else ""]
    return "; ".join(part for part in parts if part) or None
