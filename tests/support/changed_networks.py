"""Scenarios of a few lines for tests, and what networks that they change have to hold."""

import dataclasses

import numpy as np

from landbridge.networks.graph.builder import build_state_graph
from landbridge.networks.graph.state_graph import StateGraph
from landbridge.networks.tables.schema import schemas
from landbridge.routing import Scenario

CLOSE_LINK = 'do = "close"\nwhat = "links"\nids = ["{}"]'


def scenario(*changes, name="test", **fields):
    """Return a scenario of changes that are given as the lines of their tables."""
    head = "".join(f"{key} = {value}\n" for key, value in fields.items())
    tables = "\n".join(f"[[changes]]\n{change}" for change in changes)
    return Scenario.from_toml(f'name = "{name}"\ntitle = "A test"\n{head}{tables}\n')


def changed(network, *changes, **fields):
    """Return a network with the changes of a scenario, whose graph is that of its tables."""
    vars(network).setdefault("graph", build_state_graph(network.tables))
    found = scenario(*changes, **fields).apply(network)
    assert_same_graph(found.graph, build_state_graph(found.tables))
    return found


def assert_same_graph(graph, other):
    """Assert that two state graphs are equal in every array."""
    for item in dataclasses.fields(StateGraph):
        one, two = getattr(graph, item.name), getattr(other, item.name)
        if item.name == "tags":
            assert one.keys() == two.keys()
            assert all((one[tag] == two[tag]).all() for tag in one)
        elif isinstance(one, np.ndarray):
            assert one.dtype == two.dtype, item.name
            np.testing.assert_array_equal(one, two, item.name)
        else:
            assert one == two, item.name


def row(network, table, key, **cells):
    """Return the first row of a table with a key and cells."""
    name = schemas()[table].key
    return next(row for row in network.tables[table] if row[name] == key and all(row[c] == v for c, v in cells.items()))
