"""What can be closed: resources, places, crossings of borders, services and links, with the edges that each shuts."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.networks.arrays import Bools, Floats
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.links import GROUND_MODES
from landbridge.networks.network import Network
from landbridge.networks.units import LEAST_TEU_DAY
from landbridge.routing.query.calendars import closed_edges
from landbridge.routing.query.options import border_named

KINDS: Final = ("resources", "crossings", "places", "services", "links")
"""Kinds of what is closed, as the targets of the table `closures`; of equal effects the first kind is shown."""

PAIR: Final = "pair"
_SEPARATOR: Final = ":"


@dataclass(frozen=True)
class Target:
    """What is closed, in all directions, by its kind and id; a pair has two parts.

    Attributes
    ----------
    kind, id, name
        Kind (of `KINDS`, or `pair`), id and display name.
    parts
        Kind and ids of what is closed together.
    """

    kind: str
    id: str
    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    def edges(self, network: Network) -> Bools:
        """Return the edges of the state graph that are shut, as by a row of `closures`, shape (edges,)."""
        row: Any
        found = np.zeros(network.graph.edges, dtype=np.bool_)
        for kind, ids in self.parts:
            row = {"target": kind, "ids": ids}
            found |= closed_edges(network, row)
        return found

    def and_also(self, other: "Target") -> "Target":
        """Return both as a pair."""
        return Target(PAIR, f"{self.id}+{other.id}", f"{self.name} + {other.name}", self.parts + other.parts)


class Targets:
    """Everything in a network that can be closed, by kind and id.

    Parameters
    ----------
    network
        The network.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        tables: dict[str, Iterable[Any]] = {kind: network.tables[kind].rows for kind in KINDS if kind != "crossings"}
        self._known = {kind: {row["id"]: self._of_row(kind, row) for row in rows} for kind, rows in tables.items()} | {
            "crossings": {name: self._single("crossings", name, name) for name in crossings(network)}
        }

    def _of_row(self, kind: str, row: Any) -> Target:
        name = row.get("name")
        if kind == "links":
            places = self.network.places
            name = f"{places[row['from']]['name']} - {places[row['to']]['name']}, {row['mode']}"
        if kind != "places":
            return self._single(kind, row["id"], str(name or row["id"]))
        # A city closes with its terminals, as in a scenario.
        own = tuple(dict.fromkeys((row["id"], *self.network.terminals[row["id"]])))
        return Target(kind, row["id"], str(name or row["id"]), ((kind, own),))

    @staticmethod
    def _single(kind: str, name: str, label: str) -> Target:
        return Target(kind, name, label, ((kind, (name,)),))

    def find(self, text: str) -> Target:
        """Return what an id names; `links:ID` tells it from the same id of another kind. A border has either order.

        Raises
        ------
        QueryError
            If nothing has the id, or several kinds have.
        """
        kind, _, name = text.partition(_SEPARATOR)
        kinds, name = ([kind], name) if kind in KINDS and name else (KINDS, text)
        for named in (name, border_named(name)):
            found = [self._known[kind][named] for kind in kinds if named in self._known[kind]]
            if found:
                break
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(f"{target.kind}:{text}" for target in found)
            raise QueryError(f"{text!r} names several things that can be closed; give one of {options}")
        every = [name for targets in self._known.values() for name in targets]
        near = difflib.get_close_matches(text, every, n=3, cutoff=0.6)
        cure = f"did you mean {' or '.join(near)}?" if near else f"give an id of {', '.join(KINDS)}"
        raise QueryError(f"nothing that can be closed has the id {text!r}; {cure}")

    def carrying(self, edge_teu_day: Floats, kinds: Iterable[str]) -> Iterator[tuple[Target, Bools]]:
        """Yield what carries flow, with the edges that it shuts.

        Parameters
        ----------
        edge_teu_day
            TEU per day on each edge of the state graph, shape (edges,).
        kinds
            Kinds to go through.
        """
        flowing = edge_teu_day > LEAST_TEU_DAY
        for kind in kinds:
            for target in self._known[kind].values():
                edges = target.edges(self.network)
                if edges[flowing].any():
                    yield target, edges


def crossings(network: Network) -> list[str]:
    """Return the names of the crossings of borders, by mode on land, and of the passages at sea.

    Both modes of a border are closed by naming it without one (`BY-PL`).
    """
    links = {row["id"] for row in network.links}
    names = [name.partition(_SEPARATOR) for name in network.graph.tags if name not in links]
    at_borders = {border for border, _, mode in names if mode}
    on_land = {border for border, _, mode in names if mode in GROUND_MODES}
    return [
        "".join(name)
        for name in names
        if (name[0] in on_land and (not name[2] or name[2] in GROUND_MODES)) or name[0] not in at_borders
    ]
