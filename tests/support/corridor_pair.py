"""A network of two corridors with what their resources have left."""

from tests.support.tiny import link, operation, tiny_network


def resource(resource_id, capacity, **cells):
    """Return a row of `resources` in TEU a day."""
    return {"id": resource_id, "capacity": capacity, "capacity_unit": "teu/day", **cells}


def two_corridors(folder):
    """Return two corridors from A to D: by B, fast and narrow, and by C."""
    resources = [
        resource("b--line", 60, background_teu_day=20),
        resource("b--terminal", 30),
        resource("c--line", 80, background_teu_day=200),
    ]
    links = [
        link("cn-a -- kz-b", resource="b--line"),
        link("kz-b -- ru-d"),
        link("cn-a -- mn-c", length_km=300),
        link("mn-c -- ru-d", resource="c--line"),
    ]
    corridors = [
        {"id": "by-b", "name": "by B", "priority": 1, "require": "CN-KZ"},
        {"id": "by-c", "name": "by C", "priority": 2, "require": "CN-MN"},
    ]
    return tiny_network(
        folder,
        links=links,
        operations=[operation("border_entry", "kz-b", other_place="cn-a", resource="b--terminal", mean_h=5)],
        tables={"resources": resources, "corridors": corridors},
    )
