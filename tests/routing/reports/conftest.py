"""A network whose names try to become markup, and reports on it."""

import pytest

from landbridge.routing import report
from tests.support.tiny import link, operation, place, tiny_network

HOSTILE = "</script><script>document.hacked=1</script>"
"""A name that would end the script that holds it."""


@pytest.fixture
def hostile(tmp_path):
    """Return a network with markup in the names of places, corridors, services and sources."""
    return tiny_network(
        tmp_path / "hostile",
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- ru-d", gauge=1520),
            link("cn-a -- mn-c", length_km=80, service="fast"),
            link("mn-c -- ru-d", length_km=80, service="fast"),
        ],
        services=[{"id": "fast", "mode": "rail", "emission_factor": "rail", "tariff": "dear"}],
        places=[place("kz-b", name=f"B {HOSTILE}"), place("ru-d", name='<img src="x" onerror="document.hacked=1">')],
        operations=[operation("gauge_change", "kz-b", from_gauge=1435, to_gauge=1520, mean_h=10, time_source=("S1",))],
        tables={
            "corridors": [
                {"id": "by-b", "name": f"by B & {HOSTILE}", "priority": 1, "require": "CN-KZ"},
                {"id": "by-c", "name": "by C", "priority": 2, "require": "CN-MN"},
            ],
            "tariffs": [{"id": "dear", "usd_per_teu_km": 0.5, "usd_year": 2024}],
            "sources": [
                {
                    "id": "S1",
                    "kind": "publication",
                    "title": f"<b>Title</b> {HOSTILE}",
                    "publisher": "A & B",
                    "year": 2025,
                    "url": "javascript://x/%0adocument.hacked=1",
                }
            ],
        },
    )


@pytest.fixture
def hostile_report(hostile):
    """Return the report on it; by C it is faster and dearer."""
    return report(hostile, "cn-a", "ru-d")


@pytest.fixture(scope="session")
def simulated_report(network):
    """Return a dated report with simulated shipments and a promised day that some corridors keep."""
    return report(network, "Xi'an", "Duisburg", depart="2026-11-02", runs=2000, promised="2026-11-26")


@pytest.fixture(scope="session")
def real_report(network):
    """Return the report of the README."""
    return report(network, "Xi'an", "Duisburg")
