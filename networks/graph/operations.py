"""Select the operations that apply at a place: its own before defaults, class-specific before general ones."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from landbridge.networks.tables.rows import OperationRow

CargoClass = Literal["block", "loose", "road", "bulk", "timetabled"]
"""Class of a cargo."""

CARGO_CLASSES: tuple[str, ...] = get_args(CargoClass)
"""Classes of cargo, which determine its handling and waits."""

ALL_CLASSES = (1 << len(CARGO_CLASSES)) - 1
"""Mask of all classes; bit i stands for `CARGO_CLASSES[i]`."""

_SERVED_AS = {"timetabled": "block"}
"""Class whose rows serve another class that has none: a train on a timetable is handled as a block train."""


class DirectedOperation(NamedTuple):
    """An operation in one direction."""

    row: "OperationRow"
    backward: bool = False

    @property
    def gauges(self) -> tuple[int | None, int | None]:
        """Gauge before and after, None if unchanged."""
        before, after = self.row["from_gauge"], self.row["to_gauge"]
        return (after, before) if self.backward else (before, after)

    @property
    def regimes(self) -> tuple[str | None, str | None]:
        """Consignment note before and after, None if unchanged."""
        before, after = self.row["from_regime"], self.row["to_regime"]
        return (after, before) if self.backward else (before, after)

    @property
    def modes(self) -> tuple[str | None, str | None]:
        """Mode before and after, None for the consignor or consignee."""
        before, after = self.row["from_mode"], self.row["to_mode"]
        return (after, before) if self.backward else (before, after)

    def takes(self, gauge: int | None, regime: str | None) -> bool:
        """Whether cargo on this gauge and under this note can enter the operation."""
        return self.gauges[0] in {None, gauge} and self.regimes[0] in {None, regime}

    def leads_to(self, gauge: int | None, regime: str | None) -> tuple[int | None, str | None]:
        """Return gauge and note after the operation."""
        return self.gauges[1] or gauge, self.regimes[1] or regime


Choice = tuple[DirectedOperation, int]
"""An operation and the mask of the classes to which it applies."""


class OperationRules:
    """The operations of a network, indexed by kind and place."""

    def __init__(self, operations: Iterable["OperationRow"]) -> None:
        self._rows: dict[tuple[str, str | None], list[DirectedOperation]] = defaultdict(list)
        self._by_modes: dict[tuple[object, ...], list[DirectedOperation]] = defaultdict(list)
        for row in operations:
            for backward in (False, True) if row["both_ways"] else (False,):
                operation = DirectedOperation(row, backward)
                self._rows[row["kind"], row["place"]].append(operation)
                self._by_modes[row["kind"], row["place"], *operation.modes].append(operation)
        self._between: dict[tuple[str, str | None, str | None], list[Choice]] = {}

    def border(self, kind: str, place: str, other: str, mode: str, union: str | None) -> list[Choice]:
        """Return the operations of one side of a crossing: for the pair, else the place, the union, or in general."""
        own = [found for found in self._rows[kind, place] if found.row["from_mode"] == mode]
        default = [found for found in self._rows[kind, None] if found.row["from_mode"] == mode]
        return _choose(
            [found for found in own if found.row["other_place"] == other],
            [found for found in own if found.row["other_place"] is None],
            [found for found in default if union and found.row["union"] == union],
            [found for found in default if found.row["union"] is None],
        )

    def after_entry(self, kind: str, place: str, other: str, mode: str) -> list[Choice]:
        """Return the gauge changes or note changes that follow the entry side of a crossing."""
        return _choose(
            [
                found
                for found in self._rows[kind, place]
                if found.row["other_place"] == other and found.modes[0] in {None, mode}
            ]
        )

    def inside(self, kind: str, place: str, mode: str) -> list[Choice]:
        """Return the gauge changes or note changes of a place that do not belong to a crossing."""
        alike: dict[object, list[DirectedOperation]] = defaultdict(list)
        for found in self._rows[kind, place]:
            if found.row["other_place"] is None and found.modes[0] in {None, mode}:
                alike[found.gauges, found.regimes].append(found)
        return [choice for rows in alike.values() for choice in _choose(rows)]

    def between(self, place: str, before: str | None, after: str | None) -> list[Choice]:
        """Return the operations from one mode to another; None is the consignor or consignee."""
        key = (place, before, after)
        # Asked for each pair of carriages of a place, of which there are many more than modes.
        if key not in self._between:
            kind = "load" if before is None else "unload" if after is None else "transship"
            self._between[key] = _choose(*(self._by_modes[kind, level, before, after] for level in (place, None)))
        return self._between[key]


def _choose(*levels: list[DirectedOperation]) -> list[Choice]:
    """Select for each class the rows of the first non-empty level, class-specific rows before general ones."""
    masks: dict[int, int] = {}
    rows: dict[int, DirectedOperation] = {}
    for bit, cargo_class in enumerate(CARGO_CLASSES):
        wanted = dict.fromkeys((cargo_class, _SERVED_AS.get(cargo_class), None))
        for level in levels:
            of_class = ([item for item in level if item.row["cargo_class"] == name] for name in wanted)
            if found := next(filter(None, of_class), None):
                for item in found:
                    key = id(item)
                    rows[key] = item
                    masks[key] = masks.get(key, 0) | 1 << bit
                break
    return [(rows[key], mask) for key, mask in masks.items()]
