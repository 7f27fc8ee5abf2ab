"""The check: every fault is found, all together, with file, row, column and cure; and nothing that is right is one."""

import pytest

from landbridge.networks import DataError, check_network, read_network
from landbridge.networks.checks.network import CONFIDENCES, count_evidence
from tests.support.tiny import link, operation, place, service, tiny_network, write_tiny

LINE = [link("cn-a -- cn-b", id="l")]
TWO_LINES = [link("cn-a -- cn-b", id="l"), link("cn-b -- cn-c", id="m")]
BREAK = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)]
CHANGE = {"from_gauge": 1435, "to_gauge": 1520, "mean_h": 9}
QUANTILES = {"p10_h": 1, "p50_h": 2, "p90_h": 3}


def one(**cells):
    return {"links": [link("cn-a -- cn-b", id="l", **cells)]}


def with_places(*places):
    return {"links": LINE, "places": list(places)}


def with_service(**cells):
    return {"links": LINE, "services": [service("rail", **cells)]}


def with_operation(kind, at="cn-a", **cells):
    return {
        "links": LINE,
        "operations": [operation(kind, at, **({"id": "own", "mean_h": 1} | cells))],
        "defaults": False,
    }


def with_tables(**tables):
    return {"links": LINE, "tables": tables}


def load(**cells):
    return with_operation("load", **({"to_mode": "rail"} | cells))


def quantiles(**cells):
    return load(mean_h=None, **cells)


FAULTS = {
    # Keys
    "one id twice": (
        {"links": [link("cn-a -- cn-b", id="l"), link("cn-b -- cn-c", id="l")]},
        ("links.csv", 3, "id", "'l' is already on line 2"),
    ),
    # Evidence
    "a length without a source": (one(length_source=None), ("links.csv", 2, "length_source", "is blank")),
    "a length without a year": (one(length_year=None), ("links.csv", 2, "length_year", "is blank")),
    "a length without a confidence": (one(length_confidence=None), ("links.csv", 2, "length_confidence", "is blank")),
    "a speed without evidence": (
        one(speed_km_h=30, time_source=None, time_year=None, time_confidence=None),
        ("links.csv", 2, "time_source", "is blank"),
    ),
    "evidence in part for a time that is not there": (
        one(time_source=None),
        ("links.csv", 2, "time_source", "is blank"),
    ),
    "a place without a source": (
        with_places(place("cn-a", source=None)),
        ("places.csv", 2, "source", "is blank"),
    ),
    "a fee without evidence": (
        load(fee_source=None, fee_year=None, fee_confidence=None),
        ("operations.csv", 3, "fee_source", "is blank"),
    ),
    "emissions of handling without evidence": (
        load(co2e_kg_per_teu=4, co2e_source=None, co2e_year=None, co2e_confidence=None),
        ("operations.csv", 3, "co2e_source", "is blank"),
    ),
    "a wait without evidence": (
        with_service(wait_kind="headway", headway_h=24, wait_source=None, wait_year=None, wait_confidence=None),
        ("services.csv", 6, "wait_source", "is blank"),
    ),
    "background traffic without evidence": (
        with_tables(
            resources=[{"id": "r", "background_teu_day": 5, **dict.fromkeys(["background_source", "background_year"])}]
        ),
        ("resources.csv", 2, "background_source", "is blank"),
    ),
    # Times
    "quantiles that fall": (
        quantiles(**QUANTILES | {"p90_h": 1.5}),
        ("operations.csv", 3, "p10_h", "not ascending: p10_h 1, p50_h 2, p90_h 1.5"),
    ),
    "a least time above p10": (
        quantiles(**QUANTILES, min_h=1.5),
        ("operations.csv", 3, "p10_h", "not ascending: min_h 1.5"),
    ),
    "two quantiles of three": (
        quantiles(**QUANTILES | {"p50_h": None}),
        ("operations.csv", 3, "p50_h", "only p10_h, p90_h given"),
    ),
    "mean and quantiles": (load(**QUANTILES), ("operations.csv", 3, "mean_h", "both mean and quantiles are given")),
    "an operation without a time": (quantiles(), ("operations.csv", 3, "mean_h", "the operation has no time")),
    # Periods
    "an end before the beginning": (
        one(valid_from="2030-01-01", valid_to="2029-12-31"),
        ("links.csv", 2, "valid_to", "is before valid_from"),
    ),
    "half a season": (one(season_from="07-01"), ("links.csv", 2, "season_to", "a season needs two ends")),
    "the other half of a season": (
        one(season_to="07-01"),
        ("links.csv", 2, "season_to", "a season needs two ends"),
    ),
    # References
    "an unknown service": (one(service="fast"), ("links.csv", 2, "service", "'fast' is not in services.csv")),
    "an unknown source in a list": (
        one(length_source="A1;I999"),
        ("links.csv", 2, "length_source", "'I999' is not in sources.csv"),
    ),
    "an unknown country": (
        with_places(place("cn-a", country="XX")),
        ("places.csv", 2, "country", "'XX' is not in countries.csv"),
    ),
    "an unknown parent": (with_places(place("cn-a", parent="cn-x")), ("places.csv", 2, "parent", "'cn-x' is not in")),
    "an unknown resource": (one(resource="r"), ("links.csv", 2, "resource", "'r' is not in resources.csv")),
    # Places
    "a place on land without a country": (
        with_places(place("cn-a", country=None)),
        ("places.csv", 2, "country", "is blank"),
    ),
    "a place without a link": (
        with_places(place("cn-x", modes=())),
        ("places.csv", 2, "id", "cn-x has no link and cannot be reached"),
    ),
    "a place that cannot be left": (
        {"links": [*TWO_LINES, link("cn-c -> cn-d")]},
        ("places.csv", 5, "id", "cn-d cannot be reached from most places, or cannot be left"),
    ),
    "an island": (
        {"links": [*TWO_LINES, link("cn-x -- cn-y")]},
        ("places.csv", 5, "id", "cn-x cannot be reached from most places, or cannot be left"),
    ),
    "a mode that no link has": (
        with_places(place("cn-a", modes=("rail", "sea"))),
        ("places.csv", 2, "modes", "no sea link serves cn-a"),
    ),
    "lat and lon changed over": (
        {
            # Almaty lies at 76.9 E, 43.2 N, and Shu 250 km from it.
            "links": [link("kz-almaty -- kz-shu", length_km=None, waypoints="76 43.3")],
            "places": [place("kz-almaty", lon=43.2, lat=76.9), place("kz-shu", lon=73.8, lat=43.6)],
        },
        ("places.csv", 2, "lat", "lat and lon seem to be swapped"),
    ),
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
    rows, (file, line, column, problem) = FAULTS[name]
    faults = check_network(write_tiny(tmp_path, **rows))
    found = [fault for fault in faults if (fault.file, fault.row, fault.column) == (file, line, column)]
    assert found, faults
    assert any(problem in fault.problem for fault in found), found
    assert all(fault.cure for fault in faults)


def test_a_network_with_a_fault_is_not_read(tmp_path):
    with pytest.raises(DataError, match=r"'fast' is not in services\.csv"):
        read_network(write_tiny(tmp_path, **one(service="fast")))


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
