"""What the page of a report shows, as one JSON document: itineraries, their lines, steps and sources, and the land.

Names are short in some places since the document is part of the page. Lines and land are whole numbers of a
two-hundredth of a degree, each the difference from the one before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any, Final

import numpy as np

from landbridge.data import DATA_DIR
from landbridge.networks.arrays import Floats
from landbridge.networks.geodata.bases.base_map import BASE_MAP_FILE
from landbridge.networks.units import DAY_H
from landbridge.routing.itineraries.itineraries import LeftOut
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.output.palette import CORRIDORS, MODES, STOPS, WAITS, Appearance
from landbridge.routing.reports.figure_sources import FIGURES, FigureSources, figure_sources
from landbridge.routing.reports.queues import queues_document, queues_on_the_way
from landbridge.routing.resources.capacity_left import CapacityLeft
from landbridge.routing.simulation.network_simulation import NetworkSimulation
from landbridge.routing.simulation.shipment_chart import (
    KINDS,
    LATE,
    LEAST_SHARE,
    MOST_GROUPS,
    ON_TIME,
    WITHOUT_DAY,
    binned,
    moment_text,
)
from landbridge.routing.simulation.shipment_simulation import ShipmentSimulation
from landbridge.routing.statements.time_cost_distance import Step, staircase

PER_DEGREE: Final = 200
"""Units of coordinates in a degree."""

_TOLERANCE_DEGREES = 0.006
_STOPS_OF_STEPS = {
    "transfer": "transshipment and wait",
    "gauge": "gauge change",
    "terminal": "terminal",
    "other": "stop",
}


@dataclass(frozen=True)
class Shown:
    """An itinerary of a report.

    Attributes
    ----------
    itinerary
        The itinerary.
    capacity_left
        Its residual capacity; None if it is unknown.
    best_of_corridor
        Whether it is the best of its corridor, and not only a point of the front.
    on_front
        Whether no other one of the report is both faster and cheaper.
    simulation
        Its simulated times; None if it was not simulated.
    """

    itinerary: Itinerary
    capacity_left: CapacityLeft | None
    best_of_corridor: bool
    on_front: bool
    simulation: ShipmentSimulation | None = None


@dataclass
class _Collected:
    """Lines and sources, each once, with their numbers in the order of first use."""

    lines: list[list[int]] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    _line_numbers: dict[Any, int] = field(default_factory=dict)

    def line(self, leg: Leg, line: Any) -> int:
        """Return the number of the line of a haul, which is kept in the direction of its link."""
        key = leg.access or (leg.row or {}).get("id")
        if key not in self._line_numbers:
            self._line_numbers[key] = len(self.lines)
            self.lines.append(packed(_points(line)[:: -1 if leg.backward else 1]))
        return self._line_numbers[key]

    def numbers(self, sources: FigureSources) -> dict[str, list[int]]:
        return {
            figure: [self.sources.setdefault(source, len(self.sources)) for source in ids]
            for figure, ids in sources.items()
            if ids
        }


def page_document(
    shown: Sequence[Shown],
    left_out: Sequence[LeftOut],
    head: Mapping[str, Any],
    simulation: NetworkSimulation | None = None,
) -> dict[str, Any]:
    """Return what the page of a report shows.

    Parameters
    ----------
    shown
        The itineraries in order, at least one.
    left_out
        Corridors that are no offer.
    head
        The title and the texts of the report.
    simulation
        The network under load, if the queues on the way are shown.
    """
    network = shown[0].itinerary.network
    collected = _Collected()
    items = [_itinerary(number, item, collected) for number, item in enumerate(shown, start=1)]
    under_load = _queues(shown, items, simulation)
    rows = network.tables["sources"].by_key()
    used = dict.fromkeys(item.itinerary.corridor for item in shown)
    names = {row["id"]: row["name"] for row in network.tables["corridors"]}
    return {
        **head,
        "corridors": {name: appearance._asdict() for name, appearance in _corridors(used, names).items()},
        "modes": {name: appearance._asdict() for name, appearance in MODES.items()},
        "stops": {name: appearance._asdict() for name, appearance in STOPS.items()},
        "simulation": {
            "on_time": ON_TIME._asdict(),
            "late": LATE._asdict(),
            "without": WITHOUT_DAY._asdict(),
            "kinds": {name: appearance._asdict() for name, appearance in KINDS.items()},
        },
        "itineraries": items,
        "left_out": [
            {
                "corridor": names.get(item.itinerary.corridor, item.itinerary.corridor),
                "days": _days(item.itinerary.time.p50_h),
                "usd": round(item.itinerary.cost_usd),
                "reason": item.reason,
            }
            for item in left_out
        ],
        **under_load,
        "lines": collected.lines,
        "per_degree": PER_DEGREE,
        "land": land(),
        "sources": [_source(name, rows[name]) for name in collected.sources],
    }


def _queues(
    shown: Sequence[Shown], items: Sequence[dict[str, Any]], simulation: NetworkSimulation | None
) -> dict[str, Any]:
    """Return the part of the document on queues, and add to each itinerary the numbers of those on its way."""
    if simulation is None:
        return {}
    for one, item in zip(shown, items, strict=True):
        item["queues"] = queues_on_the_way(one.itinerary.network, one.itinerary, simulation.waits)
    used = sorted({number for item in items for number in item["queues"]})
    looks = {name: look._asdict() for name, look in WAITS.items()}
    return {"under_load": {**queues_document(simulation, used), "bands": looks}}


def _corridors(used: Iterable[str], names: Mapping[str, str]) -> dict[str, Appearance]:
    """Return the appearance of corridors; those that the palette does not know take one that is free."""
    listed = list(used)
    free = [appearance for name, appearance in CORRIDORS.items() if name not in {*listed, "other"}]
    found = {}
    for name in listed:
        known = CORRIDORS.get(name) or (free.pop(0) if free else CORRIDORS["other"])
        found[name] = known if name in CORRIDORS else known._replace(label=names.get(name, name))
    return found


def _source(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": name} | {key: row[key] for key in ("kind", "title", "publisher", "year", "url")}


def _itinerary(number: int, shown: Shown, collected: _Collected) -> dict[str, Any]:
    item, left, stop = shown.itinerary, shown.capacity_left, shown.itinerary.bottleneck
    low_usd, high_usd = item.cost_p10_usd, item.cost_p90_usd
    cited = {id(leg): figure_sources(item.network, item.cargo, leg) for leg in item.legs}
    return {
        "id": item.itinerary_id,
        "number": number,
        "corridor": item.corridor,
        "best_of_corridor": shown.best_of_corridor,
        "on_front": shown.on_front,
        "seasonal": item.seasonal,
        "tags": list(item.tags),
        **{f"days_{name}": _days(getattr(item.time, f"{name}_h")) for name in ("mean", "p10", "p50", "p90")},
        "transit_days": _days(item.transit_time.p50_h),
        "usd": round(item.cost_usd),
        "usd_p10": round(low_usd),
        "usd_p90": round(high_usd),
        "inventory_usd": round(item.inventory_usd),
        "generalised_usd": round(item.generalised_cost_usd),
        "usd_by_kind": {kind: round(usd) for kind, usd in item.cost_by_kind.items() if usd},
        "kg": round(item.co2e_kg),
        "km": round(item.distance_km),
        "borders": item.border_crossings,
        "gauges": item.gauge_changes,
        "changes": item.transshipments,
        "countries": list(item.countries),
        "route": item.route_line,
        "longest": f"{item.label(stop.start)}: {_words(stop)}, {_days(stop.time.mean_h):.1f} d" if stop else "",
        "left_teu_day": None if left is None else round(left.teu_day),
        "left_at": None if left is None else left.name,
        "depart": item.departs and item.departs.isoformat(timespec="minutes"),
        "arrive": item.arrives and item.arrives.isoformat(timespec="minutes"),
        "notes": [
            {"text": note.text, "sources": collected.numbers({"note": note.sources}).get("note", [])}
            for note in item.notes
        ],
        "ends": [_end(item, item.legs[0], 0), _end(item, item.legs[-1], 1)],
        "hauls": [
            [collected.line(leg, line), int(leg.backward)] for leg, line in zip(item.hauls, item.lines, strict=True)
        ],
        "stops": list(_stops(item)),
        "stairs": _stairs(item),
        "simulation": shown.simulation and _simulation(shown.simulation),
        "steps": [
            _step(item, step, collected.numbers(_merged(cited[id(leg)] for leg in step.legs)))
            for step in staircase(item)
        ],
        "sources": collected.numbers(_merged(cited.values())),
    }


def _days(hours: float) -> float:
    return round(hours / DAY_H, 2)


def _words(leg: Leg) -> str:
    return STOPS[leg.operation or leg.kind].label


def _merged(cited: Iterable[FigureSources]) -> FigureSources:
    listed = list(cited)
    return {figure: tuple(dict.fromkeys(chain.from_iterable(of[figure] for of in listed))) for figure in FIGURES}


def _end(item: Itinerary, leg: Leg, side: int) -> dict[str, Any]:
    """Return the name and position of the first or last place."""
    place = (leg.start, leg.end)[side]
    if place in item.stops:
        stop = item.stops[place]
        return {"label": stop.label, "at": _units(stop.lon, stop.lat)}
    lat, _, lon = place.partition(",")
    return {"label": place, "at": _units(float(lon), float(lat))}


def _units(lon: float, lat: float) -> list[int]:
    return [round(lon * PER_DEGREE), round(lat * PER_DEGREE)]


def _points(line: Any) -> Floats:
    """Return the points of a line, simplified; parts that were split at 180 degrees are joined."""
    import shapely

    points: Floats = shapely.get_coordinates(shapely.simplify(line, _TOLERANCE_DEGREES))
    return points


def packed(points: Floats) -> list[int]:
    """Return points as whole numbers, each the difference from the one before, without repetitions.

    Examples
    --------
    >>> import numpy as np
    >>> packed(np.array([(76.9, 43.2), (76.901, 43.2), (77.0, 43.0)]))
    [15380, 8640, 20, -40]
    """
    units = np.rint(points * PER_DEGREE).astype(np.int64)
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    moves = (steps != 0).any(axis=1)
    moves[0] = True
    found: list[int] = steps[moves].ravel().tolist()
    return found


def _stops(item: Itinerary) -> Iterator[dict[str, Any]]:
    """Yield each place with an operation or wait: its hours, and the kind of the longest, or else a gauge change."""
    by_place: dict[str, list[Leg]] = {}
    for leg in item.legs:
        if leg.kind != "haul" and leg.start in item.stops:
            by_place.setdefault(leg.start, []).append(leg)
    for place, legs in by_place.items():
        stop, longest = item.stops[place], max(legs, key=lambda leg: (leg.changes_gauge, leg.time.mean_h))
        yield {
            "at": _units(stop.lon, stop.lat),
            "label": stop.label,
            "local": stop.local,
            "kind": "gauge_change" if longest.changes_gauge else longest.operation or longest.kind,
            "hours": round(sum(leg.time.mean_h for leg in legs), 1),
        }


def _stairs(item: Itinerary) -> dict[str, list[float]]:
    """Return cumulative km, mean days and dollars after each leg."""
    of = {
        "km": [leg.distance_km for leg in item.legs],
        "days": [leg.time.mean_h / DAY_H for leg in item.legs],
        "usd": [leg.cost_usd for leg in item.legs],
    }
    return {name: [0, *(round(float(value), 2) for value in np.cumsum(values))] for name, values in of.items()}


def _reached_days(hours: float) -> float | None:
    """Return hours as days, None for a quantile that stranded shipments keep from being reached."""
    return _days(hours) if np.isfinite(hours) else None


def _simulation(found: ShipmentSimulation) -> dict[str, Any]:
    """Return the histogram of the simulated times, the promised day, the causes and the missed departures."""
    arrivals, item = found.arrivals, found.itinerary
    bins, promised_h = binned(arrivals), arrivals.promised_h
    return {
        "runs": found.runs,
        "start": arrivals.start and arrivals.start.replace(tzinfo=None).isoformat(timespec="seconds"),
        "first_days": round(bins.first_h / DAY_H, 6),
        "width_days": round(bins.width_h / DAY_H, 6),
        "shares": [round(float(share), 5) for share in bins.shares],
        **{f"days_{name}": _reached_days(getattr(found.time, f"{name}_h")) for name in ("p10", "p50", "p90")},
        "days_p95": _reached_days(found.p95_h),
        "promised": None if promised_h is None else moment_text(arrivals, promised_h),
        "promised_days": None if promised_h is None else round(promised_h / DAY_H, 6),
        "on_time": found.on_time,
        "causes": [
            {"name": share.name, "kind": share.kind, "share": round(share.share, 4)}
            for share in found.shares[:MOST_GROUPS]
            if share.share >= LEAST_SHARE
        ],
        "missed": [
            {"place": item.label(one.place), "service": one.service, "share": one.share_missed}
            for one in found.missed
            if one.share_missed >= LEAST_SHARE
        ],
    }


def _step(item: Itinerary, step: Step, sources: Mapping[str, list[int]]) -> dict[str, Any]:
    places = " / ".join(dict.fromkeys(item.label(place) for place in (step.start, step.end)))
    if step.kind == "haul":
        what = MODES[str(step.mode)].label
    elif step.kind == "border":
        what = "border crossing" + (" and gauge change" if any(leg.changes_gauge for leg in step.legs) else "")
    elif step.kind == "terminal":
        what = "loading and wait" if step.km == 0 else "unloading"
    else:
        what = _STOPS_OF_STEPS[step.kind]
    return {
        "kind": step.kind,
        "mode": step.mode,
        "what": what,
        "places": " to ".join(places.split(" / ")) if step.kind == "haul" else places,
        "at_km": round(step.km),
        "km": round(step.end_km - step.km),
        "hours": round(step.mean_h, 1),
        "usd": round(step.cost_usd),
        "kg": round(sum(leg.co2e_kg for leg in step.legs)),
        "at_days": _days(step.end_h - step.mean_h),
        "at_usd": round(step.end_usd - step.cost_usd),
        "sources": sources,
    }


@cache
def land() -> list[list[list[int]]]:
    """Return the land of the maps: for each polygon its outline, clockwise as d3 wants it, and its holes."""
    import shapely
    from pyogrio import raw

    _, _, shapes, _ = raw.read((DATA_DIR / BASE_MAP_FILE).read_bytes())
    return [
        [packed(_turning(shapely.get_coordinates(ring), clockwise=not hole)) for hole, ring in enumerate(rings)]
        for polygon in shapely.from_wkb(shapes)
        for rings in [(polygon.exterior, *polygon.interiors)]
    ]


def _turning(points: Floats, *, clockwise: bool) -> Floats:
    import shapely

    turns_left = shapely.is_ccw(shapely.linearrings(points))
    return points[::-1] if turns_left == clockwise else points
