"""Networks built from tiny maps and from the samples of OpenStreetMap, and what holds for each of them."""

import os
from pathlib import Path

import pytest

from landbridge.networks.geodata.osm.from_osm import build_from_osm
from landbridge.networks.graph.state_graph import EdgeKind

SAMPLES = Path(os.environ.get("LANDBRIDGE_GEODATA_SAMPLES", Path(__file__).parents[3] / "shared" / "geodata"))
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="LANDBRIDGE_GEODATA_SAMPLES names no folder of samples")


def build(drawn, tmp_path, **options):
    """Build a network of rail in Azerbaijan from a map, unless options say otherwise."""
    options = {"modes": ("rail",), "country": "AZ"} | options
    return build_from_osm(drawn.json(tmp_path / "map.json"), tmp_path / "out", **options)


def links(built):
    """Return the lengths of the links by ends, mode and gauge."""
    return {(row["from"], row["to"], row["mode"], row["gauge"]): row["length_km"] for row in built.network.links}


def assert_gauge_changes_only_in_operations(network):
    """Check that no edge but an operation leads from one gauge to another."""
    graph = network.graph
    kinds = {"gauge_change"}
    for edge, (tail, head) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)):
        before, after = graph.states[tail].gauge, graph.states[head].gauge
        if before is not None and after is not None and before != after:
            assert graph.kind[edge] == EdgeKind.OPERATION
            row = network.operations[graph.row[edge]]
            assert row["kind"] in kinds or row["kind"] == "transship"


def assert_accounted(built):
    """Check that every km that was read is in a line, beside one, in a yard or left out."""
    for lengths in built.report["lengths"].values():
        parts = lengths["lines_km"] + lengths["beside_km"] + lengths["yards_km"]
        assert parts - lengths["shared_km"] == pytest.approx(lengths["read_km"], rel=1e-6, abs=0.01)
    links_km = sum(sum(own.values()) for own in built.report["links_km"].values())
    lines_km = sum(lengths["lines_km"] for lengths in built.report["lengths"].values())
    others = built.report["left_out_km"]["not connected"] + built.report["within_places_km"]
    assert links_km <= lines_km * 1.001
    assert links_km + others >= lines_km * 0.999
