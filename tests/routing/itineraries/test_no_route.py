"""An answer that there is no route names what blocks it."""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, route
from tests.support.changed_networks import scenario
from tests.support.tiny import link, operation, place, tiny_network


def reason(network, start="cn-a", end="de-z", **options):
    with pytest.raises(NoRouteError) as caught:
        route(network, start, end, **options)
    return str(caught.value)


def line(folder, *, links=(), **tables):
    """Return a network of one line cn-a -- ru-m -- de-z."""
    return tiny_network(folder, links=[link("cn-a -- ru-m"), link("ru-m -- de-z"), *links], **tables)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"avoid": ["RU"]}, "there is one without avoiding RU"),
        ({"avoid": ["RU", "IR"]}, "there is one without avoiding RU"),
        ({"avoid": ["ru-m"]}, "there is one without avoiding ru-m"),
        ({"avoid": ["RU-DE"]}, "avoiding DE-RU: there is one without avoiding DE-RU"),
        ({"avoid": ["cn-a--ru-m--rail", "DE-RU"]}, "without avoiding these crossings"),
        ({"modes": ["sea"]}, "there is one without the restriction to sea"),
        ({"depart": "2025-01-01"}, "there is one without departing 2025-01-01"),
        ({"corridor": "southern"}, "there is one without the corridor southern"),
        ({"via": ["ir-spur"]}, "there is one without going via ir-spur"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_condition_that_blocks_is_named(tmp_path, options, named):
    network = line(
        tmp_path,
        links=[link("de-z -- ir-spur", valid_from="2030-01-01"), link("ru-m -- de-z", "road", valid_from="2025-06-01")],
        places=[place("ru-m", kind="junction")],
        tables={
            "corridors": [{"id": "southern", "name": "southern", "priority": 1, "require": "IR-TR"}],
        },
    )
    if "depart" in options:
        network = line(
            tmp_path / "dated",
            operations=[operation("load", "cn-a", to_mode="rail", mean_h=1, valid_from="2025-06-01")],
        )
    text = reason(network, **options)
    assert text.startswith("no route from cn-a to de-z")
    assert named in text


def test_only_the_condition_that_blocks_is_named_as_the_cure(tmp_path):
    text = reason(line(tmp_path), avoid=["RU", "IR"])
    cure = text.partition("there is one")[2]
    assert "RU" in cure
    assert "IR" not in cure


def test_all_conditions_are_repeated(tmp_path):
    text = reason(line(tmp_path), avoid=["RU", "IR"], modes=["rail", "road"], depart="2026-02-03")
    for part in ("avoiding IR and RU", "only by rail and road", "departing 2026-02-03"):
        assert part in text


def test_conditions_that_block_only_together_are_told_so(tmp_path):
    network = line(tmp_path, links=[link("cn-a -- ir-n", "road"), link("ir-n -- de-z", "road")])
    text = reason(network, avoid=["RU", "ir-n"], modes=["rail"])
    assert "without avoiding RU" in text
    text = reason(network, avoid=["RU", "ir-n"])
    assert "without avoiding RU or without avoiding ir-n" in text
    text = reason(network, avoid=["ru-m", "ir-n", "RU", "IR"])
    assert "no single constraint blocks it" in text


def test_a_condition_that_is_lifted_in_vain_is_not_blamed(tmp_path):
    # The line by Russia is of rail: without avoiding it there is still no road.
    text = reason(line(tmp_path), avoid=["RU"], modes=["road"])
    assert "there is one without" not in text
    assert "no single constraint blocks it" in text


def test_what_opens_later_is_named(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- de-z", valid_from="2030-01-01")])
    assert "--planned" in reason(network)


def test_what_opens_later_is_no_cure_where_it_leads_nowhere_either(tmp_path):
    links = [link("cn-a -- cn-b"), link("de-y -- de-z"), link("cn-b -- cn-c", valid_from="2030-01-01")]
    network = tiny_network(tmp_path, links=links, check=False)
    assert reason(network).endswith("does not connect them; add the missing link")


def test_where_a_scenario_closes_all_ways_it_is_named(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- de-z")])
    closed = scenario('do = "close"\nwhat = "links"\nids = ["*"]', name="strike").apply(network)
    assert reason(closed).endswith("does not connect them; see what the scenario strike closes")


def test_places_that_nothing_joins_are_told_so(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- de-z", valid_to="2020-01-01")]
    network = tiny_network(tmp_path, links=links)
    assert "the network does not connect them; " in reason(network)
    assert "the network does not connect them on that date; " in reason(network, depart="2026-03-01")


@pytest.mark.parametrize("ends", [("ru-m", "de-z"), ("cn-a", "ru-m")], ids=["origin", "destination"])
def test_an_end_in_a_country_that_is_avoided_is_named(tmp_path, ends):
    assert "ru-m is in RU, which is avoided" in reason(line(tmp_path), *ends, avoid=["RU"])


@pytest.mark.parametrize("ends", [("ru-m", "de-z"), ("cn-a", "ru-m")], ids=["origin", "destination"])
def test_an_end_that_is_avoided_itself_is_named(tmp_path, ends):
    assert "ru-m is itself avoided" in reason(line(tmp_path), *ends, avoid=["ru-m"])


def test_a_place_without_cargo_is_named(tmp_path):
    network = line(tmp_path, places=[place("ru-m", kind="junction")])
    assert "ru-m handles no cargo: trains only pass there" in reason(network, "ru-m", "de-z")


def test_a_place_that_handles_none_of_the_modes_is_stopped_by_the_modes(tmp_path):
    network = line(tmp_path, links=[link("cn-a -- cn-b", "road")])
    assert "without the restriction to rail" in reason(network, "cn-b", modes=["rail"])


def test_a_rule_that_blocks_is_named_with_what_it_says(tmp_path):
    ban = {
        "id": "ban",
        "valid_from": "2020-01-01",
        "transit_countries": ("RU",),
        "dangerous": True,
        "note": "no danger",
    }
    text = reason(line(tmp_path, tables={"admissibility": [ban]}), cargo=Cargo(dangerous=True))
    assert "without the rule ban (no danger)" in text


def test_rules_that_block_only_together_are_not_each_called_the_only_one(tmp_path):
    """Two rules shut the two ways: lifting one opens its way, and each is named."""
    rules = [
        {"id": f"ban-{code}", "valid_from": "2020-01-01", "transit_countries": (code,), "note": f"none by {code}"}
        for code in ("RU", "IR")
    ]
    network = line(tmp_path, links=[link("cn-a -- ir-n"), link("ir-n -- de-z")], tables={"admissibility": rules})
    text = reason(network)
    assert "ban-RU" in text
    assert "ban-IR" in text


def test_a_rule_that_does_not_block_is_not_blamed(tmp_path):
    rules = [
        {"id": "ban-RU", "valid_from": "2020-01-01", "transit_countries": ("RU",), "note": "none by RU"},
        {"id": "ban-US", "valid_from": "2020-01-01", "transit_countries": ("US",), "note": "none by US"},
    ]
    cure = reason(line(tmp_path, tables={"admissibility": rules})).partition("there is one")[2]
    assert "ban-RU" in cure
    assert "ban-US" not in cure


def test_the_bundled_network_names_the_countries_that_close_the_land_bridge(network):
    text = reason(network, "Xi'an", "Duisburg", avoid=["RU", "KZ", "KG", "MN", "PK", "AF"], modes=["rail"])
    assert text.startswith("no route from Xi'an to Duisburg avoiding AF, KG, KZ, MN, PK and RU, only by rail")
    assert "there is one without" in text
    assert "relax several" not in text


def test_where_an_end_is_the_cause_other_conditions_are_not_named(tmp_path):
    text = reason(line(tmp_path), start="0,-30", avoid=["IR"], depart="2025-01-01")
    assert text.startswith("no route from 0,-30 to de-z: 0,-30 has no terminal within reach")
