"""Queueing networks as arrays: the usual values, and every fault named."""

import math

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing.simulation.queueing_network import (
    Run,
    SourceKind,
    StationKind,
    Step,
    StepKind,
    no_ships,
    queueing_network,
    routes,
    run,
    ships,
    sources,
    stations,
    storms,
)

ONE_STEP = routes([[Step(StepKind.STATION, 0)]])
YEAR = run(0.0, 8760.0)
CROSSING = {"line_port_a": [0], "line_port_b": [1], "sail_mean_h": 20.0, "capacity_teu": 100.0}


def network(**parts):
    whole = {"stations": stations(2), "routes": ONE_STEP, "sources": sources(1, rate_per_h=0.5), "run": YEAR, **parts}
    return queueing_network(**whole)


def test_columns_that_are_left_out_have_their_usual_values():
    table = stations(2, servers=[1, 3], changes=[[], [(5.0, 0.0), (9.0, 1.0)]])
    assert table.servers.dtype == np.int32
    assert table.batch_teu.tolist() == [1.0, 1.0]
    assert table.kind.tolist() == [StationKind.QUEUE] * 2
    assert table.max_wait_h.tolist() == [math.inf] * 2
    assert table.change_first.tolist() == [0, 0, 2]
    assert table.change_h.tolist() == [5.0, 9.0]
    assert table.change_factor.tolist() == [0.0, 1.0]


def test_rows_of_results_are_stations_then_sides_then_what_is_held_of_sources():
    lines = ships({"port_berth": [0, 1]}, CROSSING, [5])
    whole = network(ships=lines)
    assert (whole.n_stations, whole.n_sides, whole.n_rows) == (2, 2, 5)
    assert network().n_rows == 3


def test_an_unknown_column_is_named_with_those_that_exist():
    with pytest.raises(QueryError, match=r"no column 'server'; give one of servers, "):
        stations(1, server=1)


BERTHS = {"port_berth": [0, 1]}
FAULTS = {
    "servers of station 1 is -1: give 0 or more": {"stations": stations(2, servers=[1, -1])},
    "batch_teu of station 0 is 0: give more than 0": {"stations": stations(2, batch_teu=0.0)},
    "service_mean_h of station 0 is nan": {"stations": stations(2, service_mean_h=math.nan)},
    "storm of station 0 is 0: give a number below 0, or -1": {"stations": stations(2, storm=0)},
    "hour of change of a station, 1 is 3: give ascending": {"stations": stations(2, changes=[[(5, 0), (3, 1)], []])},
    "factor of change of a station, 0 is -1": {"stations": stations(2, changes=[[(5, -1)], []])},
    "step_index of step 0 is 7: give below 2": {"routes": routes([[Step(StepKind.STATION, 7)]])},
    "of kind SHIP, of which the network has none": {"routes": routes([[Step(StepKind.SHIP, 0)]])},
    "route of source 0 is 4": {"sources": sources(1, route=4)},
    "priority of source 0 is 3": {"sources": sources(1, priority=3)},
    "teu of source 0 is inf": {"sources": sources(1, teu=math.inf)},
    "rate_per_h of source 0 is 1.5: give whole": {"sources": sources(1, kind=SourceKind.POPULATION, rate_per_h=1.5)},
    "hold_from_h of hold 1 is 5": {"sources": sources(1, holds=[[(1.0, 6.0), (5.0, 9.0)]])},
    "port_berth of port 1 is 1: give a QUEUE station": {
        "stations": stations(2, kind=[StationKind.QUEUE, StationKind.REFORM]),
        "ships": ships(BERTHS, CROSSING, [1]),
    },
    "line_fleet of line 0 is 0": {"ships": ships(BERTHS, CROSSING, [])},
    "line_port_b of line 0 is 0: give another port": {"ships": ships(BERTHS, {**CROSSING, "line_port_b": [0]}, [1])},
    "sail_mean_h of line 0 is 0": {"ships": ships(BERTHS, {**CROSSING, "sail_mean_h": 0.0}, [1])},
    "capacity_teu of line 0 is 0.0005: give 0.001 or more": {
        "ships": ships(BERTHS, {**CROSSING, "capacity_teu": 5e-4}, [1])
    },
    # A factor of 1e-6 leaves 0.0001 of 100 TEU.
    "capacity_teu of line 0 is 100: give 1000 or more": {
        "ships": ships(BERTHS, CROSSING, [1], load_changes=[[(5.0, 1e-6)]])
    },
    "closed_h of month 0 of storm 0 is 730": {"storms": storms([[730.0] * 12], [24.0], [0.0, 744.0], [0])},
    "month_start_h has to be ascending": {"storms": storms([[1.0] * 12], [24.0], [0.0], [0])},
    "measured from 10.0 to 10.0 h": {"run": run(10.0, 10.0)},
    "replications is 0: give 1 or more": {"run": run(0.0, 1.0, 0)},
    "series_rows of series 0 is 3": {"run": run(0.0, 1.0, series_rows=[3])},
    "series_step_h is 0": {"run": Run(0.0, 1.0, 1, 0, 0.0, np.zeros(0, np.int32))},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_its_place_and_the_cure(fault):
    with pytest.raises(QueryError, match="the queueing network is inconsistent") as raised:
        network(**FAULTS[fault])
    assert fault in str(raised.value)


def test_all_faults_are_named_at_once():
    with pytest.raises(QueryError, match=r"servers of station 0 is -1.*replications is 0"):
        network(stations=stations(2, servers=-1), run=run(0.0, 1.0, 0))


def test_holds_of_two_sources_may_overlap():
    held = sources(2, holds=[[(1.0, 6.0), (6.0, 9.0)], [(0.0, 3.0)]])
    assert network(sources=held, ships=no_ships()).sources.hold_first.tolist() == [0, 2, 3]
