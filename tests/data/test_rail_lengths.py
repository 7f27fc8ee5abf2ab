"""Published lengths of well-known railways (`rail_lengths.csv`) beside the shortest way on the bundled rail links."""

import csv
from itertools import pairwise
from pathlib import Path
from statistics import median

import networkx as nx
import pytest

from landbridge.networks import load_network

_ROWS = tuple(csv.DictReader(Path(__file__).with_name("rail_lengths.csv").read_text(encoding="utf-8").splitlines()))
_WITHIN = 0.03


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture(scope="module")
def ratios(network):
    """Return the modelled over the published length of each row."""
    rails = _open_rails(network)
    return {row["places"]: _length_km(rails, row["places"].split(";")) / float(row["published_km"]) for row in _ROWS}


def _open_rails(network):
    today = network.reference_date
    rails = nx.DiGraph()
    for link, km in zip(network.links, network.link_lengths_km, strict=True):
        if link["mode"] == "rail" and (link["valid_from"] or today) <= today <= (link["valid_to"] or today):
            rails.add_edge(link["from"], link["to"], km=km)
            if link["both_ways"]:
                rails.add_edge(link["to"], link["from"], km=km)
    return rails


def _length_km(rails, places):
    return sum(nx.shortest_path_length(rails, *pair, weight="km") for pair in pairwise(places))


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row["places"])
def test_a_published_length_is_met_within_3_per_cent_or_the_note_says_why_not(ratios, row):
    off = abs(ratios[row["places"]] - 1)
    assert off <= _WITHIN or (row["note"] and off <= 0.08)


def test_lengths_are_not_biased(ratios):
    off = [ratio - 1 for ratio in ratios.values()]
    assert len(off) >= 60
    assert abs(median(off)) < 0.01
    assert median(map(abs, off)) < 0.015
    assert sum(abs(each) <= _WITHIN for each in off) >= 0.9 * len(off)


def test_each_published_length_has_a_source(network):
    known = {row["id"] for row in network.tables["sources"]}
    named = {source for row in _ROWS for source in row["source"].split(";")}
    assert not {source for source in named - known if not source.startswith("http")}
