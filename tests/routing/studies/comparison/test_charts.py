"""Charts of comparisons: what they show."""

import pytest

from landbridge.routing import compare
from tests.support.compared import both_ways, closing, sent

pytest.importorskip("matplotlib")


def texts(figure):
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text)]


def test_flows_show_corridors_before_and_after_and_what_crossings_gain_and_lose(tmp_path):
    shown = texts(compare(both_ways(tmp_path), None, closing("KZ"), demand=[sent()]).plot())
    assert "base -> Closed" in shown  # by the title of the scenario
    assert "not carried" not in shown
    assert shown.count("10 (100%)") == 2
    assert shown.count("0 (0%)") == 2
    assert {"CN-MN:rail", "CN-KZ:rail", "+10", "-10"} <= set(shown)


def test_what_is_not_carried_is_a_bar_beside_the_corridors(tmp_path):
    shown = texts(compare(both_ways(tmp_path), None, closing("KZ", "MN"), demand=[sent()]).plot())
    assert {"not carried", "0 (0% of all)", "10 (100% of all)"} <= set(shown)


def test_pairs_show_days_and_dollars_or_that_there_is_no_result(tmp_path):
    pairs = [{"origin": "cn-a", "destination": "ru-z"}, {"origin": "cn-a", "destination": "kz-b"}]
    shown = texts(compare(both_ways(tmp_path), None, closing("KZ"), od=pairs, break_even=False).plot())
    assert {"140, Middle Corridor", "180, Trans-Mongolian", "no result"} <= set(shown)


def test_without_a_change_the_chart_says_so(tmp_path):
    shown = texts(compare(both_ways(tmp_path), None, None, demand=[sent()]).plot())
    assert "nothing changes" in shown
