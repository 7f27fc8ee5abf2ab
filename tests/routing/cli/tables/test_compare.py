"""Tables of comparisons for the terminal."""

from datetime import date

import pytest

from landbridge.routing import Scenario, compare
from landbridge.routing.cli.tables.compare import print_comparison
from tests.support.compared import both_ways, closing, sent
from tests.support.printed import rows_of


def row_of(text, name):
    """Return the cells of the first row of that name."""
    return next(row for row in rows_of(text) if row[0] == name)


def test_flows_are_shown_with_their_changes(tmp_path, capsys):
    print_comparison(compare(both_ways(tmp_path), None, closing("KZ"), demand=[sent()]))
    out = capsys.readouterr().out
    assert row_of(out, "USD per TEU carried, paid")[1:] == ["70", "90", "+20"]
    assert row_of(out, "middle") == ["middle", "10.0", "0.0", "-10.0", "100.0%", "0.0%"]
    assert row_of(out, "CN-MN:rail")[1:] == ["0.0", "10.0", "+10.0", "-"]
    assert row_of(out, "from CN")[1:] == ["+20", "+20", "+0.2", "+0.0", "+200", "-"]


def test_what_is_not_carried_is_told_apart_with_its_penalty_and_the_modes_of_its_rows(tmp_path, capsys):
    rows = [sent(modes=["rail"], flow="trains"), sent(4.0, id="y", destination="kz-b")]
    found = compare(both_ways(tmp_path), None, closing("KZ", "MN"), demand=rows)
    print_comparison(found)
    out = capsys.readouterr().out
    # Before, 10 TEU a day at 70 and 4 at 40 are carried; after none of 14, at 1,000 each.
    assert row_of(out, "USD a day of what is carried")[1:] == ["860", "0", "-860"]
    assert row_of(out, "USD a day of what is not carried")[1:] == ["0", "14,000", "+14,000"]
    assert row_of(out, "USD per TEU not carried (penalty)")[1:] == ["1,000", "1,000", "+0"]
    line = "After: not carried, 1,000 USD per TEU: trains 10.0 TEU a day (only rail), group 4.0 TEU a day (any mode)."
    assert line in " ".join(out.split())
    assert [row["modes"] for row in found.flows.demand] == ["rail", ""]


def test_a_side_that_is_not_optimal_says_why(tmp_path, capsys):
    asked = {"demand": [sent()], "unserved_usd_per_teu": float("inf")}
    print_comparison(compare(both_ways(tmp_path), None, closing("KZ", "MN"), **asked))
    assert "after: infeasible: 10.0 of 10.0 TEU a day cannot be carried" in capsys.readouterr().out


def test_pairs_are_shown_after_with_their_change_and_why_there_is_none(tmp_path, capsys):
    network, pairs = both_ways(tmp_path), [{"origin": "cn-a", "destination": "ru-z"}]
    print_comparison(compare(network, None, closing("KZ"), od=pairs))
    out = capsys.readouterr().out
    assert row_of(out, "cn-a - ru-z")[1:3] == ["changed", "middle -> mongolia"]
    assert "180 (+40)" in out
    assert "cn-a - ru-z, way: A - B (CN KZ RU) -> A - C (CN MN RU)" in " ".join(out.split())
    print_comparison(compare(network, None, closing("KZ", "MN"), od=pairs))
    assert "cn-a - ru-z, after: no route" in capsys.readouterr().out


def test_the_table_of_break_even_says_how_many_of_its_rows_it_shows(tmp_path, capsys):
    pair = {"origin": "cn-a", "destination": "ru-z"}
    # Two corridors of each pair: 24 rows are shown.
    print_comparison(compare(both_ways(tmp_path), None, None, od=[pair] * 2))
    assert "break-even, after: 4 of 4;" in capsys.readouterr().out
    print_comparison(compare(both_ways(tmp_path), None, None, od=[pair] * 13))
    assert "break-even, after: 24 of 26; JSON and --out have all" in capsys.readouterr().out


@pytest.mark.parametrize("od", [None, [{"origin": "cn-a", "destination": "ru-z"}]])
def test_nothing_is_shown_of_what_does_not_change(tmp_path, capsys, od):
    network = both_ways(tmp_path)
    asked = {"od": od} if od else {"demand": [sent()]}
    print_comparison(compare(network, None, None, **asked))
    out = capsys.readouterr().out
    assert "gain or lose" not in out
    assert "-0" not in out


def test_worlds_of_two_dates_are_told(tmp_path, capsys):
    network = both_ways(tmp_path)
    then = Scenario.from_dict({"name": "then", "title": "Then", "date": date(2025, 9, 15)})
    print_comparison(compare(network, None, then, demand=[sent()]))
    assert f"before is that of {network.reference_date}, and after that of 2025-09-15" in capsys.readouterr().out
    print_comparison(compare(network, then, then, demand=[sent()]))
    assert "The world before" not in capsys.readouterr().out
