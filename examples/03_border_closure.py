"""Close a border: for a query, on the days when it was really closed, and until nothing is left.

Run it with `python examples/03_border_closure.py`; it needs no connection.
"""

import landbridge as lb

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)


def best(name: str, avoid: tuple[str, ...] = (), depart: str | None = None) -> lb.Itinerary:
    """Print the fastest itinerary from Xi'an to Duisburg, with the notes about it, and return it."""
    trip = lb.route(network, "Xi'an", "Duisburg", cargo=cargo, objective="time", avoid=avoid, depart=depart)[0]
    figures = f"{trip.time.mean_h / 24:>6.1f} days{trip.cost_usd:>8,.0f} USD"
    print(f"{name:<28}{trip.corridor:<10}{figures}  {' '.join(trip.countries)}")
    for note in trip.notes:
        print(f"    {note.kind}: {note.text}")
    return trip


usual = best("as usual")
around = best("without Belarus - Poland", avoid=("BY-PL",))
best("without Russia and Belarus", avoid=("RU", "BY"))
days = (around.time.mean_h - usual.time.mean_h) / 24
print(f"\nThe way around the closed border costs {days:.1f} days and {around.cost_usd - usual.cost_usd:,.0f} USD.\n")

# Poland closed its border with Belarus from 12 to 24 September 2025, and announced it on the 9th.
for day in ("2025-08-01", "2025-09-05", "2025-09-14", "2025-10-14"):
    best(f"departure on {day}", depart=day)

try:
    lb.route(network, "Xi'an", "Duisburg", modes=["rail"], avoid=["RU", "BY", "IR", "AZ"])
except lb.NoRouteError as error:
    print(f"\nBy rail without Russia, Belarus, Iran and Azerbaijan: {error}")

print(
    "\nLook at the departure of 5 September: it was on its way when the closure was announced, so it waits; "
    "that of the 14th goes around."
)
