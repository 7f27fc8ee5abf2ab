"""Random small networks of queues and ships: what holds in each of them whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, UNIFORM_TABLE
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import SourceKind, StationKind, Step, StepKind

END_H = 400.0
WARM_UP_H = 100.0

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

times = st.sampled_from([(0.0, 0.0, CONSTANT), (0.5, 0.0, CONSTANT), (2.0, 2.0, EXPONENTIAL), (7.0, 3.0, UNIFORM_TABLE)])
"""Mean, sd and table."""


@st.composite
def stations(draw, n, *, storms):
    """Draw queues and counters; some have no server, are shut for a while or for good, or are shut by a storm."""
    rows = [draw(times) for _ in range(n)]
    changes = st.sampled_from([[], [(150.0, 0.0), (250.0, 1.0)], [(120.0, 0.5)], [(0.0, 0.0)], [(50.0, 2.0), (200.0, 0.0)]])
    return qn.stations(
        n,
        servers=[draw(st.sampled_from([0, 1, 1, 2, 5])) for _ in range(n)],
        batch_teu=[draw(st.sampled_from([1.0, 2.5, 40.0])) for _ in range(n)],
        service_mean_h=[row[0] for row in rows],
        service_sd_h=[row[1] for row in rows],
        service_table=[row[2] for row in rows],
        bulk=[draw(st.sampled_from([1, 1, 3])) for _ in range(n)],
        storm=[draw(st.integers(-1, storms - 1)) for _ in range(n)],
        kind=[draw(st.sampled_from([StationKind.QUEUE, StationKind.QUEUE, StationKind.REFORM])) for _ in range(n)],
        max_wait_h=[draw(st.sampled_from([0.0, 24.0, np.inf])) for _ in range(n)],
        changes=[draw(changes) for _ in range(n)],
    )
