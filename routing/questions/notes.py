"""Notes on an answer: what is closed that would have been much better."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from landbridge.routing.itineraries.itinerary import Itinerary
from landbridge.routing.itineraries.note import Note, NoteKind
from landbridge.routing.query.query import Query
from landbridge.routing.questions.route import best_itineraries

MUCH_BETTER: Final = 0.8
"""What is closed is named where it takes less than this part of the time or the generalised cost."""

_MOST = 2


def closed_ways(query: Query, best: Itinerary | None) -> list[Note]:
    """Return what was closed within two years before the date and would be much better, with since when and its source.

    One search with what was closed open again; never what is planned, seasonal or inadmissible. Modes and what is to be
    avoided hold in it.
    """
    reopened = query.relaxed(reopened=True)
    found = best_itineraries(reopened, 1)
    if not found:
        return []
    other = found[0]
    if best is not None and not _much_better(other, best):
        return []
    return [*_notes_of(query, other, best)][:_MOST]


def _much_better(other: Itinerary, best: Itinerary) -> bool:
    return (
        other.time_mean_h < MUCH_BETTER * best.time_mean_h
        or other.generalised_cost_usd < MUCH_BETTER * best.generalised_cost_usd
    )


def _notes_of(query: Query, other: Itinerary, best: Itinerary | None) -> Iterator[Note]:
    """Yield a note for each stretch of the better way that is closed."""
    gain = ""
    if best is not None:
        days = (best.time_mean_h - other.time_mean_h) / 24
        usd = best.cost_usd - other.cost_usd
        gain = f"; by it the way would take {_signed(days, 'days', 1)} and {_signed(usd, 'USD', 0)}"
    seen = set[frozenset[str]]()
    for leg in other.hauls:
        row = leg.row
        if row is None:
            continue
        ended = [day for day in (row["valid_to"], query.network.services[row["service"]]["valid_to"]) if day]
        ends = frozenset({leg.start, leg.end})
        if ended and min(ended) < query.day and ends not in seen:
            seen.add(ends)
            names = " - ".join(query.network.place_index.label(place) for place in (leg.start, leg.end))
            since = min(ended) + timedelta(days=1)
            yield Note(
                NoteKind.CLOSED,
                f"{names} is closed since {since.isoformat()}{gain}",
                row["length_source"],
            )


def _signed(amount: float, unit: str, decimals: int) -> str:
    return f"{abs(amount):,.{decimals}f} {unit} {'less' if amount >= 0 else 'more'}"
