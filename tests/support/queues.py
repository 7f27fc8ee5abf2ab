"""Networks with a queue, drawn for the tests of simulation."""

from datetime import date

from landbridge.routing import assign
from landbridge.routing.flows.demand import DemandFlow
from landbridge.routing.simulation.build_model import RunLength, build_model
from landbridge.routing.simulation.disruptions import disruptions_given
from tests.support.tiny import link, operation, service, tiny_network

QUEUES = [
    {"kind": kind, "model": "queue", "batch_teu": 100, "service_h": 24, "scv": 1}
    for kind in ("terminal", "port", "berth", "fleet", "border")
]
"""Batches of 100 TEU, each a day on a server, exponential."""

LINES = {"kind": "line", "model": "bpr", "alpha": 0.15, "beta": 4}

HALL = {"id": "hall", "name": "Hall", "kind": "terminal", "place": "kz-b", "capacity": 200}
"""Two batches a day: two servers, a day each."""


def hall_network(folder, *, hall=None, change=None, tables=None, **options):
    """Return a network: a - b by rail and b - d by road, 100 km each, with a change of 60 h in the hall of b."""
    change = {"mean_h": 60, "resource": "hall"} | (change or {})
    return tiny_network(
        folder,
        links=[link("kz-a -- kz-b"), link("kz-b -- kz-d", "road")],
        operations=[
            operation("transship", "kz-b", from_mode=one, to_mode=other, **change)
            for one, other in (("rail", "road"), ("road", "rail"))
        ],
        tables={"resources": [HALL | (hall or {})], "congestion": [*QUEUES, LINES]} | (tables or {}),
        **options,
    )


def ferry_network(folder, *, tables=None, ferry=None, fleet=None, operations=()):
    """Return a network with a ferry of 500 km and 10 h that sails when full, and rail behind both ports.

    Ships carry 100 TEU, a call takes 2 h and 50 TEU an hour.
    """
    own = {"vehicle": "ship", "resource": "fleet", "wait_kind": "fill_and_go", "capacity_teu_day": None} | (ferry or {})
    waits = {"wait_p10_h": 10, "wait_p50_h": 20, "wait_p90_h": 30, "cut_off_h": 4}
    berth = {"services": ("ferry",), "berths": 1, "handling_teu_h": 50, "call_h": 2}
    return tiny_network(
        folder,
        links=[link("kz-0 -- kz-a"), link("kz-a -- az-b", "ferry", length_km=500), link("az-b -- az-1")],
        services=[service("ferry", "ferry", **(waits | own))],
        operations=operations,
        tables={
            "resources": [{"id": "fleet", "kind": "fleet", "capacity": 240} | (fleet or {})],
            "loads": [{"id": "ship", "unit": "vessel", "teu": 100, "low_water_loss": 0}],
            "berths": [{"id": f"{place}--berths", "place": place, **berth} for place in ("kz-a", "az-b")],
            "congestion": [*QUEUES, LINES],
        }
        | (tables or {}),
    )


def demand(teu_day=100.0, origin="kz-a", destination="kz-d", **cells):
    """Return a demand from a to d."""
    return DemandFlow(origin=origin, destination=destination, teu_per_year=365 * teu_day, **cells)


def length(days=10, warm_up_days=5, start=date(2025, 1, 1)):
    """Return the length of a run of two replications."""
    return RunLength(start, days, warm_up_days, 2, 0)


def model_of(network, *rows, close=(), limit=(), ban=(), run=None):
    """Return the model of the flows of some rows of demand, 100 TEU a day from a to d without any."""
    run = run or length()
    disruptions = disruptions_given(network, close, limit, ban, start=run.start, days=run.days)
    return build_model(assign(network, list(rows) or [demand()], capacity="none"), run, disruptions)


def steps_of(model, route):
    """Return the delay before the first stop of a route, and each stop with the delay after it."""
    routes = model.queueing.routes
    part = range(routes.step_first[route], routes.step_first[route + 1])
    return float(routes.lead_mean_h[route]), [
        (int(routes.step_kind[step]), int(routes.step_index[step]), float(routes.delay_mean_h[step])) for step in part
    ]
