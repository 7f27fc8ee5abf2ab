"""Compare the Northern, Middle and Southern corridors and the sea for one container from Xi'an to Duisburg.

Run it with `python examples/northern_middle_southern.py`; it needs no connection and writes `corridors/` for QGIS.
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

for path in lb.write_itineraries(trips, "corridors"):
    print("wrote", path)
