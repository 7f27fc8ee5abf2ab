"""Conversion of user options to a query: place names are resolved, dates parsed and options checked."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar
from warnings import warn

from landbridge.networks.arguments import PlaceLike, flag, listed, place_text, place_texts, texts
from landbridge.networks.countries import COUNTRY_CODES
from landbridge.networks.errors import OptionError, PlaceError, QueryError
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.network import Network, network_given
from landbridge.networks.places.gazetteer import City
from landbridge.networks.places.place_index import normalise
from landbridge.routing.query.access import country_of, end_of, shared_terminal
from landbridge.routing.query.cargo import Cargo, cargo_given
from landbridge.routing.query.corridors import ROAD, corridor_by_id, corridors
from landbridge.routing.query.moments import Moment, parse_departure
from landbridge.routing.query.objectives import Weights, objective_given
from landbridge.routing.query.query import MODES, Conditions, Mode, Query

P = ParamSpec("P")
T = TypeVar("T")

_AVOIDABLE = "countries (RU), places (Almaty), passages (suez) and borders (CN-KZ)"
_BORDER = re.compile(r"([a-z]{2})\s*-\s*([a-z]{2})((?::[a-z]+)?)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Avoided:
    """Items to avoid by kind: country codes, places as given, and crossings."""

    countries: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    crossings: list[str] = field(default_factory=list)


def query_from_options(
    network: Network,
    ends: tuple[PlaceLike, PlaceLike],
    conditions: Conditions,
    *,
    cargo: Cargo | None = None,
    objective: str | Weights | None = None,
) -> Query:
    """Return the query between two places, with resolved and checked options.

    Cargo of the corridor `road` is of the class road, unless modes are given.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If the ends are one place or have the same terminal, or an option is invalid.
    """
    origin, destination = place_text(ends[0], "origin"), place_text(ends[1], "destination")
    found = [end_of(network, end) for end in (origin, destination)]
    if found[0] == found[1]:
        raise QueryError(f"{origin} and {destination} are the same place; give two different ones")
    sent = cargo_given(cargo)
    if conditions.modes is None and conditions.corridor and corridor_by_id(network, conditions.corridor).id == ROAD:
        sent = replace(sent, cargo_class="road")
    query = Query(
        network,
        origin,
        destination,
        _with_parties(network, found, sent),
        objective_given(objective),
        conditions,
    )
    vars(query).update(origin_at=found[0], destination_at=found[1])
    _check_terminals(query)
    return query


def conditions_from(
    network: Network,
    *,
    via: PlaceLike | Iterable[PlaceLike] | None = None,
    avoid: str | Iterable[str] | None = None,
    modes: Mode | Iterable[Mode] | None = None,
    corridor: str | None = None,
    depart: Moment | None = None,
    planned: bool = False,
) -> Conditions:
    """Return the conditions for the options of `route`, also for questions with more than two ends.

    Raises
    ------
    PlaceError
        If a place is unknown or ambiguous.
    QueryError
        If an option is invalid.
    """
    avoided = split_avoid(network_given(network), avoid)
    return Conditions(
        via=resolve_places(network, place_texts(via, "via"), "via"),
        avoid_countries=frozenset(avoided.countries),
        avoid_places=_places_to_avoid(network, avoided.places),
        forbid=_known_crossings(network, avoided.crossings),
        modes=None if modes is None else frozenset(texts(_split(modes), "modes", f"modes: {', '.join(MODES)}")),
        corridor=None if corridor is None else corridor_by_id(network, corridor).id,
        depart=parse_departure(depart),
        planned=flag(planned, "planned"),
    )


def split_avoid(network: Network, avoid: str | Iterable[str] | None) -> Avoided:
    """Classify items as countries (codes or English names), passages, borders (of any mode or one) or places.

    A border is found in both directions. For equal names a country of the network has priority, then the id of a
    place, then a passage: `gibraltar` is the strait. Anything else is taken as a place.

    Raises
    ------
    QueryError
        If an item is not a text.
    """
    found = Avoided()
    items = listed(_split(avoid), "avoid", _AVOIDABLE)
    countries = _country_codes(network) if items else {}
    for item in items:
        if isinstance(item, Avoided):
            for name, values in vars(found).items():
                values.extend(getattr(item, name))
            continue
        text = texts((item,), "avoid", _AVOIDABLE)[0].strip()
        crossing = _crossing(network, text)
        if len(text) == 2 and text.isascii() and text.isalpha():
            found.countries.append(text.upper())
        elif normalise(text) in countries and not (crossing and _is_elsewhere(network, countries[normalise(text)])):
            found.countries.append(countries[normalise(text)])
        elif crossing and not {text, text.lower()} & network.places.keys():
            found.crossings.append(crossing)
        else:
            found.places.append(text)
    return found


def countries_elsewhere(network: Network, avoid: Iterable[str]) -> list[str]:
    """Return the codes among items to avoid of countries through which nothing in the network goes."""
    codes = set(split_avoid(network, avoid).countries) & COUNTRY_CODES
    return sorted(codes - {*network.graph.country_codes, *network.graph.place_country.tolist()})


def with_old_avoid(question: Callable[P, T]) -> Callable[P, T]:
    """Accept the deprecated `avoid_countries`, `avoid_places` and `avoid_crossings`, which `avoid` has replaced.

    Other unknown options are refused with the closest name.
    """
    names_of_options = signature(question).parameters.keys()
    replaced = {"avoid_countries", "avoid_places", "avoid_crossings"}

    @wraps(question)
    def taking_old_names(*args: P.args, **options: P.kwargs) -> T:
        for name in options.keys() - names_of_options - replaced:
            near = get_close_matches(name, names_of_options, 1)
            cure = f"did you mean {near[0]}?" if near else "its docstring lists all"
            raise OptionError(f"{question.__name__} has no option {name}; {cure}")
        old = [name for name in ("countries", "places", "crossings") if f"avoid_{name}" in options]
        if not old:
            return question(*args, **options)
        names = ", ".join(f"avoid_{name}" for name in old)
        warn(f"{names}: use avoid=[...], which accepts {_AVOIDABLE}", DeprecationWarning, stacklevel=2)
        given = {name: list(texts(options.pop(f"avoid_{name}"), f"avoid_{name}", name)) for name in old}
        given["countries"] = [code.upper() for code in given.get("countries", ())]
        options["avoid"] = (*listed(options.get("avoid"), "avoid", _AVOIDABLE), Avoided(**given))
        return question(*args, **options)

    return taking_old_names


def _split(given: object) -> object:
    """Return the items of one text, separated by commas as on the command line; anything else unchanged."""
    return tuple(item.strip() for item in given.split(",")) if isinstance(given, str) else given


def _country_codes(network: Network) -> dict[str, str]:
    return {normalise(row["name"]): row["code"] for row in network.tables["countries"]}


def _is_elsewhere(network: Network, country: str) -> bool:
    """Whether no place of the network is in a country."""
    return country not in network.graph.place_country


def _crossing(network: Network, text: str) -> str | None:
    """Return the name of a border, which need not exist, or of an existing passage or link."""
    return border_named(text) or next((tag for tag in (text, text.lower()) if tag in network.graph.tags), None)


def border_named(text: str) -> str | None:
    """Return the name of the border between two countries, given in either order and any case, of any mode or of one.

    >>> border_named("pl-by"), border_named("BY-PL:rail"), border_named("Baku")
    ('BY-PL', 'BY-PL:rail', None)
    """
    border = _BORDER.fullmatch(text)
    if border is None:
        return None
    return "-".join(sorted((border[1].upper(), border[2].upper()))) + border[3].lower()


def _places_to_avoid(network: Network, names: Iterable[str]) -> frozenset[str]:
    """Return the ids of places and of their terminals.

    Raises
    ------
    PlaceError
        If one is unknown; the message also suggests countries and passages with similar names.
    """
    found: set[str] = set()
    for name in names:
        try:
            (place,) = resolve_places(network, [name], "avoid")
        except PlaceError as error:
            if any(normalise(name) in map(normalise, corridor.names) for corridor in corridors(network)):
                cure = "name a country, border or passage of it"
                raise QueryError(f"avoid has {name}, which is a corridor and cannot be avoided; {cure}") from None
            known = {normalise(row["name"]): row["name"] for row in network.tables["countries"]}
            known |= {normalise(passage): passage for link in network.links for passage in link["passage"]}
            near = ", ".join(known[text] for text in get_close_matches(normalise(name), known))
            if not near:
                raise
            raise PlaceError(f"{error}; countries and passages with similar names: {near}", error.candidates) from None
        found |= {place, *network.terminals[place]}
    return frozenset(found)


def _known_crossings(network: Network, crossings: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(crossings)
    unknown = sorted(crossing for crossing in wanted if crossing not in network.graph.tags)
    if unknown:
        raise QueryError(f"no link uses the crossing {', '.join(unknown)}; give a passage (suez) or a border (CN-KZ)")
    return wanted


def _check_terminals(query: Query) -> None:
    """Refuse ends with the same terminal; that one has none within reach is found by the search."""
    shared = shared_terminal(query.network, (query.origin_at, query.destination_at), (query.starts, query.ends))
    if shared is not None:
        place, km = shared
        by_truck = "" if km is None else f"; a truck would drive directly, {km:,.0f} km by road"
        cure = "give ends with different terminals"
        raise QueryError(f"{query.origin} and {query.destination} have the same terminal, {place}{by_truck}; {cure}")


def _with_parties(network: Network, found: list[str | Point], cargo: Cargo) -> Cargo:
    """Return the cargo, with the countries of the ends as those of shipper and consignee unless given."""
    known = network.keyed("countries")  # a place in another country has no terminal, which is told later
    countries = [code if (code := country_of(network, end)) in known else None for end in found]
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
        If coordinates are given, which are not a place of the network.
    """
    found = []
    for name in names:
        place = network.place_index.resolve(name)
        if not isinstance(place, str):
            other = f"; {place} is a city without one" if isinstance(place, City) else f" and not coordinates: {name!r}"
            raise QueryError(f"{what} takes places of the network{other}; give an id or name")
        found.append(place)
    return tuple(found)
