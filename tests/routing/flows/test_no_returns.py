"""Demand restricted to a corridor: no flow comes back to what it has left, however full the corridor is."""

import pickle

import pytest

from landbridge.routing import assign
from tests.support.flow_networks import around_the_sea, demand
from tests.support.tiny import link


def flows(network, **cells):
    """Return TEU a day by the places passed, for 50 a day from kz-a to az-d, and what is not served."""
    found = assign(network, [demand(50.0, origin="kz-a", destination="az-d", **cells)])
    assert found.status.name == "OPTIMAL"
    carried = {tuple(path.places): pytest.approx(path.teu_day) for path in found.paths(0) if path.teu_day > 1e-6}
    return carried, float(found.unserved_teu_day.sum())


DIRECT = ("kz-a", "kz-b", "az-c", "az-d")
ROUND = ("kz-a", "ir-e", "az-c", "az-d")


def test_what_does_not_fit_over_the_sea_is_not_served_by_crossing_it_backwards(tmp_path):
    # Backwards there is room: kz-a - ir-e - az-c - kz-b - kz-a - ir-e - az-c - az-d, which passes most of it twice.
    assert flows(around_the_sea(tmp_path), corridor="sea") == ({DIRECT: 10}, pytest.approx(40))


def test_without_a_corridor_the_rest_goes_round(tmp_path):
    carried, unserved = flows(around_the_sea(tmp_path))
    assert carried.keys() == {DIRECT, ROUND}
    assert carried[DIRECT] == 10
    assert unserved == pytest.approx(0)


def test_a_longer_way_over_the_sea_takes_the_rest(tmp_path):
    # 2,900 km against some 1,200 with returns, of which none may be taken.
    network = around_the_sea(
        tmp_path,
        link("kz-a -- kz-g", length_km=1000),
        link("kz-g -- az-h", length_km=900),
        link("az-h -- az-d", length_km=1000),
    )
    carried, unserved = flows(network, corridor="sea")
    assert carried == {DIRECT: 10, ("kz-a", "kz-g", "az-h", "az-d"): 40}
    assert unserved == pytest.approx(0)


def test_a_stored_assignment_is_without_the_searches(tmp_path):
    found = assign(around_the_sea(tmp_path), [demand(50.0, origin="kz-a", destination="az-d", corridor="sea")])
    assert found.problem.rules is not None
    assert pickle.loads(pickle.dumps(found.problem)).rules is None  # noqa: S301 - of this process
