"""The command `pareto`."""

import json

import pytest

from tests.support.json_names import FIXED, FIXED_OF_LEGS


def test_pareto_has_the_names_that_are_fixed_and_says_where_the_best_changes(answer, ways):
    document = answer("pareto", "cn-a", "cn-b", "--objectives", "time,cost", "--modes", "rail,road", "--network", ways)
    assert {"objectives", "itineraries", "breakpoints"} <= document.keys()
    assert (document["complete"], document["complete_up_to"]) == (True, None)
    assert document["objectives"] == ["time", "cost"]
    for item in document["itineraries"]:
        assert item.keys() >= FIXED
        assert all(leg.keys() >= FIXED_OF_LEGS for leg in item["legs"])
    # By road 3 + 10 h and 20 + 800 USD, by rail 3 + 20 h and 20 + 200 USD: 600 USD for 10 h.
    assert [(item["time_h"]["mean"], round(item["cost_usd"])) for item in document["itineraries"]] == [
        (13, 820),
        (23, 220),
    ]
    fast, slow = (item["itinerary_id"] for item in document["itineraries"])
    (point,) = document["breakpoints"]
    assert point == {
        "value_of_time_usd_per_h": pytest.approx(60),
        "percent_of_value_per_day": pytest.approx(1.44),
        "below": slow,
        "above": fast,
    }


def test_pareto_is_a_table_for_people_with_the_breakpoints_below(run, ways):
    code, out, err = run("pareto", "cn-a", "cn-b", "--modes", "rail,road", "--network", ways)
    assert (code, err) == (0, "")
    assert "front of time, cost, co2e" in out
    assert "60.00" in out
    assert "1.440" in out


def test_pareto_writes_what_a_map_reads(run, ways, tmp_path):
    code, _, err = run(
        *("pareto", "cn-a", "cn-b", "--modes", "rail,road", "--network", ways, "--out", tmp_path / "out")
    )
    assert code == 0
    written = json.loads((tmp_path / "out" / "itineraries.geojson").read_text(encoding="utf-8"))
    assert len(written["features"]) == 2
    assert "itineraries.geojson" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pareto", "cn-a", "cn-a"), "are the same place"),
        (("pareto", "cn-a", "cn-b", "--epsilon", "-0.5"), "--epsilon is -0.5"),
        (("pareto", "cn-a", "cn-b", "--epsilon", "nan"), "'--epsilon': 'nan' is not a usable number"),
        (("pareto", "cn-a", "cn-b", "--max-memory", "0"), "--max-memory is 0"),
        (("pareto", "cn-a", "cn-b", "--objectives", "time,speed"), "speed is not one of them"),
        (("pareto", "cn-a", "cn-b", "--objectives", "time,time"), "give each of them once"),
        (("pareto", "cn-a", "cn-b", "--objectives", ""), "the list is empty"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_an_absurd_request_ends_with_2_and_one_message_at_little_cost(refused, ways, arguments, message):
    assert message in refused(*arguments, "--network", ways)


def test_the_most_that_may_be_asked_for_is_answered_with_what_there_is(answer, ways):
    found = answer(
        *("route", "cn-a", "cn-b", "-k", "100", "--shared", "1", "--modes", "rail,road", "--objective", "time"),
        *("--network", ways),
    )
    # Behind the two ways come those that turn back in another vehicle: no state is visited twice.
    assert [item["time_h"]["mean"] for item in found["itineraries"]][:2] == [13, 23]
    assert len(found["itineraries"]) <= 100
    names = "time,cost,co2e,risk,transshipments,distance"
    found = answer("pareto", "cn-a", "cn-b", "--objectives", names, "--epsilon", "1", "--network", ways)
    assert found["itineraries"]


@pytest.mark.parametrize("command", ["route", "pareto"])
@pytest.mark.parametrize("depart", [(), ("--depart", "2026-03-04")], ids=["undated", "dated"])
def test_what_leaves_nothing_ends_with_1_and_names_what_blocks(run, ways, command, depart):
    code, out, err = run(command, "cn-a", "cn-c", "--modes", "road", *depart, "--network", ways)
    assert (code, out) == (1, "")
    assert "the restriction to road" in err
