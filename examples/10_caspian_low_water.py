"""The Caspian falls: what its ships still carry, where the rest goes, and what it costs.

Run it with `python examples/10_caspian_low_water.py`; it needs no connection.
"""

from collections import defaultdict

import landbridge as lb

LEVELS_M = (0.0, -0.5, -1.0, -1.5, -2.0)
"""Metres against the level of the data, that of 2025."""

LOWER = """
name = "caspian-lower"
title = "The Caspian {metres} m against the level of 2025"
changes = [{{ do = "caspian-level", metres = {metres} }}]
"""
CAUCASUS, STEPPE = "Tbilisi", "Almaty"

network = lb.load_network()
demand = [
    lb.DemandFlow(origin=start, destination=end, teu_per_year=75_000, value_usd_per_teu=40_000)
    for start, end in ((STEPPE, CAUCASUS), (CAUCASUS, STEPPE))
]
print(f"{STEPPE} - {CAUCASUS}, 75,000 TEU a year each way; TEU a day in both directions:\n")
print(f"{'metres':>6}{'feeders':>9}{'ferries':>9}{'others':>9}{'USD per TEU':>13}  a slot on a feeder is worth")
for metres in LEVELS_M:
    flows = lb.assign(lb.Scenario.from_toml(LOWER.format(metres=metres)).apply(network), demand)
    by_corridor = defaultdict[str, float](float)
    for number in range(len(demand)):
        for path in flows.paths(number):
            by_corridor[path.corridor] += path.teu_day
    feeders = [row for row in flows.resources() if row["resource"] == "caspian-feeder--fleet"]
    on_feeders = sum(row["flow_teu_day"] for row in feeders)
    carried = sum(by_corridor.values())
    on_ferries, on_others = by_corridor["middle"] - on_feeders, carried - by_corridor["middle"]
    cost = f"{flows.cost_usd_day / carried:,.0f}" if carried else "-"
    worth = max((row["shadow_price_usd_per_teu_day"] for row in feeders), default=None)
    slot = "-: no flow takes the feeders of Aktau" if worth is None else f"{worth:,.0f} USD"
    print(f"{metres:>6.1f}{on_feeders:>9,.0f}{on_ferries:>9,.0f}{on_others:>9,.0f}{cost:>13}  {slot}")

print("\nThe demand of the network before and after the bundled scenario, a metre lower, in TEU a day:")
found = lb.compare(network, "base", "caspian-low", break_even=False)
for row in found.flows.corridors if found.flows else ():
    if abs(row["carried_teu_day_change"]) >= 1:
        before, after = row["carried_teu_day_before"], row["carried_teu_day_after"]
        print(f"    {row['corridor']:<10}{before:>8,.0f} -> {after:,.0f}")
print("\nLook at the last column: what a slot is worth says when dredging or another ship pays.")
