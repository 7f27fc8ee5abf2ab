"""Ask the model what published studies claim, and write `docs/findings/studies.md`.

`docs/findings/studies.csv` holds the claims and `docs/findings/questions.csv` the questions. A query is a Python
expression over the functions of `Asked` and `NAMES`; it returns a number, or a range (p10 and p90) that agrees if it
meets the band. A claim agrees if all its questions do, and is contradicted if none does.
"""

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import landbridge as lb
from landbridge.networks.units import FULL

FOLDER = Path(__file__).parent / "findings"
HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365
PAIRS = {
    "road": (
        ("Urumqi", "Almaty"),
        ("Urumqi", "Tashkent"),
        ("Almaty", "Tashkent"),
        ("Tashkent", "Dushanbe"),
        ("Erenhot", "Ulaanbaatar"),
        ("Almaty", "Baku"),
        ("Tashkent", "Poti"),
        ("Karachi", "Kabul"),
        ("Bishkek", "Tashkent"),
        ("Urumqi", "Baku"),
    )
}
# There is no railway from Karachi to Kabul.
PAIRS["loose"] = tuple(pair for pair in PAIRS["road"] if pair != ("Karachi", "Kabul"))
MODES = {"road": ("road", "ferry"), "loose": ("rail", "sea", "ferry")}

NAMES = {
    "mean": mean,
    "SEA": ("suez", "cape"),
    "LOOSE": lb.Cargo(cargo_class="loose"),
    "ROAD": lb.Cargo(cargo_class="road"),
    "TWENTY": lb.Cargo(teu=1, tonnes=15, container_feet=20),
    "WEIGHTS": lb.Weights(value_of_time_usd_per_h=5, carbon_usd_per_t=100),
    "KG": 1000 * lb.Cargo().tonnes,
    "CITIES": ("Shanghai", "Shenzhen", "Tianjin", "Wuhan", "Zhengzhou", "Xi'an", "Chongqing"),
}

PAGE = FOLDER / "studies.md"
VERDICTS = {
    "contradicts": "Contradicted",
    "partly": "Agrees in part",
    "agrees": "Agrees",
}
"""Verdicts and their headings, in the order of the page."""


INTRODUCTION = """# What published studies say, and what the model says

Written by `make findings`: do not edit. Of {all} claims {asked} are asked: {agrees} agree, {partly} agree in part and
{contradicts} are contradicted. The claims are in [studies.csv](studies.csv), the queries in
[questions.csv](questions.csv); each figure of the model is computed by its query with the bundled data set. A number
agrees if it lies within the band in brackets, a range (p10-p90) if it meets the band. Times are in days from departure
to arrival unless a row says total, money in USD of 2024 (bands of other years are converted). The bands come from the
figures of the studies, and no value of the data set was fitted to them: a claim that is contradicted for a good reason
is a finding. No verdict makes a claim true or false: each cause says what differs.
"""


@dataclass(frozen=True)
class Answer:
    """What the model says to one question: a number, a range, or why there is none."""

    part: str
    low: float | None
    high: float | None
    band: tuple[float, float]
    problem: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the number is in the band, or the range meets it."""
        return self.low is not None and self.low <= self.band[1] and self.high >= self.band[0]

    def text(self) -> str:
        """Return the answer and the band in which it agrees."""
        said = self.problem or " to ".join(dict.fromkeys(map(number, (self.low, self.high))))
        agreed = f"{number(self.band[0])} to {number(self.band[1])}"
        return f"{self.part + ': ' if self.part else ''}{said} ({agreed})"


class Asked:
    """The functions of queries, on one network."""

    def __init__(self, network: lb.Network) -> None:
        """Take the network; what several queries need is computed once."""
        self._network = network
        self._one = cache(self._searched)
        self.assignment = cache(self._assigned)

    def names(self) -> dict[str, Any]:
        """Return what a query may name."""
        methods = {name: getattr(self, name) for name in vars(type(self)) if not name.startswith("_")}
        return {**NAMES, **methods}

    def trip(self, origin: str, destination: str, corridor: str | tuple[str, ...] | None = None, **options: Any) -> Any:
        """Return the best itinerary; of several corridors the one of the least value of the objective."""
        if not isinstance(corridor, tuple):
            return self._one(origin, destination, corridor=corridor, **options)
        found = [self._one(origin, destination, corridor=each, **options) for each in corridor]
        measure = "cost_usd" if options.get("objective") == "cost" else "generalised_cost_usd"
        return min(found, key=lambda item: getattr(item, measure))

    def _searched(self, origin: str, destination: str, **options: Any) -> lb.Itinerary:
        # Where nothing is said the answer is that of the least generalised cost, and no truck crosses a continent.
        given = {"modes": MODES["loose"], "objective": "generalised", **options}
        return next(iter(lb.route(self._network, origin, destination, **given)))

    def days(self, *ends: str, **options: Any) -> float:
        """Return the median transit time in days, from departure to arrival."""
        return self.trip(*ends, **options).transit_time.p50_h / HOURS_PER_DAY

    def transit_range(self, *ends: str, **options: Any) -> tuple[float, float]:
        """Return p10 and p90 of the transit time in days."""
        return self._range(self.trip(*ends, **options).transit_time)

    def total_range(self, *ends: str, **options: Any) -> tuple[float, float]:
        """Return p10 and p90 of the time in days, with the terminals at both ends."""
        return self._range(self.trip(*ends, **options).time)

    @staticmethod
    def _range(time: Any) -> tuple[float, float]:
        return time.p10_h / HOURS_PER_DAY, time.p90_h / HOURS_PER_DAY

    def usd(self, *ends: str, **options: Any) -> float:
        """Return the cost in USD of 2024."""
        return self.trip(*ends, **options).cost_usd

    def generalised(self, *ends: str, **options: Any) -> float:
        """Return the generalised cost in USD."""
        return self.trip(*ends, **options).generalised_cost_usd

    def km(self, *ends: str, **options: Any) -> float:
        """Return the length in km."""
        return self.trip(*ends, **options).distance_km

    def co2e(self, *ends: str, **options: Any) -> float:
        """Return the emissions in kg CO2e."""
        return self.trip(*ends, **options).co2e_kg

    def warned(self, origin: str, destination: str, word: str, **options: Any) -> int:
        """Return 1 if there is no route, or if a note of the answer names the word."""
        try:
            trip = self.trip(origin, destination, **options)
        except lb.NoRouteError:
            return 1
        return int(any(word.lower() in str(note).lower() for note in trip.notes))

    def rail_beats_sea_usd_a_day(self, origin: str, destination: str) -> float:
        """Return the value of a day for the cargo at which rail becomes better than sea."""
        rail = self.trip(origin, destination, corridor="northern")
        sea = self.trip(origin, destination, corridor=NAMES["SEA"], objective="cost")
        return (rail.cost_usd - sea.cost_usd) / (sea.time_mean_h - rail.time_mean_h) * HOURS_PER_DAY

    def cpmm(self, cargo_class: str, indicator: str) -> float:
        """Return the mean of an indicator of CAREC over its pairs of places."""
        cargo = lb.Cargo(cargo_class=cargo_class)
        trips = [self._one(*pair, cargo=cargo, modes=MODES[cargo_class], corridor=None) for pair in PAIRS[cargo_class]]
        return mean(getattr(lb.itinerary_indicators(trip).transit, indicator) for trip in trips)

    def caspian_teu_a_year(self, *modes: str) -> float:
        """Return what can cross from Kazakhstan to Azerbaijan beside the background, TEU a year in one direction."""
        found = lb.min_cut(self._network, "KZ", "AZ", modes=modes, avoid=("RU", "IR", "CN", "TM"))
        return found.max_flow_teu_day * DAYS_PER_YEAR

    def _assigned(self, flow: str, factor: float) -> lb.Assignment:
        rows = lb.network_demand(self._network)
        scaled = [
            replace(row, teu_per_year=row.teu_per_year * factor) if row.flow.startswith(flow) else row for row in rows
        ]
        return lb.assign(self._network, scaled)

    def full(self, flow: str, factor: float, *groups: str) -> int:
        """Return of how many groups a resource is full if the flow is multiplied; `|` separates prefixes of ids."""
        used = [row["resource"] for row in self.assignment(flow, factor).resources() if row["utilisation"] >= FULL]
        return sum(any(name.startswith(tuple(group.split("|"))) for name in used) for group in groups)

    def share(self, flow: str, place: str) -> float:
        """Return the share in % of a flow that passes a place."""
        found = self.assignment("", 1)
        rows = [number for number, row in enumerate(found.demand) if row.flow.startswith(flow)]
        carried = [(teu, place in trip.places) for number in rows for teu, trip in found.itineraries(number)]
        return 100 * sum(teu for teu, passes in carried if passes) / sum(teu for teu, _ in carried)

    def trains_held(self, closure: str) -> float:
        """Return what waits at the longest queue of a closure beyond what always does, in trains of 100 TEU."""
        year = date.fromisoformat(closure[-10:]).year
        found = lb.simulate_network(self._network, year=year, replications=10, close=closure)
        return found.recoveries[0].built_up_trains or 0.0

    @staticmethod
    def percent(new: float, old: float) -> float:
        """Return the change in %."""
        return 100 * (new / old - 1)


def ask(network: lb.Network) -> dict[str, list[Answer]]:
    """Return the answers of all questions by the id of their claim."""
    names = Asked(network).names()
    deflators = {row["usd_year"]: row["usd_to_2024"] for row in network.tables["deflators"].rows}
    found: dict[str, list[Answer]] = {}
    for row in read("questions"):
        factor = float(deflators[row["usd_year"]]) if row["usd_year"] else 1
        band = (float(row["agrees_low"]) * factor, float(row["agrees_high"]) * factor)
        found.setdefault(row["id"], []).append(_answer(row["part"], row["query"], band, names))
    return found


def _answer(part: str, query: str, band: tuple[float, float], names: dict[str, Any]) -> Answer:
    try:
        said = eval(query, {"__builtins__": {}, **names})  # noqa: S307 - the queries are those of this repository
    except lb.NoRouteError as error:
        return Answer(part, None, None, band, f"no route, {str(error).rstrip('.')}")
    low, high = said if isinstance(said, tuple) else (said, said)
    return Answer(part, low, high, band)


def read(table: str) -> list[dict[str, str]]:
    """Return the rows of a table of the folder."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdict(answers: list[Answer]) -> str:
    """Return whether a claim `agrees`, does so `partly`, or `contradicts` the answers."""
    agreeing = sum(item.agrees for item in answers)
    return "agrees" if agreeing == len(answers) else "partly" if agreeing else "contradicts"


def number(value: float) -> str:
    """Return a number with three digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def page(network: lb.Network) -> str:
    """Return the page of the studies."""
    studies, answers = read("studies"), ask(network)
    verdicts = {name: verdict(found) for name, found in answers.items()}
    counts = {each: sum(item == each for item in verdicts.values()) for each in VERDICTS}
    parts = [INTRODUCTION.format(asked=len(answers), all=len(studies), **counts)]
    for each, heading in VERDICTS.items():
        rows = [_row(item, answers[item["id"]]) for item in studies if verdicts.get(item["id"]) == each]
        parts.append(_table(heading, ("id", "claim", "study", "model (agrees within)", "cause, remarks"), rows))
    rows = [(item["id"], _claim(item), _said(item), item["not_asked"]) for item in studies if item["id"] not in answers]
    parts.append(_table("Not asked", ("id", "claim", "study", "why"), rows))
    return "\n".join(parts)


def _row(study: dict[str, str], answers: list[Answer]) -> tuple[str, ...]:
    cause = "" if verdict(answers) == "agrees" else study["cause"] or "cause not examined"
    remarks = "; ".join(filter(None, (cause, study["assumes"] and f"study: {study['assumes']}")))
    return study["id"], _claim(study), _said(study), "<br>".join(item.text() for item in answers), remarks


def _claim(study: dict[str, str]) -> str:
    return f"{study['claim']} ([{study['study']}]({study['address']}), {study['year']})"


def _said(study: dict[str, str]) -> str:
    return f"{' to '.join(dict.fromkeys(filter(None, (study['low'], study['high']))))} {study['unit']}"


def _table(heading: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headers, ("---",) * len(headers), *rows]
    cells = (f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
    return "\n".join([f"## {heading}", "", *cells, ""])
