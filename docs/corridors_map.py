"""Draw the map in the README: the corridors that `make demo` compares, from Xi'an to Duisburg.

Run it with `python docs/corridors_map.py`; it needs the extra `plot` and no connection, and writes
`docs/images/corridors.png`. Colours, dashes and land are those of all maps; the land is Natural
Earth's (public domain).
"""

from pathlib import Path

import geopandas as gpd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from shapely.geometry import Point

import landbridge as lb
from landbridge.data import DATA_DIR
from landbridge.networks.geodata.bases.base_map import BASE_MAP_FILE
from landbridge.routing.output.palette import COAST, CORRIDORS, LAND

IMAGE = Path(__file__).parent / "images" / "corridors.png"
PROJECTION = "+proj=laea +lat_0=42 +lon_0=65 +units=km"

LABELLED = {
    "suez": (72, 1.5),
    "nsr": (72, 79),
    "transsib": (100, 59),
    "northern": (58, 58.5),
    "middle": (67, 46.2),
    "southern": (46, 30),
}
"""Position (lon, lat) of the label of each corridor that is labelled."""

WIDTHS = dict(zip(LABELLED, (4.6, 2.6, 4.6, 4.6, 3.2, 1.8), strict=True))
"""Widths in the order of drawing: of lines that share a track, the later and thinner one is drawn on top."""

FRAME = {"west": -6100.0, "east": 6200.0, "south": -5000.0, "north": 6950.0}
"""Edges of the map in km of the projection."""


def main() -> None:
    """Draw the map and write it."""
    trips = lb.route_by_corridor(lb.load_network(), "Xi'an", "Duisburg")
    lines = {trip.corridor: trip.to_geodataframe().to_crs(PROJECTION) for trip in trips}
    figure, axes = plt.subplots(figsize=(9, 9), facecolor="white")
    land = gpd.read_file(DATA_DIR / BASE_MAP_FILE).to_crs(PROJECTION)
    land.plot(ax=axes, color=LAND, edgecolor=COAST, linewidth=0.4)
    for corridor in lines.keys() - LABELLED.keys():
        lines[corridor].plot(ax=axes, color=CORRIDORS["other"].colour, linewidth=1.0)
    for corridor, position in LABELLED.items():
        look = CORRIDORS[corridor]
        lines[corridor].plot(
            ax=axes, color=look.colour, linestyle="--" if look.dash else "-", linewidth=WIDTHS[corridor]
        )
        _write(axes, look.label, position, look.colour)
    for name, position in {"Xi'an": (108.95, 34.26), "Duisburg": (6.75, 51.43)}.items():
        axes.plot(*_projected(position), marker="o", color="black", markeredgecolor="white", markersize=8, zorder=5)
        _write(axes, name, (position[0], position[1] - 3.2), "black")
    axes.set(xlim=(FRAME["west"], FRAME["east"]), ylim=(FRAME["south"], FRAME["north"]), aspect="equal")
    axes.set_axis_off()
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, dpi=100, bbox_inches="tight", pad_inches=0.05)


def _projected(position: tuple[float, float]) -> tuple[float, float]:
    point = gpd.GeoSeries([Point(position)], crs="EPSG:4326").to_crs(PROJECTION)[0]
    return point.x, point.y


def _write(axes: Axes, text: str, position: tuple[float, float], colour: str) -> None:
    halo = [withStroke(linewidth=3.5, foreground="white")]
    axes.text(
        *_projected(position), text, color=colour, ha="center", weight="bold", size=11, path_effects=halo, zorder=6
    )


if __name__ == "__main__":
    main()
