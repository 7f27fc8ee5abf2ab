"""Tables for people."""

import re

import pytest

from landbridge.routing import Cargo, route, route_by_corridor
from landbridge.routing.cli.tables.itineraries import print_costs, print_itineraries
from landbridge.routing.cli.tables.places import print_places
from tests.support.tiny import link, operation, place, tiny_network


def printed(capsys):
    return capsys.readouterr().out


@pytest.fixture
def trip(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-c -- kz-d"), link("kz-d -- kz-e", gauge=1520)],
        operations=[operation("gauge_change", "kz-d", other_place="cn-c", from_gauge=1435, to_gauge=1520, mean_h=48)],
    )
    return route(network, "cn-a", "kz-e")[0]


def cells(line):
    return [cell.strip() for cell in re.split("[│┃]", line)[1:-1]]


def test_an_itinerary_is_one_row_of_totals(trip, capsys):
    print_itineraries([trip], title="A to E", sorted_by="cost", details=False)
    text = printed(capsys)
    (row,) = [cells(line) for line in text.splitlines() if line.startswith("│")]
    # Load 1, hauls 8, exit 4, entry 5, gauge change 48, unload 2: 68 h, 2.8 days; in transit 65 h, 2.7 days.
    # 4 links at 20 USD a FEU and 5 operations at 10; 4 x 24 kg.
    assert row[:5] == ["other", "best value, fastest, cheapest, least CO2e", "2.8", "2.8-2.8", "2.7"]
    assert row[5:11] == ["130", "96", "400", "1", "1", "0"]
    assert row[11] == "D: gauge change, 2.0 d"
    assert row[12] == "C/D (CN KZ)"
    assert "Sorted by cost." in text
    assert "A to E: 2 TEU, 24 t, 100,000 USD, block" in text
    assert "Dollars of 2024" in text


def test_with_details_the_legs_follow_and_hauls_of_one_train_are_one(trip, capsys):
    print_itineraries([trip], title="A to E", sorted_by="cost", details=True)
    rows = [cells(line) for line in printed(capsys).splitlines() if line.startswith("│")][1:]
    assert [row[:3] for row in rows] == [
        ["load", "A", ""],
        ["rail", "A", "C"],
        ["border exit", "C", ""],
        ["rail", "C", "D"],
        ["border entry", "D", ""],
        ["gauge change 1435>1520", "D", ""],
        ["rail", "D", "E"],
        ["unload", "E", ""],
    ]
    # The train from A to C: 200 km, 4 h, 40 USD, 48 kg
    assert rows[1][3:5] == ["200", "4"]
    assert rows[1][6:8] == ["40", "48"]
    assert all(row[8] == "A1" for row in rows)


def test_several_itineraries_are_several_rows(network, capsys):
    trips = route(network, "Xi'an", "Duisburg", objective="time", k=3)
    print_itineraries(trips, title="Xi'an to Duisburg", sorted_by="cost", details=False)
    text = printed(capsys)
    assert len([line for line in text.splitlines() if line.startswith("│ ") and line[2] != " "]) == 3
    assert "Xi'an to Duisburg" in text


def test_names_with_brackets_are_printed_as_they_are(tmp_path, capsys):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        places=[place("cn-a", name="Yard [red]A[/red]"), place("cn-b", name="[B]")],
    )
    print_itineraries(route(network, "cn-a", "cn-b"), title="[x] to [y]", sorted_by="cost", details=True)
    print_places(list(network.places.values()))
    text = printed(capsys)
    assert text.count("Yard [red]A[/red]") >= 3
    assert "[B]" in text
    assert "[x] to [y]" in text


def test_costs_by_kind_are_of_the_shipment_per_teu_and_per_container(tmp_path, capsys):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b"), link("kz-b -- kz-c", gauge=1520)],
        operations=[
            operation("gauge_change", "kz-b", other_place="cn-a", from_gauge=1435, to_gauge=1520, mean_h=1),
        ],
    )
    print_costs(route(network, "cn-a", "kz-c", cargo=Cargo(teu=8, tonnes=80), objective="cost"))
    text = printed(capsys)
    heading = next(line for line in text.splitlines() if line.startswith("┃"))
    assert cells(heading) == ["itinerary", "per", "freight", "handling", "border", "gauge", "total", "p10-p90"]
    rows = [cells(line) for line in text.splitlines() if line.startswith("│")]
    # No rate has a spread.
    # 4 containers: 2 links at 20 USD, to load and unload, 2 sides of the border, and the gauge at 10 each.
    assert [row[1:] for row in rows] == [
        ["shipment", "160", "80", "80", "40", "360", "360-360"],
        ["TEU", "20", "10", "10", "5", "45", "45-45"],
        ["container", "40", "20", "20", "10", "90", "90-90"],
    ]
    assert "0: equipment, storage, insurance, subsidy." in text


def test_a_seasonal_row_without_a_tag_says_that_it_is_not_compared(tmp_path, capsys):
    corridors = [
        {"id": "arctic", "name": "Arctic", "priority": 1, "require": "nsr", "seasonal_ok": True},
        {"id": "land", "name": "Land", "priority": 2, "require": "cn-a--de-z--rail"},
    ]
    season = {"season_from": "07-01", "season_to": "11-30"}
    links = [link("cn-a -- de-z"), link("cn-a -- de-z", "sea", passage=("nsr",), length_km=90, **season)]
    network = tiny_network(tmp_path, links=links, tables={"corridors": corridors})
    found = route_by_corridor(network, "cn-a", "de-z")
    print_itineraries(found, title="", sorted_by="", details=False)
    text = " ".join(printed(capsys).split())
    assert "* In its season only, so not compared for best value, fastest and the like." in text
    print_itineraries([item for item in found if item.seasonal], title="", sorted_by="", details=False)
    assert "* In its season only." in " ".join(printed(capsys).split())


def test_where_the_fastest_has_the_later_middle_value_it_is_said_that_it_is_so_by_the_mean(tmp_path, capsys):
    delayed = [operation("load", to_mode="rail", p10_h=1, p50_h=2, p90_h=400)]
    steady = [operation("load", to_mode="rail", mean_h=48)]
    late, sure = (
        route(tiny_network(tmp_path / str(n), links=[link("cn-a -- cn-b")], operations=rows), "cn-a", "cn-b")[0]
        for n, rows in enumerate((delayed, steady))
    )
    assert late.time.p50_h < sure.time.p50_h
    assert late.time_mean_h > sure.time_mean_h
    print_itineraries([late.marked(tags=()), sure.marked(tags=("fastest",))], title="", sorted_by="", details=False)
    assert "Fastest is by the mean, which long delays count in: 2." in " ".join(printed(capsys).split())
    print_itineraries([late.marked(tags=("fastest",)), sure.marked(tags=())], title="", sorted_by="", details=False)
    assert "by the mean" not in printed(capsys)
