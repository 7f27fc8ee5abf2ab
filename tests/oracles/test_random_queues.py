"""Random small networks of queues and ships: what holds in each of them whatever the numbers are."""

from itertools import accumulate, takewhile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, UNIFORM_TABLE
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import SourceKind, StationKind, Step, StepKind
from landbridge.routing.simulation.replications import run_replications
from tests.support.kernel_streams import arrival_gaps_h

WARM_UP_H, END_H = 100.0, 400.0

checked = settings(max_examples=60, suppress_health_check=list(HealthCheck))

TIMES = [(0.0, 0.0, CONSTANT), (0.5, 0.0, CONSTANT), (2.0, 2.0, EXPONENTIAL), (7.0, 3.0, UNIFORM_TABLE)]
"""Mean, sd and table."""

CHANGES = [
    [],
    [],
    [(150.0, 0.0), (250.0, 1.0)],
    [(120.0, 0.5)],
    [(0.0, 0.0)],
    [(50.0, 2.0), (200.0, 0.0)],
]
"""Always open, shut for a while, slow, never open, and shut at last."""


def columns(draw, n, **choices):
    """Draw n values of each column."""
    return {name: [draw(st.sampled_from(values)) for _ in range(n)] for name, values in choices.items()}


def spread(rows, prefix):
    """Return mean, sd and table of drawn times as columns."""
    return {f"{prefix}_{name}": [row[part] for row in rows] for part, name in enumerate(("mean_h", "sd_h", "table"))}


@st.composite
def networks(draw, *, with_ships=True):
    """Draw a network: some stations have no server or never open, some lots are larger than a ship."""
    n, lines = draw(st.integers(1, 4)), draw(st.integers(0, 2)) if with_ships else 0
    service = columns(draw, n, service=TIMES)["service"]
    found = qn.stations(
        n,
        changes=columns(draw, n, changes=CHANGES)["changes"],
        **spread(service, "service"),
        **columns(
            draw,
            n,
            servers=[0, 1, 1, 2, 5],
            batch_teu=[1.0, 2.5, 40.0],
            bulk=[1, 1, 3],
            storm=[-1, -1, 0],
            kind=[StationKind.QUEUE, StationKind.QUEUE, StationKind.REFORM] if not lines else [StationKind.QUEUE],
            max_wait_h=[0.5, 24.0, np.inf],
        ),
    )
    kinds = [StepKind.STATION] * 3 + ([StepKind.SHIP] if lines else [])
    n_routes = draw(st.integers(1, 3))
    steps = [
        [
            Step(kind, draw(st.integers(0, (n if kind == StepKind.STATION else 2 * lines) - 1)), *after)
            for kind, after in draw(st.lists(st.tuples(st.sampled_from(kinds), st.sampled_from(TIMES)), max_size=4))
        ]
        for _ in range(n_routes)
    ]
    n_sources = draw(st.integers(1, 4))
    made = columns(
        draw,
        n_sources,
        route=range(n_routes),
        priority=[0, 1, 2],
        teu=[1.0, 2.5, 40.0],
        rate_per_h=[0.0, 0.05, 1.0, 5.0],
        kind=[SourceKind.POISSON, SourceKind.POISSON, SourceKind.REGULAR],
    )
    ports = columns(
        draw, 3, port_berth=range(n), port_call_h=[0.0, 3.0], port_handling_teu_h=[5.0, np.inf], port_storm=[-1, 0]
    )
    ends = [draw(st.permutations(range(3))) for _ in range(lines)]
    sailing = columns(draw, lines, capacity_teu=[1.0, 30.0, 100.0], max_wait_h=[6.0, 48.0, np.inf])
    sailing |= {"line_port_a": [end[0] for end in ends], "line_port_b": [end[1] for end in ends]}
    sailing |= spread(columns(draw, lines, sail=TIMES[1:])["sail"], "sail")
    return qn.queueing_network(
        found,
        qn.routes(steps, **spread([draw(st.sampled_from(TIMES)) for _ in range(n_routes)], "lead")),
        qn.sources(n_sources, holds=[draw(st.sampled_from([[], [(90.0, 200.0)]])) for _ in range(n_sources)], **made),
        qn.run(WARM_UP_H, END_H, replications=2, seed=draw(st.integers(0, 99)), series_rows=range(n + 2 * lines)),
        ships=qn.ships(ports, sailing, [draw(st.sampled_from([0, 1, 3]))]) if lines else None,
        storms=qn.storms([[100.0] * 12], [20.0], [0.0, 200.0, 700.0], [0, 1]),
    )


@checked
@given(networks())
def test_cargo_is_conserved_and_the_queue_is_the_sum_of_the_waits(network):
    runs = run_replications(network)
    rows, routes, hours = runs.rows, runs.routes, END_H - WARM_UP_H
    for unit in ("n", "teu"):
        inside = routes[f"inside_start_{unit}"] + routes[f"made_{unit}"]
        assert inside == pytest.approx(routes[f"finished_{unit}"] + routes[f"inside_end_{unit}"])
    assert (routes["inside_end_n"] >= 0).all()
    # Whoever waits at the start or comes stops waiting or still waits at the end.
    coming = rows["queue_start_n"] + rows["arrivals_n"]
    assert coming == pytest.approx(rows["wait_n"] + rows["unfinished_n"])
    assert rows["unfinished_n"] == pytest.approx(rows["queue_end_n"])
    # Little's law without remainder: the queue over time is the part of all waits within the time.
    assert rows["queue_n_h"] == pytest.approx(rows["clipped_wait_h"], rel=1e-7, abs=1e-6)
    assert rows["queue_teu_h"] == pytest.approx(rows["clipped_wait_teu_h"], rel=1e-7, abs=1e-6)
    # The last interval is half a day.
    assert runs.queue_teu @ np.array([24.0] * 12 + [12.0]) == pytest.approx(
        rows["queue_teu_h"][:, network.run.series_rows], rel=1e-5, abs=1e-3
    )
    assert (rows["wait_h"] >= 0).all()
    assert (rows["queue_end_teu"] >= 0).all()
    assert (rows["busy_h"][:, : network.n_stations] <= network.stations.servers * hours * (1 + 1e-12)).all()
    assert (rows["open_h"] <= hours * (1 + 1e-12)).all()
    assert runs.wait_counts.sum(axis=1).tolist() == rows["wait_n"].sum(axis=0).tolist()
    assert runs.transit_counts.sum(axis=1).tolist() == routes["finished_n"].sum(axis=0).tolist()


@checked
@given(networks())
def test_the_bytes_are_the_same_for_any_number_of_threads_and_chunk(network):
    network = network._replace(run=network.run._replace(replications=5))
    one, other = run_replications(network, workers=1), run_replications(network, workers=4, chunk=2)
    for name in ("rows", "routes", "wait_counts", "transit_counts", "intervals", "queue_teu", "wait_h"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@checked
@given(networks(with_ships=False), st.integers(0, 3))
def test_nothing_begins_where_there_is_no_server_or_it_never_opens(network, station):
    station %= network.n_stations
    servers = network.stations.servers.copy()
    servers[station] = 0
    rows = run_replications(network._replace(stations=network.stations._replace(servers=servers))).rows[:, station]
    if network.stations.kind[station] == StationKind.QUEUE:
        assert not rows["departures_n"].any()
        assert not rows["busy_h"].any()


lines = st.fixed_dictionaries(
    {
        "servers": st.lists(st.integers(1, 4), min_size=1, max_size=3),
        "load": st.floats(0.2, 1.3),
        "service": st.sampled_from(TIMES[1:]),
        "seed": st.integers(0, 10**6),
    }
)
"""Stations in line, the load of the first one, the service of all, and a seed."""


def waiting_h(line, *, more=0, changes=()):
    """Return the hours waited in a line, by those who ended and those who did not; all runs draw the same numbers."""
    servers, (mean_h, sd_h, table) = line["servers"], line["service"]
    network = qn.queueing_network(
        qn.stations(
            len(servers),
            servers=[servers[0] + more, *servers[1:]],
            changes=[list(changes)] + [[] for _ in servers[1:]],
            service_mean_h=mean_h,
            service_sd_h=sd_h,
            service_table=table,
        ),
        qn.routes([[Step(StepKind.STATION, station) for station in range(len(servers))]]),
        qn.sources(1, rate_per_h=line["load"] * servers[0] / mean_h),
        qn.run(0.0, END_H, replications=4, seed=line["seed"]),
    )
    return run_replications(network).rows["clipped_wait_h"][:, : len(servers)]


@checked
@given(lines)
def test_more_servers_never_wait_longer_at_their_station(line):
    assert (waiting_h(line, more=1)[:, 0] <= waiting_h(line)[:, 0] + 1e-6).all()


@checked
@given(lines, st.floats(0, END_H), st.floats(1, 100))
def test_a_closure_shortens_no_wait(line, from_h, hours):
    shut = waiting_h(line, changes=[(from_h, 0.0), (from_h + hours, 1.0)])
    assert (shut[:, 0] >= waiting_h(line)[:, 0] - 1e-6).all()


@checked
@given(lines)
def test_one_server_in_line_lets_nothing_overtake(line):
    """With one server at each station those who leave are in the order of those who came: waits follow Lindley."""
    line = {**line, "servers": [1] * len(line["servers"]), "service": TIMES[1]}
    mean_h = line["service"][0]
    # A later station of the same certain service never makes anyone wait: departures are a service apart.
    waits = waiting_h(line)
    assert waits[:, 1:] == pytest.approx(0.0, abs=1e-6)
    network = qn.queueing_network(
        qn.stations(1, service_mean_h=mean_h),
        qn.routes([[Step(StepKind.STATION, 0)]]),
        qn.sources(1, rate_per_h=line["load"] / mean_h),
        qn.run(0.0, END_H, 1, line["seed"]),
    )
    row = run_replications(network).rows[0, 0]
    came_h = list(takewhile(lambda hour: hour < END_H, accumulate(arrival_gaps_h(network, 0, 0))))
    begins_h, free_h = [], 0.0
    for hour in came_h:
        begins_h.append(max(hour, free_h))
        free_h = begins_h[-1] + mean_h
    waits_h = [begin - hour for begin, hour in zip(begins_h, came_h, strict=True) if begin < END_H]
    assert row["wait_n"] == len(waits_h)
    assert row["wait_h"] == pytest.approx(sum(waits_h), abs=1e-6)
