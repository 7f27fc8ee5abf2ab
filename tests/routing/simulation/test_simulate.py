"""The arguments of `simulate`, its errors, and its answer beside that of `route`."""

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import Cargo, route, simulate
from landbridge.routing.simulation.simulate import MAX_RUNS
from tests.support.tiny import link, operation, service, tiny_network


@pytest.fixture
def trip(tmp_path):
    """Return an undated itinerary of one haul of 100 h on average that takes 110 h or less nine times in ten."""
    network = tiny_network(tmp_path, links=[link("cn-a -- de-b", p10_h=90, p50_h=100, p90_h=110)])
    return route(network, "cn-a", "de-b")[0]


def test_without_a_date_it_is_the_time_of_the_itinerary(trip):
    found = simulate(trip)
    for name, hours in trip.time.to_dict().items():
        assert found.time.to_dict()[name] == pytest.approx(hours, rel=0.01), name
    # 1.6449 standard deviations of 10 / 1.2816 h above the mean.
    assert found.p95_h == pytest.approx(trip.time.mean_h + 12.835, rel=0.002)
    assert (found.depart, found.promised, found.on_time, found.missed) == (None, None, None, ())
    assert found.buffer_h == pytest.approx(10, abs=0.15)
    assert [(item.kind, round(item.share, 9)) for item in found.variance] == [("leg", 1)]


def test_one_run_is_an_answer(trip):
    found = simulate(trip, runs=1)
    assert found.time.sd_h == 0
    assert found.time.p10_h == found.time.p90_h == found.hours[0]


@pytest.mark.parametrize("runs", [0, -5, 10**9, 2.5, True, None])
def test_a_number_of_runs_out_of_reach_is_refused(trip, runs):
    with pytest.raises(QueryError, match=rf"runs is .* and must be a whole number from 1 to {MAX_RUNS:,}"):
        simulate(trip, runs=runs)


@pytest.mark.parametrize("seed", [-1, 1.5, "x", 2**63])
def test_a_seed_that_is_none_is_refused(trip, seed):
    with pytest.raises(QueryError, match="seed is"):
        simulate(trip, seed=seed)


def test_whole_numbers_of_numpy_are_as_good_as_those_of_python(trip):
    assert simulate(trip, runs=np.int64(50), seed=np.uint8(3)).to_dict() == simulate(trip, runs=50, seed=3).to_dict()


def test_what_is_no_itinerary_is_refused(trip):
    with pytest.raises(QueryError, match="itinerary is"):
        simulate([trip])


def test_a_promised_day_needs_a_departure(trip):
    with pytest.raises(QueryError, match="promised needs a date of departure"):
        simulate(trip, promised="2026-03-09")
    with pytest.raises(QueryError, match="must be after the departure"):
        simulate(trip, depart="2026-03-09", promised="2026-03-01")


@pytest.mark.parametrize("depart", ["1999-01-01", "2101-01-01", "soon"])
def test_a_departure_outside_of_what_is_known_is_refused(trip, depart):
    with pytest.raises(QueryError, match="depart is"):
        simulate(trip, depart=depart)


def test_departures_and_promises_are_local(trip):
    # China is at UTC+8, Germany at UTC+1 in winter; a day ends at its midnight.
    found = simulate(trip, depart="2026-03-02", promised="2026-03-09", runs=10)
    assert found.depart == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert found.promised == datetime(2026, 3, 9, 23, tzinfo=UTC)
    same = simulate(trip, depart=datetime(2026, 3, 1, 16, tzinfo=UTC), promised=date(2026, 3, 9), runs=10)
    assert same == found
    exact = simulate(trip, depart="2026-03-02T03:00+05:00", promised="2026-03-09T12:00 Asia/Almaty", runs=10)
    assert exact.depart == datetime(2026, 3, 2, 3, tzinfo=timezone(timedelta(hours=5)))
    assert exact.promised == datetime(2026, 3, 9, 7, tzinfo=UTC)


def test_a_date_may_be_given_to_an_undated_itinerary(trip):
    dated = route(trip.network, "cn-a", "de-b", depart="2026-03-02")[0]
    promised = dated.arrives + timedelta(hours=5)
    found, expected = simulate(trip, depart="2026-03-02", promised=promised), simulate(dated, promised=promised)
    assert (found.on_time, found.time, found.variance) == (expected.on_time, expected.time, expected.variance)


def test_the_chance_of_a_dated_itinerary_is_the_same_number(network):
    trip = route(network, "Xi'an", "Duisburg", depart="2026-03-02", cargo=Cargo(cargo_class="loose"))[0]
    assert trip.chance_in_time == simulate(trip, promised=trip.arrives).on_time
    later = replace(trip, arrive_by=trip.arrives + timedelta(days=3))
    found = simulate(later)
    assert found.promised == later.arrive_by
    assert found.on_time == later.chance_in_time > trip.chance_in_time


def test_a_stored_itinerary_is_simulated_without_a_date_only(trip):
    stored = pickle.loads(pickle.dumps(trip))  # noqa: S301
    assert simulate(stored, runs=100) == simulate(trip, runs=100)
    with pytest.raises(QueryError, match="was stored without its network"):
        simulate(stored, depart="2026-03-02")
    dated = route(trip.network, "cn-a", "de-b", depart="2026-03-02")[0]
    assert pickle.loads(pickle.dumps(dated)).chance_in_time == dated.chance_in_time  # noqa: S301


def test_the_same_seed_gives_the_same_runs(trip):
    one, other = (simulate(trip, depart="2026-03-02", runs=9000, seed=11) for _ in range(2))
    assert one.hours.tobytes() == other.hours.tobytes()
    assert (simulate(trip, depart="2026-03-02", runs=9000, seed=12).hours != one.hours).all()


def test_waits_for_departures_are_one_group_of_the_variance_and_each_other_leg_its_own(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", service="own")],
        services=[service("own", wait_kind="headway", headway_h=24)],
        operations=[operation("unload", "cn-b", from_mode="rail", p10_h=1, p50_h=2, p90_h=4)],
    )
    # A wait of 0 to 24 h: 24^2 / 12 = 48 h2. A lognormal with sigma = ln 2 / 1.28155 and the mean 2 exp(sigma^2 / 2) =
    # 2.315 h: 2.315^2 (exp(sigma^2) - 1) = 1.822 h2.
    found = simulate(route(network, "cn-a", "cn-b")[0]).variance
    assert [(item.kind, item.group) for item in found] == [("calendar", "waits for departures"), ("leg", "unload at B")]
    assert [item.share for item in found] == pytest.approx([48 / 49.822, 1.822 / 49.822], rel=1e-3)


def test_shares_of_the_variance_sum_to_at_most_1(network):
    for trip in route(network, "Xi'an", "Duisburg", depart="2026-03-02", k=3):
        shares = [item.share for item in simulate(trip).variance]
        assert shares == sorted(shares, reverse=True)
        # Sampling correlates what is independent by some 0.003 each.
        assert 0.8 < sum(shares) < 1.02


@pytest.mark.parametrize("runs", [1, 2, 10])
def test_shares_of_the_variance_do_not_rest_on_few_runs(network, runs):
    # From two runs alone each of fifty causes would seem to explain everything.
    trip = route(network, "Xi'an", "Duisburg", depart="2026-10-05")[0]
    few, many = simulate(trip, runs=runs).variance, simulate(trip).variance
    assert sum(share.share for share in few) <= 1.02
    assert few[0].group == many[0].group
    assert few[0].share == pytest.approx(many[0].share, abs=0.03)


def test_quantiles_count_stranded_runs_as_late(network):
    # Late in the season of the Northern Sea Route part of the runs does not pass, so that p95 is not reached.
    trip = route(network, "Shanghai", "Rotterdam", corridor="nsr", depart="2026-10-20")[0]
    found = simulate(trip)
    assert 0.05 < found.stranded < 0.1
    assert np.mean(found.hours <= found.time.p90_h) == pytest.approx(0.9, abs=1e-4)
    assert found.buffer_h == pytest.approx(found.time.p90_h - found.planned_h)
    assert found.to_dict()["p95_h"] is None
    assert found.summary()["time_p95_h"] is None


def test_quantiles_that_a_distribution_does_not_meet_are_told(tmp_path):
    # 1 h below and 20 h above the median is more skewed than the largest shape; p10 is then not met.
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", p10_h=19, p50_h=20, p90_h=40)])
    found = simulate(route(network, "cn-a", "cn-b")[0], runs=10)
    [misfit] = found.misfits
    assert found.itinerary.legs[misfit.leg].kind == "haul"
    assert misfit.given_h == (19, 20, 40)
    # With e^(1.25 x 1.2816) = 4.963 the start is 20 - 20 / 3.963 = 14.953, and p10 = 14.953 + 5.047 / 4.963 = 15.97.
    assert misfit.drawn_h == pytest.approx((15.97, 20, 40), abs=0.001)
    assert misfit.error == pytest.approx(0.1515, abs=0.0001)


def test_ten_million_runs_fit_in_memory():
    assert MAX_RUNS * np.dtype(np.float64).itemsize <= 100e6


@pytest.mark.parametrize("family", ["gamma", "pert"])
def test_another_family_has_the_same_quantiles(tmp_path, family):
    # One leg alone spreads: 10, 20 and 38 h, which every family can meet, beside 3 h of loading and unloading.
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", p10_h=10, p50_h=20, p90_h=38)])
    trip = route(network, "cn-a", "cn-b")[0]
    usual, other = simulate(trip), simulate(trip, family=family)
    for name in ("p10_h", "p50_h", "p90_h"):
        assert getattr(other.time, name) == pytest.approx(getattr(usual.time, name), rel=0.01), name
    assert other.misfits == ()
    # The lognormal has the heaviest tail, the PERT an end.
    assert other.p95_h < usual.p95_h
    assert other.hours.max() < usual.hours.max()
    assert [round(item.share, 6) for item in other.variance] == [1]


def test_a_family_that_cannot_meet_the_quantiles_says_so(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", p10_h=15, p50_h=20, p90_h=38)])
    trip = route(network, "cn-a", "cn-b", depart="2026-03-02")[0]
    assert simulate(trip, runs=10).misfits == ()
    [misfit] = simulate(trip, runs=10, family="pert").misfits
    # A PERT with the mode at its start has p10, p50 and p90 at 0.0209, 0.1294 and 0.3690: 18 / 0.2396 x 0.1085 = 8.15.
    assert misfit.drawn_h == pytest.approx((20 - 8.15, 20, 38), abs=0.01)
    with pytest.raises(QueryError, match="family is 'weibull'"):
        simulate(trip, family="weibull")


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_measured_hours_take_the_place_of_the_distribution_of_a_leg(trip, depart):
    haul = next(index for index, leg in enumerate(trip.legs) if leg.kind == "haul")
    found = simulate(trip, depart=depart, observed={haul: [20, 40, 60, 80]})
    # Beside loading and unloading (3 h) the median is 50 h; a tenth lies below 20 h, where the data have a quarter.
    rest_h = trip.time.mean_h - trip.legs[haul].time.mean_h
    assert found.time.p50_h == pytest.approx(50 + rest_h, abs=0.5)
    assert (found.hours.min(), found.hours.max()) == pytest.approx((20 + rest_h, 80 + rest_h))
    assert found.time.p10_h == pytest.approx(20 + rest_h, abs=0.01)
    assert found.time.mean_h == pytest.approx(50 + rest_h, abs=0.3)


def test_measured_hours_belong_to_a_dated_itinerary_too(network):
    trip = route(network, "Xi'an", "Duisburg", depart="2026-03-02", cargo=Cargo(cargo_class="loose"))[0]
    border = max(range(len(trip.legs)), key=lambda index: trip.legs[index].time.sd_h)
    usual, measured = simulate(trip, runs=20_000), simulate(trip, runs=20_000, observed={border: [10, 11]})
    assert measured.time.sd_h < usual.time.sd_h
    assert measured.time.mean_h == pytest.approx(usual.time.mean_h - trip.legs[border].time.mean_h + 10.5, abs=5)


@pytest.mark.parametrize(
    "observed",
    [
        {99: [1, 2]},
        *({0: hours} for hours in ([], [5], [5, 5], [-1, 2], [[1], [2]], [1, float("nan")], [1, float("inf")])),
        *({0: hours} for hours in ({5.0, 6.0}, ["5", "6"], np.ma.array([5.0, 6.0], mask=[0, 1]), None)),
        *({leg: [5, 6]} for leg in (0.0, False, "0", None)),
        *("", 0, [], [[5, 6]]),
    ],
    ids=repr,
)
def test_measured_hours_that_mean_nothing_are_refused(trip, observed):
    with pytest.raises(QueryError, match="observed"):
        simulate(trip, observed=observed)


def test_an_hour_of_the_clock_that_is_struck_twice_counts_twice(tmp_path):
    (trip,) = route(tiny_network(tmp_path, links=[link("de-a -- de-b")]), "de-a", "de-b", depart="2026-10-25")
    # 1 h of loading, 2 h of haul and 2 h of unloading from midnight: at 3 the clock is put back to 2, so that it is 4.
    chances = [simulate(trip, runs=10, promised=f"2026-10-25T{clock}").on_time for clock in ("03:30", "04:30")]
    assert chances == [0.0, 1.0]
