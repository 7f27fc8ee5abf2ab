"""The table of what is within reach."""

from landbridge.routing import reach
from landbridge.routing.cli.tables.reach import print_reach
from tests.support.equator import three_in_a_row
from tests.support.printed import rows_of
from tests.support.tiny import link, tiny_network


def test_a_place_is_a_row_under_the_least_budget_that_reaches_it(tmp_path, capsys):
    network = three_in_a_row(tmp_path)
    print_reach(network, reach(network, "cn-a", [6, 48]))
    text = capsys.readouterr().out
    # B: load 1, haul 2.5, unload 2 h; 20 USD of fees and 125 km at 0.2 USD; 24 t x 125 km x 10 g. C: twice the haul.
    assert rows_of(text) == [
        ["6 h", "B", "CN", "0.2", "0.2", "0.2-0.2", "45", "30", "125"],
        ["2 d", "C", "CN", "0.3", "0.3", "0.3-0.3", "70", "60", "250"],
    ]
    assert "Within reach of cn-a by time" in text
    assert "1 place within 6 h, 2 places within 2 d" in text


def test_budgets_of_money_are_in_dollars(tmp_path, capsys):
    network = three_in_a_row(tmp_path)
    print_reach(network, reach(network, "cn-a", [50], by="cost"))
    assert [row[:2] for row in rows_of(capsys.readouterr().out)] == [["50 USD", "B"]]


def test_a_place_that_trucks_alone_serve_is_named_below(tmp_path, capsys):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", "road", length_km=900)])
    print_reach(network, reach(network, "cn-b", [48]))
    text = capsys.readouterr().out
    assert "by truck: nothing else leads there: C." in text
    assert "2 places within 2 d. Sorted by mean time." in text
