"""State graphs of changed tables: re-weighed where they can be, and always those that would be built."""

import random

import pytest

from landbridge.networks.graph.builder import build_state_graph
from tests.support.changed_networks import assert_same_graph, changed, scenario
from tests.support.tiny import link, operation, service, tiny_network

KINDS = ("length_km", "hours", "valid_to", "season", "open", "service", "apart", "operation", "close", "structure")


def network_of_many_kinds(folder):
    """Return a network with a border, a timetable, a speed of its own for timetabled trains, openings and traffic."""
    return tiny_network(
        folder,
        links=[
            link("kz-a -- kz-b"),
            link("kz-b -- ru-c", open_from="06:00", open_to="18:00", open_source="A1", open_year=2024),
            link("ru-c -- ru-d", "road", p10_h=1, p50_h=2, p90_h=4),
            link("kz-a -- ru-d", service="fast", speed_km_h=20),
            link("kz-a -- kz-e", valid_from="2028-01-01"),
        ],
        services=[
            service("rail", timetabled_speed_km_h=90, wait_kind="headway", headway_h=10),
            service("fast", wait_kind="timetable", departures=("06:00",), season_from="03-01", season_to="10-31"),
        ],
        operations=[operation("unload", "ru-d", from_mode="rail", mean_h=9)],
        tables={
            "traffic": [
                {
                    "id": "t",
                    "group": "g",
                    "operations": ("ru-d--unload-rail",),
                    "waits": ("rail",),
                    "congested_share": 0.25,
                    "own_time": "normal",
                    "congested_h": 40,
                }
            ]
        },
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return network_of_many_kinds(tmp_path_factory.mktemp("kinds"))


def random_change(draw, network):
    """Return a random change of a random row."""
    chosen, factor = draw.choice(network.links)["id"], draw.choice([2.0, 1.25])
    of_link = f'do = "set"\ntable = "links"\nids = ["{chosen}"]\n'
    kind = draw.choice(KINDS)
    return {
        "length_km": of_link + "set = { length_km = 150 }",
        "hours": of_link + f"multiply = {{ hours = {factor} }}",
        "valid_to": of_link + 'set = { valid_to = "2029-12-31" }',
        "season": of_link + 'set = { season_from = "04-01", season_to = "09-30" }',
        "open": 'do = "open"\nwhat = "links"\nids = ["*"]\nfrom = 2026-05-01',
        "service": f'do = "set"\ntable = "services"\nids = ["rail"]\nmultiply = {{ speed_km_h = {factor}, hours = 2 }}',
        # The haul of timetabled trains is no longer one apart, or becomes one.
        "apart": of_link + 'set = { speed_km_h = 40, timetabled_speed_km_h = "" }',
        "operation": f'do = "set"\ntable = "operations"\nids = ["*"]\nmultiply = {{ hours = {factor} }}',
        "close": 'do = "close"\nwhat = "services"\nids = ["fast"]',
        "structure": of_link + 'set = { passage = ["suez"] }',
    }[kind]


@pytest.mark.parametrize("seed", range(8))
def test_the_graph_of_random_changes_is_that_of_their_tables(drawn, seed):
    draw, network = random.Random(seed), drawn  # noqa: S311 - not for secrets
    for step in range(4):
        one, two = random_change(draw, network), random_change(draw, network)
        if {"open", "close"} <= {text.split('"')[1] for text in (one, two)}:
            continue  # a contradiction within one file
        network = changed(network, one, two, name=f"step-{step}")


def test_what_does_not_change_is_shared(drawn):
    _ = drawn.graph, drawn.place_index, drawn.terminals, drawn.link_lengths_km, drawn.haul_modes
    closed = scenario('do = "close"\nwhat = "links"\nids = ["kz-a--kz-b--rail"]').apply(drawn)
    for name in ("place_index", "terminals", "link_lengths_km", "haul_modes", "services"):
        assert getattr(closed, name) is getattr(drawn, name), name
    assert closed.graph.states is drawn.graph.states
    assert closed.graph.time_mean_h is drawn.graph.time_mean_h
    longer = scenario('do = "set"\ntable = "links"\nids = ["kz-a--kz-b--rail"]\nset = { length_km = 9 }').apply(drawn)
    assert longer.link_lengths_km[0] == 9


def test_a_graph_that_nobody_has_built_is_not_built(tmp_path):
    tiny = network_of_many_kinds(tmp_path)
    found = scenario('do = "close"\nwhat = "links"\nids = ["kz-a--kz-b--rail"]').apply(tiny)
    assert "graph" not in vars(tiny)
    assert "graph" not in vars(found)


@pytest.mark.parametrize(
    "change",
    [
        'do = "close"\nwhat = "crossings"\nids = ["BY-PL"]',
        'do = "close"\nwhat = "countries"\nids = ["RU", "BY"]',
        'do = "set"\ntable = "resources"\nids = ["kz-kuryk*"]\nmultiply = { capacity = 0.5 }',
        'do = "set"\ntable = "links"\nwhere = { country = "KZ", mode = "rail" }\nmultiply = { hours = 2 }',
        'do = "slow"\nwhat = "crossings"\nids = ["CN-KZ"]\nfactor = 3',
    ],
)
def test_values_and_closures_of_the_bundled_network_build_no_graph(network, change):
    _ = network.graph, network.place_index, network.terminals
    found = scenario(change).apply(network)
    assert "graph" in vars(found), "it would be built when it is needed"
    assert_same_graph(found.graph, build_state_graph(found.tables))
