"""Values that scenarios set and multiply."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.networks.years import resources_of_year
from landbridge.routing import Cargo, route
from landbridge.routing.resources.capacities import capacities
from tests.support.changed_networks import changed, row
from tests.support.tiny import link, operation, service, tiny_network

LINK = "kz-a--kz-b--rail"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    hall = {"id": "hall", "name": "Hall", "kind": "terminal", "place": "kz-b", "capacity": 40}
    years = [
        {"resource": "hall", "year": 2024, "capacity": 20, "unit": "teu/day", "background": 4},
        {"resource": "hall", "year": 2025, "capacity": 365, "unit": "teu/year"},
    ]
    congested = {"id": "t", "group": "g", "operations": ("kz-b--unload-rail", "kz-c--unload-road")}
    return tiny_network(
        tmp_path_factory.mktemp("tiny"),
        links=[
            link("kz-a -- kz-b"),
            link("kz-b -- kz-c", "road", min_h=1, p10_h=2, p50_h=4, p90_h=8),
            link("kz-a -- kz-d", service="fast", speed_km_h=None),
        ],
        services=[
            service("rail", timetabled_speed_km_h=100),
            service(
                "road",
                "road",
                boarding_usd_per_teu=7,
                boarding_usd_year=2024,
                wait_kind="headway",
                headway_h=10,
                cut_off_h=1,
            ),
            service("fast", speed_km_h=80, wait_kind="timetable", departures=("06:00",)),
        ],
        operations=[
            operation("unload", "kz-b", from_mode="rail", mean_h=2, resource="hall"),
            operation("unload", "kz-c", from_mode="road", mean_h=3),
        ],
        tables={
            "resources": [hall],
            "capacities": years,
            "traffic": [congested | {"congested_share": 0.5, "own_time": "normal", "congested_h": 10}],
        },
    )


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def change(table, ids, values):
    return f'do = "set"\ntable = "{table}"\nids = ["{ids}"]\n{values}'


def test_a_column_is_set_through_its_schema(tiny):
    found = changed(
        tiny, change("operations", "kz-b--unload-rail", 'set = { p10_h = "1", p50_h = 2, p90_h = 3.5, mean_h = "" }')
    )
    found_row = row(found, "operations", "kz-b--unload-rail")
    assert [found_row[name] for name in ("p10_h", "p50_h", "p90_h", "mean_h")] == [1.0, 2.0, 3.5, None]


@pytest.mark.parametrize(
    ("asked", "key", "message"),
    [
        (("links", LINK, "set = { speed_km_h = 400 }"), "set.speed_km_h", "400 is out of range (1 to 130 km/h)"),
        (("links", LINK, "set = { hourz = 1 }"), "set.hourz", "no column of links; did you mean hours"),
        (("links", LINK, 'set = { mode = "" }'), "set.mode", "is blank"),
        (("links", LINK, "multiply = { mode = 2 }"), "multiply.mode", "mode is no number"),
        (("links", LINK, "multiply = { published_km = 2 }"), "multiply.published_km", "is blank in 1 row of links"),
        (("links", LINK, "multiply = { hours = 0 }"), "multiply.hours", "a factor of 0 leaves no time"),
        (("operations", "kz-b--*", "set = { fees = 5 }"), "set.fees", "fees cannot be set; multiply it instead"),
        (("operations", "kz-b--*", "set = { hours = -5 }"), "set.hours", "-5 is no number of hours"),
        (("services", "fast", "multiply = { hours = 2 }"), "multiply.hours", "departs by a timetable"),
        (("resources", "hall", "set = { load = 'ship' }"), "", "resources hall [load]: 'ship' is not in loads.csv"),
        (("links", LINK, "set = { id = 'x' }"), "set.id", "id names the row, and other rows refer to it"),
        (("resources", "hall", "set = { id = 'x' }"), "set.id", "id names the row"),
        (("capacities", "hall", "set = { resource = 'x' }"), "set.resource", "resource names the row"),
        (("deflators", "2024", "multiply = { usd_year = 2 }"), "multiply.usd_year", "usd_year names the row"),
    ],
)
def test_a_value_that_does_not_fit_is_a_fault_at_its_key(tiny, asked, key, message):
    with pytest.raises(ScenarioError) as caught:
        changed(tiny, change(*asked))
    assert caught.value.faults[0].column == f"changes[0].{key}".rstrip(".")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["speed_km_h", "hours"])
def test_what_may_select_nothing_multiplies_nothing(tiny, name):
    found = changed(tiny, change("links", "nothing", f"rows = {{ min = 0 }}\nmultiply = {{ {name} = 2 }}"))
    assert found.tables["links"].rows == tiny.tables["links"].rows


def test_a_row_that_becomes_invalid_as_a_whole_is_a_fault_of_its_change(tiny):
    with pytest.raises(ScenarioError, match=r"\[changes\[0\]\]: services road \[headway_h\]: is blank"):
        changed(tiny, change("services", "road", 'set = { headway_h = "" }'))
    with pytest.raises(ScenarioError, match=r"links kz-b--kz-c--road \[p10_h\]: not ascending"):
        changed(tiny, change("links", "kz-b--kz-c--road", "set = { p50_h = 20 }"))


def test_a_mean_below_the_least_time_is_a_fault_of_the_change_that_makes_it_so(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- kz-b", min_h=1.5)],
        operations=[operation("load", "kz-a", to_mode="rail", mean_h=12, min_h=4)],
    )
    with pytest.raises(
        ScenarioError, match=r"\[changes\[0\]\]: operations kz-a--load-rail \[min_h\]: the least time is 4 h"
    ):
        changed(network, change("operations", "kz-a--load-rail", "set = { mean_h = 3.9 }"))
    # Also where the change is one of the service.
    with pytest.raises(
        ScenarioError, match=r"\[changes\[1\]\]: links kz-a--kz-b--rail \[min_h\]: .* 1.25 h at 80 km/h"
    ):
        changed(
            network, *(change("services", "r*", f"set = {{ {cell} }}") for cell in ("cut_off_h = 1", "speed_km_h = 80"))
        )
    # Hours are all of them.
    found = changed(
        network, *(change(table, "kz-a--*", "multiply = { hours = 0.5 }") for table in ("links", "operations"))
    )
    assert (row(found, "links", LINK)["min_h"], row(found, "operations", "kz-a--load-rail")["min_h"]) == (0.75, 2)


def test_a_fault_of_a_row_that_was_not_changed_is_one_of_the_change_of_a_row_to_which_it_refers(tmp_path):
    jam = {"id": "t", "group": "g", "congested_share": 0.5, "own_time": "average", "congested_h": 20}
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- kz-b")],
        operations=[operation("load", "kz-a", to_mode="rail", mean_h=12)],
        tables={"traffic": [jam | {"operations": ("kz-a--load-rail",)}]},
    )
    with pytest.raises(ScenarioError, match=r"\[changes\[0\]\]: traffic t \[congested_h\]: .* hence -4.0 h in normal"):
        changed(network, change("operations", "kz-a--load-rail", "set = { mean_h = 8 }"))


def test_hours_of_a_link_are_its_times_or_else_its_speeds(tiny):
    found = changed(tiny, change("links", "kz-*", "multiply = { hours = 2 }"))
    own = row(found, "links", "kz-b--kz-c--road")
    assert [own[name] for name in ("min_h", "p10_h", "p50_h", "p90_h")] == [2, 4, 8, 16]
    by_speed = row(found, "links", LINK)
    assert (by_speed["speed_km_h"], by_speed["timetabled_speed_km_h"]) == (25, 50)


@pytest.mark.parametrize("cargo_class", ["block", "timetabled"])
def test_hours_of_a_link_double_for_trains_on_a_timetable_too(tiny, cargo_class):
    def haul_h(network):
        return route(network, "A", "B", cargo=Cargo(cargo_class=cargo_class))[0].hauls[0].time.mean_h

    # 100 km at 50 km/h, or at 100 on a timetable.
    assert haul_h(tiny) == (2 if cargo_class == "block" else 1)
    assert haul_h(changed(tiny, change("links", LINK, "multiply = { hours = 2 }"))) == 2 * haul_h(tiny)


def test_a_factor_and_its_inverse_are_the_identity(tiny):
    for factor, inverse in ((2, 0.5), (3, 1 / 3)):
        twice = [
            change(table, ids, f"multiply = {{ {column} = {value!r} }}")
            for value in (factor, inverse)
            for table, ids, column in (
                ("links", "*", "hours"),
                ("operations", "*", "hours"),
                ("services", "road", "hours"),
                ("tariffs", "*", "rates"),
                ("operations", "*", "fees"),
                ("resources", "hall", "capacity"),
            )
        ]
        found = changed(tiny, *twice)
        for cargo_class in ("block", "timetabled", "loose"):
            cargo = Cargo(cargo_class=cargo_class)
            one, two = (route(network, "A", "C", cargo=cargo)[0] for network in (tiny, found))
            assert (two.time_mean_h, two.cost_usd) == pytest.approx((one.time_mean_h, one.cost_usd), rel=1e-12)
            assert two.time.p90_h == pytest.approx(one.time.p90_h, rel=1e-12)
        assert resources_of_year(found, 2024)["hall"]["capacity"] == pytest.approx(20)


def test_hours_that_are_set_are_the_mean_with_quantiles_in_proportion(tiny):
    found = changed(tiny, change("links", "kz-b--kz-c--road", "set = { hours = 10 }"))
    (old, new) = (route(network, "B", "C")[0].hauls[0].time for network in (tiny, found))
    assert new.mean_h == pytest.approx(10)
    assert new.p90_h / new.p50_h == pytest.approx(old.p90_h / old.p50_h)


@pytest.mark.parametrize("own_time", ["normal", "average"])
@pytest.mark.parametrize(
    ("table", "column", "ids"),
    [("operations", "operations", "kz-b--unload-rail"), ("services", "waits", "rail")],
)
def test_hours_that_are_set_are_the_mean_over_normal_and_congested_months(tmp_path, table, column, ids, own_time):
    jam = {"id": "t", "group": "g", "congested_share": 0.25, "own_time": own_time, "congested_h": 30, column: (ids,)}
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- kz-b")],
        services=[service("rail", wait_kind="headway", headway_h=20, cut_off_h=2)],
        operations=[operation("unload", "kz-b", from_mode="rail", mean_h=12)],
        tables={"traffic": [jam]},
    )
    found = changed(network, change(table, ids, "set = { hours = 6 }"))
    trips = (route(each, "A", "B")[0] for each in (network, found))
    old, new = (next(leg for leg in trip.legs if leg.row["id"] == ids) for trip in trips)
    assert new.time.mean_h == pytest.approx(6)
    assert new.time.sd_h / new.time.mean_h == pytest.approx(old.time.sd_h / old.time.mean_h)


def test_hours_of_a_service_are_those_of_its_wait(tiny):
    found = row(changed(tiny, change("services", "road", "multiply = { hours = 3 }")), "services", "road")
    assert (found["headway_h"], found["cut_off_h"], found["speed_km_h"]) == (30, 3, 50)


def test_fees_and_rates_are_all_prices_of_a_row(tiny):
    found = changed(
        tiny,
        change("operations", "kz-b--unload-rail", "multiply = { fees = 2 }"),
        change("services", "road", "multiply = { fees = 3 }"),
        change("tariffs", "flat", "multiply = { rates = 0.5 }"),
    )
    assert row(found, "operations", "kz-b--unload-rail")["fee_usd_per_teu"] == 20
    assert row(found, "services", "road")["boarding_usd_per_teu"] == 21
    assert row(found, "tariffs", "flat")["usd_per_teu_km"] == 0.05


def test_congested_months_take_longer_too_and_only_of_what_is_slowed(tiny):
    found = changed(tiny, change("operations", "kz-b--unload-rail", "multiply = { hours = 2 }"))
    rows = {row["operations"]: row["congested_h"] for row in found.tables["traffic"]}
    assert rows == {("kz-b--unload-rail",): 20, ("kz-c--unload-road",): 10}
    both = changed(tiny, change("operations", "kz-*", "multiply = { hours = 2 }"))
    assert [row["congested_h"] for row in both.tables["traffic"]] == [20]


def test_a_capacity_changes_in_every_year(tiny):
    doubled = changed(tiny, change("resources", "hall", "multiply = { capacity = 2, background_teu_day = 3 }"))
    assert row(doubled, "resources", "hall")["capacity"] == 80
    assert [row["capacity"] for row in doubled.tables["capacities"]] == [40, 730]
    assert [row["background"] for row in doubled.tables["capacities"]] == [12, None]
    fixed = changed(tiny, change("resources", "hall", "set = { capacity = 60 }"))
    # In the unit of the resource, not in that of the year.
    for year in (None, 2024, 2025):
        found = capacities(fixed, year)
        assert found.capacity_teu_day[found.rows_of("hall")].tolist() == [60]
