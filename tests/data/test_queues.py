"""What the simulation of the network reads from the bundled data: waits for border paths, ships, new trains, storms."""

import pytest

from landbridge.networks.checks.queues import storm_days


def exits(network, link):
    """Return the ids of the exits on both sides of a link, or on one side if it runs one way."""
    ends = {(link["from"], link["to"]), *([(link["to"], link["from"])] if link["both_ways"] else [])}
    return {
        row["id"]
        for row in network.tables["operations"]
        if row["kind"] == "border_exit" and (row["place"], row["other_place"]) in ends
        if row["from_mode"] == link["mode"]
    }


def test_the_wait_for_a_border_path_is_in_the_exits_before_it(network):
    wanted = {}
    for link in network.links:
        if link["resource"] is not None and network.tables["resources"].by_key()[link["resource"]]["kind"] == "border":
            wanted.setdefault(link["resource"], set()).update(exits(network, link))
    named = {row["id"]: set(row["wait_in"]) for row in network.tables["resources"] if row["id"] in wanted}
    assert len(wanted) == 79
    assert named == wanted


def test_elsewhere_the_wait_is_in_the_rows_that_use_the_resource(network):
    others = [row for row in network.tables["resources"] if row["kind"] != "border" and row["wait_in"]]
    assert [row["id"] for row in others] == ["ir-astara--terminal"]
    assert set(others[0]["wait_in"]) == {
        row["id"] for row in network.tables["operations"] if row["resource"] == "ir-astara--terminal"
    }


@pytest.mark.parametrize(
    ("storm", "year", "quarters"),
    [
        # Ten days of January, 10 and 15 and 15.5 of the last quarter, and 9.5 days in the eight other months.
        ("aktau-kuryk", 60, (12.375, 3.5625, 3.5625, 40.5)),
        # Two thirds of it, which are the closure days of Alat and Turkmenbashi.
        ("alat", 40, (8.25, 2.375, 2.375, 27)),
        ("turkmenbashi", 40, (8.25, 2.375, 2.375, 27)),
    ],
)
def test_storms_shut_ports_in_winter(network, storm, year, quarters):
    days = storm_days(network.tables["storms"].by_key()[storm])
    assert sum(days) == pytest.approx(year)
    assert [sum(days[first : first + 3]) for first in (0, 3, 6, 9)] == pytest.approx(quarters, abs=0.05)


@pytest.mark.parametrize(
    ("fleet", "teu_day"),
    [
        ("caspian-feeder--fleet", 89_000 / 365),
        ("caspian-feeder-tm--fleet", 34),
        ("caspian-railferry--fleet", 78 * 2.25),
        ("caspian-roro--fleet", 51 * 2),
    ],
)
def test_the_ships_of_a_fleet_carry_about_what_it_offers(network, fleet, teu_day):
    """Full both ways and never shut they carry what it offers a day, and up to two fifths more on a short line."""
    ships, loads = network.tables["resources"].by_key()[fleet]["ships"], network.tables["loads"].by_key()
    berths = {(name, row["place"]): row for row in network.tables["berths"] for name in row["services"]}
    for link, length_km in zip(network.links, network.link_lengths_km, strict=True):
        service = network.services[link["service"]]
        if service["resource"] != fleet:
            continue
        vessel = loads[service["vehicle"]]
        load_teu = (service["vehicle_teu"] or vessel["teu"]) * (1 - vessel["low_water_loss"])
        calls = [berths[service["id"], link[end]] for end in ("from", "to")]
        call_h = sum(berth["call_h"] + 2 * load_teu / berth["handling_teu_h"] for berth in calls)
        round_h = 2 * length_km / service["speed_km_h"] + call_h
        assert 1 <= ships * load_teu * 24 / round_h / teu_day <= 1.4


def test_each_ship_that_sails_when_full_has_a_fleet_and_a_longest_wait(network):
    waits = {
        row["id"]: row["max_wait_h"]
        for row in network.services.values()
        if row["wait_kind"] == "fill_and_go" and row["resource"] is not None
    }
    assert len(waits) == 9
    assert all(wait >= network.services[name]["wait_p50_h"] for name, wait in waits.items())


def test_half_a_train_waits_at_malaszewicze_unless_it_has_a_timetable(network):
    formed = {row["id"] for row in network.tables["operations"] if row["reform_load"] is not None}
    assert formed == {"pl-malaszewicze--gauge-westbound-block", "pl-malaszewicze--gauge-westbound"}
