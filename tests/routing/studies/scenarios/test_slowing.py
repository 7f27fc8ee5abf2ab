"""Slower times, always or for a period."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.routing import route, simulate
from tests.support.changed_networks import changed, row
from tests.support.tiny import link, operation, service, tiny_network

# From kz-a to ru-d: load 1 h, 2 h, exit 4 h, 2 h, entry 5 h, 2 h, unload 2 h.
ALL_H = 1 + 2 + 4 + 2 + 5 + 2 + 2


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    line = {"id": "line", "name": "Line", "kind": "line", "capacity": 9}
    return tiny_network(
        tmp_path_factory.mktemp("tiny"),
        links=[link("kz-a -- kz-b", resource="line"), link("kz-b -- ru-c"), link("ru-c -- ru-d")],
        operations=[
            operation("border_exit", "kz-b", other_place="ru-c", mean_h=4),
            operation("border_entry", "ru-c", other_place="kz-b", mean_h=5),
            operation("unload", "ru-d", from_mode="rail", mean_h=2),
        ],
        services=[service("rail", wait_kind="headway", headway_h=2, wait_source="A1", wait_year=2024)],
        tables={"resources": [line]},
    )


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


@pytest.mark.parametrize(
    ("what", "ids", "more_h"),
    [
        ("links", "ru-c--ru-d--rail", 2),
        ("services", "rail", 6),
        ("operations", "ru-d--unload-rail", 2),
        ("places", "ru-d", 2),
        ("crossings", "KZ-RU", 4 + 2 + 5),
        ("crossings", "KZ-RU:rail", 4 + 2 + 5),
        ("resources", "line", 2),
        ("modes", "rail", 6),
        ("countries", "KZ", 2 + 2),  # the link of the border is half in each
        ("waits", "rail", 1),
    ],
)
def test_twice_the_time_of_what_is_named_always_and_in_its_period(tiny, what, ids, more_h):
    change = f'do = "slow"\nwhat = "{what}"\nids = ["{ids}"]\nfactor = 2'
    assert route(tiny, "A", "D")[0].time_mean_h == ALL_H + 1
    assert route(changed(tiny, change), "A", "D")[0].time_mean_h == pytest.approx(ALL_H + 1 + more_h)
    slow = changed(tiny, f"{change}\nfrom = 2026-03-01\nto = 2026-03-31")
    moments = ("2026-03-10T00:00", "2026-05-10T00:00")
    hours = [route(slow, "A", "D", depart=moment)[0].time_mean_h for moment in moments]
    assert hours[0] - hours[1] == pytest.approx(more_h)
    assert route(slow, "A", "D")[0].time_mean_h == ALL_H + 1  # without a date, the tables


OBSERVED = {"operations": ("ru-d--unload-rail",), "first": "2026-05-01", "last": "2026-05-31", "time_factor": 3}


@pytest.mark.parametrize(
    ("factor", "month", "hours"),
    [
        # 2 h in a normal month and 10 h in one of four: 4 h on average.
        (1, "03", 4),
        (2, "03", 8),
        (0.5, "03", 2),
        # The data know the days: three times the 2 h, and all the more with the scenario.
        (1, "05", 6),
        (2, "05", 12),
    ],
)
def test_a_factor_of_some_days_is_one_on_normal_and_congested_months(tmp_path, factor, month, hours):
    jam = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 10}
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- ru-d")],
        operations=[operation("unload", "ru-d", from_mode="rail", mean_h=2)],
        tables={
            "traffic": [jam | {"operations": ("ru-d--unload-rail",)}],
            "slowdowns": [OBSERVED | {"id": "queue"}],
        },
    )
    always = f'do = "slow"\nwhat = "places"\nids = ["ru-d"]\nfactor = {factor}'
    period = f"from = 2026-{month}-01\nto = 2026-{month}-31"
    before, found = (
        route(each, "A", "D", depart=f"2026-{month}-10")[0]
        for each in (network, changed(network, f"{always}\n{period}"))
    )
    assert found.legs[-1].time.mean_h == pytest.approx(hours)
    if factor == 1:
        assert found.time == before.time
    if month == "03":
        undated = route(changed(network, always), "A", "D")[0]
        assert found.legs[-1].time.to_dict() == pytest.approx(undated.legs[-1].time.to_dict())
        drawn_h, undated_h = (simulate(trip, runs=2000).time for trip in (found, undated))
        assert drawn_h.to_dict() == pytest.approx(undated_h.to_dict())


def test_a_period_may_hold_the_reference_date(tiny):
    slow = changed(tiny, 'do = "slow"\nwhat = "links"\nids = ["*"]\nfactor = 2\nfrom = 2025-12-01\nto = 2026-03-31')
    (found,) = slow.tables["slowdowns"]
    assert set(found["links"]) == {link["id"] for link in tiny.links}
    assert (found["source"], found["confidence"]) == (("SCENARIO-TEST",), "assumed")


def test_what_takes_no_time_cannot_be_slow(tiny):
    with pytest.raises(ScenarioError, match="selects nothing that takes time"):
        changed(tiny, 'do = "slow"\nwhat = "places"\nids = ["kz-a"]\nfactor = 2')


def test_a_speed_out_of_its_range_is_a_fault_of_the_factor(tiny):
    with pytest.raises(ScenarioError, match=r"changes\[0\]\.factor\]: 0.5 is out of range"):
        changed(tiny, 'do = "slow"\nwhat = "links"\nids = ["*"]\nfactor = 100')
    assert row(tiny, "services", "rail")["speed_km_h"] == 50


def test_a_speed_out_of_its_range_says_of_what_and_the_cure_is_one_of_the_factor(tiny):
    with pytest.raises(ScenarioError) as caught:
        changed(tiny, 'do = "slow"\nwhat = "services"\nids = ["rail"]\nfactor = 0.25')
    first = caught.value.faults[0]
    # 50 / 0.25 = 200
    assert first.problem.startswith("200 is out of range (1 to 130 km/h) for speed_km_h of kz-")
    assert first.problem.endswith("--rail, which is 50")
    assert first.cure == "give another factor, or select rows that it suits"


@pytest.mark.parametrize("period", ["", "from = 2026-03-01\nto = 2026-03-31"])
def test_what_may_select_nothing_slows_nothing(tiny, period):
    change = f'do = "slow"\nwhat = "links"\nids = ["nothing"]\nrows = {{ min = 0 }}\nfactor = 2\n{period}'
    found = changed(tiny, change)
    assert found.tables["slowdowns"].rows == tiny.tables["slowdowns"].rows
    assert found.tables["links"].rows == tiny.tables["links"].rows
