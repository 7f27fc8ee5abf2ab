"""Hand-drawn lines: read from their table, and which of them join a base."""

import pytest

from landbridge.networks import load_network
from landbridge.networks.geodata.bases.hand_drawn import DrawnLine, read_drawn


@pytest.fixture(scope="module")
def network():
    return load_network()


def test_hand_drawn_lines_name_links_that_there_are(network):
    ids = {link["id"] for link in network.links}
    assert {link for line in read_drawn() for link in line.links} <= ids


def test_a_line_is_read_with_its_points_and_what_it_leaves_blank(tmp_path):
    path = tmp_path / "drawn.csv"
    path.write_text(
        "name,status,gauge,points,length_km,links,source,note\n"
        "Tunnel,open,1435,29.0 41.0;29.1 41.1,13.6,,A890,under the strait\n"
        "New line,planned,1520,,,a--b--rail;b--c--rail,A891,\n",
        encoding="utf-8",
    )
    tunnel, new = read_drawn(path)
    assert (tunnel.points, tunnel.length_km, tunnel.links) == (((29.0, 41.0), (29.1, 41.1)), 13.6, ())
    assert (new.points, new.length_km, new.links) == ((), None, ("a--b--rail", "b--c--rail"))
    assert (tunnel.gauge, tunnel.source, tunnel.note) == (1435, "A890", "under the strait")


@pytest.mark.parametrize(
    ("status", "links", "joins"),
    [("open", (), True), ("open", ("a--b--rail",), False), ("planned", (), False), ("planned", ("a--b--rail",), False)],
)
def test_an_open_line_of_no_link_joins_the_base(status, links, joins):
    assert DrawnLine("x", status, 1435, ((0.0, 0.0), (1.0, 0.0)), None, links, "A1", "").joins_base is joins
