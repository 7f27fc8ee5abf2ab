"""Time distributions of the links, operations and waits of a network, from the values of its tables."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from landbridge.networks.geometry.sphere import geometry_km, line_km
from landbridge.networks.tables.table import GEOMETRY, Row
from landbridge.networks.tables.waypoints import link_points
from landbridge.networks.times import distributions
from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.networks.times.opening_hours import OpeningWait
from landbridge.networks.times.timetables import timetable_wait
from landbridge.networks.times.traffic import TrafficStates, added, traffic_states

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import (
        LinkRow,
        ModeRow,
        OperationRow,
        PlaceRow,
        ServiceRow,
        SpreadRow,
        TrafficRow,
    )

WATER_MODES = frozenset({"sea", "ferry", "iww"})
"""Modes on water: a transshipment to or from one of them takes place in a port."""


class Duration(NamedTuple):
    """A time distribution, the common factor of its kind, and that factor's share of the variance.

    With `states`, the time is their mixture: its mean and standard deviation are exact, and its shape is theirs.
    """

    time: TimeDistribution
    factor: str | None = None
    share: float = 0.0
    states: TrafficStates | None = None


def link_length_km(link: "LinkRow", places: Mapping[str, "PlaceRow"], modes: Mapping[str, "ModeRow"]) -> float:
    """Return the length of a link: as given, or the length of its line times the detour factor of the mode."""
    if link["length_km"] is not None:
        return float(link["length_km"])
    drawn_km = geometry_km(link[GEOMETRY]) if GEOMETRY in link else line_km(link_points(link, places))
    return drawn_km * float(modes[link["mode"]]["detour_factor"])


def link_duration(
    link: "LinkRow",
    service: "ServiceRow",
    length_km: float,
    spreads: Mapping[str, "SpreadRow"],
    *,
    timetabled: bool = False,
) -> Duration:
    """Return the running time of a link: as given, or length over commercial speed with the spread of the service.

    It does not include the wait for the opening of the link (see `with_opening`). A train on a timetable runs at the
    speed of its own where the service has one.
    """
    spread = spreads[link["spread"] or service["spread"]]
    if link["mean_h"] is None and link["p50_h"] is None:
        column = speed_column(link, service, timetabled=timetabled)
        return _with_spread(length_km / speed_of(link, service, column), spread, link["min_h"])
    return _given(link, spread)


def speed_column(
    link: "LinkRow", service: "ServiceRow", *, timetabled: bool
) -> Literal["speed_km_h", "timetabled_speed_km_h"]:
    """Return the column with the speed of a link, of its own or else of its service.

    A time of the link itself stands above speeds, and a speed of its own above the service's.
    """
    if link["mean_h"] is not None or link["p50_h"] is not None or not timetabled:
        return "speed_km_h"
    if link["timetabled_speed_km_h"] is None and link["speed_km_h"] is not None:
        return "speed_km_h"
    given = (link["timetabled_speed_km_h"], service["timetabled_speed_km_h"])
    return "speed_km_h" if given == (None, None) else "timetabled_speed_km_h"


def speed_of(link: Row, service: Row, column: str) -> float:
    """Return the speed of a link in a column: its own, or that of its service."""
    return float(link[column] or service[column])


def running_source(link: "LinkRow", service: "ServiceRow", *, timetabled: bool) -> tuple[str, ...]:
    """Return the ids of the sources of the running time of a link: its own, or those of the speed of its service."""
    speed = speed_column(link, service, timetabled=timetabled)
    of_service = service["timetabled_speed_source"] if speed.startswith("timetabled") else service["speed_source"]
    return tuple(link["time_source"] or of_service)


def with_opening(running: Duration, wait: OpeningWait) -> Duration:
    """Return a running time preceded by the wait for the opening of its link.

    Means and variances add. The shape is that of the part with the larger variance. The variance due to the common
    factor stays that of the running time, so its share of the total decreases.
    """
    if wait.mean_h == 0:
        return running
    mean_h, sd_h, shape = running.time
    variance_h2 = sd_h**2 + wait.sd_h**2
    time = TimeDistribution(mean_h + wait.mean_h, math.sqrt(variance_h2), UNIFORM if wait.sd_h > sd_h else shape)
    return Duration(time, running.factor, running.share * sd_h**2 / variance_h2)


def operation_duration(
    operation: "OperationRow", spreads: Mapping[str, "SpreadRow"], traffic: "TrafficRow | None" = None
) -> Duration:
    """Return the time of an operation; if only a mean is given, with the spread of its kind."""
    found = _given(operation, spreads[operation["spread"] or default_spread(operation)])
    return _in_states(found, traffic, spreads)


def _in_states(duration: Duration, traffic: "TrafficRow | None", spreads: Mapping[str, "SpreadRow"]) -> Duration:
    """Return a duration with its traffic states; the spread of congested months says which factor is shared."""
    if traffic is None:
        return duration
    spread = spreads[traffic["spread"]] if traffic["spread"] else None
    states = traffic_states(traffic, duration.time, spread)
    if spread is None:
        return duration._replace(time=states.mixture, states=states)
    return Duration(states.mixture, spread["shared_factor"], spread["shared_share"], states)


def default_spread(operation: "OperationRow") -> str:
    """Return the id of the spread of an operation that does not name one."""
    kind, modes = operation["kind"], {operation["from_mode"], operation["to_mode"]}
    if kind in {"border_exit", "border_entry"}:
        return f"border-{'road' if 'road' in modes else 'rail'}"
    if kind == "transship":
        return "transship-port" if modes & WATER_MODES else "transship-terminal"
    return str(kind).replace("_", "-")


def wait_duration(
    service: "ServiceRow", spreads: Mapping[str, "SpreadRow"], traffic: "TrafficRow | None" = None, *, loose: bool
) -> Duration:
    """Return the wait for departure, including the cut-off time.

    A headway gives a uniform wait; a timetable gives the wait of cargo that arrives at a random time of the week; for
    a vessel that sails when full the wait has the given quantiles and shares the common factor of its crossing. Loose
    cargo waits as if departures with space for it were `2 * loose_wait_h` further apart.
    """
    spread = spreads[service["spread"]]
    given: Row = service  # the checks ensure the values needed for each kind of wait
    factor: str | None = None
    share = 0.0
    if service["wait_kind"] == "headway":
        wait = distributions.uniform(given["headway_h"])
    elif service["wait_kind"] == "timetable":
        wait = timetable_wait(service)
    elif service["wait_kind"] == "fill_and_go":
        wait = distributions.from_quantiles(given["wait_p10_h"], given["wait_p50_h"], given["wait_p90_h"])
        factor, share = spread["shared_factor"], spread["shared_share"]
    else:
        wait = distributions.constant(0.0)
    whole = Duration(added(wait, distributions.constant(service["cut_off_h"])), factor, share)
    found = _in_states(whole, traffic, spreads)
    if not (loose and service["loose_wait_h"]):
        return found
    more = distributions.uniform(2 * service["loose_wait_h"])
    return found._replace(time=added(found.time, more), states=found.states and found.states.later(more))


def _given(row: Row, spread: "SpreadRow") -> Duration:
    if row["p50_h"] is not None:
        time = distributions.from_quantiles(row["p10_h"], row["p50_h"], row["p90_h"], row["min_h"])
        return Duration(time, spread["shared_factor"], spread["shared_share"])
    return _with_spread(row["mean_h"], spread, row["min_h"])


def _with_spread(mean_h: float, spread: "SpreadRow", min_h: float | None = None) -> Duration:
    time = distributions.from_mean(mean_h, (spread["p10_ratio"], spread["p50_ratio"], spread["p90_ratio"]), min_h)
    return Duration(time, spread["shared_factor"], spread["shared_share"])
