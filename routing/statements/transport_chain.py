"""Elements of a transport chain: carriage and handling of cargo, with activity, intensity and factor.

Terms are those of ISO 14083: a transport chain element (TCE) is a section in which one vehicle carries the freight, a
hub operation is its transfer between vehicles or handling at an end of the chain.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from landbridge.networks.tables.table import Row
from landbridge.routing.query.costs import g_co2e_per_teu_km

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import EmissionFactorRow

SAME_LENGTH: Final = 1.001
"""Paths longer than the shortest feasible one by at most this ratio count as the shortest."""


@dataclass(frozen=True, kw_only=True)
class TransportElement:
    """Carriage by one service without handling (TCE of ISO 14083).

    Attributes
    ----------
    start, end, countries
        Ids of the places (`lat,lon` for a point), and the countries passed.
    distance_km, shortest_feasible_km
        Length of the path of the itinerary, and the shortest by its mode and gauge; None if that is an estimate.
    tonnes, teu
        Size of the consignment.
    co2e_kg
        Well-to-wheel emissions.
    factor
        Row of the table `emission_factors`.
    reefer
        Whether the cargo is refrigerated, for the factor of such containers where it is known.
    """

    mode: str
    service: str
    start: str
    end: str
    countries: tuple[str, ...]
    distance_km: float
    shortest_feasible_km: float | None
    tonnes: float
    teu: float
    co2e_kg: float
    factor: "EmissionFactorRow"
    reefer: bool = False

    @property
    def distance_basis(self) -> str:
        """Distance basis of the activity: `shortest_feasible`, or `actual` for the longer path of the itinerary."""
        shortest = self.shortest_feasible_km
        return "shortest_feasible" if shortest is None or self.distance_km <= shortest * SAME_LENGTH else "actual"

    @property
    def activity_tkm(self) -> float:
        """Transport activity in tonne-km."""
        return self.tonnes * self.distance_km

    @property
    def activity_teu_km(self) -> float:
        """Transport activity in TEU-km."""
        return self.teu * self.distance_km

    @property
    def ttw_kg(self) -> float | None:
        """Emissions of vehicle operation (tank to wheel); None if the factor does not separate them."""
        share = self.factor["ttw_share"]
        return None if share is None else self.co2e_kg * float(share)

    @property
    def holds_cooling(self) -> bool:
        """Whether there is a factor for refrigerated containers, whose cooling it holds."""
        return self.factor["reefer_g_co2e_per_teu_km"] is not None

    @property
    def data_kind(self) -> str:
        """`default` for a published factor, otherwise `modelled` (GLEC); there are no primary data."""
        return "default" if self.factor["confidence"] == "published" else "modelled"

    def to_dict(self) -> dict[str, Any]:
        """Return the element with the names of the JSON output."""
        factor, ttw_kg = self.factor, self.ttw_kg
        per_teu = factor["g_co2e_per_tkm"] is None
        return {
            "kind": "transport",
            "mode": self.mode,
            "service": self.service,
            "from": self.start,
            "to": self.end,
            "countries": list(self.countries),
            "distance_km": self.distance_km,
            "distance_basis": self.distance_basis,
            "shortest_feasible_km": self.shortest_feasible_km,
            "activity_tkm": self.activity_tkm,
            "activity_teu_km": self.activity_teu_km,
            "co2e_kg": self.co2e_kg,
            "ttw_kg": ttw_kg,
            "wtt_kg": None if ttw_kg is None else self.co2e_kg - ttw_kg,
            "g_co2e_per_tkm": intensity_g(self.co2e_kg, self.activity_tkm),
            "g_co2e_per_teu_km": intensity_g(self.co2e_kg, self.activity_teu_km),
            "factor": {
                "id": factor["id"],
                "value": g_co2e_per_teu_km(cast("Row", factor), reefer=self.reefer)
                if per_teu
                else factor["g_co2e_per_tkm"],
                "unit": "g/TEU-km" if per_teu else "g/tkm",
                "distance_adjustment": factor["distance_adjustment"] or 1.0,
                "year": factor["year"],
                "confidence": factor["confidence"],
                "sources": _sources(factor),
            },
            "fuel": factor["fuel"],
            "electric_share": factor["electric_share"],
            "grid_g_co2e_per_kwh": factor["grid_g_co2e_per_kwh"],
            "load_factor": factor["load_factor"],
            "empty_running": factor["empty_running"],
            "data_kind": self.data_kind,
        }


@dataclass(frozen=True, kw_only=True)
class HubOperation:
    """Handling of cargo; `known` distinguishes zero emissions from those without a source."""

    operation: str
    place: str
    row: Row
    tonnes: float
    teu: float
    co2e_kg: float

    @property
    def known(self) -> bool:
        """Whether there is a source for the emissions."""
        return bool(self.row["co2e_source"])

    def to_dict(self) -> dict[str, Any]:
        """Return the operation with the names of the JSON output."""
        return {
            "kind": "hub",
            "operation": self.operation,
            "place": self.place,
            "activity_t": self.tonnes,
            "activity_teu": self.teu,
            "co2e_kg": self.co2e_kg,
            "kg_co2e_per_teu": self.row["co2e_kg_per_teu"] if self.known else None,
            "factor": {
                "id": self.row["id"],
                "year": self.row["co2e_year"],
                "confidence": self.row["co2e_confidence"],
                "sources": list(self.row["co2e_source"]),
            },
            "data_kind": "modelled" if self.known else "missing",
        }


Element = TransportElement | HubOperation
"""An element of a transport chain."""


def intensity_g(co2e_kg: float, activity: float) -> float | None:
    """Return grams of CO2e per unit of activity (tkm or TEU-km), None if there is no activity."""
    return co2e_kg * 1000 / activity if activity else None


def _sources(factor: "EmissionFactorRow") -> list[str]:
    named = (factor[f] for f in ("source", "adjustment_source", "energy_source", "ttw_source", "load_source"))
    return list(dict.fromkeys(source for sources in named for source in sources))
