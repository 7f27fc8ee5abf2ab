"""Queueing networks without ships against the same in simpy: waits, transit times and what was served."""

import numpy as np
import pytest

from landbridge.routing.draws.standard_tables import EXPONENTIAL, UNIFORM_TABLE
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import SourceKind, StationKind, Step, StepKind
from landbridge.routing.simulation.replications import run_replications
from tests.support.ferry_crossing import interval_95
from tests.support.simpy_network import NetworkModel
from tests.support.simpy_tandem import Tandem, tandem_in_simpy, tandem_network

REPLICATIONS = 20
RUN = qn.run(300.0, 4_300.0, REPLICATIONS, seed=7)


def station(index, *after):
    return Step(StepKind.STATION, index, *after)


def priorities():
    """Three classes at a border with two servers, then at a yard of one; a fast train goes by both."""
    return qn.queueing_network(
        qn.stations(2, servers=[2, 1], service_mean_h=[1.5, 0.6], service_sd_h=[1.5, 0.2],
                    service_table=[EXPONENTIAL, UNIFORM_TABLE]),
        qn.routes([[station(0, 5.0), station(1, 2.0, 2.0, EXPONENTIAL)], [station(1)], [station(0), station(1)]]),
        qn.sources(3, route=[0, 1, 2], priority=[0, 1, 2], rate_per_h=[0.4, 0.3, 0.6],
                   kind=[SourceKind.REGULAR, SourceKind.POISSON, SourceKind.POISSON]),
        RUN,
    )  # fmt: skip


def working_hours():
    """A hall that works from 8 to 20 h and takes three lots at once, after a yard that serves by TEU and is slow once.

    The hall ends what it has begun.
    """
    hours = [(24.0 * day + hour, factor) for day in range(180) for hour, factor in ((0, 0.0), (8, 1.0), (20, 0.0))]
    return qn.queueing_network(
        qn.stations(2, servers=[2, 1], batch_teu=[10.0, 1.0], service_mean_h=[2.0, 2.5], service_sd_h=[2.0, 0.0],
                    service_table=EXPONENTIAL, bulk=[1, 3], changes=[[(1_000.0, 0.8), (1_400.0, 1.0)], hours]),
        qn.routes([[station(0, 4.0), station(1)]]),
        qn.sources(2, route=0, teu=[20.0, 5.0], priority=[1, 2], rate_per_h=[0.1, 0.2]),
        RUN,
    )  # fmt: skip


def re_formed():
    """Trains of 41 TEU become trains of 60, the last of a quiet time after a day; a ban holds one kind for a week."""
    return qn.queueing_network(
        qn.stations(3, servers=[1, 1, 2], batch_teu=[41.0, 60.0, 41.0], service_mean_h=[1.2, 0.0, 3.0],
                    service_sd_h=[0.4, 0.0, 1.0], service_table=UNIFORM_TABLE,
                    kind=[StationKind.QUEUE, StationKind.REFORM, StationKind.QUEUE], max_wait_h=24.0),
        qn.routes([[station(0), station(1), station(2)], [station(1, 1.0), station(1)]], lead_mean_h=3.0),
        qn.sources(2, route=[0, 1], teu=[41.0, 2.5], rate_per_h=[0.2, 0.5], holds=[[(1_000.0, 1_168.0)], []]),
        RUN,
    )  # fmt: skip


def storms():
    """A port that storms close, more often in the second half of the run, and a yard that they do not."""
    closed_h = [[60.0, 200.0, *[0.0] * 10]]
    return qn.queueing_network(
        qn.stations(2, servers=[3, 2], service_mean_h=2.0, service_sd_h=2.0, service_table=EXPONENTIAL, storm=[0, -1]),
        qn.routes([[station(0, 20.0), station(1), station(0)]]),
        qn.sources(1, rate_per_h=0.3),
        RUN,
        storms=qn.storms(
            closed_h, [24.0], [0.0, 700.0, 1_500.0, 2_200.0, 3_000.0, 3_700.0, 4_500.0], [0, 0, 0, 1, 1, 1]
        ),
    )


def pool():
    """Nine wagons that are loaded, travel, are unloaded and come back, beside other traffic at the place of loading."""
    return qn.queueing_network(
        qn.stations(2, servers=[1, 1], service_mean_h=[1.0, 0.8], service_sd_h=[1.0, 0.8], service_table=EXPONENTIAL),
        qn.routes([[station(0, 6.0, 6.0, EXPONENTIAL), station(1, 4.0)], [station(0)]]),
        qn.sources(2, route=[0, 1], rate_per_h=[9.0, 0.25], kind=[SourceKind.POPULATION, SourceKind.POISSON]),
        RUN,
    )


@pytest.mark.parametrize("make", [priorities, working_hours, re_formed, storms, pool], ids=lambda make: make.__name__)
def test_what_is_measured_is_that_of_simpy(make):
    network = make()
    runs = run_replications(network)
    models = [NetworkModel(network, seed).run() for seed in range(REPLICATIONS)]
    for index in range(network.n_stations):
        rows, theirs = runs.rows[:, index], [model.stations[index].measured for model in models]
        overlap(rows["wait_h"] / rows["wait_n"], [np.mean(each.waits_h) for each in theirs], f"wait at {index}")
        overlap(rows["departures_teu"], [each.served_teu for each in theirs], f"served at {index}")
        if network.stations.kind[index] == StationKind.QUEUE:
            overlap(rows["busy_h"], [each.busy_h for each in theirs], f"hours of work at {index}")
    for index, routes in enumerate(runs.routes.T):
        overlap(routes["finished_teu"], [model.finished_teu[index] for model in models], f"through on {index}")
        transits_h = [np.mean(model.transits_h[index]) for model in models]
        overlap(routes["transit_h"] / routes["finished_n"], transits_h, f"transit on {index}")


def test_five_queues_in_line_are_those_of_simpy_and_of_erlang():
    tandem = Tandem(warm_up_h=500.0, end_h=5_500.0)
    rows = run_replications(tandem_network(tandem, 100, seed=1)).rows[:, : tandem.stations]
    ours = (rows["wait_h"] / rows["wait_n"]).mean(axis=1)
    low, high = interval_95(ours)
    assert low - (high - low) / 2 < tandem.wait_h < high + (high - low) / 2
    overlap(ours, [np.mean(tandem_in_simpy(tandem, seed)) for seed in range(REPLICATIONS)], "wait")


def overlap(ours, theirs, what):
    """Check that the 95 % intervals of two means overlap."""
    (low, high), (their_low, their_high) = interval_95(ours), interval_95(theirs)
    assert low <= their_high, what
    assert their_low <= high, what
