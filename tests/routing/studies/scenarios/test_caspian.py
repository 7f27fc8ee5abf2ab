"""The level of the Caspian."""

import pytest

from landbridge.networks.errors import ScenarioError
from tests.support.changed_networks import changed, row, scenario
from tests.support.tiny import link, place, service, tiny_network

LEVEL = 'do = "caspian-level"\nmetres = {}'


def sea(folder, **load):
    """Return a feeder between two ports of the Caspian with a fleet, and one of the same ships on the Black Sea."""
    ports = [
        place("kz-aktau", lon=51.1, lat=43.6),
        place("az-alat", lon=49.4, lat=39.9),
        place("ge-poti", lon=41.6, lat=42.1),
        place("ro-constanta", lon=28.6, lat=44.1),
    ]
    fleet = {"id": "fleet", "name": "Fleet", "kind": "fleet", "capacity": 100}
    vessel = {"id": "feeder", "unit": "vessel", "teu": 200, "low_water_loss": 0.2}
    evidence = {f"{group}_{part}": value for group in ("low_water", "loss_per_metre") for part, value in EVIDENCE}
    return tiny_network(
        folder,
        places=ports,
        links=[
            link("kz-aktau -- az-alat", "sea", service="caspian", length_km=460),
            link("ge-poti -- ro-constanta", "sea", service="black", length_km=1100),
            link("az-alat -- ge-poti", length_km=800),
        ],
        services=[
            service("caspian", "sea", vehicle="feeder", capacity_teu_day=80, resource="fleet"),
            service("black", "sea", vehicle="feeder", capacity_teu_day=80),
        ],
        tables={"resources": [fleet], "loads": [vessel | evidence | load]},
        check=False,
    )


EVIDENCE = (("source", "A1"), ("year", 2024), ("confidence", "assumed"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return sea(tmp_path_factory.mktemp("sea"), loss_per_metre=0.3)


@pytest.mark.parametrize(
    ("metres", "loss", "factor"),
    [
        (-1.0, 0.5, 0.5 / 0.8),
        (-0.5, 0.35, 0.65 / 0.8),
        (0.4, 0.08, 0.92 / 0.8),
        (3.0, 0.0, 1 / 0.8),  # a rise gives back what low water takes
        (-9.0, 0.95, 0.05 / 0.8),  # and a ship keeps a twentieth
    ],
)
def test_ships_leave_behind_a_share_for_each_metre(drawn, metres, loss, factor):
    found = changed(drawn, LEVEL.format(metres))
    caspian = row(found, "services", "caspian")
    assert row(found, "loads", caspian["vehicle"])["low_water_loss"] == pytest.approx(loss)
    assert caspian["capacity_teu_day"] == pytest.approx(80 * factor)
    assert row(found, "resources", "fleet")["capacity"] == pytest.approx(100 * factor)


def test_ships_of_other_seas_keep_their_load(drawn):
    found = changed(drawn, LEVEL.format(-1.0))
    black = row(found, "services", "black")
    assert (black["vehicle"], black["capacity_teu_day"]) == ("feeder", 80)
    assert row(found, "loads", "feeder")["low_water_loss"] == 0.2


def test_without_a_known_loss_it_cannot_be_applied(tmp_path):
    with pytest.raises(ScenarioError, match=r"changes\[0\]\.metres\]: no ship of the Caspian has a loss_per_metre"):
        changed(sea(tmp_path), LEVEL.format(-1.0))


def test_the_bundled_ships_of_the_caspian_and_no_others(network):
    found = scenario(LEVEL.format(-1.0)).apply(network)
    lower = {
        row["id"]
        for row, old in zip(found.tables["resources"], network.tables["resources"], strict=True)
        if row["capacity"] < old["capacity"]
    }
    assert lower == {f"caspian-{name}--fleet" for name in ("feeder", "feeder-tm", "railferry", "roro", "north-south")}
    assert row(found, "services", "rostov-black-sea") == row(network, "services", "rostov-black-sea")
