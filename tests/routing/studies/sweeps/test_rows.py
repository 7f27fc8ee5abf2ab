"""Rows of a sweep: scalars with their types, from any table, and keys that say what they hold."""

import math
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from landbridge.networks import DataError, QueryError
from landbridge.routing.studies.sweeps.rows import canonical, scenario_of, sweep_rows


def test_a_frame_keeps_the_types_of_its_cells():
    frame = pd.DataFrame(
        {
            "a": np.array([1, 2]),
            "b": [0.1, np.nan],
            "c": ["x", None],
            "d": [True, False],
            "e": pd.array([1, None], dtype="Int64"),
            "f": [pd.Timestamp(2026, 1, 2), pd.NaT],
        }
    )
    first, second = sweep_rows(frame)
    assert first == {"a": 1, "b": 0.1, "c": "x", "d": True, "e": 1, "f": "2026-01-02T00:00:00"}
    assert [type(value) for value in first.values()] == [int, float, str, bool, int, str]
    assert math.isnan(second.pop("b"))
    assert second == {"a": 2, "c": None, "d": False, "e": None, "f": None}


def test_a_column_of_a_file_is_of_numbers_only_if_each_cell_is_one(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n,x,hs,mixed,blank,e\n1,0.5,0101,1,,nan\n-2,1e3,22,NA,,.5\n,,3,2,,inf\n")
    rows = sweep_rows(path)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    assert math.isnan(columns["e"].pop(0))
    assert columns == {
        "n": [1, -2, None],
        "x": [0.5, 1000.0, None],
        "hs": ["0101", "22", "3"],  # 0101 is a code
        "mixed": ["1", "NA", "2"],  # NA is a country
        "blank": [None, None, None],
        "e": [0.5, math.inf],
    }


def test_dictionaries_may_have_other_columns_each():
    rows = sweep_rows([{"a": np.float64(0.1), "b": date(2026, 1, 2)}, {"c": datetime(2026, 1, 2, 3)}])  # noqa: DTZ001
    assert rows == [{"a": 0.1, "b": "2026-01-02"}, {"c": "2026-01-02T03:00:00"}]


@pytest.mark.parametrize(
    ("value", "shown"), [([1], "[1]"), ({"a": 1}, "{'a': 1}"), (Decimal(1), "Decimal"), (b"x", "b'x'")]
)
def test_what_is_no_scalar_is_refused_with_row_and_column(value, shown):
    with pytest.raises(DataError, match=r"table:2 \[b\]") as caught:
        sweep_rows([{"b": 1}, {"b": value}])
    assert shown in str(caught.value)


@pytest.mark.parametrize("table", [5, "nowhere.csv", [3], pd.DataFrame([[1, 2]], columns=["a", "a"]), [{"status": 1}]])
def test_what_is_no_table_is_refused(table):
    with pytest.raises((DataError, QueryError)):
        sweep_rows(table)


def test_a_key_is_of_the_content_and_its_types():
    assert canonical({"b": 1, "a": None}) == canonical({"a": None, "b": 1})
    contents = [{"a": value} for value in (1, 1.0, "1", True, None, math.nan, math.inf, -0.0, 0.0)]
    assert len({canonical(row) for row in contents}) == len(contents)


def test_a_seed_is_derived_from_the_content_and_given_ones_stay():
    table = [{"x": 1}, {"x": 2}, {"x": 1}, {"x": 3, "seed": 7}, {"x": 1, "seed": None}]
    seeds = [row["seed"] for row in sweep_rows(table, 5)]
    assert seeds[0] == seeds[2] == seeds[4] != seeds[1]
    assert seeds[3] == 7
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert sweep_rows(table, 6)[0]["seed"] != seeds[0]
    assert "seed" not in sweep_rows(table)[0]


def test_a_row_has_a_scenario_if_the_cell_holds_a_text():
    assert [scenario_of({"scenario": given}) for given in ("a", " b ", "", None, math.nan)] == ["a", "b", "", "", ""]
    assert scenario_of({}) == ""
    with pytest.raises(QueryError, match="scenario is 3"):
        scenario_of({"scenario": 3})
