"""A traffic assignment problem as plain arrays: arcs with delay functions, and trips between nodes."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from landbridge.networks.arguments import number_array, texts, whole_number
from landbridge.networks.arrays import Floats, Ints
from landbridge.networks.errors import QueryError
from landbridge.networks.words import counted

_UNSET: Final = np.zeros(0)
_ARCS: Final = ("head", "free_flow_time", "capacity", "b", "power", "fixed_cost", "length")
_PAIRS: Final = ("destination", "amount")
_MOST_NODES: Final = 2**31 - 1


@dataclass(frozen=True, eq=False)
class FlowProblem:
    """A network of arcs with delay functions, and the trips to be assigned to it.

    The time of an arc with a flow v is `free_flow_time * (1 + b * (v / capacity) ** power)` (BPR), and its cost that
    time plus `fixed_cost`. Times, costs, lengths and flows are in the units of their file, which need not be hours and
    km: capacity and trips are of the same period. The arrays are copied and cannot be changed; use
    `dataclasses.replace`.

    Attributes
    ----------
    nodes
        Number of nodes.
    tail, head
        Nodes at the ends of each arc, numbered from 0; shape (arcs,).
    free_flow_time, capacity, b, power
        Time of an empty arc, flow to which its delay refers, and the two coefficients of the delay; shape (arcs,).
    origin, destination, amount
        Nodes and trips of each pair; shape (pairs,).
    fixed_cost
        Part of the cost that does not depend on flow, such as tolls, in units of time; shape (arcs,), 0 by default.
    length
        Length of each arc, no part of the cost unless `fixed_cost` contains it; shape (arcs,), 0 by default.
    first_through_node
        Paths begin and end at the nodes before this one, but do not pass through them; 0: all are through nodes.
    name
        Name of the problem.
    node_id
        Labels of the nodes in their file; numbers from 1 by default.

    Raises
    ------
    QueryError
        If the arrays do not fit together, a node does not exist, or a value is negative or no number.

    Examples
    --------
    >>> import numpy as np
    >>> from landbridge.networks.formats.flow_problem import FlowProblem
    >>> FlowProblem(
    ...     nodes=2, tail=np.array([0, 0]), head=np.array([1, 1]), free_flow_time=np.array([10.0, 15.0]),
    ...     capacity=np.array([2.0, 4.0]), b=np.array([0.15, 0.15]), power=np.array([4.0, 4.0]),
    ...     origin=np.array([0]), destination=np.array([1]), amount=np.array([5.0]),
    ... )
    FlowProblem(2 nodes, 2 arcs, 1 pair, 5 trips)
    """

    nodes: int
    tail: Ints
    head: Ints
    free_flow_time: Floats
    capacity: Floats
    b: Floats
    power: Floats
    origin: Ints
    destination: Ints
    amount: Floats
    fixed_cost: Floats = field(default_factory=lambda: _UNSET)
    length: Floats = field(default_factory=lambda: _UNSET)
    first_through_node: int = 0
    name: str = ""
    node_id: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Copy the arrays, fill in the defaults, and check shapes and values."""
        for name in ("tail", "head", "origin", "destination"):
            self._set(name, number_array(getattr(self, name), name, whole=True))
        for name in ("free_flow_time", "capacity", "b", "power", "amount", "fixed_cost", "length"):
            given = getattr(self, name)
            self._set(name, number_array(np.zeros(self.arcs) if given is _UNSET else given, name))
        self._set("nodes", whole_number(self.nodes, "nodes", 0, _MOST_NODES))
        self._set("first_through_node", whole_number(self.first_through_node, "first_through_node", 0, self.nodes))
        own = texts(self.node_id, "node_id", "a list of the labels of the nodes")
        self._set("node_id", own or tuple(str(number + 1) for number in range(self.nodes)))
        self._check_shapes()
        self._check_values()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_shapes(self) -> None:
        for names, per, count in ((_ARCS, "arcs", self.arcs), (_PAIRS, "pairs", self.pairs)):
            for name in names:
                shape = getattr(self, name).shape
                if shape != (count,):
                    raise QueryError(f"{name} has shape {shape} and there are {count} {per}; give ({count},)")
        if len(self.node_id) != self.nodes:
            raise QueryError(f"node_id has {len(self.node_id)} labels for {self.nodes} nodes; give one for each")

    def _check_values(self) -> None:
        for name in ("tail", "head", "origin", "destination"):
            nodes = getattr(self, name)
            if np.any((nodes < 0) | (nodes >= self.nodes)):
                raise QueryError(f"{name} names a node outside of 0 to {self.nodes - 1}; number the nodes from 0")
        for name in ("free_flow_time", "b", "power", "amount", "fixed_cost", "length"):
            values = getattr(self, name)
            if not np.all(np.isfinite(values) & (values >= 0)):
                raise QueryError(f"{name} contains a value that is negative or no number; give finite values from 0")
        # The capacity of an arc without delay is not used.
        if not np.all((self.capacity > 0) | (self.b == 0) & (self.capacity >= 0)):
            raise QueryError("capacity contains 0, a negative value or no number; give values above 0, or b = 0")

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @property
    def pairs(self) -> int:
        """Number of pairs of nodes with trips."""
        return len(self.origin)

    def __repr__(self) -> str:
        """Return the sizes of the problem."""
        named = f"{self.name}: " if self.name else ""
        sizes = f"{counted(self.nodes, 'node')}, {counted(self.arcs, 'arc')}, {counted(self.pairs, 'pair')}"
        return f"FlowProblem({named}{sizes}, {self.amount.sum():,.10g} trips)"
