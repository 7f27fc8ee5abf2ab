"""Ask the model what published studies claim, and write `docs/findings/studies.md`.

`docs/findings/studies.csv` holds the claims and `docs/findings/questions.csv` the questions. A query is a Python
expression over the functions of `Asked` and `NAMES`; it returns a number, or a range (p10 and p90) that agrees if it
meets the band. A claim agrees if all its questions do, and is contradicted if none does.
"""

import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
    "int": int,
    "min": min,
    "mean": mean,
    "set": set,
    "SEA": ("suez", "cape"),
    "LOOSE": lb.Cargo(cargo_class="loose"),
    "ROAD": lb.Cargo(cargo_class="road"),
    "TWENTY": lb.Cargo(teu=1, tonnes=15, container_feet=20),
    "WEIGHTS": lb.Weights(value_of_time_usd_per_h=5, carbon_usd_per_t=100),
    "KG": 1000 * lb.Cargo().tonnes,
    "CITIES": ("Shanghai", "Shenzhen", "Tianjin", "Wuhan", "Zhengzhou", "Xi'an", "Chongqing"),
}

PLANNED = "cku-opens,zangezur-opens,trans-afghan-opens,rasht-astara-opens,development-road-opens,anaklia-2029"
"""Scenarios that open the planned links of the network."""

ALONG = (
    *("Xi'an", "Chongqing", "Urumqi", "Kashgar", "Almaty", "Bishkek", "Tashkent", "Dushanbe", "Ashgabat", "Kabul"),
    *("Karachi", "Peshawar", "Tehran", "Baku", "Tbilisi", "Yerevan", "Baghdad", "Istanbul", "Moscow", "Warsaw"),
    *("Budapest", "Duisburg"),
)
"""Cities between which planned links are judged."""

UNSERVED_USD = 15_000
"""Cost of a TEU that is not carried in scenarios: half of that of the data set, three times the cost of a usual way."""

NORTHERN = {"KZ", "RU", "BY", "PL"}
DAYS_CLOSED = 13

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

    def said(self) -> str:
        """Return the answer, or why there is none."""
        return self.problem or " to ".join(dict.fromkeys(map(number, (self.low, self.high))))

    def text(self) -> str:
        """Return the answer and the band in which it agrees."""
        agreed = f"{number(self.band[0])} to {number(self.band[1])}"
        return f"{self.part + ': ' if self.part else ''}{self.said()} ({agreed})"


class Asked:
    """The functions of queries, on one network."""

    def __init__(self, network: lb.Network) -> None:
        """Take the network; what several queries need is computed once."""
        self._network = network
        self._one = cache(self._searched)
        self._scenario = cache(self._applied)
        self._changes = cache(self._changed)
        self.closures = cache(self._ranked)
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

    def _searched(self, origin: str, destination: str, scenario: str = "", **options: Any) -> lb.Itinerary:
        # Where nothing is said the answer is that of the least generalised cost, and no truck crosses a continent.
        given = {"modes": MODES["loose"], "objective": "generalised", **options}
        return next(iter(lb.route(self._scenario(scenario), origin, destination, **given)))

    def _applied(self, scenario: str) -> lb.Network:
        """Return the network with scenarios, which are separated by commas."""
        return lb.Scenario.read(scenario).apply(self._network) if scenario else self._network

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

    def _assigned(self, flow: str, factor: float, scenario: str = "", year: int | None = None) -> lb.Assignment:
        network = self._scenario(scenario)
        rows = lb.network_demand(network, year=year)
        scaled = [replace(row, teu_per_year=row.teu_per_year * factor) if _of(row, flow) else row for row in rows]
        # What a scenario leaves no way for at a price that anyone would pay counts as not carried.
        penalty = UNSERVED_USD if scenario else None
        return lb.assign(network, scaled, year=year, unserved_usd_per_teu=penalty)

    def full(self, flow: str, factor: float, *groups: str, **options: Any) -> int:
        """Return of how many groups a resource is full if the flow is multiplied; `|` separates prefixes of ids."""
        used = self._full(flow, factor, **options)
        return sum(any(name.startswith(tuple(group.split("|"))) for name in used) for group in groups)

    def _full(self, flow: str, factor: float, **options: Any) -> set[str]:
        rows = self.assignment(flow, factor, **options).resources()
        return {row["resource"] for row in rows if row["utilisation"] >= FULL}

    def first_full(self, flow: str, factors: tuple[float, ...], **options: Any) -> float:
        """Return the first of factors on a flow at which a resource is full that is not at the first; else the last."""
        today = self._full(flow, factors[0], **options)
        return next((factor for factor in factors if self._full(flow, factor, **options) - today), factors[-1])

    def share(self, flow: str, place: str) -> float:
        """Return the share in % of a flow that passes a place."""
        found = self.assignment("", 1)
        rows = [number for number, row in enumerate(found.demand) if row.flow.startswith(flow)]
        carried = [(teu, place in trip.places) for number in rows for teu, trip in found.itineraries(number)]
        return 100 * sum(teu for teu, passes in carried if passes) / sum(teu for teu, _ in carried)

    def teu(self, flow: str, **options: Any) -> float:
        """Return the demand of flows in TEU a year; `|` separates prefixes of their names."""
        return sum(row.teu_per_year for row in self.assignment("", 1, **options).demand if _of(row, flow))

    def mt(self, flow: str) -> float:
        """Return the demand of flows in Mt a year."""
        found = self.assignment("", 1).demand
        return sum(row.teu_per_year * row.tonnes_per_teu for row in found if _of(row, flow)) / 1e6

    def value_musd(self, flow: str) -> float:
        """Return the value of the goods of flows in million USD a year."""
        found = self.assignment("", 1).demand
        return sum(row.teu_per_year * row.value_usd_per_teu for row in found if _of(row, flow)) / 1e6

    def served(self, flow: str, growth: float = 1, **options: Any) -> float:
        """Return the share of flows that is carried if they are multiplied, weighted by tonnes."""
        found = self.assignment(flow, growth, **options)
        tonnes = [row.tonnes_per_teu if _of(row, flow) else 0.0 for row in found.demand]
        return float((found.served_teu_day @ tonnes) / (found.demand_teu_day @ tonnes))

    def corridor_teu(self, flow: str, corridor: str, **options: Any) -> float:
        """Return the TEU a year of flows that take a corridor; `|` separates several."""
        found = self.assignment("", 1, **options)
        rows = [number for number, row in enumerate(found.demand) if _of(row, flow)]
        taken = (path for number in rows for path in found.paths(number) if path.corridor in corridor.split("|"))
        return DAYS_PER_YEAR * sum(path.teu_day for path in taken)

    def mt_through(self, resource: str, **options: Any) -> float:
        """Return the Mt a year that use a resource."""
        found = self.assignment("", 1, **options)
        uses = found.rows.uses.tocsr()
        rows = [number for number, name in enumerate(found.rows.resource) if name == resource]
        edges = set(uses[rows].indices.tolist())
        tonnes = (
            path.teu_day * row.tonnes_per_teu
            for number, row in enumerate(found.demand)
            for path in found.paths(number)
            if edges & set(path.edges)
        )
        return DAYS_PER_YEAR * sum(tonnes) / 1e6

    def works_musd(self, *countries: str) -> float:
        """Return the cost in million USD of the candidate works in countries, given as prefixes of places."""
        prefixes = tuple(f"{country}-" for country in countries)
        return sum(
            row["cost_musd"]
            for row in self._network.tables["candidates"]
            if any(
                end.startswith(prefixes)
                for name in (row["place"] or "", *row["resources"], *row["links"])
                for end in name.split("--")
            )
        )

    def load_at(self, service: str, metres: float) -> float:
        """Return the load of a ship in % of its full load if the Caspian changes by so many metres."""
        change = {"do": "caspian-level", "metres": metres}
        document = {"name": "level", "title": "level", "shows": "load", "sources": [], "changes": [change]}
        tables = lb.Scenario.from_dict(document).apply(self._network).tables
        ship = tables["services"].by_key()[service]["vehicle"]
        return 100 * (1 - tables["loads"].by_key()[ship]["low_water_loss"])

    def shorter(self) -> list[float]:
        """Return the change in % of the time between cities with all planned links, where there is a route."""
        return [time for time, _ in self._changes()]

    def cheaper(self) -> list[float]:
        """Return the change in % of generalised cost between the same cities."""
        return [cost for _, cost in self._changes()]

    def _changed(self) -> list[tuple[float, float]]:
        pairs = [(origin, destination) for origin in ALONG for destination in ALONG if origin != destination]
        table = [{"origin": origin, "destination": destination} for origin, destination in pairs]
        found = lb.compare(self._network, None, PLANNED, od=table, modes=MODES["loose"], break_even=False)
        measures = ("time_p50_h", "generalised_cost_usd")
        return [
            (self.percent(*times), self.percent(*costs))
            for row in found.pairs
            if row["error_before"] is None
            for times, costs in [[(row[f"{name}_after"], row[f"{name}_before"]) for name in measures]]
        ]

    def _ranked(self, resources: tuple[str, ...] | None) -> lb.Criticality:
        kinds = "crossings" if resources is None else None
        return lb.criticality(self._network, resources=resources, kinds=kinds, days=DAYS_CLOSED)

    def closure_musd_a_day(self, name: str) -> float:
        """Return the additional generalised cost of a day of closure in million USD, where cargo may wait."""
        return self.closures((name,)).distinct[0].usd_with_waiting / DAYS_CLOSED / 1e6

    def ranking(self) -> lb.Criticality:
        """Return the closures of crossings, the most costly first."""
        return self.closures(None)

    def northern_among_first(self, count: int) -> int:
        """Return how many of the most costly crossings lie in a country of the Northern corridor."""
        return sum(bool(NORTHERN & set(item.id.split("-"))) for item in self.ranking().distinct[:count])

    def lateness(self, origin: str, destination: str, first: str, last: str, border: str, **options: Any) -> float:
        """Return the mean additional days of departures that would reach a border from a first to a last day."""
        normal, to_border = self.days(origin, destination, **options), self.days(origin, border, **options)
        start, end = (date.fromisoformat(day) - timedelta(to_border) for day in (first, last))
        days = [start + timedelta(number) for number in range((end - start).days + 1)]
        return mean(self.days(origin, destination, depart=day.isoformat(), **options) - normal for day in days)

    def trains_held(self, closure: str) -> float:
        """Return what waits at the longest queue of a closure beyond what always does, in trains of 100 TEU."""
        year = date.fromisoformat(closure[-10:]).year
        found = lb.simulate_network(self._network, year=year, replications=10, close=closure)
        return found.recoveries[0].built_up_trains or 0.0

    @staticmethod
    def percent(new: float, old: float) -> float:
        """Return the change in %."""
        return 100 * (new / old - 1)


def _of(row: lb.DemandFlow, flow: str) -> bool:
    """Return whether a row is of a flow; `|` separates prefixes of names."""
    return row.flow.startswith(tuple(flow.split("|")))


def ask(network: lb.Network) -> dict[str, list[Answer]]:
    """Return the answers of all questions by the id of their claim."""
    names = Asked(network).names()
    found: dict[str, list[Answer]] = {}
    for row in read("questions"):
        band = in_dollars_of_2024(network, row["usd_year"], row["agrees_low"], row["agrees_high"])
        found.setdefault(row["id"], []).append(answer(row["part"], row["query"], band, names))
    return found


def in_dollars_of_2024(network: lb.Network, usd_year: str, low: str | float, high: str | float) -> tuple[float, float]:
    """Return a band, of USD of a year in USD of 2024."""
    deflators = {row["usd_year"]: row["usd_to_2024"] for row in network.tables["deflators"].rows}
    factor = float(deflators[usd_year]) if usd_year else 1
    return float(low) * factor, float(high) * factor


def answer(part: str, query: str, band: tuple[float, float], names: dict[str, Any]) -> Answer:
    """Return the answer of a query."""
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
