"""Equilibria of problems given as arrays, by hand, with their results, and against Sioux Falls."""

import csv
import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landbridge.networks.errors import QueryError
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.routing.flows.equilibrium import equilibrium
from landbridge.routing.flows.solvers.flow import FlowStatus
from landbridge.routing.resources.delays import DelayFunctions

DATA = Path(__file__).parents[2] / "oracles" / "data"
BEST_KNOWN_OBJECTIVE = 4231335.287107440


def two_arcs(**changed):
    """Return two arcs for 5 trips: 10 + 4 v and 15 + 3.5 v minutes."""
    return FlowProblem(
        **{
            "nodes": 2,
            "tail": np.array([0, 0]),
            "head": np.array([1, 1]),
            "free_flow_time": np.array([10.0, 15.0]),
            "capacity": np.array([2.0, 4.0]),
            "b": np.array([0.8, 14 / 15]),
            "power": np.ones(2),
            "origin": np.array([0]),
            "destination": np.array([1]),
            "amount": np.array([5.0]),
        }
        | changed
    )


def test_trips_part_where_both_arcs_take_the_same_time():
    # 10 + 4 x 3 = 15 + 3.5 x 2 = 22; the integrals are 10 x 3 + 2 x 9 and 15 x 2 + 1.75 x 4.
    found = equilibrium(two_arcs(), gap=1e-9)
    assert found.status is FlowStatus.OPTIMAL
    assert found.arc_flow.tolist() == pytest.approx([3, 2])
    assert found.arc_time.tolist() == pytest.approx([22, 22])
    assert found.total_time == pytest.approx(110)
    assert found.objective == pytest.approx(48 + 37)


def test_an_arc_of_unlimited_capacity_has_no_delay():
    # The first arc takes 10 + 4 v and the second 15: v = 1.25.
    found = equilibrium(two_arcs(capacity=np.array([2.0, np.inf])), gap=1e-9)
    assert found.arc_flow.tolist() == pytest.approx([1.25, 3.75])
    assert found.objective == pytest.approx(10 * 1.25 + 2 * 1.25**2 + 15 * 3.75)
    # With the power 0 its delay is there at any flow.
    found = equilibrium(two_arcs(capacity=np.array([2.0, np.inf]), power=np.array([1.0, 0.0])), gap=1e-9)
    assert found.arc_time[1] == pytest.approx(15 + 14)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_prices_beyond_all_numbers_are_no_equilibrium_and_carry_no_trip_twice():
    found = equilibrium(two_arcs(amount=np.array([1e12]), power=np.full(2, 40.0)))
    assert found.status is FlowStatus.NUMERICAL
    assert found.arc_flow.sum() == pytest.approx(1e12)
    assert found.gap == np.inf


def test_delays_of_another_type_are_refused():
    with pytest.raises(QueryError, match="delays is 'linear' and must be DelayFunctions; give DelayFunctions"):
        equilibrium(two_arcs(), delays="linear")


def test_in_the_system_optimum_all_pay_what_others_lose():
    # 10 + 8 v = 15 + 7 (5 - v) at v = 40 / 15.
    found = equilibrium(two_arcs(), system=True, gap=1e-9)
    first = 40 / 15
    assert found.arc_flow.tolist() == pytest.approx([first, 5 - first])
    assert found.objective == pytest.approx(found.total_cost)
    assert found.total_cost == pytest.approx(first * (10 + 4 * first) + (5 - first) * (15 + 3.5 * (5 - first)))


def test_a_fixed_cost_is_paid_but_takes_no_time():
    # With 7.5 on the first arc: 17.5 + 4 v = 15 + 3.5 (5 - v) at v = 2.
    found = equilibrium(two_arcs(fixed_cost=np.array([7.5, 0.0])), gap=1e-9)
    assert found.arc_flow.tolist() == pytest.approx([2, 3])
    assert found.arc_time.tolist() == pytest.approx([18, 25.5])
    assert found.total_cost == pytest.approx(found.total_time + 15)


def test_without_power_or_capacity_or_free_flow_time_an_arc_takes_the_same_at_any_flow():
    # The first takes 10 x 1.8 = 18 at any flow, so that 18 = 15 + 3.5 v.
    found = equilibrium(two_arcs(power=np.array([0.0, 1.0])), gap=1e-9)
    assert found.arc_flow.tolist() == pytest.approx([5 - 6 / 7, 6 / 7])
    assert found.arc_time.tolist() == pytest.approx([18, 18])
    assert found.objective == pytest.approx(18 * (5 - 6 / 7) + 15 * 6 / 7 + 1.75 * (6 / 7) ** 2)
    free = equilibrium(
        two_arcs(free_flow_time=np.array([0.0, 15.0]), b=np.array([0.0, 1.0]), capacity=np.array([0, 4]))
    )
    assert (free.arc_flow.tolist(), free.total_time) == ([5, 0], 0)


def through_a_zone(first_through_node):
    """Return ways from 0 to 2: 0-1-2 by zone 1 in 2 minutes, 0-3-2 in 10; 1 is also an end of trips."""
    arcs = np.array([(0, 1), (1, 2), (0, 3), (3, 2)])
    return FlowProblem(
        nodes=4,
        tail=arcs[:, 0],
        head=arcs[:, 1],
        free_flow_time=np.array([1.0, 1.0, 5.0, 5.0]),
        capacity=np.ones(4),
        b=np.zeros(4),
        power=np.ones(4),
        origin=np.array([0, 0, 1, 1]),
        destination=np.array([2, 1, 2, 1]),
        amount=np.array([7.0, 2.0, 4.0, 3.0]),
        first_through_node=first_through_node,
    )


def test_no_path_passes_through_a_zone():
    assert equilibrium(through_a_zone(0)).arc_flow.tolist() == [9, 11, 0, 0]
    # Trips to and from the zone use its arcs; those within it none.
    assert equilibrium(through_a_zone(3)).arc_flow.tolist() == [2, 4, 7, 7]


def test_delays_of_other_forms():
    free, capacity = np.array([10.0, 15.0]), np.array([2.0, 4.0])
    # By coefficients, twice the same as above: 10 + 8 rho and 15 + 14 rho.
    own = DelayFunctions.polynomial(np.array([[8.0, 0.0], [14.0, 0.0]]), capacity)
    assert equilibrium(two_arcs(), delays=own, gap=1e-9).arc_flow.tolist() == pytest.approx([3, 2])
    # A conical function doubles the time at capacity, so that 20 on the first arc (2 trips) and 30 on the other (4).
    cones = DelayFunctions.conical(free, np.array([4.0, 4.0]), capacity)
    at_capacity = equilibrium(
        two_arcs(amount=np.array([6.0]), fixed_cost=np.array([10.0, 0.0])), delays=cones, gap=1e-9
    )
    assert at_capacity.arc_flow.tolist() == pytest.approx([2, 4])
    assert at_capacity.arc_time.tolist() == pytest.approx([20, 30])
    # Akcelik: at capacity T / 4 x sqrt(8 J / (Q T)), here 1 / 4 x sqrt(8 x 0.4 / 2).
    late = DelayFunctions.akcelik(np.ones(2), np.full(2, 0.4), capacity)
    found = equilibrium(two_arcs(amount=np.array([2.0]), fixed_cost=np.array([0.0, 90.0])), delays=late)
    assert found.arc_time[0] == pytest.approx(10 + 0.25 * 1.6**0.5)


def test_results_have_the_forms_of_all_results(tmp_path):
    found = equilibrium(two_arcs(name="two", node_id=("a", "b")), gap=1e-9)
    assert repr(found).startswith("<Equilibrium optimal: 2 arcs, total time 110, gap ")
    frame = found.to_frame()
    assert frame.columns.tolist() == ["arc", "tail", "head", "flow", "time", "cost", "utilisation"]
    assert frame.loc[0, ["tail", "head"]].tolist() == ["a", "b"]
    assert frame["utilisation"].tolist() == pytest.approx([1.5, 0.5])
    assert found.to_dict()["arcs"][1]["flow"] == pytest.approx(2)
    assert found.meta["data_set"]["name"] == "two"
    assert [path.name for path in found.write(tmp_path / "out")] == ["arcs.csv"]


def test_a_search_begins_where_a_stored_one_ended():
    before = pickle.loads(pickle.dumps(equilibrium(two_arcs(), gap=1e-9)))  # noqa: S301 - our own
    again = equilibrium(two_arcs(amount=np.array([6.5])), gap=1e-9, start=before)
    # 10 + 4 v = 15 + 3.5 (6.5 - v) at v = 27.75 / 7.5.
    assert again.arc_flow.tolist() == pytest.approx([3.7, 2.8])
    assert equilibrium(two_arcs(), gap=1e-9, start=before).rounds == 1


def test_what_stops_a_search_is_told():
    limited = equilibrium(two_arcs(), max_memory_mb=1e-3)
    assert (limited.status, limited.unserved.tolist(), limited.objective) == (FlowStatus.MEMORY_LIMIT, [5], np.inf)
    assert limited.message.endswith("; 5 of 5 are not carried")
    assert repr(limited) == "<Equilibrium memory_limit: 2 arcs, total time 0, gap inf, 5 of 5 trips not carried>"
    late = equilibrium(two_arcs(), gap=0.0, time_limit_s=0.0)
    assert late.status is FlowStatus.TIME_LIMIT
    lost = equilibrium(two_arcs(destination=np.array([0]), origin=np.array([1])))
    assert lost.status is FlowStatus.INFEASIBLE
    assert lost.message == "there is no path for 1 commodity, the first has the index 0, from node 2 to node 1"


def test_json_has_no_numbers_that_are_not_finite():
    # An arc without delay needs no capacity, of which its flow is an infinite multiple.
    free = two_arcs(b=np.zeros(2), capacity=np.zeros(2))
    assert equilibrium(free).to_dict()["arcs"][0]["utilisation"] is None
    limited = equilibrium(free, max_memory_mb=1e-3).to_dict()
    assert (limited["gap"], limited["objective"]) == (None, None)
    json.dumps(limited, allow_nan=False)


def test_the_flows_of_a_start_are_kept_where_memory_ends():
    before = equilibrium(two_arcs(), gap=1e-9)
    kept = equilibrium(two_arcs(amount=np.array([10.0])), gap=1e-9, start=before, max_memory_mb=1e-3)
    # In the same shares, 3 and 2 of 5: 10 + 4 x 6 and 15 + 3.5 x 4, where 15 + 14 is the least.
    assert (kept.status, kept.unserved.sum()) == (FlowStatus.MEMORY_LIMIT, 0)
    assert kept.arc_flow.tolist() == pytest.approx([6, 4])
    assert kept.gap == pytest.approx(1 - 10 * 29 / (6 * 34 + 4 * 29))
    assert kept.message.endswith(f"MB are needed; the gap is {kept.gap:.1e}")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gap": -1.0}, "gap is -1"),
        ({"max_memory_mb": -1.0}, "max_memory_mb is -1"),
        ({"system": 1}, "system"),
        ({"start": 3}, "start is 3"),
        ({"delays": DelayFunctions.bpr(np.ones(3), np.ones(3), np.ones(3))}, "delays has 3 rows"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(QueryError, match=message):
        equilibrium(two_arcs(), **options)


def columns(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


@pytest.fixture(scope="module")
def sioux_falls():
    """Return the problem, and the known flows."""
    links, trips = columns("sioux_falls_links.csv"), columns("sioux_falls_trips.csv")
    ends = [(table[name] - 1).astype(int) for table in (links, trips) for name in ("from", "to")]
    problem = FlowProblem(
        nodes=24,
        tail=ends[0],
        head=ends[1],
        free_flow_time=links["free_time"],
        capacity=links["capacity"],
        b=np.full(76, 0.15),
        power=np.full(76, 4.0),
        origin=ends[2],
        destination=ends[3],
        amount=trips["trips"],
    )
    return problem, links["equilibrium_flow"]


def test_sioux_falls_has_its_known_flows_and_objective(sioux_falls):
    problem, known = sioux_falls
    found = equilibrium(problem, gap=1e-9)
    np.testing.assert_allclose(found.arc_flow, known, rtol=1e-6)
    assert found.objective == pytest.approx(BEST_KNOWN_OBJECTIVE, rel=1e-12)


def test_a_limit_of_memory_during_the_search_leaves_the_flows_so_far(sioux_falls):
    problem, _ = sioux_falls
    # There is room for one path of each pair, but three times the trips need more.
    more = replace(problem, amount=3 * problem.amount)
    whole = equilibrium(more, gap=1e-9, max_memory_mb=None)
    limited = [equilibrium(more, gap=1e-9, max_memory_mb=limit) for limit in np.arange(0.08, 0.16, 0.004)]
    assert [limited[n].status for n in (0, -1)] == [FlowStatus.MEMORY_LIMIT, FlowStatus.OPTIMAL]
    stopped = next(found for found in limited if found.rounds)
    assert stopped.status is FlowStatus.MEMORY_LIMIT
    assert (stopped.unserved.sum(), stopped.paths.flow.sum()) == (0, pytest.approx(more.amount.sum()))
    assert whole.objective < stopped.objective <= whole.objective + stopped.gap * stopped.total_cost
