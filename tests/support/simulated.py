"""A simulated network drawn by hand: three queues over 90 days, one of which is shut for ten days."""

from dataclasses import replace
from datetime import date

import numpy as np

from landbridge.routing.resources.capacities import capacities
from landbridge.routing.simulation.daily_series import DailySeries, SeriesRow, band
from landbridge.routing.simulation.network_model import Contradiction, DerivedFleet, ThroughputCheck
from landbridge.routing.simulation.network_simulation import NetworkSimulation
from landbridge.routing.simulation.recovery import recovery_of
from landbridge.routing.simulation.resource_waits import ResourceWait, by_wait
from landbridge.routing.simulation.transit_times import TransitTime

START = date(2025, 1, 1)
DAYS, RUNS = 90, 5
CLOSED = (date(2025, 2, 1), date(2025, 2, 10))
"""Days 31 to 40 of the series."""

_WAIT = ResourceWait(
    resource="border", name="Border", kind="border", place="a", direction="west", section=None, lon=60.0, lat=45.0,
    servers=2, assigned_teu_day=400.0, delivered_teu_day=398.0, utilisation_assigned=0.8, utilisation_carried=0.79,
    steady=True, growth_teu_day=None, wait_mean_h=30.0, wait_ci95_low_h=26.0, wait_ci95_high_h=34.0, wait_p50_h=20.0,
    wait_p90_h=70.0, wait_last_day_h=None, queue_mean_teu=500.0, queue_max_teu=4200.0, queue_end_teu=110.0,
    counted_teu_day=390.0, counted_ratio=400 / 390, disrupted=True, wait_teu_h_day=12_000.0,
    wait_share=12 / 13, static_wait_h=6.0,
)  # fmt: skip
HALL = replace(
    _WAIT, resource="hall", name="Hall", kind="terminal", direction="both", place="b", lon=70.0, servers=1,
    utilisation_assigned=1.1, utilisation_carried=1.0, steady=False, growth_teu_day=12.0, wait_mean_h=None,
    wait_ci95_low_h=None, wait_ci95_high_h=None, wait_p50_h=None, wait_p90_h=None, wait_last_day_h=260.0,
    disrupted=False, queue_mean_teu=540.0, queue_max_teu=1080.0, queue_end_teu=1080.0, counted_teu_day=None,
    counted_ratio=None, wait_teu_h_day=7_000.0, wait_share=None, static_wait_h=None,
)  # fmt: skip
LINE = replace(
    _WAIT, resource="line", name="Line", kind="line", place=None, section="a--b", direction="east", lon=65.0,
    wait_mean_h=2.5, wait_ci95_low_h=2.4, wait_ci95_high_h=2.6, wait_p50_h=1.0, wait_p90_h=7.0, queue_mean_teu=40.0,
    queue_max_teu=90.0, counted_teu_day=200.0, counted_ratio=2.0, undecided=True, disrupted=False,
    wait_teu_h_day=1_000.0, wait_share=1 / 13,
)  # fmt: skip


def queue_of_border():
    """Return TEU in the queue of the border on each day of each run, shape (runs, days).

    100 TEU before; 400 a day more in ten days of closure, then 100 a day less: 40 days until it is as before.
    """
    days = np.arange(DAYS)
    built_up = np.clip(np.minimum(400.0 * (days - 30), 4000.0 - 100.0 * (days - 40)), 0.0, None)
    return 100.0 + built_up + 10.0 * np.arange(RUNS)[:, None]


def simulation(network=None, **changes):
    """Return the answer, with other attributes if they are given, of a network if its links are drawn."""
    queue = queue_of_border()
    other = np.broadcast_to(12.0 * np.arange(DAYS), (RUNS, DAYS))
    line = np.full((RUNS, DAYS), 40.0)
    bands = [band(values) for values in (queue, other, line)]
    waits = [band(values / 16.0) for values in (queue, other, line)]
    daily = DailySeries(
        start=START,
        rows=(SeriesRow("border", "west", None), SeriesRow("hall", "both", None), SeriesRow("line", "east", "a--b")),
        queue_teu=np.array(bands).swapaxes(0, 1),
        wait_h=np.array(waits).swapaxes(0, 1),
    )
    corridor = TransitTime(
        corridor="middle", origin=None, destination=None, n=5000, teu_day=380.0, time_mean_h=480.0,
        time_ci95_low_h=470.0, time_ci95_high_h=490.0, time_p10_h=400.0, time_p50_h=470.0, time_p90_h=600.0,
        static_time_mean_h=450.0,
    )  # fmt: skip
    few = replace(
        corridor, corridor="northern", n=12, teu_day=0.7, time_mean_h=None, time_ci95_low_h=None,
        time_ci95_high_h=None, time_p10_h=None, time_p50_h=None, time_p90_h=None,
    )  # fmt: skip
    text = "border:2025-02-01..2025-02-10"
    return NetworkSimulation(
        network,
        **{
            "year": 2025,
            "start": START,
            "days": DAYS,
            "warm_up_days": 30.0,
            "replications": RUNS,
            "replications_done": RUNS,
            "seed": 7,
            "demand_teu_day": 400.0,
            "delivered_teu_day": 380.0,
            "waits": tuple(by_wait([LINE, HALL, _WAIT])),
            "times": (corridor, few, replace(corridor, origin="A", destination="B")),
            "recoveries": (recovery_of(text, "close", CLOSED, resources=("border",), queue_teu=queue, start=START),),
            "recovery_queues_teu": (band(queue),),
            "daily": daily,
            "edge_teu_day": np.zeros(0),
            "checks": (
                ThroughputCheck(resource="line", name="Line", direction="east", assigned_teu_day=400.0,
                                counted_teu_day=200.0, ratio=2.0, undecided=True, source="capacities"),
                ThroughputCheck(resource="border", name="Border", direction="west", assigned_teu_day=400.0,
                                counted_teu_day=390.0, ratio=400 / 390, undecided=False, source="capacities"),
            ),
            "contradictions": (
                Contradiction(resource="hall", direction="both", item="hall-op", published_h=3.0, service_h=2.0,
                              wait_ref_h=5.0, rho_ref=0.85),
            ),
            "derived_ships": (
                DerivedFleet(fleet="boats", ships=3, capacity_teu_day=160.0, round_trip_h=90.0, load_teu=200.0),
            ),
            "meta": {"options": {"year": 2025}},
        }
        | changes
    )  # fmt: skip


def under_load(network):
    """Return the answer with the wait of the border at every resource of a network."""
    rows = network.cached(capacities)
    waits = [
        replace(_WAIT, **rows.describe(row), undecided=row % 5 == 0, wait_teu_h_day=float(len(rows) - row))
        for row in range(len(rows))
    ]
    keys = tuple(SeriesRow(item.resource, item.direction, item.section) for item in waits)
    own = simulation().daily
    daily = replace(
        own,
        rows=keys,
        queue_teu=np.repeat(own.queue_teu[:, :1], len(keys), axis=1),
        wait_h=np.repeat(own.wait_h[:, :1], len(keys), axis=1),
    )
    return simulation(network, waits=tuple(waits), daily=daily)
