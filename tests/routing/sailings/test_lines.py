"""The lines of ships: load, voyage, berths, demand by direction, and the days of storms."""

import pandas as pd
import pytest

from landbridge.networks import DataError, QueryError
from landbridge.routing.sailings.lines import closed_days_of, lines_given, plannable_links, ship_lines
from tests.support.ship_plans import ferry_network


def test_a_line_takes_its_figures_from_the_tables(tmp_path):
    (line,) = ship_lines(ferry_network(tmp_path, low_water_loss=0.25), {"ferry": (30, 10)})
    # 1,000 km at 50 km/h; a ship of 100 TEU less a quarter.
    assert (line.voyage_h, line.load_teu, line.fleet) == (20, 75, "fleet")
    # Home is where the link ends, so that the demand along the link comes back from the outer port.
    assert (line.outer.place, line.home.place) == ("kz-a", "az-b")
    assert (line.out_teu_day, line.back_teu_day) == (10, 30)
    assert line.sources == ("A1",)


def test_a_loss_that_is_given_replaces_that_of_the_ship(tmp_path):
    network = ferry_network(tmp_path, low_water_loss=0.25)
    (line,) = ship_lines(network, {"ferry": 10}, low_water_loss=0.19)
    assert line.load_teu == 81  # 100 x 0.81, which floating point puts below 81
    with pytest.raises(QueryError, match="low_water_loss"):
        ship_lines(network, {"ferry": 10}, low_water_loss=1.0)


@pytest.mark.parametrize("teu_day", [-1, float("nan"), float("inf"), 0, (0, 0)])
def test_a_demand_out_of_range_is_refused(tmp_path, teu_day):
    with pytest.raises(QueryError, match="demand of ferry"):
        ship_lines(ferry_network(tmp_path), {"ferry": teu_day})


def test_what_is_no_line_of_ships_is_refused_with_those_that_are(tmp_path):
    network = ferry_network(tmp_path)
    with pytest.raises(QueryError, match="kz-a--az-b--ferry"):
        ship_lines(network, {"nowhere": 10})
    with pytest.raises(QueryError, match="without ships"):
        ship_lines(network, {"kz-0--kz-a--rail": 10})
    with pytest.raises(QueryError, match="is repeated"):
        ship_lines(network, {"ferry": 10, "kz-a--az-b--ferry": 10})
    with pytest.raises(QueryError, match="no line"):
        ship_lines(network, {})


def test_storm_days_are_the_same_for_a_seed_and_within_the_period(network):
    lines = ship_lines(network, {"feeder-aktau-alat": 10})
    drawn = closed_days_of(network, lines, period_days=30, storm_days=5, seed=3)
    assert drawn == closed_days_of(network, lines, period_days=30, storm_days=5, seed=3)
    assert len(set(drawn)) == 5
    assert set(drawn) <= set(range(30))
    assert drawn != closed_days_of(network, lines, period_days=30, storm_days=5, seed=4)
    # 60 closure days a year of the fleet (A2760) are 4.9 of 30 days.
    assert len(closed_days_of(network, lines, period_days=30)) == 5
    with pytest.raises(QueryError, match="none of 30 days"):
        closed_days_of(network, lines, period_days=30, storm_days=30)


def test_each_bundled_line_across_the_caspian_can_be_planned(network):
    services = {link["service"] for link in plannable_links(network)}
    assert services == {
        f"{kind}-{port}-alat" for kind in ("railferry", "roro") for port in ("aktau", "kuryk", "turkmenbashi")
    } | {"feeder-aktau-alat", "feeder-turkmenbashi-alat"}
    # 225 TEU (I171) less 15 % (I122) is 191.25; 470.4 km at 20 km/h are 23.5 h.
    (line,) = ship_lines(network, {"feeder-aktau-alat": 10})
    assert (line.load_teu, line.voyage_h) == (191, 24)


def test_lines_of_one_fleet_share_a_home(network):
    lines = ship_lines(network, {"railferry-kuryk-alat": 10, "railferry-turkmenbashi-alat": 10})
    assert {line.home.place for line in lines} == {"az-alat"}
    assert {line.fleet for line in lines} == {"caspian-railferry--fleet"}


@pytest.mark.parametrize("table", [list, pd.DataFrame, "file"], ids=["list", "frame", "file"])
def test_a_table_has_a_line_in_each_row(tmp_path, table):
    rows = [{"line": "a", "teu_day": 60, "back_teu_day": 40}, {"line": "b", "teu_day": 5.5, "back_teu_day": None}]
    given = table(rows) if callable(table) else tmp_path / "lines.csv"
    pd.DataFrame(rows).to_csv(tmp_path / "lines.csv", index=False)
    assert lines_given(given) == {"a": (60, 40), "b": 5.5}
    assert lines_given({"a": (60, 40), "b": 5.5}) == {"a": (60, 40), "b": 5.5}


def test_every_fault_of_a_table_of_lines_is_named():
    with pytest.raises(DataError) as error:
        lines_given([{"line": "a", "teu_day": "many"}, {"line": "a", "teu_day": 5}, {"teu_day": -1}])
    assert [(fault.row, fault.column, fault.problem) for fault in error.value.faults] == [
        (1, "teu_day", "'many' is not a number"),
        (2, "line", "a is repeated"),
        (3, "line", "is blank"),
        (3, "teu_day", "-1 is out of range (0 to 1e9)"),
    ]
    with pytest.raises(DataError, match=r"demand \[teu_day\]: the column is missing"):
        lines_given([{"line": "a"}])


def test_a_demand_that_is_no_number_or_pair_is_refused(tmp_path):
    for wrong in ("5", None, (1, 2, 3), ("1", 2), True):
        with pytest.raises(QueryError, match="the demand of ferry"):
            ship_lines(ferry_network(tmp_path / repr(wrong)), {"ferry": wrong})


def test_a_demand_beyond_the_limit_is_refused_with_the_limit(network):
    with pytest.raises(QueryError, match="is 1000000 TEU a day; give numbers from 0 to below 1,000,000"):
        ship_lines(network, {"feeder-aktau-alat": 1_000_000})
