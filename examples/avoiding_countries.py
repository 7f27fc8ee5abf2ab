"""Find three routes from Chongqing to Warsaw that avoid Russia and Belarus, and list the sources of a leg.

Run it with `python examples/avoiding_countries.py`.
"""

import landbridge as lb

network = lb.load_network()
trips = lb.route(network, "重庆", "Warsaw", avoid=["RU", "BY"], k=3)
for trip in trips:
    print(f"{trip.itinerary_id}: {trip.time.p50_h / 24:.1f} days, {trip.cost_usd:,.0f} USD, {' '.join(trip.countries)}")

leg = max(trips[0].legs, key=lambda leg: leg.cost_usd)
print(f"\nThe most expensive leg of the first is {leg.start} to {leg.end} ({leg.cost_usd:,.0f} USD). Its sources:")
for source in leg.sources:
    row = network.sources[source]
    print(f"  {source} ({row['kind']}, {row['year'] or 'no year'}): {row['title']}")

try:
    lb.route(network, "Xi'an", "Duisburg", modes=["rail"], avoid=["RU", "BY", "IR", "AZ"])
except lb.NoRouteError as error:
    print(f"\n{error}")
