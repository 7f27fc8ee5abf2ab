"""Dated search against a time-expanded network: a node for each state and moment that cargo can come to it.

The calendar is read here from the tables alone, with `datetime` and `zoneinfo`; the shape of the network and the
dollars are those of the network's own views, which other oracles hold. Cargo moves on as soon as it can and does not
wait for what is shut. In the period of the queries things shut and nothing opens, so that who leaves later can never
be better off: where something opens, a slow way may come in time for it, which by design is not looked for. All links
run westward, so that there are finitely many moments.
"""

import random
from datetime import UTC, datetime, time, timedelta
from itertools import count

import networkx as nx
import pytest

from landbridge.networks import NoRouteError
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import EdgeKind, State, StateKind
from landbridge.networks.times.timetables import WEEKDAYS
from landbridge.routing import Cargo, route
from landbridge.routing.query.costs import edge_costs
from tests.support.tiny import link, operation, service, tiny_network

FIRST, LAST = datetime(2026, 2, 16, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
"""Departures lie in here: German clocks are moved on 29 March, a season and a slow-down end, a closure begins."""

PLACES = ("cn-a", "cn-b", "kz-c", "kz-d", "de-p", "de-q")
MAX_WAIT = timedelta(days=14)
ALL = ("rail", "road", "sea", "ferry")

SERVICES = (
    service("east", country="CN", wait_kind="headway", headway_h=12, loose_wait_h=3, boarding_usd_per_teu=40),
    service(
        "kaz",
        country="KZ",
        wait_kind="timetable",
        days=("mon", "wed", "sat"),
        departures=(time(3, 30), time(15)),
        cut_off_h=4,
        loose_wait_h=20,
        speed_km_h=80,
    ),
    service("fill", "ferry", wait_kind="fill_and_go", wait_p10_h=30, wait_p50_h=30, wait_p90_h=30, cut_off_h=2.5),
    service(
        "ship",
        "sea",
        wait_kind="timetable",
        days=("sat",),
        departures=(time(10),),
        cut_off_h=12,
        season_from="05-10",
        season_to="03-20",
        boarding_usd_per_teu=15,
    ),
    service("db", country="DE", wait_kind="timetable", departures=(time(0, 45), time(3, 30), time(13)), cut_off_h=1),
    service("truck", "road", country="DE"),
    service("lorry", "road", country="KZ", valid_to="2026-03-28"),
)
LINKS = (
    link("cn-a -> cn-b", service="east", length_km=800),
    link("cn-a -> cn-b", "road", length_km=700, tariff="dear"),
    link("cn-b -> kz-c", service="east", length_km=400),
    link("cn-b -> kz-c", "road", length_km=350, tariff="dear"),
    link("kz-c -> kz-d", service="kaz", length_km=2400),
    link("kz-c -> kz-d", "road", service="lorry", length_km=2000, tariff="dear", open_from=time(22), open_to=time(5)),
    link("kz-d -> de-p", "ferry", service="fill", length_km=900),
    link("kz-d -> de-p", "sea", service="ship", length_km=1300),
    link("de-p -> de-q", service="db", length_km=300),
    link("de-p -> de-q", "road", service="truck", length_km=250, tariff="dear",
         open_days=("mon", "tue", "wed", "thu", "fri", "sat"), open_from=time(1, 30), open_to=time(22)),
)  # fmt: skip
OPERATIONS = (
    operation("border_entry", "kz-c", other_place="cn-b", mean_h=5.5, open_from=time(8), open_to=time(20)),
    operation("border_entry", "kz-c", other_place="cn-b", from_mode="road", mean_h=3,
              open_days=("mon", "tue", "wed", "thu", "fri")),
    operation("unload", "de-q", from_mode="rail", mean_h=2, open_from=time(6), open_to=time(18)),
)  # fmt: skip
TABLES = {
    "tariffs": [{"id": "dear", "usd_per_teu_km": 0.45, "usd_year": 2024}],
    "closures": [
        {"id": "strike", "target": "links", "ids": ("de-p--de-q--rail",), "first": "2026-03-25", "last": "2027-12-31"}
    ],
    "slowdowns": [
        {"id": "winter", "countries": ("KZ",), "modes": ("rail", "road"), "season_from": "11-20", "season_to": "03-10",
         "time_factor": 1.5},
        {"id": "ice", "services": ("fill", "ship"), "season_from": "12-15", "season_to": "02-25", "time_factor": 1.25},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dated")
    services = [row | ({"boarding_usd_year": 2024} if "boarding_usd_per_teu" in row else {}) for row in SERVICES]
    return tiny_network(folder, links=LINKS, services=services, operations=OPERATIONS, tables=TABLES, check=False)


class Expanded:
    """A network with the calendar of its tables, edge by edge and moment by moment."""

    def __init__(self, network, cargo, *, modes, avoid):
        self.network, self.cargo = network, cargo
        self.bit = 1 << CARGO_CLASSES.index(cargo.cargo_class)
        self.usd = edge_costs(network, cargo).cost_usd.tolist()
        view = network.to_networkx()
        self.edges = {state: [] for state in view}
        for tail, head, edge, values in view.edges(keys=True, data=True):
            row = self.row(values["kind"], values["row"])
            is_haul = values["kind"] == EdgeKind.HAUL
            clear = not {tail.place, head.place} & avoid and (not is_haul or modes is None or row["mode"] in modes)
            if values["classes"] & self.bit and clear:
                self.edges[tail].append((head, values["kind"], row, self.usd[edge]))

    def row(self, kind, number):
        tables = {EdgeKind.HAUL: "links", EdgeKind.OPERATION: "operations", EdgeKind.WAIT: "services"}
        return self.network.tables[tables[EdgeKind(kind)]].rows[number]

    def local(self, moment, place):
        return moment.astimezone(self.network.zone(place))

    def is_open(self, rows, moment, place):
        """Whether rows are valid, in season and not closed on the local day of a moment."""
        day = self.local(moment, place).date()
        month_day = 100 * day.month + day.day
        for row in rows:
            if (row["valid_from"] and day < row["valid_from"]) or (row["valid_to"] and row["valid_to"] < day):
                return False
            first, last = row.get("season_from"), row.get("season_to")
            if first and not (first <= month_day <= last if first <= last else first <= month_day or month_day <= last):
                return False
            for closure in self.network.tables["closures"]:
                if row["id"] in closure["ids"] and closure["first"] <= day <= closure["last"]:
                    return False
        return True

    def moments(self, moment, place, clock, days):
        """Yield the moments of an hour of some weekdays from the day before a moment on, in their order."""
        zone, today = self.network.zone(place), self.local(moment, place).date()
        for number in count(-1):
            day = today + timedelta(days=number)
            if not days or WEEKDAYS[day.weekday()] in days:
                yield datetime.combine(day, clock, zone).astimezone(UTC)
            if number > 40:
                return

    def next_departure(self, service, ready, place):
        clocks = service["departures"]
        return min(
            next(found for found in self.moments(ready, place, clock, service["days"]) if found >= ready)
            for clock in clocks
        )

    def next_opening(self, row, moment, place):
        """Return when a row is entered by cargo that comes at a moment."""
        if row["open_from"] is None and not row["open_days"]:
            return moment
        start, end = row["open_from"] or time(0), row["open_to"] or time(0)
        zone = self.network.zone(place)
        for opens in self.moments(moment, place, start, row["open_days"]):
            day = self.local(opens, place).date() + timedelta(days=end <= start)
            shuts = datetime.combine(day, end, zone).astimezone(UTC)
            if moment < shuts:
                return max(moment, opens)
        raise AssertionError(row["id"])

    def slowness(self, link, moment, place):
        """Return by how much a haul is slower at a moment, and the next local midnight, when that may change."""
        local = self.local(moment, place)
        month_day = 100 * local.month + local.day
        factor = 1.0
        for row in self.network.tables["slowdowns"]:
            slowed = link["service"] in row["services"] or self.network.places[place]["country"] in row["countries"]
            first, last = row["season_from"], row["season_to"]
            within = first <= month_day <= last if first <= last else first <= month_day or month_day <= last
            if slowed and within and (not row["modes"] or link["mode"] in row["modes"]):
                factor *= row["time_factor"]
        midnight = datetime.combine(local.date() + timedelta(days=1), time(0), local.tzinfo)
        return factor, midnight.astimezone(UTC)

    def end_of_haul(self, link, begin, place):
        speed = link["speed_km_h"] or self.network.services[link["service"]]["speed_km_h"]
        left, moment = timedelta(hours=link["length_km"] / speed), begin
        while True:
            factor, midnight = self.slowness(link, moment, place)
            if moment + left * factor <= midnight:
                return moment + left * factor
            left -= (midnight - moment) / factor
            moment = midnight

    def after(self, kind, row, moment, place):
        """Return when cargo that comes to an edge at a moment is through, None where it is shut."""
        gates = [row, self.network.services[row["service"]]] if kind == EdgeKind.HAUL else [row]
        begin = moment
        if kind != EdgeKind.WAIT:
            begin = self.next_opening(row, moment, place)
        elif row["wait_kind"] == "timetable":
            more = row["loose_wait_h"] if self.cargo.cargo_class == "loose" else 0
            begin = self.next_departure(row, moment + timedelta(hours=row["cut_off_h"] + more), place)
        if begin - moment > MAX_WAIT or not all(self.is_open(gates, at, place) for at in (moment, begin)):
            return None
        if kind == EdgeKind.HAUL:
            return self.end_of_haul(row, begin, place)
        if kind == EdgeKind.OPERATION:
            return begin + timedelta(hours=row["mean_h"])
        if row["wait_kind"] == "timetable":
            return begin
        more = row["loose_wait_h"] if self.cargo.cargo_class == "loose" else 0
        wait = {"headway": (row["headway_h"] or 0) / 2, "fill_and_go": row["wait_p50_h"], "on_demand": 0}
        return begin + timedelta(hours=wait[row["wait_kind"]] + row["cut_off_h"] + more)

    def best(self, origin, destination, depart):
        """Return least hours and least dollars from a moment on, None where there is no way."""
        source, graph, waiting = (State(StateKind.ORIGIN, origin), depart), nx.DiGraph(), []
        graph.add_node(source)
        waiting.append(source)
        while waiting:
            state, moment = node = waiting.pop()
            for head, kind, row, usd in self.edges[state]:
                end = self.after(kind, row, moment, state.place)
                if end is None:
                    continue
                following = (head, end)
                if following not in graph:
                    waiting.append(following)
                if not graph.has_edge(node, following) or usd < graph.edges[node, following]["usd"]:
                    graph.add_edge(node, following, usd=usd, hours=(end - moment) / timedelta(hours=1))
        ends = [node for node in graph if node[0] == State(StateKind.DESTINATION, destination)]
        if not ends:
            return None
        hours, usd = (nx.single_source_dijkstra_path_length(graph, source, weight=name) for name in ("hours", "usd"))
        return min(hours[end] for end in ends), min(usd[end] for end in ends)


def queries(number):
    """Yield ends, departure, class, modes and avoided places of random queries."""
    draw = random.Random(20260301)  # noqa: S311 - a sample and no secret
    quarters = int((LAST - FIRST) / timedelta(minutes=15))
    for _ in range(number):
        some = sorted(draw.sample(range(len(PLACES)), 2))
        ends = draw.choice([("cn-a", "de-q"), ("cn-a", "de-p"), ("kz-c", "de-q"), [PLACES[place] for place in some]])
        depart = FIRST + timedelta(minutes=15) * draw.randrange(quarters)
        modes = draw.choice([ALL, ALL, ALL, ("rail", "ferry"), ("rail", "sea"), ("road", "sea", "ferry")])
        avoid = draw.choice([*[()] * 11, ("kz-c",)])
        yield *ends, depart, draw.choice(["block", "block", "loose"]), modes, () if set(avoid) & set(ends) else avoid


def answer(network, *ends, **options):
    try:
        return route(network, *ends, **options)[0]
    except NoRouteError:
        return None


def test_200_dated_queries_have_the_least_hours_and_the_least_dollars_of_the_time_expanded_network(network):
    found = {"ways": 0, "none": 0, "timed": set()}
    for origin, destination, depart, cargo_class, modes, avoid in queries(200):
        cargo = Cargo(cargo_class=cargo_class)
        options = {"depart": depart, "cargo": cargo, "modes": modes, "avoid": avoid}
        expected = Expanded(network, cargo, modes=modes, avoid=set(avoid)).best(origin, destination, depart)
        fastest = answer(network, origin, destination, objective="time", **options)
        what = f"{origin} to {destination}, {depart}, {cargo_class}, {modes}, without {avoid}"
        assert (fastest is None) == (expected is None), what
        if fastest is None:
            found["none"] += 1
            continue
        cheapest = answer(network, origin, destination, objective="cost", **options)
        assert fastest.time_mean_h == pytest.approx(expected[0], abs=1e-6), what
        assert cheapest.cost_usd == pytest.approx(expected[1], abs=1e-6), what
        assert fastest.departs == depart
        assert (fastest.arrives - depart) / timedelta(hours=1) == pytest.approx(expected[0], abs=1e-3), what
        found["ways"] += 1
        found["timed"] |= {leg.name for leg in (*fastest.legs, *cheapest.legs)}
    # What was drawn has to try all of it.
    assert found["ways"] > 140
    assert found["none"] > 5
    assert {row["id"] for row in SERVICES} <= found["timed"]
    assert "opening of kz-c--border_entry-rail" in found["timed"]


@pytest.mark.parametrize("cargo_class", ["block", "loose"])
@pytest.mark.parametrize("objective", ["time", "cost"])
def test_who_leaves_later_never_arrives_earlier_and_never_pays_less(network, objective, cargo_class):
    moments = [FIRST + timedelta(hours=7 * number) for number in range(150)]
    cargo, before, changes = Cargo(cargo_class=cargo_class), None, 0
    for moment in moments:
        found = answer(network, "cn-a", "de-q", depart=moment, objective=objective, cargo=cargo, modes=ALL)
        value = float("inf")
        if found is not None:
            value = found.arrives.timestamp() if objective == "time" else found.cost_usd
        if before is not None:
            assert value >= before - 1e-6, moment
            changes += value > before
        before = value
    assert changes > (20 if objective == "time" else 0)
