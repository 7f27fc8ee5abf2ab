"""The checks of waits, ships, new trains and storms: each fault is found where it is, and what is right is none."""

import pytest

from landbridge.networks import check_network, read_network
from landbridge.networks.checks.queues import storm_days
from tests.support.tiny import link, operation, service, write_tiny

LINES = [
    link("cn-a -- kz-b", id="border", resource="path"),
    link("kz-b -- kz-c", id="inland"),
    link("kz-c -- az-d", "sea", id="crossing"),
]
EXITS = [
    operation("border_exit", "cn-a", id="exit", other_place="kz-b", mean_h=6),
    operation("border_exit", "kz-b", id="exit-back", other_place="cn-a", mean_h=6),
    operation("load", "kz-c", id="load", to_mode="rail", mean_h=6),
]
MONTHS = dict.fromkeys(("feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)


def drawn(*, path=None, port=None, services=(), operations=(), storms=()):
    """Return a border path that the haul across uses, and a port that is shut for 12 days."""
    resources = [
        {"id": "path", "kind": "border", "capacity": 10, "capacity_unit": "trains/day"} | (path or {}),
        {"id": "port", "kind": "port", "place": "kz-c", "capacity": 10, "capacity_unit": "teu/day", "closure_days": 12}
        | (port or {}),
    ]
    tables = {"resources": resources, "storms": storms}
    return {"links": LINES, "services": services, "operations": [*EXITS, *operations], "tables": tables}


def storm(**cells):
    return {"id": "coast", "places": ("kz-c",), "jan": 1, **MONTHS, "spell_h": 48} | cells


def gauge(**cells):
    row = operation("gauge_change", "kz-b", id="gauge", from_gauge=1435, to_gauge=1520, both_ways=True, mean_h=8)
    return drawn(operations=[row | cells])


FAULTS = {
    "a wait in nothing": (
        drawn(path={"wait_in": ("exit", "x")}),
        ("resources.csv", "wait_in", "'x' is not one of the operations, services, links"),
    ),
    "a wait elsewhere": (
        drawn(path={"wait_in": ("exit", "load")}),
        ("resources.csv", "wait_in", "load is not at a place of path"),
    ),
    "a wait in a haul elsewhere": (
        drawn(port={"wait_in": ("border",)}),
        ("resources.csv", "wait_in", "border is not at a place of port"),
    ),
    "a wait in a service elsewhere": (
        drawn(path={"wait_in": ("sea",)}),
        ("resources.csv", "wait_in", "sea is not at a place of path"),
    ),
    "a wait that ended before the resource opens": (
        drawn(
            path={"wait_in": ("former",), "valid_from": "2025-01-01"},
            operations=[operation("load", "kz-b", id="former", to_mode="rail", mean_h=1, valid_to="2024-12-31")],
        ),
        ("resources.csv", "wait_in", "former is not open while path is"),
    ),
    "a wait for a line": (
        drawn(path={"kind": "line", "wait_in": ("exit",)}),
        ("resources.csv", "wait_in", "no queue forms at a resource of the kind line"),
    ),
    "ships of a border": (
        drawn(path={"ships": 2}),
        ("resources.csv", "ships", "is given for a border"),
    ),
    "ships without evidence": (
        drawn(path={"kind": "fleet", "ships": 2, "ships_source": None}),
        ("resources.csv", "ships_source", "is blank"),
    ),
    "no ship": (
        drawn(path={"kind": "fleet", "ships": 0}),
        ("resources.csv", "ships", "0 is out of range"),
    ),
    "a longest wait of a train on demand": (
        drawn(services=[service("rail", max_wait_h=48)]),
        ("services.csv", "max_wait_h", "wait_kind is on_demand"),
    ),
    "new trains of wagons": (
        gauge(reform_load="wagon"),
        ("operations.csv", "reform_load", "wagon is a wagon"),
    ),
    "new trains of an unknown load": (
        gauge(reform_load="x"),
        ("operations.csv", "reform_load", "'x' is not in loads.csv"),
    ),
    "new trains on a ship": (
        drawn(
            operations=[
                {"id": "quay", "kind": "load", "place": "kz-c", "to_mode": "sea", "mean_h": 1}
                | {"reform_load": "train"}
            ]
        ),
        ("operations.csv", "reform_load", "cargo does not leave by rail"),
    ),
    "a longest wait without new trains": (
        gauge(reform_max_wait_h=48),
        ("operations.csv", "reform_max_wait_h", "no trains are formed here"),
    ),
    "more days than February has": (
        drawn(storms=[storm(feb=29.5)], port={"closure_days": 40.5}),
        ("storms.csv", "feb", "29.5 days are more than the month has"),
    ),
    "months that do not add up": (
        drawn(storms=[storm(jan=2)]),
        ("storms.csv", "jan", "the months add up to 13 days, closure_days of port is 12"),
    ),
    "a port with storms that has no closure days": (
        drawn(storms=[storm()], port={"closure_days": 0}),
        ("storms.csv", "jan", "closure_days of port is 0"),
    ),
    "a storm without evidence": (drawn(storms=[storm(source=None)]), ("storms.csv", "source", "is blank")),
    "a storm at an unknown port": (
        drawn(storms=[storm(places=("kz-c", "kz-x"))]),
        ("storms.csv", "places", "'kz-x' is not in places.csv"),
    ),
    "a spell of no length": (drawn(storms=[storm(spell_h=0)]), ("storms.csv", "spell_h", "0 is out of range")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_where_it_is(tmp_path, name):
    rows, (file, column, says) = FAULTS[name]
    faults = check_network(write_tiny(tmp_path, **rows))
    assert [(fault.file, fault.column) for fault in faults] == [(file, column)]
    assert says in str(faults[0])


def test_a_port_in_two_areas_is_a_fault_of_both(tmp_path):
    faults = check_network(write_tiny(tmp_path, **drawn(storms=[storm(), storm(id="sea")])))
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [
        ("storms.csv", 2, "places"),
        ("storms.csv", 3, "places"),
    ]


RIGHT = {
    "the exits before a border path": drawn(path={"wait_in": ("exit", "exit-back")}),
    "the haul across": drawn(path={"wait_in": ("border",)}),
    "the wait for a ship": drawn(port={"wait_in": ("sea",)}),
    "an operation at the place of a port that nothing uses": drawn(port={"wait_in": ("load",)}),
    "an exit that opens later than the path, but in its time": drawn(
        path={"wait_in": ("later",), "valid_to": "2027-01-01"},
        operations=[operation("load", "kz-b", id="later", to_mode="rail", mean_h=1, valid_from="2026-01-01")],
    ),
    "ships of a fleet": drawn(path={"kind": "fleet", "ships": 2}),
    "a longest wait of a ship": drawn(
        services=[
            service("sea", "sea", wait_kind="fill_and_go", wait_p10_h=1, wait_p50_h=2, wait_p90_h=4, max_wait_h=96)
        ]
    ),
    "new trains": gauge(reform_load="train", reform_max_wait_h=48),
    # Twelve months of a day each are the 12 closure days; tenths of a day may be lost by rounding.
    "storms": drawn(storms=[storm()]),
    "storms in rounded days": drawn(storms=[storm()], port={"closure_days": 12.5}),
    "storms at a place without a port": drawn(storms=[storm(places=("az-d",), jan=5)]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_no_fault(tmp_path, name):
    assert [str(fault) for fault in check_network(write_tiny(tmp_path, **RIGHT[name]))] == []


def test_the_days_of_a_storm_are_in_the_order_of_the_months(tmp_path):
    network = read_network(write_tiny(tmp_path, **drawn(storms=[storm(jan=0.5, dec=1.5)])))
    assert storm_days(network.tables["storms"].rows[0]) == (0.5, *[1.0] * 10, 1.5)
