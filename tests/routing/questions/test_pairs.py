"""A table of pairs: a row each in its order, with the totals of `route` or the reason that there are none."""

import csv
import io
from datetime import date

import pandas as pd
import pytest

from landbridge.networks import DataError, QueryError
from landbridge.routing import Cargo, Pair, matrix, route
from tests.support.tiny import link, tiny_network

TRANSIT = ("transit_p10_h", "transit_p50_h", "transit_p90_h")
GENERALISED = "generalised_cost_usd"
NAMES = ("time_mean_h", "time_p10_h", "time_p50_h", "time_p90_h", "cost_usd", "co2e_kg", "distance_km", "corridor")


@pytest.fixture
def line(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", length_km=200), link("ru-x -- ru-y")]
    return tiny_network(tmp_path / "network", check=False, links=links)


def pair(origin, destination, **cells):
    return {"origin": origin, "destination": destination, **cells}


def test_each_row_has_what_its_best_path_takes_in_the_order_of_the_table(line):
    found = matrix(line, pairs=[pair("cn-a", "cn-c", id="second"), pair("cn-a", "cn-b")]).rows
    # Load 1, haul 2, unload 2 h; fees 2 x 10 and 100 km x 0.2 USD; 24 t x 100 km x 10 g. B to C: 4 h, 40 USD, 48 kg.
    times = dict.fromkeys(NAMES[:4], 5.0)
    assert found[1] == Pair(
        id=None,
        origin="cn-a",
        destination="cn-b",
        teu=2,
        tonnes=24,
        depart=None,
        **times,
        cost_usd=pytest.approx(40),
        co2e_kg=pytest.approx(24),
        distance_km=100,
        corridor="other",
        **dict.fromkeys(TRANSIT, 2.0),
        # 100,000 USD at 25 % a year for 5 h.
        generalised_cost_usd=pytest.approx(40 + 100_000 * 0.25 / 8760 * 5),
        route_line="CN",
    )
    assert (found[0].id, found[0].time_mean_h, found[0].cost_usd) == ("second", 9.0, pytest.approx(80))


def test_teu_tonnes_and_departure_of_a_row_replace_those_for_all(line):
    rows = [
        pair("cn-a", "cn-b"),
        pair("cn-a", "cn-b", teu=4),
        pair("cn-a", "cn-b", tonnes=10.0),
        pair("cn-a", "cn-b", depart="2026-03-01T08:00"),
    ]
    found = matrix(line, pairs=rows, cargo=Cargo(teu=2, tonnes=20), depart="2026-02-01").rows
    assert [(row.teu, row.tonnes) for row in found] == [(2, 20), (4, 20), (2, 10), (2, 20)]
    # 10 g a tkm over 100 km; 2 x 10 USD and 100 km x 0.1 USD a TEU.
    assert [row.co2e_kg for row in found] == pytest.approx([20, 20, 10, 20])
    assert [row.cost_usd for row in found] == pytest.approx([40, 80, 40, 40])
    # The places lie on the equator in China, whose zone is eight hours ahead.
    assert [row.depart for row in found] == [*["2026-02-01T00:00+08:00"] * 3, "2026-03-01T08:00+08:00"]


def test_a_row_without_an_answer_says_why_and_the_others_have_theirs(line):
    rows = [
        pair("nowhere", "cn-b"),
        pair("cn-a", "ru-x"),
        pair("cn-a", "cn-a"),
        pair(None, "cn-b"),
        pair("cn-a", "cn-b", tonnes="heavy"),
        pair("cn-a", "cn-b", tonnes=5000),
        pair("cn-a", "cn-b", depart="tomorrow"),
        pair("cn-a", "cn-b", teu=float("nan"), tonnes="", depart=None, id=7),
    ]
    found = matrix(line, pairs=rows)
    expected = (
        "no place is called 'nowhere'",
        "no route from cn-a to ru-x",
        "are the same place",
        "origin is blank; give the place where cargo starts",
        "tonnes 'heavy' is not a number; give gross weight in t",
        "5000 t in 1 container is more than the 30.48 t",
        "depart is 'tomorrow' and must be an ISO 8601 date",
    )
    assert len(found.rows) == len(rows)
    for row, message in zip(found.rows, expected, strict=False):
        assert message in row.error
        assert [getattr(row, name) for name in NAMES] == [None] * len(NAMES)
    assert (found.rows[7].error, found.rows[7].id, found.rows[7].time_mean_h) == (None, "7", 5.0)
    assert (found.errors, repr(found)) == (7, "<Pairs: 8, of them 7 with an error>")


def test_a_row_says_that_trucks_take_it_for_want_of_trains_as_route_does(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "road", length_km=900)]
    found = matrix(tiny_network(tmp_path, links=links), pairs=[pair("cn-a", "cn-b"), pair("cn-b", "cn-c")])
    text = "trucks take this block cargo over 900 km, because no train or ship leads there all the way"
    assert [[note.text for note in row.notes] for row in found.rows] == [[], [text]]
    assert [row["notes"] for row in found.to_dict()["pairs"]] == [
        [],
        [{"kind": "trucks", "text": text, "source": None}],
    ]
    assert [row["notes"] for row in csv.DictReader(io.StringIO(found.to_csv()))] == ["", text]
    assert found.to_frame()["notes"].fillna("").tolist() == ["", text]


def test_a_row_has_the_notes_of_route_that_need_no_search_of_their_own(tmp_path):
    works = {"id": "works", "target": "places", "ids": "cn-a", "first": "2026-02-01", "last": "2026-02-05"}
    links = [link("cn-a -- cn-b", containers="no", containers_source="A1")]
    network = tiny_network(tmp_path, links=links, tables={"closures": [works]})
    asked = Cargo(equipment="shipper", cargo_class="loose")
    rows = [pair("cn-a", "cn-b"), pair("cn-a", "cn-b", depart="2031-05-01")]
    found = matrix(network, pairs=rows, cargo=asked).rows
    expected = [
        route(network, "cn-a", "cn-b", cargo=asked, depart=row.get("depart"), objective="generalised") for row in rows
    ]
    assert [{note.kind for note in row.notes} for row in found] == [
        {"containers", "option"},
        {"containers", "option", "dates"},
    ]
    assert [set(row.notes) for row in found] == [set(items[0].notes) for items in expected]


@pytest.mark.parametrize(
    "options",
    [{}, {"objective": "cost", "modes": ["rail", "sea", "ferry"]}, {"avoid": ["RU", "BY"]}, {"depart": "2026-03-02"}],
    ids=str,
)
def test_totals_are_those_of_route_on_the_bundled_network(network, options):
    ends = [("Xi'an", "Duisburg"), ((43.35, 77.0), "Poti"), ("西安", "51.43,6.76"), ("Urumqi", "Warsaw")]
    found = matrix(network, pairs=[pair(*both) for both in ends], **options).rows
    for row, both in zip(found, ends, strict=True):
        totals = route(network, *both, **options)[0].summary()
        names = (*NAMES, *TRANSIT, GENERALISED)
        assert {name: getattr(row, name) for name in names} == {name: totals[name] for name in names}
        assert totals["transit_p10_h"] < totals["transit_p50_h"] < totals["transit_p90_h"] < totals["time_p90_h"]


def test_a_frame_a_file_and_dictionaries_are_one_table(line, tmp_path):
    rows = [pair("cn-a", "cn-b", id="1", teu=4, tonnes=30, depart="2026-03-01"), pair("B", "cn-c", id="2", teu=2)]
    frame = pd.DataFrame(rows)
    frame.to_csv(tmp_path / "pairs.csv", index=False)
    expected = matrix(line, pairs=rows).rows
    assert expected[0].error is None
    for table in (frame, tmp_path / "pairs.csv", str(tmp_path / "pairs.csv"), iter(rows)):
        assert matrix(line, pairs=table).rows == expected
    dated = frame.assign(depart=[date(2026, 3, 1), None])
    assert matrix(line, pairs=dated).rows == expected
    assert matrix(line, pairs=dated.astype({"depart": "datetime64[ns]"})).rows == expected


def test_a_row_of_a_file_with_doubtful_numbers_is_one_row_with_all_its_errors_and_no_result(line, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("origin;destination;teu;tonnes\ncn-a;cn-b;1.250;1.500\ncn-a;cn-b;1;2\n", encoding="utf-8")
    doubtful, right = matrix(line, pairs=path).rows
    assert "teu '1.250' may be 1250 or 1.250" in doubtful.error
    assert "tonnes '1.500' may be 1500 or 1.50" in doubtful.error
    assert (doubtful.origin, doubtful.teu, doubtful.tonnes, doubtful.cost_usd) == (None, None, None, None)
    assert right.error is None


def test_a_number_that_cannot_be_read_is_not_that_of_the_cargo(line):
    (row,) = matrix(line, pairs=[pair("cn-a", "cn-b", teu="many")]).rows
    assert (row.teu, row.tonnes) == (None, 24)


def test_a_row_of_a_file_that_does_not_fit_the_header_keeps_its_place(line, tmp_path):
    text = "origin,destination\ncn-a,cn-b\n0.0,0.0,cn-b\n\ncn-b,cn-c\n"
    (tmp_path / "pairs.csv").write_text(text, encoding="utf-8")
    found = matrix(line, pairs=tmp_path / "pairs.csv").rows
    assert [row.origin for row in found] == ["cn-a", None, "cn-b"]
    assert found[1].error == "3 values for 2 columns; quote values that contain a comma"


def test_a_missing_column_and_a_table_of_nothing_are_errors(line, tmp_path):
    with pytest.raises(
        DataError, match=r"pairs \[destination\]: the column is missing; give the place where cargo ends"
    ):
        matrix(line, pairs=[{"origin": "cn-a", "to": "cn-b"}])
    with pytest.raises(DataError, match="no pair is listed"):
        matrix(line, pairs=pd.DataFrame({"origin": [], "destination": []}))
    (tmp_path / "pairs.csv").write_text("from,to\ncn-a,cn-b\n", encoding="utf-8")
    with pytest.raises(
        DataError, match=r"pairs.csv:1 \[origin\]: the column is missing(.|\n)*pairs.csv:1 \[destination"
    ):
        matrix(line, pairs=tmp_path / "pairs.csv")


@pytest.mark.parametrize(
    "given",
    [{}, {"pairs": [pair("a", "b")], "origins": ["a"]}, {"pairs": [pair("a", "b")], "destinations": ["b"]}],
    ids=str,
)
def test_pairs_stand_in_place_of_origins_and_destinations(line, given):
    with pytest.raises(QueryError, match="give origins, with or without destinations, or a table of pairs"):
        matrix(line, **given)


def test_an_option_that_is_wrong_for_all_rows_is_an_error_of_the_run(line):
    with pytest.raises(QueryError, match="modes are"):
        matrix(line, pairs=[pair("cn-a", "cn-b")], modes="air")
    with pytest.raises(QueryError, match="objective is 'speed'"):
        matrix(line, pairs=[pair("cn-a", "cn-b")], objective="speed")


def test_progress_is_told_of_each_pair(line):
    told = []
    matrix(line, pairs=[pair("cn-a", "cn-b"), pair("cn-a", "nowhere")], progress=told.append)
    assert told == [1, 1]


def test_the_answers_are_a_frame_csv_and_json_of_the_same_columns(line, tmp_path):
    found = matrix(line, pairs=[pair("cn-a", "cn-b", id="x"), pair("cn-a", "nowhere")])
    given = ["id", "origin", "destination", "teu", "tonnes", "depart"]
    columns = [*given, *NAMES, "error", "notes", *TRANSIT, GENERALISED, "route_line"]
    frame = found.to_frame()
    assert (list(frame.columns), frame["time_mean_h"].tolist()[0], frame["error"].isna().tolist()) == (
        columns,
        5.0,
        [True, False],
    )
    records = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert (list(records[0]), records[0]["time_p90_h"], records[1]["time_p90_h"]) == (columns, "5.0", "")
    (first, second) = found.to_dict()["pairs"]
    assert (list(first), first["error"], second["cost_usd"]) == (columns, None, None)
    assert found.to_csv(tmp_path / "out.csv").read_text(encoding="utf-8") == found.to_csv()
    with pytest.raises(QueryError, match="ends neither in"):
        found.to_parquet(tmp_path / "out.xls")
