"""The command `simulate`: its JSON, tables, files and chart, and what it refuses."""

import json

import pytest

from tests.support.tiny import link, operation, service, write_tiny

TIME = {"mean", "sd", "p10", "p50", "p90"}
MANY, FEW = ("--runs", "4000"), ("--runs", "500")


@pytest.fixture(scope="module")
def uncertain(tmp_path_factory):
    """Return a folder with a train of 40 h and 10 h of loading that vary, and a weekly train after it.

    The times of loading and haul are normal with a relative sd of 0.1: 4.1 h together. The weekly train leaves at noon
    on Friday, when cargo that left on Wednesday at 6 is 54 h on its way: a good deal of it is late.
    """
    from datetime import time

    spread = {"id": "wide", "p10_ratio": 0.871845, "p50_ratio": 1.0, "p90_ratio": 1.128155}
    return write_tiny(
        tmp_path_factory.mktemp("uncertain"),
        links=[link("cn-a -- cn-b", length_km=2000), link("cn-b -- cn-c", service="weekly")],
        services=[
            service("rail", spread="wide"),
            service("weekly", wait_kind="timetable", days=("fri",), departures=(time(12),)),
        ],
        operations=[operation("load", "cn-a", to_mode="rail", p10_h=8.71845, p50_h=10, p90_h=11.28155)],
        tables={"spreads": [spread]},
    )


def test_the_json_has_the_names_of_route_and_the_variance(answer, uncertain):
    document = answer("simulate", "cn-a", "cn-b", "--network", uncertain, *MANY)
    assert list(document) == ["query", "itineraries", "meta"]
    assert (document["query"]["runs"], document["query"]["seed"], document["query"]["promised"]) == (4000, 0, None)
    (found,) = document["itineraries"]
    assert found["time_h"].keys() == TIME
    # 10 h of loading, 40 h of haul and 2 h of unloading; the sd is the root of 1 and 16.
    assert found["time_h"]["mean"] == pytest.approx(52, abs=0.3)
    assert found["time_h"]["sd"] == pytest.approx(17**0.5, rel=0.05)
    assert found["time_h"]["p90"] < found["p95_h"]
    assert found["on_time"] is None
    shares = {item["group"]: item["share"] for item in found["variance"]}
    assert max(shares.values()) == pytest.approx(16 / 17, abs=0.05)
    route = answer("route", "cn-a", "cn-b", "--network", uncertain)["itineraries"][0]
    assert (found["itinerary_id"], found["route_line"]) == (route["itinerary_id"], route["route_line"])


def test_a_promised_day_has_a_chance_and_late_cargo_misses_its_train(answer, uncertain):
    days = ("--depart", "2026-03-04T06:00", "--promised", "2026-03-07")
    (found,) = answer("simulate", "cn-a", "cn-c", "--network", uncertain, *days, *MANY)["itineraries"]
    # At hand after 53 h (3 h of transshipment), sd 4.1 h, and the train leaves after 54 h: four of ten miss it.
    (missed,) = found["missed"]
    assert missed["place"] == "cn-b"
    assert 0.3 < missed["share_missed"] < 0.5
    # Who takes the train of Friday arrives on Friday, who misses it a week later.
    assert found["on_time"] == pytest.approx(1 - missed["share_missed"], abs=1e-6)
    assert found["time_h"]["p90"] - found["time_h"]["p10"] == pytest.approx(168, abs=1)


def test_the_day_to_arrive_by_is_the_promised_one(answer, uncertain):
    (found,) = answer("simulate", "cn-a", "cn-c", "--network", uncertain, "--arrive-by", "2026-03-07", *FEW)[
        "itineraries"
    ]
    assert 0 < found["on_time"] <= 1
    assert found["promised"].startswith("2026-03-08T00:00")


def test_the_chance_is_that_of_route(answer, uncertain):
    question = ("cn-a", "cn-c", "--network", uncertain, "--arrive-by", "2026-03-07")
    (found,), (route,) = (answer(command, *question)["itineraries"] for command in ("simulate", "route"))
    assert 0 < found["on_time"] == route["chance_in_time"] < 1
    assert found["depart"] == route["depart"]


def test_the_same_seed_gives_the_same_answer_and_another_one_another(answer, uncertain):
    options = ("simulate", "cn-a", "cn-b", "--network", uncertain, *FEW)
    first, again, other = answer(*options), answer(*options), answer(*options, "--seed", 7)
    assert first["itineraries"] == again["itineraries"]
    assert first["itineraries"][0]["time_h"] != other["itineraries"][0]["time_h"]


def test_one_itinerary_is_explained_and_several_have_a_row_each(run, uncertain):
    options = ("--network", uncertain, *FEW)
    days = ("--depart", "2026-03-04T06:00", "--promised", "2026-03-07")
    code, out, err = run("simulate", "cn-a", "cn-c", *options, *days)
    assert (code, err) == (0, "")
    for text in ("on time", "Why the time varies", "Missed departures", "On time: arrived by Sat 7 Mar 2026."):
        assert text in out
    code, out, err = run("simulate", "Xi'an", "Duisburg", *FEW)
    assert (code, err) == (0, "")
    assert out.count("│ northern") == out.count("best value") == 1
    assert "Why the time varies" not in out
    assert "Note: rail pays from about" in out


def test_simulate_writes_tables_layers_and_a_chart(run, uncertain, tmp_path):
    pytest.importorskip("matplotlib")
    options = ("--network", uncertain, *FEW, "--out", tmp_path / "out", "--chart", tmp_path / "chart.png")
    code, _, err = run("simulate", "cn-a", "cn-b", *options)
    assert (code, "chart.png" in err) == (0, True)
    for name, column in (("simulations", "time_p95_h"), ("variance", "share"), ("missed", "share_missed")):
        head = (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert column in head.split(",")
    layer = json.loads((tmp_path / "out" / "itineraries.geojson").read_text(encoding="utf-8"))
    (feature,) = layer["features"]
    times = feature["properties"]
    assert times["simulated_p10_h"] < times["simulated_p50_h"] < times["simulated_p95_h"]
    assert (times["on_time"], times["promised"]) == (None, None)


def test_what_cannot_be_simulated_is_refused_before_the_work(refused, uncertain):
    given = ("simulate", "cn-a", "cn-b", "--network", uncertain)
    assert "--promised needs a date of departure; add --depart" in refused(*given, "--promised", "2026-03-07")
    assert "runs is 0" in refused(*given, "--runs", "0")
    assert "runs is 1000000000" in refused(*given, "--runs", "1000000000")
    assert "promised" in refused(*given, "--depart", "2026-03-04", "--promised", "soon")


def test_where_no_route_leads_there_is_nothing_to_simulate(run, uncertain):
    code, out, err = run("simulate", "cn-a", "cn-b", "--network", uncertain, "--modes", "sea")
    assert (code, out) == (1, "")
    assert "no route" in err
