"""What is sent through a simulated network has arrived or is still in it; one seed gives one answer on any threads."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.routing import assign, simulate_network
from landbridge.routing.simulation.build_model import RunLength, build_model
from landbridge.routing.simulation.disruptions import disruptions_given
from landbridge.routing.simulation.replications import run_replications
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import networks

NOTHING = "concerns nothing|the demand is 0|carries nothing|nothing is carried"
START = date(2026, 1, 1)


def disrupted(draw, found):
    """Draw disruptions of what flows use: a closed link, a slow resource, a ban on a resource."""
    network, graph = found.network, found.network.graph
    used = graph.row[(graph.kind == EdgeKind.HAUL) & (found.edge_teu_day > 0)]
    rows = [network.links[row] for row in sorted({*used.tolist()})]
    links, lines = [row["id"] for row in rows], [row["resource"] for row in rows if row["resource"]]
    kinds = {
        "close": [f"{name}:2026-01-05..2026-01-12" for name in links],
        "limit": [f"{name}:1teu/day:2026-01-03..2026-01-30" for name in lines],
        "ban": [f"{name}:2026-01-20..2026-02-03" for name in lines],
    }
    return {
        kind: [draw(st.sampled_from(items))] if items and draw(st.sampled_from([True, False])) else []
        for kind, items in kinds.items()
    }


def test_teu_are_conserved_on_each_route_and_at_each_queue():
    seen = Counter()

    @holds(networks(), st.data(), st.integers(0, 2**40), few=10, many=65)
    def conserved(drawn, data, seed):
        network = drawn.network()
        found = assign(network, capacity="none")
        assume(found.served_teu_day.sum() > 0)
        options = disrupted(data.draw, found)
        length = RunLength(START, 40, data.draw(st.sampled_from([0, 15])), 2, seed)
        given = disruptions_given(network, *options.values(), start=START, days=40)
        model = answered(build_model, found, length, given, refused=NOTHING)
        runs = run_replications(model.queueing)
        routes, rows = runs.routes, runs.rows
        for unit in ("n", "teu"):
            inside = routes[f"inside_start_{unit}"] + routes[f"made_{unit}"]
            assert inside == pytest.approx(routes[f"finished_{unit}"] + routes[f"inside_end_{unit}"], abs=1e-6)
            came = rows[f"queue_start_{unit}"] + rows[f"arrivals_{unit}"]
            assert came == pytest.approx(rows[f"departures_{unit}"] + rows[f"queue_end_{unit}"], abs=1e-6)
        for name in routes.dtype.names:
            assert (routes[name] >= 0).all(), name
        assert (rows["queue_max_teu"] >= rows["queue_end_teu"] - 1e-6).all()
        seen["arrived"] += bool(routes["finished_n"].any())
        seen["still inside"] += bool(routes["inside_end_n"].any())
        seen["queued"] += bool(rows["wait_h"].any())
        seen["disrupted"] += bool(given)

    conserved()
    assert_drawn(seen)


def test_one_seed_gives_one_answer_on_any_number_of_threads():
    seen = Counter()

    @holds(networks(), st.data(), st.integers(0, 2**40), few=6, many=30)
    def alike(drawn, data, seed):
        network, answers = drawn.network(), []
        options = disrupted(data.draw, assign(network, capacity="none"))
        for workers, number in ((1, seed), (3, seed), (2, seed + 1)):
            asked = {"days": 30, "warm_up": 5, "replications": 4, "seed": number, "workers": workers, **options}
            one = answered(simulate_network, network, **asked, refused=NOTHING)
            answers.append(one.to_dict())
        assert answers[0] == answers[1]
        seen["other seeds differ"] += answers[2] | {"seed": 0} != answers[0] | {"seed": 0}
        # What is said of the whole adds up too, over all routes of the demand.
        one = simulate_network(network, days=30, warm_up=5, replications=4, seed=seed, **options)
        assert one.delivered_teu_day >= 0
        assert one.demand_teu_day + one.unserved_teu_day == pytest.approx(
            sum(row["teu_per_year"] for row in drawn.of("demand")) / 365
        )
        assert np.isfinite([one.more_on_the_way_teu_day, one.more_held_teu_day]).all()

    alike()
    assert_drawn(seen, "other seeds differ", least=2)
