"""Tiny networks with something wrong, and how to see that the check finds it."""

from landbridge.networks import check_network
from tests.support.tiny import link, operation, service, write_tiny

LINE = [link("cn-a -- cn-b", id="l")]
"""A network with nothing wrong."""


def one(**cells):
    """Return a network of one link with some cells of it changed."""
    return {"links": [link("cn-a -- cn-b", id="l", **cells)]}


def with_places(*places):
    """Return a network of one link with these places."""
    return {"links": LINE, "places": list(places)}


def with_service(**cells):
    """Return a network of one link with the service of rail changed, which stands on line 6."""
    return {"links": LINE, "services": [service("rail", **cells)]}


def with_operation(kind, at="cn-a", **cells):
    """Return a network of one link with an operation, which stands on line 3."""
    return {
        "links": LINE,
        "operations": [operation(kind, at, **({"id": "own", "mean_h": 1} | cells))],
        "defaults": False,
    }


def with_tables(**tables):
    """Return a network of one link with rows of further tables."""
    return {"links": LINE, "tables": tables}


def load(**cells):
    """Return a network of one link with its own time to load."""
    return with_operation("load", **({"to_mode": "rail"} | cells))


def assert_found(folder, rows, expected):
    """Check that a network has a fault in this file, line and column with this problem, and that each has a cure."""
    *where, problem = expected
    faults = check_network(write_tiny(folder, **rows))
    found = [fault for fault in faults if [fault.file, fault.row, fault.column] == where]
    assert found, faults
    assert any(problem in fault.problem for fault in found), found
    assert all(fault.cure for fault in faults)
