"""The alarm of resources that carried more than their capacity."""

import pytest

from landbridge.networks import check_network, read_network
from landbridge.networks.checks.throughput import check_throughput
from tests.support.tiny import link, write_tiny


def alarms(folder, **cells):
    row = {"resource": "line", "year": 2024, "capacity": 10, "unit": "trains/day"} | cells
    resource = {"id": "line", "capacity": 5, "capacity_unit": "trains/day", "closure_days": 73}
    links = [link("cn-a -- cn-b", resource="line")]
    path = write_tiny(folder, links=links, tables={"resources": [resource], "capacities": [row]})
    assert check_network(path) == []
    return [(alarm.file, alarm.row, alarm.column) for alarm in check_throughput(read_network(path).tables)]


@pytest.mark.parametrize(
    ("cells", "alarmed"),
    [
        ({}, False),
        # 10 trains on 292 of 365 days are 8 a day of the year.
        ({"throughput": 8}, False),
        ({"throughput": 8.1}, True),
        ({"throughput": 8.1, "closure_days": 0}, False),
        ({"throughput": 10.1, "closure_days": 0}, True),
        # A capacity per year has the closure days in it.
        ({"capacity": 600_000, "unit": "teu/year", "throughput": 600_000}, False),
        ({"capacity": 600_000, "unit": "teu/year", "throughput": 636_000}, True),
    ],
)
def test_more_than_the_capacity_of_the_year_is_an_alarm(tmp_path, cells, alarmed):
    assert alarms(tmp_path, **cells) == ([("capacities.csv", 2, "throughput")] if alarmed else [])
