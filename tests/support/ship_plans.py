"""A tiny line of ships for tests, and tasks without a network."""

from landbridge.routing.sailings.lines import Berths, ShipLine
from landbridge.routing.sailings.task import Task
from tests.support.tiny import link, service, tiny_network


def ferry_network(folder, *, low_water_loss=0.0, berths=1, tables=None):
    """Return a network with a ferry of 1,000 km from kz-a to az-b, and rail behind both ports."""
    return tiny_network(
        folder,
        links=[
            link("kz-0 -- kz-a"),
            link("kz-a -- az-b", "ferry", length_km=1000),
            link("az-b -- az-1"),
        ],
        services=[service("ferry", "ferry", vehicle="ship", resource="fleet")],
        tables={
            "resources": [{"id": "fleet", "kind": "fleet", "closure_days": 0}],
            "loads": [{"id": "ship", "unit": "vessel", "teu": 100, "low_water_loss": low_water_loss}],
            "berths": [
                {
                    "id": f"{place}--berths",
                    "place": place,
                    "services": ("ferry",),
                    "berths": berths,
                    "handling_teu_h": 50,
                }
                for place in ("kz-a", "az-b")
            ],
            **(tables or {}),
        },
    )


def ship_line(*, voyage_h=10, load_teu=100, teu_day=(100, 100), count=1, handling_teu_h=50.0, call_h=0.0, **other):
    """Return a line between `home` and `outer`, with as many berths at both ends."""
    name = other.get("name", "line")
    ends = {
        end: Berths(berths_id=place, place=place, count=count, handling_teu_h=handling_teu_h, call_h=call_h)
        for end, place in (("home", "home"), ("outer", other.get("outer", "outer")))
    }
    return ShipLine(
        link_id=name,
        service_id=name,
        fleet=other.get("fleet", "fleet"),
        **ends,
        load_teu=load_teu,
        voyage_h=voyage_h,
        out_teu_day=teu_day[0],
        back_teu_day=teu_day[1],
    )


def task(*lines, period_days=2, closed_days=(), max_wait_h=336, spare_sailings=0):
    """Return a task of these lines."""
    return Task(
        lines=lines,
        period_days=period_days,
        closed_days=closed_days,
        max_wait_h=max_wait_h,
        spare_sailings=spare_sailings,
    )
