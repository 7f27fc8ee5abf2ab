"""The tables of what is in a network."""

from landbridge.networks.description import describe
from landbridge.routing.cli.tables.network import print_description


def test_a_description_has_sizes_lengths_and_evidence(network, capsys):
    description = describe(network)
    print_description(description)
    text = capsys.readouterr().out
    for part in ("valid 2026-01-01", "km of links", "observed", "assumed", f"{description['edges']:,} edges"):
        assert part in text
