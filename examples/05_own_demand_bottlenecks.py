"""Put a demand of your own on the network, on top of what it carries, and see what fills.

Run it with `python examples/05_own_demand_bottlenecks.py`; it needs no connection and writes `out/bottlenecks/`.
"""

import landbridge as lb

DEMAND = [
    {"origin": "Xi'an", "destination": "Duisburg", "teu_per_year": 36_500},
    {"origin": "Almaty", "destination": "Istanbul", "teu_per_year": 60_000, "corridor": "middle"},
]

network = lb.load_network()
own = lb.read_demand(network, DEMAND)  # or the path of a CSV file with these columns
bundled = lb.network_demand(network)
before = lb.assign(network, bundled)
after = lb.assign(network, [*bundled, *own])

for name, found in (("bundled demand", before), ("with your own", after)):
    carried = found.demand_teu_day.sum() - found.unserved_teu_day.sum()
    print(f"{name:<16}{carried:>8,.0f} of {found.demand_teu_day.sum():,.0f} TEU a day are carried")

found = lb.bottlenecks(network, assignment=after, closures=0)  # closures=10: also the cost of closing each
usual = {(row["resource"], row["direction"], row["section"]): row["utilisation"] for row in before.resources()}
print(f"\n{'resource':<44}{'direction':<11}{'used':>6}{'before':>8}{'USD per TEU/day':>17}")
for item in found.items[:8]:
    was = usual.get((item.resource, item.direction, item.section), 0.0)
    used, price = item.utilisation or 0.0, item.shadow_price_usd_per_teu_day or 0.0
    print(f"{item.name[:42]:<44}{item.direction:<11}{used:>6.0%}{was:>8.0%}{price:>17,.0f}")

found.write("out/bottlenecks")
print(
    "\nLook at the last column: what one more TEU a day of that resource would save. It is 0 where capacity is left.\n"
    "Open out/bottlenecks/landbridge.qgz in QGIS for the map."
)
