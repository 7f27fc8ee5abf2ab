"""The table of counts at crossings."""

import io
from contextlib import redirect_stdout

from landbridge.routing.cli.tables.counts import print_counts
from landbridge.routing.flows.crossings import CrossingCount, CrossingEstimate


def printed(*counts):
    with redirect_stdout(io.StringIO()) as out:
        print_counts(CrossingEstimate(2025, 100.0, 3, counts, ()))
    return out.getvalue()


def count(**cells):
    values = {
        "id": "x",
        "crossing": "x",
        "half": "training",
        "fitted": True,
        "counted_teu_day": 1200.0,
        "unfitted_teu_day": 300.0,
        "estimated_teu_day": 1080.0,
        "constant_usd_per_teu": -250.0,
        "unexplained": True,
    }
    return CrossingCount(**(values | cells))


def test_a_row_has_the_error_and_marks_a_constant_that_is_not_explained():
    out = printed(count())
    assert "counts of 2025: fitted" in out
    assert "never fitted, TEU" not in out
    for cell in ("1,200", "300", "1,080", "-10%", "-250*"):
        assert cell in out


def test_a_count_without_a_constant_or_of_nothing_has_blank_cells():
    out = printed(count(fitted=False, constant_usd_per_teu=None, unexplained=False, counted_teu_day=0.0))
    assert "counts of 2025: never fitted" in out
    assert "%" not in out
    assert "*" not in out.replace("(*)", "")
