"""One observation beside the model, on a line of 100 km with known times, money and emissions.

The line takes 2 h, loading before it 1 h and unloading behind it 2 h: 2 h in transit, 5 h in all. A 40-foot container
pays 20 USD on the line (0.10 USD a TEU-km) and 10 USD each for loading and unloading: 20 USD in transit, 40 in all.
"""

from datetime import date

import pytest

from landbridge.routing import Cargo, route
from landbridge.routing.validation.comparison import answered, compare
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, service, tiny_network


def compared(folder, *, links=None, services=(), spreads=(), **cells):
    network = tiny_network(
        folder,
        links=links or [link("cn-a -- cn-b")],
        services=services,
        tables={"observations": [observation(**cells)], "sources": SOURCES, "spreads": spreads},
        check=False,
    )
    return compare(network, network.tables["observations"].rows[0])


def test_transit_runs_from_departure_to_arrival(tmp_path):
    found = compared(tmp_path, low=2)
    assert found.modelled == {"mean": 2, "p10": 2, "p50": 2, "p90": 2}
    assert (found.ratio, found.inside) == (1, True)


def test_total_runs_from_delivery_to_pick_up(tmp_path):
    assert compared(tmp_path, low=4, basis="total").modelled["p50"] == 5


def test_a_range_is_compared_by_its_middle(tmp_path):
    found = compared(tmp_path, low=1, high=7)
    assert found.observed == 4
    assert found.ratio == 0.5
    # 2 h without spread do not hold the middle, though they lie in the range.
    assert found.inside is False


def test_an_ordinary_time_compares_with_the_median_and_a_demonstration_with_p10(tmp_path):
    wide = [{"id": "certain", "p10_ratio": 0.5, "p50_ratio": 0.9, "p90_ratio": 1.6}]
    ordinary = compared(tmp_path / "a", low=1.8, spreads=wide)
    first = compared(tmp_path / "b", low=1.8, kind="demonstration", spreads=wide)
    assert ordinary.figure == ordinary.modelled["p50"] > first.figure == first.modelled["p10"]
    assert (ordinary.inside, first.inside) == (True, None)
    assert first.case().low is None


def test_several_ends_are_one_of_several_journeys(tmp_path):
    # 2 h to b and 4 h to c: p10 is 2 h, p90 4 h, the mean 3 h.
    found = compared(tmp_path, links=[link("cn-a -- cn-b"), link("cn-a -- cn-c", length_km=200)], to=("cn-b", "cn-c"))
    assert found.modelled["mean"] == 3
    assert found.modelled["p10"] == pytest.approx(2, abs=0.01)
    assert found.modelled["p90"] == pytest.approx(4, abs=0.01)
    assert len(found.itineraries) == 2


COST = {"quantity": "cost_usd", "container_feet": 40, "teu": 2, "usd_year": 2024}


def test_money_follows_the_same_bounds(tmp_path):
    assert compared(tmp_path / "a", low=20, **COST).modelled == {"value": pytest.approx(20)}
    assert compared(tmp_path / "b", low=20, basis="total", **COST).modelled == {"value": pytest.approx(40)}


def test_a_20_foot_container_pays_its_own_rate(tmp_path):
    cells = COST | {"container_feet": 20, "teu": 1}
    assert compared(tmp_path, low=10, **cells).modelled == {"value": pytest.approx(10)}


def test_observed_dollars_are_those_of_the_network(tmp_path):
    # A dollar of 2020 is 1.25 of 2024: 32 become 40.
    found = compared(tmp_path, low=32, basis="total", **COST | {"usd_year": 2020})
    assert found.observed == 40
    assert found.ratio == pytest.approx(1)
    assert found.inside is None


def test_emissions_are_those_of_the_cargo(tmp_path):
    # 10 g/tkm x 10 t x 100 km = 10 kg
    found = compared(tmp_path, low=20, quantity="co2e_kg", container_feet=20, teu=1, tonnes=10)
    assert found.modelled["value"] == pytest.approx(10)
    assert found.ratio == pytest.approx(0.5)


def test_the_conditions_of_the_row_hold(tmp_path):
    links = [link("cn-a -- cn-b", length_km=300), link("cn-a -- cn-b", "road")]
    assert compared(tmp_path / "a", links=links).modelled["p50"] == 2
    by_rail = compared(tmp_path / "b", links=links, modes="rail")
    assert by_rail.modelled["p50"] == 6
    assert {leg.mode for leg in by_rail.itineraries[0].hauls} == {"rail"}


def test_a_dated_row_finds_the_lines_of_its_day(tmp_path):
    links = [link("cn-a -- cn-b", length_km=300), link("cn-a -- cn-b", valid_to="2020-12-31", service="old")]
    services = [service("old")]
    today = compared(tmp_path / "a", links=links, services=services)
    then = compared(tmp_path / "b", links=links, services=services, first="2020-06-01")
    assert (today.modelled["p50"], then.modelled["p50"]) == (6, 2)
    assert then.row["first"] == date(2020, 6, 1)


def test_a_journey_without_a_way_says_why_and_is_no_case(tmp_path):
    found = compared(tmp_path, modes="sea")
    assert "only by sea" in found.problem
    assert (found.ratio, found.case(), found.counted, found.unanswered) == (None, None, False, True)


def test_ends_that_are_not_joined_are_named_beside_those_that_are(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-c -- cn-d")]
    found = compared(tmp_path, links=links, to=("cn-b", "cn-c"))
    assert found.modelled["p50"] == 2
    assert "no route from cn-a to cn-c" in found.problem


def test_what_is_not_comparable_is_run_and_does_not_count(tmp_path):
    found = compared(tmp_path, comparable=False, reason="another time")
    assert found.ratio == 1
    assert (found.counted, found.unanswered, found.case()) == (False, False, None)


def test_a_row_without_ends_is_not_run(tmp_path):
    found = compared(tmp_path, comparable=False, reason="no ends", **{"from": None, "to": None})
    assert (found.modelled, found.ratio, found.problem) == ({}, None, "")


def test_lengths_are_compared_where_one_was_published(tmp_path):
    assert compared(tmp_path / "a", length_km=80).length_ratio == 1.25
    assert compared(tmp_path / "b").length_ratio is None


def test_the_itineraries_compared_are_those_of_route_without_their_notes(tmp_path):
    """A slow-down without a date is a note of `route`, which no comparison needs."""
    slow = {"id": "s", "links": ("cn-a--cn-b--rail",), "first": "2020-01-01", "last": "2030-01-01", "time_factor": 2}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"slowdowns": [slow]}, check=False)
    (noted,), (plain,) = route(network, "cn-a", "cn-b"), answered(network, "cn-a", "cn-b", cargo=Cargo())
    assert [bool(item.notes) for item in (noted, plain)] == [True, False]
    assert plain.to_dict() | {"notes": []} == noted.to_dict() | {"notes": []}
