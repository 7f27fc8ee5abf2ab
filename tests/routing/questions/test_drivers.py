"""The values that drive an answer, on tiny networks whose numbers are worked out by hand."""

import pickle
from datetime import date, time
from math import exp

import numpy as np
import pytest

from landbridge.networks import Network, QueryError
from landbridge.networks.times.distributions import MAX_SHAPE, Z90
from landbridge.routing import Cargo, Weights, drivers, route
from landbridge.routing.itineraries.leg_maker import LegMaker
from landbridge.routing.query.options import conditions_from, query_from_options
from landbridge.routing.questions.value_parts import ValueParts
from tests.support.tiny import link, operation, service, tiny_network

ENDS = ("cn-a", "cn-b")
FREE = Cargo(value_usd=0)


def one_haul(folder, *, services=(), operations=(), tables=None, **cells):
    """Return a network of one link: 1 h to load, 2 h, 2 h to unload; 10 + 100 km x 0.2 + 10 USD; 24 kg of CO2e."""
    links = [link("cn-a -- cn-b", **cells)]
    return tiny_network(folder, links=links, services=services, operations=operations, tables=tables, check=False)


def by_name(found):
    """Return the drivers by their row and first column."""
    return {(item.row, item.columns[0]): item for item in found}


def changes(item):
    """Return hours, USD and kg of both changes of a driver."""
    return [pytest.approx((way.hours, way.cost_usd, way.co2e_kg), abs=1e-9) for way in (item.up, item.down)]


def test_each_value_has_what_rests_on_it_and_what_it_changes(tmp_path):
    found = drivers(one_haul(tmp_path), *ENDS)
    assert found.totals == pytest.approx({"hours": 5, "cost_usd": 40, "co2e_kg": 24})
    at = by_name(found)
    # 100 km at 55 and at 45 km/h: 1.818 and 2.222 h in place of 2.
    assert changes(at["rail", "speed_km_h"]) == [(100 / 55 - 2, 0, 0), (100 / 45 - 2, 0, 0)]
    link_id = "cn-a--cn-b--rail"
    assert changes(at[link_id, "length_km"]) == [(0.2, 2, 2.4), (-0.2, -2, -2.4)]
    assert changes(at["flat:0-", "usd_per_teu_km"]) == [(0, 2, 0), (0, -2, 0)]
    assert changes(at["rail", "g_co2e_per_tkm"]) == [(0, 0, 2.4), (0, 0, -2.4)]
    assert changes(at["default--load-rail", "mean_h"]) == [(0.1, 0, 0), (-0.1, 0, 0)]
    assert changes(at["default--load-rail", "fee_usd_per_teu"]) == [(0, 1, 0), (0, -1, 0)]
    assert changes(at["default--unload-rail", "mean_h"]) == [(0.2, 0, 0), (-0.2, 0, 0)]
    assert len(found) == 9
    for name, rests in {
        ("rail", "speed_km_h"): (2, 0, 0),
        (link_id, "length_km"): (2, 20, 24),
        ("default--unload-rail", "fee_usd_per_teu"): (0, 10, 0),
    }.items():
        assert (at[name].hours, at[name].cost_usd, at[name].co2e_kg) == pytest.approx(rests)
    assert at["rail", "speed_km_h"].share == pytest.approx({"hours": 0.4, "cost_usd": 0, "co2e_kg": 0})
    speed = at["rail", "speed_km_h"]
    assert (speed.table, speed.numbers, speed.units) == ("services", (50,), ("km/h",))
    assert (speed.sources, speed.year, speed.confidence, speed.rate) == (("A1",), 2024, "assumed", True)


def test_the_rate_of_the_inventory_cost_changes_the_objective_alone(tmp_path):
    # 100,000 USD x 0.25 / 8760 h x 5 h = 14.27 USD, a tenth of it.
    rate = by_name(drivers(one_haul(tmp_path), *ENDS))["inventory_rate_per_year", "value"]
    assert changes(rate) == [(0, 0, 0), (0, 0, 0)]
    assert rate.up.objective == pytest.approx(100_000 * 0.25 / 8760 * 5 / 10)
    assert ("inventory_rate_per_year", "value") not in by_name(drivers(one_haul(tmp_path), *ENDS, cargo=FREE))


def test_values_are_sorted_by_the_larger_change_of_the_objective(tmp_path):
    network = one_haul(tmp_path)
    hours = [item.effect() for item in drivers(network, *ENDS, objective="time")]
    # Speed 0.222, length 0.2, unloading 0.2, loading 0.1 h, then what changes no time.
    assert hours[:4] == pytest.approx([2 / 9, 0.2, 0.2, 0.1])
    assert set(hours[4:]) == {0}
    weighed = drivers(network, *ENDS, cargo=FREE, objective=Weights(value_of_time_usd_per_h=100))
    assert [item.row for item in weighed[:2]] == ["rail", "cn-a--cn-b--rail"]
    # 100 USD x 0.2 h and 2 USD.
    assert weighed[1].up.objective == pytest.approx(22)


def test_shares_by_confidence_count_each_hour_and_dollar_once(tmp_path):
    network = one_haul(
        tmp_path,
        services=[service("rail", speed_confidence="published")],
        operations=[operation("unload", from_mode="rail", mean_h=2, fee_confidence="observed")],
        length_confidence="derived",
    )
    found = drivers(network, *ENDS)
    assert found.shares["hours"] == pytest.approx({"published": 0.4, "assumed": 0.6})
    assert found.shares["cost_usd"] == pytest.approx({"observed": 0.25, "assumed": 0.75})
    assert found.shares["co2e_kg"] == pytest.approx({"assumed": 1})
    assert found.to_frame("confidence").set_index("confidence").share_hours.to_dict() == pytest.approx(
        {"assumed": 0.6, "observed": 0, "published": 0.4}
    )


def test_a_longer_link_may_pass_into_another_band_of_its_tariff(tmp_path):
    bands = [
        {"id": "flat", "band_from_km": 0, "band_to_km": 105, "usd_per_teu_km": 0.1, "usd_year": 2024},
        {"id": "flat", "band_from_km": 105, "usd_per_teu_km": 0.05, "usd_year": 2024},
    ]
    at = by_name(drivers(one_haul(tmp_path, tables={"tariffs": bands}), *ENDS))
    # 110 km at 0.1 in place of 100 km at 0.2 USD a FEU-km.
    assert [
        way.cost_usd for way in (at["cn-a--cn-b--rail", "length_km"].up, at["flat:0-105", "usd_per_teu_km"].up)
    ] == [
        pytest.approx(-9),
        pytest.approx(2),
    ]


def test_a_least_time_stays_and_is_a_value_of_its_own(tmp_path):
    times = {"p10_h": 4, "p50_h": 6, "p90_h": 20, "min_h": 5}
    at = by_name(drivers(one_haul(tmp_path, operations=[operation("load", to_mode="rail", **times)]), *ENDS))
    # It starts at 5 h with the largest shape: mean = 5 + (p90 - 5) / exp(1.25 z) x exp(1.25^2 / 2).
    per_h = exp(MAX_SHAPE**2 / 2) / exp(MAX_SHAPE * Z90)
    quantiles, least = at["default--load-rail", "p10_h"], at["default--load-rail", "min_h"]
    assert quantiles.numbers == (4, 6, 20)
    assert quantiles.hours == pytest.approx(5 + 15 * per_h)
    assert quantiles.up.hours == pytest.approx(2 * per_h)
    assert (least.hours, least.rate) == (0, False)
    assert least.up.hours == pytest.approx(0.5 - 0.5 * per_h)


def test_waits_rest_on_headway_cut_off_and_timetable(tmp_path):
    waits = {
        "wait_kind": "headway",
        "headway_h": 24,
        "cut_off_h": 3,
        "boarding_usd_per_teu": 4,
        "boarding_usd_year": 2020,
    }
    at = by_name(drivers(one_haul(tmp_path, services=[service("rail", **waits)]), *ENDS))
    assert (at["rail", "headway_h"].hours, at["rail", "headway_h"].up.hours) == pytest.approx((12, 1.2))
    assert (at["rail", "cut_off_h"].hours, at["rail", "cut_off_h"].up.hours) == pytest.approx((3, 0.3))
    # 4 USD of 2020 a TEU are 10 USD of 2024 for two.
    assert (at["rail", "boarding_usd_per_teu"].cost_usd, at["2020", "usd_to_2024"].up.cost_usd) == pytest.approx(
        (10, 1)
    )
    assert not at["2020", "usd_to_2024"].rate
    weekly = service("rail", wait_kind="timetable", days=("mon",), departures=(time(12),))
    timetable = by_name(drivers(one_haul(tmp_path / "weekly", services=[weekly]), *ENDS))["rail", "days"]
    assert (timetable.numbers, timetable.units, timetable.hours) == ((1,), ("departures a week",), 84)
    # Departures 1.1 times as often.
    assert timetable.up.hours == pytest.approx(84 / 1.1 - 84)


def test_what_waits_for_opening_hours_is_told_but_cannot_differ(tmp_path):
    at = by_name(drivers(one_haul(tmp_path, open_from=time(0), open_to=time(12)), *ENDS))
    opening = at["cn-a--cn-b--rail", "open_from"]
    # 12 h x 12 h / 48 h.
    assert (opening.hours, opening.numbers, opening.up, opening.down) == (pytest.approx(3), (), None, None)
    assert at["rail", "speed_km_h"].hours == pytest.approx(2)


def test_by_the_clock_a_tenth_may_miss_a_train(tmp_path):
    daily = service("rail", wait_kind="timetable", departures=(time(1),))
    network = one_haul(tmp_path, services=[daily])
    found = drivers(network, *ENDS, depart="2026-03-02T00:00")
    at = by_name(found)
    # Loaded at 01:00 it departs at once; 6 minutes later it waits for the next day.
    assert found.totals["hours"] == pytest.approx(5)
    assert [way.hours for way in (at["default--load-rail", "mean_h"].up, at["rail", "speed_km_h"].down)] == [
        pytest.approx(24),
        pytest.approx(100 / 45 - 2),
    ]
    assert ("rail", "days") not in at
    later = drivers(network, *ENDS, depart="2026-03-01T22:00")
    # Loaded at 23:00 it waits 2 h, which rest on the timetable; a tenth of loading shifts the wait alone.
    timetable = by_name(later)["rail", "days"]
    assert (timetable.hours, timetable.up, timetable.down) == (pytest.approx(2), None, None)
    assert by_name(later)["default--load-rail", "mean_h"].effect("hours") == 0


def two_ways(folder):
    """Return two ways of 25 h from A to D: by B for 100 USD, by C, whose tariff is 5 % higher, for 102 USD."""
    dear = {"id": "dear", "usd_per_teu_km": 0.105, "usd_year": 2024}
    links = [
        *(link("cn-a -- kz-b"), link("kz-b -- ru-d")),
        *(link("cn-a -- mn-c", tariff="dear"), link("mn-c -- ru-d", tariff="dear")),
    ]
    corridors = [
        {"id": "by-b", "name": "by B", "priority": 1, "require": "CN-KZ"},
        {"id": "by-c", "name": "by C", "priority": 2, "require": "CN-MN"},
    ]
    return tiny_network(folder, links=links, tables={"tariffs": [dear], "corridors": corridors})


def test_another_itinerary_that_becomes_best_is_told_with_its_corridor(tmp_path):
    tariff = by_name(drivers(two_ways(tmp_path), "cn-a", "ru-d"))["flat:0-", "usd_per_teu_km"]
    # 104 against 102 USD.
    assert (tariff.up.best.corridor, tariff.up.best.gain) == ("by-c", pytest.approx(2))
    assert tariff.up.searched
    assert (tariff.down.searched, tariff.down.best) == (True, None)


def test_only_the_values_that_change_the_objective_most_are_searched(tmp_path):
    found = drivers(two_ways(tmp_path), "cn-a", "ru-d", searches=1)
    assert [bool(item.up.searched) for item in found] == [True] + [False] * (len(found) - 1)
    assert not any(item.up.searched for item in drivers(two_ways(tmp_path), "cn-a", "ru-d", searches=0))


def test_the_part_by_which_values_differ_can_be_chosen(tmp_path):
    # At 4 % by B costs 101.6 USD and stays the best; at 50 % a speed of 25 km/h takes 4 h.
    tariff = by_name(drivers(two_ways(tmp_path), "cn-a", "ru-d", percent=4))["flat:0-", "usd_per_teu_km"]
    assert (tariff.up.cost_usd, tariff.up.best) == (pytest.approx(1.6), None)
    half = by_name(drivers(one_haul(tmp_path / "one"), *ENDS, percent=50))
    assert half["rail", "speed_km_h"].down.hours == pytest.approx(2)


def test_a_given_itinerary_is_asked_about_and_may_become_best(tmp_path):
    network = two_ways(tmp_path)
    second = route(network, "cn-a", "ru-d", corridor="by-c", cargo=FREE)[0]
    found = drivers(network, "cn-a", "ru-d", itinerary=second)
    assert found.itinerary == second
    tariff = by_name(found)["dear:0-", "usd_per_teu_km"]
    # 97.8 against 100 USD: it is the best then itself.
    assert (tariff.down.best.itinerary_id, tariff.down.best.gain) == (second.itinerary_id, pytest.approx(0))
    assert tariff.up.best is None


@pytest.mark.parametrize("objective", ["time", "cost", Weights(value_of_time_usd_per_h=30, carbon_usd_per_t=50)])
def test_a_given_itinerary_keeps_its_date_objective_and_planned_links(tmp_path, objective):
    weekly = service("rail", wait_kind="timetable", days=("mon",), departures=(time(10),))
    network = one_haul(tmp_path, services=[weekly], valid_from=date(2040, 1, 1))
    options = {"objective": objective, "depart": "2026-03-05", "planned": True}
    item = route(network, *ENDS, **options)[0]
    found = drivers(network, *ENDS, itinerary=item, searches=0)
    assert found.itinerary == item
    assert found.itinerary.departs == item.departs
    asked = drivers(network, *ENDS, searches=0, **options)
    assert found.to_dict() == asked.to_dict()
    assert found.meta["options"]["objective"] == asked.meta["options"]["objective"]
    undated = drivers(network, *ENDS, itinerary=item, depart="2026-03-09", searches=0)
    assert undated.totals["hours"] < found.totals["hours"]


def test_an_itinerary_of_another_network_or_other_ends_is_refused(tmp_path):
    network, other = two_ways(tmp_path / "a"), two_ways(tmp_path / "b")
    with pytest.raises(QueryError, match="the itinerary belongs to another network"):
        drivers(network, "cn-a", "ru-d", itinerary=route(other, "cn-a", "ru-d")[0])
    with pytest.raises(QueryError, match="leads over cn-a, which is no terminal of kz-b"):
        drivers(network, "kz-b", "ru-d", itinerary=route(network, "cn-a", "ru-d")[0])


@pytest.mark.parametrize("percent", [0, 100, -5, float("nan")])
def test_a_part_that_means_nothing_is_refused(tmp_path, percent):
    with pytest.raises(QueryError, match=r"percent is .* above 0 and below 100"):
        drivers(one_haul(tmp_path), *ENDS, percent=percent)


def test_an_answer_is_a_frame_a_folder_of_tables_and_survives_pickling(tmp_path):
    found = drivers(two_ways(tmp_path / "n"), "cn-a", "ru-d")
    frame = found.to_frame()
    assert len(frame) == len(found)
    row = frame[frame.row == "flat:0-"].iloc[0]
    assert (row["columns"], row.numbers, row.units) == ("usd_per_teu_km", "0.1", "USD/TEU-km")
    assert (row.up_cost_usd, row.up_best_corridor) == (pytest.approx(4), "by-c")
    assert [path.name for path in found.write(tmp_path / "out")] == ["drivers.csv", "confidence.csv"]
    assert pickle.loads(pickle.dumps(found)).to_dict() == found.to_dict()  # noqa: S301
    assert repr(found).startswith("<Drivers: ")


@pytest.mark.parametrize(
    ("ends", "options"),
    [
        (("Xi'an", "Duisburg"), {}),
        ((("51.17", "71.43"), ("51.43", "6.76")), {"cargo": Cargo(cargo_class="loose", container_feet=20)}),
        (("Almaty", "Poti"), {"depart": "2026-10-05"}),
    ],
    ids=["block", "loose from a point", "dated"],
)
def test_changes_are_those_of_a_network_built_anew(network, ends, options):
    ends = tuple(end if isinstance(end, str) else ",".join(end) for end in ends)
    found = drivers(network, *ends, searches=0, **options)
    cargo = options.get("cargo")
    conditions = conditions_from(network, depart=options.get("depart"))
    query = query_from_options(network, ends, conditions, cargo=cargo)
    values = {
        (part.value.table, part.value.row_id, part.value.columns): part.value
        for leg in found.itinerary.legs
        for part in ValueParts(network, query.cargo).of_leg(leg)
    }
    for item in [item for item in found if item.up and item.table != "dataset"][::17]:
        value = values[item.table, item.row, item.columns]
        tables = network.tables.copy()
        rows = [*tables[item.table].rows]
        rows[value.index] = value.times(1.1)
        tables[item.table] = type(tables[item.table])(item.table, "", rows)
        again = _again(Network(tables), ends, cargo, options.get("depart"), found.itinerary.edges)
        expected = [
            after - before
            for after, before in zip(
                (again.time_mean_h, again.cost_usd, again.co2e_kg), found.totals.values(), strict=True
            )
        ]
        assert np.allclose((item.up.hours, item.up.cost_usd, item.up.co2e_kg), expected, rtol=0, atol=1e-9), item


def _again(network, ends, cargo, depart, edges):
    query = query_from_options(network, ends, conditions_from(network, depart=depart), cargo=cargo)
    if depart is None:
        return LegMaker(query).itinerary(edges)
    from landbridge.routing.questions.dated import DatedSearch

    search = DatedSearch(query)
    return search.itinerary(list(edges), search.departure_h)


def test_an_average_cannot_be_less_than_what_its_congested_months_take(tmp_path):
    jam = {"id": "jam", "group": "g", "operations": ("default--unload-rail",), "congested_share": 0.25}
    jam |= {"own_time": "average", "congested_h": 4}
    found = by_name(drivers(one_haul(tmp_path, tables={"traffic": [jam]}), *ENDS, percent=60))
    unload = found["default--unload-rail", "mean_h"]
    # Unloading takes 2 h on average, 1 h of it in congested months: 3.2 h can be, 0.8 h cannot.
    assert unload.up.hours == pytest.approx(1.2)
    assert unload.down is None


def test_values_can_be_put_into_sets(tmp_path):
    found, again = (drivers(one_haul(tmp_path / name), "cn-a", "cn-b", searches=0) for name in ("one", "other"))
    assert found.items == again.items
    assert len({*found, *again}) == len(found)
    assert {found: 1}[found] == 1
