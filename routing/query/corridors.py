"""Corridors: the one to which an itinerary belongs, and a corridor as a constraint of a search."""

from collections.abc import Iterable
from dataclasses import dataclass

from landbridge.networks.arguments import shown
from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.networks.places.place_index import normalise
from landbridge.networks.tables.table import Row

OTHER = "other"
"""Corridor of an itinerary that meets no rule."""

ROAD = "road"
"""Corridor that is always answered with cargo of the class road, by any border that its trucks cross."""

_NONE_NEEDED = "*"


@dataclass(frozen=True)
class Corridor:
    """A corridor as a rule on the crossings and modes of an itinerary.

    Attributes
    ----------
    require
        Groups of crossings, of each of which an itinerary must use at least one.
    forbid
        Crossings that an itinerary must not use.
    modes
        Modes of its hauls; empty: any.
    market
        Countries of which one end has to be for the corridor to be a row of a comparison; empty: any.
    aliases
        Other names by which it may be asked for.
    """

    id: str
    name: str
    priority: int
    require: tuple[frozenset[str], ...]
    forbid: frozenset[str]
    modes: frozenset[str]
    seasonal_ok: bool
    market: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Row) -> "Corridor":
        """Return the corridor defined by a row of the table."""
        groups = [group for group in row["require"].split(";") if group != _NONE_NEEDED]
        return cls(
            id=row["id"],
            name=row["name"],
            priority=row["priority"],
            require=tuple(frozenset(group.split("|")) for group in groups),
            forbid=frozenset((row["forbid"] or "").split("|")) - {""},
            modes=frozenset(row["modes"]),
            seasonal_ok=row["seasonal_ok"],
            market=frozenset(row["market"]),
            aliases=tuple(row["aliases"]),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which it may be asked for."""
        return (self.id, self.name, *self.aliases)

    def admits(self, crossings: frozenset[str], modes: frozenset[str]) -> bool:
        """Whether an itinerary with these crossings and modes of hauls meets the rule."""
        return (
            all(group & crossings for group in self.require)
            and not self.forbid & crossings
            and (not self.modes or modes <= self.modes)
        )


def corridors(network: Network) -> tuple[Corridor, ...]:
    """Return the corridors of a network in order of priority; they are read once and cached with it."""
    return network.cached(_corridors)


def _corridors(network: Network) -> tuple[Corridor, ...]:
    return tuple(sorted(map(Corridor.from_row, network.tables["corridors"]), key=lambda corridor: corridor.priority))


def corridor_by_id(network: Network, text: str) -> Corridor:
    """Return a corridor by its id, or else by its name or one of its aliases (`titr`), in upper or lower case.

    Raises
    ------
    QueryError
        If the network has no such corridor; the message lists the existing ones.
    """
    known = corridors(network)
    if isinstance(text, str):
        for corridor in known:
            if corridor.id == text:
                return corridor
        for corridor in known:
            if normalise(text) in map(normalise, corridor.names):
                return corridor
    raise QueryError(f"there is no corridor {shown(text)}; give one of {', '.join(sorted(c.id for c in known))}")


def classify(network: Network, crossings: Iterable[str], modes: Iterable[str]) -> str:
    """Return the id of the corridor to which an itinerary belongs, `other` if none."""
    made, used = frozenset(crossings), frozenset(modes)
    return next((corridor.id for corridor in corridors(network) if corridor.admits(made, used)), OTHER)
