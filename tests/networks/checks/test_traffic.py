"""The check of the traffic states."""

import pytest

from landbridge.networks import check_network
from tests.support.tiny import link, operation, service, write_tiny

ROW = {"id": "t", "group": "g", "operations": ("own",), "congested_share": 0.25, "own_time": "normal", "source": "A1"}
ROW |= {"congested_h": 100, "year": 2024, "confidence": "assumed"}


def faults(tmp_path, *rows):
    return check_network(
        write_tiny(
            tmp_path,
            links=[link("cn-a -- cn-b")],
            operations=[operation("load", "cn-a", id="own", to_mode="rail", mean_h=20)],
            services=[
                service("rail", wait_kind="headway", headway_h=40),
                service("timed", wait_kind="timetable", days=("mon",), departures=("06:00",)),
            ],
            tables={"traffic": [ROW | row for row in rows]},
        )
    )


def test_states_of_an_operation_and_a_wait_are_no_fault(tmp_path):
    assert not faults(tmp_path, {}, {"id": "u", "operations": (), "waits": ("rail",)})


@pytest.mark.parametrize(
    ("rows", "column", "problem"),
    [
        ([{"operations": ()}], "operations", "it has no effect"),
        ([{}, {"id": "u"}], "operations", "own is in more than one row"),
        ([{"waits": ("timed",)}], "waits", "the wait_kind of timed is timetable"),
        (
            [{}, {"id": "u", "operations": (), "waits": ("rail",), "congested_share": 0.2}],
            "congested_share",
            "has 0.25",
        ),
        ([{"congested_h": 19}], "congested_h", "own takes 20.0 h by its own row, hence 20.0 h in normal months"),
        ([{"own_time": "average"}], "congested_h", "hence -6.7 h in normal months"),
        ([{"operations": (), "waits": ("rail",), "congested_h": 19}], "congested_h", "rail takes 20.0 h"),
        ([{"operations": ("x",)}], "operations", "'x' is not in operations.csv"),
        ([{"spread": "x"}], "spread", "'x' is not in spreads.csv"),
        ([{"congested_share": 1}], "congested_share", "out of range"),
    ],
)
def test_faults_are_found_where_they_are(tmp_path, rows, column, problem):
    found = faults(tmp_path, *rows)
    assert {(fault.file, fault.column) for fault in found} == {("traffic.csv", column)}
    assert any(problem in fault.problem for fault in found)
