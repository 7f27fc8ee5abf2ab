"""The answer of a sweep: rows in the order of the table, in every form."""

import json
import math

import pytest

from landbridge.networks import DataError
from landbridge.routing import Sweep
from landbridge.routing.studies.sweeps.work import Outcome

INPUTS = ({"x": 1, "name": "a"}, {"x": 2}, {"x": 3, "name": None}, {"x": 4})
OUTCOMES = (
    Outcome("ok", {"y": math.nan, "text": "t"}, seconds=1.0),
    Outcome("failed", {}, "ValueError", "no", 0.5),
    None,
    Outcome("ok", {"z": 0.1, "y": 2}),
)


@pytest.fixture
def answer():
    return Sweep(INPUTS, OUTCOMES, meta={"version": "0"})


def test_rows_stand_in_the_order_of_the_table_with_all_columns(answer):
    frame = answer.to_frame()
    assert list(frame.columns) == ["x", "name", "y", "text", "z", "status", "error_type", "error"]
    assert frame["status"].tolist() == ["ok", "failed", "missing", "ok"]
    assert frame["z"].tolist()[3] == 0.1
    assert answer.to_csv().splitlines() == [
        "x,name,y,text,z,status,error_type,error",
        "1,a,nan,t,,ok,,",
        "2,,,,,failed,ValueError,no",
        "3,,,,,missing,,",
        "4,,2,,0.1,ok,,",
    ]
    assert answer.to_frame("counts").to_dict("list") == {"status": ["ok", "failed", "missing"], "rows": [2, 1, 1]}


def test_it_says_how_many_and_how_long(answer):
    assert repr(answer) == "<Sweep of 4 rows: 2 ok, 1 failed, 1 missing>"
    assert (len(answer), answer.seconds, answer.numbers("y")) == (4, 1.5, [2.0])


def test_json_has_no_nan(answer):
    rows = json.loads(json.dumps(answer.to_dict(), allow_nan=False))["rows"]
    assert rows[0] == {
        "inputs": {"x": 1, "name": "a"},
        "outputs": {"y": "nan", "text": "t"},
        "status": "ok",
        "error_type": "",
        "error": "",
    }
    assert answer == Sweep(INPUTS, OUTCOMES)


def test_an_empty_sweep_has_its_tables():
    empty = Sweep((), ())
    assert empty.to_csv() == "status,error_type,error\n"
    assert empty.counts == {"ok": 0, "failed": 0, "missing": 0}


def test_what_is_no_store_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no sweep"):
        Sweep.read(tmp_path)


def test_parquet_comes_back(answer, tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    assert pandas.read_parquet(answer.to_parquet(tmp_path / "a.parquet"))["x"].tolist() == [1, 2, 3, 4]
