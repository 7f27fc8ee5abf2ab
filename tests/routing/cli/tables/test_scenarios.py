"""Tables of scenarios."""

from datetime import date

from landbridge.routing.cli.tables.scenarios import print_scenario, print_scenarios
from landbridge.routing.studies.scenarios.scenario import Scenario

BASE = Scenario.read("base")
FULL = Scenario.from_dict(
    {
        "name": "full",
        "title": "[All] at once",
        "date": "2030-01-01",
        "year": 2030,
        "sources": ["P1"],
        "changes": [
            {"do": "slow", "what": "links", "where": {"mode": ["rail", "sea"]}, "factor": 1.5, "rows": {"min": 2}},
            {"do": "caspian-level", "metres": -1.0},
        ],
    }
)


def test_a_row_for_each_scenario(capsys):
    print_scenarios([BASE, FULL])
    out = capsys.readouterr().out
    assert "bundled scenarios: 2" in out
    assert "[All] at once" in out


def test_a_scenario_with_its_settings_and_changes(capsys):
    print_scenario(Scenario.read([BASE, FULL]))
    out = capsys.readouterr().out
    for text in ("date of the world: 2030-01-01", "year: 2030", "sources: P1", "changes: 2", "mode = rail, sea"):
        assert text in out
    assert "metres -1.0" in out
    assert "factor 1.5" in out


def test_a_scenario_without_changes_says_so(capsys):
    print_scenario(BASE)
    assert "It changes nothing." in capsys.readouterr().out


def test_a_scenario_that_only_sets_a_date_says_so(capsys):
    print_scenario(Scenario.from_dict({"name": "then", "title": "Then", "date": date(2025, 9, 15)}))
    assert "It sets the date of the world alone" in capsys.readouterr().out
