"""A network with three ways, and a plan of two works on it."""

import pytest

from landbridge.routing import invest
from landbridge.routing.studies.investment.case import case_of
from landbridge.routing.studies.investment.works import works_given
from tests.support.works import OPTIONS, PENALTY, ROWS, THIRD, WIDE, demand, three_ways


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    return three_ways(tmp_path_factory.mktemp("ways"))


@pytest.fixture(scope="session")
def plan(network):
    return invest(network, [THIRD, WIDE], budget_usd=3e6, **OPTIONS)


@pytest.fixture(scope="session")
def case(network):
    works = works_given(network, ROWS)
    options = {"name": "x", "probability": 1.0, "growth": 0.0, "unserved_usd_per_teu": PENALTY}
    return case_of(network, works, [2028], demand=[demand(60)], **options)
