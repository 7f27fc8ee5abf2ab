"""Checks of breaks of gauge and note, and of borders: cargo has a way on, or it is a fault."""

import pytest

from landbridge.networks import check_network
from tests.support.breaks import BREAK, CHANGE
from tests.support.faults import assert_found
from tests.support.tiny import link, operation, service, write_tiny

FAULTS = {
    # Breaks
    "a break of gauge behind a border": (
        {"links": BREAK},
        ("links.csv", 3, "gauge", "1435 mm under smgs, but the lines there are 1520 mm"),
    ),
    "a break of note behind a border": (
        {"links": [link("by-a -- by-b"), link("by-b -- pl-c"), link("pl-c -- pl-d", regime="cim")]},
        (
            "links.csv",
            3,
            "gauge",
            "1435 mm under smgs, but the lines there are 1435 mm under cim",
        ),
    ),
    "a break of gauge inside a country": (
        {"links": [link("ge-a -- ge-b"), link("ge-b -- ge-c", gauge=1520)]},
        ("places.csv", 3, "id", "lines of 1435 mm under smgs, 1520 mm under smgs meet at ge-b with no operation"),
    ),
    # Changes of mode
    "trains and a ferry for wagons of another gauge": (
        {"links": [link("tr-a -- tr-b"), link("tr-b -- tr-c", "ferry", gauge=1520, regime="smgs")]},
        ("places.csv", 3, "modes", "no operation takes cargo from rail to ferry at tr-b"),
    ),
    "no operation between two modes": (
        {
            "links": [link("cn-a -- cn-b"), link("cn-b -- cn-c", "sea")],
            "operations": [
                *(operation("load", to_mode=mode, mean_h=1) for mode in ("rail", "sea")),
                *(operation("unload", from_mode=mode, mean_h=1) for mode in ("rail", "sea")),
                operation("transship", from_mode="sea", to_mode="rail", mean_h=1),
            ],
            "defaults": False,
        },
        ("places.csv", 3, "modes", "no operation takes cargo from rail to sea at cn-b"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_is_and_with_a_cure(tmp_path, name):
    assert_found(tmp_path, *FAULTS[name])


def test_a_break_of_gauge_with_a_change_one_way_only_is_a_fault(tmp_path):
    """Trains run both ways on both sides, so that those from 1520 mm have no way on."""
    links = [link("ge-a -- ge-b"), link("ge-b -- ge-c", gauge=1520)]
    operations = [operation("gauge_change", "ge-b", **CHANGE)]
    faults = check_network(write_tiny(tmp_path, links=links, operations=operations))
    assert [(fault.file, fault.row) for fault in faults] == [("places.csv", 3)]


def test_a_border_that_no_operation_describes_is_a_fault(tmp_path):
    operations = [operation("load", to_mode="rail", mean_h=1), operation("unload", from_mode="rail", mean_h=1)]
    faults = check_network(write_tiny(tmp_path, links=[link("cn-a -- kz-b")], operations=operations, defaults=False))
    assert {(fault.file, fault.row) for fault in faults} == {("links.csv", 2)}


def test_modes_whose_services_refuse_each_other_need_no_operation(tmp_path):
    links = [link("kz-a -- kz-b"), link("kz-a -- kz-b", "road"), link("kz-b -- kz-c", "ferry")]
    ro_ro = service("ferry", "ferry", accepts=("road",))
    changes = [
        operation("transship", from_mode=one, to_mode=other, mean_h=1)
        for one, other in (("rail", "road"), ("road", "rail"), ("road", "ferry"), ("ferry", "road"))
    ]
    ends = [operation("load", to_mode="rail", mean_h=1)]
    folder = write_tiny(tmp_path, links=links, services=[ro_ro], operations=[*ends, *changes], defaults=False)
    assert check_network(folder) == []
