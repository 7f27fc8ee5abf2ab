"""From the words of a user to a query: places by name, dates as text, options that are checked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from landbridge.networks.errors import QueryError
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.network import Network
from landbridge.routing.query.access import nearest_terminal
from landbridge.routing.query.cargo import Cargo
from landbridge.routing.query.moments import parse_departure
from landbridge.routing.query.objectives import Weights
from landbridge.routing.query.query import Conditions, Query


def query_from_options(
    network: Network,
    ends: tuple[str, str],
    *,
    cargo: Cargo | None = None,
    objective: str | Weights = "time",
    **conditions: Any,
) -> Query:
    """Return the query of the options of `route`; the words of the user are resolved and checked.

    Parameters
    ----------
    **conditions
        Options of `conditions_from`.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is wrong.
    """
    asked = conditions_from(network, **conditions)
    found = [network.place_index.resolve(end) for end in ends]
    _check_ends(network, ends, found)
    return Query(network, *ends, _with_parties(network, found, cargo or Cargo()), objective, asked)


def conditions_from(
    network: Network,
    *,
    via: Iterable[str] = (),
    avoid_countries: Iterable[str] = (),
    avoid_places: Iterable[str] = (),
    avoid_crossings: Iterable[str] = (),
    modes: Iterable[str] | None = None,
    corridor: str | None = None,
    depart: str | date | datetime | None = None,
    planned: bool = False,
) -> Conditions:
    """Return the conditions of the options of `route`, for questions that have more ends than two as well.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is wrong.
    """
    return Conditions(
        via=resolve_places(network, list(via), "via"),
        avoid_countries=frozenset(code.upper() for code in avoid_countries),
        avoid_places=frozenset(
            terminal
            for place in resolve_places(network, list(avoid_places), "avoid_places")
            for terminal in (*network.terminals[place], place)
        ),
        forbid=_known_crossings(network, avoid_crossings),
        modes=frozenset(modes) if modes is not None else None,
        corridor=corridor,
        depart=parse_departure(depart),
        planned=planned,
    )


def _known_crossings(network: Network, crossings: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(crossings)
    unknown = sorted(wanted - network.graph.tags.keys())
    if unknown:
        raise QueryError(f"no link makes the crossing {', '.join(unknown)}; give a passage (suez) or a border (CN-KZ)")
    return wanted


def _check_ends(network: Network, ends: tuple[str, str], found: list[str | Point]) -> None:
    """Refuse ends that are one place, or points that the same terminal is the nearest to: a truck goes there."""
    if found[0] == found[1]:
        raise QueryError(f"{ends[0]} and {ends[1]} are the same place; give two")
    if not all(isinstance(place, str) for place in found):
        nearest = {place if isinstance(place, str) else nearest_terminal(network, place) for place in found}
        if len(nearest) == 1:
            raise QueryError(
                f"the terminal of {ends[0]} and {ends[1]} is the same, {nearest.pop()}; a truck goes there directly"
            )


def _with_parties(network: Network, found: list[str | Point], cargo: Cargo) -> Cargo:
    """Return the cargo with shipper and consignee in the countries of the ends where it does not say otherwise."""
    countries = [network.places[place]["country"] if isinstance(place, str) else None for place in found]
    return replace(
        cargo,
        shipper_country=cargo.shipper_country or countries[0],
        consignee_country=cargo.consignee_country or countries[1],
    )


def resolve_places(network: Network, names: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the ids of places given by name.

    Raises
    ------
    QueryError
        If coordinates are given, which name no place of the network.
    """
    found = []
    for name in names:
        place = network.place_index.resolve(name)
        if not isinstance(place, str):
            raise QueryError(f"{what} takes places of the network and not coordinates: {name!r}")
        found.append(place)
    return tuple(found)
