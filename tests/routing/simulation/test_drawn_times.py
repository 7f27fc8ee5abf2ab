"""Times as a mean, a standard deviation and the table from which they are drawn."""

import math

import pytest

from landbridge.networks.times.distributions import UNIFORM, TimeDistribution
from landbridge.routing.draws.standard_tables import CONSTANT, EXPONENTIAL, UNIFORM_TABLE, table_of
from landbridge.routing.simulation.drawn_times import drawn, service_table


@pytest.mark.parametrize(("sd_h", "shape", "table"), [(0.0, 0.7, CONSTANT), (2.0, UNIFORM, UNIFORM_TABLE)])
def test_a_time_without_spread_is_constant_and_others_have_their_shape(sd_h, shape, table):
    assert drawn(TimeDistribution(5.0, sd_h, shape)) == (5.0, sd_h, table)


def test_a_service_is_constant_exponential_or_lognormal_by_its_spread():
    assert service_table(8.0, 0.0) == CONSTANT
    assert service_table(0.0, 0.0) == CONSTANT
    assert service_table(8.0, 8.0) == EXPONENTIAL
    # A lognormal with a standard deviation of half its mean has sigma^2 = ln(1 + 0.25).
    assert service_table(8.0, 4.0) == table_of(math.sqrt(math.log(1.25)))
