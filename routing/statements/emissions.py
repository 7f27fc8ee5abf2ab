"""Emissions statements in the form of ISO 14083 and the GLEC Framework: a transport chain of elements and hubs.

A transport chain element is the carriage by one service without handling: consecutive hauls of one service, including
border formalities between them. A hub operation is the handling of cargo: loading, transshipment, gauge change,
unloading. Emissions of an element are factor x distance adjustment x tonnes (or TEU) x km, so that they add to those of
the itinerary. Sources: ISO 14083:2023; GLEC Framework v3 (Smart Freight Centre).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.meta import landbridge_version
from landbridge.networks.network import Network
from landbridge.networks.words import counted
from landbridge.routing.itineraries.itinerary import Itinerary, itinerary_given
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.itineraries.side_by_side import ends
from landbridge.routing.output.charts import Bar, bar_chart, look_of
from landbridge.routing.output.palette import MODES, STOPS
from landbridge.routing.output.result import Result
from landbridge.routing.output.tables import RecordTable, flat
from landbridge.routing.query.access import access_service
from landbridge.routing.statements.shortest_distance import ShortestFeasible
from landbridge.routing.statements.transport_chain import Element, HubOperation, TransportElement, intensity_g

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from landbridge.networks.tables.rows import EmissionFactorRow, SourceRow

HANDLING: Final = frozenset({"load", "unload", "transship", "gauge_change"})
"""Operations that handle cargo: hub operations, even if their emissions are unknown."""


@dataclass(frozen=True, repr=False)
class EmissionsStatement(Result):
    """The emissions of an itinerary by transport chain elements and hub operations.

    Attributes
    ----------
    itinerary
        The itinerary.
    elements
        Transport chain elements and hub operations in the order of travel.
    unmeasured
        Border formalities and changes of note, for which there is no source: they count as 0.
    data_set
        Name, version and reference date of the data.
    sources
        The sources of the factors, by id.
    """

    itinerary: Itinerary
    elements: tuple[Element, ...] = field(hash=False)
    unmeasured: tuple[Leg, ...] = field(hash=False)
    data_set: dict[str, str] = field(default_factory=dict, hash=False)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        """Return the itinerary, the total and the number of elements."""
        counts = f"{counted(len(self.transports), 'transport element')}, {counted(len(self.hubs), 'hub')}"
        return f"<EmissionsStatement {self.itinerary.itinerary_id}: {self.co2e_kg:,.0f} kg CO2e, {counts}>"

    @property
    def transports(self) -> tuple[TransportElement, ...]:
        """The transport chain elements."""
        return tuple(item for item in self.elements if isinstance(item, TransportElement))

    @property
    def hubs(self) -> tuple[HubOperation, ...]:
        """The hub operations."""
        return tuple(item for item in self.elements if isinstance(item, HubOperation))

    @cached_property
    def co2e_kg(self) -> float:
        """Well-to-wheel emissions of the whole cargo: the sum of the elements."""
        return sum(item.co2e_kg for item in self.elements)

    @cached_property
    def ttw_kg(self) -> float | None:
        """Emissions of vehicle operation of the transport elements; None if a factor does not separate them."""
        parts = [item.ttw_kg for item in self.transports]
        return None if None in parts else sum(part for part in parts if part is not None)

    @property
    def method(self) -> dict[str, str]:
        """Method of the statement; for refrigerated cargo also how far the emissions hold its cooling."""
        if not self.itinerary.cargo.reefer:
            return dict(METHOD)
        warm = [item for item in self.transports if not item.holds_cooling]
        cooled = sum(item.distance_km for item in self.transports if item.holds_cooling)
        where = f"on {cooled:,.0f} of {self.itinerary.distance_km:,.0f} km" if cooled else "nowhere"
        modes = " and ".join(dict.fromkeys(look_of(MODES, item.mode).label for item in warm))
        left_out = METHOD["left_out"] + (f", the energy of cooling by {modes}" if warm else "")
        return METHOD | {"left_out": left_out, "cooling": f"CO2e holds the cooling {where}"}

    def totals(self) -> dict[str, float | None]:
        """Return the emissions of the cargo, per tonne and per TEU, and the intensities of the chain."""
        cargo, transport_kg = self.itinerary.cargo, sum(item.co2e_kg for item in self.transports)
        tkm = sum(item.activity_tkm for item in self.transports)
        return {
            "co2e_kg": self.co2e_kg,
            "transport_co2e_kg": transport_kg,
            "hub_co2e_kg": sum(item.co2e_kg for item in self.hubs),
            "transport_ttw_kg": self.ttw_kg,
            "transport_wtt_kg": None if self.ttw_kg is None else transport_kg - self.ttw_kg,
            "co2e_kg_per_tonne": self.co2e_kg / cargo.tonnes if cargo.tonnes else None,
            "co2e_kg_per_teu": self.co2e_kg / cargo.teu,
            "distance_km": sum(item.distance_km for item in self.transports),
            "activity_tkm": tkm,
            "activity_teu_km": sum(item.activity_teu_km for item in self.transports),
            "g_co2e_per_tkm": intensity_g(self.co2e_kg, tkm),
            "g_co2e_per_teu_km": intensity_g(self.co2e_kg, sum(item.activity_teu_km for item in self.transports)),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the statement with the names of the JSON output."""
        itinerary = self.itinerary
        return {
            "itinerary_id": itinerary.itinerary_id,
            "corridor": itinerary.corridor,
            "from": itinerary.legs[0].start,
            "to": itinerary.legs[-1].end,
            "cargo": {name: getattr(itinerary.cargo, name) for name in ("teu", "tonnes", "reefer")},
            "method": self.method,
            "landbridge_version": landbridge_version(),
            "data_set": dict(self.data_set),
            "totals": self.totals(),
            "elements": [{"number": number, **item.to_dict()} for number, item in enumerate(self.elements, start=1)],
            "unmeasured": [{"operation": leg.operation, "place": leg.start} for leg in self.unmeasured],
            "sources": {name: dict(row) for name, row in self.sources.items()},
        }

    def tables(self) -> Sequence[RecordTable]:
        """Return the transport chain elements, the hub operations, the totals, and the sources."""
        named = {"itinerary_id": self.itinerary.itinerary_id}
        return (
            RecordTable("transport_elements", lambda: [named | flat(item.to_dict()) for item in self.transports]),
            RecordTable("hub_operations", lambda: [named | flat(item.to_dict()) for item in self.hubs]),
            RecordTable("totals", lambda: [named | self.totals()]),
            RecordTable("sources", lambda: [{"id": name} | row for name, row in self.sources.items()]),
        )

    def plot(self) -> "Figure":
        """Return the chart of the emissions of each element, in the order of travel.

        Raises
        ------
        PlotError
            If matplotlib, the extra `plot`, is not installed.
        """
        bars = [self._bar(item) for item in self.elements]
        title = f"{ends([self.itinerary])}: {self.co2e_kg:,.0f} kg CO2e"
        subtitle = "Well-to-wheel emissions of the whole cargo by transport chain element and hub"
        return bar_chart(bars, "kg CO2e", title, self.meta, subtitle=subtitle)

    def _bar(self, item: Element) -> Bar:
        label, kg = self.itinerary.label, f"{item.co2e_kg:,.1f}"
        if isinstance(item, TransportElement):
            look = look_of(MODES, item.mode)
            return Bar(f"{label(item.start)} to {label(item.end)}: {look.label}", item.co2e_kg, kg, look.colour)
        look = look_of(STOPS, item.operation)
        return Bar(f"{label(item.place)}: {look.label}", item.co2e_kg, kg if item.known else "unknown", look.colour)


METHOD: Final[dict[str, str]] = {
    "standard": "in the form of ISO 14083:2023 and the GLEC Framework v3; not verified by a third party",
    "boundary": "well to wheel: vehicle operation and provision of energy; handling in hubs",
    "left_out": "vehicles, infrastructure, packaging, refrigerants, storage, black carbon, offsets",
    "gases": "CO2e by global warming potentials over 100 years as used by each source (IPCC AR4 to AR6)",
    "allocation": "by gross tonnes and distance; by TEU and distance if the factor is per TEU-km",
    "distance": "length of the path between the ends of each element; a factor per km actually travelled is multiplied"
    " by its distance adjustment",
    "data": "default (published) and modelled factors; no primary data of a carrier",
}
"""Method of a statement."""


def emissions_statement(itinerary: Itinerary) -> EmissionsStatement:
    """Return the emissions of an itinerary by transport chain elements and hub operations.

    Their sum is `itinerary.co2e_kg`. A side of a border at which cargo is transloaded between gauges counts as a hub.

    Raises
    ------
    QueryError
        If it is not an itinerary.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import emissions_statement, route
    >>> statement = emissions_statement(route(load_network(), "Altynkol", "Aktau", modes=["rail"])[0])
    >>> [item.operation for item in statement.hubs]
    ['load', 'unload']
    >>> statement.transports[0].factor["id"]
    'rail-kz'
    """
    itinerary_given(itinerary)
    network, cargo = itinerary.network, itinerary.cargo
    shortest = ShortestFeasible(network, [leg.row for leg in itinerary.hauls if leg.row is not None])
    elements: list[Element] = []
    for legs in _joined(network, itinerary.legs):
        first = legs[0]
        if first.kind == "haul":
            elements.append(_transport(itinerary, legs, shortest))
        elif first.row is not None:
            elements.append(
                HubOperation(
                    operation=str(first.operation),
                    place=first.start,
                    row=first.row,
                    tonnes=cargo.tonnes,
                    teu=cargo.teu,
                    co2e_kg=first.co2e_kg,
                )
            )
    unmeasured = [leg for leg in itinerary.legs if _passes(leg) and leg.kind == "operation"]
    cited = sorted({source for item in elements for source in item.to_dict()["factor"]["sources"]})
    return EmissionsStatement(
        itinerary,
        tuple(elements),
        tuple(unmeasured),
        {name: network.setting(name) for name in ("name", "version", "reference_date")},
        {name: _citation(network.sources[name]) for name in cited},
        meta=itinerary.meta,
    )


def _passes(leg: Leg) -> bool:
    """Whether a leg neither moves nor handles the cargo, so that the vehicle continues after it."""
    if leg.kind == "operation":
        return leg.operation not in HANDLING and not leg.changes_gauge and not leg.co2e_kg
    return leg.kind == "wait"


def _joined(network: Network, legs: Iterable[Leg]) -> Iterator[list[Leg]]:
    """Yield consecutive hauls of one service, track and factor together, and each handling; skip passing legs."""
    hauls: list[Leg] = []
    for leg in legs:
        if _passes(leg):
            continue
        if hauls and (leg.kind != "haul" or _key(network, leg) != _key(network, hauls[0])):
            yield hauls
            hauls = []
        if leg.kind == "haul":
            hauls.append(leg)
        else:
            yield [leg]
    if hauls:
        yield hauls


def _key(network: Network, leg: Leg) -> tuple[object, ...]:
    service = leg.row["service"] if leg.row is not None else "access"
    return service, leg.mode, leg.gauges[0], factor_of(network, leg)["id"]


def factor_of(network: Network, leg: Leg) -> "EmissionFactorRow":
    """Return the emission factor of a haul: that of its link, or else that of its service."""
    if leg.row is None:
        service, own = access_service(network, leg.countries[0]), None
    else:
        service, own = network.services[leg.row["service"]], leg.row["emission_factor"]
    return network.tables["emission_factors"].by_key()[own or service["emission_factor"]]


def _transport(itinerary: Itinerary, legs: list[Leg], shortest: ShortestFeasible) -> TransportElement:
    first, last, cargo = legs[0], legs[-1], itinerary.cargo
    on_network = first.row is not None
    return TransportElement(
        mode=str(first.mode),
        service=first.name,
        start=first.start,
        end=last.end,
        countries=tuple(dict.fromkeys(country for leg in legs for country in leg.countries)),
        distance_km=sum(leg.distance_km for leg in legs),
        shortest_feasible_km=shortest.km(str(first.mode), first.gauges[0], first.start, last.end)
        if on_network
        else None,
        tonnes=cargo.tonnes,
        teu=cargo.teu,
        co2e_kg=sum(leg.co2e_kg for leg in legs),
        factor=factor_of(itinerary.network, first),
        reefer=cargo.reefer,
    )


def _citation(source: "SourceRow") -> dict[str, Any]:
    return {name: source[name] for name in ("kind", "title", "publisher", "year", "url")}
