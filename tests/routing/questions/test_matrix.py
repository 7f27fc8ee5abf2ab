"""All pairs: each has the totals of `route`, and a pair without a path says why."""

import csv
import io
import math
import random
import sys

import pandas as pd
import pytest

from landbridge.networks import NoRouteError, PlaceError, QueryError
from landbridge.routing import Cargo, matrix, route
from landbridge.routing.questions.matrix import COLUMNS, MAX_PAIRS, Reason
from tests.support.tiny import link, place, tiny_network


@pytest.fixture
def three(tmp_path):
    return tiny_network(
        tmp_path,
        check=False,
        links=[link("cn-a -- cn-b"), link("cn-b -> cn-c", length_km=200), link("ru-x -- ru-y")],
    )


def values(found, row, column):
    return [
        float(array[row, column]) for array in (found.time_mean_h, found.cost_usd, found.co2e_kg, found.distance_km)
    ]


def test_each_pair_has_what_its_best_path_takes(three):
    found = matrix(three, ["cn-a", "cn-b"], ["cn-b", "cn-c"])
    # Load 1, haul 2, unload 2 h; fees 2 x 10 and 100 km x 0.2 USD; 24 t x 100 km x 10 g.
    assert values(found, 0, 0) == pytest.approx([5, 40, 24, 100])
    assert values(found, 0, 1) == pytest.approx([9, 80, 72, 300])
    assert values(found, 1, 1) == pytest.approx([7, 60, 48, 200])


def test_a_pair_without_a_path_has_no_numbers_and_a_reason(three):
    found = matrix(three, ["cn-a", "cn-c", "ru-x"], ["cn-a", "cn-b"])
    assert found.reason.tolist() == [
        [Reason.SAME_PLACE, Reason.JOINED],
        # Nothing leaves C, so that no cargo is taken there.
        [Reason.NO_START, Reason.NO_START],
        [Reason.NO_PATH, Reason.NO_PATH],
    ]
    assert math.isnan(found.time_mean_h[2, 0])
    assert math.isnan(found.cost_usd[0, 0])


def test_a_place_that_only_trains_pass_is_no_end(tmp_path):
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-j"), link("cn-j -- cn-b")], places=[place("cn-j", kind="junction")]
    )
    found = matrix(network, ["cn-a"], ["cn-j", "cn-b"])
    assert found.reason.tolist() == [[Reason.NO_END, Reason.JOINED]]


def test_a_city_and_its_terminal_are_the_same_place(tmp_path):
    places = [place("cn-a", kind="city", modes=()), place("cn-a-east", parent="cn-a")]
    network = tiny_network(tmp_path, places=places, links=[link("cn-a-east -- cn-b")])
    found = matrix(network, ["cn-a", "cn-a-east", "cn-b"])
    same = [[reason == Reason.SAME_PLACE for reason in row] for row in found.reason.tolist()]
    assert same == [[True, True, False], [True, True, False], [False, False, True]]


@pytest.mark.parametrize(
    "options",
    [
        {"objective": "generalised"},
        {"objective": "time"},
        {"objective": "cost", "cargo": Cargo(teu=1, tonnes=20, container_feet=20, equipment="shipper")},
        {"objective": "co2e", "avoid": ["RU"]},
        {"objective": "distance", "modes": ["rail"]},
        {"objective": "time", "depart": "2026-07-25T12:00"},
        {"objective": "time", "cargo": Cargo(hs_chapter="88")},
        {"objective": "time", "avoid": ["suez"], "modes": ["sea", "rail"]},
    ],
    ids=str,
)
def test_each_pair_of_the_bundled_network_is_that_of_route(network, options):
    # Germany to Russia and through it, and India, whose consignees are under rules of their own, are among the pairs.
    names = ["Xi'an", "Duisburg", "Moscow", "Tashkent", "Mumbai", "Poti", "51.1,17.0"]
    found = matrix(network, names, **options)
    joined = 0
    for row, origin in enumerate(names):
        for column, destination in enumerate(names):
            if row == column:
                continue
            try:
                trip = route(network, origin, destination, **options)[0]
            except NoRouteError:
                assert found.reason[row, column] not in {Reason.JOINED, Reason.SAME_PLACE}
                continue
            expected = [trip.time.mean_h, trip.cost_usd, trip.co2e_kg, trip.distance_km]
            assert values(found, row, column) == pytest.approx(expected, rel=1e-9), (origin, destination)
            joined += 1
    assert joined > 10


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"objective": "time"},
        {"objective": "cost"},
        {"objective": "co2e"},
        {"objective": "time", "depart": "2026-12-25T12:00"},
        {"cargo": Cargo(cargo_class="road")},
    ],
    ids=str,
)
def test_random_pairs_of_the_bundled_network_are_those_of_route(network, options):
    # Of places of any kind, where drayage starts and ends, trucks go alone, and the path of the tree may return.
    draw = random.Random(8)  # noqa: S311 - a sample and no secret
    names = draw.sample([place for place, row in network.places.items() if row["modes"]], 10)
    found = matrix(network, names, **options)
    asked, compared = {"objective": "generalised", **options}, 0
    for row, origin in enumerate(names):
        for column, destination in enumerate(names):
            if found.reason[row, column] == Reason.SAME_PLACE:
                continue
            try:
                trip = route(network, origin, destination, **asked)[0]
            except NoRouteError:
                assert found.reason[row, column] not in {Reason.JOINED, Reason.SAME_PLACE}
                continue
            expected = [trip.time.mean_h, trip.cost_usd, trip.co2e_kg, trip.distance_km]
            assert values(found, row, column) == pytest.approx(expected, rel=1e-9), (origin, destination)
            compared += 1
    assert compared > 60


def test_trucks_take_over_only_where_nothing_else_leads_and_it_is_noted(tmp_path):
    # D is 400 km from the next train, farther than drayage goes.
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "road"), link("cn-c -- cn-d", "road", length_km=400)]
    network = tiny_network(tmp_path, links=links)
    found = matrix(network, ["cn-a"], ["cn-b", "cn-c", "cn-d"])
    assert found.distance_km.tolist() == [[100, 200, 600]]
    assert found.by_truck.tolist() == [[False, False, True]]
    notes = [row["note"] for row in csv.DictReader(io.StringIO(found.to_csv()))]
    assert notes == ["", "", "by truck: nothing else leads there"]
    assert found.to_frame()["note"].isna().tolist() == [True, True, False]
    by_road = matrix(network, ["cn-a"], ["cn-d"], modes=["rail", "road"])
    assert by_road.by_truck.tolist() == [[False]]


def test_rules_hold_by_the_countries_of_each_pair(tmp_path):
    # Cargo for Germany may not pass Kazakhstan: it goes round by Mongolia, that for Poland takes the short way.
    rule = {
        "id": "no-kz-to-de",
        "valid_from": "2020-01-01",
        "transit_countries": ("KZ",),
        "consignee_countries": ("DE",),
        "note": "made up",
    }
    links = [
        link("cn-a -- kz-b", "road"),
        link("kz-b -- pl-c", "road"),
        link("cn-a -- mn-m", "road", length_km=700),
        link("mn-m -- pl-c", "road", length_km=700),
        link("pl-c -- de-d", "road"),
    ]
    network = tiny_network(tmp_path, links=links, tables={"admissibility": [rule]})
    found = matrix(network, ["cn-a"], ["pl-c", "de-d", "kz-b"])
    assert found.distance_km.tolist() == [[200, 1500, 100]]
    assert matrix(network, ["cn-a"], ["de-d"], cargo=Cargo(consignee_country="PL")).distance_km[0, 0] == 300


def test_a_row_is_written_for_each_pair(three):
    found = matrix(three, ["cn-a", "cn-b"])
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["origin"], row["destination"]) for row in rows] == [
        ("cn-a", "cn-a"),
        ("cn-a", "cn-b"),
        ("cn-b", "cn-a"),
        ("cn-b", "cn-b"),
    ]
    assert (rows[0]["time_mean_h"], rows[0]["reason"]) == ("", "the same place or terminal")
    assert (float(rows[1]["time_mean_h"]), rows[1]["reason"]) == (5.0, "")
    frame = found.to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame["time_mean_h"].isna().tolist() == [True, False, False, True]
    assert [pair["time_mean_h"] for pair in found.to_dict()["pairs"]] == [None, 5.0, 5.0, None]


def test_parquet_holds_the_same_table(three, tmp_path):
    pytest.importorskip("pyarrow")
    import pandas as pd

    found = matrix(three, ["cn-a", "cn-b"])
    path = found.to_parquet(tmp_path / "m.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(path), found.to_frame(), check_dtype=False)


def test_parquet_without_its_library_is_an_error_that_names_the_cure(three, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(QueryError, match=r"landbridge\[parquet\]"):
        matrix(three, ["cn-a", "cn-b"]).to_parquet(tmp_path / "m.parquet")
    assert not (tmp_path / "m.parquet").exists()


def test_another_ending_is_refused(three, tmp_path):
    with pytest.raises(QueryError, match=r"\.csv"):
        matrix(three, ["cn-a", "cn-b"]).to_parquet(tmp_path / "m.xls")


def test_progress_is_told_for_each_origin(three):
    told = []
    matrix(three, ["cn-a", "cn-b"], ["cn-c"], progress=told.append)
    assert told == [1, 1]


def test_too_many_pairs_and_none_are_refused(three):
    with pytest.raises(QueryError, match=str(MAX_PAIRS)):
        matrix(three, ["cn-a"] * 3000, ["cn-b"] * 3000)
    with pytest.raises(QueryError, match="no origin"):
        matrix(three, [], ["cn-b"])


def test_wrong_places_and_conditions_are_refused(three):
    with pytest.raises(PlaceError):
        matrix(three, ["cn-a", "nowhere"])
    with pytest.raises(QueryError):
        matrix(three, ["cn-a", "cn-b"], objective="speed")
    with pytest.raises(TypeError, match="via"):
        matrix(three, ["cn-a", "cn-b"], via=["cn-b"])


def test_places_are_points_one_text_a_frame_or_a_file(three, tmp_path):
    (tmp_path / "places.csv").write_text("place\ncn-a\ncn-b\n", encoding="utf-8")
    expected = matrix(three, ["cn-a", "cn-b"], ["cn-c"]).to_dict()
    for origins in (pd.DataFrame({"place": ["cn-a", "cn-b"]}), [{"place": "cn-a"}, {"place": "cn-b"}]):
        assert matrix(three, origins, "cn-c").to_dict() == expected
    assert matrix(three, tmp_path / "places.csv", "cn-c").to_dict() == expected
    assert matrix(three, str(tmp_path / "places.csv"), "cn-c").to_dict() == expected
    assert matrix(three, [(0.0, 0.0)], "cn-c").to_dict() == matrix(three, ["0,0"], ["cn-c"]).to_dict()
