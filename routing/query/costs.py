"""The cost model: hours, dollars, CO2e and km of each edge of the state graph for a cargo, in one vectorised pass.

Money is the amount paid: rate of the tariff section x length, boarding charges and fees, deflated to dollars of the
data set's year. Emissions are well-to-wheel: factor x distance adjustment x tonnes (or TEU) x km, and those of
handling. Inventory cost is value x annual rate x time; it is separate from money paid.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from landbridge.networks.arrays import Floats, Indices
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.memo import Memo
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import YEAR_H
from landbridge.routing.query.cargo import EQUIPMENT, Cargo

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow


_PRICED: Final = ("teu", "tonnes", "value_usd", "container_feet", "equipment", "reefer")
"""Attributes of a cargo that its costs depend on."""

_KEPT_CARGOES: Final = 16


@dataclass(frozen=True)
class Rates:
    """Cost and emissions of each edge per unit of cargo, shape (edges,) each; dollars of the data set's year."""

    usd_per_teu: Floats
    usd_per_feu: Floats
    usd_per_container: Floats
    kg_per_tonne: Floats
    kg_per_teu: Floats


@dataclass(frozen=True)
class EdgeCosts(Memo):
    """Time, cost and emissions of each edge for a cargo, shape (edges,) each."""

    time_h: Floats
    time_var_h2: Floats
    cost_usd: Floats
    inventory_usd: Floats
    co2e_kg: Floats
    distance_km: Floats


def pricing(network: Network, equipment: str = EQUIPMENT[0], *, reefer: bool = False) -> "Pricing":
    """Return the tariffs and factors of a network for an equipment; they are computed once and cached with it."""
    return network.cached(Pricing, equipment, reefer)


def edge_costs(network: Network, cargo: Cargo, edges: Indices | None = None) -> EdgeCosts:
    """Return the time, cost and emissions of each edge of the state graph for a cargo.

    Parameters
    ----------
    edges
        The edges of which they are needed, by default all; the cost and emissions of the others are nan.
    """
    graph, prices = network.graph, pricing(network, cargo.equipment, reefer=cargo.reefer)
    unit = prices.rates if edges is None else prices.rates_of(edges)
    size = unit.usd_per_teu * cargo.teu if cargo.container_feet == 20 else unit.usd_per_feu * cargo.containers
    return EdgeCosts(
        time_h=graph.time_mean_h,
        time_var_h2=graph.time_sd_h**2,
        cost_usd=size + unit.usd_per_container * cargo.containers,
        inventory_usd=graph.time_mean_h * inventory_usd_per_h(network, cargo),
        co2e_kg=unit.kg_per_tonne * cargo.tonnes + unit.kg_per_teu * cargo.teu,
        distance_km=graph.length_km,
    )


def kept_costs(network: Network, cargo: Cargo) -> EdgeCosts:
    """Return the same for all edges, computed once for each cargo and kept with the network."""
    return network.cached(_costs_of, tuple(getattr(cargo, name) for name in _PRICED), most=_KEPT_CARGOES)


def _costs_of(network: Network, priced: tuple[Any, ...]) -> EdgeCosts:
    return edge_costs(network, Cargo(**dict(zip(_PRICED, priced, strict=True))))


def inventory_usd_per_h(network: Network, cargo: Cargo) -> float:
    """Return the inventory cost of an hour: value x annual rate / 8760."""
    return cargo.value_usd * float(network.setting("inventory_rate_per_year")) / YEAR_H


def g_co2e_per_teu_km(factor: Row, *, reefer: bool) -> float | None:
    """Return the emission factor of a TEU, that of a refrigerated one where it is known; None for one by tonnes."""
    cooled: float | None = factor["reefer_g_co2e_per_teu_km"] if reefer else None
    return factor["g_co2e_per_teu_km"] if cooled is None else cooled


class PriceSpread(NamedTuple):
    """The published spread of a rate: its market, and p10 and p90 divided by the rate of the tariff."""

    market: str
    p10_ratio: float
    p90_ratio: float


@dataclass(frozen=True)
class HaulRate:
    """Cost and emissions per km; `spread` is that of the rate, None if none is known."""

    usd_per_teu_km: float
    usd_per_feu_km: float
    kg_per_tkm: float
    kg_per_teu_km: float
    sources: tuple[str, ...]
    spread: PriceSpread | None = None


class Pricing:
    """The tariffs, fees and emission factors of a network, per unit of cargo."""

    def __init__(self, network: Network, equipment: str, reefer: bool) -> None:
        self._network = network
        self._reefer = reefer
        self._deflators = {key: row["usd_to_2024"] for key, row in network.keyed("deflators").items()}
        self._factors = network.keyed("emission_factors")
        self._bands: dict[str, list[Row]] = {}
        for row in network.tables["tariffs"]:
            if row["equipment"] in {"any", equipment}:
                self._bands.setdefault(row["id"], []).append(row)
        for bands in self._bands.values():
            bands.sort(key=lambda row: float(row["band_from_km"]))

    def _deflated(self, usd: float, year: int | None) -> float:
        return usd * self._deflators[str(year)] if usd else 0.0

    def tariff(self, link: "LinkRow", length_km: float, *, backward: bool) -> Row:
        """Return the row of the tariff of a link, for the distance band of its tariff section."""
        service = self._network.services[link["service"]]
        tariff = (link["tariff_back"] if backward else None) or link["tariff"] or service["tariff"]
        section_km = link["section_km"] or length_km
        return next(row for row in self._bands[tariff] if row["band_to_km"] is None or section_km < row["band_to_km"])

    def factor(self, link: "LinkRow") -> Row:
        """Return the row of the emission factor of a link."""
        found: Row = self._factors[
            link["emission_factor"] or self._network.services[link["service"]]["emission_factor"]
        ]
        return found

    def haul(self, link: "LinkRow", length_km: float, *, backward: bool) -> HaulRate:
        """Return the rate and factor of a link with their sources."""
        band, factor = self.tariff(link, length_km, backward=backward), self.factor(link)
        teu = self._deflated(band["usd_per_teu_km"], band["usd_year"])
        feu = teu * 2 if band["usd_per_feu_km"] is None else self._deflated(band["usd_per_feu_km"], band["usd_year"])
        # A factor per km actually travelled is adjusted to lengths, which are shortest feasible distances.
        adjusted = (factor["distance_adjustment"] or 1.0) / 1000
        return HaulRate(
            teu,
            feu,
            (factor["g_co2e_per_tkm"] or 0.0) * adjusted,
            (g_co2e_per_teu_km(factor, reefer=self._reefer) or 0.0) * adjusted,
            (*band["source"], *factor["source"], *factor["adjustment_source"]),
            self._spread(band),
        )

    def boarding_spread(self, service: Row) -> PriceSpread | None:
        """Return the spread of what is paid to board, a part of the freight: that of the service's tariff."""
        return self._spread(self._bands[service["tariff"]][0])

    def _spread(self, band: Row) -> PriceSpread | None:
        if band["spread"] is None:
            return None
        row = self._network.keyed("spreads")[band["spread"]]
        return PriceSpread(row["id"], row["p10_ratio"], row["p90_ratio"])

    def cools(self, link: "LinkRow") -> bool:
        """Whether the emissions of a refrigerated container on a link hold its cooling."""
        return self.factor(link)["reefer_g_co2e_per_teu_km"] is not None

    def _haul(self, link: "LinkRow", length_km: float, *, backward: bool) -> tuple[float, ...]:
        rate = self.haul(link, length_km, backward=backward)
        return (
            rate.usd_per_teu_km * length_km,
            rate.usd_per_feu_km * length_km,
            0.0,
            rate.kg_per_tkm * length_km,
            rate.kg_per_teu_km * length_km,
        )

    def _operation(self, row: Row) -> tuple[float, ...]:
        year = row["fee_usd_year"]
        teu = row["fee_usd_per_teu"]
        feu = teu if row["fee_usd_per_feu"] is None else row["fee_usd_per_feu"]
        return (
            self._deflated(teu, year),
            self._deflated(feu, year),
            self._deflated(row["fee_usd_per_consignment"], year),
            0.0,
            row["co2e_kg_per_teu"],
        )

    def _boarding(self, row: Row) -> tuple[float, ...]:
        year = row["boarding_usd_year"]
        teu = row["boarding_usd_per_teu"]
        feu = teu * 2 if row["boarding_usd_per_feu"] is None else row["boarding_usd_per_feu"]
        return (self._deflated(teu, year), self._deflated(feu, year), 0.0, 0.0, 0.0)

    @cached_property
    def rates(self) -> Rates:
        """Unit rates of each edge of the state graph."""
        return self.rates_of(np.arange(self._network.graph.edges, dtype=np.int32))

    def rates_of(self, edges: Indices) -> Rates:
        """Return the unit rates of some edges of the state graph, shape (edges of the graph,); nan for all others."""
        graph = self._network.graph
        keys = np.column_stack([graph.kind, graph.row, graph.backward])[edges]
        # Edges with the same row in the same direction cost the same.
        rows, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        lengths = graph.length_km[edges[first]].tolist()
        found = [
            self._rate(kind, row, length, backward=bool(backward))
            for (kind, row, backward), length in zip(rows.tolist(), lengths, strict=True)
        ]
        columns = np.full((5, graph.edges), np.nan)
        columns[:, edges] = np.array(found, dtype=np.float64).reshape(-1, 5)[which.reshape(-1)].T
        return Rates(*columns)

    def _rate(self, kind: int, row: int, length_km: float, *, backward: bool) -> tuple[float, ...]:
        """Return the rates of a link, operation or service by its kind of edges and its row."""
        if kind == EdgeKind.HAUL:
            return self._haul(self._network.links[row], length_km, backward=backward)
        if kind == EdgeKind.OPERATION:
            return self._operation(self._network.operations[row])
        return self._boarding(self._network.tables["services"].rows[row])
