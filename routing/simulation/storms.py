"""Storms that shut ports for spells: which places they concern, and how long in each month."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from landbridge.networks.network import Network
from landbridge.networks.tables.table import Row
from landbridge.networks.units import DAY_H
from landbridge.routing.simulation import queueing_network as arrays

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Storms:
    """The storm areas of a network."""

    areas: tuple[Row, ...] = ()

    @cached_property
    def _area(self) -> dict[str, int]:
        return {place: index for index, row in enumerate(self.areas) for place in row["places"]}

    def area_of(self, place: str) -> int:
        """Return the index of the storm area of a place, -1 if it has none."""
        return self._area.get(place, -1)

    def closed_days(self, place: str) -> float:
        """Return the mean days of a year on which storms shut a place; 0 if it has none."""
        area = self.area_of(place)
        return 0.0 if area < 0 else float(sum(self.areas[area][month] for month in _MONTHS))

    def arrays(self, zero: datetime, end_h: float) -> arrays.Storms | None:
        """Return the arrays of a run that begins at a moment, None without storms."""
        if not self.areas:
            return None
        year, month, starts, of = zero.year, zero.month, list[float](), list[int]()
        while True:
            begin = datetime(year, month, 1, tzinfo=zero.tzinfo)
            starts.append((begin - zero).total_seconds() / 3600)
            if starts[-1] >= end_h:
                break
            of.append(month - 1)
            year, month = (year, month + 1) if month < len(_MONTHS) else (year + 1, 1)
        closed_h = [[row[name] * DAY_H for name in _MONTHS] for row in self.areas]
        return arrays.storms(closed_h, [row["spell_h"] for row in self.areas], starts, of)


def storms_of(network: Network) -> Storms:
    """Return the storm areas of a network; none if it has no table of storms."""
    return Storms(tuple(network.tables["storms"].rows) if "storms" in network.tables else ())
