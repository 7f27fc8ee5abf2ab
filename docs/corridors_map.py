"""Draw the map in the README: the corridors that `make demo` compares, from Xi'an to Duisburg.

Run it with `python docs/corridors_map.py`; it needs the extra `plot` and no connection, and writes
`docs/images/corridors.png`. The land is Natural Earth's (public domain), from the test data of pyogrio.
"""

from pathlib import Path

import geopandas as gpd
import pyogrio
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from shapely.geometry import Point

import landbridge as lb

IMAGE = Path(__file__).parent / "images" / "corridors.png"
LAND = Path(pyogrio.__file__).parent / "tests" / "fixtures" / "naturalearth_lowres" / "naturalearth_lowres.shp"
PROJECTION = "+proj=laea +lat_0=42 +lon_0=65 +units=km"

# Colours of Okabe and Ito, which colour-blind readers can tell apart; dashes and labels distinguish the lines as well.
STYLES = {
    "suez": ("Sea by Suez", "#E69F00", "-", (72, 1.5)),
    "nsr": ("Northern Sea Route", "#000000", ":", (72, 79)),
    "transsib": ("Trans-Siberian", "#56B4E9", "-", (100, 59)),
    "northern": ("Northern", "#0072B2", "-", (58, 58.5)),
    "middle": ("Middle", "#D55E00", "-", (67, 46.2)),
    "southern": ("Southern", "#009E73", "-", (46, 34)),
}
"""Label, colour, dashes and position (lon, lat) of the label for each corridor that is labelled."""

WIDTHS = dict(zip(STYLES, (4.6, 2.2, 4.6, 4.6, 3.2, 1.8), strict=True))
"""Widths in the order of drawing: of lines that share a track, the later and thinner one is drawn on top."""

FRAME = {"west": -6100.0, "east": 6200.0, "south": -5000.0, "north": 6950.0}
"""Edges of the map in km of the projection."""


def main() -> None:
    """Draw the map and write it."""
    trips = lb.route_by_corridor(lb.load_network(), "Xi'an", "Duisburg")
    lines = {trip.corridor: trip.to_geodataframe().to_crs(PROJECTION) for trip in trips}
    figure, axes = plt.subplots(figsize=(9, 9), facecolor="white")
    land = gpd.read_file(LAND).clip((-60, -36, 180, 84)).to_crs(PROJECTION)
    land.plot(ax=axes, color="#e6e2d8", edgecolor="#e6e2d8", linewidth=0.4)
    for corridor in lines.keys() - STYLES.keys():
        lines[corridor].plot(ax=axes, color="#8c8c8c", linewidth=1.0)
    for corridor, (label, colour, dashes, position) in STYLES.items():
        lines[corridor].plot(ax=axes, color=colour, linestyle=dashes, linewidth=WIDTHS[corridor])
        _write(axes, label, position, colour)
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
