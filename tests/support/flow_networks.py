"""A network drawn for the tests of flows: two ways from a to d, the cheap one over a narrow terminal."""

from landbridge.routing.flows.demand import DemandFlow
from tests.support.tiny import link, operation, tiny_network

CHEAP, DEAR = 40.0, 60.0
"""USD that a TEU without value costs from a to d: 10 for fees, and 300 km by rail or 500 km at 0.10."""


def two_ways(folder, *, tables=None, **options):
    """Return a network: a - b - d of 300 km with a change at b that 30 TEU a day fit through, a - c - d of 500 km."""
    resources = [
        {
            "id": "hall",
            "name": "Hall of B",
            "kind": "terminal",
            "place": "kz-b",
            "capacity": 40,
            "background_teu_day": 10,
        }
    ]
    return tiny_network(
        folder,
        links=[
            link("kz-a -- kz-b", length_km=100),
            link("kz-b -- kz-d", "road", length_km=200),
            link("kz-a -- kz-c", length_km=300),
            link("kz-c -- kz-d", length_km=200),
        ],
        operations=[
            operation(
                "transship", "kz-b", from_mode="rail", to_mode="road", mean_h=3, resource="hall", fee_usd_per_teu=0
            ),
            operation(
                "transship", "kz-b", from_mode="road", to_mode="rail", mean_h=3, resource="hall", fee_usd_per_teu=0
            ),
        ],
        tables={"resources": resources} | (tables or {}),
        **options,
    )


def demand(teu_day=50.0, **cells):
    """Return a demand from a to d that only what is paid counts for."""
    values = {"origin": "kz-a", "destination": "kz-d", "teu_per_year": 365 * teu_day, "value_usd_per_teu": 0.0}
    return DemandFlow(**(values | {"id": "x", "flow": "group"} | cells))


def two_ways_by_year(folder):
    """Return the network of two ways with 50 TEU a day of 2024 and 60 of 2025, and 25 TEU a day of the hall in 2024.

    In 2024 20 of 25 TEU a day fit through the hall, since 5 are of traffic that is not modelled; in 2025, as in the
    table of resources, 30. A row without a year, of 1 TEU a day the other way, holds in both.
    """
    year = {"resource": "hall", "year": 2024, "capacity": 25, "unit": "teu/day", "background": 5}
    sent = {"id": "x", "origin": "kz-a", "destination": "kz-d", "value_usd_per_teu": 0}
    rows = [sent | {"teu_per_year": 365 * teu_day, "for_year": of} for teu_day, of in ((50, 2024), (60, 2025))]
    back = {"id": "y", "origin": "kz-d", "destination": "kz-a", "value_usd_per_teu": 0, "teu_per_year": 365}
    return two_ways(folder, tables={"capacities": [year], "demand": [*rows, back]})


def around_the_sea(folder, *further):
    """Return kz-a - kz-b - az-c - az-d with a strait of 10 TEU a day in each direction, and a way round by ir-e."""
    sea = {"id": "sea", "name": "Over the sea", "priority": 1, "require": "AZ-KZ"}
    strait = {"id": "strait", "name": "Strait", "kind": "line", "place": "kz-b", "capacity": 10}
    return tiny_network(
        folder,
        links=[
            link("kz-a -- kz-b", length_km=100),
            link("kz-b -- az-c", length_km=100, resource="strait"),
            link("az-c -- az-d", length_km=100),
            link("kz-a -- ir-e", length_km=300),
            link("ir-e -- az-c", length_km=100),
            *further,
        ],
        tables={"corridors": [sea], "resources": [strait | {"capacity_unit": "teu/day"}]},
    )
