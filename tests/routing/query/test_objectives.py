"""Criteria that add along a path, and what is undominated."""

import json
from fractions import Fraction
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from landbridge.networks import QueryError
from landbridge.routing import route
from landbridge.routing.query.objectives import (
    CRITERIA,
    OBJECTIVES,
    REGISTRY,
    Criterion,
    ObjectiveName,
    Weights,
    check_criteria,
    objective_given,
    undominated,
)
from landbridge.routing.query.query import Query
from landbridge.routing.questions.reach import UNITS, BudgetOf
from tests.support.tiny import link, service, tiny_network


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "none is not one of them"),
        (["time", "speed"], "speed is not one of them"),
        (["time", "cost", "time"], "give each of them once"),
        (["timeless"], "timeless is not one of them"),
    ],
)
def test_objectives_that_are_none_unknown_or_twice_are_refused(names, message):
    with pytest.raises(QueryError, match=message):
        check_criteria(names)


def test_the_criteria_of_the_edges_add_up_to_those_of_the_itinerary(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", service="own"), link("cn-b -- cn-c", "road")],
        services=[service("own", wait_kind="headway", headway_h=24)],
    )
    query, graph = Query(network, "cn-a", "cn-c"), network.graph
    (found,) = route(network, "cn-a", "cn-c")
    expected = {
        # load 1, wait 12, haul 2, transship 3, haul 2, unload 2
        "time": 22,
        # fees 3 x 10, two hauls at 0.2 USD a km for a 40-foot container
        "cost": 70,
        # 24 t over 200 km at 10 g
        "co2e": 48,
        # of the wait alone: 24^2 / 12
        "risk": 48,
        "transshipments": 1,
        "distance": 200,
    }
    assert dict(zip(CRITERIA, tuple(found.value(name) for name in CRITERIA), strict=True)) == pytest.approx(expected)
    costs = np.column_stack([REGISTRY[name].of_edges(query.network, query.costs) for name in CRITERIA])
    node, total = int(graph.origins[graph.place_index["cn-a"]]), np.zeros(len(CRITERIA))
    for leg in found.legs:
        start, end = leg.start, leg.end
        edges = [
            edge
            for edge in range(graph.edges)
            if graph.tail[edge] == node
            and (graph.classes[edge] & 1)
            and (graph.places[graph.edge_from[edge]], graph.places[graph.edge_to[edge]]) == (start, end)
            and costs[edge, 0] == leg.time.mean_h
        ]
        # A wait for a road truck takes no time and is no leg.
        total += costs[edges[0]]
        node = int(graph.head[edges[0]])
        following = np.flatnonzero((graph.tail == node) & (graph.classes & 1 == 1) & (graph.time_mean_h == 0))
        if len(following):
            node = int(graph.head[following[0]])
    assert total.tolist() == pytest.approx(list(expected.values()))


def test_of_equal_rows_the_first_is_undominated_and_what_is_worse_is_not():
    values = np.array([[3, 1], [1, 3], [2, 2], [2, 2], [3, 3], [1, 3], [2, 3]], dtype=float)
    assert undominated(values).tolist() == [True, True, True, False, False, False, False]


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_undominated_is_its_definition(columns):
    values = np.random.default_rng(columns).integers(0, 6, (80, columns)).astype(float)
    kept = {tuple(row) for row in values[undominated(values)]}
    beaten = (values[None] <= values[:, None]).all(-1) & (values[None] < values[:, None]).any(-1)
    assert kept == {tuple(row) for row in values[~beaten.any(axis=1)]}
    assert undominated(values).sum() == len(kept)


def test_the_types_of_names_list_the_names_there_are():
    assert set(get_args(ObjectiveName)) == set(OBJECTIVES)
    assert set(get_args(Criterion)) == set(CRITERIA)
    assert set(get_args(BudgetOf)) == set(UNITS)


@pytest.mark.parametrize("name", ["value_of_time_usd_per_h", "reliability_usd_per_h", "carbon_usd_per_t"])
@pytest.mark.parametrize("value", [-1.0, 1.001e9, 1e308, float("inf"), float("nan")])
def test_a_weight_is_within_what_can_be_summed(name, value):
    assert getattr(Weights(**{name: 1e9}), name) == 1e9
    with pytest.raises(QueryError, match=f"{name} is .* and must be from 0 to 1e"):
        Weights(**{name: value})


@pytest.mark.parametrize("value", [np.float32(2.5), Fraction(5, 2), np.float64(2.5), 2.5])
def test_weights_are_numbers_of_python(value):
    weights = Weights(value_of_time_usd_per_h=value)
    assert type(weights.value_of_time_usd_per_h) in {float, np.float64}
    assert json.dumps(weights.asked) == '{"value_of_time_usd_per_h": 2.5}'
    assert json.dumps(Weights(carbon_usd_per_t=np.int64(3)).asked) == '{"carbon_usd_per_t": 3}'


@pytest.mark.parametrize("given", [pd.Series(["time"]), pd.NA, np.array(["time", "cost"]), "Weights", 5], ids=repr)
def test_what_is_no_objective_is_refused(given):
    with pytest.raises(QueryError, match=r"^objective is .* and must be one of generalised, .* or Weights$"):
        objective_given(given)
