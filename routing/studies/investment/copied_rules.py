"""The rules of paths in a problem in which edges of the network have copies, one for each work that changes them."""

from collections.abc import Sequence

import numpy as np

from landbridge.networks.arrays import Bools, Floats, Ints
from landbridge.routing.flows.solvers.problem import PathRules


class CopiedRules:
    """The rules of the network, which see each copy as the edge that it stands for.

    Parameters
    ----------
    rules
        The rules of the network.
    origin
        Edge of the network that each edge of the problem stands for, shape (edges,).
    profile
        Traffic class of each commodity, shape (commodities,).
    change
        For each class how the cost of each edge differs from that in the network, shape (edges,).
    """

    def __init__(self, rules: PathRules, origin: Ints, profile: Ints, change: Sequence[Floats]) -> None:
        self._rules, self._origin, self._profile, self._change = rules, origin, profile, change

    @property
    def commodities(self) -> Ints:
        """The commodities to which the rules apply."""
        return self._rules.commodities

    def mended(
        self, commodities: Ints, least: Floats, paths: tuple[Ints, Ints, Floats], edge_price: Floats, *, free: bool
    ) -> tuple[Floats, tuple[Ints, Ints, Floats]]:
        """Return prices and paths of the commodities of one class, as `NoReturns.mended` does.

        A path takes the cheapest copy of each of its edges.
        """
        start, edges, costs = paths
        change = self._change[int(self._profile[commodities[0]])]
        price = edge_price + (np.where(np.isinf(change), np.inf, 0.0) if free else change)
        best = np.full(int(self._origin.max()) + 1, np.inf)
        np.minimum.at(best, self._origin, price)
        cheapest = np.empty(len(best), dtype=np.int64)
        at_best = np.flatnonzero(price == best[self._origin])
        cheapest[self._origin[at_best]] = at_best
        own = start, self._origin[edges], costs - change[edges]
        least, found = self._rules.mended(commodities, least, own, best, free=free)
        if found is own:
            return least, paths
        start, edges = found[0], cheapest[found[1]]
        return least, (start, edges, found[2] + change[edges])

    def broken(self, commodities: Ints, start: Ints, edges: Ints) -> Bools:
        """Return which of some paths break a rule of the network, as `NoReturns.broken` does."""
        return self._rules.broken(commodities, start, self._origin[edges])
