"""An answer of each kind that has geometry, made once and only when it is asked for."""

from functools import cache
from types import SimpleNamespace

from landbridge.routing import (
    assign,
    bottlenecks,
    compare_corridors,
    criticality,
    pareto,
    reach,
    route,
    route_by_corridor,
)
from tests.support import narrow_way
from tests.support.flow_networks import demand, two_ways
from tests.support.simulated import simulation

ENDS = ("Xi'an", "Istanbul")
RAIL = {"modes": ["rail"]}


def drawn_answers(network, folder):
    """Return the names of answers of a network, and a function that returns the answer of a name."""

    @cache
    def trips():
        return route(network, *ENDS, k=2)

    @cache
    def assigned():
        return assign(network)

    def narrow():
        return narrow_way.two_ways(folder / "narrow")

    makers = {
        "route": trips,
        "route of one": lambda: trips()[0],
        "route with a date": lambda: route(network, *ENDS, depart="2026-03-02"),
        "route over 180 degrees": lambda: route(network, "Shanghai", "Rotterdam", corridor="nsr", planned=True),
        "corridors": lambda: route_by_corridor(network, *ENDS),
        "comparison": lambda: compare_corridors(network, *ENDS),
        "pareto": lambda: pareto(network, *ENDS, objectives=["time", "cost"], epsilon=0.05),
        "reach by time": lambda: reach(network, "Altynkol", ["2d", "4d", "100h"], **RAIL),
        "reach by cost": lambda: reach(network, "Altynkol", [500, 1000], by="cost", **RAIL),
        "reach by co2e": lambda: reach(network, "Altynkol", [300, 600], by="co2e", **RAIL),
        "reach of nothing": lambda: reach(network, "Altynkol", ["1h"], **RAIL),
        "assign": assigned,
        "assign with congestion": lambda: assign(two_ways(folder), [demand()], congestion="user"),
        "bottlenecks": lambda: bottlenecks(network, assignment=assigned(), closures=1, check=1),
        "bottlenecks of links": lambda: bottlenecks(
            narrow_way.two_ways(folder / "closed"), narrow_way.ONE, closures=1, check=1
        ),
        # The line, which has no place, and the border on it are one closure; so are the border and the line inland.
        "criticality": lambda: criticality(
            network,
            assignment=assigned(),
            resources=[
                *("BY-PL", "kz-dostyk--terminal", "az-alat--astara", "AZ-IR:rail"),
                *("az-boyuk-kesik--border", "az-ganja--boyuk-kesik"),
            ],
        ),
        "simulation": lambda: simulation(network, edge_teu_day=assigned().edge_teu_day),
    }
    return SimpleNamespace(names=tuple(makers), of=cache(lambda name: makers[name]()))


NAMES = drawn_answers(None, None).names
"""Names of the answers."""
