"""The table of a front, and of the values of time where the best changes."""

from dataclasses import replace

from landbridge.networks import read_network
from landbridge.routing import pareto
from landbridge.routing.cli.tables.pareto import print_front
from landbridge.routing.questions.pareto import Reached
from tests.support.printed import rows_of


def test_a_front_is_rows_of_itineraries_and_breakpoints_below(ways, capsys):
    print_front(
        pareto(read_network(ways), "cn-a", "cn-b", objectives=["time", "cost"], modes=["rail", "road"]), title="A to B"
    )
    text = capsys.readouterr().out
    fast, slow, point = rows_of(text)
    # By road 3 + 10 h and 20 + 800 USD, by rail 3 + 20 h and 20 + 200 USD: 600 USD for 10 h are 60 USD an hour,
    # 60 x 24 / 100,000 = 1.44 % of the value a day.
    assert [fast[4], slow[4]] == ["820", "220"]
    assert point == ["60.00", "1.440", "other, 1.0 d, 220 USD", "other, 0.5 d, 820 USD"]
    assert "A to B, front of time, cost" in text
    assert "including inventory cost" in text


def test_a_front_of_one_point_has_no_breakpoints(ways, capsys):
    print_front(pareto(read_network(ways), "cn-a", "cn-b", objectives=["time"]), title="A to B")
    text = capsys.readouterr().out
    assert len(rows_of(text)) == 1
    assert "including inventory cost" not in text


def test_a_front_that_is_not_whole_says_up_to_where_it_is(ways, capsys):
    front = pareto(read_network(ways), "cn-a", "cn-b", objectives=["time", "cost"])
    print_front(replace(front, complete_up_to=Reached("time", 312.5)), title="A to B")
    assert "itineraries up to time 312.5 h; give more with --max-memory" in " ".join(capsys.readouterr().out.split())
    print_front(replace(front, complete_up_to=Reached("transshipments", 4.0)), title="A to B")
    assert "up to transshipments 4; give more" in " ".join(capsys.readouterr().out.split())
