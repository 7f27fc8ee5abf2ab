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
around = best("no way from Belarus west", avoid=("BY-PL", "BY-LT"))
try:
    best("without Russia and Belarus", avoid=("RU", "BY"))
except lb.NoRouteError as error:
    print(f"without Russia and Belarus: {error}")
if around == usual:
    print("\nThe usual way crosses none of these borders, so that closing them changes nothing.\n")
else:
    days, usd = (around.time.mean_h - usual.time.mean_h) / 24, around.cost_usd - usual.cost_usd
    print(f"\nAgainst the usual way, the way around the closed borders takes {days:+.1f} days and {usd:+,.0f} USD.\n")

# Poland closed its border with Belarus from 12 to 24 September 2025, and announced it on the 9th.
found = {}
for day in ("2025-08-01", "2025-09-05", "2025-09-14", "2025-10-14"):
    trip = best(f"departure on {day}", depart=day)
    waits = any(note.kind == "closed" for note in trip.notes)
    way = "the usual way" if trip.route_line == usual.route_line else f"by {trip.route_line}"
    found[day] = f"{way}, {trip.time.mean_h / 24:.1f} days{', and waits at what is closed' * waits}"

try:
    lb.route(network, "Xi'an", "Duisburg", modes=["rail"], avoid=["RU", "BY", "IR", "AZ"])
except lb.NoRouteError as error:
    print(f"\nBy rail without Russia, Belarus, Iran and Azerbaijan: {error}")

print("\nLook at the departures: cargo on its way when a closure is announced waits, what leaves later may go around.")
for day, what in found.items():
    print(f"  {day}: {what}")
