"""Write emissions statements of the Northern, Middle and Southern corridors, with indicators and charts beside them.

Run it with `python examples/06_emission_statement.py`; it needs no connection, and writes `out/statements/` and, with
the extra `plot`, `out/tcd-*.png`.
"""

from importlib.util import find_spec

import landbridge as lb

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
    lb.write_statements(statements, "out/statements")
    if find_spec("matplotlib"):
        for quantity in ("time", "cost"):
            lb.write_tcd_chart(trips, f"out/tcd-{destination.lower()}-{quantity}.png", quantity=quantity)

print("\nThe first lines of a statement:\n")
print("\n".join(lb.statement_markdown(statements[1]).splitlines()[:14]))
charts = ", out/tcd-*.png the charts" if find_spec("matplotlib") else "; the charts need the extra `plot`"
print(
    "\nLook at the last column of the table: per tonne-kilometre the corridors differ less than per shipment, since a\n"
    f"shipment by a longer one is divided by more kilometres. out/statements/ holds each statement{charts}."
)
