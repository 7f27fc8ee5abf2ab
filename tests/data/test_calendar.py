"""The calendar of the bundled data set: zones, timetables, opening hours, closures and slow-downs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from landbridge.networks.graph.state_graph import EdgeKind

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def offset_h(network, place):
    """Return by how many hours the clock of a place was ahead of UTC at the beginning of 2026."""
    return NEW_YEAR.astimezone(network.zone(place)).utcoffset() / timedelta(hours=1)


def test_every_place_has_a_zone(network):
    assert {type(network.zone(place)) for place in network.places} == {ZoneInfo}


def test_only_passages_at_sea_are_in_utc(network):
    in_utc = [place for place in network.places if network.zone(place).key == "UTC"]
    assert {network.places[place]["country"] for place in in_utc} == {None}


@pytest.mark.parametrize(
    ("place", "hours"),
    [
        ("ru-kaliningrad", 2),
        ("ru-moscow", 3),
        ("ru-verkhny-lars", 3),
        ("ru-samara", 4),
        ("ru-astrakhan", 4),
        ("ru-yekaterinburg", 5),
        ("ru-omsk", 6),
        ("ru-krasnoyarsk", 7),
        ("ru-novosibirsk", 7),
        ("ru-irkutsk", 8),
        ("ru-zabaikalsk", 9),
        ("ru-vladivostok", 10),
        ("kz-dostyk", 5),
        ("kz-aktau", 5),
        ("cn-urumqi", 8),
        ("mn-ulaanbaatar", 8),
        ("uz-bukhara", 5),
        ("ir-tehran", 3.5),
        ("ge-poti", 4),
        ("tr-istanbul", 3),
        ("pl-malaszewicze", 1),
        ("gb-felixstowe", 0),
    ],
)
def test_the_clock_of_a_place_is_that_of_its_region(network, place, hours):
    assert offset_h(network, place) == hours


def test_no_clock_runs_more_than_two_hours_and_a_half_off_the_sun(network):
    """Apart from the west of China, which goes by the clock of Beijing."""
    for place, row in network.places.items():
        if row["country"] not in {None, "CN"}:
            assert abs(offset_h(network, place) - row["lon"] / 15) < 2.5, place


def test_western_kazakhstan_had_a_clock_of_its_own_until_2024(network):
    before = datetime(2024, 2, 1, tzinfo=UTC)
    offsets = {before.astimezone(network.zone(place)).utcoffset() for place in ("kz-aktau", "kz-almaty")}
    assert offsets == {timedelta(hours=5), timedelta(hours=6)}


def test_the_ferry_of_burgas_and_batumi_is_waited_for_half_a_week(network):
    """One departure a week each way: 84 h and the 12 h that lorries have to be there before, as with the headway."""
    graph = network.graph
    for service in ("roro-batumi-burgas", "roro-burgas-batumi"):
        row = [item["id"] for item in network.tables["services"]].index(service)
        waits = (graph.kind == EdgeKind.WAIT) & (graph.row == row)
        assert waits.any()
        assert graph.time_mean_h[waits] == pytest.approx(84 + 12)


def test_trains_wait_for_the_night_to_pass_under_the_bosporus(network):
    row = next(number for number, link in enumerate(network.links) if link["id"] == "tr-derince--tr-halkali--rail")
    assert (network.links[row]["open_from"], network.links[row]["open_to"]) == (time(0), time(5))
    graph = network.graph
    hauls = (graph.kind == EdgeKind.HAUL) & (graph.row == row)
    # Shut for 19 h a day: 19^2 / 48 = 7.52 h of wait; 3 to 4 h of running.
    assert graph.opening_mean_h[hauls] == pytest.approx(361 / 48)
    running_h = graph.time_mean_h[hauls] - graph.opening_mean_h[hauls]
    assert (running_h > 3).all()
    assert (running_h < 4).all()


def closed(network, day):
    """Return what the closures name on a day, but for single links."""
    rows = [row for row in network.tables["closures"] if row["target"] != "links"]
    return {item for row in rows if row["first"] <= day <= row["last"] for item in row["ids"]}


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2025, 9, 11), set()),
        (date(2025, 9, 12), {"BY-PL"}),
        (date(2025, 9, 24), {"BY-PL"}),
        (date(2025, 9, 25), set()),
        (date(2025, 10, 4), set()),
        (date(2025, 10, 26), set()),
        (date(2025, 10, 27), {"BY-LT:road"}),
        (date(2025, 11, 19), {"BY-LT:road"}),
        (date(2025, 11, 20), set()),
        (date(2024, 1, 22), {"AF-PK:road"}),
        (date(2025, 10, 6), {"CN-KZ:road", "CN-KG:road"}),
        (date(2021, 3, 25), {"suez"}),
        (date(2026, 2, 27), set()),
        (date(2026, 5, 15), {"hormuz", "AE-IR:sea", "IN-IR:sea", "IR-PK:sea"}),
        (date(2026, 6, 22), set()),
        (date(2026, 10, 1), set()),
    ],
)
def test_what_was_closed_on_a_day(network, day, ids):
    assert closed(network, day) == ids


def test_the_border_of_poland_and_belarus_closes_as_a_whole(network):
    tagged = set(network.graph.row[network.graph.tags["BY-PL"]].tolist())
    modes = {network.links[row]["mode"] for row in tagged}
    assert modes == {"rail", "road"}


def test_closures_are_short_or_over_because_what_is_closed_for_long_has_a_last_day_of_its_own(network):
    """Apart from what is open again on the reference date, which a last day in its own table could not say."""
    rows = network.tables["closures"].rows
    lengths = [(row["last"] - row["first"]).days + 1 for row in rows]
    lasting = [row for row, length in zip(rows, lengths, strict=True) if length >= 60]
    assert {row["id"] for row in lasting} == {
        "suez-lines-2023-12",
        "suez-lines-2026-03",
        "hormuz-2026-03",
        "iran-ports-2026",
        "kuryk-2025-04",
        "bobrowniki-2023-02",
        "btk-2023-05",
        "dostyk-2024-09",
    }
    assert all(row["last"] < network.reference_date for row in lasting)
    assert np.median(lengths) <= 5


EUROPE_LINES = {
    *("ocean-asia-europe", "ocean-asia-med", "ocean-india-europe"),
    *("ocean-europe-asia", "ocean-europe-india"),
}
"""Services by Suez of the trade with Europe."""


@pytest.mark.parametrize(
    ("day", "shut"),
    [
        (date(2023, 12, 14), False),
        (date(2023, 12, 15), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 20), False),
        (date(2026, 5, 15), True),
        (date(2026, 8, 31), True),
        (date(2026, 10, 1), False),
    ],
)
def test_when_the_lines_of_europe_kept_away_from_the_canal(network, day, shut):
    """All their ways through Bab-el-Mandeb and Suez are shut, those of the Russian trade are not."""
    through = {"suez", "bab-el-mandeb"}
    ways = {link["id"] for link in network.links if link["service"] in EUROPE_LINES and through & {*link["passage"]}}
    named = {item for row in network.tables["closures"] if row["first"] <= day <= row["last"] for item in row["ids"]}
    assert {network.tables["links"].by_key()[way]["service"] for way in ways} == EUROPE_LINES
    assert ways & named == (ways if shut else set())


def test_a_slow_down_is_derived_or_assumed_with_its_reason(network):
    for row in network.tables["slowdowns"]:
        assert row["confidence"] in {"assumed", "derived"}
        assert {network.sources[source]["kind"] for source in row["source"]} & {"assumption"}


def test_the_months_of_the_caspian_have_the_wait_of_the_year_as_their_mean(network):
    """A share c of the days shut makes the wait 1 / (1 - c) times as long; the factors are rounded to two digits."""
    rows = [row for row in network.tables["slowdowns"] if row["id"].startswith("caspian-storms")]
    days = {101: 31, 201: 242, 1001: 31, 1101: 61}
    mean = sum(row["time_factor"] * days[row["season_from"]] for row in rows) / 365
    assert mean == pytest.approx(1, abs=0.005)
    factor = {row["season_from"]: row["time_factor"] for row in rows}
    # Half of the days open in November and December, 21 of 31 in October, 232 of 242 from February to September.
    assert factor[1101] / factor[201] == pytest.approx(2 / (242 / 232), rel=0.01)
    assert factor[1001] / factor[201] == pytest.approx(31 / 21 / (242 / 232), rel=0.01)
