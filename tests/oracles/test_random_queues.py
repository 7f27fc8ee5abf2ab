"""Random small networks of queues and ships: what holds in each of them whatever the numbers are."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, UNIFORM_TABLE
from landbridge.routing.simulation import queueing_network as qn
from landbridge.routing.simulation.queueing_network import SourceKind, StationKind, Step, StepKind

WARM_UP_H, END_H = 100.0, 400.0

checked = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

TIMES = [(0.0, 0.0, CONSTANT), (0.5, 0.0, CONSTANT), (2.0, 2.0, EXPONENTIAL), (7.0, 3.0, UNIFORM_TABLE)]
"""Mean, sd and table."""

CHANGES = [
    [],
    [],
    [(150.0, 0.0), (250.0, 1.0)],
    [(120.0, 0.5)],
    [(0.0, 0.0)],
    [(50.0, 2.0), (200.0, 0.0)],
]
"""Always open, shut for a while, slow, never open, and shut at last."""


def columns(draw, n, **choices):
    """Draw n values of each column."""
    return {name: [draw(st.sampled_from(values)) for _ in range(n)] for name, values in choices.items()}


def spread(rows, prefix):
    """Return mean, sd and table of drawn times as columns."""
    return {f"{prefix}_{name}": [row[part] for row in rows] for part, name in enumerate(("mean_h", "sd_h", "table"))}


@st.composite
def networks(draw, *, with_ships=True):
    """Draw a network: some stations have no server or never open, some lots are larger than a ship."""
    n, lines = draw(st.integers(1, 4)), draw(st.integers(0, 2)) if with_ships else 0
    service = columns(draw, n, service=TIMES)["service"]
    found = qn.stations(
        n,
        changes=columns(draw, n, changes=CHANGES)["changes"],
        **spread(service, "service"),
        **columns(
            draw,
            n,
            servers=[0, 1, 1, 2, 5],
            batch_teu=[1.0, 2.5, 40.0],
            bulk=[1, 1, 3],
            storm=[-1, -1, 0],
            kind=[StationKind.QUEUE, StationKind.QUEUE, StationKind.REFORM] if not lines else [StationKind.QUEUE],
            max_wait_h=[0.5, 24.0, np.inf],
        ),
    )
    kinds = [StepKind.STATION] * 3 + ([StepKind.SHIP] if lines else [])
    n_routes = draw(st.integers(1, 3))
    steps = [
        [
            Step(kind, draw(st.integers(0, (n if kind == StepKind.STATION else 2 * lines) - 1)), *after)
            for kind, after in draw(st.lists(st.tuples(st.sampled_from(kinds), st.sampled_from(TIMES)), max_size=4))
        ]
        for _ in range(n_routes)
    ]
    n_sources = draw(st.integers(1, 4))
    made = columns(
        draw,
        n_sources,
        route=range(n_routes),
        priority=[0, 1, 2],
        teu=[1.0, 2.5, 40.0],
        rate_per_h=[0.0, 0.05, 1.0, 5.0],
        kind=[SourceKind.POISSON, SourceKind.POISSON, SourceKind.REGULAR],
    )
    ports = columns(
        draw, 3, port_berth=range(n), port_call_h=[0.0, 3.0], port_handling_teu_h=[5.0, np.inf], port_storm=[-1, 0]
    )
    ends = [draw(st.permutations(range(3))) for _ in range(lines)]
    sailing = columns(draw, lines, capacity_teu=[1.0, 30.0, 100.0], max_wait_h=[6.0, 48.0, np.inf])
    sailing |= {"line_port_a": [end[0] for end in ends], "line_port_b": [end[1] for end in ends]}
    sailing |= spread(columns(draw, lines, sail=TIMES[1:])["sail"], "sail")
    return qn.queueing_network(
        found,
        qn.routes(steps, **spread([draw(st.sampled_from(TIMES)) for _ in range(n_routes)], "lead")),
        qn.sources(n_sources, holds=[draw(st.sampled_from([[], [(90.0, 200.0)]])) for _ in range(n_sources)], **made),
        qn.run(WARM_UP_H, END_H, replications=2, seed=draw(st.integers(0, 99)), series_rows=range(n + 2 * lines)),
        ships=qn.ships(ports, sailing, [draw(st.sampled_from([0, 1, 3]))]) if lines else None,
        storms=qn.storms([[100.0] * 12], [20.0], [0.0, 200.0, 700.0], [0, 1]),
    )


@checked
@given(networks())
def test_dummy(network):
    assert network
