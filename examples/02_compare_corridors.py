"""Compare the corridors for one container from Xi'an to Duisburg: time, cost, emissions and the longest stop.

Run it with `python examples/02_compare_corridors.py`; it needs no connection and writes `out/corridors/` for QGIS.
"""

import landbridge as lb

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
trips = lb.route_by_corridor(network, "Xi'an", "Duisburg", cargo=cargo)

print(f"{'corridor':<18}{'days p50':>9}{'p10-p90':>12}{'USD':>9}{'kg CO2e':>9}  longest stop")
for trip in trips:
    stop = trip.bottleneck
    longest_stop = f"{stop.start}: {stop.operation or stop.kind}" if stop else "none"
    print(
        f"{trip.corridor:<18}{trip.time.p50_h / 24:>9.1f}{trip.time.p10_h / 24:>6.1f}-{trip.time.p90_h / 24:<5.1f}"
        f"{trip.cost_usd:>9,.0f}{trip.co2e_kg:>9,.0f}  {longest_stop}"
    )

written = trips.write("out/corridors")
print(
    "\nLook at the range p10-p90 beside the median: where two overlap, either may be faster.\n"
    f"Open out/corridors/landbridge.qgz in QGIS ({len(written)} files were written)."
)
