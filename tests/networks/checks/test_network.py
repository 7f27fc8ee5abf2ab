"""The check: every fault is found, all together, with file, row, column and cure; and nothing that is right is one."""

from dataclasses import replace

import pytest
from shapely.geometry import LineString

from landbridge.networks import DataError, check_network, read_network
from landbridge.networks.checks.network import CONFIDENCES, check_tables, check_values, count_evidence
from landbridge.networks.tables.reading import read_tables
from landbridge.networks.tables.table import CLOSED, GEOMETRY
from tests.support.breaks import BREAK, CHANGE
from tests.support.faults import LINE, assert_found, load, one, with_operation, with_service, with_tables
from tests.support.tiny import link, operation, place, service, tiny_network, write_tiny

FAULTS = {
    # Links
    "a link from a place to itself": (
        {"links": [*LINE, link("cn-a -- cn-a")]},
        ("links.csv", 3, "to", "the link ends where it starts"),
    ),
    "a service of another mode": (
        one(service="road"),
        ("links.csv", 2, "service", "the mode of service road is road, that of the link rail"),
    ),
    "rails without a gauge": (one(gauge=None), ("links.csv", 2, "gauge", "a rail link without gauge")),
    "rails without a note": (one(regime=None), ("links.csv", 2, "regime", "a rail link without regime")),
    "a rail ferry without a gauge": (
        {
            "links": [*LINE, link("cn-b -- cn-c", "ferry", regime="smgs")],
            "services": [service("ferry", "ferry", accepts=("rail",))],
        },
        ("links.csv", 3, "gauge", "a ferry link without gauge"),
    ),
    "the same link twice": (
        {"links": [*LINE, link("cn-a -- cn-b", id="m")]},
        ("links.csv", 3, "id", "the same link is already on line 2"),
    ),
    "the same link the other way round": (
        {"links": [*LINE, link("cn-b -> cn-a", id="m")]},
        ("links.csv", 3, "id", "the same link is already on line 2"),
    ),
    "a length below the great circle": (
        {"links": [link("cn-a -- cn-b", length_km=105)], "places": [place("cn-a", lon=0), place("cn-b", lon=1)]},
        # 97 % of 111.2 km less 2 km are 105.9 km.
        ("links.csv", 2, "length_km", "105 km is shorter than the 111 km of the great circle"),
    ),
    "a length of three times the drawn line": (
        {"links": [link("cn-a -- cn-b", length_km=334)], "places": [place("cn-a", lon=0), place("cn-b", lon=1)]},
        ("links.csv", 2, "length_km", "334 km is more than 3 times the 111 km of the drawn line"),
    ),
    "waypoints that are none": (one(waypoints="43.2"), ("links.csv", 2, "waypoints", "'43.2' is not a pair 'lon lat'")),
    "a long line that nobody drew": (
        {"links": [link("cn-a -- cn-b", length_km=None)], "places": [place("cn-a", lon=0), place("cn-b", lon=4)]},
        ("links.csv", 2, "length_km", "445 km apart and there is neither length nor geometry"),
    ),
    "a least time above length by speed": (
        one(min_h=5),
        ("links.csv", 2, "min_h", "the least time is 5 h and the mean 2 h at 50 km/h"),
    ),
    "a least time above that of a timetable": (
        one(min_h=1.5, timetabled_speed_km_h=100),
        ("links.csv", 2, "min_h", "the least time is 1.5 h and the mean 1 h at 100 km/h"),
    ),
    # Services
    "a headway of nothing": (with_service(wait_kind="headway"), ("services.csv", 6, "headway_h", "is blank")),
    "a headway of zero": (with_service(wait_kind="headway", headway_h=0), ("services.csv", 6, "headway_h", "is blank")),
    "fill-and-go without quantiles": (
        with_service(wait_kind="fill_and_go", wait_p50_h=9),
        ("services.csv", 6, "wait_p50_h", "quantiles are missing or not ascending"),
    ),
    "fill-and-go with quantiles that fall": (
        with_service(wait_kind="fill_and_go", wait_p10_h=9, wait_p50_h=5, wait_p90_h=10),
        ("services.csv", 6, "wait_p50_h", "quantiles are missing or not ascending"),
    ),
    "a service without a capacity": (
        with_service(capacity_teu_day=None),
        ("services.csv", 6, "capacity_teu_day", "the service has no capacity"),
    ),
    # Operations
    "a load to no mode": (load(to_mode=None), ("operations.csv", 3, "to_mode", "is blank but required for load")),
    "an unload from no mode": (
        with_operation("unload"),
        ("operations.csv", 3, "from_mode", "is blank but required for unload"),
    ),
    "a transshipment to no mode": (
        with_operation("transship", from_mode="rail"),
        ("operations.csv", 3, "to_mode", "is blank but required for transship"),
    ),
    "a gauge change to no gauge": (
        with_operation("gauge_change", from_gauge=1435),
        ("operations.csv", 3, "to_gauge", "is blank but required for gauge_change"),
    ),
    "a note change from no note": (
        with_operation("note_change", to_regime="cim"),
        ("operations.csv", 3, "from_regime", "is blank but required for note_change"),
    ),
    "a border without a mode": (
        with_operation("border_exit", from_mode=None, to_mode=None, spread="border-rail"),
        ("operations.csv", 3, "from_mode", "is blank but required for border_exit"),
    ),
    "a load with two modes": (
        load(from_mode="rail"),
        ("operations.csv", 3, "from_mode", "load takes only one mode"),
    ),
    "a border side both ways": (
        with_operation("border_exit", both_ways=True),
        ("operations.csv", 3, "both_ways", "the side of a border has one direction"),
    ),
    "an unknown spread": (load(spread="odd"), ("operations.csv", 3, "spread", "'odd' is not in spreads.csv")),
    "a mode that the place does not handle": (
        load(to_mode="road"),
        ("operations.csv", 3, "place", "cn-a does not handle road"),
    ),
    "a border that no link crosses": (
        with_operation("border_exit", other_place="cn-b"),
        ("operations.csv", 3, "other_place", "no rail link crosses the border from cn-a to cn-b"),
    ),
    "an entry from where no link comes": (
        {
            "links": [link("cn-a -- kz-b"), link("cn-a -- cn-c")],
            "operations": [operation("border_entry", "cn-a", id="own", other_place="cn-c", mean_h=1)],
            "defaults": False,
        },
        ("operations.csv", 3, "other_place", "no rail link crosses the border from cn-c to cn-a"),
    ),
    # Money
    "dollars without a price year": (
        load(fee_usd_year=None),
        ("operations.csv", 3, "fee_usd_year", "dollars without a price year"),
    ),
    "dollars of a year without a deflator": (
        load(fee_usd_year=2011),
        ("operations.csv", 3, "fee_usd_year", "no deflator for 2011"),
    ),
    "a boarding charge without a year": (
        with_service(boarding_usd_per_teu=5),
        ("services.csv", 6, "boarding_usd_year", "dollars without a price year"),
    ),
    # Tariffs and factors
    "a tariff with a gap": (
        with_tables(
            tariffs=[
                {"id": "flat", "usd_per_teu_km": 1, "usd_year": 2024, "band_to_km": 500},
                {"id": "flat", "usd_per_teu_km": 1, "usd_year": 2024, "band_from_km": 600},
            ]
        ),
        ("tariffs.csv", 2, "band_from_km", "the distance bands of flat are not contiguous from 0 km"),
    ),
    "a tariff that does not begin at 0": (
        with_tables(tariffs=[{"id": "flat", "usd_per_teu_km": 1, "usd_year": 2024, "band_from_km": 1}]),
        ("tariffs.csv", 2, "band_from_km", "the distance bands of flat are not contiguous"),
    ),
    "a tariff that ends": (
        with_tables(tariffs=[{"id": "flat", "usd_per_teu_km": 1, "usd_year": 2024, "band_to_km": 9000}]),
        ("tariffs.csv", 2, "band_from_km", "the distance bands of flat are not contiguous"),
    ),
    "a queue without its service time": (
        with_tables(congestion=[{"kind": "port", "model": "queue", "batch_teu": 9, "scv": 1}]),
        ("congestion.csv", 2, "service_h", "is blank but needed for queue"),
    ),
    "a kind of resource that waits in two ways": (
        with_tables(congestion=[{"kind": "line", "model": "bpr", "alpha": 1, "beta": 4}] * 2),
        ("congestion.csv", 3, "kind", "'line' is already on line 2"),
    ),
    "a factor without a value": (
        with_tables(emission_factors=[{"id": "odd", "mode": "rail"}]),
        ("emission_factors.csv", 7, "g_co2e_per_tkm", "there must be one factor"),
    ),
    "a factor with two values": (
        with_tables(emission_factors=[{"id": "odd", "mode": "rail", "g_co2e_per_tkm": 1, "g_co2e_per_teu_km": 9}]),
        ("emission_factors.csv", 7, "g_co2e_per_tkm", "there must be one factor"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_where_it_is_and_with_a_cure(tmp_path, name):
    assert_found(tmp_path, *FAULTS[name])


def test_a_network_with_a_fault_is_not_read(tmp_path):
    with pytest.raises(DataError, match=r"'fast' is not in services\.csv"):
        read_network(write_tiny(tmp_path, **one(service="fast")))


def test_a_network_with_nothing_wrong_has_no_faults(tmp_path):
    operations = [
        operation("gauge_change", "kz-c", other_place="cn-b", **CHANGE),
        operation("gauge_change", "kz-c", from_gauge=1520, to_gauge=1435, mean_h=9),
    ]
    assert check_network(write_tiny(tmp_path, links=BREAK, operations=operations)) == []


def test_faults_are_sorted_by_file_and_row_and_each_stands_once(tmp_path):
    links = [link("cn-a -- cn-b", id=name, service="fast", length_source=None) for name in "zyx"]
    faults = check_network(write_tiny(tmp_path, links=links))
    assert faults == sorted(set(faults))
    assert len([fault for fault in faults if fault.column == "service"]) == 3
    assert len([fault for fault in faults if fault.column == "length_source"]) == 3


def test_a_fault_reads_as_one_line(tmp_path):
    (fault,) = check_network(write_tiny(tmp_path, **one(service="fast")))
    assert str(fault) == "links.csv:2 [service]: 'fast' is not in services.csv; correct it or add the row"


@pytest.mark.parametrize(
    "rows",
    [
        # A season and its opposite, two vessels, two passages: links of the same ends that are not the same.
        {"links": [*LINE, link("cn-a -- cn-b", season_from="07-01", season_to="10-31", id="m")]},
        {"links": [*LINE, link("cn-a -- cn-b", service="express", id="m")], "services": [service("express")]},
        {"links": [*LINE, link("cn-a -- cn-b", "road")]},
        {
            "links": [
                link("cn-a -- sea-b", "sea", passage=("suez",)),
                link("cn-a -- sea-b", "sea", id="m", passage=("cape",)),
            ]
        },
        # A service on demand has no wait that wants evidence.
        with_service(wait_source=None, wait_year=None, wait_confidence=None),
        # Two bands that join, in any order.
        with_tables(
            tariffs=[
                {"id": "flat", "usd_per_teu_km": 1, "usd_year": 2024, "band_from_km": 500},
                {"id": "flat", "usd_per_teu_km": 2, "usd_year": 2024, "band_to_km": 500},
            ]
        ),
        # 97 % of 111.2 km less 2 km is the least: coordinates are never exact.
        {"links": [link("cn-a -- cn-b", length_km=106)], "places": [place("cn-a", lon=0), place("cn-b", lon=1)]},
        {"links": [link("cn-a -- cn-b", length_km=333)], "places": [place("cn-a", lon=0), place("cn-b", lon=1)]},
        # A city that handles nothing itself has a terminal.
        {"links": LINE, "places": [place("cn-x", kind="city", modes=()), place("cn-a", parent="cn-x")]},
    ],
)
def test_what_is_right_is_no_fault(tmp_path, rows):
    assert check_network(write_tiny(tmp_path, **rows)) == []


def test_evidence_is_counted_by_confidence(tmp_path):
    """Two places, a link (length and time), five services (speed, wait, capacity, boarding) and so on cite A1."""
    plain = tiny_network(tmp_path / "plain", links=LINE)
    other = tiny_network(tmp_path / "other", **one(length_confidence="published"))
    counts, changed = count_evidence(plain.tables), count_evidence(other.tables)
    assert tuple(counts) == CONFIDENCES
    assert counts["assumed"] > 0
    assert changed["assumed"] == counts["assumed"] - 1
    assert changed["published"] == counts["published"] + 1


# 100 km along the equator: an end may be 25 + 10 km away.
@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ([(0, 0), (0.9, 0)], []),
        ([(0, 0.3), (0.9, 0.3)], []),
        # 0.4 degrees are 44 km.
        ([(0, 0.4), (0.9, 0)], ["the line of the link is 44 km away from cn-a"]),
        # 100 E 10 N lies 10,000 km from either end.
        ([(100, 10), (101, 11)], ["the line of the link is 11,", "the line of the link is 11,"]),
        ([(0.9, 0), (0, 0)], ["the line runs from cn-b to cn-a"]),
    ],
    ids=["exact", "nearby", "one end away", "elsewhere", "reversed"],
)
def test_the_line_of_a_link_runs_between_its_places(tmp_path, line, problems):
    places = [place("cn-a", lon=0), place("cn-b", lon=0.9)]
    tables, _ = read_tables(write_tiny(tmp_path, links=[link("cn-a -- cn-b", length_km=101)], places=places))
    tables["links"].rows[0][GEOMETRY] = LineString(line)
    faults = check_tables(tables)
    assert [(fault.file, fault.row, fault.column) for fault in faults] == [("links.csv", 2, GEOMETRY)] * len(problems)
    for fault, problem in zip(faults, problems, strict=True):
        assert fault.problem.startswith(problem)


def test_what_is_closed_for_good_may_have_been_planned_and_have_a_wait_for_a_resource(tmp_path):
    hall = {"id": "hall", "name": "Hall", "kind": "terminal", "place": "cn-b", "capacity": 9}
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", valid_from="2028-01-01", valid_to=str(CLOSED))],
        operations=[operation("unload", "cn-b", from_mode="rail", mean_h=2, valid_to=str(CLOSED))],
        tables={"resources": [hall | {"wait_in": ("cn-b--unload-rail",)}]},
    )
    assert check_tables(network.tables) == []


def test_changed_values_have_the_faults_that_a_check_of_everything_finds_in_them(tmp_path):
    tables = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")]).tables
    assert check_values(tables, {}) == []
    rows = [{**tables["links"].rows[0], "length_km": 0.1, "p10_h": 3.0}, tables["links"].rows[1]]
    changed = {**tables, "links": replace(tables["links"], rows=rows)}
    of_first = replace(tables["links"], rows=rows[:1], lines=tables["links"].lines[:1])
    expected = check_tables(changed)
    assert expected
    assert check_values(changed, {"links": of_first}) == expected
    rows[0] |= {"p10_h": None, "length_km": 100.0, "service": "road"}
    assert check_values(changed, {"links": of_first}) == check_tables(changed)
