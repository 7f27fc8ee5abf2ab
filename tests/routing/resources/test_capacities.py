"""Which edges use which resource, which way, and what is left of it."""

import numpy as np
import pytest

from landbridge.networks.errors import DataError
from landbridge.networks.graph.state_graph import EdgeKind, StateKind
from landbridge.routing.resources.capacities import SERVICE, capacities, capacity_teu_day
from tests.support.tiny import link, operation, place, service, tiny_network


def line_of(folder, links, *, places=(), **resource):
    """Return the rows of a network whose links all use the resource `line`."""
    row = {"id": "line", "kind": "line", "capacity": 100, "capacity_unit": "teu/day"} | resource
    drawn = [link(text, resource="line") if isinstance(text, str) else text for text in links]
    return capacities(tiny_network(folder, links=drawn, places=places, tables={"resources": [row]}, check=False))


def directions(rows, name):
    return [(rows.direction[row], rows.section[row]) for row in rows.rows_of(name)]


# ---- how much


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"capacity": 250, "capacity_unit": "teu/day"}, 250),
        ({"capacity": 3650, "capacity_unit": "teu/year"}, 10),
        # Loads of the tiny network: a train 100 TEU, a wagon 2, a vehicle 2, a tonne 0.1.
        ({"capacity": 6, "capacity_unit": "trains/day"}, 600),
        ({"capacity": 73, "capacity_unit": "trains/month"}, 240),
        ({"capacity": 730, "capacity_unit": "trains/year"}, 200),
        ({"capacity": 50, "capacity_unit": "wagons/day"}, 100),
        ({"capacity": 7300, "capacity_unit": "vehicles/year"}, 40),
        ({"capacity": 90, "capacity_unit": "t/day"}, 9),
        ({"capacity": 0.73, "capacity_unit": "mt/year"}, 200),
        # Shut on 73 of 365 days: a fifth less of what goes on a day; a year's figure has the days in it.
        ({"capacity": 10, "capacity_unit": "trains/day", "closure_days": 73}, 800),
        ({"capacity": 3650, "capacity_unit": "teu/year", "closure_days": 73}, 10),
        ({"capacity": 10, "capacity_unit": "trains/day", "closure_days": 366}, 0),
    ],
)
def test_capacities_become_teu_a_day_of_the_calendar(tmp_path, cells, expected):
    rows = line_of(tmp_path, ["cn-a -- cn-b"], shared=True, **cells)
    assert rows.capacity_teu_day[rows.rows_of("line")].tolist() == pytest.approx([expected])


def test_a_load_of_the_resource_goes_before_that_of_its_unit(tmp_path):
    loads = [{"id": "long", "unit": "train", "teu": 140, "tonnes_per_teu": 14}]
    for unit, expected in (("trains/day", 1400), ("t/day", 10 / 14)):
        network = tiny_network(
            tmp_path / unit.partition("/")[0],
            links=[link("cn-a -- cn-b", resource="line")],
            tables={
                "loads": loads,
                "resources": [{"id": "line", "capacity": 10, "capacity_unit": unit, "load": "long"}],
            },
        )
        found = capacity_teu_day(network, network.tables["resources"].rows[0])
        assert found == pytest.approx(expected)


def test_a_unit_without_a_load_is_named(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="line")],
        tables={"resources": [{"id": "line", "capacity": 10, "capacity_unit": "wagons/day"}]},
    )
    network.tables["loads"].rows = [row for row in network.tables["loads"].rows if row["unit"] != "wagon"]
    with pytest.raises(DataError, match="line: wagons/day needs a load of the unit wagon"):
        capacities(network)


def test_what_is_not_modelled_is_taken_off_but_nothing_is_left_below_0(tmp_path):
    rows = line_of(tmp_path, ["cn-a -- cn-b"], shared=True, background_teu_day=70)
    assert rows.residual_teu_day[rows.rows_of("line")].tolist() == [30]
    rows = line_of(tmp_path, ["cn-a -- cn-b"], shared=True, background_teu_day=130)
    assert rows.residual_teu_day[rows.rows_of("line")].tolist() == [0]


# ---- which way


def test_a_resource_has_a_row_for_each_way_and_a_shared_one_has_one(tmp_path):
    assert directions(line_of(tmp_path, ["cn-a -- cn-b"]), "line") == [("east", ""), ("west", "")]
    assert directions(line_of(tmp_path, ["cn-a -- cn-b"], shared=True), "line") == [("both", "")]


def test_edges_of_each_way_use_the_row_of_that_way(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="line")],
        tables={"resources": [{"id": "line", "capacity": 100}]},
    )
    rows, graph = capacities(network), network.graph
    for row, end in zip(rows.rows_of("line"), ("cn-b", "cn-a"), strict=True):
        edges = rows.uses[[row]].indices
        # Those who pass and those who were loaded there.
        assert len(edges) == 2
        assert {graph.places[place] for place in graph.edge_to[edges]} == {end}
        assert set(graph.kind[edges]) == {EdgeKind.HAUL}
    assert rows.by_edge.toarray().tolist() == rows.uses.toarray().T.tolist()


def test_a_line_to_the_north_runs_north_and_south(tmp_path):
    places = [place("cn-a", lon=0.0, lat=0.0), place("cn-b", lon=0.01, lat=0.1)]
    assert directions(line_of(tmp_path, ["cn-a -- cn-b"], places=places), "line") == [("north", ""), ("south", "")]


def test_the_way_does_not_hang_on_how_a_link_is_drawn(tmp_path):
    both = capacities(
        tiny_network(
            tmp_path,
            places=[place("cn-a", lon=0.0, lat=0.0), place("cn-b", lon=0.1, lat=0.0)],
            links=[
                link("cn-a -- cn-b", resource="line"),
                link("cn-b -- cn-a", id="other", gauge=1520, resource="line"),
            ],
            tables={"resources": [{"id": "line", "capacity": 100}]},
            check=False,
        )
    )
    # Each way has two edges of each link.
    assert [both.uses[[row]].nnz for row in both.rows_of("line")] == [4, 4]


def test_a_border_operation_goes_with_the_cargo_that_passes_it(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")],
        operations=[
            operation("border_entry", "kz-c", other_place="cn-b", resource="hall", mean_h=5),
            operation("border_exit", "kz-c", other_place="cn-b", resource="hall", mean_h=5),
        ],
        tables={"resources": [{"id": "hall", "kind": "border", "capacity": 100}]},
    )
    rows, graph = capacities(network), network.graph
    assert directions(rows, "hall") == [("east", ""), ("west", "")]
    east, west = (rows.uses[[row]].indices for row in rows.rows_of("hall"))
    kinds = [{network.operations[index]["kind"] for index in graph.row[edges]} for edges in (east, west)]
    assert kinds == [{"border_entry"}, {"border_exit"}]


def test_operations_where_cargo_does_not_move_go_forward_and_back(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", mode="sea")],
        operations=[
            operation("transship", "cn-b", from_mode="rail", to_mode="sea", mean_h=3, resource="quay"),
            operation("transship", "cn-b", from_mode="sea", to_mode="rail", mean_h=3, resource="quay"),
            operation("load", "cn-b", to_mode="sea", mean_h=1, resource="quay"),
            operation("unload", "cn-b", from_mode="sea", mean_h=1, resource="quay"),
        ],
        tables={"resources": [{"id": "quay", "kind": "port", "place": "cn-b", "capacity": 100}]},
    )
    rows = capacities(network)
    assert directions(rows, "quay") == [("forward", ""), ("back", "")]
    assert [rows.place[row] for row in rows.rows_of("quay")] == ["cn-b", "cn-b"]
    forward, back = (rows.uses[[row]].indices for row in rows.rows_of("quay"))
    kinds = [{network.operations[index]["id"] for index in network.graph.row[edges]} for edges in (forward, back)]
    assert kinds == [{"cn-b--transship-rail-sea", "cn-b--load-sea"}, {"cn-b--transship-sea-rail", "cn-b--unload-sea"}]


# ---- sections


def test_sections_in_series_bound_each_of_them(tmp_path):
    rows = line_of(tmp_path, ["cn-a -- cn-b", "cn-b -- cn-c"], shared=True)
    assert directions(rows, "line") == [("both", "cn-a--cn-b"), ("both", "cn-b--cn-c")]


def test_a_line_that_bends_stays_one_line(tmp_path):
    # East, then back west and far to the south, at more than half a right angle.
    places = [place("cn-a", lon=0.0, lat=0.0), place("cn-b", lon=0.2, lat=0.0), place("cn-c", lon=0.1, lat=-0.5)]
    rows = line_of(tmp_path, ["cn-a -- cn-b", "cn-b -- cn-c"], places=places, shared=True)
    assert directions(rows, "line") == [("both", "cn-a--cn-b"), ("both", "cn-b--cn-c")]


def test_branches_that_join_are_bounded_together(tmp_path):
    places = [place("cn-a", lon=0.0, lat=0.1), place("cn-b", lon=0.0, lat=-0.1), place("cn-c", lon=0.9, lat=0.0)]
    links = ["cn-a -- cn-c", "cn-b -- cn-c", "cn-c -- cn-d"]
    rows = line_of(tmp_path, links, places=[*places, place("cn-d", lon=1.5, lat=0.0)], shared=True)
    assert directions(rows, "line") == [("both", "cn-a--cn-c;cn-b--cn-c"), ("both", "cn-c--cn-d")]


def test_sections_apart_are_bounded_together(tmp_path):
    rows = line_of(tmp_path, ["cn-a -- cn-b", "cn-c -- cn-d", link("cn-b -- cn-c", resource=None)])
    assert directions(rows, "line") == [("east", ""), ("west", "")]
    assert {rows.uses[[row]].nnz for row in rows.rows_of("line")} == {4}


def test_parallel_links_share_their_section(tmp_path):
    links = ["cn-a -- cn-b", link("cn-a -- cn-b", id="wide", gauge=1520, resource="line"), "cn-b -- cn-c"]
    rows = line_of(tmp_path, links, shared=True)
    assert directions(rows, "line") == [("both", "cn-a--cn-b"), ("both", "cn-b--cn-c")]
    assert [rows.uses[[row]].nnz for row in rows.rows_of("line")] == [8, 4]


def test_very_many_sections_are_bounded_by_their_sum(tmp_path):
    rows = line_of(tmp_path, [f"cn-p{number} -- cn-p{number + 1}" for number in range(25)], shared=True)
    assert directions(rows, "line") == [("both", "")]


# ---- fleets and services


def shipped(folder, **cells):
    return tiny_network(
        folder,
        links=[link("kz-a -- kz-b", "ferry"), link("kz-b -- az-c", "ferry")],
        services=[service("ferry", "ferry", resource="ships", **cells)],
        tables={"resources": [{"id": "ships", "kind": "fleet", "capacity": 40}]},
    )


def test_a_fleet_carries_a_trip_once_however_many_sections_it_has(tmp_path):
    network = shipped(tmp_path)
    rows, graph = capacities(network), network.graph
    assert directions(rows, "ships") == [("east", ""), ("west", "")]
    for row in rows.rows_of("ships"):
        edges = rows.uses[[row]].indices
        assert {graph.states[node].kind for node in graph.tail[edges]} == {StateKind.BOARDED}
        assert set(graph.kind[edges]) == {EdgeKind.HAUL}
    # Loaded at a or b to the east, at c or b to the west.
    assert [rows.uses[[row]].nnz for row in rows.rows_of("ships")] == [2, 2]


def test_the_fleet_of_a_land_service_is_used_where_a_train_leaves_over_a_border(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-b -- kz-c"), link("kz-c -- kz-d")],
        services=[service("rail", resource="wagons")],
        tables={"resources": [{"id": "wagons", "kind": "fleet", "capacity": 40}]},
    )
    rows, graph = capacities(network), network.graph
    used = [rows.uses[[row]].indices for row in rows.rows_of("wagons")]
    kinds = [sorted({EdgeKind(int(kind)).name for kind in graph.kind[edges]}) for edges in used]
    # West from d and c, the latter by its border exit; east from c by a haul; from b by a border exit.
    assert kinds == [["HAUL", "OPERATION"], ["HAUL", "OPERATION"]]


def test_the_space_of_a_service_bounds_each_section_and_way(tmp_path):
    rows = capacities(shipped(tmp_path, capacity_teu_day=25))
    found = [row for row in range(len(rows)) if rows.kind[row] == SERVICE]
    assert [(rows.direction[row], rows.section[row]) for row in found] == [
        ("east", "kz-a--kz-b"),
        ("west", "kz-b--kz-a"),
        ("east", "kz-b--az-c"),
        ("west", "az-c--kz-b"),
    ]
    assert rows.capacity_teu_day[found].tolist() == [25] * 4
    assert rows.label(found[0]) == "ferry (east, kz-a--kz-b)"


def test_a_service_without_a_figure_sets_no_bound(tmp_path):
    rows = capacities(shipped(tmp_path, capacity_teu_day=""))
    assert SERVICE not in rows.kind


def test_a_resource_that_nothing_uses_has_no_row(tmp_path):
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], tables={"resources": [{"id": "idle", "capacity": 100}]}
    )
    assert capacities(network).rows_of("idle") == []


# ---- the bundled network


def test_every_resource_of_the_bundled_network_that_a_row_names_bounds_something(network):
    rows = capacities(network)
    named = {row["resource"] for table in ("links", "operations", "services") for row in network.tables[table]}
    used = {name for name in named if name and rows.rows_of(name)}
    # A crossing without border operations on both sides has no edges.
    assert len(used) > 0.95 * len(named - {None})
    assert np.all(rows.capacity_teu_day >= 0)
    assert np.all(np.diff(rows.uses.indptr) > 0)


def test_the_bundled_caspian_feeders_bound_each_way_by_their_year(network):
    rows = capacities(network)
    # 89,000 TEU a year / 365 each way.
    found = rows.rows_of("caspian-feeder--fleet")
    assert rows.capacity_teu_day[found].tolist() == pytest.approx([89_000 / 365] * 2)
    assert [rows.direction[row] for row in found] == ["east", "west"]


def test_the_unit_of_a_year_may_be_another(tmp_path):
    # 2 trains of 100 TEU on 292 of 365 days.
    row = {"resource": "line", "year": 2024, "capacity": 2, "unit": "trains/day", "closure_days": 73}
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="line")],
        tables={"resources": [{"id": "line", "shared": True}], "capacities": [row]},
    )
    of_year, without = capacities(network, 2024), capacities(network)
    assert of_year.capacity_teu_day[of_year.rows_of("line")].tolist() == pytest.approx([160])
    assert without.capacity_teu_day[without.rows_of("line")].tolist() == pytest.approx([100])
    assert (of_year.year, without.year) == (2024, None)
