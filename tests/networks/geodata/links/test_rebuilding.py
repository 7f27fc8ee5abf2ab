"""The bundled rail links on the real base: known lengths, no weld across a gauge, hand-drawn lines in their place."""

import networkx as nx
import pytest

from landbridge.networks import load_network
from landbridge.networks.geodata.bases.hand_drawn import DrawnLine, read_drawn
from landbridge.networks.geodata.bases.line_base import line_base
from landbridge.networks.geodata.links.matching import HAND_DRAWN, MATCHED, SNAP_KM, match_links
from landbridge.networks.geodata.links.rebuilding import build_rail, join_drawn

KNOWN_KM = [  # from, to, published length, share by which the measured one may differ
    ("kz-altynkol", "kz-aktau", 3128, 0.02),
    ("ir-sarakhs", "ir-bandar-abbas", 1600, 0.02),
    ("tm-turkmenbashi", "tm-farap", 1165, 0.02),
    ("kz-dostyk", "by-brest", 5430, 0.04),
    ("ge-gardabani", "ge-poti", 360, 0.07),
    ("ge-gardabani", "ge-batumi", 396, 0.07),
    ("ge-marabda", "tr-kars", 274, 0.07),
]


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture(scope="module")
def rail(network):
    """Return the healed base; it takes some 15 s and is built once."""
    pytest.importorskip("scgraph_data")
    pytest.importorskip("tzfpy")
    return build_rail(network.links, network.places)


@pytest.fixture(scope="module")
def matches(network, rail):
    links = [link for link in network.links if link["mode"] == "rail"]
    return {match.link: match for match in match_links(links, network.places, rail.base, drawn=read_drawn())}


@pytest.fixture(scope="module")
def lines(network, matches):
    """Return the open links as a graph of measured lengths."""
    graph = nx.Graph()
    for link in network.links:
        if link["mode"] == "rail" and not (link["valid_from"] and link["valid_from"] > network.reference_date):
            graph.add_edge(link["from"], link["to"], km=matches[link["id"]].length_km)
    return graph


@pytest.mark.parametrize(("start", "end", "published", "share"), KNOWN_KM)
def test_known_lengths(lines, start, end, published, share):
    assert nx.shortest_path_length(lines, start, end, "km") == pytest.approx(published, rel=share)


def test_baku_to_boyuk_kesik_is_504_km(rail):
    # From Baku's passenger station, which the 504 km are counted from.
    (baku, border), _ = rail.base.nearest([(49.850, 40.379), (45.1837, 41.3862)])
    assert rail.base.shortest_path(baku, border)[1] == pytest.approx(504, rel=0.02)


def test_kars_and_istanbul_are_joined_through_anatolia(lines):
    stops = nx.shortest_path(lines, "tr-kars", "tr-halkali", "km")
    assert [stop for stop in stops if stop in {"tr-erzurum", "tr-cetinkaya", "tr-ankara", "tr-eskisehir"}] == [
        "tr-erzurum",
        "tr-cetinkaya",
        "tr-ankara",
        "tr-eskisehir",
    ]
    assert 1750 < nx.path_weight(lines, stops, "km") < 2050
    by_sivas = [
        nx.shortest_path_length(lines, *pair, "km") for pair in (("tr-kars", "tr-sivas"), ("tr-sivas", "tr-ankara"))
    ]
    assert 1200 < sum(by_sivas) < 1450


def test_no_weld_passes_a_border_but_at_a_listed_crossing(rail):
    crossing = [weld for weld in rail.welds if len(weld.countries) > 1]
    assert all("listed" in weld.why or weld.km < 3.0 for weld in crossing)


def test_every_end_is_snapped_or_drawn_by_hand(matches):
    far = {
        snap.what
        for match in matches.values()
        for snap in match.snaps
        if snap.km > SNAP_KM and not snap.what.startswith("waypoint")
    }
    assert far == set()
    assert {match.method for match in matches.values()} == {MATCHED, HAND_DRAWN}


def test_an_open_hand_drawn_line_joins_the_base():
    base = line_base([[(0.0, 0.0), (0.1, 0.0)], [(0.3, 0.0), (0.4, 0.0)]])
    line = DrawnLine("Tunnel", "open", 1435, ((0.1, 0.001), (0.2, 0.0), (0.3, 0.001)), 30.0, (), "A890", "")
    joined = join_drawn(base, [line])
    assert joined.pieces.max() == 0
    # 30 km published for the 22.5 km drawn with its two joints, and 22.2 km of the base.
    assert joined.shortest_path(0, 3)[1] == pytest.approx(30.0 + 22.24, abs=0.01)
