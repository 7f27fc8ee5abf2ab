"""What holds of every network that scenarios change."""

import json
from itertools import permutations

import pytest

import landbridge
from landbridge.networks import check_network, read_network, write_network
from landbridge.networks.errors import ScenarioError
from landbridge.routing import Scenario, assign, route
from tests.support.changed_networks import changed, row, scenario
from tests.support.flow_networks import demand, two_ways

CLOSE_HALL = 'do = "close"\nwhat = "places"\nids = ["kz-b"]'
OPEN_HALL = 'do = "open"\nwhat = "places"\nids = ["kz-b"]'
HALF_HALL = 'do = "set"\ntable = "resources"\nids = ["hall"]\nmultiply = { capacity = 0.5 }'
DEARER = 'do = "set"\ntable = "tariffs"\nids = ["flat"]\nmultiply = { rates = 2 }'
SLOWER = 'do = "slow"\nwhat = "modes"\nids = ["road"]\nfactor = 2'
MORE = 'do = "demand"\nfactor = 2'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    flow = {"id": "x", "origin": "kz-a", "destination": "kz-d", "teu_per_year": 365 * 50, "value_usd_per_teu": 0}
    return two_ways(tmp_path_factory.mktemp("ways"), tables={"demand": [flow]})


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def answers(network, **options):
    """Return the answers to a shipment and to all of them, as JSON without what names the scenario."""
    found = [route(network, "A", "D", **options), assign(network)]
    return [without_scenario(json.loads(json.dumps(item.to_dict(), default=str))) for item in found]


def without_scenario(value):
    if isinstance(value, dict):
        return {
            key: without_scenario(item) for key, item in value.items() if key not in {"scenario", "sources", "meta"}
        }
    return [without_scenario(item) for item in value] if isinstance(value, list) else value


def best_usd(network, **options):
    return route(network, "A", "D", objective="cost", modes=["rail", "road"], **options)[0].cost_usd


def total_usd(network, **options):
    """Return the cost of a day at the optimum of 50 TEU a day, with what is unserved at 1,000 USD a TEU."""
    found = assign(network, [demand()], modes=["rail", "road"], **options)
    return found.cost_usd_day + 1000 * found.unserved_teu_day.sum()


def test_a_scenario_that_changes_nothing_changes_no_answer(tiny):
    same = Scenario.from_toml('name = "same"\ntitle = "Nothing"').apply(tiny)
    assert answers(same) == answers(tiny)
    assert same.setting("scenario") == "same"
    assert len(same.setting("scenario_fingerprint")) == 64
    assert same.tables["links"] is tiny.tables["links"]


@pytest.mark.parametrize("pair", [(HALF_HALL, DEARER), (SLOWER, MORE), (CLOSE_HALL, DEARER), (HALF_HALL, SLOWER)])
def test_changes_that_commute_give_equal_answers_in_either_order(tiny, pair):
    one, two = (answers(changed(tiny, *order)) for order in permutations(pair))
    assert one == two
    stacked = [scenario(change, name=f"s{number}") for number, change in enumerate(pair)]
    for order in permutations(stacked):
        assert answers(Scenario.read(order).apply(tiny)) == one
        assert answers(order[1].apply(order[0].apply(tiny))) == one


@pytest.mark.parametrize("what", ["links", "operations", "services", "places", "resources", "modes"])
def test_closing_never_improves_the_optimum_and_opening_never_worsens_it(tiny, what):
    names = {"modes": "mode"}
    ids = [row[names.get(what, "id")] for row in tiny.tables[what]]
    for name in ids:
        closed = changed(tiny, f'do = "close"\nwhat = "{what}"\nids = ["{name}"]')
        opened = changed(closed, f'do = "open"\nwhat = "{what}"\nids = ["{name}"]')
        before, after, again = (optimum(network) for network in (tiny, closed, opened))
        assert after >= before - 1e-9, name
        assert again == pytest.approx(before), name


def optimum(network):
    try:
        return best_usd(network)
    except landbridge.NoRouteError:
        return float("inf")


@pytest.mark.parametrize("options", [{"capacity": "hard"}, {"congestion": "system"}], ids=str)
def test_closing_and_less_capacity_never_lower_what_all_flows_cost(tiny, options):
    before = total_usd(tiny, **options)
    for change in (CLOSE_HALL, HALF_HALL, 'do = "close"\nwhat = "links"\nids = ["kz-a--kz-c--rail"]'):
        assert total_usd(changed(tiny, change), **options) >= before - 1e-6
    closed = changed(tiny, CLOSE_HALL)
    assert total_usd(changed(closed, OPEN_HALL), **options) == pytest.approx(before)


def test_without_a_hall_all_go_the_dear_way_and_with_half_of_it_fewer_the_cheap_one(tiny):
    # 30 of 50 TEU a day fit through the hall, at 40 USD, and 20 go the other way, at 60; with half of the capacity
    # of 40 less 10 of others 10 fit.
    assert total_usd(tiny, capacity="hard") == pytest.approx(30 * 40 + 20 * 60)
    assert total_usd(changed(tiny, CLOSE_HALL), capacity="hard") == pytest.approx(50 * 60)
    assert total_usd(changed(tiny, HALF_HALL), capacity="hard") == pytest.approx(10 * 40 + 40 * 60)


def test_a_changed_network_is_valid_and_reads_back_with_the_same_answers(tiny, tmp_path):
    period = 'do = "close"\nwhat = "links"\nids = ["kz-b--kz-d--road"]\nfrom = 2026-02-01\nto = 2026-03-01'
    found = changed(tiny, HALF_HALL, SLOWER, DEARER, period, date="2026-02-10", sources='["A1"]')
    write_network(found, tmp_path / "out")
    assert check_network(tmp_path / "out") == []
    again = read_network(tmp_path / "out")
    assert answers(again) == answers(found)
    assert again.setting("scenario") == "test"


def test_what_was_computed_for_the_old_network_is_not_used_for_the_new(tiny):
    before = answers(tiny)
    found = changed(tiny, CLOSE_HALL, DEARER)
    assert answers(found) != before
    assert answers(tiny) == before
    fresh = type(tiny)(found.tables)
    assert answers(fresh) == answers(found)


def test_the_date_of_the_world_is_the_reference_date(tiny):
    found = changed(tiny, HALF_HALL, date="2030-05-05")
    assert str(found.reference_date) == "2030-05-05"
    assert str(tiny.reference_date) == "2026-01-01"


def test_a_fault_anywhere_leaves_the_old_network_as_it_was(tiny):
    before = {name: [*table.rows] for name, table in tiny.tables.items()}
    with pytest.raises(ScenarioError):
        changed(tiny, CLOSE_HALL, DEARER, HALF_HALL.replace("hall", "hell"))
    assert {name: [*table.rows] for name, table in tiny.tables.items()} == before
    assert answers(tiny) == answers(type(tiny)(tiny.tables))


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        ('do = "slow"\nwhat = "links"\nids = ["*"]\nfactor = 1.01', 4),
        ('do = "set"\ntable = "links"\nwhere = { mode = "iww" }\nrows = { min = 0 }\nset = { speed_km_h = 9 }', 4),
        ('do = "close"\nwhat = "crossings"\nids = ["*"]\nfrom = 2026-02-01', 4),
        ('do = "demand"\nfactor = 1.1', 1),
    ],
    ids=["slow", "set", "crossings", "demand"],
)
def test_changes_of_many_rows_over_and_over_end_with_a_fault(tiny, monkeypatch, change, rows):
    scenario(*[change] * 20).apply(tiny)
    monkeypatch.setattr("landbridge.routing.studies.scenarios.applying.MOST_ROWS", 19 * rows)
    with pytest.raises(ScenarioError, match=r"changes\[\d+\]\]: the changes up to here look at more than \d+ rows"):
        scenario(*[change] * 20).apply(tiny)


def test_every_bundled_scenario_fits_the_bundled_network(network):
    _ = network.graph
    for name in Scenario.bundled():
        found = Scenario.read(name).apply(network)
        assert found.setting("scenario") == name


def test_poland_and_belarus_closed_sends_trains_by_lithuania(network):
    found = scenario('do = "close"\nwhat = "crossings"\nids = ["BY-PL"]\nrows = 1').apply(network)
    before, after = (route(item, "Xi'an", "Duisburg")[0] for item in (network, found))
    assert (before.corridor, after.corridor) == ("northern", "baltic")
    assert "LT" in after.countries


def test_without_suez_ships_pass_the_cape(network):
    found = scenario('do = "close"\nwhat = "crossings"\nids = ["suez"]').apply(network)
    (before, after) = (route(item, "Shanghai", "Hamburg", modes=["sea"])[0] for item in (network, found))
    assert (before.corridor, after.corridor) == ("suez", "cape")
    assert after.time_mean_h > before.time_mean_h


def test_half_a_port_holds_in_every_year(network):
    found = scenario('do = "set"\ntable = "resources"\nids = ["kz-aktau--containers"]\nmultiply = { capacity = 0.5 }')
    halved = found.apply(network)
    rows = [
        (new["capacity"], old["capacity"])
        for new, old in zip(halved.tables["capacities"], network.tables["capacities"], strict=True)
        if old["resource"] == "kz-aktau--containers"
    ]
    assert rows
    assert all(new == old / 2 for new, old in rows)
    assert row(halved, "resources", "kz-aktau--containers")["capacity_confidence"] == "assumed"


def test_no_closure_is_in_force_on_the_day_of_the_bundled_network(network):
    # So that undated answers of the bundled data are those of open lines.
    day = network.reference_date
    assert not [row["id"] for row in network.tables["closures"] if row["first"] <= day <= row["last"]]
