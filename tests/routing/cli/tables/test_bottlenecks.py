"""Tables of bottlenecks, cuts and thresholds as a person reads them."""

from landbridge.routing import DemandFlow, assign, bottlenecks, min_cut, thresholds
from landbridge.routing.cli.tables.bottlenecks import print_bottlenecks, print_cut, print_thresholds
from tests.support.narrow_way import ONE, two_ways
from tests.support.printed import rows_of
from tests.support.tiny import link, service, tiny_network


def test_each_bottleneck_is_a_row_with_its_use_price_hours_and_closure(tmp_path, capsys):
    print_bottlenecks(bottlenecks(two_ways(tmp_path), ONE, closures=1, closed_for_days=10))
    text = capsys.readouterr().out
    direct, yard = rows_of(text)
    # 40 of 40; one more TEU a day saves 100 km at 0.10 USD and 2 h at 50,000 x 0.25 / 8,760 = 1.43 USD: 12.85 USD.
    # Closed, 40 TEU a day go round for 514 USD a day, 5 kUSD and 400 TEU-days in 10 days.
    assert direct[:6] == ["direct", "east", "other", "40", "40", "100%"]
    assert direct[6] == "13"
    assert direct[-3:] == ["5", "400", "0"]
    # 100 TEU load for 5 h, of 700 h of handling and 320 h of hauls; the yard was not closed.
    assert yard[0] == "yard"
    assert yard[7:] == ["5.0", "49.0%", "", "", ""]
    assert "100 of 100 TEU a day carried" in text
    assert "Dollars of 2024" in " ".join(text.split())
    assert "then by the use of the whole capacity" in " ".join(text.split())
    assert "solving again" not in text


def test_a_price_that_was_checked_has_a_column(tmp_path, capsys):
    found = bottlenecks(two_ways(tmp_path, capacity=99.5), ONE, closures=0, check=1)
    print_bottlenecks(found)
    text = capsys.readouterr().out
    # Half a TEU is left to gain: the price is 12.85, the saving of a whole unit half of it.
    assert "checked: by solving again" in " ".join(text.split())
    assert rows_of(text)[0][6:8] == ["13", "6"]


def test_room_and_use_leave_out_the_traffic_that_is_not_modelled_alike(tmp_path, capsys):
    links = [link("cn-a -- cn-b", resource="line")]
    line = {"id": "line", "capacity": 100, "background_teu_day": 60}
    network = tiny_network(tmp_path, links=links, tables={"resources": [line]})
    demand = [DemandFlow(origin="cn-a", destination="cn-b", teu_per_year=3650)]
    print_bottlenecks(bottlenecks(network, demand, closures=0))
    # 10 TEU a day of the 40 that are left.
    row = next(row for row in rows_of(capsys.readouterr().out) if row[0].startswith("line"))
    assert row[3:6] == ["10", "40", "25%"]


def test_a_joint_price_is_said_to_be_so(tmp_path, capsys):
    links = [link("cn-a -- cn-b", service="ship", resource="fleet")]
    ship = service("ship", "rail", capacity_teu_day=40.5)
    network = tiny_network(
        tmp_path, links=links, services=[ship], tables={"resources": [{"id": "fleet", "capacity": 40}]}
    )
    print_bottlenecks(bottlenecks(network, ONE, closures=0, check=1))
    text = capsys.readouterr().out
    fleet = next(row for row in rows_of(text) if row[0] == "fleet")
    # One more TEU would be carried instead of left behind; the check agrees.
    assert fleet[6] == f"{fleet[7]}*"
    assert "* fleet: the price is that of one more TEU a day also at ship" in " ".join(text.split())


def test_a_cut_names_its_rows_and_whether_it_is_the_least(tmp_path, capsys):
    print_cut(min_cut(two_ways(tmp_path, other=70), ["cn-a"], ["cn-b"]), "A to B")
    text = capsys.readouterr().out
    assert sorted((row[0], row[-1]) for row in rows_of(text)) == [("direct", "40.0"), ("round", "70.0")]
    assert "minimum cut A to B" in text
    assert "110.0 TEU a day; proven minimal" in text


def test_thresholds_are_told_with_the_last_factor_that_left_room(tmp_path, capsys):
    found = thresholds(assign(two_ways(tmp_path, other=70), ONE), least=0.1, most=2, step=0.3, tolerance=0.01)
    print_thresholds(found)
    rows = rows_of(capsys.readouterr().out)
    # 100 TEU a day: the direct way is full at 0.4 of it, the way round at 1.1.
    assert [row[0] for row in rows] == ["direct", "round"]
    for row, factor in zip(rows, (0.4, 1.1), strict=True):
        # Three decimals are shown.
        assert factor - 0.011 <= float(row[-2]) <= factor <= float(row[-1]) <= factor + 0.011
