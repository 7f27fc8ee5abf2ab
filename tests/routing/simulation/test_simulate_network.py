"""The network under load, on networks whose answer is known."""

import pickle
from datetime import date

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import assign, simulate_network
from landbridge.routing.simulation.simulate_network import flows_given
from tests.support.crossings import count, two_crossings
from tests.support.queues import demand, ferry_network, hall_network

SHORT = {"days": 5, "warm_up": 0, "replications": 1}


def records(network, *rows, **options):
    return simulate_network(network, list(rows) or [demand()], **options).resources()


def test_the_wait_at_two_servers_is_that_of_erlang(tmp_path):
    # M/M/2 with a service of a day and one arrival a day: P(wait) = 1/3, W = 1/3 / (2 - 1) days = 8 h.
    (row,) = records(hall_network(tmp_path), days=3000, warm_up=100, replications=40)
    assert row["wait_ci95_low_h"] - 0.2 <= 8 <= row["wait_ci95_high_h"] + 0.2
    assert row["wait_mean_h"] == pytest.approx(8, rel=0.05)
    assert row["utilisation_carried"] == pytest.approx(0.5, rel=0.02)


def test_a_path_takes_as_long_as_published_but_for_the_error_of_the_formula(tmp_path):
    # 67 h as published; the formula has 8.79 h for a wait of 8 h.
    found = simulate_network(hall_network(tmp_path), [demand()], days=2000, warm_up=100, replications=20)
    (corridor,) = found.transit()
    assert corridor["time_mean_h"] == pytest.approx(67 - 0.79, abs=0.5)


def test_the_same_seed_gives_the_same_answer_for_any_number_of_workers(tmp_path):
    network = hall_network(tmp_path)
    answers = [
        simulate_network(network, [demand()], days=60, warm_up=10, replications=5, seed=7, workers=workers).to_dict()
        for workers in (1, 3)
    ]
    assert answers[0] == answers[1]
    assert answers[0] != simulate_network(network, [demand()], days=60, warm_up=10, replications=5, seed=8).to_dict()


def test_no_demand_is_that_of_the_network_fitted_to_its_counts(tmp_path):
    network = two_crossings(tmp_path, [count("x", 80, "training"), count("y", 20, "test")])
    flows = flows_given(network, None, 2024)
    assert flows.demand_set == "demand_estimated"
    # 100 TEU a day over the two crossings and 5 that need none of them.
    assert flows.served_teu_day.sum() == pytest.approx(105)


def test_the_run_begins_on_1_january_of_the_year_unless_a_day_is_given(tmp_path):
    network = hall_network(tmp_path)
    # The tiny network has no years: that of its reference date, 2026.
    assert simulate_network(network, [demand()], **SHORT).start == date(2026, 1, 1)
    assert simulate_network(network, [demand()], start="2025-09-01", **SHORT).start == date(2025, 9, 1)
    for start in ("2025-09-01T08:00", "2025-09-01T00:00 Asia/Almaty"):
        with pytest.raises(
            QueryError, match=f"start is '{start}' and must be a day, without a time of day or a time zone"
        ):
            simulate_network(network, [demand()], start=start, **SHORT)


def test_an_assignment_is_taken_as_it_is(tmp_path):
    network = hall_network(tmp_path)
    flows = assign(network, [demand()], capacity="none")
    assert flows_given(network, flows, None) is flows


def test_an_assignment_that_was_bounded_is_refused(tmp_path):
    network = hall_network(tmp_path)
    with pytest.raises(QueryError, match='capacity="none"'):
        simulate_network(network, assign(network, [demand()]))


def test_an_assignment_of_another_network_or_without_one_is_refused(tmp_path):
    network = hall_network(tmp_path)
    flows = assign(network, [demand()], capacity="none")
    with pytest.raises(QueryError, match="belongs to another network"):
        simulate_network(hall_network(tmp_path / "other"), flows)
    with pytest.raises(QueryError, match="stored without its network"):
        simulate_network(network, pickle.loads(pickle.dumps(flows)))  # noqa: S301 - our own


def test_an_assignment_without_capacities_by_logit_is_taken(tmp_path):
    network = hall_network(tmp_path)
    assert simulate_network(network, assign(network, [demand()], logit=100.0), **SHORT).replications == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": 0}, "days is 0 and must be a whole number from 1"),
        ({"days": 10**9}, "days is 1000000000 and must be"),
        ({"replications": 0}, "replications is 0"),
        ({"replications": 10**9}, "replications is 1000000000"),
        ({"warm_up": -1}, "warm_up is -1"),
        ({"seed": "x"}, "seed is 'x'"),
        ({"seed": -1}, "seed is -1"),
        ({"workers": 0}, "workers is 0"),
        ({"start": "2025-13-01"}, "2025-13-01"),
        ({"close": "hall:2020-01-01..2020-02-01"}, "lies outside the run"),
        ({"year": 1990}, "neither demand nor a capacity of 1990"),
    ],
)
def test_an_invalid_option_says_what_to_give(tmp_path, options, said):
    with pytest.raises(QueryError, match=said):
        simulate_network(hall_network(tmp_path), [demand()], **options)


def test_a_demand_of_0_is_refused(tmp_path):
    with pytest.raises(QueryError, match="the demand is 0"):
        simulate_network(hall_network(tmp_path), [demand(0)])


def test_more_entities_than_can_be_simulated_are_refused(tmp_path):
    # 2 million TEU a day are 20,000 trains of 100 TEU, each with two stops, of 3,650 + 120 days, 500 times.
    with pytest.raises(QueryError, match=r"75,400,000,000 stops .* more than 20,000,000,000; give a smaller demand"):
        simulate_network(hall_network(tmp_path), [demand(2e6)], days=3650, replications=500)


def test_more_days_than_can_be_kept_are_refused_before_the_demand_is_read(tmp_path):
    said = (
        "10,000 replications of 365 days are more than 2,000,000 days in all; give at most 5,479 replications, or fewer"
    )
    with pytest.raises(QueryError, match=said):
        simulate_network(hall_network(tmp_path), "no demand", days=365, replications=10_000)


def test_a_capacity_of_0_delivers_nothing_and_says_so(tmp_path):
    found = simulate_network(hall_network(tmp_path, hall={"capacity": 0}), [demand()], **SHORT)
    assert found.delivered_teu_day == 0
    (row,) = found.resources()
    assert row["wait_mean_h"] is None


def test_a_closure_of_the_whole_run_delivers_nothing(tmp_path):
    network = hall_network(tmp_path)
    found = simulate_network(network, [demand()], close="hall:2020-01-01..2030-01-01", **SHORT)
    assert found.delivered_teu_day == 0


def test_over_its_capacity_a_queue_grows_by_what_is_too_much(tmp_path):
    # 250 TEU a day for a hall of 200.
    (row,) = records(hall_network(tmp_path), demand(250), days=1000, warm_up=50, replications=10)
    assert row["growth_teu_day"] == pytest.approx(50, rel=0.1)
    assert row["wait_mean_h"] is None


def test_a_ban_holds_cargo_at_its_start_and_lets_it_go_afterwards(tmp_path):
    # 100 TEU a day for 10 days; what is held and what waits in the hall make one queue.
    ban = "hall:2025-03-01..2025-03-10"
    found = simulate_network(
        hall_network(tmp_path), [demand()], ban=ban, start="2025-01-01", days=120, warm_up=20, replications=20
    )
    (recovery,) = found.recovery()
    assert recovery["queue_peak_teu"] == pytest.approx(1000, rel=0.2)
    # The hall works it off at 100 TEU a day beside what comes, with two of its queues of 50 TEU at the most left.
    assert 5 <= recovery["normal_after_days"] <= 15


def test_ships_carry_what_is_asked_of_them(tmp_path):
    network = ferry_network(tmp_path, fleet={"ships": 3}, ferry={"max_wait_h": 48})
    found = simulate_network(network, [demand(100, "kz-0", "az-1")], days=300, warm_up=50, replications=5)
    assert found.delivered_teu_day == pytest.approx(100, rel=0.1)
    assert np.isfinite(found.transit()[0]["time_mean_h"])


def test_the_usual_warm_up_is_of_120_days(tmp_path):
    found = simulate_network(hall_network(tmp_path), [demand()], days=5, replications=1)
    assert found.warm_up_days == 120


def test_demand_without_a_path_and_the_warm_up_are_part_of_the_answer(tmp_path):
    # By sea only there is no way; a run of a closure has no steady state to warm up to.
    network, rows = hall_network(tmp_path), [demand(), demand(7, id="sea", modes=("sea",))]
    found = simulate_network(network, rows, days=100, warm_up=30, replications=3)
    assert found.unserved_teu_day == pytest.approx(7)
    assert 0 <= found.warm_up_short_days <= 50
    closed = simulate_network(network, rows, close="hall:2020-01-01..2030-01-01", **SHORT)
    assert closed.to_dict()["warm_up_short_days"] is None
