"""Charts of a simulated network: what is drawn is what was found."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from landbridge.routing.output.palette import WAITS
from landbridge.routing.simulation.network_charts import Shade, draw_queue, draw_recovery, draw_waits
from tests.support.simulated import RUNS, START, queue_of_border, simulation

to_hex = pytest.importorskip("matplotlib.colors").to_hex
date2num = pytest.importorskip("matplotlib.dates").date2num

FOUND = simulation()


def texts(axes):
    return [text.get_text() for text in axes.texts]


def day(month, number, hour=0):
    return date2num(date(2025, month, number)) + hour / 24


def days(line):
    return line.get_xdata(orig=False)


def test_waits_are_bars_with_the_interval_of_their_mean():
    left, right = draw_waits(FOUND.waits, "Waits", {}).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["Border, west", "Hall", "Line, east (a--b)"]
    # 12,000, 7,000 and 1,000 TEU-hours a day; the queue of the hall is that of the length of the run.
    assert [bar.get_width() for bar in left.patches] == pytest.approx([500.0, 0.0, 1000 / 24])
    assert texts(left) == ["500 (92 %)", "292, and more with each day", "42 (8 %)"]
    assert [bar.get_width() for bar in right.patches] == [30.0, 0.0, 2.5]
    assert texts(right) == ["30.0 h", "no steady state: grows by 12 TEU a day", "2.5 h"]
    # Each range is drawn twice, white below black.
    assert [list(line.get_xdata()) for line in right.lines[::2]] == [[26.0, 34.0], [2.4, 2.6]]
    bands = ("12 hours and more", "no steady state", "undecided")
    assert [to_hex(bar.get_facecolor()) for bar in left.patches] == [WAITS[band].colour for band in bands]
    shown = [look.label for band, look in WAITS.items() if band in bands]
    assert [text.get_text() for text in right.get_legend().get_texts()] == shown


def test_without_a_wait_the_label_is_that_of_the_state():
    border, hall, _ = FOUND.waits
    waits = [replace(border, wait_mean_h=None), replace(hall, growth_teu_day=-1.0)]
    left, right = draw_waits(waits, "Waits", {}).axes
    assert texts(right) == ["no waits seen", "no steady state: the queues before it keep it short"]
    assert texts(left)[1] == "292"


def test_many_waits_are_the_first_twenty():
    many = [replace(FOUND.waits[0], name=f"Border {number}") for number in range(25)]
    figure = draw_waits(many, "Waits", {})
    assert len(figure.axes[0].patches) == 20
    assert any("the first 20 of 25" in text.get_text() for text in figure.texts)


def test_a_queue_has_its_mean_at_noon_its_band_and_the_closure_shaded():
    shades = [Shade("border:2025-02-01..2025-02-10", date(2025, 2, 1), date(2025, 2, 10))]
    figure = draw_queue(FOUND.daily.queue(0), FOUND.daily.wait(0), START, shades, title="Queue", meta={})
    upper, lower = figure.axes
    (line,) = upper.lines
    assert line.get_ydata() == pytest.approx(queue_of_border().mean(axis=0))
    assert days(line)[0] == day(1, 1, 12)
    # Waits in days: 4,120 / 16 h at the end of the closure.
    assert lower.lines[0].get_ydata()[40] == pytest.approx(4120 / 16 / 24)
    for axes in (upper, lower):
        (shade,) = axes.patches
        assert [shade.get_x(), shade.get_width()] == [day(2, 1), 10.0]
        assert axes.get_ylim()[0] == 0
    assert any("border:2025-02-01..2025-02-10" in text.get_text() for text in figure.texts)
    assert [text.get_text() for text in lower.get_legend().get_texts()] == ["mean", "p10 to p90", "disruption"]


def test_days_without_arrivals_are_gaps_and_a_run_without_closures_has_no_shade():
    wait = FOUND.daily.wait_h.copy()
    wait[:, 0, 5] = np.nan
    band = type(FOUND.daily.wait(0))(*wait[:, 0])
    _, lower = draw_queue(FOUND.daily.queue(0), band, START, title="Queue", meta={}).axes
    assert np.isnan(lower.lines[0].get_ydata()[5])
    assert not lower.patches
    assert [text.get_text() for text in lower.get_legend().get_texts()] == ["mean", "p10 to p90"]


def test_a_recovery_curve_is_in_trains_and_marks_peak_and_return():
    (axes,) = draw_recovery([(FOUND.recoveries[0], FOUND.recovery_queues_teu[0])], START, "Recovery", {}).axes
    curve, normal, peak, back = axes.lines
    # From three weeks before the closure.
    assert days(curve)[0] == day(1, 11, 12)
    assert curve.get_ydata().max() == pytest.approx(41.2)
    assert normal.get_ydata()[0] == pytest.approx(2.0)
    assert [days(peak)[0], days(back)[0]] == [day(2, 10, 12), day(3, 22, 12)]
    assert list(back.get_ydata()) == [normal.get_ydata()[0]]
    assert texts(axes) == ["41 trains on 10 February", "normal from 22 March:\n39 days after the end (38 to 39)"]
    assert axes.get_title("left") == "border closed from 1 February to 10 February"


def test_a_queue_that_does_not_return_is_drawn_to_the_end():
    never = replace(FOUND.recoveries[0], normal_on=None, normal_after_days=None, queue_normal_teu=None)
    (axes,) = draw_recovery([(never, FOUND.recovery_queues_teu[0])], START, "Recovery", {}).axes
    curve, _ = axes.lines
    assert days(curve)[-1] == day(3, 31, 12)
    assert texts(axes) == ["41 trains on 10 February"]


def test_each_disruption_has_a_panel_and_none_an_empty_one():
    both = [(FOUND.recoveries[0], FOUND.recovery_queues_teu[0])] * 2
    assert len(draw_recovery(both, START, "Recovery", {}).axes) == 2
    (axes,) = draw_recovery([], START, "Recovery", {}).axes
    assert texts(axes) == ["no disruption"]
    assert RUNS > 1
