"""Two networks to compare, drawn so that a hand can work out what changes."""

from landbridge.routing import DemandFlow, Scenario
from tests.support.tiny import link, tiny_network

STEPPE, MONGOLIA = 70.0, 90.0
"""USD that a TEU without value costs from cn-a to ru-z: 30 of fees (60 a container), and 400 or 600 km at 0.10."""

STEPPE_H, MONGOLIA_H = 29.0, 33.0
"""Hours: 21 of operations at both ends and two borders, and 8 or 12 of trains at 50 km/h."""

UNSERVED = 1000.0
"""USD of a TEU that is not carried."""


def both_ways(folder, **tables):
    """Return the ways from cn-a to ru-z: over KZ 400 km and over MN 600 km, each with a corridor."""
    corridors = [
        {"id": "middle", "name": "Steppe", "priority": 1, "require": "CN-KZ"},
        {"id": "mongolia", "name": "Mongolia", "priority": 2, "require": "CN-MN"},
    ]
    return tiny_network(
        folder,
        links=[
            link("cn-a -- kz-b", length_km=200),
            link("kz-b -- ru-z", length_km=200),
            link("cn-a -- mn-c", length_km=300),
            link("mn-c -- ru-z", length_km=300),
        ],
        tables={"corridors": corridors, "dataset": [{"key": "unserved_usd_per_teu", "value": str(UNSERVED)}], **tables},
    )


def sent(teu_day=10.0, **cells):
    """Return a demand from cn-a to ru-z that only what is paid counts for."""
    values = {"origin": "cn-a", "destination": "ru-z", "teu_per_year": 365 * teu_day, "value_usd_per_teu": 0.0}
    return DemandFlow(**(values | {"id": "x", "flow": "group"} | cells))


def closing(*countries):
    """Return the scenario that closes countries."""
    change = {"do": "close", "what": "countries", "ids": list(countries)}
    name = "closed-" + "-".join(country.lower() for country in countries)
    return Scenario.from_dict({"name": name, "title": "Closed", "changes": [change]})
