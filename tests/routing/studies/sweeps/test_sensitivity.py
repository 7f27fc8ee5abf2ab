"""Which parameter moves an answer."""

import numpy as np
import pandas as pd
import pytest

from landbridge.networks.errors import QueryError
from landbridge.routing import sensitivity
from landbridge.routing.studies.sweeps.designs import design_rows
from landbridge.routing.studies.sweeps.spreads import Spread

ANGLE = Spread(numbers={"low": -np.pi, "high": np.pi})


def ishigami_rows(count=1024):
    rows = design_rows("saltelli", {"x": ANGLE, "y": ANGLE, "z": ANGLE}, count)
    return [
        row | {"f": np.sin(row["x"]) + 7 * np.sin(row["y"]) ** 2 + 0.1 * row["z"] ** 4 * np.sin(row["x"])}
        for row in rows
    ]


def test_sobol_indices_of_a_saltelli_design():
    found = sensitivity(ishigami_rows(), ["x", "y", "z"], ["f"])
    by_name = {item.parameter: item for item in found}
    # As in test_indices; the largest total index first.
    assert [item.parameter for item in found] == ["x", "y", "z"]
    assert [by_name[name].first_order for name in "xyz"] == pytest.approx([0.314, 0.442, 0], abs=0.03)
    assert [by_name[name].total for name in "xyz"] == pytest.approx([0.558, 0.442, 0.244], abs=0.03)
    assert all(item.total_p2_5 <= item.total <= item.total_p97_5 for item in found)
    assert by_name["x"].rows == 5 * 1024


def test_rows_that_failed_are_left_out_of_all_samples():
    rows = ishigami_rows(256)
    whole = sensitivity(rows, ["x", "y", "z"], ["f"])
    for row in rows[:200:50]:
        row["f"] = None
    part = sensitivity(rows, ["x", "y", "z"], ["f"])
    assert part[0].rows == whole[0].rows - 4
    assert part[0].total == pytest.approx(whole[0].total, abs=0.05)


def test_a_linear_function_on_a_grid():
    rows = [{"a": a, "b": b, "usd": 3 * a - b} for a in range(5) for b in range(5)]
    first, second = sensitivity(rows, ["a", "b"], "usd")
    # Means of the rows where a is 0 and 4: -2 and 10; where b is 0 and 4: 6 and 2. The mean is 3 * 2 - 2.
    assert (first.parameter, first.low, first.high, first.low_at, first.high_at) == ("a", -2, 10, "0", "4")
    assert (second.parameter, second.low, second.high, second.mean) == ("b", 6, 2, 4)
    assert first.spearman > 0 > second.spearman
    assert (first.total, first.first_order) == (None, None)


def test_many_values_are_taken_in_fifths():
    rows = [{"a": float(a), "usd": float(a)} for a in range(100)]
    (effect,) = sensitivity(rows, ["a"], ["usd"])
    # The lowest fifth are 0 to 19 (up to the quantile 19.8), the highest 80 to 99.
    assert (effect.low, effect.high) == (9.5, 89.5)
    assert (effect.low_at, effect.high_at) == ("0 to 19.8", "79.2 to 99")


def test_texts_have_their_answers_and_no_ranks():
    rows = [{"to": to, "usd": usd} for to, usd in (("a", 1), ("b", 5), ("b", 7), ("c", 2))]
    (effect,) = sensitivity(rows, ["to"], ["usd"])
    assert (effect.low_at, effect.low, effect.high_at, effect.high) == ("a", 1, "b", 6)
    assert effect.spearman is effect.prcc is effect.p_value is None


def test_groups_are_told_apart():
    rows = [{"s": s, "a": a, "usd": factor * a} for s, factor in ((None, 1), ("x", -2)) for a in range(6)]
    found = sensitivity(pd.DataFrame(rows), ["a"], ["usd"], by=["s"])
    assert [(item.group, item.spearman) for item in found] == [("none", pytest.approx(1)), ("x", pytest.approx(-1))]


def test_several_seeds_of_a_point_are_averaged():
    rows = ishigami_rows(64)
    noisy = [row | {"seed": seed, "f": row["f"] + shift} for row in rows for seed, shift in ((0, 5), (1, -5))]
    expected, found = (sensitivity(given, ["x", "y", "z"], ["f"]) for given in (rows, noisy))
    assert [item.total for item in found] == pytest.approx([item.total for item in expected])


def test_what_is_no_column_or_no_number_is_refused():
    rows = [{"a": 1, "usd": 2, "way": "x"}]
    with pytest.raises(QueryError, match=r"the table has no column 'b'; it has a, usd, way"):
        sensitivity(rows, ["b"], ["usd"])
    with pytest.raises(QueryError, match="way has the text 'x'; give answers that are numbers"):
        sensitivity(rows, ["a"], ["way"])
    assert len(sensitivity(rows, ["a"], ["usd"])) == 0


def test_the_chart_shows_where_each_parameter_is_low_and_high():
    pytest.importorskip("matplotlib")
    rows = [{"hours": a, "fee": b, "usd": 3 * a - b, "days": a} for a in range(5) for b in range(5)]
    found = sensitivity(rows, ["hours", "fee"], ["usd", "days"])
    axes = found.plot().axes[0]
    assert axes.get_xlabel() == "usd"
    assert axes.get_yticklabels()[0].get_text().startswith("hours\nrank correlation +0.9")
    assert found.plot("days").axes[0].get_xlabel() == "days"
    with pytest.raises(QueryError, match="the sweep has no output 'eur'; give one of usd, days"):
        found.plot("eur")


def test_it_is_a_result_with_a_table():
    rows = [{"a": a, "usd": a} for a in range(5)]
    found = sensitivity(rows, ["a"], ["usd"])
    assert found.to_frame()["parameter"].tolist() == ["a"]
    assert found.to_dict()["effects"][0]["low_at"] == "0"
    assert repr(found).splitlines() == ["<Sensitivity: 1 effects>", "usd: most by a"]
