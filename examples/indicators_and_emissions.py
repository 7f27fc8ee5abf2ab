"""Draw Time/Cost-Distance charts of the Northern, Middle and Southern corridors, and write emissions statements.

Run it with `python examples/indicators_and_emissions.py`; it needs the extra `plot`, no connection, and writes
`tcd-*.png` and `statements/`.
"""

import sys
from importlib.util import find_spec

import landbridge as lb

if find_spec("matplotlib") is None:
    sys.exit("the charts need matplotlib: pip install 'landbridge[plot]'")

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
corridors = ("northern", "middle", "southern")

print(
    f"{'to':<10}{'corridor':<10}{'km':>8}{'TFI1 customs h':>16}{'TFI3 USD':>10}{'SWD km/h':>10}{'CV':>6}"
    f"{'g CO2e/tkm':>12}"
)
for destination in ("Duisburg", "Istanbul"):
    trips = [lb.route(network, "Xi'an", destination, cargo=cargo, corridor=corridor)[0] for corridor in corridors]
    statements = [lb.emissions_statement(trip) for trip in trips]
    for trip, statement in zip(trips, statements, strict=True):
        transit = lb.itinerary_indicators(trip).transit
        print(
            f"{destination:<10}{trip.corridor:<10}{transit.distance_km:>8,.0f}{transit.tfi1_customs_h:>16.1f}"
            f"{transit.tfi3_usd:>10,.0f}{transit.swd_km_h:>10.1f}{transit.cv:>6.2f}"
            f"{statement.totals()['g_co2e_per_tkm']:>12.1f}"
        )
    for quantity in ("time", "cost"):
        print("wrote", lb.write_tcd_chart(trips, f"tcd-{destination.lower()}-{quantity}.png", quantity=quantity))
    print("wrote", len(lb.write_statements(statements, "statements")), "files to statements")
