"""The commands `pareto` and `profile`, the options of `route` for dates and alternatives, and absurd requests."""

import csv
import json
import tracemalloc
from datetime import time

import pytest

from landbridge.routing.cli import main as commands
from tests.support.json_names import FIXED, FIXED_OF_LEGS
from tests.support.tiny import link, service, write_tiny


@pytest.fixture
def run(capsys):
    """Run a command and return its exit code, output and errors."""

    def run_command(*arguments):
        code = commands.run([*map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def answer(run):
    """Run a command that has an answer and return its JSON."""

    def run_command(*arguments):
        code, out, err = run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run_command


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    """Return a folder with a slow cheap line, a fast dear one, and a weekly train."""
    folder = tmp_path_factory.mktemp("ways")
    return write_tiny(
        folder,
        links=[
            link("cn-a -- cn-b", service="slow", length_km=1000),
            link("cn-a -- cn-b", "road", length_km=800),
            link("cn-b -- cn-c", service="weekly"),
        ],
        services=[
            service("slow"),
            service("road", "road", speed_km_h=80, tariff="dear"),
            service("weekly", wait_kind="timetable", days=("fri",), departures=(time(12),)),
        ],
        tables={"tariffs": [{"id": "dear", "usd_per_teu_km": 0.5, "usd_year": 2024}]},
    )


def test_pareto_has_the_names_that_are_fixed_and_says_where_the_best_changes(answer, ways):
    document = answer("pareto", "cn-a", "cn-b", "--objectives", "time,cost", "--network", ways)
    assert {"objectives", "itineraries", "breakpoints"} <= document.keys()
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
    code, out, err = run("pareto", "cn-a", "cn-b", "--network", ways)
    assert (code, err) == (0, "")
    assert "front of time, cost, co2e" in out
    assert "60.00" in out
    assert "1.440" in out


def test_pareto_writes_what_a_map_reads(run, ways, tmp_path):
    code, _, err = run("pareto", "cn-a", "cn-b", "--network", ways, "--out", tmp_path / "out")
    assert code == 0
    written = json.loads((tmp_path / "out" / "itineraries.geojson").read_text(encoding="utf-8"))
    assert len(written["features"]) == 2
    assert "itineraries.geojson" in err


def test_profile_has_a_row_for_each_departure_and_the_best(answer, ways):
    period = ("--from", "2026-03-04", "--to", "2026-03-07")
    document = answer("profile", "cn-b", "cn-c", *period, "--network", ways)
    assert (document["from"], document["to"]) == ("cn-b", "cn-c")
    # Friday noon is 60, 36 and 12 h away, then a week less 12 h; the train takes 2 h and unloading 2.
    assert [item["time_mean_h"] for item in document["departures"]] == [64, 40, 16, 160]
    assert document["best"] == document["departures"][2]
    assert document["best"]["depart"] == "2026-03-06T00:00+08:00"
    assert document["best"]["arrive"] == "2026-03-06T16:00+08:00"


def test_profile_is_a_table_and_writes_csv_and_chart(run, ways, tmp_path):
    period = ("--from", "2026-03-04", "--to", "2026-03-10", "--step-days", "2")
    files = ("--csv", tmp_path / "year.csv", "--chart", tmp_path / "year.png")
    code, out, _ = run("profile", "cn-b", "cn-c", *period, *files, "--network", ways)
    assert code == 0
    assert "best: leaves Fri 2026-03-06 00:00" in out
    with (tmp_path / "year.csv").open(encoding="utf-8") as file:
        assert [row["time_mean_h"] for row in csv.DictReader(file)] == ["64.0", "16.0", "136.0", "88.0"]
    assert (tmp_path / "year.png").stat().st_size > 1000


def test_route_by_the_clock_says_when_each_leg_begins_and_ends(answer, ways):
    document = answer("route", "cn-b", "cn-c", "--depart", "2026-03-04T08:00", "--network", ways)
    (item,) = document["itineraries"]
    assert (item["depart"], item["arrive"]) == ("2026-03-04T08:00+08:00", "2026-03-06T16:00+08:00")
    assert [leg["depart"] for leg in item["legs"]] == [
        "2026-03-04T08:00+08:00",
        "2026-03-04T09:00+08:00",
        "2026-03-06T12:00+08:00",
        "2026-03-06T14:00+08:00",
    ]


def test_route_arrives_by_a_moment(answer, ways):
    document = answer("route", "cn-b", "cn-c", "--arrive-by", "2026-03-06T16:00", "--network", ways)
    assert document["query"]["arrive_by"] == "2026-03-06T16:00"
    assert document["itineraries"][0]["depart"] == "2026-03-06T11:00+08:00"


@pytest.mark.parametrize(("shared", "count"), [("0.8", 1), ("1", 2)])
def test_route_has_alternatives_however_alike_where_that_is_asked_for(answer, shared, count, tmp_path):
    # Two ways round a place on one long line: they share 900 of 1,000 km.
    links = [
        link("cn-a -- cn-b", length_km=900),
        link("cn-b -- cn-n", length_km=50),
        link("cn-n -- cn-d", length_km=50),
        link("cn-b -- cn-s", length_km=51),
        link("cn-s -- cn-d", length_km=51),
    ]
    folder = write_tiny(tmp_path, links=links)
    document = answer("route", "cn-a", "cn-d", "-k", "2", "--shared", shared, "--network", folder)
    assert len(document["itineraries"]) == count


PROFILE = ("profile", "cn-b", "cn-c")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("route", "cn-a", "cn-b", "-k", 10**9), "k is 1000000000 and must be a whole number from 1 to 100"),
        (("route", "cn-a", "cn-b", "-k", 0), "k is 0"),
        (("route", "cn-a", "cn-b", "--shared", "nan"), "max_shared is nan"),
        (("route", "cn-a", "cn-b", "--shared", "-1"), "max_shared is -1"),
        (("route", "cn-a", "cn-a"), "are the same place"),
        (("pareto", "cn-a", "cn-a"), "are the same place"),
        ((*PROFILE[:2], "cn-b", "--from", "2026-03-01", "--to", "2026-03-02"), "are the same place"),
        (("route", "cn-a", "cn-b", "--depart", "1900-01-01"), "must lie from 2000 to 2100"),
        (("route", "cn-a", "cn-b", "--depart", "9999-12-31"), "must lie from 2000 to 2100"),
        (("route", "cn-a", "cn-b", "--arrive-by", "1900-01-01"), "arrive_by is 1900-01-01"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00 Asia/Almatty"), "such as Asia/Almaty"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00 ../../etc/passwd"), "unknown time zone"),
        (("route", "cn-a", "cn-b", "--depart", "2026-03-01T08:00+05:00 Asia/Almaty"), "give one of them"),
        (("route", "cn-a", "cn-b", "--depart", ""), "must be an ISO 8601 date"),
        (("route", "cn-a", "cn-b", "--depart", "2026-02-30"), "must be an ISO 8601 date"),
        (("route", "cn-a", "cn-b", "--arrive-by", "2026-03-01", "--depart", "2026-03-01"), "arrive_by goes with"),
        (("route", "cn-a", "cn-b", "--arrive-by", "2026-03-01", "--by-corridor"), "leave --by-corridor out"),
        (("pareto", "cn-a", "cn-b", "--epsilon", "-0.5"), "epsilon is -0.5"),
        (("pareto", "cn-a", "cn-b", "--epsilon", "nan"), "epsilon is nan"),
        (("pareto", "cn-a", "cn-b", "--objectives", "time,speed"), "speed is not among them"),
        (("pareto", "cn-a", "cn-b", "--objectives", "time,time"), "give each of them once"),
        (("pareto", "cn-a", "cn-b", "--objectives", ""), "none is not among them"),
        ((*PROFILE, "--from", "1926-01-01", "--to", "2326-01-01"), "must lie from 2000 to 2100"),
        ((*PROFILE, "--from", "2026-03-02", "--to", "2026-03-01"), "are 0 departures"),
        ((*PROFILE, "--from", "2000-01-01", "--to", "2100-12-31"), "36890 departures"),
        ((*PROFILE, "--from", "2026-03-01", "--to", "2026-03-02", "--step-days", "0"), "step_days is 0"),
        ((*PROFILE, "--from", "2026-03-01", "--to", "2026-03-02", "--depart", "2026-03-01"), "leave --depart out"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_an_absurd_request_ends_with_2_and_one_message_at_little_cost(run, ways, arguments, message):
    tracemalloc.start()
    code, out, err = run(*arguments, "--network", ways)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (code, out) == (2, "")
    assert message in err
    assert most < 50e6


def test_the_most_that_may_be_asked_for_is_answered_with_what_there_is(answer, ways):
    found = answer("route", "cn-a", "cn-b", "-k", "100", "--shared", "1", "--network", ways)
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
    assert "the modes road only" in err
