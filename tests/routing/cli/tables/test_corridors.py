"""The table of corridors side by side."""

import pytest

from landbridge.routing import compare_corridors
from landbridge.routing.cli.tables.corridors import print_comparison
from tests.support.corridor_pair import two_corridors
from tests.support.printed import rows_of
from tests.support.tiny import link, service, tiny_network


@pytest.fixture
def shown(tmp_path, capsys):
    print_comparison(compare_corridors(two_corridors(tmp_path), "cn-a", "ru-d"))
    return capsys.readouterr().out


def test_a_corridor_is_a_row_with_its_longest_stop_and_what_is_left(shown):
    # By B: load 1, hauls 4, borders 18, unload 2 = 25 h, 1.0 days; 6 operations at 10 USD and 200 km at 0.2 USD;
    # 24 t x 200 km x 10 g. By C 4 h and 40 USD more, 48 kg more. D lies west of C.
    assert rows_of(shown) == [
        [*("by-b", "1.0", "1.0", "1.0", "0.5", "100", "48", "200", "2", "0", "0", "B: border entry, 0.2 d"),
         *("A - B (CN KZ RU)", "30", "b--terminal (east)")],
        [*("by-c", "1.2", "1.2", "1.2", "0.7", "140", "96", "400", "2", "0", "0", "C: border entry, 0.2 d"),
         *("A - C (CN MN RU)", "0", "c--line (west)")],
    ]  # fmt: skip


def test_ends_cargo_and_year_of_the_dollars_are_said(shown):
    assert shown.startswith("cn-a to ru-d: 2 TEU, 24 t, 100,000 USD, block")
    assert "Dollars of 2024" in " ".join(shown.split())
    assert "Sorted by generalised cost" in " ".join(shown.split())
    assert "season" not in shown


def test_where_no_capacity_is_known_that_is_said(tmp_path, capsys):
    links = [link("cn-a -- cn-b", service="free")]
    network = tiny_network(tmp_path, check=False, services=[service("free", capacity_teu_day=None)], links=links)
    print_comparison(compare_corridors(network, "cn-a", "cn-b"))
    (row,) = rows_of(capsys.readouterr().out)
    assert row[-2:] == ["not known", ""]


def test_what_runs_in_a_season_only_is_marked(tmp_path, capsys):
    corridors = [{"id": "arctic", "name": "Arctic", "priority": 1, "require": "nsr", "seasonal_ok": True}]
    links = [link("cn-a -- de-z", "sea", passage=("nsr",), season_from="07-01", season_to="11-30")]
    network = tiny_network(tmp_path, links=links, tables={"corridors": corridors})
    print_comparison(compare_corridors(network, "cn-a", "de-z"))
    text = capsys.readouterr().out
    assert rows_of(text)[0][0] == "arctic*"
    assert "* In its season only." in text
