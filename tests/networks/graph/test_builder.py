"""The state graph: a gauge, a note and a mode change only by an operation, and none is passed for its own sake."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pytest

from landbridge.networks import Network
from landbridge.networks.graph.builder import retimed
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import EdgeKind, State, StateKind
from tests.support.breaks import BREAK, COMPLETE, EAST, OVERLAP, WEST, open_links
from tests.support.tiny import link, operation, place, service, tiny_network


class Step(NamedTuple):
    """An edge with its states and the id of its row."""

    tail: State
    head: State
    kind: EdgeKind
    name: str
    row: dict[str, Any]
    backward: bool
    classes: frozenset[str]
    mean_h: float


def steps_of(network: Network) -> list[Step]:
    graph = network.graph
    tables = {EdgeKind.HAUL: "links", EdgeKind.OPERATION: "operations", EdgeKind.WAIT: "services"}
    found = []
    for edge in range(graph.edges):
        kind = EdgeKind(graph.kind[edge])
        row = network.tables[tables[kind]].rows[graph.row[edge]]
        found.append(
            Step(
                graph.states[graph.tail[edge]],
                graph.states[graph.head[edge]],
                kind,
                f"wait for {row['id']}" if kind is EdgeKind.WAIT else row["id"],
                row,
                bool(graph.backward[edge]),
                frozenset(name for bit, name in enumerate(CARGO_CLASSES) if graph.classes[edge] & 1 << bit),
                float(graph.time_mean_h[edge]),
            )
        )
    return found


def fastest(network: Network, start: str, end: str, cargo_class: str = "block") -> list[str] | None:
    """Return the steps of the way of least mean time, None where there is no way."""
    graph = nx.DiGraph()
    for step in steps_of(network):
        known = graph.get_edge_data(step.tail, step.head, {"mean_h": np.inf})
        if cargo_class in step.classes and step.mean_h < known["mean_h"]:
            graph.add_edge(step.tail, step.head, name=step.name, mean_h=step.mean_h)
    ends = (State(StateKind.ORIGIN, start), State(StateKind.DESTINATION, end))
    if not set(ends) <= set(graph) or not nx.has_path(graph, *ends):
        return None
    path = nx.dijkstra_path(graph, *ends, weight="mean_h")
    return [graph.edges[pair]["name"] for pair in pairwise(path)]


def named(network: Network, name: str) -> list[Step]:
    return [step for step in steps_of(network) if step.name == name]


# Opening hours


def test_a_haul_holds_the_mean_wait_for_the_opening_of_its_link(tmp_path):
    links = [link("cn-a -- cn-b", id="l", open_from="00:00", open_to="12:00"), link("cn-b -- cn-c", id="m")]
    graph = tiny_network(tmp_path, links=links).graph
    hauls = graph.kind == EdgeKind.HAUL
    night = hauls & (graph.row == 0)
    # A link takes 2 h; shut for 12 h of 24 it is waited for 12^2 / 48 = 3 h, variance 12^3 / 72 - 9 = 15 h2.
    assert graph.time_mean_h[night] == pytest.approx(5)
    assert graph.opening_mean_h[night] == pytest.approx(3)
    assert graph.opening_sd_h[night] ** 2 == pytest.approx(15)
    assert graph.time_sd_h[night] ** 2 == pytest.approx(15)
    assert graph.time_mean_h[hauls & (graph.row == 1)] == pytest.approx(2)
    assert not graph.opening_mean_h[~night].any()


def test_an_operation_is_as_published_whatever_its_opening_hours(tmp_path):
    own = operation("load", "cn-a", to_mode="rail", mean_h=8, open_from="08:00", open_to="18:00", open_days=("mon",))
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], operations=[own])
    assert [step.mean_h for step in named(network, "cn-a--load-rail")] == [8]
    assert not network.graph.opening_mean_h.any()


# The way of cargo


def test_cargo_is_loaded_waits_is_hauled_and_unloaded(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    assert fastest(network, "cn-a", "cn-c") == [
        "default--load-rail",
        "wait for rail",
        "cn-a--cn-b--rail",
        "cn-b--cn-c--rail",
        "default--unload-rail",
    ]


def test_a_one_way_link_is_not_run_back(tmp_path):
    network = tiny_network(tmp_path, check=False, links=[link("cn-a -> cn-b")])
    assert fastest(network, "cn-a", "cn-b") is not None
    assert fastest(network, "cn-b", "cn-a") is None


def test_a_link_both_ways_is_the_same_row_backward(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    assert fastest(network, "cn-b", "cn-a") == fastest(network, "cn-a", "cn-b")
    assert {(step.tail.place, step.backward) for step in named(network, "cn-a--cn-b--rail")} == {
        ("cn-a", False),
        ("cn-b", True),
    }


def test_boarded_cargo_cannot_be_unloaded_where_it_was_boarded(tmp_path):
    links = [link("cn-a -> cn-b"), link("cn-c -> cn-b"), link("cn-b -> cn-d", "road")]
    network = tiny_network(tmp_path, check=False, links=links)
    assert fastest(network, "cn-a", "cn-d") is not None
    for place_id in network.places:
        assert fastest(network, place_id, place_id) is None
    boarded = [step for step in steps_of(network) if step.tail.kind is StateKind.BOARDED]
    assert boarded
    assert {step.kind for step in boarded} == {EdgeKind.HAUL}


def test_a_junction_and_a_place_without_the_mode_only_let_cargo_pass(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-b -- cn-d", "road")]
    network = tiny_network(tmp_path, links=links, places=[place("cn-b", modes=("road",))])
    assert fastest(network, "cn-a", "cn-c") is not None
    assert fastest(network, "cn-a", "cn-b") is None
    assert fastest(network, "cn-a", "cn-d") is None


def test_a_change_of_mode_is_a_transshipment_and_a_wait(tmp_path):
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- sea-x", "sea"), link("sea-x -- sg-c", "sea")]
    )
    assert fastest(network, "cn-a", "sg-c") == [
        "default--load-rail",
        "wait for rail",
        "cn-a--cn-b--rail",
        "default--transship-rail-sea",
        "wait for sea",
        "cn-b--sea-x--sea",
        "sea-x--sg-c--sea",
        "default--unload-sea",
    ]


def test_a_change_of_service_is_a_transshipment(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", service="express")]
    network = tiny_network(tmp_path, links=links, services=[service("express")])
    way = fastest(network, "cn-a", "cn-c")
    assert way is not None
    assert way[3:5] == ["default--transship-rail-rail", "wait for express"]


def test_waits_of_loose_cargo_stand_apart_from_those_of_the_others(tmp_path):
    # Uniform over 24 h is 12 h in the mean; with 4 h of cut-off 16 h; loose cargo waits 30 h more.
    waits = {"wait_kind": "headway", "headway_h": 24, "cut_off_h": 4, "loose_wait_h": 30}
    network = tiny_network(tmp_path, check=False, links=[link("cn-a -> cn-b")], services=[service("rail", **waits)])
    found = {step.classes: step.mean_h for step in steps_of(network) if step.kind is EdgeKind.WAIT}
    assert found == {
        frozenset({"block", "road", "bulk", "timetabled"}): pytest.approx(16),
        frozenset({"loose"}): pytest.approx(46),
    }


# Gauge


def test_a_gauge_break_is_passed_by_its_operation_in_the_order_exit_haul_entry_change(tmp_path):
    network = tiny_network(tmp_path, **COMPLETE)
    assert fastest(network, "cn-a", "kz-d") == [
        "default--load-rail",
        "wait for rail",
        "cn-a--cn-b--rail",
        "default--border_exit-rail",
        "cn-b--kz-c--rail",
        "default--border_entry-rail",
        "kz-c--gauge_change-rail",
        "kz-c--kz-d--rail",
        "default--unload-rail",
    ]


def test_each_direction_has_its_own_gauge_change(tmp_path):
    network = tiny_network(tmp_path, **COMPLETE)
    way = fastest(network, "kz-d", "cn-a")
    assert way is not None
    assert way[2:8] == [
        "kz-c--kz-d--rail",
        "default--border_exit-rail",
        "broad",
        "default--border_entry-rail",
        "cn-b--gauge_change-rail",
        "cn-a--cn-b--rail",
    ]


def test_a_gauge_break_without_an_operation_is_not_passed(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", gauge=1520)]
    change = operation("gauge_change", "cn-b", from_gauge=1435, to_gauge=1520, mean_h=10)
    network = tiny_network(tmp_path, links=links, operations=[change], check=False)
    westward, eastward = fastest(network, "cn-a", "cn-c"), fastest(network, "cn-c", "cn-a")
    assert westward is not None
    assert "cn-b--gauge_change-rail" in westward
    # From 1520 to 1435 no row leads; what remains is to lift the container off and have it loaded as a new cargo.
    assert eastward is None


def test_a_gauge_change_both_ways_is_passed_backward(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", gauge=1520)]
    change = operation("gauge_change", "cn-b", from_gauge=1435, to_gauge=1520, both_ways=True, mean_h=10)
    network = tiny_network(tmp_path, links=links, operations=[change])
    found = {(step.tail.gauge, step.head.gauge, step.backward) for step in named(network, "cn-b--gauge_change-rail")}
    assert found == {(1435, 1520, False), (1520, 1435, True)}


def test_a_train_that_needs_no_gauge_change_passes_a_border_that_has_one(tmp_path):
    """Both gauges overlap at every break, so that trains of either come to the place with the gauge change."""
    links = [*BREAK, OVERLAP, link("cn-x -- cn-b", gauge=1520)]
    inside = operation("gauge_change", "cn-b", from_gauge=1435, to_gauge=1520, both_ways=True, mean_h=90)
    network = tiny_network(tmp_path, links=links, operations=[WEST, EAST, inside])
    way = fastest(network, "cn-x", "kz-d")
    assert way is not None
    assert "kz-c--gauge_change-rail" not in way
    assert way[3:7] == ["default--border_exit-rail", "broad", "default--border_entry-rail", "kz-c--kz-d--rail"]


def assert_gauges_change_by_operations_only(network: Network) -> None:
    for step in steps_of(network):
        if step.tail.gauge is None or step.head.gauge is None or step.tail.gauge == step.head.gauge:
            continue
        assert step.kind is EdgeKind.OPERATION, step
        gauges = (step.row["from_gauge"], step.row["to_gauge"])
        before, after = reversed(gauges) if step.backward else gauges
        assert before in {None, step.tail.gauge}, step
        assert after == step.head.gauge, step


def assert_notes_change_by_operations_only(network: Network) -> None:
    for step in steps_of(network):
        on_rails = None not in {step.tail.gauge, step.head.gauge}
        if on_rails and step.tail.regime != step.head.regime and step.head.kind is not StateKind.READY:
            assert step.kind is EdgeKind.OPERATION, step
            assert step.row["from_regime"] != step.row["to_regime"], step


def test_no_neighbouring_states_differ_in_gauge_without_an_operation_that_changes_it(tmp_path, network):
    tiny = tiny_network(tmp_path, **COMPLETE)
    assert len({state.gauge for state in tiny.graph.states}) == 3, "1435, 1520 and none"
    assert_gauges_change_by_operations_only(tiny)
    assert_gauges_change_by_operations_only(network)


def test_no_neighbouring_states_on_rails_differ_in_note_without_an_operation_that_changes_it(network):
    assert_notes_change_by_operations_only(network)


def test_no_crossing_is_a_dead_end(network):
    """Whoever has left a country by land comes into the next one."""
    graph = network.graph
    ways_out = np.diff(graph.indptr)
    stuck = [
        state
        for number, state in enumerate(graph.states)
        if state.kind is StateKind.CROSSING and ways_out[number] == 0 and number in graph.head
    ]
    assert stuck == []


# Rail ferries


FERRY = [
    link("kz-a -- kz-b", gauge=1520),
    link("kz-b -- az-c", "ferry", gauge=1520, regime="smgs"),
    link("az-c -- az-d", gauge=1520),
    link("az-c -- az-e", gauge=1435),
]
WAGON_FERRY = service("ferry", "ferry", accepts=("rail",))
DECK = operation("gauge_change", "az-c", from_gauge=1520, to_gauge=1435, both_ways=True, mean_h=10)


def test_a_rail_ferry_keeps_the_gauge_of_the_wagon(tmp_path):
    network = tiny_network(tmp_path, links=FERRY, services=[WAGON_FERRY], operations=[DECK])
    same = fastest(network, "kz-a", "az-d")
    assert same is not None
    assert same[3:] == [
        "default--transship-rail-ferry",
        "wait for ferry",
        "kz-b--az-c--ferry",
        "default--transship-ferry-rail",
        "wait for rail",
        "az-c--az-d--rail",
        "default--unload-rail",
    ]
    assert {step.head.gauge for step in named(network, "default--transship-ferry-rail")} == {1520}
    assert {step.tail.gauge for step in named(network, "default--transship-rail-ferry")} == {1520}


def test_a_container_that_is_lifted_off_a_ship_takes_a_train_of_any_gauge(tmp_path):
    links = [link("kz-b -- az-c", "sea"), link("az-c -- az-d", gauge=1520), link("az-c -- az-e", gauge=1435)]
    network = tiny_network(tmp_path, links=links, operations=[DECK])
    assert {step.head.gauge for step in named(network, "default--transship-sea-rail")} == {1435, 1520}


def test_a_service_takes_only_what_it_accepts(tmp_path):
    links = [*FERRY[:3], link("kz-r -- kz-b", "road"), link("az-c -- az-r", "road")]
    network = tiny_network(tmp_path, links=links, services=[WAGON_FERRY])
    assert fastest(network, "kz-a", "az-d") is not None
    assert fastest(network, "kz-r", "az-d") is not None, "by a transshipment to rail at the port"
    ferry_steps = [step for step in steps_of(network) if "ferry" in {step.tail.service, step.head.service}]
    assert ferry_steps
    assert "road" not in {service for step in ferry_steps for service in (step.tail.service, step.head.service)}


# Borders


def test_border_operations_come_in_series_with_the_note_change_last(tmp_path):
    links = [link("by-a -- by-b", gauge=1520), link("by-b -- pl-c", gauge=1520), link("pl-c -- pl-d", regime="cim")]
    operations = [
        operation("border_exit", "by-b", other_place="pl-c", mean_h=20),
        operation("border_entry", "pl-c", other_place="by-b", mean_h=6),
        operation("gauge_change", "pl-c", other_place="by-b", from_gauge=1520, to_gauge=1435, mean_h=10),
        operation("note_change", "pl-c", other_place="by-b", from_regime="smgs", to_regime="cim", mean_h=3),
        operation(
            "gauge_change", "pl-c", from_gauge=1435, to_gauge=1520, from_regime="cim", to_regime="smgs", mean_h=9
        ),
    ]
    network = tiny_network(tmp_path, links=links, operations=operations)
    way = fastest(network, "by-a", "pl-d")
    assert way is not None
    assert way[3:9] == [
        "by-b--border_exit-rail",
        "by-b--pl-c--rail",
        "pl-c--border_entry-rail",
        "pl-c--gauge_change-rail",
        "pl-c--note_change-rail",
        "pl-c--pl-d--rail",
    ]
    assert sum(step.mean_h for name in way for step in named(network, name)[:1]) == pytest.approx(
        # load, no wait, haul, exit, haul, entry, gauge, note, haul, unload
        1 + 0 + 2 + 20 + 2 + 6 + 10 + 3 + 2 + 2
    )


def test_an_operation_of_the_crossing_comes_before_that_of_the_place_and_that_before_the_default(tmp_path):
    links = [link("cn-a -- kz-b"), link("cn-a -- kg-c"), link("cn-a -- mn-d")]
    operations = [
        operation("border_exit", "cn-a", id="of-crossing", other_place="kz-b", mean_h=30),
        operation("border_exit", "cn-a", id="of-place", mean_h=20),
    ]
    network = tiny_network(tmp_path, links=links, operations=operations)
    exits = {
        step.head.step: step.name
        for step in steps_of(network)
        if step.row.get("kind") == "border_exit" and step.tail.place == "cn-a"
    }
    assert exits == {
        "cn-a--kz-b--rail> left": "of-crossing",
        "cn-a--kg-c--rail> left": "of-place",
        "cn-a--mn-d--rail> left": "of-place",
    }
    back = {
        step.name for step in steps_of(network) if step.row.get("kind") == "border_exit" and step.tail.place != "cn-a"
    }
    assert back == {"default--border_exit-rail"}


def test_a_row_for_a_class_comes_before_the_row_for_all(tmp_path):
    operations = [
        operation("border_entry", "kz-c", id="block", cargo_class="block", mean_h=3),
        operation("border_entry", "kz-c", id="all", mean_h=9),
    ]
    network = tiny_network(tmp_path, check=False, links=[link("cn-b -> kz-c")], operations=operations)
    assert {(step.name, step.classes) for name in ("block", "all") for step in named(network, name)} == {
        ("block", frozenset({"block", "timetabled"})),
        ("all", frozenset({"loose", "road", "bulk"})),
    }


def test_a_place_row_for_one_class_leaves_the_default_to_the_others(tmp_path):
    operations = [operation("load", "cn-a", id="own", to_mode="rail", cargo_class="bulk", mean_h=9)]
    network = tiny_network(tmp_path, check=False, links=[link("cn-a -> cn-b")], operations=operations)
    found = {(step.name, step.classes) for step in steps_of(network) if step.tail.kind is StateKind.ORIGIN}
    assert found == {
        ("own", frozenset({"bulk"})),
        ("default--load-rail", frozenset({"block", "loose", "road", "timetabled"})),
    }


def test_a_gauge_change_for_a_class_comes_before_the_one_for_all(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", gauge=1520)]
    gauges = {"from_gauge": 1435, "to_gauge": 1520}
    operations = [
        operation("gauge_change", "cn-b", id="bulk", cargo_class="bulk", mean_h=40, **gauges),
        operation("gauge_change", "cn-b", id="all", mean_h=10, **gauges),
    ]
    network = tiny_network(tmp_path, links=links, operations=operations, check=False)
    assert "bulk" in (fastest(network, "cn-a", "cn-c", "bulk") or [])
    assert "all" in (fastest(network, "cn-a", "cn-c", "block") or [])


def test_inside_a_union_its_default_holds_and_at_its_edge_the_general_one(tmp_path):
    links = [
        link("ru-a -- kz-b"),
        link("kz-b -- uz-c"),
        link("de-d -- pl-e"),
        link("pl-e -- by-f"),
        link("by-f -- ru-a"),
    ]
    operations = [operation("border_entry", id=union, union=union, mean_h=1) for union in ("EAEU", "EU")]
    network = tiny_network(tmp_path, links=links, operations=operations)
    entries = {
        (step.tail.step.partition("--rail")[0], step.name)
        for step in steps_of(network)
        if step.row.get("kind") == "border_entry" and step.tail.step
    }
    general = "default--border_entry-rail"
    assert entries == {
        ("ru-a--kz-b", "EAEU"),
        ("by-f--ru-a", "EAEU"),
        ("de-d--pl-e", "EU"),
        ("kz-b--uz-c", general),
        ("pl-e--by-f", general),
    }


def test_a_sea_link_between_two_countries_passes_no_land_border(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kr-b", "sea")])
    assert fastest(network, "cn-a", "kr-b") == [
        "default--load-sea",
        "wait for sea",
        "cn-a--kr-b--sea",
        "default--unload-sea",
    ]


def test_cargo_goes_on_behind_a_border_with_the_service_of_the_country_without_a_transshipment(tmp_path):
    links = [link("cn-a -- cn-b", service="rail-cn"), link("cn-b -- kz-c", service="rail-cn"), link("kz-c -- kz-d")]
    network = tiny_network(tmp_path, links=links, services=[service("rail-cn")])
    way = fastest(network, "cn-a", "kz-d")
    assert way is not None
    assert not [name for name in way if "transship" in name]
    assert [name for name in way if name.startswith("wait")] == ["wait for rail-cn"]


def test_a_border_that_no_operation_describes_is_not_crossed(tmp_path):
    operations = [operation("load", to_mode="rail", mean_h=1), operation("unload", from_mode="rail", mean_h=1)]
    links = [link("cn-a -- kz-b"), link("kz-b -- kz-c")]
    network = tiny_network(tmp_path, check=False, links=links, operations=operations, defaults=False)
    assert fastest(network, "kz-b", "kz-c") is not None
    assert fastest(network, "cn-a", "kz-c") is None


def test_a_border_of_one_link_between_two_places_is_crossed(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- kz-b", "road")])
    assert fastest(network, "cn-a", "kz-b") == [
        "default--load-road",
        "wait for road",
        "default--border_exit-road",
        "cn-a--kz-b--road",
        "default--border_entry-road",
        "default--unload-road",
    ]


# Days


@pytest.mark.parametrize(("day", "is_open"), [("2023-12-31", False), ("2024-01-01", True), ("2026-01-01", False)])
def test_a_link_is_open_only_while_its_service_runs(tmp_path, day, is_open):
    services = [service("rail", valid_from="2024-01-01")]
    links = [link("cn-a -- cn-b", id="l", valid_from="2020-01-01", valid_to="2025-12-31")]
    assert open_links(tiny_network(tmp_path, links=links, services=services), day) == ({"l"} if is_open else set())


@pytest.mark.parametrize(("day", "is_open"), [("2026-05-15", False), ("2026-08-01", True), ("2026-11-15", False)])
def test_a_season_is_narrowed_to_that_of_the_service(tmp_path, day, is_open):
    services = [service("rail", season_from="07-01", season_to="11-30")]
    links = [link("cn-a -- cn-b", id="l", season_from="05-01", season_to="10-31")]
    assert open_links(tiny_network(tmp_path, links=links, services=services), day) == ({"l"} if is_open else set())


def test_the_season_of_a_service_holds_for_its_links(tmp_path):
    services = [service("rail", season_from="07-01", season_to="11-30")]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", id="l")], services=services)
    assert open_links(network, "2026-06-30") == set()
    assert open_links(network, "2026-07-01") == {"l"}


# Countries and tags


def test_an_edge_passes_the_countries_of_its_link_or_of_its_place(tmp_path):
    links = [
        link("cn-a -- kz-b"),
        link("kz-b -- ru-c", countries=("UZ",)),
        link("cn-a -- sg-d", "sea"),
        link("sg-d -- sea-e", "sea"),
        link("sea-e -- gr-f", "sea", countries=("EG",), passage=("suez",)),
    ]
    graph = tiny_network(tmp_path, links=links).graph

    def countries(tag: str) -> set[str]:
        return {
            graph.country_codes[column] for edge in graph.tags[tag] for column in graph.countries[edge].nonzero()[0]
        }

    assert countries("CN-KZ") == {"CN", "KZ"}
    assert countries("KZ-RU") == {"KZ", "RU", "UZ"}
    assert "EG" in countries("suez")
    assert "EG" not in countries("sg-d--sea-e--sea")


# Arrays


def test_times_and_lengths_are_those_of_the_rows(tmp_path):
    network = tiny_network(
        tmp_path,
        check=False,
        links=[link("cn-a -> cn-b", id="l", length_km=120)],
        services=[service("rail", speed_km_h=40)],
    )
    hauls = network.graph.kind == EdgeKind.HAUL
    assert set(network.graph.length_km[hauls]) == {120.0}
    assert set(network.graph.time_mean_h[hauls]) == {3.0}
    assert (network.graph.length_km[~hauls] == 0).all()


def test_a_graph_is_timed_again_by_other_tables_for_the_edges_that_are_asked(tmp_path):
    links = [link("cn-a -> cn-b", id="l"), link("cn-b -> cn-c", id="m")]
    now, slower = (
        tiny_network(tmp_path / f"{speed}", check=False, links=links, services=[service("rail", speed_km_h=speed)])
        for speed in (50, 40)
    )
    graph = now.graph
    again = retimed(graph, slower.tables, np.arange(graph.edges, dtype=np.int32))
    for name, values in vars(slower.graph).items():
        if isinstance(values, np.ndarray):
            assert (getattr(again, name) == values).all(), name
    first = np.flatnonzero(graph.kind == EdgeKind.HAUL)[:1].astype(np.int32)
    one = retimed(graph, slower.tables, first)
    # 100 km at 40 in place of 50 km/h, on one edge.
    assert np.flatnonzero(one.time_mean_h != graph.time_mean_h).tolist() == first.tolist()
    assert one.time_mean_h[first].tolist() == [2.5]
    assert graph.time_mean_h[first].tolist() == [2.0]


def test_legs_of_one_spread_share_its_factor(tmp_path):
    spreads = [
        {
            "id": "certain",
            "p10_ratio": 0.8,
            "p50_ratio": 1,
            "p90_ratio": 1.2,
            "shared_factor": "storm",
            "shared_share": 0.4,
        }
    ]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"spreads": spreads})
    graph = network.graph
    hauls = graph.kind == EdgeKind.HAUL
    assert graph.factors == ("storm",)
    assert set(graph.factor[hauls]) == {0}
    assert set(graph.factor_share[hauls]) == {0.4}
    assert set(graph.factor[graph.kind == EdgeKind.OPERATION]) == {-1}
    assert set(graph.factor_share[graph.kind == EdgeKind.OPERATION]) == {0.0}


def test_the_same_tables_give_the_same_graph(tmp_path: Path):
    one, other = (tiny_network(tmp_path / name, **COMPLETE).graph for name in ("one", "other"))
    assert one.states == other.states
    assert (one.head == other.head).all()
    assert (one.row == other.row).all()


def test_edges_of_an_item_with_traffic_states_have_their_mixture(tmp_path):
    row = {"id": "t", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 41}
    rows = [row | {"operations": ("default--load-rail",)}]
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"traffic": rows})
    graph = network.graph
    loading = [edge for edge in range(graph.edges) if network.operations[graph.row[edge]]["id"] == "default--load-rail"]
    loading = [edge for edge in loading if graph.kind[edge] == EdgeKind.OPERATION]
    assert sorted(graph.traffic) == loading
    # Loading takes 1 h: 3/4 x 1 + 1/4 x 41.
    assert graph.time_mean_h[loading].tolist() == [11.0] * len(loading)
    assert graph.duration(loading[0]).states.group == "g"
    other = next(edge for edge in range(graph.edges) if edge not in loading)
    assert graph.duration(other).states is None
    # With other hours in the table, the edges that are computed again have other states, and the rest keep theirs.
    tables = network.tables.copy()
    changed = {**network.tables["traffic"].rows[0], "congested_h": 81.0}
    tables["traffic"] = replace(network.tables["traffic"], rows=[changed])
    again = retimed(graph, tables, np.array(loading[:1], dtype=np.int32))
    assert again.time_mean_h[loading].tolist() == [21.0] + [11.0] * (len(loading) - 1)
    assert [again.traffic[edge].congested.mean_h for edge in loading] == [81.0] + [41.0] * (len(loading) - 1)
