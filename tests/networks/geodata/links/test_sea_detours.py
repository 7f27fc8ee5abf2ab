"""Ways of sea services that are longer by their links than on the sea lanes."""

from importlib.util import find_spec

import pytest

from landbridge.networks import load_network, read_network, write_network
from landbridge.networks.geodata.bases.seaways import LaneChanges, make_sea_base
from landbridge.networks.geodata.links.sea_detours import sea_detours
from tests.support.tiny import link, place, tiny_network

# West and east lie four degrees (445 km) apart on one lane, the junction on another that leaves it in the west.
WEST, EAST, NORTH = (0.0, 0.0), (4.0, 0.0), (2.0, 2.0)
LANES = {frozenset(pair) for pair in ((WEST, EAST), (WEST, NORTH), (NORTH, EAST))}
PLACES = [
    place("cn-w", lon=0, lat=0),
    place("cn-e", lon=4, lat=0),
    place("sea-n", lon=2, lat=2),
]
BY_THE_JUNCTION = [link("cn-w -- sea-n", "sea", length_km=314.5), link("sea-n -- cn-e", "sea", length_km=314.4)]


@pytest.fixture(scope="module")
def lanes():
    return make_sea_base(LANES, LaneChanges(frozenset(), ()), ())


def detours(folder, lanes, links, **options):
    return sea_detours(tiny_network(folder, places=PLACES, links=links), lanes, **options)


def test_links_over_a_junction_off_the_lane_are_a_detour(tmp_path, lanes):
    # 2 x 314.4 = 628.9 km by the junction against 4 x 111.2 = 444.8 km: +41.4 %
    (fault,) = detours(tmp_path, lanes, BY_THE_JUNCTION)
    assert (fault.file, fault.row, fault.column) == ("links.csv", 2, "length_km")
    assert "sea from cn-e to cn-w is 629 km by its links, 445 km on the sea lanes (+41.4 %)" in fault.problem
    assert "add a link between the two" in fault.cure


def test_a_detour_names_the_file_of_the_links(tmp_path, lanes):
    tables = tiny_network(tmp_path / "tables", places=PLACES, links=BY_THE_JUNCTION)
    (path,) = write_network(tables, tmp_path / "network.gpkg", file_format="gpkg")
    network = read_network(path)
    (fault,) = sea_detours(network, lanes)
    assert fault.file == network.tables["links"].file != "links.csv"


def test_a_link_of_the_two_ports_is_none_nor_is_what_lies_within_the_limit(tmp_path, lanes):
    assert not detours(tmp_path / "a", lanes, [*BY_THE_JUNCTION, link("cn-w -- cn-e", "sea", length_km=444.8)])
    assert not detours(tmp_path / "b", lanes, BY_THE_JUNCTION, limit_pct=42)


def test_a_way_by_a_third_port_is_not_compared_for_ships_are_changed_there(tmp_path, lanes):
    ports = [place("cn-w", lon=0, lat=0), place("cn-e", lon=4, lat=0), place("cn-n", lon=2, lat=2)]
    calls = [link("cn-w -- cn-n", "sea", length_km=314.5), link("cn-n -- cn-e", "sea", length_km=314.4)]
    assert not sea_detours(tiny_network(tmp_path, places=ports, links=calls), lanes)


def test_a_line_of_one_direction_makes_a_detour_only_the_way_it_sails(tmp_path, lanes):
    # westward 444.8 km on the link of the two ports, eastward 628.9 km by the junction
    there = [link("cn-w -> sea-n", "sea", length_km=314.5), link("sea-n -> cn-e", "sea", length_km=314.4)]
    (fault,) = detours(tmp_path, lanes, [*there, link("cn-e -> cn-w", "sea", length_km=444.8)])
    assert "sea from cn-w to cn-e is 629 km by its links" in fault.problem


@pytest.mark.skipif(find_spec("searoute") is None, reason="the extra geodata is not installed")
def test_the_bundled_sea_services_have_no_detour():
    assert [str(fault) for fault in sea_detours(load_network())] == []
