"""Scenarios beside published cases: the blocks of `docs/findings/what-if.md`.

Queries, bands and causes stand in `docs/findings/what-if.csv`; queries may name what those of `docs/studies.py` may.
"""

from collections.abc import Iterable
from functools import cache
from math import nan
from typing import Final

import studies

import landbridge as lb
from landbridge.networks.units import FULL

YEARS: Final = (2024, 2025)
EXCLUDED: Final = "russia-belarus-excluded"
NO_OCEAN: Final = f"{EXCLUDED}, no ocean ships"
OCEANS: Final = ("suez", "cape")
TRADE: Final = "china-eu"
"""Prefix of the flows between China and the European Union."""

COLUMNS: Final = {
    "as it is": "",
    "excluded": EXCLUDED,
    "excluded, ships by the Cape": f"{EXCLUDED},red-sea-avoided",
    "excluded, no ocean ships": NO_OCEAN,
}
"""What the tables of flows compare, by their headings."""

FUTURES: Final = ("titr-2030", "titr-2030,no-works-2030", "demand-2030", "demand-2030,no-works-2030")
SHIPS_AND_PORTS: Final = ("kz-aktau", "kz-kuryk", "az-alat", "tm-turkmenbashi", "caspian-", "feeder-", "ge-", "tr-")
"""Prefixes of the resources of the Middle Corridor west of Kazakhstan."""

RANKED: Final = 10
DAYS_PER_YEAR, HOURS_PER_DAY = 365, 24

Block = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Headers and rows of a table."""


@cache
def asked() -> studies.Asked:
    """Return the questions on the bundled network."""
    return studies.Asked(lb.load_network())


@cache
def assigned(scenario: str, year: int | None = None) -> lb.Assignment:
    """Return the flows of a year in a scenario; cargo for which no way of a usual price is left is not carried."""
    if scenario != NO_OCEAN:
        return asked().assignment("", 1, scenario=scenario, year=year)
    network = lb.Scenario.read(EXCLUDED).apply(lb.load_network())
    demand = lb.network_demand(network, year=year)
    return lb.assign(network, demand, year=year, avoid=OCEANS, unserved_usd_per_teu=studies.UNSERVED_USD)


def ways(found: lb.Assignment, flow: str) -> dict[str, float]:
    """Return the TEU a year of flows by corridor, and `not carried`."""
    rows = [number for number, row in enumerate(found.demand) if row.flow.startswith(flow)]
    total = {"not carried": DAYS_PER_YEAR * float(found.unserved_teu_day[rows].sum())}
    for path in (path for number in rows for path in found.paths(number)):
        total[path.corridor] = total.get(path.corridor, 0.0) + DAYS_PER_YEAR * path.teu_day
    return total


def means(found: lb.Assignment, flow: str) -> tuple[float, float]:
    """Return the mean days of flows and their mean generalised cost in USD per TEU."""
    rows = [number for number, row in enumerate(found.demand) if row.flow.startswith(flow)]
    paths = [path for number in rows for path in found.paths(number)]
    teu = sum(path.teu_day for path in paths)
    days = sum(path.teu_day * path.time_mean_h for path in paths) / teu / HOURS_PER_DAY
    return days, sum(path.teu_day * path.usd_per_teu for path in paths) / teu


def flows(columns: dict[str, str], year: int | None) -> Block:
    """Return where the trade between China and the European Union goes, one column for each scenario."""
    runs = [assigned(scenario, year) for scenario in columns.values()]
    found = [ways(run, TRADE) for run in runs]
    names = sorted(
        {name for each in found for name in each},
        key=lambda name: (name == "not carried", -found[0].get(name, 0.0), name),
    )
    rows = [(_titled(name), *(_whole(each.get(name, 0.0)) for each in found)) for name in names]
    days, costs = zip(*(means(run, TRADE) for run in runs), strict=True)
    rows += [("mean days of what is carried", *(f"{value:.1f}" for value in days))]
    rows += [("mean generalised cost of it, USD/TEU", *map(_whole, costs))]
    carried = [sum(each.values()) - each["not carried"] for each in found]
    more = [teu * (cost - costs[0]) / 1e6 for teu, cost in zip(carried, costs, strict=True)]
    rows += [("what it costs more, M USD a year", *map(_whole, more))]
    all_middle = [ways(run, "").get("middle", 0.0) for run in runs]
    return ("TEU a year", *columns), [*rows, ("all cargo of the Middle Corridor", *map(_whole, all_middle))]


def _titled(corridor: str) -> str:
    names = {"suez": "sea, by Suez", "cape": "sea, by the Cape", "not carried": "**not carried**"}
    return names.get(corridor, f"corridor {corridor}")


def full(scenario: str, year: int | None, *, beside: str = "") -> Block:
    """Return what is full in a scenario, with its use and its flow there and without it."""
    usual = {_key(row): row for row in assigned(beside, year).resources()}
    rows = []
    for row in assigned(scenario, year).resources():
        if row["utilisation"] < FULL:
            continue
        before = usual.get(_key(row), {})
        used = _percent(before.get("utilisation") or 0.0)
        flow = (before.get("flow_teu_day", 0.0), row["flow_teu_day"])
        rows.append(
            (row["name"], row["direction"], used, *map(_whole, flow), _whole(row["shadow_price_usd_per_teu_day"]))
        )
    return ("full", "direction", "used before", "TEU/day before", "TEU/day", "USD for one more TEU/day"), rows


def _key(row: dict[str, object]) -> tuple[object, object]:
    return row["resource"], row["direction"]


def futures() -> Block:
    """Return what is carried of the Trans-Caspian demand of 2030, and what is full on its way."""
    rows = []
    for scenario in FUTURES:
        found = assigned(scenario)
        numbers = [number for number, row in enumerate(found.demand) if row.flow.startswith("titr")]
        wanted, lost = (
            DAYS_PER_YEAR * float(each[numbers].sum()) for each in (found.demand_teu_day, found.unserved_teu_day)
        )
        served = asked().served("titr", scenario=scenario)
        names = [
            f"{row['name']} ({row['direction']})"
            for row in found.resources()
            if row["utilisation"] >= FULL and row["resource"].startswith(SHIPS_AND_PORTS)
        ]
        rows.append((f"`{scenario}`", _whole(wanted), _whole(lost), _percent(served), "; ".join(names)))
    return ("scenario", "TEU a year", "not carried", "carried, of the tonnes", "full west of Kazakhstan"), rows


def ranking() -> Block:
    """Return the crossings whose closure for 13 days costs most."""
    rows = [
        (
            item.id,
            *map(_whole, (item.affected_teu_day, item.unserved_teu_day)),
            *(f"{usd / studies.DAYS_CLOSED / 1e6:,.2f}" for usd in (item.usd, item.usd_with_waiting)),
            "; ".join(f"{gain.name} +{gain.teu_day:,.0f}" for gain in item.gains[:2]),
        )
        for item in asked().ranking().distinct[:RANKED]
    ]
    headers = (
        "crossing",
        "TEU/day on it",
        "TEU/day with no way",
        "M USD a day, none waits",
        "M USD a day, some wait",
        "what takes most, TEU/day",
    )
    return headers, rows


def tests(case: str) -> Block:
    """Return the queries of a case, with the answer of the model, what is published, and the cause of a miss."""
    return ("asked", "model", "agrees within", "published", "", "cause, remarks"), list(_tested(case))


def _tested(case: str) -> Iterable[tuple[str, ...]]:
    for row in (row for row in studies.read("what-if") if row["case"] == case):
        low, high = (row[name] or nan for name in ("agrees_low", "agrees_high"))
        band = studies.in_dollars_of_2024(lb.load_network(), row["usd_year"], low, high)
        found = studies.answer("", row["query"], band, asked().names())
        judged = bool(row["agrees_low"])
        said = f"[{row['published']}]({row['address']})" if row["address"] else row["published"]
        verdict = "" if not judged else "agrees" if found.agrees else "**misses**"
        within = f"{studies.number(band[0])} to {studies.number(band[1])}" if judged else "no band"
        cause = row["cause"] or ("cause not examined" if judged and not found.agrees else "")
        yield f"{row['what']}, {row['unit']}", found.said(), within, said, verdict, cause


def tables() -> dict[str, Block]:
    """Return headers and rows of each block of the page."""
    cases = dict.fromkeys(row["case"] for row in studies.read("what-if"))
    poland = {"as it is": "", "border shut all year": "poland-belarus-closed-13-days"}
    found = {f"what-if-{case}": tests(case) for case in cases}
    for year in YEARS:
        found[f"what-if-flows-{year}"] = flows(COLUMNS, year)
        found[f"what-if-full-{year}"] = full(EXCLUDED, year)
        found[f"what-if-full-no-ocean-{year}"] = full(NO_OCEAN, year)
    return {
        **found,
        "what-if-flows-poland": flows(poland, 2025),
        "what-if-full-poland": full("poland-belarus-closed-13-days", 2025),
        "what-if-full-caspian": full("caspian-low", 2025),
        "what-if-futures": futures(),
        "what-if-crossings": ranking(),
    }


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")
