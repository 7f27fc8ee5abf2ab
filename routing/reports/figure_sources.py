"""The sources of each figure of a leg: its time, cost, emissions and distance."""

from typing import TYPE_CHECKING, Any, Final, cast

from landbridge.networks.network import Network
from landbridge.networks.times.durations import running_source
from landbridge.routing.itineraries.leg import Leg
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.costs import pricing
from landbridge.routing.statements.emissions import factor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landbridge.networks.tables.rows import LinkRow

FIGURES: Final = ("time", "cost", "co2e", "distance")
"""The figures of a leg."""

_OF_OPERATION: Final = {"time": "time_source", "cost": "fee_source", "co2e": "co2e_source"}
_OF_WAIT: Final = {"time": "wait_source", "cost": "boarding_source"}

FigureSources = dict[str, tuple[str, ...]]
"""Ids of the sources of each figure."""


def figure_sources(network: Network, cargo: Cargo, leg: Leg) -> FigureSources:
    """Return the ids of the sources of each figure of a leg (`FIGURES`).

    A figure that is 0 by rule, such as the distance of an operation, has none.
    """
    if leg.kind == "haul":
        return _of_haul(network, cargo, leg)
    row: Mapping[str, Any] = leg.row or {}
    columns = _OF_OPERATION if leg.kind == "operation" else _OF_WAIT
    if columns["time"] not in row:  # a wait for the opening of a link or operation, which costs nothing
        return dict.fromkeys(FIGURES, ()) | {"time": leg.sources}
    found = {figure: tuple(row[columns[figure]]) if figure in columns else () for figure in FIGURES}
    # The time has the sources of its normal and congested months too, which are no column of its row.
    others = {*found["cost"], *found["co2e"]} - {*found["time"]}
    return found | {"time": tuple(source for source in leg.sources if source not in others)}


def _of_haul(network: Network, cargo: Cargo, leg: Leg) -> FigureSources:
    factor = factor_of(network, leg)
    co2e = _each_once(*factor["source"], *factor["adjustment_source"])
    if leg.row is None:  # drayage on roads outside the network
        own = tuple(source for source in leg.sources if source not in co2e)
        return {"time": own, "cost": own, "co2e": co2e, "distance": own}
    link = cast("LinkRow", leg.row)
    tariff = pricing(network, cargo.equipment, reefer=cargo.reefer).tariff(link, leg.distance_km, backward=leg.backward)
    timetabled = cargo.cargo_class == "timetabled"
    running = running_source(link, network.services[link["service"]], timetabled=timetabled)
    return {
        "time": _each_once(*running, *link["open_source"]),
        "cost": _each_once(*tariff["source"]),
        "co2e": co2e,
        "distance": _each_once(*link["length_source"]),
    }


def _each_once(*sources: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sources))
