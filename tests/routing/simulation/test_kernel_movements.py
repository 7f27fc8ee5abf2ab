"""Entities between their waits: random delays, streams of their own, and populations that circulate."""

import numpy as np
import pytest

from landbridge.networks.times.distributions import UNIFORM
from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, table_of
from landbridge.routing.simulation.kernel_movements import Event
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

FREE = stations(1, servers=1000)


def transit(line, rate_per_h=2.0, end_h=20_000.0, of=None):
    """Return mean and standard deviation of the hours of a route without queues."""
    of = of or sources(1, rate_per_h=rate_per_h)
    route = run_replications(queueing_network(FREE, line, of, run(0.0, end_h, 1))).routes[0, 0]
    mean = route["transit_h"] / route["finished_n"]
    return mean, np.sqrt(route["transit_h2"] / route["finished_n"] - mean**2)


@pytest.mark.parametrize("table", [EXPONENTIAL, table_of(UNIFORM), table_of(0.0), table_of(0.4)])
def test_delays_have_the_mean_and_deviation_that_they_are_given(table):
    line = routes([[Step(StepKind.STATION, 0, 10.0, 2.0, table)]], lead_mean_h=5.0, lead_sd_h=1.0, lead_table=table)
    # Of 40,000 entities; the two delays are independent.
    mean, sd = transit(line)
    assert mean == pytest.approx(15.0, rel=0.01)
    assert sd == pytest.approx(np.sqrt(5.0), rel=0.03)


def test_what_begins_a_route_is_counted_with_its_teu():
    # One in 10 h for 1,000 h, the last of which has not finished its 7 h where its phase is later than 3 h.
    of = sources(1, rate_per_h=0.1, teu=4.0, kind=SourceKind.REGULAR)
    found = run_replications(queueing_network(FREE, routes([[]], lead_mean_h=7.0), of, run(0.0, 1000.0, 1))).routes[
        0, 0
    ]
    assert (found["made_n"], found["made_teu"]) == (100, 400)
    assert found["finished_n"] in {99, 100}


def test_a_time_is_never_below_0():
    """Exponential of mean 1 and a deviation of 5 would start at -4: what is below 0 is 0, and the mean is larger."""
    mean, _ = transit(routes([[Step(StepKind.STATION, 0, 1.0, 5.0, EXPONENTIAL)]]))
    # E max(0, 5 X - 4) with X exponential: 5 exp(-4/5).
    assert mean == pytest.approx(5 * np.exp(-0.8), rel=0.03)


def test_a_constant_has_no_spread():
    mean, sd = transit(routes([[Step(StepKind.STATION, 0, 10.0, 0.0, CONSTANT)]]))
    assert (mean, sd) == pytest.approx((10.0, 0.0), abs=1e-4)


def test_a_route_without_steps_is_its_lead():
    assert transit(routes([[]], lead_mean_h=7.0))[0] == pytest.approx(7.0)


def test_regular_entities_come_at_equal_intervals_from_a_random_phase_on():
    of = sources(1, rate_per_h=0.1, kind=SourceKind.REGULAR)
    line = routes([[Step(StepKind.STATION, 0)]])
    measured = run(0.0, 1000.0, 20, series_step_h=1.0, series_rows=[0])
    runs = [
        run_replications(queueing_network(FREE, line, of, measured._replace(replications=1, seed=seed)))
        for seed in range(20)
    ]
    comes = [np.flatnonzero(each.intervals[0]["arrivals_n"]) for each in runs]
    assert all((np.diff(hours) == 10).all() for hours in comes)
    assert len({hours[0] for hours in comes}) > 4


def test_poisson_entities_come_at_random():
    of = sources(1, rate_per_h=2.0)
    measured = run(0.0, 50_000.0, 1, series_step_h=1.0, series_rows=[0])
    counts = run_replications(queueing_network(FREE, routes([[Step(StepKind.STATION, 0)]]), of, measured))
    arrivals = counts.intervals[0]["arrivals_n"]
    # Mean and variance of the numbers per hour are equal; of 50,000 hours within 3 %.
    assert arrivals.mean() == pytest.approx(2.0, rel=0.02)
    assert arrivals.var() == pytest.approx(2.0, rel=0.03)


def test_a_population_has_a_constant_number_and_new_times_in_each_round():
    of = sources(1, kind=SourceKind.POPULATION, rate_per_h=7, teu=2.0)
    line = routes([[Step(StepKind.STATION, 0, 10.0, 10.0, EXPONENTIAL)]])
    runs = run_replications(queueing_network(FREE, line, of, run(1000.0, 101_000.0, 1)))
    route = runs.routes[0, 0]
    assert (route["inside_start_teu"], route["inside_end_teu"]) == (14, 14)
    assert route["finished_n"] == pytest.approx(70_000, rel=0.02)
    mean = route["transit_h"] / route["finished_n"]
    assert route["transit_h2"] / route["finished_n"] - mean**2 == pytest.approx(100.0, rel=0.05)


def test_a_change_of_one_station_leaves_the_draws_of_the_others_as_they_were():
    """Arrivals and services of station 0 are the same whatever station 1 does: the same waits to the last digit."""
    line = routes([[Step(StepKind.STATION, 0, 5.0, 1.0, EXPONENTIAL), Step(StepKind.STATION, 1)]])
    of = sources(1, rate_per_h=0.8)

    def waits_h(second_h):
        table = stations(2, service_mean_h=[1.0, second_h], service_sd_h=[1.0, 0.0], service_table=EXPONENTIAL)
        return run_replications(queueing_network(table, line, of, run(0.0, 5000.0, 1))).rows[0]["wait_h"]

    assert waits_h(0.1)[0] == waits_h(1.1)[0] > 0
    assert waits_h(0.1)[1] < waits_h(1.1)[1]


def test_at_one_time_services_end_before_others_arrive():
    assert Event.END < Event.TICK < Event.STORM < Event.CHANGE < Event.SERVED < Event.ARRIVED < Event.TIMER < Event.MADE
