"""Build a network of your own region from OpenStreetMap, and find a route on it.

Run it with `python examples/04_own_region_from_osm.py`; it needs no connection: the extract is a small map drawn here,
in the form in which Overpass answers. A real one (.osm, .osm.pbf) needs the extra `pbf`. It writes `out/region/`.
"""

import json
from pathlib import Path

import landbridge as lb
from landbridge.networks.geodata.osm.from_osm import build_from_osm

OUT = Path("out/region")

STATIONS = {"Old Port": (49.0, 40.0), "Transfer": (49.8, 40.1), "Mill Town": (50.4, 40.3)}
LINES = (("Old Port", "Transfer", "1520"), ("Transfer", "Mill Town", "1435"))
"""A broad line from the port, and a standard one on: at Transfer the gauge changes."""


def extract() -> dict[str, object]:
    """Return the map as Overpass would: nodes of stations, and ways of tracks."""
    numbers = {name: number for number, name in enumerate(STATIONS, start=1)}
    nodes = [
        {"type": "node", "id": numbers[name], "lon": lon, "lat": lat, "tags": {"railway": "station", "name": name}}
        for name, (lon, lat) in STATIONS.items()
    ]
    ways = [
        {
            "type": "way",
            "id": number,
            "nodes": [numbers[start], numbers[end]],
            "tags": {"railway": "rail", "gauge": gauge, "usage": "main"},
        }
        for number, (start, end, gauge) in enumerate(LINES, start=101)
    ]
    return {"version": 0.6, "elements": nodes + ways}


OUT.mkdir(parents=True, exist_ok=True)
source = OUT / "region.json"
source.write_text(json.dumps(extract()), encoding="utf-8")

built = build_from_osm(source, OUT / "network", modes=("rail",), country="AZ")
print("Built", built.network)
for row in built.network.links:
    print(f"  {row['from']} to {row['to']}: {row['length_km']:.1f} km of {row['gauge']} mm")

trip = lb.route(built.network, "Old Port", "Mill Town")[0]
print("\nThe route:")
for leg in trip.legs:
    figures = f"{leg.time.mean_h:>6.1f} h{leg.cost_usd:>6,.0f} USD"
    print(f"  {leg.operation or leg.kind:<13}{leg.start:<14}{leg.end:<14}{figures}")

print(
    "\nLook at the change of gauge: the map only shows two gauges that meet, and the network has an operation.\n"
    "out/region/network/report.json says what was welded, snapped and left out."
)
