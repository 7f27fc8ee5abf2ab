"""Queues against closed forms: 25 replications of 50,000 services at load 0.8, inside the 99 % interval."""

import numpy as np
import pytest
from scipy import optimize, stats

from landbridge.routing.draws.standard_tables import EXPONENTIAL, gamma_table, number_of, table_of
from landbridge.routing.simulation.kernel_records import wait_edges_h
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    sources,
    stations,
)
from landbridge.routing.simulation.replications import run_replications

SERVICES = 50_000
REPLICATIONS = 25
LOAD = 0.8
WARM_UP_H = 1000.0
EXPONENTIAL_HOUR = {"service_mean_h": 1.0, "service_sd_h": 1.0, "service_table": EXPONENTIAL}
ONE_STEP = routes([[Step(StepKind.STATION, 0)]])


def runs_of(station, source, services_per_h, line=ONE_STEP):
    """Return the replications of one station."""
    measured = run(WARM_UP_H, WARM_UP_H + SERVICES / services_per_h, REPLICATIONS)
    return run_replications(queueing_network(station, line, source, measured))


def interval_99(values):
    """Return the interval of a mean by Student."""
    half = stats.t.ppf(0.995, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values) - half, np.mean(values) + half


def waits_h(runs, row=0):
    return runs.rows["wait_h"][:, row] / runs.rows["wait_n"][:, row]


def assert_within(values, expected, half_width):
    low, high = interval_99(values)
    assert low <= expected <= high
    assert (high - low) / 2 < half_width * expected


def erlang_c(servers, offered):
    """Return the chance to wait."""
    terms = np.cumprod([1.0, *(offered / k for k in range(1, servers + 1))])
    last = terms[-1] * servers / (servers - offered)
    return last / (terms[:-1].sum() + last)


@pytest.mark.parametrize("servers", [1, 3, 10])
def test_exponential_services_by_several_servers(servers):
    """Erlang: the wait is C(c, a) / (c mu - lambda); 4 h for one server."""
    runs = runs_of(
        stations(1, servers=servers, **EXPONENTIAL_HOUR), sources(1, rate_per_h=LOAD * servers), LOAD * servers
    )
    assert_within(waits_h(runs), erlang_c(servers, LOAD * servers) / (servers * (1 - LOAD)), 0.06)
    assert_within(runs.rows["busy_h"][:, 0] / (servers * SERVICES / (LOAD * servers)), LOAD, 0.01)


# Of sigma 0.7 and a deviation of 0.75 h it starts at 1 - 0.75 / sqrt(exp(0.49) - 1) = 0.06 h: nothing is cut off at 0.
LOGNORMAL = {"service_sd_h": 0.75, "service_table": table_of(0.7)}
GAMMA = {"service_sd_h": 1 / np.sqrt(2), "service_table": number_of(gamma_table(2.0))}
CONSTANT = {"service_sd_h": 0.0}


@pytest.mark.parametrize("service", [CONSTANT, LOGNORMAL, GAMMA], ids=["constant", "lognormal", "gamma"])
def test_any_service_by_one_server(service):
    """Pollaczek and Khinchine: lambda E[s^2] / (2 (1 - rho))."""
    runs = runs_of(stations(1, service_mean_h=1.0, **service), sources(1, rate_per_h=LOAD), LOAD)
    expected = LOAD * (1 + service["service_sd_h"] ** 2) / (2 * (1 - LOAD))
    assert_within(waits_h(runs), expected, 0.06)


def test_priorities_do_not_interrupt():
    """Cobham: W_i = W_0 / ((1 - s_(i-1)) (1 - s_i)), W_0 = rho / mu and s_i the load of the classes up to i."""
    rates = np.array([0.2, 0.4, 0.2])
    line = routes([[Step(StepKind.STATION, 0)], [Step(StepKind.STATION, 0)], [Step(StepKind.STATION, 0)]])
    source = sources(3, route=[0, 1, 2], priority=[0, 1, 2], rate_per_h=rates)
    runs = runs_of(stations(1, **EXPONENTIAL_HOUR), source, LOAD, line)
    loads = np.concatenate([[0.0], np.cumsum(rates)])
    transit = runs.routes["transit_h"] / runs.routes["finished_n"]
    for priority in range(3):
        wait = LOAD / ((1 - loads[priority]) * (1 - loads[priority + 1]))
        assert_within(transit[:, priority], 1 + wait, 0.08)


@pytest.mark.parametrize("most", [2, 5])
def test_services_of_several_at_once(most):
    """A free server takes up to b that wait, and who comes later waits for the next service.

    With r the root within (0, 1) of mu r^(b+1) - (lambda + mu) r + lambda, P(n wait, busy) = C r^n and P(idle) = C mu /
    lambda, hence the wait is C r / (1 - r)^2 / lambda.
    """
    rate = LOAD * most
    root = optimize.brentq(lambda r: r ** (most + 1) - (rate + 1) * r + rate, 1e-9, 1 - 1e-6)
    scale = 1 / (1 / (1 - root) + 1 / rate)
    runs = runs_of(stations(1, bulk=most, **EXPONENTIAL_HOUR), sources(1, rate_per_h=rate), rate)
    assert_within(waits_h(runs), scale * root / (1 - root) ** 2 / rate, 0.06)


@pytest.mark.parametrize("repairers", [1, 2])
def test_machines_under_repair(repairers):
    """Birth and death of N machines that run for 1/lambda and are repaired at mu by c repairers."""
    machines, fails_per_h = 8 * repairers, 0.12
    n = np.arange(machines + 1)
    births, deaths = (machines - n[:-1]) * fails_per_h, np.minimum(n[1:], repairers)
    chance = np.cumprod([1.0, *(births / deaths)])
    chance /= chance.sum()
    throughput = (chance * np.minimum(n, repairers)).sum()
    expected = (chance * np.maximum(n - repairers, 0)).sum() / throughput
    pool = sources(1, kind=SourceKind.POPULATION, rate_per_h=machines)
    up = {"lead_mean_h": 1 / fails_per_h, "lead_sd_h": 1 / fails_per_h, "lead_table": EXPONENTIAL}
    repairs = routes([[Step(StepKind.STATION, 0)]], **up)
    runs = runs_of(stations(1, servers=repairers, **EXPONENTIAL_HOUR), pool, throughput, repairs)
    assert_within(waits_h(runs), expected, 0.03)
    assert_within(runs.rows["busy_h"][:, 0] / (SERVICES / throughput), throughput, 0.01)


def test_five_stations_in_line_are_each_as_alone():
    """Burke: what leaves M/M/c is Poisson again."""
    rate = 3 * LOAD
    line = routes([[Step(StepKind.STATION, station) for station in range(5)]])
    runs = runs_of(stations(5, servers=3, **EXPONENTIAL_HOUR), sources(1, rate_per_h=rate), rate, line)
    for row in range(5):
        assert_within(waits_h(runs, row), erlang_c(3, rate) / (3 * (1 - LOAD)), 0.06)


def test_the_counts_of_waits_are_their_distribution():
    """M/M/1: P(wait > t) = rho exp(-(1 - rho) t)."""
    runs = runs_of(stations(1, **EXPONENTIAL_HOUR), sources(1, rate_per_h=LOAD), LOAD)
    edges, counts = wait_edges_h(), runs.wait_counts[0]
    above = 1 - np.cumsum(counts)[:-1] / counts.sum()
    assert np.abs(above - LOAD * np.exp(-(1 - LOAD) * edges)).max() < 0.01
