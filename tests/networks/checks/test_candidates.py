"""The check of works: their effects, costs and order."""

import pytest

from landbridge.networks import check_network
from tests.support.tiny import link, write_tiny

RESOURCE = {"id": "pier", "name": "Pier", "kind": "port", "capacity": 100, "capacity_unit": "teu/day"}
RESOURCE |= {"capacity_source": "A1", "capacity_year": 2024, "capacity_confidence": "assumed"}
WORK = {"id": "w", "name": "W", "kind": "port", "resources": ("pier",), "capacity_add": 50}
WORK |= {"cost_musd": 10, "cost_usd_year": 2024, "opening": 2030}
WORK |= {"cost_source": "A1", "cost_year": 2024, "cost_confidence": "assumed"}
WORK |= {"source": "A1", "year": 2024, "confidence": "assumed"}


def faults(tmp_path, *rows):
    tables = {"resources": [RESOURCE], "candidates": [WORK | row for row in rows]}
    return check_network(write_tiny(tmp_path, links=[link("cn-a -- cn-b", id="line")], tables=tables))


def test_works_in_an_order_that_is_possible_are_no_fault(tmp_path):
    assert not faults(
        tmp_path,
        {"cost_low_musd": 8, "cost_high_musd": 10},
        {"id": "v", "requires": ("w",), "excludes": ("u",)},
        {"id": "u", "resources": (), "capacity_add": None, "links": ("line",), "hours_factor": 0.5},
    )


@pytest.mark.parametrize(
    ("rows", "column", "problem"),
    [
        ([{"resources": (), "capacity_add": None}], "resources", "the work changes nothing"),
        ([{"capacity_add": None}], "capacity_add", "is blank or 0"),
        ([{"resources": (), "links": ("line",)}], "resources", "is blank, but capacity is added"),
        ([{"hours_factor": 0.5}], "hours_factor", "nothing is named that becomes faster"),
        ([{"links": ("line",), "fee_factor": 0.5}], "fee_factor", "nothing with a fee is named"),
        ([{"hours_factor": 1.5}], "hours_factor", "out of range"),
        ([{"cost_musd": -1}], "cost_musd", "out of range"),
        ([{"cost_low_musd": 11}], "cost_low_musd", "11 is above cost_musd, 10"),
        ([{"cost_high_musd": 9}], "cost_high_musd", "9 is below cost_musd, 10"),
        ([{"cost_usd_year": 1991}], "cost_usd_year", "there is no deflator for 1991"),
        ([{"cost_source": ()}], "cost_source", "is blank"),
        ([{"resources": ("quay",)}], "resources", "'quay' is not in resources.csv"),
        ([{"requires": ("v",)}], "requires", "'v' is not in candidates.csv"),
        ([{}, {}], "id", "'w' is already on line 2"),
        ([{"requires": ("w",)}], "requires", "w requires w;"),
        (
            [{"requires": ("v",)}, {"id": "v", "requires": ("u",)}, {"id": "u", "requires": ("w",)}],
            "requires",
            "w requires v, which requires u, which requires w;",
        ),
        ([{"excludes": ("w",)}], "excludes", "the work excludes itself"),
        ([{}, {"id": "v", "requires": ("w",), "excludes": ("w",)}], "requires", "v and w are both needed"),
        (
            [{}, {"id": "v", "excludes": ("w",)}, {"id": "u", "requires": ("v", "w")}],
            "requires",
            "v and w are both needed, but v excludes w",
        ),
    ],
)
def test_faults_are_found_where_they_are(tmp_path, rows, column, problem):
    found = faults(tmp_path, *rows)
    assert {(fault.file, fault.column) for fault in found} == {("candidates.csv", column)}
    assert len(found) == 1
    assert problem in str(found[0])
