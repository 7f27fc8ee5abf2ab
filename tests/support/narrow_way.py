"""A network with a narrow direct way and a long way round, for what saturates first."""

from landbridge.routing import DemandFlow
from tests.support.tiny import link, operation, service, tiny_network

ONE = [DemandFlow(origin="cn-a", destination="cn-b", teu_per_year=36_500)]
"""100 TEU a day."""


def two_ways(folder, *, capacity=40, other=None):
    """Return a network with a way of 100 km that takes `capacity` TEU a day and one of 200 km by cn-c."""
    resources = [{"id": "direct", "capacity": capacity}, {"id": "yard", "kind": "terminal", "capacity": 1000}]
    if other is not None:
        resources.append({"id": "round", "capacity": other})
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-b", resource="direct"),
            link("cn-a -- cn-c", **({"resource": "round"} if other is not None else {})),
            link("cn-c -- cn-b"),
        ],
        services=[service("rail", "rail", capacity_teu_day=None, vehicle="train")],
        operations=[operation("load", "cn-a", to_mode="rail", mean_h=5, resource="yard")],
        tables={"resources": resources},
    )


def by_id(found):
    """Return the bottlenecks by resource."""
    return {item.resource: item for item in found.items}
