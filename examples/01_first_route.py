"""Find three routes from Chongqing to Warsaw, read the best leg by leg, and see where its figures come from.

Run it with `python examples/01_first_route.py`; it needs no connection.
"""

import landbridge as lb

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
trips = lb.route(network, "重庆", "Warsaw", cargo=cargo, k=3)

print("Ways from Chongqing to Warsaw, at most three:")
for trip in trips:
    low, middle, high = (hours / 24 for hours in (trip.time.p10_h, trip.time.p50_h, trip.time.p90_h))
    print(f"  {middle:.1f} days ({low:.1f} to {high:.1f}), {trip.cost_usd:,.0f} USD, {trip.co2e_kg:,.0f} kg CO2e")
    print(f"    {trip.route_line}")

print("\nThe stops of the first:")
first = trips[0]
for leg in first.legs:
    if leg.start == leg.end:
        where = first.label(leg.start)
        print(f"  {leg.operation or leg.kind:<14}{where:<16}{leg.time.mean_h:>6.1f} h{leg.cost_usd:>6,.0f} USD")

leg = max(first.legs, key=lambda leg: leg.cost_usd)
ends = " to ".join(map(first.label, (leg.start, leg.end)))
print(f"\nIts most expensive leg is {ends} ({leg.cost_usd:,.0f} USD). Its sources:")
for source in leg.sources:
    row = network.sources[source]
    print(f"  {source} ({row['kind']}, {row['year'] or 'no year'}): {row['title']}")

print("\nLook at the stops: terminals, borders and the gauge change take a good part of the days, each with a source.")
