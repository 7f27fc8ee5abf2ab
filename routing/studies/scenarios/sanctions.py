"""Sanctions of a scenario: rules of admissibility, and services that are closed."""

from datetime import date
from typing import Any, Final

from landbridge.networks.errors import Fault
from landbridge.networks.tables.table import CLOSED
from landbridge.routing.studies.scenarios.changing import Change, ChangeError, ChangingTables
from landbridge.routing.studies.scenarios.selection import named

_EVER: Final = date(1990, 1, 1)


def sanction(work: ChangingTables, change: Change) -> None:
    """Add the rule of a sanction, and close its carriers.

    Raises
    ------
    ChangeError
        If a country or a carrier is unknown.
    """
    asked, faults = change.asked, list[Fault]()
    countries, services = work.indices("countries"), work.indices("services")
    for number, code in enumerate(asked.countries):
        if code not in countries:
            faults.append(work.unknown(change, ("countries", number), code, countries, "country of the network"))
    closed = set[str]()
    for number, text in enumerate(asked.carriers):
        met = named(text, services)
        closed |= met
        if not met:
            faults.append(work.unknown(change, ("carriers", number), text, services, "id of services"))
    if faults:
        raise ChangeError(faults)
    for service in sorted(closed):
        for index in services[service]:
            work.write("services", index, {"valid_to": CLOSED}, change)
    if asked.countries:
        work.append("admissibility", _rule(work, change), change)


def _rule(work: ChangingTables, change: Change) -> dict[str, Any]:
    asked, (source, year, confidence) = change.asked, work.evidence(change)
    return {
        "id": work.free_id("admissibility", change),
        "valid_from": _EVER,
        "transit_countries": asked.countries,
        **{name: getattr(asked, name) for name in ("hs_chapters", "cargo_classes", "transit_only")},
        "source": source,
        "year": year,
        "confidence": confidence,
        "note": asked.note or change.part.title,
    }
