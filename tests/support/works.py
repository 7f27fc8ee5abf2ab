"""A network with three ways from a to d and works on them, and the best plan by trying all of them.

The ways are single links, so the least cost of a day is a sum by hand: demand takes the cheapest way up to its
capacity, then the next one, and the rest pays the penalty.
"""

from itertools import product
from typing import Any, NamedTuple

import numpy as np

from landbridge.routing.flows.demand import DemandFlow
from tests.support.tiny import link, service, tiny_network

VALUE_OF_TIME = 2.0
PENALTY = 200.0
LENGTHS = (200, 400, 250)
CAPACITIES = (30.0, 20.0, 25.0)


def three_ways(folder, *, candidates=(), demand=()):
    """Return a network of 3 ways of 200, 400 and 250 km, for 30, 20 and 25 TEU a day; the third opens in 2040."""
    planned = ({}, {}, {"valid_from": "2040-01-01"})
    return tiny_network(
        folder,
        links=[
            link("kz-a -> kz-d", id=f"way{n}", service=f"s{n}", length_km=length, resource=f"r{n}", **more)
            for n, (length, more) in enumerate(zip(LENGTHS, planned, strict=True))
        ]
        + [link("kz-d -> kz-a", id="back")],
        services=[service(f"s{n}", capacity_teu_day=None, vehicle="train") for n in range(3)],
        tables={
            "resources": [{"id": f"r{n}", "kind": "line", "capacity": teu} for n, teu in enumerate(CAPACITIES)],
            "demand": demand,
            "candidates": candidates,
        },
    )


def demand(teu_day):
    """Return a demand from a to d with a value of time."""
    return DemandFlow(
        origin="kz-a",
        destination="kz-d",
        teu_per_year=365 * teu_day,
        value_usd_per_teu=0.0,
        value_of_time_usd_per_teu_h=VALUE_OF_TIME,
    )


def work(name, cost_musd, **cells):
    """Return a row of candidates: by default it can open in 2026, lasts for 30 years and is of dollars of 2024."""
    base = {"id": name, "name": name.title(), "kind": "line", "cost_musd": cost_musd, "cost_usd_year": 2024}
    return base | {"opening": 2026} | cells


def way_usd(way, *, hours_factor=1.0):
    """Return the cost of a TEU on a way: fees of half a 40-foot container, 0.10 USD a km, and hours at 50 km/h."""
    return 10 + 0.1 * LENGTHS[way] + VALUE_OF_TIME * (1 + LENGTHS[way] / 50 * hours_factor + 2)


def day_usd(teu, done, works):
    """Return the least cost of a day with some works (by id) in service."""
    room = [*CAPACITIES[:2], CAPACITIES[2] if "third" in done else 0.0]
    for name in done:
        for resource in works[name].get("resources", ()):
            room[int(resource[1])] += works[name]["capacity_add"]
    price = [way_usd(way) for way in range(3)]
    if "faster" in done:
        price[1] = way_usd(1, hours_factor=works["faster"]["hours_factor"])
    if "third" not in done:
        room[2] = 0.0
    total, left = 0.0, teu
    for usd, most in sorted(zip(price, room, strict=True)):
        taken = min(left, most)
        total, left = total + taken * usd, left - taken
    return total + left * PENALTY


class Tried(NamedTuple):
    """A plan: the year of opening of each work, its cost of building and its net present value in each scenario."""

    opened: dict[str, int]
    building_usd: float
    npv_usd: tuple[float, ...]


def all_plans(works, demands, *, budget_usd, rate, spans):
    """Return all plans that keep to the rules, with their values, from the definitions alone.

    Parameters
    ----------
    works
        Rows of candidates by id.
    demands
        TEU a day by scenario and period.
    spans
        First and last year of each period.
    """
    base, horizon = spans[0][0], spans[-1][1]
    found = []
    starts = [first for first, _ in spans]
    for chosen in product((None, *starts), repeat=len(works)):
        opened = {name: year for name, year in zip(works, chosen, strict=True) if year is not None}
        if not all(_fits(name, year, opened, works) for name, year in opened.items()):
            continue
        building = sum(_building(works[name], year, base, rate) for name, year in opened.items())
        if building > budget_usd * (1 + 1e-9):
            continue
        cost = building - sum(_left(works[name], year, horizon, base, rate) for name, year in opened.items())
        for name, year in opened.items():
            running = works[name].get("operating_musd_year", 0) * 1e6
            cost += sum(running / (1 + rate) ** (y - base) for y in _served(works[name], year, horizon))
        npv = []
        for scenario in demands:
            saved = 0.0
            for teu, (first, last) in zip(scenario, spans, strict=True):
                for y in range(first, last + 1):
                    done = [name for name, year in opened.items() if y in _served(works[name], year, horizon)]
                    saved += 365 / (1 + rate) ** (y - base) * (day_usd(teu, [], works) - day_usd(teu, done, works))
            npv.append(saved - cost)
        found.append(Tried(opened, building, tuple(npv)))
    return found


def _fits(name, year, opened, works) -> bool:
    row = works[name]
    needed = all(other in opened and opened[other] <= year for other in row.get("requires", ()))
    return year >= row["opening"] and needed and not any(other in opened for other in row.get("excludes", ()))


def _building(row: dict[str, Any], year: int, base: int, rate: float) -> float:
    years = [y for y in range(year - row.get("build_years", 1), year) if y >= base] or [year]
    return sum(row["cost_musd"] * 1e6 / len(years) / (1 + rate) ** (y - base) for y in years)


def _served(row: dict[str, Any], year: int, horizon: int) -> range:
    return range(year, min(year + row.get("life_years", 30), horizon + 1))


def _left(row: dict[str, Any], year: int, horizon: int, base: int, rate: float) -> float:
    life = row.get("life_years", 30)
    return row["cost_musd"] * 1e6 * max(0, life - (horizon + 1 - year)) / life / (1 + rate) ** (horizon - base)


def random_works(random: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Return five works of random cost and size: wider ways, a faster one, and the third way with its widening."""

    def musd() -> float:
        return round(float(random.uniform(0.2, 5)), 2)

    rows = [
        work("wide", musd(), resources=("r0",), capacity_add=float(random.integers(5, 30))),
        work(
            "second", musd(), resources=("r1",), capacity_add=float(random.integers(5, 30)), build_years=3, life_years=8
        ),
        work("faster", musd() / 4, links=("way1",), hours_factor=0.4, operating_musd_year=0.01),
        work("third", musd(), links=("way2",), opening=int(random.choice([2026, 2031])), life_years=3),
        work("wider", musd(), resources=("r2",), capacity_add=20.0, requires=("third",), life_years=12),
    ]
    if random.random() < 0.5:
        rows[1] |= {"excludes": ("wide",)}
    if random.random() < 0.5:
        rows[2] |= {"requires": ("second",)}
    return {row["id"]: row for row in rows}


OPTIONS: dict[str, Any] = {
    "horizon": 2035,
    "demand": [demand(60)],
    "unserved_usd_per_teu": PENALTY,
    "frontier": (0.5,),
}
THIRD = work("third", 2, links=("way2",), cost_low_musd=1, cost_high_musd=4)
WIDE = work("wide", 1, resources=("r0",), capacity_add=5.0)
ROWS = [
    work("wide", 5, resources=("r0",), capacity_add=3650.0, capacity_unit="teu/year"),
    work("faster", 2, links=("way1",), hours_factor=0.4),
    work("third", 2, links=("way2",)),
    work("cheaper", 2, operations=("default--load-rail",), fee_factor=0.0),
    work("idle", 2, links=("way0",)),
]
