"""Thresholds at which another corridor wins, worked out by hand and checked by applying them."""

import pytest

from landbridge.routing.studies.comparison.break_even import (
    Alternative,
    Row,
    corridor_teu_day,
    costs_usd,
    lead_thresholds,
    row_thresholds,
)

STEPPE, MONGOLIA, SEA = Alternative("middle", 100, 29), Alternative("mongolia", 120, 33), Alternative("suez", 40, 80)
ROW = Row("x", 10.0, 2.0, (SEA, MONGOLIA, STEPPE))
"""At 2 USD an hour: 100 + 58, 120 + 66 and 40 + 160."""


def changed_alternatives(row, corridor, *, price=1.0, time=1.0, usd_more=0.0):
    """Return a row with a corridor at a factor of its price and of its time, and at other USD per TEU."""
    return row._replace(
        alternatives=tuple(
            item._replace(usd=price * item.usd + usd_more, hours=time * item.hours)
            if item.corridor == corridor
            else item
            for item in row.alternatives
        )
    )


def thresholds(row):
    return {found["corridor"]: found for found in row_thresholds(row)}


def test_thresholds_are_the_distance_to_the_best_of_the_others():
    found = thresholds(ROW)
    assert list(found) == ["middle", "mongolia", "suez"]
    assert [item["wins"] for item in found.values()] == [True, False, False]
    assert [item["may_cost_more_usd_per_teu"] for item in found.values()] == [28, -28, -42]
    assert [item["price_factor"] for item in found.values()] == [pytest.approx(1.28), pytest.approx(92 / 120), None]
    assert [item["time_factor"] for item in found.values()] == pytest.approx([86 / 58, 38 / 66, 118 / 160])


def test_values_of_an_hour_are_divided_along_the_lower_envelope():
    # 100 + 29 v = 40 + 80 v at 60 / 51; Mongolia is dearer and slower than the steppe.
    found = thresholds(ROW)
    ends = {name: (row["wins_from_usd_per_h"], row["wins_to_usd_per_h"]) for name, row in found.items()}
    assert ends["suez"] == pytest.approx((0, 60 / 51))
    assert ends["middle"] == (pytest.approx(60 / 51), None)
    assert ends["mongolia"] == (None, None)
    for value, best in ((60 / 51 - 0.01, "suez"), (60 / 51 + 0.01, "middle")):
        assert next(iter(corridor_teu_day([ROW._replace(hour_usd=value)]))) == best


@pytest.mark.parametrize("corridor", ["middle", "mongolia", "suez"])
@pytest.mark.parametrize(("option", "column"), [("price", "price_factor"), ("time", "time_factor")])
def test_at_a_factor_a_corridor_ties_and_on_either_side_it_wins_or_loses(corridor, option, column):
    at = thresholds(ROW)[corridor][column]
    if at is None:
        assert (corridor, option) == ("suez", "price")
        # Free of charge it still takes 160 USD of time, and the steppe costs 158.
        assert next(iter(corridor_teu_day([changed_alternatives(ROW, corridor, price=0.0)]))) == "middle"
        return
    applied = changed_alternatives(ROW, corridor, **{option: at})
    own = [item.corridor for item in applied.alternatives].index(corridor)
    costs = costs_usd(applied)
    assert costs[own] == pytest.approx(min(cost for number, cost in enumerate(costs) if number != own))
    for nudged, wins in ((at - 1e-9, True), (at + 1e-9, False)):
        first = next(iter(corridor_teu_day([changed_alternatives(ROW, corridor, **{option: nudged})])))
        assert (first == corridor) == wins


def test_the_only_corridor_has_no_threshold():
    (found,) = row_thresholds(Row("x", 1.0, 2.0, (STEPPE,)))
    assert (found["wins"], found["price_factor"], found["may_cost_more_usd_per_teu"]) == (True, None, None)
    assert (found["wins_from_usd_per_h"], found["wins_to_usd_per_h"]) == (0.0, None)
    assert row_thresholds(Row("x", 1.0, 2.0, ())) == []


def rows(*pairs):
    """Return rows of TEU a day, and what the Middle Corridor and the sea cost (None: not there)."""
    return [
        Row(
            str(number),
            teu_day,
            0.0,
            tuple(Alternative(name, usd, 1.0) for name, usd in (("middle", own), ("suez", other)) if usd is not None),
        )
        for number, (teu_day, own, other) in enumerate(pairs)
    ]


def lead(found, corridor):
    return next(item for item in found if item["corridor"] == corridor)


def test_the_largest_share_flips_where_enough_rows_have():
    # The rows flip at 0.9 and 0.6 of the price: 10 of 40 TEU are not the most, all are.
    found = lead_thresholds(rows((10, 100, 90), (30, 100, 60)))
    middle, sea = lead(found, "middle"), lead(found, "suez")
    assert (middle["leads"], middle["price_factor"], middle["teu_day"]) == (False, pytest.approx(0.6), 0)
    assert middle["may_cost_more_usd_per_teu"] == pytest.approx(-40)
    # The sea keeps its lead until the row of 30 TEU leaves it at 100 / 60.
    assert (sea["leads"], sea["price_factor"], sea["share"]) == (True, pytest.approx(100 / 60), 1)
    # 25 TEU that have nothing else are the most with the first row.
    bound = lead(lead_thresholds(rows((10, 100, 90), (30, 100, 60), (25, 100, None))), "middle")
    assert bound["price_factor"] == pytest.approx(0.9)


def test_a_lead_at_any_price_or_at_none_has_no_threshold():
    found = lead_thresholds(rows((10, 100, None), (5, None, 90)))
    assert [(row["corridor"], row["leads"], row["price_factor"]) for row in found] == [
        ("middle", True, None),
        ("suez", False, None),
    ]
    assert lead_thresholds([]) == []


@pytest.mark.parametrize("scale", [None, 15.0])
@pytest.mark.parametrize(
    ("option", "column"),
    [("price", "price_factor"), ("time", "time_factor"), ("usd_more", "may_cost_more_usd_per_teu")],
)
def test_applied_to_all_rows_the_threshold_gives_as_much_as_the_largest_other(scale, option, column):
    demand = [
        ROW,
        Row("y", 7.0, 1.5, (STEPPE, SEA)),
        Row("z", 4.0, 3.0, (Alternative("middle", 80, 60), Alternative("mongolia", 90, 40))),
    ]
    for row in lead_thresholds(demand, scale):
        at = row[column]
        if at is None:
            continue
        gaps = []
        for nudge in (-1e-6, 0, 1e-6):
            applied = [changed_alternatives(one, row["corridor"], **{option: at + nudge}) for one in demand]
            flows = corridor_teu_day(applied, scale)
            gaps.append(flows[row["corridor"]] - max(teu for name, teu in flows.items() if name != row["corridor"]))
        assert gaps[0] >= 0 >= gaps[2]
        if scale is not None:
            assert gaps[1] == pytest.approx(0, abs=1e-6)


def test_a_logit_shares_by_e():
    found = corridor_teu_day(rows((10, 100, 120)), 20.0)
    assert found["middle"] / found["suez"] == pytest.approx(2.718281828)
    # Two alternatives share equally where they cost the same.
    assert lead(lead_thresholds(rows((10, 100, 120)), 20.0), "middle")["price_factor"] == pytest.approx(1.2)
