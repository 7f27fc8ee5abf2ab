"""What is written and read again is the same in every table, and gives the same answers."""

import json
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import strategies as st

from landbridge.networks import read_network, write_network
from landbridge.networks.formats.read_gmns import read_gmns
from landbridge.networks.formats.write_gmns import write_gmns
from landbridge.networks.tables.table import GEOMETRY
from landbridge.networks.writing import FORMATS
from landbridge.routing import Scenario, assign, network_demand, pareto, read_demand, route
from landbridge.routing.flows.demand import demand_records
from tests.properties.test_options import closings
from tests.support.changed_networks import assert_same_graph
from tests.support.properties import answered, holds
from tests.support.random_networks import DEPARTURES, cargoes, networks, objectives, pairs
from tests.support.tiny import MODES


def rows_of(network):
    """Return the cells of each table by its name, without lines that a format draws."""
    return {
        name: [{key: cell for key, cell in row.items() if key != GEOMETRY} for row in table]
        for name, table in network.tables.items()
    }


def said(result):
    """Return what an answer says in JSON, in which numbers are as written."""
    return json.loads(json.dumps(result.to_dict(), allow_nan=False))


@holds(networks(calendar=True), st.data(), st.sampled_from(FORMATS), few=12, many=35)
def test_a_network_that_is_written_and_read_has_the_same_tables_and_answers(drawn, data, file_format):
    network, ends = drawn.network(), data.draw(pairs(drawn))
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("n.gpkg" if file_format == "gpkg" else "n")
        write_network(network, path, file_format=file_format)
        again = read_network(path)
    expected, found = rows_of(network), rows_of(again)
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        assert found[name] == rows, name
    assert_same_graph(again.graph, network.graph)
    asked = {"cargo": data.draw(cargoes()), "objective": data.draw(objectives())}
    asked["depart"] = data.draw(st.sampled_from(DEPARTURES))
    assert said(answered(route, network, *ends, k=2, **asked)) == said(route(again, *ends, k=2, **asked))
    one, other = said(assign(network)), said(assign(again))
    assert one == other


@holds(networks(), few=6, many=20)
def test_a_network_of_trains_and_trucks_in_gmns_has_the_same_places_and_links(drawn):
    """Ships need services of the bundled data; of parallel tracks of a gauge GMNS has the shorter one."""
    by_land = [row for row in drawn.of("links") if row["mode"] in {"rail", "road"}]
    network = drawn.with_rows("links", by_land).with_rows("traffic", []).network()
    with TemporaryDirectory() as folder:
        write_gmns(network, folder)
        again = read_gmns(folder)
    assert [row["id"] for row in again.tables["places"]] == [row["id"] for row in network.tables["places"]]
    assert shortest(again) == pytest.approx(shortest(network), rel=1e-6)


def shortest(network):
    """Return the length of the shortest link of each mode and gauge in each direction."""
    found = {}
    for row in network.links:
        for ends in ((row["from"], row["to"]), (row["to"], row["from"]))[: 1 + row["both_ways"]]:
            key = (*ends, row["mode"], row["gauge"])
            found[key] = min(row["length_km"], found.get(key, row["length_km"]))
    return found


@holds(networks(calendar=True), st.data(), few=8, many=20)
def test_a_scenario_that_is_written_and_read_changes_a_network_in_the_same_way(drawn, data):
    network = drawn.network()
    kind, name = data.draw(closings(drawn))
    period = data.draw(st.sampled_from([{}, {"from": "2026-03-01", "to": "2026-03-10"}]))
    factor = data.draw(st.sampled_from([0.5, 2.0]))
    changes = [
        {"do": "close", "what": kind, "ids": [name], "rows": {"min": 0}, **period},
        {"do": "slow", "what": "operations", "ids": ["default--unload-*"], "factor": factor},
        {"do": "demand", "ids": ["*"], "factor": factor},
    ]
    if drawn.of("resources"):
        lines = {"table": "resources", "where": {"kind": "line"}, "multiply": {"capacity": factor}}
        changes.append({"do": "set", **lines})
    given = Scenario.from_dict({"name": "s", "title": "S", "changes": changes})
    with TemporaryDirectory() as folder:
        read = Scenario.read(given.write(Path(folder) / "s.toml"))
    assert read == given
    one, other = given.apply(network), read.apply(network)
    assert rows_of(one) == rows_of(other)
    assert_same_graph(one.graph, other.graph)
    assert rows_of(one) != rows_of(network)
    # A network that was changed is written and read as any other is.
    with TemporaryDirectory() as folder:
        write_network(one, Path(folder) / "n")
        assert rows_of(read_network(Path(folder) / "n")) == rows_of(one)


@holds(networks(calendar=True), st.data(), few=8, many=20)
def test_an_answer_that_is_stored_or_written_says_the_same(drawn, data):
    import pandas as pd

    network, ends = drawn.network(), data.draw(pairs(drawn))
    found = [
        answered(route, network, *ends, k=2, depart=data.draw(st.sampled_from(DEPARTURES))),
        answered(pareto, network, *ends, modes=MODES),
        assign(network),
    ]
    for one in found:
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
        assert said(again) == said(one)
        for table in one.tables():
            frame = one.to_frame(table.name)
            assert again.to_frame(table.name).equals(frame), table.name
            with TemporaryDirectory() as folder:
                read = pd.read_csv(one.to_csv(Path(folder) / "t.csv", table.name), keep_default_na=True)
            assert len(read) == len(frame)
            for name in frame.columns if len(frame) else ():
                if pd.api.types.is_float_dtype(frame[name]):
                    assert np.array_equal(read[name].to_numpy(float), frame[name].to_numpy(float), equal_nan=True), name


@holds(networks(), few=6, many=20)
def test_demand_that_is_written_as_records_and_read_gives_the_same_flows(drawn):
    network = drawn.network()
    demand = network_demand(network)
    again = read_demand(network, list(demand_records(demand)))
    assert again == demand
    one, other = assign(network, demand), assign(network, again)
    assert said(one) == said(other)
    # An assignment that begins with the paths of a stored one ends with the same cost.
    stored = pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
    assert abs(assign(network, again, start=stored).flow.cost - one.flow.cost) <= 1e-7 * one.flow.cost
