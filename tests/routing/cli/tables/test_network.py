"""The tables of what is in a network."""

from landbridge.networks.description import describe
from landbridge.routing.cli.tables.network import print_description
from tests.support.printed import rows_of


def test_a_description_has_sizes_lengths_and_evidence(network, capsys):
    description = describe(network)
    print_description(description)
    text = capsys.readouterr().out
    for part in ("valid 2026-10-01", "km of links", "observed", "assumed", f"{description['edges']:,} edges"):
        assert part in text


def test_a_description_has_headings_and_counts_one_of_a_kind_as_one(capsys):
    print_description(
        {
            "name": "tiny",
            "version": "1",
            "reference_date": "2026-01-01",
            "tables": {"links": 1200, "places": 1},
            "length_km": {"rail": 100},
            "evidence": {"observed": 0},
            "states": 1,
            "edges": 1,
        }
    )
    text = capsys.readouterr().out
    assert rows_of(text) == [["links", "1,200"], ["places", "1"], ["rail", "100"], ["observed", "0"]]
    for part in ("table", "Sorted by name.", "mode", "confidence", "state graph: 1 state, 1 edge"):
        assert part in text
