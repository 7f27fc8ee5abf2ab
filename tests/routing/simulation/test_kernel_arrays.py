"""The arrays of the kernel from those of a network."""

import numpy as np
import pytest

from landbridge.routing.draws.random_streams import stream_key
from landbridge.routing.draws.standard_tables import EXPONENTIAL, FIRST_TABLES, points_of, shape_table, table_of
from landbridge.routing.simulation.kernel_arrays import Workspace, first_entities, intervals
from landbridge.routing.simulation.queueing_network import (
    SourceKind,
    Step,
    StepKind,
    queueing_network,
    routes,
    run,
    ships,
    sources,
    stations,
    storms,
)

# Fleet 0 sails from port 2 to 0 and from 0 to 1, fleet 1 from 1 to 0.
LINES = {"line_fleet": [0, 0, 1], "line_port_a": [2, 0, 1], "line_port_b": [0, 1, 0], "sail_mean_h": [5.0, 7.0, 4.0]}
PORTS = {"port_berth": [0, 1, 2], "port_storm": [-1, 0, -1]}
SHIPS = ships(PORTS, {**LINES, "capacity_teu": 10.0}, [5, 1])


def network(**parts):
    line = routes([[Step(StepKind.STATION, 0, 3.0), Step(StepKind.SHIP, 1, 2.0)]], lead_mean_h=1.0)
    usual = {
        "stations": stations(3, service_mean_h=2.0),
        "sources": sources(2, rate_per_h=[0.5, 10], kind=[SourceKind.POISSON, SourceKind.POPULATION]),
        "run": run(100.0, 150.0, series_step_h=24.0, series_rows=[4, 0]),
        "ships": SHIPS,
        "storms": storms([[10.0] * 12], [5.0], [0.0, 100.0, 200.0], [0, 1]),
    }
    return queueing_network(routes=line, **{**usual, **parts})


def test_a_fleet_at_a_port_is_a_stand_and_has_the_sides_that_leave_from_it():
    arrays = Workspace(network(), 100).arrays
    # Stands of fleet 0: ports 2, 0, 1; of fleet 1: ports 1, 0.
    assert arrays["stands"]["berth"].tolist() == [2, 0, 1, 1, 0]
    assert arrays["stands"]["storm"].tolist() == [-1, -1, 0, 0, -1]
    # Sides 0 (2 to 0), 1 (0 to 2), 2 (0 to 1), 3 (1 to 0) of fleet 0; 4 (1 to 0), 5 (0 to 1) of fleet 1.
    assert arrays["sides"]["stand"].tolist() == [0, 1, 1, 2, 3, 4]
    assert arrays["sides"]["to"].tolist() == [1, 0, 2, 1, 4, 3]
    firsts, lasts = arrays["stands"]["first_side"], arrays["stands"]["last_side"]
    leaving = [arrays["leaving"]["side"][first:last].tolist() for first, last in zip(firsts, lasts, strict=True)]
    assert leaving == [[0], [1, 2], [3], [4], [5]]


def test_empty_ships_take_the_shortest_way_over_the_lines_of_their_fleet():
    reach_h = Workspace(network(), 100).arrays["reaches"]["hours"].reshape(5, 5)
    # From port 2 by 0 to 1: 5 + 7.
    assert reach_h[0, 2] == reach_h[2, 0] == 12
    assert reach_h[3, 4] == 4
    assert np.isinf(reach_h[0, 3])


def test_ships_are_dealt_round_robin_over_the_ports_of_their_fleet():
    of = Workspace(network(), 100).arrays["ships"]
    assert of["stand"].tolist() == [0, 1, 2, 0, 1, 3]
    assert of["fleet"].tolist() == [0] * 5 + [1]


def test_the_storm_of_a_port_is_that_of_its_berths():
    assert Workspace(network(), 100).arrays["stations"]["storm"].tolist() == [-1, 0, -1]


def test_each_month_ends_where_the_next_begins():
    months = Workspace(network(), 100).arrays["months"]
    assert (months["start_h"].tolist(), months["end_h"].tolist()) == ([0, 100], [100, 200])


def test_rows_of_steps_by_ship_come_after_the_stations():
    assert Workspace(network(), 100).arrays["steps"]["row"].tolist() == [0, 4]


def test_the_last_interval_of_a_series_may_be_shorter():
    assert intervals(network()) == 3
    assert intervals(network(run=run(100.0, 148.0))) == 2


def test_there_is_room_for_twice_what_is_on_the_way_and_for_ships():
    # 0.5 an hour on the way for 1 + 2 + 3 + 5 + 2 = 13 h (side 1 is of line 0, 5 h at sea), and a population of 10.
    assert first_entities(network()) == 6 + 2 * (0.5 * 13 + 10) + 1024


def test_a_reset_workspace_is_as_it_was_made():
    space, made = Workspace(network(), 100), Workspace(network(), 100)
    for name in ("stations", "sources", "ships", "stands", "sides", "fleets", "rows"):
        field = space.arrays[name].dtype.names[0]
        space.arrays[name][field] = 77
    space.arrays["row_tallies"]["wait_h"] = 5.0
    space.record["n_events"] = 9
    for each in (space, made):
        each.reset(stream_key(3, 1))
    for name, array in made.arrays.items():
        if name not in {"events", "heads", "entities", "todo"}:
            assert (space.arrays[name] == array).all(), name
    assert space.record["n_events"] == [0]
    assert space.record["key"] == [stream_key(3, 1)]


@pytest.mark.parametrize("name", ["stations", "tables"])
def test_the_record_has_the_addresses_of_the_arrays(name):
    space = Workspace(network(), 100)
    array = space.tables if name == "tables" else space.arrays[name]
    assert space.record[name][0] == array.ctypes.data


def test_the_points_of_a_network_are_those_of_the_tables_that_it_names_whatever_others_the_process_has():
    numbers = [table_of(sigma) for sigma in (0.91, 0.92, 0.93)]
    named = [numbers[2], EXPONENTIAL, numbers[0]]
    space = Workspace(network(stations=stations(3, service_mean_h=2.0, service_sd_h=1.0, service_table=named)), 100)
    expected = points_of((*FIRST_TABLES, shape_table(0.91), shape_table(0.93)))
    assert (space.tables == expected).all()
    assert space.arrays["stations"]["table"].tolist() == [5, EXPONENTIAL, 4]
