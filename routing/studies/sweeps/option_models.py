"""The options of each measure of a study as models; imported only when a study is read."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field, model_validator

from landbridge.routing.query.cargo import ContainerFeet
from landbridge.routing.studies.files import Faults
from landbridge.routing.studies.scenarios.models import Strict
from landbridge.routing.studies.sweeps.measures import WEIGHTS

_Texts = str | list[str]


class Options(Strict):
    """Options of all measures."""

    avoid: _Texts | None = Field(default=None, description="countries, places, passages and borders to avoid")
    modes: _Texts | None = Field(default=None, description="modes of the line-haul")
    planned: bool = Field(default=False, description="true to include planned links")


class CargoOptions(Options):
    """Options of measures that send one shipment."""

    teu: float | None = Field(default=None, gt=0, description="the size in TEU, above 0")
    tonnes: float | None = Field(default=None, ge=0, description="the gross weight in t")
    value_usd: float | None = Field(default=None, ge=0, description="the value in USD")
    cargo_class: str | None = Field(default=None, description="the class of the cargo, such as block")
    container_feet: ContainerFeet | None = Field(default=None, description="the length of the container in feet")
    equipment: str | None = Field(default=None, description="whose container it is")
    reefer: bool | None = Field(default=None, description="whether it is refrigerated")
    dangerous: bool | None = Field(default=None, description="whether it is dangerous")
    hs_chapter: str | None = Field(default=None, description="its HS code as text")
    shipper_country: str | None = Field(default=None, description="the country of the shipper")
    consignee_country: str | None = Field(default=None, description="the country of the consignee")
    objective: Literal["generalised", "time", "cost", "co2e", "distance"] | None = Field(
        default=None, description="the objective to minimise"
    )
    value_of_time: float | None = Field(default=None, ge=0, description="USD per hour, 0 or more")
    value_of_reliability: float | None = Field(default=None, ge=0, description="USD per hour of standard deviation")
    carbon_price: float | None = Field(default=None, ge=0, description="USD per t CO2e, 0 or more")
    depart: str | None = Field(default=None, description="day or time of departure")

    @model_validator(mode="after")
    def _check(self) -> "CargoOptions":
        weights = [name for name in WEIGHTS if getattr(self, name) is not None]
        if weights and self.objective not in {None, "generalised"}:
            raise Faults(((weights[0],), "it belongs to the objective generalised", "omit one of the two"))
        return self


class RouteOptions(CargoOptions):
    """Options of `route`."""

    origin: str = Field(description="the place where cargo starts")
    destination: str = Field(description="the place where cargo ends")
    via: _Texts | None = Field(default=None, description="places to visit, in order")
    corridor: str | None = Field(default=None, description="the id of the corridor to use")
    arrive_by: str | None = Field(default=None, description="day or time of arrival")


class SimulateOptions(RouteOptions):
    """Options of `simulate`."""

    runs: int = Field(default=20_000, ge=1, le=10_000_000, description="the number of simulated shipments")
    seed: int = Field(default=0, ge=0, description="the seed, a whole number from 0")
    promised: str | None = Field(default=None, description="the day or time promised at the destination")


class PairsOptions(CargoOptions):
    """Options of `pairs`."""

    pairs: str = Field(description="a CSV file of pairs beside the study")


class AssignOptions(Options):
    """Options of `assign`."""

    demand: str | None = Field(default=None, description='a CSV file beside the study, "" for that of the network')
    estimated: bool = Field(default=False, description="true for the demand split over the crossings by counts")
    demand_factor: float = Field(default=1.0, ge=0, description="a factor on the demand, 0 or more")
    year: int | None = Field(default=None, description="the year of demand and capacities")
    capacity: Literal["hard", "none"] | None = Field(default=None, description="whether capacities limit the flows")
    congestion: Literal["user", "system"] | None = Field(default=None, description="flow-dependent waits")
    logit: float | None = Field(default=None, gt=0, description="the logit scale in USD per TEU, above 0")
    empties: bool = Field(default=False, description="true to return the empty containers as well")
    unserved_usd_per_teu: float | None = Field(default=None, ge=0, description="USD per TEU that is not carried")
    time_limit_s: float | None = Field(default=None, ge=0, description="seconds after which the best so far is taken")
    gap: float | None = Field(default=None, ge=0, description="the relative gap at which the search ends")
    resources: list[str] = Field(default_factory=list, description="ids of resources whose utilisation is wanted")

    @model_validator(mode="after")
    def _check(self) -> "AssignOptions":
        if self.estimated and self.demand:
            raise Faults((("estimated",), "it belongs to the demand of the network", "omit it, or the demand"))
        return self


MODELS: Final[Mapping[str, type[Options]]] = {
    "route": RouteOptions,
    "simulate": SimulateOptions,
    "pairs": PairsOptions,
    "assign": AssignOptions,
}
"""The options of each measure."""


def columns(measure: str) -> set[str]:
    """Return the names of the options of a measure."""
    return set(MODELS[measure].model_fields)
