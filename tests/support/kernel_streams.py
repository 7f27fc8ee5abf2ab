"""The hours between the entities of a source in the compiled kernel, for models that are to meet the same cargo."""

from collections.abc import Iterator

import numpy as np

from landbridge.routing.draws.random_streams import mixed, stream_key, unit
from landbridge.routing.draws.standard_tables import EXPONENTIAL, FIRST_TABLES, points_of, standard_draw
from landbridge.routing.simulation.kernel_movements import GAP
from landbridge.routing.simulation.queueing_network import QueueingNetwork

_SOURCES = 0


def arrival_gaps_h(network: QueueingNetwork, source: int, replication: int) -> Iterator[float]:
    """Yield the hours from the start to the first entity of a Poisson source, and from each to the next one."""
    tables, mean_h = points_of(FIRST_TABLES), 1 / float(network.sources.rate_per_h[source])
    key = _key(_key(stream_key(network.run.seed, replication), _SOURCES), source)
    yield mean_h * (1 + standard_draw(tables, EXPONENTIAL, unit(_key(key, GAP))))
    made = 0
    while True:
        yield mean_h * (1 + standard_draw(tables, EXPONENTIAL, unit(_key(_key(key, made), GAP))))
        made += 1


def _key(key: np.uint64, number: int) -> np.uint64:
    return np.uint64(mixed(np.uint64(key), number))  # compiled code returns an int of Python
