"""Hand-drawn lines missing from the base maps, as documented polylines from `data/hand_drawn.csv`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landbridge.data import DATA_DIR
from landbridge.networks.geometry.sphere import Point
from landbridge.networks.tables.csv_rows import made_of_rows
from landbridge.networks.tables.waypoints import parse_waypoints

DRAWN_FILE: Final = "hand_drawn.csv"
"""Table of the hand-drawn lines, in the folder of the bundled data."""

PLANNED: Final = "planned"
"""Status of a line that is not yet open: it is the geometry of the links it names, and not part of a base map."""


@dataclass(frozen=True)
class DrawnLine:
    """A hand-drawn line: its points (lon, lat), its published length if any, and the links whose geometry it is.

    Without points it is drawn through the waypoints of its links. An open line that names no link is added to the base.
    """

    name: str
    status: str
    gauge: int
    points: tuple[Point, ...]
    length_km: float | None
    links: tuple[str, ...]
    source: str
    note: str

    @property
    def joins_base(self) -> bool:
        """Whether the line is part of the base map and not the geometry of specific links."""
        return self.status != PLANNED and not self.links


def read_drawn(path: Path | None = None) -> list[DrawnLine]:
    """Read the hand-drawn lines; `path` is the bundled table by default."""
    return made_of_rows(path or DATA_DIR / DRAWN_FILE, _drawn, "see the other rows of the table")


def _drawn(row: dict[str, str]) -> DrawnLine:
    return DrawnLine(
        name=row["name"],
        status=row["status"],
        gauge=int(row["gauge"]),
        points=tuple(parse_waypoints(row["points"])) if row["points"] else (),
        length_km=float(row["length_km"]) if row["length_km"] else None,
        links=tuple(filter(None, row["links"].split(";"))),
        source=row["source"],
        note=row["note"],
    )
