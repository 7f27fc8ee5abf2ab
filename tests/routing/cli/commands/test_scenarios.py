"""The command `scenarios`, and the option --scenario of the other commands."""

import json

import pytest

from landbridge.routing.cli.options import complete_scenario
from landbridge.routing.studies.scenarios.json_schema import SCHEMA_FILE
from landbridge.routing.studies.scenarios.scenario import Scenario

CLOSED = """\
name = "closed"
title = "The line is shut"
[[changes]]
do = "close"
what = "links"
ids = ["cn-a--cn-b--rail"]
"""


@pytest.fixture
def closed(tmp_path):
    """Return the path of a scenario without the line."""
    path = tmp_path / "closed.toml"
    path.write_text(CLOSED, encoding="utf-8")
    return path


def test_the_bundled_scenarios_are_listed(run, answer):
    code, out, _ = run("scenarios")
    assert (code, "base" in out) == (0, True)
    listed = answer("scenarios")["scenarios"]
    assert [row["name"] for row in listed] == list(Scenario.bundled())
    assert {*listed[0]} == {"name", "title", "shows", "fingerprint", "changes"}


def test_one_is_shown_and_applied(answer, run, ways, closed):
    found = answer("scenarios", closed, "--network", ways)
    assert (found["name"], found["scenario"]["changes"][0]["ids"]) == ("closed", ["cn-a--cn-b--rail"])
    assert found["meta"]["scenario"] == "closed"
    code, out, _ = run("scenarios", f"base,{closed}", "--network", ways)
    assert (code, "cn-a--cn-b--rail" in out, "The line is shut" in out) == (0, True, True)


def test_a_scenario_that_does_not_fit_is_refused_with_its_line(refused, closed):
    assert f"{closed}:6 [changes[0].ids[0]]" in refused("scenarios", closed)


@pytest.mark.parametrize("command", [("route", "cn-a", "cn-c"), ("scenarios",)])
def test_faults_of_a_file_end_with_2(refused, tmp_path, command):
    path = tmp_path / "s.toml"
    path.write_text(CLOSED + "hourz = 1\n", encoding="utf-8")
    option = ("--scenario",) if command[0] == "route" else ()
    assert "s.toml:7 [changes[0].hourz]: there is no such field" in refused(*command, *option, path)


def test_the_schema_is_written(run, tmp_path):
    code, out, err = run("scenarios", "--schema", tmp_path / "s.json")
    assert (code, out) == (0, "")
    assert "wrote" in err
    # Other versions of pydantic write 5 for 5.0.
    written, kept = (json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "s.json", SCHEMA_FILE))
    assert written == kept


def test_an_answer_is_that_of_the_changed_network(answer, ways, closed):
    fast = ("route", "cn-a", "cn-b", "--objective", "time", "--network", ways)
    modes = [answer(*fast, *more)["itineraries"][0]["legs"] for more in ((), ("--scenario", closed))]
    assert [{leg["mode"] for leg in legs if leg["mode"]} for legs in modes] == [{"rail"}, {"road"}]
    assert answer(*fast, "--scenario", f"base,{closed}")["query"]["scenario"] == "base + closed"


def test_a_written_network_keeps_its_scenario(run, answer, ways, closed, tmp_path):
    code, _, _ = run(
        "network", "export", "--format", "csv", "--out", tmp_path / "n", "--network", ways, "--scenario", closed
    )
    assert code == 0
    again = answer("route", "cn-a", "cn-b", "--objective", "time", "--network", tmp_path / "n")
    assert (again["query"]["scenario"], again["meta"]["scenario"]) == ("closed", "closed")
    assert "scenario: closed" in run("places", "--network", tmp_path / "n")[1]


def test_names_are_completed_after_each_comma():
    assert [item.value for item in complete_scenario(None, None, "bas")] == ["base"]
    assert [item.value for item in complete_scenario(None, None, "x.toml,bas")] == ["x.toml,base"]
    (item,) = complete_scenario(None, None, "no-such")
    assert (item.value, item.type) == ("no-such", "file")


def test_json_says_the_content_that_can_be_read_again(answer, ways, closed):
    found = answer("scenarios", closed, "--network", ways)
    again = Scenario.from_dict(found["scenario"])
    assert again.fingerprint == found["fingerprint"]
    assert json.dumps(again.to_dict()) == json.dumps(found["scenario"])
