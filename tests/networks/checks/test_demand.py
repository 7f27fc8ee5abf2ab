"""The check of the demand: its ends, its quantity, and what the schema holds."""

import pytest

from landbridge.networks import check_network, read_network
from tests.support.tiny import link, place, write_tiny

LINE = [link("cn-a -- cn-b"), link("cn-b -- cn-c")]
# A city above its terminal, and one above that; cn-b is a junction that handles nothing.
PLACES = [
    place("cn-city", kind="city", modes=(), parent="cn-region"),
    place("cn-region", kind="city", modes=()),
    place("cn-c", parent="cn-city"),
    place("cn-b", kind="junction"),
]


def sent(**cells):
    """Return a row of the demand: 1,000 TEU a year from cn-a to cn-c."""
    return {"id": "d", "origin": "cn-a", "destination": "cn-c", "teu_per_year": 1000} | cells


def faults(folder, *rows):
    path = write_tiny(folder, links=LINE, places=PLACES, tables={"demand": rows})
    return [(fault.file, fault.row, fault.column, fault.problem) for fault in check_network(path)]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"destination": "cn-city"},
        {"destination": "cn-region"},
        {"teu_per_year": None, "tonnes_per_year": 5000, "cargo_class": "bulk"},
        {"cargo_class": "bulk"},
    ],
    ids=["to a terminal", "to a city", "to a place above a city", "tonnes of bulk", "TEU of bulk"],
)
def test_what_can_be_sent_is_no_fault(tmp_path, cells):
    assert faults(tmp_path, sent(**cells)) == []


@pytest.mark.parametrize(
    ("cells", "column", "problem"),
    [
        ({"teu_per_year": None}, "teu_per_year", "there must be exactly one quantity"),
        ({"tonnes_per_year": 5000, "cargo_class": "bulk"}, "teu_per_year", "there must be exactly one quantity"),
        ({"teu_per_year": None, "tonnes_per_year": 5000}, "tonnes_per_year", "tonnes of block cargo"),
        ({"destination": "cn-a"}, "destination", "cn-a is also the origin"),
        ({"destination": "cn-b"}, "destination", "neither cn-b nor any of its terminals handles a mode"),
        ({"origin": "cn-b"}, "origin", "neither cn-b nor any of its terminals handles a mode"),
        ({"origin": "cn-z"}, "origin", "'cn-z' is not in places.csv"),
        ({"corridor": "silk"}, "corridor", "'silk' is not in corridors.csv"),
        ({"source": None}, "source", "is blank"),
        ({"teu_per_year": -1}, "teu_per_year", "-1 is out of range (0 to 1e9 TEU/year)"),
    ],
)
def test_a_fault_of_the_demand_is_found(tmp_path, cells, column, problem):
    assert faults(tmp_path, sent(**cells)) == [("demand.csv", 2, column, problem)]


def test_faults_of_several_rows_are_found_together(tmp_path):
    found = faults(tmp_path, sent(id="d", teu_per_year=None), sent(id="e", destination="cn-a"))
    assert [(row, column) for _, row, column, _ in found] == [(2, "teu_per_year"), (3, "destination")]


def test_a_network_without_the_table_has_no_demand_and_none_is_taken_from_the_bundled_data(tmp_path):
    path = write_tiny(tmp_path, links=LINE)
    (path / "demand.csv").unlink()
    assert len(read_network(path).tables["demand"]) == 0


def test_what_is_left_blank_has_the_value_of_the_schema(tmp_path):
    path = write_tiny(tmp_path, links=LINE, tables={"demand": [sent()]})
    (row,) = read_network(path).tables["demand"]
    assert (row["value_usd_per_teu"], row["tonnes_per_teu"], row["modes"], row["corridor"]) == (50_000, 12, (), None)
    assert row["value_of_time_usd_per_teu_h"] is None
