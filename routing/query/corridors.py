"""Corridors: which one an itinerary belongs to, and a corridor as a constraint of the search."""

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from landbridge.networks.errors import QueryError
from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row

OTHER = "other"
"""Corridor of an itinerary that meets the rule of none."""

_NONE_NEEDED = "*"


@dataclass(frozen=True)
class Corridor:
    """A corridor as a rule on the crossings and modes of an itinerary.

    Attributes
    ----------
    require
        Groups of crossings: of each group an itinerary makes at least one.
    forbid
        Crossings that it does not make.
    modes
        Modes of its hauls; empty: any.
    market
        Countries of which one end has to be for the corridor to be a row of a comparison; empty: any.
    """

    id: str
    name: str
    priority: int
    require: tuple[frozenset[str], ...]
    forbid: frozenset[str]
    modes: frozenset[str]
    seasonal_ok: bool
    market: frozenset[str]

    @classmethod
    def from_row(cls, row: Row) -> "Corridor":
        """Return the corridor of a row of the table."""
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
        )

    def admits(self, crossings: frozenset[str], modes: frozenset[str]) -> bool:
        """Whether an itinerary with these crossings and modes of haul meets the rule."""
        return (
            all(group & crossings for group in self.require)
            and not self.forbid & crossings
            and (not self.modes or modes <= self.modes)
        )


_CORRIDORS: WeakKeyDictionary[Network, tuple[Corridor, ...]] = WeakKeyDictionary()


def corridors(network: Network) -> tuple[Corridor, ...]:
    """Return the corridors of a network in the order of their priority; they are read once and kept with it."""
    if network not in _CORRIDORS:
        found = map(Corridor.from_row, network.tables["corridors"])
        _CORRIDORS[network] = tuple(sorted(found, key=lambda corridor: corridor.priority))
    return _CORRIDORS[network]


def corridor_by_id(network: Network, corridor_id: str) -> Corridor:
    """Return a corridor by its id.

    Raises
    ------
    QueryError
        If the network has no such corridor, with those that it has.
    """
    known = corridors(network)
    for corridor in known:
        if corridor.id == corridor_id:
            return corridor
    raise QueryError(f"there is no corridor {corridor_id!r}; take one of {', '.join(sorted(c.id for c in known))}")


def classify(network: Network, crossings: Iterable[str], modes: Iterable[str]) -> str:
    """Return the id of the one corridor that an itinerary belongs to, `other` if to none."""
    made, used = frozenset(crossings), frozenset(modes)
    return next((corridor.id for corridor in corridors(network) if corridor.admits(made, used)), OTHER)
