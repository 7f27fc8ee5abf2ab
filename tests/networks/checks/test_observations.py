"""The check of observations: each fault is named, and a twin of an input may not count."""

import pytest

from landbridge.networks import check_network
from tests.support.tiny import link, write_tiny

GOOD = {
    "id": "H1",
    "what": "a train",
    "lineage_group": "H1",
    "half": "test",
    "kind": "survey",
    "comparable": True,
    "quantity": "time_h",
    "basis": "transit",
    "from": "cn-a",
    "to": "cn-b",
    "cargo_class": "block",
    "published_low": 1,
    "published_high": 2,
    "published_unit": "h",
    "value_low": 1,
    "value_high": 2,
    "source": "P1",
}
SOURCES = [{"id": "P1", "kind": "press", "title": "a page"}, {"id": "P2", "kind": "press", "title": "another page"}]


def faults(folder, *rows, **tables):
    given = {"observations": [GOOD | row for row in rows], "sources": SOURCES, **tables}
    path = write_tiny(folder, links=[link("cn-a -- cn-b", length_source="P2")], tables=given)
    return [(fault.row, fault.column) for fault in check_network(path)]


def test_a_complete_row_has_no_fault(tmp_path):
    assert faults(tmp_path, {}) == []


def test_a_network_needs_no_observations(tmp_path):
    assert check_network(write_tiny(tmp_path, links=[link("cn-a -- cn-b")])) == []


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"comparable": False}, "reason"),
        ({"shared_event": "P2"}, "comparable"),
        ({"source": "P2"}, "source"),
        ({"shared_page": "P2"}, "note"),
        ({"value_low": 3}, "value_low"),
        ({"value_low": None}, "value_low"),
        ({"quantity": "none"}, "quantity"),
        ({"from": None}, "from"),
        ({"basis": None}, "basis"),
        ({"last": "2024-01-01"}, "last"),
        ({"first": "2024-01-02", "last": "2024-01-01"}, "last"),
        ({"quantity": "cost_usd", "container_feet": 40, "teu": 2}, "usd_year"),
        ({"quantity": "cost_usd", "usd_year": 2024, "teu": 2}, "container_feet"),
        ({"quantity": "cost_usd", "usd_year": 1999, "container_feet": 40, "teu": 2}, "usd_year"),
        ({"quantity": "co2e_kg", "container_feet": 20, "teu": 1}, "teu"),
    ],
)
def test_each_fault_is_found(tmp_path, change, column):
    assert (2, column) in faults(tmp_path, change)


def test_what_does_not_count_may_be_a_twin_of_an_input(tmp_path):
    assert faults(tmp_path, {"comparable": False, "reason": "a twin of P2", "shared_event": "P2"}) == []


def test_an_event_that_no_value_cites_may_be_shared(tmp_path):
    assert faults(tmp_path, {"shared_event": "P1"}) == []


def test_twins_stay_in_one_half(tmp_path):
    assert faults(tmp_path, {}, {"id": "H2", "half": "training"}) == [(3, "half")]
