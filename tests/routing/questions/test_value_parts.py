"""What of the legs of an itinerary rests on which value."""

from datetime import date, time

import pytest

from landbridge.routing import Cargo, route
from landbridge.routing.questions.value_parts import ValueParts
from landbridge.routing.questions.values import TIMETABLE
from tests.support.tiny import link, operation, service, tiny_network


def parts(network, *, cargo=None, **options):
    """Return hours, USD and kg by row and columns, over all legs of the best itinerary from A to B."""
    sent = cargo or Cargo()
    trip = route(network, "cn-a", "cn-b", cargo=sent, objective="time", **options)[0]
    found = {}
    for leg in trip.legs:
        for part in ValueParts(network, sent).of_leg(leg):
            found[part.value.row_id, part.value.columns] = (part.hours, part.usd, part.kg, part.value.rate)
    return trip, found


@pytest.mark.parametrize("depart", [None, "2026-03-02"])
def test_rates_add_up_to_the_totals_of_any_bundled_itinerary(network, depart):
    for ends in (("Xi'an", "Duisburg"), ("Almaty", "Poti"), ("Mumbai", "Moscow")):
        trip = route(network, *ends, objective="time", depart=depart)[0]
        found = [part for leg in trip.legs for part in ValueParts(network, trip.cargo).of_leg(leg) if part.value.rate]
        sums = [sum(amounts) for amounts in list(zip(*found, strict=True))[1:]]
        assert sums == pytest.approx([trip.time_mean_h, trip.cost_usd, trip.co2e_kg])


def test_a_time_or_speed_of_a_link_stands_above_that_of_its_service(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b", mean_h=7)])
    _, found = parts(network)
    assert found["cn-a--cn-b--rail", ("mean_h",)][0] == 7
    # A time that is given does not rest on the length.
    assert found["cn-a--cn-b--rail", ("length_km",)] == (0, pytest.approx(20), pytest.approx(24), False)
    assert ("rail", ("speed_km_h",)) not in found
    slow = tiny_network(tmp_path / "slow", links=[link("cn-a -- cn-b", speed_km_h=20)])
    assert parts(slow)[1]["cn-a--cn-b--rail", ("speed_km_h",)][0] == 5


def test_a_train_on_a_timetable_rests_on_the_speed_of_its_own(tmp_path):
    service_of = service("rail", timetabled_speed_km_h=100)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=[service_of], check=False)
    _, found = parts(network, cargo=Cargo(cargo_class="timetabled"))
    assert found["rail", ("timetabled_speed_km_h",)][0] == 1
    assert ("rail", ("speed_km_h",)) not in found
    assert parts(network)[1]["rail", ("speed_km_h",)][0] == 2


def test_money_rests_on_the_column_that_the_container_pays(tmp_path):
    flat = {"id": "flat", "usd_per_teu_km": 0.1, "usd_per_feu_km": 0.15, "usd_year": 2024}
    fees = {"fee_usd_per_teu": 10, "fee_usd_per_feu": 12, "fee_usd_per_consignment": 3}
    load = operation("load", to_mode="rail", mean_h=1, **fees)
    network = tiny_network(
        tmp_path, links=[link("cn-a -- cn-b")], operations=[load], tables={"tariffs": [flat]}, check=False
    )
    _, forty = parts(network)
    assert forty["flat:0-", ("usd_per_feu_km",)][1] == pytest.approx(15)
    assert forty["default--load-rail", ("fee_usd_per_feu", "fee_usd_per_consignment")][1] == pytest.approx(15)
    _, twenty = parts(network, cargo=Cargo(container_feet=20, teu=1))
    assert twenty["flat:0-", ("usd_per_teu_km",)][1] == pytest.approx(10)
    assert twenty["default--load-rail", ("fee_usd_per_teu", "fee_usd_per_consignment")][1] == pytest.approx(13)


def test_the_wait_of_loose_cargo_is_a_value_of_its_own(tmp_path):
    train = service("rail", wait_kind="headway", headway_h=24, loose_wait_h=60, cut_off_h=6)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=[train])
    _, found = parts(network, cargo=Cargo(cargo_class="loose"))
    waits = {columns: hours for (row, columns), (hours, *_) in found.items() if row == "rail" and hours}
    assert waits == {("speed_km_h",): 2, ("headway_h",): 12, ("loose_wait_h",): 60, ("cut_off_h",): 6}
    assert ("rail", ("loose_wait_h",)) not in parts(network)[1]


def test_by_the_clock_a_timetable_says_when_cargo_departs_whatever_the_cut_off(tmp_path):
    # 2026-03-02 is a Monday: loaded at 01:00, 17 h before the train. Without a date on average half a week, and 6 h.
    train = service("rail", wait_kind="timetable", days=("mon",), departures=(time(18),), cut_off_h=6)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=[train])
    for depart, waits in (("2026-03-02", (17, 0)), (None, (84, 6))):
        _, found = parts(network, depart=depart)
        assert tuple(found["rail", columns][0] for columns in (TIMETABLE, ("cut_off_h",))) == pytest.approx(waits)


def jam(**cells):
    """Return a row of congested months: 41 h in a quarter of them."""
    row = {"id": "jam", "group": "g", "congested_share": 0.25, "own_time": "normal", "congested_h": 41}
    return {"traffic": [row | {"confidence": "derived"} | cells]}


def test_the_hours_of_congested_months_are_a_value_of_their_own(tmp_path):
    loading = {"operations": ("default--load-rail",)}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=jam(**loading))
    _, found = parts(network)
    # Loading takes 1 h: 3/4 x 1 + 1/4 x 41.
    assert found["default--load-rail", ("mean_h",)][0] == 0.75
    assert found["jam", ("congested_h",)] == (10.25, 0, 0, True)
    # By an average of 1 h, congested months say only how it is divided.
    loading |= {"own_time": "average", "congested_h": 3}
    _, divided = parts(tiny_network(tmp_path / "divided", links=[link("cn-a -- cn-b")], tables=jam(**loading)))
    assert divided["default--load-rail", ("mean_h",)][0] == 1
    assert ("jam", ("congested_h",)) not in divided


def test_a_slow_down_takes_the_place_of_congested_months(tmp_path):
    queue = {"id": "queue", "operations": ("default--load-rail",), "time_factor": 5}
    queue |= {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}
    tables = jam(operations=("default--load-rail",)) | {"slowdowns": [queue]}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=tables)
    _, found = parts(network, depart="2026-03-02")
    assert found["default--load-rail", ("mean_h",)][0] == pytest.approx(5)
    assert ("jam", ("congested_h",)) not in found


@pytest.mark.parametrize("more_h", [0, 60])
def test_a_slow_down_of_days_that_are_not_known_lengthens_congested_months(tmp_path, more_h):
    train = service("rail", wait_kind="headway", headway_h=24, loose_wait_h=more_h)
    what_if = {"id": "what-if", "waits": ("rail",), "time_factor": 2, "replaces_traffic": False}
    tables = jam(waits=("rail",)) | {"slowdowns": [what_if | {"first": date(2026, 3, 1), "last": date(2026, 6, 30)}]}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=[train], tables=tables)
    trip, found = parts(network, depart="2026-03-02", cargo=Cargo(cargo_class="loose" if more_h else "block"))
    assert found["jam", ("congested_h",)][0] == pytest.approx(2 * 10.25)
    assert sum(hours for hours, *_, rate in found.values() if rate) == pytest.approx(trip.time_mean_h)


def test_congested_months_of_a_wait_include_its_cut_off_but_not_the_wait_of_loose_cargo(tmp_path):
    train = service("rail", wait_kind="headway", headway_h=24, loose_wait_h=60, cut_off_h=6)
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], services=[train], tables=jam(waits=("rail",)))
    trip, found = parts(network, cargo=Cargo(cargo_class="loose"))
    waits = {columns: hours for (row, columns), (hours, *_) in found.items() if row in {"rail", "jam"} and hours}
    # In normal months 12 h of headway and 6 h of cut-off, each x 3/4; 41 h / 4 in congested ones; 60 h in both.
    expected = {("speed_km_h",): 2, ("headway_h",): 9, ("loose_wait_h",): 60, ("cut_off_h",): 4.5}
    assert waits == pytest.approx(expected | {("congested_h",): 10.25})
    assert sum(hours for hours, *_, rate in found.values() if rate) == pytest.approx(trip.time_mean_h)


def test_emissions_rest_on_a_factor_and_its_adjustment(tmp_path):
    adjusted = {"id": "rail", "mode": "rail", "g_co2e_per_tkm": 10, "distance_adjustment": 1.5}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables={"emission_factors": [adjusted]})
    _, found = parts(network)
    # 24 t x 100 km x 15 g.
    assert found["rail", ("g_co2e_per_tkm",)][2:] == (pytest.approx(36), True)
    assert found["rail", ("distance_adjustment",)][2:] == (pytest.approx(36), False)


def test_drayage_rests_on_the_road_service_of_the_country_and_on_no_link(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    trip = route(network, "0.05,0.0", "cn-b")[0]
    access = trip.legs[0]
    assert access.access is not None
    found = {part.value.key[0]: part for part in ValueParts(network, trip.cargo).of_leg(access)}
    assert found.keys() == {"services", "tariffs", "emission_factors"}
    assert found["services"].value.row_id == "road"
    assert found["services"].hours == pytest.approx(access.time.mean_h)
    assert found["tariffs"].usd == pytest.approx(access.cost_usd)
