"""Random networks and questions for property tests: small, valid by the check of networks, and of many kinds.

A network is drawn as rows (`Drawn`), so that a test can change them before it is written: tracks of two gauges and two
consignment notes with their changes, borders, trucks, ships, ferries and barges, services of every kind of wait,
tariffs by distance and owner, spreads with shared factors, congested months, resources with capacities, demand, and
corridors. With a calendar also opening hours, seasons, closures and slow-downs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from landbridge.networks import Network, read_network
from landbridge.routing import Cargo, Weights
from tests.support.tiny import MODES, Cells, link, operation, place, service, write_tiny

TRACKS = {
    "cn": (1435, "smgs"),
    "kz": (1520, "smgs"),
    "ru": (1520, "smgs"),
    "az": (1520, "smgs"),
    "pl": (1435, "cim"),
    "de": (1435, "cim"),
}
"""Gauge and consignment note of the railways of each country, from east to west."""

COUNTRIES = [
    {"code": "CN", "name": "China", "timezone": "Asia/Shanghai"},
    {"code": "KZ", "name": "Kazakhstan", "union": "EAEU", "timezone": "Asia/Almaty"},
    {"code": "RU", "name": "Russia", "union": "EAEU", "timezone": "Europe/Moscow"},
    {"code": "AZ", "name": "Azerbaijan", "timezone": "Asia/Baku"},
    {"code": "PL", "name": "Poland", "union": "EU", "timezone": "Europe/Warsaw"},
    {"code": "DE", "name": "Germany", "union": "EU", "timezone": "Europe/Berlin"},
]
OBJECTIVES = ("generalised", "time", "cost", "co2e", "distance")
SPREADS = ((1.0, 1.0, 1.0), (0.8, 0.98, 1.3), (0.5, 0.9, 1.6), (0.7, 0.95, 1.35), (0.9, 0.9, 1.2), (0.2, 0.7, 2.5))
"""p10, p50 and p90 divided by the mean: certain, common ones, one without a lower half, one with a long tail."""

OPEN = {"open_from": "08:00", "open_to": "16:00", "open_source": "A1", "open_year": 2024, "open_confidence": "assumed"}


@dataclass(frozen=True)
class Drawn:
    """A random network as rows for `write_tiny`."""

    rows: dict[str, Any]

    def written(self, folder: Path) -> Path:
        """Write it as CSV."""
        return write_tiny(folder, **self.rows)

    def network(self) -> Network:
        """Return the network, which has to pass its check."""
        with TemporaryDirectory() as folder:
            return read_network(self.written(Path(folder)))

    def of(self, table: str) -> list[Cells]:
        """Return the rows of a table."""
        return self.rows[table] if table in self.rows else self.rows["tables"].get(table, [])

    def with_rows(self, table: str, rows: list[Cells]) -> "Drawn":
        """Return it with other rows of a table."""
        if table in self.rows:
            return replace(self, rows=self.rows | {table: rows})
        return replace(self, rows=self.rows | {"tables": self.rows["tables"] | {table: rows}})

    @property
    def ends(self) -> list[str]:
        """Places where cargo can be loaded and unloaded."""
        return [row["id"] for row in self.rows["places"] if row.get("kind") not in {"passage", "junction"}]


@st.composite
def networks(draw: st.DrawFn, *, calendar: bool = False, most_places: int = 6) -> Drawn:
    """Draw a network."""
    count = draw(st.integers(3, most_places))
    codes = sorted(draw(st.lists(st.sampled_from(list(TRACKS)), min_size=count, max_size=count)), key=[*TRACKS].index)
    ids = [f"{code}-{letter}" for code, letter in zip(codes, "abcdefgh", strict=False)]
    links = list(_links(draw, ids))
    if calendar:
        links = [row | _season(draw) if number >= count else row for number, row in enumerate(links)]
    resources = _resources(draw, links)
    operations = [*_default_operations(draw, calendar=calendar), *_changes(draw, ids, links)]
    tables = {
        # With these no table is missing, so that none is read from the bundled data, which takes longer than the rest.
        "countries": COUNTRIES,
        "resources": resources,
        "tariffs": _tariffs(),
        "spreads": list(_spreads(draw)),
        "demand": _demand(draw, ids),
        "corridors": _corridors(draw, ids),
        "dataset": [
            {"key": "drayage_km", "value": str(draw(st.sampled_from([0, 200, 600])))},
            {"key": "unserved_usd_per_teu", "value": "20000"},
        ],
        "emission_factors": _factors(draw),
        "congestion": [
            {"kind": "line", "model": "bpr", "alpha": 0.5, "beta": 4},
            {"kind": "terminal", "model": "queue", "batch_teu": 2, "service_h": 2, "scv": 1},
        ],
        "traffic": _traffic(draw, operations),
    }
    if calendar:
        tables |= _calendar(draw, links)
    found = {
        "places": [place(name) for name in ids],
        "links": links,
        "services": list(_services(draw)),
        "operations": operations,
        "tables": tables,
    }
    return Drawn(found)


def _links(draw: st.DrawFn, ids: list[str]) -> Iterator[Cells]:
    """Yield a chain of links that joins all places, both ways, and further links."""
    seen: set[tuple[Any, ...]] = set()
    pairs = [(ids[at], ids[draw(st.integers(0, at - 1))], True) for at in range(1, len(ids))]
    both = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
    pairs += [(*ends, False) for ends in draw(st.lists(both, max_size=2 * len(ids)))]
    for start, end, main in pairs:
        mode = draw(st.sampled_from(["rail", "rail", "road"] if main else MODES))
        row = link(f"{start} -- {end}", mode, service=_service_of(draw, mode))
        row["length_km"] = draw(st.sampled_from([60, 100, 250, 333.3, 800, 2500]))
        if mode == "rail":
            row["gauge"], row["regime"] = TRACKS[draw(st.sampled_from([start, end]))[:2]]
        if mode == "road":
            row["bridge"] = draw(st.sampled_from([False, False, False, True]))
            if row["bridge"]:
                row |= {"bridge_source": "A1"}
        if not main:
            row["both_ways"] = draw(st.sampled_from([True, True, True, False]))
        row |= _own_time(draw)
        keys = {(*ends, row["service"], row.get("gauge")) for ends in ((start, end), (end, start))}
        if not keys & seen:
            seen |= keys
            yield row


def _service_of(draw: st.DrawFn, mode: str) -> str:
    return draw(st.sampled_from(["rail", "rail", "express"])) if mode == "rail" else mode


def _own_time(draw: st.DrawFn) -> Cells:
    """Return a time of the link's own for some, as quantiles, or with a minimum."""
    evidence = {"time_source": "A1", "time_year": 2024, "time_confidence": "assumed"}
    return draw(
        st.sampled_from(
            [
                *[{}] * 5,
                {"p10_h": 4, "p50_h": 6, "p90_h": 11, **evidence},
                {"mean_h": 9, "min_h": 5, **evidence},
                {"p10_h": 3, "p50_h": 8, "p90_h": 9, **evidence},
            ]
        )
    )


def _season(draw: st.DrawFn) -> Cells:
    return draw(
        st.sampled_from(
            [
                *[{}] * 6,
                {"season_from": "04-01", "season_to": "10-31"},
                {"season_from": "11-15", "season_to": "03-20"},
                {"valid_from": "2026-02-10"},
                {"valid_to": "2026-03-05"},
                OPEN,
                OPEN | {"open_from": "20:00", "open_to": "04:00", "open_days": ("mon", "thu")},
            ]
        )
    )


def _services(draw: st.DrawFn) -> Iterator[Cells]:
    waits = [
        {"wait_kind": "on_demand"},
        {"wait_kind": "headway", "headway_h": 24, "cut_off_h": 3},
        {"wait_kind": "headway", "headway_h": 168, "loose_wait_h": 20},
        {"wait_kind": "fill_and_go", "wait_p10_h": 5, "wait_p50_h": 20, "wait_p90_h": 70},
        {"wait_kind": "timetable", "days": ("tue", "fri"), "departures": ("06:00", "18:30"), "cut_off_h": 6},
    ]
    for name, mode in (*((mode, mode) for mode in MODES), ("express", "rail")):
        boarding = draw(st.sampled_from([{}, {"boarding_usd_per_teu": 40, "boarding_usd_year": 2020}]))
        yield service(
            name,
            mode,
            speed_km_h=draw(st.sampled_from([20, 50, 90])),
            tariff=draw(st.sampled_from(["flat", "banded"])),
            spread=f"{mode}-haul",
            **boarding,
            **({"wait_kind": "on_demand"} if mode == "road" else draw(st.sampled_from(waits))),
        )


def _tariffs() -> list[Cells]:
    """Return a tariff by distance and owner of the container, in dollars of another year, with a spread of rates."""
    banded = {"id": "banded", "usd_year": 2020, "spread": "price-rail"}
    return [
        {"id": "flat", "usd_per_teu_km": 0.1, "usd_year": 2024},
        {**banded, "band_from_km": 0, "band_to_km": 300, "usd_per_teu_km": 0.2, "usd_per_feu_km": 0.3},
        {**banded, "band_from_km": 300, "usd_per_teu_km": 0.07, "usd_per_feu_km": 0.11},
    ]


def _spreads(draw: st.DrawFn) -> Iterator[Cells]:
    kinds = ["border-rail", "border-road", "gauge-change", "note-change", "load", "unload"]
    for name in ("certain", *(f"{mode}-haul" for mode in MODES), *kinds, "transship-port", "transship-terminal"):
        low, middle, high = SPREADS[0] if name == "certain" else draw(st.sampled_from(SPREADS))
        shared = draw(st.sampled_from([{}, {"shared_factor": "weather", "shared_share": 0.4}]))
        yield {"id": name, "p10_ratio": low, "p50_ratio": middle, "p90_ratio": high, **shared}
    yield {"id": "price-rail", "p10_ratio": 0.8, "p50_ratio": 1.0, "p90_ratio": 1.3}


def _factors(draw: st.DrawFn) -> list[Cells]:
    per_teu = {"g_co2e_per_tkm": None, "g_co2e_per_teu_km": 90, "reefer_g_co2e_per_teu_km": 140}
    rows = [{"id": mode, "mode": mode, "g_co2e_per_tkm": draw(st.sampled_from([10, 35]))} for mode in MODES]
    return [row | per_teu if draw(st.booleans()) else row for row in rows]


def _default_operations(draw: st.DrawFn, *, calendar: bool) -> Iterator[Cells]:
    """Yield other times and fees of some of the default operations."""
    defaults = [("load", {"to_mode": mode}) for mode in MODES] + [("unload", {"from_mode": mode}) for mode in MODES]
    defaults += [(f"border_{side}", {"from_mode": mode}) for side in ("exit", "entry") for mode in ("rail", "road")]
    defaults += [("transship", {"from_mode": one, "to_mode": other}) for one in MODES for other in MODES]
    for kind, modes in defaults:
        cells = draw(
            st.sampled_from(
                [
                    {},
                    {"mean_h": 12},
                    {"mean_h": 30, "min_h": 8, "fee_usd_per_teu": 50, "fee_usd_per_feu": 80},
                    {"p10_h": 2, "p50_h": 5, "p90_h": 30, "fee_usd_per_consignment": 25},
                    {"mean_h": 4, "co2e_kg_per_teu": 6},
                    *([{"mean_h": 6, **OPEN}, {"mean_h": 3, **OPEN, "open_days": ("mon", "wed")}] if calendar else []),
                ]
            )
        )
        if cells:
            yield operation(kind, **modes, **cells)


def _changes(draw: st.DrawFn, ids: list[str], links: list[Cells]) -> Iterator[Cells]:
    """Yield the changes of gauge and of note at places where lines of two meet."""
    for name in ids:
        rails = [row for row in links if row["mode"] == "rail" and name in {row["from"], row["to"]}]
        gauges, notes = ({row[column] for row in rails} for column in ("gauge", "regime"))
        if len(gauges) == 2:
            yield operation(
                "gauge_change",
                name,
                from_gauge=1435,
                to_gauge=1520,
                both_ways=True,
                mean_h=draw(st.sampled_from([5, 20])),
                method=draw(st.sampled_from(["bogie", "transload"])),
            )
        if len(notes) == 2:
            yield operation("note_change", name, from_regime="smgs", to_regime="cim", both_ways=True, mean_h=6)


def _resources(draw: st.DrawFn, links: list[Cells]) -> list[Cells]:
    """Return resources, after naming them in some of the links."""
    found = []
    for number, row in enumerate(links):
        if draw(st.sampled_from([True, False])):
            row["resource"] = name = f"line-{number}"
            capacity = draw(st.sampled_from([3, 5, 20, 200]))
            shared = draw(st.booleans())
            background = draw(st.sampled_from([0, 2]))
            found.append({"id": name, "capacity": capacity, "shared": shared, "background_teu_day": background})
    return found


def _demand(draw: st.DrawFn, ids: list[str]) -> list[Cells]:
    rows = []
    for number in range(draw(st.integers(1, 4))):
        origin, destination = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
        rows.append(
            {
                "id": f"d{number}",
                "origin": origin,
                "destination": destination,
                "flow": draw(st.sampled_from(["east", "west"])),
                "teu_per_year": 365 * draw(st.sampled_from([1, 7.5, 40])),
                "cargo_class": draw(st.sampled_from(["block", "block", "loose", "road"])),
                "value_usd_per_teu": draw(st.sampled_from([0, 50_000])),
                "value_of_time_usd_per_teu_h": draw(st.sampled_from([None, 3])),
            }
        )
    return rows


def _corridors(draw: st.DrawFn, ids: list[str]) -> list[Cells]:
    borders = sorted({"-".join(sorted({one[:2].upper(), two[:2].upper()})) for one in ids for two in ids})
    border = draw(st.sampled_from([tag for tag in borders if "-" in tag] or ["CN-KZ"]))
    return [
        {"id": "narrow", "name": "By one border", "priority": 1, "require": border},
        {"id": "any", "name": "Any way", "priority": 2, "require": "*"},
    ]


def _traffic(draw: st.DrawFn, operations: list[Cells]) -> list[Cells]:
    """Return congested months of two operations of one group, in some networks."""
    if any(row["kind"].startswith("border") and row.get("from_mode") == "rail" for row in operations):
        return []
    share = draw(st.sampled_from([None, 0.1, 0.6]))
    base = {"group": "jams", "congested_share": share, "own_time": "normal", "source": "A1"}
    base |= {"year": 2024, "confidence": "assumed"}
    names = {"exit": 40, "entry": 90}
    return [
        base | {"id": side, "operations": f"default--border_{side}-rail", "congested_h": hours}
        for side, hours in names.items()
        if share is not None
    ]


def _calendar(draw: st.DrawFn, links: list[Cells]) -> dict[str, list[Cells]]:
    """Return closures and slow-downs, some of which begin under way."""
    ids = [f"{row['from']}--{row['to']}--{row['mode']}" for row in links[: draw(st.integers(0, 2))]]
    first = draw(st.sampled_from(["2026-02-01", "2026-03-04"]))
    closures = [
        {"id": f"shut-{n}", "target": "links", "ids": name, "first": first, "last": "2026-03-09"}
        for n, name in enumerate(dict.fromkeys(ids))
    ]
    slow = {"id": "slow", "first": "2026-03-01", "last": "2026-04-30", "time_factor": 1.5}
    slowdowns = [slow | draw(st.sampled_from([{"modes": "rail", "countries": "KZ"}, {"services": "sea"}]))]
    return {"closures": closures, "slowdowns": slowdowns if draw(st.booleans()) else []}


@st.composite
def cargoes(draw: st.DrawFn) -> Cargo:
    """Draw cargo of any class, size and value."""
    teu = draw(st.sampled_from([1.0, 2.0, 4.0, 7.0, 60.0]))
    return Cargo(
        teu=teu,
        tonnes=teu * draw(st.sampled_from([0.0, 2.5, 12.0, 15.0])),
        value_usd=teu * draw(st.sampled_from([0.0, 900.0, 50_000.0, 2e6])),
        cargo_class=draw(st.sampled_from(["block", "block", "timetabled", "loose", "road", "bulk"])),
        container_feet=draw(st.sampled_from([20, 40, 45])),
        equipment=draw(st.sampled_from(["carrier", "shipper"])),
        reefer=draw(st.booleans()),
    )


def objectives() -> st.SearchStrategy[Any]:
    """Draw an objective by name, or weights."""
    weights = st.builds(
        Weights,
        value_of_time_usd_per_h=st.sampled_from([0.0, 2.0, 50.0]),
        reliability_usd_per_h=st.sampled_from([0.0, 4.0]),
        carbon_usd_per_t=st.sampled_from([0.0, 100.0]),
    )
    return st.sampled_from(OBJECTIVES) | weights


DEPARTURES = (None, "2026-03-02", "2026-03-06T17:45", "2026-07-31T23:30+05:00")
"""Without a date, at midnight before a slow-down and closures, in the afternoon, and at a moment with an offset."""


@st.composite
def pairs(draw: st.DrawFn, drawn: Drawn) -> tuple[str, str]:
    """Draw two places between which cargo can be sent."""
    one, other = draw(st.lists(st.sampled_from(drawn.ends), min_size=2, max_size=2, unique=True))
    return one, other
