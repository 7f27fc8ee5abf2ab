"""Properties of links used by the graph: crossings, countries, and whether one is a border, local or in season."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import LinkRow, PlaceRow

GROUND_MODES = frozenset({"rail", "road"})
"""Modes whose links between two countries cross a land border, with its operations."""


def crossing_tags(link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> Iterator[str]:
    """Yield the names by which a corridor can require or forbid a link."""
    ends = sorted({places[link[end]]["country"] or "" for end in ("from", "to")} - {""})
    if len(ends) == 2:
        yield "-".join(ends)
        yield f"{'-'.join(ends)}:{link['mode']}"
    yield from link["passage"]
    yield link["id"]


def link_countries(link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> frozenset[str]:
    """Return the countries whose territory a link passes: those given and, unless at sea, those of its ends."""
    passed = set(link["countries"])
    if link["mode"] not in {"sea", "ferry"}:
        ends = (places[link["from"]]["country"], places[link["to"]]["country"])
        passed.update(country for country in ends if country)
    return frozenset(passed)


def is_border(link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> bool:
    """Whether a link crosses a land border."""
    return link["mode"] in GROUND_MODES and places[link["from"]]["country"] != places[link["to"]]["country"]


def in_season(day: int, first: int, last: int) -> bool:
    """Whether a day of the year (100 * month + day) is in a season, which may extend past the end of the year."""
    return first <= day <= last if first <= last else day >= first or day <= last


def is_local(link: "LinkRow", places: Mapping[str, "PlaceRow"]) -> bool:
    """Whether a link is a transfer between terminals of one city."""
    parents = {places[link[end]]["parent"] or link[end] for end in ("from", "to")}
    return len(parents) == 1
