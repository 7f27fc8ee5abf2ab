"""The bundled scenarios: each file applies, cites sources of the table, and changes what it is meant to show."""

import re
from fnmatch import fnmatchcase
from functools import cache

import pytest

import landbridge as lb
from landbridge.networks.errors import NoRouteError
from landbridge.networks.years import resources_of_year
from landbridge.routing.resources.capacities import capacity_teu_day

NAMES = lb.Scenario.bundled()

ROUTES = {
    "northern-closed": ("Xi'an", "Duisburg"),
    "russia-belarus-excluded": ("Xi'an", "Duisburg"),
    "poland-belarus-closed-13-days": ("Minsk", "Warsaw"),
    "red-sea-avoided": ("Shanghai", "Rotterdam"),
    "hormuz-shut": ("Shanghai", "Jebel Ali"),
    "iran-excluded": ("Tashkent", "Mersin"),
    "caspian-winter": ("Almaty", "Poti"),
    "cku-opens": ("Kashgar", "Tashkent"),
    "zangezur-opens": ("Baku", "Kars"),
    "trans-afghan-opens": ("Tashkent", "Karachi"),
    "rasht-astara-opens": ("Moscow", "Tehran"),
    "imec-opens": ("Dubai", "Haifa"),
    "development-road-opens": ("Basra", "Istanbul"),
    "anaklia-2029": ("Almaty", "Anaklia"),
}
"""Pairs of places of which the best answer is another, a dearer or none with the scenario."""

CAPACITIES = {
    "aktau-hub": ("kz-aktau--containers", 2025),
    "poti-new-port": ("ge-poti--containers", 2025),
    "malaszewicze-rebuilt": ("pl-malaszewicze--terminal", 2025),
    "new-ships-2026-2028": ("caspian-feeder--fleet", 2025),
    "caspian-low": ("caspian-feeder--fleet", 2025),
    "no-works-2030": ("caspian-feeder--fleet", 2030),
}
"""Resources and years of which the capacity is another with the scenario."""

DEMANDS = {"btk-5mt": 2025, "titr-2030": 2030, "demand-2030": 2030}
"""Years of which the demand is another with the scenario."""


@pytest.fixture(scope="module")
def network():
    return lb.load_network()


@pytest.fixture(scope="module")
def applied(network):
    """Return the network of a scenario by its name; each is applied once."""
    return cache(lambda name: lb.Scenario.read(name).apply(network))


def parts(name):
    scenario = lb.Scenario.read(name).to_dict()
    return [scenario, *scenario.get("changes", [])]


def best(network, ends):
    try:
        trip = lb.route(network, *ends, objective="generalised")[0]
    except NoRouteError:
        return None
    return trip.corridor, round(trip.time.mean_h, 6), round(trip.cost_usd, 6)


def capacity(network, resource, year):
    return capacity_teu_day(network, resources_of_year(network, year)[resource])


def volumes(network, year):
    return {row.id: row.teu_per_year for row in lb.network_demand(network, year=year)}


def test_each_is_shown_by_an_answer_a_capacity_or_a_demand():
    assert sorted([*ROUTES, *CAPACITIES, *DEMANDS, "base"]) == sorted(NAMES)


def test_base_changes_nothing(network, applied):
    pairs = [ROUTES["northern-closed"], ROUTES["caspian-winter"]]
    assert [best(applied("base"), ends) for ends in pairs] == [best(network, ends) for ends in pairs]


@pytest.mark.parametrize("name", ROUTES)
def test_a_scenario_changes_the_answer_that_it_is_about(name, network, applied):
    assert best(applied(name), ROUTES[name]) != best(network, ROUTES[name])


@pytest.mark.parametrize("name", CAPACITIES)
def test_a_scenario_changes_the_capacity_that_it_is_about(name, network, applied):
    assert capacity(applied(name), *CAPACITIES[name]) != pytest.approx(capacity(network, *CAPACITIES[name]))


@pytest.mark.parametrize("name", DEMANDS)
def test_a_scenario_changes_the_demand_that_it_is_about(name, network, applied):
    assert volumes(applied(name), DEMANDS[name]) != volumes(network, DEMANDS[name])


def test_the_sums_of_the_demand_of_2030_are_those_of_the_study(applied):
    flows = applied("demand-2030").tables["demand"]
    rows = [row for row in flows if row["flow"].startswith("titr-containers") and row["for_year"] == 2030]
    # 4 Mt of 14 t a TEU
    assert sum(row["teu_per_year"] for row in rows) * 14 == pytest.approx(4e6, rel=1e-3)
    # 1,173,000 t of 2024 times 7 Mt over 3.3 Mt less 56,500 TEU of 14 t
    bulk = [row for row in flows if row["flow"].startswith("titr-bulk") and row["for_year"] == 2030]
    expected = 1_173_000 * 7 / (3.3 - 56_500 * 14 / 1e6)
    assert sum(row["tonnes_per_year"] for row in bulk) == pytest.approx(expected, rel=1e-3)


def test_ships_that_are_added_are_not_held_back_by_a_limit_of_their_line(network):
    # A fleet whose capacity grows over the years is the only limit of the services that it sails.
    growing = {row["resource"] for row in network.tables["capacities"]}
    held = [row["id"] for row in network.services.values() if row["resource"] in growing and row["capacity_teu_day"]]
    assert held == []


def test_at_one_metre_less_a_feeder_carries_two_thirds(network, applied):
    ratio = capacity(applied("caspian-low"), "caspian-feeder--fleet", 2025)
    # 15 % are left behind today, 29 % more for a metre: (1 - 0.15 - 0.29) / (1 - 0.15)
    assert ratio / capacity(network, "caspian-feeder--fleet", 2025) == pytest.approx(0.56 / 0.85)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_what_it_shows_and_cites_the_table_of_sources(name, network):
    for part in parts(name):
        for source in part.get("sources", part.get("source", ())):
            assert source in network.sources, source
    scenario = parts(name)[0]
    assert scenario["name"] == name
    assert scenario["shows"][0].isupper()
    assert scenario["shows"].endswith(".")
    assert scenario.get("sources") or name == "base"
    ids = re.findall(r"\b[PAIHS]\d{2,4}\b", str(scenario.get("changes")))
    assert set(ids) <= set(network.sources)


@pytest.mark.parametrize("name", NAMES)
def test_each_pattern_meets_a_row(name, network):
    # A selection as a whole must meet rows when it is applied; here each of its patterns has to.
    for change in parts(name)[1:]:
        named = change.get("table") or {"waits": "services"}.get(change.get("what"), change.get("what"))
        if named == "crossings" or not change.get("ids"):
            continue
        rows = [row["id"] for row in network.tables["demand" if change["do"] == "demand" else named]]
        for pattern in change["ids"]:
            assert any(fnmatchcase(row, pattern) for row in rows), pattern
