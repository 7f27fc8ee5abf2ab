"""Describe a network: sizes, lengths, and the confidence of its values."""

from collections import Counter, defaultdict
from typing import Any

from landbridge.networks.checks.network import count_evidence
from landbridge.networks.network import Network


def describe(network: Network) -> dict[str, Any]:
    """Return the sizes of tables and state graph, link km by mode and country, and counts of values by confidence.

    A two-way link counts once; its km are assigned to the country where it starts.
    """
    by_mode: Counter[str] = Counter()
    by_country: dict[str, Counter[str]] = defaultdict(Counter)
    seen = set()
    for link, length_km in zip(network.links, network.link_lengths_km, strict=True):
        key = (frozenset((link["from"], link["to"])), link["mode"], link["service"], link["passage"])
        if key not in seen:
            seen.add(key)
            by_mode[link["mode"]] += round(length_km)
            by_country[network.places[link["from"]]["country"] or "at sea"][link["mode"]] += round(length_km)
    return {
        "name": network.setting("name"),
        "version": network.setting("version"),
        "reference_date": network.setting("reference_date"),
        "tables": {name: len(table) for name, table in network.tables.items()},
        "states": len(network.graph.states),
        "edges": network.graph.edges,
        "length_km": dict(by_mode),
        "length_km_by_country": {country: dict(modes) for country, modes in sorted(by_country.items())},
        "evidence": count_evidence(network.tables),
    }
