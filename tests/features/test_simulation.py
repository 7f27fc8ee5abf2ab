"""How sure is the arrival of one shipment? Cases whose chances can be worked out by hand.

2 March 2026 is a Monday. Nothing spreads but the state of the month: loading takes 1 h, in congested months 40 h. A
link takes 2 h, unloading 2 h. 100,000 runs give a probability within 0.004 (three standard errors).
"""

from datetime import time
from statistics import NormalDist

import pytest

from landbridge.networks import QueryError
from landbridge.routing import Cargo, route, simulate
from tests.support.tiny import link, operation, service, tiny_network

DAILY = {"wait_kind": "timetable", "departures": (time(12),)}


def train(folder, *, share=0.25, congested_h=40, tables=None, **cells):
    """Return a network of one train whose loading is congested in some months."""
    jam = {"id": "jam", "group": "g", "operations": ("own-load",), "own_time": "normal"}
    jam |= {"congested_share": share, "congested_h": congested_h}
    return tiny_network(
        folder,
        links=[link("cn-a -- cn-b", service="own")],
        services=[service("own", **cells)],
        operations=[operation("load", "cn-a", id="own-load", to_mode="rail", mean_h=1)],
        tables={"traffic": [jam], **(tables or {})},
    )


def test_cargo_that_misses_its_train_takes_the_next_one(tmp_path):
    trip = route(train(tmp_path, **DAILY), "cn-a", "cn-b", depart="2026-03-02")[0]
    found = simulate(trip, promised="2026-03-03")
    # Loaded at 1:00 the train of Monday noon is taken: 16 h. Loaded on Tuesday at 16:00 that of Wednesday: 64 h.
    assert (found.time.p10_h, found.time.p50_h, found.time.p90_h, found.p95_h) == pytest.approx((16, 16, 64, 64))
    assert found.time.mean_h == pytest.approx(0.75 * 16 + 0.25 * 64, abs=0.2)
    assert found.time.sd_h == pytest.approx(48 * (0.25 * 0.75) ** 0.5, abs=0.1)
    assert found.on_time == pytest.approx(0.75, abs=0.004)
    # Loading takes 10.75 h on average, so that the plan is the train of Monday; 48 h more are needed nine times in ten.
    assert found.planned_h == 16
    assert found.buffer_h == pytest.approx(48)
    [missed] = found.missed
    assert (missed.place, missed.service, trip.legs[missed.leg].kind) == ("cn-a", "own", "wait")
    assert missed.share_missed == pytest.approx(0.25, abs=0.004)
    assert missed.mean_wait_h == pytest.approx(20)
    # The month explains all.
    assert [(item.group, item.kind) for item in found.variance] == [("g", "traffic")]
    assert found.variance[0].share == pytest.approx(1)
    # Both are there by the end of Wednesday.
    assert simulate(trip, promised="2026-03-04").on_time == 1
    assert simulate(trip, promised="2026-03-04T15:59").on_time == pytest.approx(0.75, abs=0.004)


def test_a_late_truck_misses_the_ship_with_the_probability_of_its_delay(tmp_path):
    ship = service("ship", "sea", wait_kind="timetable", days=("mon",), departures=(time(12),), cut_off_h=6)
    links = [link("cn-a -- cn-b", p10_h=90, p50_h=100, p90_h=110), link("cn-b -- de-c", "sea", service="ship")]
    network = tiny_network(tmp_path, links=links, services=[ship])
    trip = route(network, "cn-a", "de-c", depart="2026-03-04T00:00")[0]
    # Loaded 1 h, hauled 100 h, transshipped 3 h: on Sunday at 8:00, 22 h before the cut-off on Monday at 6:00.
    late = 1 - NormalDist(100, 10 / 1.2815515655446004).cdf(122)
    [missed] = simulate(trip).missed
    assert missed.share_missed == pytest.approx(late, abs=0.0015)
    # The next ship leaves a week later, and nearly all of those late wait for about that week.
    assert 150 < missed.mean_wait_h < 174
    assert trip.chance_in_time == pytest.approx(1 - late, abs=0.0015)


def test_cargo_under_way_waits_for_the_end_of_a_closure_that_it_meets(tmp_path):
    # The link is shut on the 3rd and 4th, known before: in normal months cargo passes on the 2nd, else it comes on the
    # 3rd at 16:00 and waits until the 5th at 0:00. 5 h, or 72 + 2 + 2 h.
    shut = {"id": "strike", "target": "services", "ids": ("own",), "first": "2026-03-03", "last": "2026-03-04"}
    trip = route(train(tmp_path, tables={"closures": [shut]}), "cn-a", "cn-b", depart="2026-03-02")[0]
    found = simulate(trip)
    assert (found.time.p50_h, found.time.p90_h, found.stranded) == pytest.approx((5, 76, 0))


def test_cargo_that_would_wait_for_over_two_weeks_is_stranded_and_counts_as_late(tmp_path):
    shut = {"id": "strike", "target": "services", "ids": ("own",), "first": "2026-03-03", "last": "2026-03-31"}
    trip = route(train(tmp_path, tables={"closures": [shut]}), "cn-a", "cn-b", depart="2026-03-02")[0]
    found = simulate(trip, promised="2026-06-01")
    assert found.stranded == pytest.approx(0.25, abs=0.004)
    assert found.on_time == pytest.approx(1 - found.stranded)
    # The mean is of those that arrive; of all, over a tenth does not.
    assert (found.time.mean_h, found.time.p50_h) == (pytest.approx(5), pytest.approx(5))
    assert (found.time.p90_h, found.to_dict()["time_h"]["p90"], found.buffer_h) == (float("inf"), None, None)


def test_runs_that_all_are_stranded_have_no_times(tmp_path):
    shut = {"id": "strike", "target": "services", "ids": ("own",), "first": "2026-03-03", "last": "2026-03-31"}
    trip = route(train(tmp_path, tables={"closures": [shut]}), "cn-a", "cn-b", depart="2026-03-02")[0]

    def one_run(seed):
        try:
            return simulate(trip, runs=1, seed=seed).time.mean_h
        except QueryError as error:
            return str(error)

    refused = (
        "each of 1 runs waits for over 14 days at something that is closed; draw more runs, or choose another departure"
    )
    assert {one_run(seed) for seed in range(20)} == {5.0, refused}


def test_a_date_that_the_itinerary_does_not_know_is_an_error_that_names_what_is_closed(tmp_path):
    network = train(tmp_path, tables={"closures": []})
    shut = {"id": "strike", "target": "services", "ids": ("own",), "first": "2026-03-01", "last": "2026-03-31"}
    closed = train(tmp_path / "closed", tables={"closures": [shut]})
    trip = route(network, "cn-a", "cn-b")[0]
    assert simulate(trip, depart="2026-03-02").planned_h == pytest.approx(1 + 39 / 4 + 4)
    moved = route(closed, "cn-a", "cn-b", depart="2026-02-01")[0]
    with pytest.raises(QueryError, match=r"closed on this date: wait for own at A does not begin within 14 days"):
        simulate(moved, depart="2026-03-02")


@pytest.mark.parametrize(("cargo_class", "hours"), [("block", 16), ("loose", 40)])
def test_loose_cargo_is_there_earlier_by_its_wait_for_a_place(tmp_path, cargo_class, hours):
    # In normal months loaded at 1:00: a place for loose cargo is found 20 h later, behind the train of Monday noon.
    network = train(tmp_path, **DAILY, loose_wait_h=20)
    trip = route(network, "cn-a", "cn-b", depart="2026-03-02", cargo=Cargo(cargo_class=cargo_class))[0]
    assert simulate(trip).time.p50_h == pytest.approx(hours)
