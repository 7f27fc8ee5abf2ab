"""Records of the kernel: bins and the workspace."""

import numpy as np

from landbridge.routing.simulation.kernel_records import (
    ARRAYS,
    TRANSIT_BINS,
    WAIT_BINS,
    WORKSPACE,
    transit_edges_h,
    wait_edges_h,
)


def test_bins_are_a_sixteenth_and_a_thirtysecond_of_each_power_of_two():
    edges = wait_edges_h()
    assert edges[[0, 16, 17, 112, 128, -1]].tolist() == [2**-7, 2**-6, 2**-6 * 17 / 16, 1.0, 2.0, 2.0**14]
    assert transit_edges_h()[[0, 32, 33, -1]].tolist() == [1.0, 2.0, 2 * 33 / 32, 2.0**14]


def test_there_is_a_bin_below_and_above_the_edges():
    assert len(wait_edges_h()) + 1 == WAIT_BINS
    assert len(transit_edges_h()) + 1 == TRANSIT_BINS


def test_the_workspace_has_the_address_of_each_array():
    assert {name for name in WORKSPACE.names or () if WORKSPACE[name] == np.uint64} == {*ARRAYS, "tables", "key"}
