"""Promise a day: the chance to keep it, the buffer that it needs, and what to hedge.

Run it with `python examples/09_promised_day.py`; it needs no connection.
"""

from datetime import date, timedelta

import landbridge as lb

LEAVES = date(2026, 11, 2)

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
trip = lb.route(network, "Xi'an", "Duisburg", cargo=cargo, depart=LEAVES)[0]
found = lb.simulate(trip)
print(f"{trip.route_line}\nplanned arrival {trip.arrives:%a %d %b %H:%M}, by mean times\n")

days = [LEAVES + timedelta(days=number) for number in range(14, 40, 2)]
for day in days:
    chance = lb.simulate(trip, promised=day, runs=20_000).on_time or 0
    print(f"by {day:%a %d %b}{chance:>6.0%}  {'#' * round(40 * chance)}")

print(
    f"\nHalf of the shipments take {found.time.p50_h / 24:.1f} days, nine of ten {found.time.p90_h / 24:.1f}, "
    f"19 of 20 {found.p95_h / 24:.1f}."
)
if found.buffer_h is not None:
    print(f"For nine of ten, promise {found.buffer_h / 24:.1f} days more than the plan, or leave as much earlier.\n")

print("What makes it uncertain (share of the variance):")
for cause in found.shares[:5]:
    print(f"    {cause.share:>4.0%}  {cause.name}")
for miss in found.missed:
    print(
        f"    {miss.share_missed:.0%} of the shipments miss the {miss.service} of the plan at {trip.label(miss.place)}"
    )

print("\nThe same promise by each corridor:")
promised = LEAVES + timedelta(days=26)
for other in lb.route_by_corridor(network, "Xi'an", "Duisburg", cargo=cargo, depart=LEAVES)[:5]:
    run = lb.simulate(other, promised=promised, runs=20_000)
    print(f"    {other.corridor:<10}{other.cost_usd:>8,.0f} USD{run.on_time or 0:>6.0%} by {promised:%a %d %b}")
print("\nLook at the two largest causes: who hedges those (a slot, another border) can promise an earlier day.")
