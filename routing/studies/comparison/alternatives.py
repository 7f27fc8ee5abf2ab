"""The alternatives of pairs and rows of demand: the best itinerary of each corridor, with USD and hours per TEU."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from landbridge.networks.errors import LandbridgeError
from landbridge.networks.network import Network
from landbridge.routing.flows.alternatives import alternatives
from landbridge.routing.flows.commodities import hour_usd_per_teu
from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.leg_maker import itinerary_of
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import inventory_usd_per_h
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.options import query_from_options
from landbridge.routing.query.path_corridors import PathCorridors
from landbridge.routing.query.query import Conditions
from landbridge.routing.questions.corridor_rows import corridor_rows
from landbridge.routing.questions.pairs import Pairs
from landbridge.routing.studies.comparison.break_even import Alternative, Row
from landbridge.routing.studies.comparison.sides import Side


def demand_alternatives(side: Side) -> list[Row]:
    """Return the alternatives of each row of demand: those of the logit choice, whatever the assignment chose by."""
    assigned = side.assignment
    pool, wanted = assigned.flow.pool, assigned.commodities
    if side.logit is None:
        pool = alternatives(side.network, wanted)
    named = PathCorridors(side.network)
    found: list[list[Alternative]] = [[] for _ in wanted.demand]
    for path, row in enumerate(pool.commodity.tolist()):
        edges = [edge for edge in pool.path(path).tolist() if edge < side.network.graph.edges]
        trip = itinerary_of(wanted.queries[row], edges)
        found[row].append(_alternative(trip, named.of(edges), hour_usd_per_teu(wanted.queries[row])))
    return [
        Row(key, float(assigned.demand_teu_day[row]), hour_usd_per_teu(wanted.queries[row]), tuple(found[row]))
        for key, row in side.keys.items()
    ]


def pair_alternatives(
    network: Network,
    pairs: Pairs,
    conditions: Conditions,
    *,
    cargo: Cargo,
    objective: Weights,
    progress: Callable[[int], object],
) -> Iterator[tuple[int, Row]]:
    """Yield the index of each pair that has a result, and its alternatives: the offers of `compare_corridors` all year.

    Like the answer of a pair without a date, none is by a season.

    Parameters
    ----------
    objective
        Weights of the generalised cost.
    """
    for number, pair in enumerate(pairs.rows):
        if pair.error is None and pair.origin and pair.destination:
            sent = replace(
                cargo, teu=pair.teu or cargo.teu, tonnes=cargo.tonnes if pair.tonnes is None else pair.tonnes
            )
            ends = pair.origin, pair.destination
            query = query_from_options(network, ends, conditions, cargo=sent, objective=objective)
            value = inventory_usd_per_h(network, query.cargo) + objective.value_of_time_usd_per_h
            hour_usd = value / query.cargo.teu
            try:
                offers = corridor_rows(query).rows
            except LandbridgeError:
                offers = []  # a dated pair may have an itinerary where an undated one has none
            found = tuple(_alternative(item, item.corridor, hour_usd) for item in offers if not item.seasonal)
            yield number, Row("", query.cargo.teu, hour_usd, found)
        progress(1)


def _alternative(trip: Itinerary, corridor: str, hour_usd: float) -> Alternative:
    """Return an itinerary per TEU: USD are what of its generalised cost does not depend on its hours."""
    usd = trip.generalised_cost_usd / trip.cargo.teu - hour_usd * trip.time_mean_h
    return Alternative(corridor, usd, trip.time_mean_h)
