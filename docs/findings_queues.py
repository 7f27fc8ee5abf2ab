"""Published cases of queues beside the network under load: the blocks of `docs/findings/queues.md`.

Each case is run with all capacities and all traffic at 0.9, 1 and 1.1 of the data set. Its inputs stand in the page and
were written down before its first run.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import product
from math import inf
from pathlib import Path
from typing import Any, Final

import landbridge as lb
from landbridge.networks.tables.table import Table
from landbridge.networks.years import resources_of_year
from landbridge.routing.flows.demand import scaled
from landbridge.routing.simulation.resource_waits import ResourceWait

FACTORS: Final = (0.9, 1.0, 1.1)
"""Of capacities and of traffic."""

REPLICATIONS: Final = 10
WAGON_TEU, TRAIN_TEU, DAY_H = 2.25, 100.0, 24.0
WAITS = Path(__file__).parent / "findings" / "waits.csv"
"""What is published of the longest waits of the model, and what to think of them."""

LONG_H: Final = 24.0
"""Waits of a day, as mean or p90, are compared with what is published."""

CAPACITIES: Final = {
    "resources": ("capacity",),
    "capacities": ("capacity",),
    "berths": ("handling_teu_h",),
    "services": ("vehicle_teu",),
    "loads": ("teu",),
}
TRAFFIC: Final = {"resources": ("background_teu_day",), "capacities": ("background",)}
"""Columns of tables that are moved, of loads those of ships."""

Measures = dict[str, float]
"""Values by what they are; infinite where a queue is not back to normal within the run."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A published case.

    Attributes
    ----------
    options
        Options of `simulate_network`; `{}` in a limit stands for its number.
    measure
        Measures of an answer.
    limit
        The number of the limit, which is moved with the capacities.
    published
        What is published of some of the measures, lowest and highest.
    """

    options: dict[str, Any]
    measure: Callable[[lb.NetworkSimulation], Measures]
    limit: float = 1.0
    published: dict[str, tuple[float, float]] = field(default_factory=dict)
    year: int = 2025

    def run(self, capacity: float, traffic: float) -> Measures:
        """Return the measures with a factor on all capacities and one on all traffic."""
        options = dict(self.options)
        if "limit" in options:
            options["limit"] = options["limit"].format(f"{self.limit * capacity:.4g}")
        network, assignment = loaded(self.year, capacity, traffic)
        return self.measure(lb.simulate_network(network, assignment, replications=REPLICATIONS, **options))


@cache
def bundled(year: int) -> tuple[lb.Network, list[lb.DemandFlow]]:
    """Return the network and its demand of a year, split over the crossings by counts."""
    network = lb.load_network()
    return network, lb.estimated_demand(network, year=year)


@cache
def loaded(year: int, capacity: float, traffic: float) -> tuple[lb.Network, lb.Assignment]:
    """Return a network and its flows with a factor on all capacities and one on all traffic."""
    network, demand = bundled(year)
    tables = network.tables.copy()
    for factor, columns in ((capacity, CAPACITIES), (traffic, TRAFFIC)):
        for name, own in columns.items():
            tables[name] = _moved(tables[name], own, factor)
    moved = lb.Network(tables)
    return moved, lb.assign(moved, scaled(demand, traffic), capacity="none", year=year)


def _moved(table: Table, columns: tuple[str, ...], factor: float) -> Table:
    """Return a table whose columns are multiplied by a factor; of loads only those of ships."""
    rows = [
        {**row, **{name: row[name] * factor for name in columns if row[name] is not None}}
        if table.name != "loads" or row["unit"] == "vessel"
        else row
        for row in table
    ]
    return Table(table.name, table.file, rows, list(table.lines))


def _queue_teu(found: lb.NetworkSimulation, day: date, *keys: tuple[str, str | None]) -> float:
    """Return the TEU that wait on a day at resources, each with a direction or None for all."""
    frames = [found.series(*key) for key in keys]
    return float(sum(frame.loc[frame["date"] == day.isoformat(), "queue_mean_teu"].sum() for frame in frames))


def _wait_days(found: lb.NetworkSimulation, day: date, *key: str) -> float:
    """Return the mean wait of what arrives at a resource on a day."""
    frame = found.series(*key)
    return float(frame.loc[frame["date"] == day.isoformat(), "wait_mean_h"].mean()) / DAY_H


def _wait(found: lb.NetworkSimulation, resource: str, direction: str) -> ResourceWait:
    return next(item for item in found.waits if (item.resource, item.direction) == (resource, direction))


FERRIES, KURYK = "caspian-railferry--fleet", "kz-kuryk--port"
KURYK_DAY, BAN_DAY = date(2025, 6, 2), date(2025, 4, 22)
LIMIT_OF_KURYK = FERRIES + ":{}wagons/day:2025-03-01..2025-06-30"


def _at_kuryk(found: lb.NetworkSimulation) -> Measures:
    """Return the wagons before the limit, in the port, and at the berths for a ship to Alat."""
    teu = _queue_teu(found, KURYK_DAY, (FERRIES, ""), (FERRIES, "west"), (KURYK, None))
    return {"wagons waiting": teu / WAGON_TEU}


def _banned(found: lb.NetworkSimulation) -> Measures:
    """Return also what the ban holds, less imports and what its series has of the ships."""
    number = next(number for number, item in enumerate(found.recoveries) if item.kind == "ban")
    series = float(found.recovery_queues_teu[number].mean[(KURYK_DAY - found.start).days])
    ships = _queue_teu(found, KURYK_DAY, (FERRIES, "west"), (FERRIES, "east"))
    imports = _wait(found, FERRIES, "east").assigned_teu_day * ((KURYK_DAY - BAN_DAY).days + 0.5)
    at_port = _at_kuryk(found)["wagons waiting"]
    held = (series - ships - imports) / WAGON_TEU
    return {"wagons waiting": at_port, "wagons held by the ban": held, "wagons, both": at_port + held}


BREST = ("by-brest--border-1520", "west")


def _shut(found: lb.NetworkSimulation) -> Measures:
    record = found.recoveries[0]
    network, _ = bundled(2025)
    # Traffic that is not modelled waits in the same queue by the same rules, so that its share is that of the arrivals.
    other = resources_of_year(network, 2025)[BREST[0]]["background_teu_day"] or 0.0
    factor = found.demand_teu_day / loaded(2025, 1.0, 1.0)[1].demand_teu_day.sum()
    share = 1 - other * factor / _wait(found, *BREST).assigned_teu_day
    longest = float(found.series(*BREST)["queue_mean_teu"].max())
    return {
        "trains held, all traffic both ways": (record.built_up_trains or 0.0),
        "trains held, containers westbound at Brest": longest * share / TRAIN_TEU,
        "days until normal": inf if record.normal_after_days is None else record.normal_after_days,
    }


ALAT, AKTAU, FEEDERS = ("az-alat--containers", "both"), ("kz-aktau--containers", "both"), "caspian-feeder--fleet"


def _yards(found: lb.NetworkSimulation) -> Measures:
    alat, aktau, ship = _wait(found, *ALAT), _wait(found, *AKTAU), _wait(found, FEEDERS, "west")
    return {
        "Alat, days of wait, mean": _days(alat.wait_mean_h),
        "Alat, days of wait, p90": _days(alat.wait_p90_h),
        "Aktau, days of wait for the terminal and a ship, mean": _days(aktau.wait_mean_h) + _days(ship.wait_mean_h),
        "Aktau, days of wait for a ship, p90": _days(ship.wait_p90_h),
    }


def _days(hours: float | None) -> float:
    """Return days; infinite where a queue grows for good and has no mean wait."""
    return inf if hours is None else hours / DAY_H


MALASZEWICZE = ("pl-malaszewicze--terminal", "west")


def _bad_day(found: lb.NetworkSimulation) -> Measures:
    border, terminal = found.series(*BREST)["wait_p90_h"], found.series(*MALASZEWICZE)["wait_p90_h"]
    return {
        "days of wait, worst day of the year": float((border + terminal).max()) / DAY_H,
        "days of wait, mean of the year": _days(_wait(found, *BREST).wait_mean_h)
        + _days(_wait(found, *MALASZEWICZE).wait_mean_h),
    }


def _works(found: lb.NetworkSimulation) -> Measures:
    return {
        f"days of wait of arrivals of {day:%-d %B}": _wait_days(found, day, *MALASZEWICZE)
        for day in (date(2025, 8, 12), date(2025, 11, 12))
    }


KHORGOS = ("cn-khorgos--terminal", "east")


def _at_khorgos(found: lb.NetworkSimulation) -> Measures:
    return {"wagons waiting": _queue_teu(found, date(2025, 10, 28), KHORGOS) / WAGON_TEU}


LIMIT_OF_KHORGOS = KHORGOS[0] + ":{}trains/day:2025-10-01..2025-11-25"
CASES: Final = {
    "kuryk-limit": Case(
        options={"limit": LIMIT_OF_KURYK, "days": 181},
        limit=46,
        measure=_at_kuryk,
        published={"wagons waiting": (1_000.0, inf)},
    ),
    "kuryk-ban": Case(
        options={
            "limit": LIMIT_OF_KURYK,
            "ban": "kz-kuryk--az-alat--ferry--rail:2025-04-22..2025-06-30",
            "days": 181,
        },
        limit=46,
        measure=_banned,
        published={"wagons, both": (1_000.0, inf)},
    ),
    "poland": Case(
        options={"close": "BY-PL:rail:2025-09-12..2025-09-24", "start": "2025-07-01", "days": 184},
        measure=_shut,
        published={
            "trains held, all traffic both ways": (130.0, 300.0),
            "trains held, containers westbound at Brest": (130.0, 300.0),
            "days until normal": (14.0, 28.0),
        },
    ),
    "yards": Case(
        options={},
        measure=_yards,
        published={
            "Alat, days of wait, mean": (25.0, 25.0),
            "Aktau, days of wait for the terminal and a ship, mean": (5.0, 12.0),
        },
        year=2024,
    ),
    "malaszewicze": Case(options={}, measure=_bad_day, published={"days of wait, worst day of the year": (10.0, 16.0)}),
    "malaszewicze-works": Case(
        options={
            "limit": MALASZEWICZE[0] + ":{}trains/day:2025-05-12..2025-12-31",
            "start": "2025-04-01",
            "days": 275,
        },
        limit=8,
        measure=_works,
        published={"days of wait of arrivals of 12 November": (10.0, 16.0)},
    ),
    "altynkol-10": Case(
        options={"limit": LIMIT_OF_KHORGOS, "start": "2025-08-01", "days": 120},
        limit=10,
        measure=_at_khorgos,
        published={"wagons waiting": (3_000.0, 3_000.0)},
    ),
    "altynkol-6": Case(
        options={"limit": LIMIT_OF_KHORGOS, "start": "2025-08-01", "days": 120},
        limit=6,
        measure=_at_khorgos,
        published={"wagons waiting": (3_000.0, 3_000.0)},
    ),
}


def runs(case: Case) -> dict[tuple[float, float], Measures]:
    """Return the measures of a case for each factor of capacities and of traffic."""
    return {factors: case.run(*factors) for factors in product(FACTORS, FACTORS)}


def grid(case: Case) -> list[tuple[str, ...]]:
    """Return rows of a table: each measure with its range, its centre and what is published, then by factors."""
    found = runs(case)
    return [_line(name, found, case.published.get(name)) for name in found[1.0, 1.0]]


def _line(
    name: str, found: dict[tuple[float, float], Measures], published: tuple[float, float] | None
) -> tuple[str, ...]:
    values = {factors: measures[name] for factors, measures in found.items()}
    least, most = min(values.values()), max(values.values())
    rows = ["; ".join(_number(values[capacity, traffic]) for traffic in FACTORS) for capacity in FACTORS]
    return (name, f"{_number(least)} to {_number(most)}", *rows, *_beside(published, least, most))


def _beside(published: tuple[float, float] | None, least: float, most: float) -> tuple[str, str]:
    """Return what is published, and whether the ranges meet."""
    if published is None:
        return "", ""
    low, high = published
    text = (
        f"over {_number(low)}" if high == inf else _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    )
    return text, "meets" if least <= high and low <= most else "below" if most < low else "above"


def _number(value: float) -> str:
    if value == inf:
        return "not in the run"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"


HEADERS = (
    "",
    "range",
    *(f"capacity {capacity:g}: traffic {', '.join(f'{traffic:g}' for traffic in FACTORS)}" for capacity in FACTORS),
    "published",
    "",
)


def longest_waits() -> list[tuple[str, ...]]:
    """Return the longest waits of an ordinary 2025, with what is published of them and a comment."""
    network, demand = bundled(2025)
    found = lb.simulate_network(network, demand, year=2025, replications=2 * REPLICATIONS)
    with WAITS.open(encoding="utf-8", newline="") as file:
        said = {(row["resource"], row["direction"]): row for row in csv.DictReader(file)}
    return [_wait_line(item, said.get((item.resource, item.direction), {})) for item in found.waits if _is_long(item)]


def _is_long(item: ResourceWait) -> bool:
    return not item.steady or (item.wait_p90_h or 0.0) >= LONG_H


def _wait_line(item: ResourceWait, said: dict[str, str]) -> tuple[str, ...]:
    use = "-" if not item.utilisation_assigned else f"{item.utilisation_assigned:.0%}".replace("%", " %")
    hours = (item.wait_ci95_low_h, item.wait_ci95_high_h, item.wait_p50_h, item.wait_p90_h)
    low, high, middle, most = ("-" if value is None else f"{value:,.0f}" for value in hours)
    mean = "no steady state" if not item.steady else f"{low} to {high}"
    return item.title, use, mean, middle, most, said.get("published", ""), said.get("comment", "")


WAIT_HEADERS = ("resource", "used", "mean, h (95 %)", "p50, h", "p90, h", "published", "comment")


def tables() -> dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Return headers and rows of each block of the page."""
    found = {f"queues-{name}": (HEADERS, grid(case)) for name, case in CASES.items()}
    return {**found, "queues-waits": (WAIT_HEADERS, longest_waits())}
