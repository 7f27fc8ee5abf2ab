"""Hand an answer over: a map for QGIS, a table for a spreadsheet, and a text with its sources.

Run it with `python examples/07_report_and_qgis.py`; it needs no connection and writes `out/handover/`.
"""

from pathlib import Path

import landbridge as lb

OUT = Path("out/handover")

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
found = lb.compare_corridors(network, "Xi'an", "Duisburg", cargo=cargo)
found.write(OUT)

trips = lb.route_by_corridor(network, "Xi'an", "Duisburg", cargo=cargo)
sources = sorted({source for trip in trips for source in trip.sources})
lines = [
    f"# Xi'an to Duisburg, {cargo.teu:g} TEU",
    f"Data set {found.meta['data_set']['version']}, of {found.meta['reference_date']}.",
    *(f"- {trip.corridor}: {trip.time.p50_h / 24:.0f} days, {trip.cost_usd:,.0f} USD" for trip in trips),
    "## Sources",
    *(
        f"- {source}: {network.sources[source]['title']} {network.sources[source]['url'] or ''}".rstrip()
        for source in sources
    ),
]
(OUT / "report.md").write_text("\n\n".join(lines), encoding="utf-8")

for path in sorted(OUT.iterdir()):
    print(f"{path.stat().st_size / 1000:>9,.1f} kB  {path}")
print(
    f"\nThe report lists {len(sources)} sources. Look at out/handover/landbridge.qgz in QGIS: it holds layers, styles\n"
    "and labels over a land map, with relative paths: the folder can be sent as it is. CSV opens in any spreadsheet."
)
