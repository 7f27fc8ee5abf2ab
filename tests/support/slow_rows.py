"""Rows of a sweep that take some time without a processor: the best of two ways by the value of time."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from landbridge.networks import Network
from landbridge.routing import Sweep, sweep
from landbridge.routing.studies.sweeps.dask_executor import dask_executor
from landbridge.routing.studies.sweeps.measures import measured
from tests.support.tiny import link, service, write_tiny

_ENDS = {"origin": "cn-a", "destination": "kz-c"}
_PLAN = {"measure": "route", "options": {**_ENDS, "value_of_time": "$x"}, "changes": [], "tables": {}, "crossed": []}


def two_ways(folder: Path) -> Path:
    """Write a network with a cheap way by rail and a fast one by sea, and return its folder.

    Of two TEU in a container the ship takes 13 h instead of 24 h and costs 220 USD instead of 160 USD, so that it is
    better where an hour is worth more than 60 USD / 11 h, less the inventory.
    """
    rail = [link("cn-a -- cn-b"), link("cn-b -- kz-c", length_km=500)]
    sea = link("cn-a -- kz-c", "sea", length_km=1000)
    return write_tiny(folder, links=[*rail, sea], services=[service("sea", "sea", speed_km_h=100)])


def best_way(network: Network, row: Mapping[str, Any], *, sleep_s: float = 0.0) -> Mapping[str, Any]:
    """Return the totals of the best way of a row."""
    time.sleep(sleep_s)
    return {**measured(network, row, study=_PLAN), "third": row["x"] / 3}


def sweep_on_dask(address: str, network: Path, rows: int, **options: Any) -> Sweep:
    """Run rows on the cluster of a scheduler, in tasks of 20 rows."""
    table = [{"x": number / 20} for number in range(rows)]
    with dask_executor(address) as (executor, workers):
        slow = partial(best_way, sleep_s=0.003)
        return sweep(slow, table, network=network, executor=executor, workers=workers, chunk=20, **options)
