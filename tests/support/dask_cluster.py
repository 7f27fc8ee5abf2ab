"""A Dask cluster of two processes on this machine, for tests of sweeps."""

import logging
import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from distributed import Client, LocalCluster


@contextmanager
def local_cluster() -> Iterator[LocalCluster]:
    """Yield a cluster of two workers with a process each, which it starts again when they die."""
    with warnings.catch_warnings():
        # Each process that is killed leaves pipes and sockets that Dask never closes.
        warnings.simplefilter("ignore", ResourceWarning)
        options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
        with LocalCluster(**options, silence_logs=logging.CRITICAL, memory_limit=None) as cluster:
            yield cluster


def worker_pids(client: Client) -> list[int]:
    """Return the process ids of the living workers."""
    return list(client.run(os.getpid).values())


def kill(pid: int) -> None:
    """End a process at once."""
    os.kill(pid, signal.SIGKILL)


def pretend_version(version: str) -> None:
    """Let this worker have another version of landbridge, and forget the networks that it has loaded."""
    from landbridge.routing.studies.sweeps import network_reference

    network_reference.landbridge_code = lambda: version
    network_reference._NETWORKS.clear()
