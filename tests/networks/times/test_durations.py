"""Times of links, operations and waits, with expected hours worked out by hand."""

import math

import pytest

from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.networks.times.durations import (
    Duration,
    default_spread,
    link_duration,
    link_length_km,
    operation_duration,
    running_source,
    wait_duration,
    with_opening,
)
from landbridge.networks.times.opening_hours import OpeningWait
from tests.support.tiny import link, operation, place, service, tiny_network

WIDE = {"id": "wide", "p10_ratio": 0.5, "p50_ratio": 0.9, "p90_ratio": 1.7}
STORMY = WIDE | {"id": "stormy", "shared_factor": "storm", "shared_share": 0.4}


def one_link(tmp_path, *, services=(), spreads=(WIDE, STORMY), places=(), **cells):
    """Return duration and length of a single link."""
    links = [link("cn-a -- cn-b", **cells)]
    network = tiny_network(tmp_path, links=links, services=services, places=places, tables={"spreads": spreads})
    (row,), spreads_by_id = network.links, network.tables["spreads"].by_key()
    length = link_length_km(row, network.places, network.tables["modes"].by_key())
    return link_duration(row, network.services[row["service"]], length, spreads_by_id), length


def wait(tmp_path, *, loose=False, **cells):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        services=[service("rail", **cells)],
        tables={"spreads": [WIDE, STORMY]},
    )
    return wait_duration(network.services["rail"], network.tables["spreads"].by_key(), loose=loose)


def test_a_link_takes_its_length_over_the_speed_of_its_service(tmp_path):
    duration, length = one_link(tmp_path, length_km=120, services=[service("rail", speed_km_h=40)])
    assert length == 120
    assert duration.time == (3, 0, 0)


def test_a_speed_of_its_own_comes_before_that_of_the_service(tmp_path):
    duration, _ = one_link(tmp_path, length_km=120, speed_km_h=20)
    assert duration.time.mean_h == 6


def test_a_time_by_speed_starts_at_the_least_time_of_the_link(tmp_path):
    free, _ = one_link(tmp_path / "free", length_km=120, speed_km_h=20, spread="wide")
    bound, _ = one_link(tmp_path / "bound", length_km=120, speed_km_h=20, spread="wide", min_h=5.9)
    assert bound.time.mean_h == free.time.mean_h == 6
    assert free.time.p10_h < 5.9 <= bound.time.p10_h


def test_a_mean_of_its_own_comes_before_length_and_speed(tmp_path):
    duration, _ = one_link(tmp_path, length_km=120, speed_km_h=20, mean_h=50)
    assert duration.time.mean_h == 50


def test_quantiles_of_its_own_are_kept(tmp_path):
    duration, _ = one_link(tmp_path, p10_h=10, p50_h=12, p90_h=18, spread="stormy")
    assert duration.time.quantile(0.1) == pytest.approx(10)
    assert duration.time.quantile(0.5) == pytest.approx(12)
    assert duration.time.quantile(0.9) == pytest.approx(18)
    assert (duration.factor, duration.share) == ("storm", 0.4)


def test_a_spread_of_its_own_comes_before_that_of_the_service(tmp_path):
    duration, _ = one_link(tmp_path, spread="stormy")
    assert duration.time.mean_h == 2
    assert duration.time.quantile(0.9) > 2
    assert (duration.factor, duration.share) == ("storm", 0.4)


def test_a_link_without_a_length_is_as_long_as_its_drawn_line_times_the_detour_of_its_mode(tmp_path):
    places = [place("cn-a", lon=0, lat=0), place("cn-b", lon=1, lat=0)]
    links = [link("cn-a -- cn-b", length_km=None, waypoints="0.5 0")]
    network = tiny_network(
        tmp_path, links=links, places=places, tables={"modes": [{"mode": "rail", "detour_factor": 1.2}]}
    )
    # A degree of the equator: pi * 6371.0088 km / 180 = 111.195 km; by 1.2 that is 133.434 km.
    assert network.link_lengths_km == [pytest.approx(133.434, abs=0.001)]


def test_a_given_length_is_not_lengthened_by_the_detour_factor(tmp_path):
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], tables={"modes": [{"mode": "rail", "detour_factor": 1.2}]}
    )
    assert network.link_lengths_km == [100]


@pytest.mark.parametrize(
    ("row", "spread"),
    [
        (operation("border_exit"), "border-rail"),
        (operation("border_entry", from_mode="road"), "border-road"),
        (operation("transship", from_mode="rail", to_mode="road"), "transship-terminal"),
        (operation("transship", from_mode="rail", to_mode="sea"), "transship-port"),
        (operation("transship", from_mode="ferry", to_mode="road"), "transship-port"),
        (operation("transship", from_mode="iww", to_mode="rail"), "transship-port"),
        (operation("gauge_change"), "gauge-change"),
        (operation("note_change"), "note-change"),
        (operation("load", from_mode=None, to_mode="rail"), "load"),
        (operation("unload", from_mode="rail", to_mode=None), "unload"),
    ],
)
def test_an_operation_that_names_no_spread_has_that_of_its_kind(row, spread):
    assert default_spread(row) == spread


def operation_time(tmp_path, **cells):
    row = operation("load", "cn-a", to_mode="rail", id="own", **cells)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], operations=[row], tables={"spreads": [WIDE, STORMY]})
    spreads = network.tables["spreads"].by_key()
    return operation_duration(network.tables["operations"].by_key()["own"], spreads)


def test_an_operation_with_a_mean_has_the_spread_that_it_names(tmp_path):
    duration = operation_time(tmp_path, mean_h=10, spread="stormy")
    assert duration.time.mean_h == 10
    assert duration.time.sd_h > 1
    assert (duration.factor, duration.share) == ("storm", 0.4)


def test_an_operation_with_quantiles_keeps_them(tmp_path):
    duration = operation_time(tmp_path, p10_h=1, p50_h=2, p90_h=5)
    assert duration.time.quantile(0.9) == pytest.approx(5)


def test_an_operation_with_a_mean_does_not_end_before_its_least_time(tmp_path):
    """As the schema of `operations.min_h` says: the distribution does not start below it."""
    duration = operation_time(tmp_path, mean_h=10, min_h=4, spread="wide")
    assert duration.time.mean_h == pytest.approx(10)
    assert duration.time.quantile(1e-6) >= 3.99


def test_a_wait_for_a_headway_is_uniform_and_has_the_cut_off_in_front(tmp_path):
    duration = wait(tmp_path, wait_kind="headway", headway_h=48, cut_off_h=6)
    assert duration.time.mean_h == 24 + 6
    assert duration.time.sd_h == pytest.approx(48 / math.sqrt(12))
    assert duration.time.shape == UNIFORM
    assert duration.time.quantile(0) == pytest.approx(6)
    assert duration.time.quantile(1) == pytest.approx(54)
    assert duration.factor is None


def test_a_wait_for_a_timetable_is_that_of_its_gaps_with_the_cut_off_in_front(tmp_path):
    duration = wait(tmp_path, wait_kind="timetable", days=("mon", "thu"), departures=("10:00",), cut_off_h=5)
    # Gaps of 72 and 96 h: mean (5184 + 9216) / 336 = 42.857 h, second moment (373248 + 884736) / 504 = 2496 h2.
    assert duration.time.mean_h == pytest.approx(14400 / 336 + 5)
    assert duration.time.sd_h**2 == pytest.approx(2496 - (14400 / 336) ** 2)
    assert duration.time.shape == UNIFORM
    assert duration.factor is None


def test_loose_cargo_waits_longer_for_a_timetable_too(tmp_path):
    cells = {"wait_kind": "timetable", "departures": ("10:00",), "loose_wait_h": 36}
    # Gaps of 24 h: mean 12 h, variance 48 h2; uniform over twice 36 h: 432 h2.
    assert wait(tmp_path, loose=True, **cells).time.mean_h == pytest.approx(12 + 36)
    assert wait(tmp_path, loose=True, **cells).time.sd_h ** 2 == pytest.approx(480)


def test_the_wait_for_an_opening_is_added_to_a_running_time_and_its_variance_too():
    running = Duration(TimeDistribution(10, 3, 0.5), "storm", 0.4)
    mean_h, sd_h, shape = with_opening(running, OpeningWait(7, 4)).time
    assert (mean_h, sd_h, shape) == (17, 5, UNIFORM)
    # The factor has 0.4 of 9 h2, which is 0.144 of 25 h2.
    assert with_opening(running, OpeningWait(7, 4)).share == pytest.approx(0.144)


def test_a_running_time_that_varies_more_than_the_wait_keeps_its_shape():
    assert with_opening(Duration(TimeDistribution(10, 4, 0.5)), OpeningWait(1, 3)).time == (11, 5, 0.5)


def test_a_link_that_is_always_open_keeps_its_running_time():
    running = Duration(TimeDistribution(10, 0, 0), "storm", 0.4)
    assert with_opening(running, OpeningWait(0, 0)) is running


def test_loose_cargo_waits_longer_by_its_mean_and_with_more_spread(tmp_path):
    cells = {"wait_kind": "headway", "headway_h": 24, "cut_off_h": 6, "loose_wait_h": 36}
    block, loose = wait(tmp_path / "block", **cells), wait(tmp_path / "loose", loose=True, **cells)
    assert loose.time.mean_h - block.time.mean_h == 36
    # Variances of uniforms over 24 h and over twice 36 h: 48 + 432 = 480 h2.
    assert loose.time.sd_h**2 == pytest.approx(480)


def test_a_vessel_that_sails_when_full_waits_by_its_quantiles_and_shares_its_factor(tmp_path):
    quantiles = {"wait_p10_h": 24, "wait_p50_h": 60, "wait_p90_h": 168}
    duration = wait(tmp_path, wait_kind="fill_and_go", cut_off_h=5, spread="stormy", **quantiles)
    assert duration.time.quantile(0.1) == pytest.approx(24 + 5)
    assert duration.time.quantile(0.5) == pytest.approx(60 + 5)
    assert duration.time.quantile(0.9) == pytest.approx(168 + 5)
    assert (duration.factor, duration.share) == ("storm", 0.4)


def test_a_service_on_demand_has_no_wait_but_its_cut_off(tmp_path):
    assert wait(tmp_path, wait_kind="on_demand", cut_off_h=3).time == (3, 0, 0)


JAM = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 90.0, "source": ("A1",)}


def test_a_wait_with_states_is_their_mixture_with_the_cut_off_inside(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b")],
        services=[service("rail", wait_kind="headway", headway_h=48, cut_off_h=6, loose_wait_h=36)],
        tables={"spreads": [WIDE, STORMY], "traffic": [JAM | {"waits": ("rail",)}]},
    )
    (jam,), spreads = network.tables["traffic"].rows, network.tables["spreads"].by_key()
    rail = network.services["rail"]
    block, loose = (wait_duration(rail, spreads, jam, loose=is_loose) for is_loose in (False, True))
    # 24 + 6 h in normal months, 90 h in a quarter of them; loose cargo waits for 36 h more in both.
    assert (block.states.normal.mean_h, block.states.congested.mean_h, block.time.mean_h) == (30, 90, 45)
    assert (loose.states.normal.mean_h, loose.states.congested.mean_h, loose.time.mean_h) == (66, 126, 81)
    assert loose.time.sd_h == pytest.approx(loose.states.mixture.sd_h)
    # The uniform wait of 48 h is three times as long when congested.
    assert block.states.congested.sd_h == pytest.approx(3 * 48 / math.sqrt(12))


def test_the_spread_of_congested_months_says_what_is_shared(tmp_path):
    cells = {"mean_h": 30, "spread": "stormy"}
    row = operation("load", "cn-a", to_mode="rail", id="own", cargo_class="block", **cells)
    rows = [JAM | {"operations": ("own",)}]
    tables = {"spreads": [WIDE, STORMY], "traffic": rows}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], operations=[row], tables=tables)
    (jam,), spreads = network.tables["traffic"].rows, network.tables["spreads"].by_key()
    own = network.tables["operations"].by_key()["own"]
    plain, named = (operation_duration(own, spreads, jam | {"spread": spread}) for spread in (None, "wide"))
    assert (plain.factor, plain.share, named.factor, named.share) == ("storm", 0.4, None, 0)
    assert plain.states.normal == named.states.normal
    assert plain.states.congested == pytest.approx(named.states.congested)
    assert operation_duration(own, spreads).states is None


def test_the_source_of_a_running_time_is_that_of_the_speed_which_the_class_has():
    service = {
        "speed_source": ("S1",),
        "timetabled_speed_source": ("S2",),
        "timetabled_speed_km_h": 40.0,
    }
    own = {"mean_h": None, "p50_h": None, "speed_km_h": None, "timetabled_speed_km_h": None, "time_source": ()}
    assert running_source(own, service, timetabled=True) == ("S2",)
    assert running_source(own, service, timetabled=False) == ("S1",)
    given = own | {"mean_h": 5.0, "time_source": ("S3",)}
    assert running_source(given, service, timetabled=True) == ("S3",)
    of_link = own | {"speed_km_h": 30.0, "timetabled_speed_km_h": 60.0, "time_source": ("S4",)}
    assert running_source(of_link, service, timetabled=True) == ("S4",)


@pytest.mark.parametrize(
    ("of_link", "timetabled_h", "other_h"),
    [({}, 1, 2), ({"speed_km_h": 25}, 4, 4), ({"speed_km_h": 25, "timetabled_speed_km_h": 20}, 5, 4)],
    ids=str,
)
def test_a_speed_of_the_link_stands_above_that_of_the_service_for_each_class(tmp_path, of_link, timetabled_h, other_h):
    # 100 km, by the service at 50 km/h and on a timetable at 100.
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b", **of_link)], services=[service("rail", timetabled_speed_km_h=100)]
    )
    spreads, (row,), of_rail = network.tables["spreads"].by_key(), network.links, network.services["rail"]
    for timetabled, hours in ((True, timetabled_h), (False, other_h)):
        assert link_duration(row, of_rail, 100.0, spreads, timetabled=timetabled).time.mean_h == hours
