"""The changes of scenarios as a table."""

from landbridge.routing.studies.scenarios.change_table import change_table
from landbridge.routing.studies.scenarios.scenario import Scenario


def test_a_row_says_what_a_change_does_to_which_rows():
    close = {"do": "close", "what": "links", "ids": ["x", "y*"], "where": {"mode": ["rail", "sea"]}, "rows": 2}
    level = {"do": "caspian-level", "metres": -1, "note": "as in 2050"}
    found = Scenario.from_dict({"name": "a", "title": "A", "changes": [{**close, "from": "2025-09-12"}, level]})
    table = change_table(found.parts)
    assert list(table.rows()) == [
        {
            "scenario": "a",
            "do": "close",
            "what": "links",
            "which": "x, y*; mode = rail, sea",
            "fields": "rows 2; from 2025-09-12",
        },
        {"scenario": "a", "do": "caspian-level", "what": "", "which": "", "fields": "metres -1.0"},
    ]
    assert table.columns == tuple(next(iter(table.rows())))


def test_fields_are_told_in_few_words():
    selected = {"do": "set", "table": "links", "ids": ["x"]}
    changes = [
        {
            **selected,
            "set": {"speed_km_h": 50.0, "mode": ["rail"]},
            "multiply": {"fees": 2},
            "rows": {"min": 0, "max": 3},
        },
        {**selected, "set": {"length_km": 9}, "rows": {"min": 4}},
        {"do": "add", "table": "links", "rows": [{"id": "y"}, {"id": "z"}]},
    ]
    rows = change_table(Scenario.from_dict({"name": "a", "title": "A", "changes": changes}).parts).rows()
    assert [row["fields"] for row in rows] == [
        "rows 0 to 3; set speed_km_h = 50.0, mode = rail; multiply fees = 2.0",
        "rows at least 4; set length_km = 9",
        "2 rows",
    ]


def test_no_change_is_no_row():
    assert list(change_table(Scenario.read("base").parts).rows()) == []
