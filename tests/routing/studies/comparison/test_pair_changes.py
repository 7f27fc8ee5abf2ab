"""Records of pairs before and after."""

import pytest

from landbridge.routing import Pair, Pairs
from landbridge.routing.studies.comparison.pair_changes import pair_name, pair_records

GIVEN = {"id": None, "origin": "a", "destination": "b", "teu": 2.0, "tonnes": 24.0, "depart": None}


def pair(**cells):
    return Pair(**GIVEN | {"time_p50_h": 10.0, "time_p90_h": 16.0, "cost_usd": 5.0, "corridor": "middle"} | cells)


NONE = Pair(**GIVEN, error="no route")


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (pair(), pair(), "same"),
        (pair(), pair(cost_usd=6.0), "changed"),
        (pair(), pair(corridor="northern"), "changed"),
        (pair(route_line="A"), pair(route_line="B"), "changed"),
        (pair(), NONE, "lost"),
        (NONE, pair(), "gained"),
        (NONE, NONE, "none"),
    ],
)
def test_an_outcome_says_what_became_of_a_pair(before, after, outcome):
    (record,) = pair_records(Pairs((before,)), Pairs((after,)))
    assert record["outcome"] == outcome
    assert (record["route_line_before"], record["route_line_after"]) == (before.route_line, after.route_line)
    assert (record["error_before"], record["error_after"]) == (before.error, after.error)


def test_reliability_is_the_time_from_the_median_to_p90():
    (record,) = pair_records(Pairs((pair(),)), Pairs((pair(time_p90_h=20.0),)))
    assert record["p90_after_p50_h_before"] == 6
    assert record["p90_after_p50_h_change"] == 4


def test_a_pair_without_an_id_is_named_by_its_ends():
    assert pair_name(pair()) == "a to b"
    assert pair_name(pair(id="x")) == "x"
    assert pair_name(Pair(**GIVEN | {"origin": None})) == "? to b"
