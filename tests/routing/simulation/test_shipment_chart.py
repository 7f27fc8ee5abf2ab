"""The charts of a simulated shipment: bins, quantiles, the promised day, the shares of the variance, several curves."""

from datetime import datetime

import numpy as np
import pytest

from landbridge.networks.times.distributions import Time
from landbridge.routing.output.palette import CORRIDORS
from landbridge.routing.simulation.shipment_chart import (
    KINDS,
    LATE,
    MOST_GROUPS,
    ON_TIME,
    Arrivals,
    Curve,
    Share,
    binned,
    draw,
    draw_curves,
    percent,
)

TUESDAY = datetime(2026, 11, 3, 6)  # noqa: DTZ001 - local time of the destination


def arrivals(hours, start=None, promised_h=None):
    hours = np.asarray(hours, dtype=np.float64)
    p10, p50, p90, p95 = map(float, np.quantile(hours, [0.1, 0.5, 0.9, 0.95]))
    on_time = None if promised_h is None else float((hours <= promised_h).mean())
    time = Time(float(hours.mean()), float(hours.std()), p10, p50, p90)
    return Arrivals(hours, time, p95, start, promised_h, on_time)


@pytest.fixture
def even():
    """Return 10,000 times, evenly from 240 to 480 h."""
    return np.linspace(240, 480, 10_000)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def heights(axes, look):
    import matplotlib.colors as colours

    return sum(bar.get_height() for bar in axes.patches if colours.to_hex(bar.get_facecolor()) == look.colour)


def test_bins_are_whole_hours_and_hold_all_but_the_last_arrivals(even):
    bins = binned(arrivals(even))
    # 240 h in at most 60 bins are bins of 6 h; p0.05 to p99.5 of the times are within 240 and 479 h.
    assert (bins.first_h, bins.width_h, len(bins.shares)) == (240.0, 6.0, 40)
    assert bins.shares.sum() == pytest.approx(1.0)
    tail = binned(arrivals([*even, 5000.0]))
    assert len(tail.shares) == 40
    assert tail.shares.sum() == pytest.approx(10_000 / 10_001)


def test_dated_bins_begin_at_local_midnight(even):
    bins = binned(arrivals(2 * even, TUESDAY))
    # Bins of 12 h. The shipment leaves at 6 o'clock, so 480 h later it is 6 o'clock, and 474 h later midnight.
    assert (bins.first_h, bins.width_h) == (474.0, 12.0)


def test_a_certain_time_is_one_bin():
    bins = binned(arrivals(np.full(100, 300.0)))
    assert (bins.first_h, bins.width_h, list(bins.shares)) == (300.0, 1.0, [1.0])


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.874, "87 %"), (0.0, "0 %"), (0.004, "under 1 %"), (0.01, "1 %"), (0.995, "over 99 %"), (1.0, "100 %")],
)
def test_a_share_claims_no_certainty_that_it_does_not_have(share, text):
    assert percent(share) == text


def test_the_promised_day_divides_the_bars_and_its_share_is_written(even):
    pytest.importorskip("matplotlib")
    # 3 November, 6 o'clock + 330 h is midnight at the end of 16 November; (330 - 240) / 240 of the times are earlier.
    figure = draw(arrivals(even, TUESDAY, 330.0), [Share("Brest", "leg", 0.8)], "A to B", {})
    axes = figure.axes[0]
    assert heights(axes, ON_TIME) == pytest.approx(37.5, abs=0.1)
    assert heights(axes, LATE) == pytest.approx(62.5, abs=0.1)
    assert "promised by Mon 16 Nov 2026:\n38 % on time" in texts(axes)
    # p10 is 264 h after 6 o'clock on the 3rd.
    assert "p10 14 Nov (11.0 d)" in texts(axes)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["on time", "late"]
    assert axes.get_xlabel() == "day of arrival, local time (2026)"


def test_without_a_date_the_axis_has_days_and_no_colour_of_lateness(even):
    pytest.importorskip("matplotlib")
    axes = draw(arrivals(even), [], "A to B", {}).axes[0]
    assert heights(axes, ON_TIME) == heights(axes, LATE) == 0
    assert texts(axes) == ["p10 11.0 d", "p50 15.0 d", "p90 19.0 d"]
    assert axes.get_xlabel() == "days from delivery to pick-up"
    assert axes.get_legend() is None


@pytest.mark.parametrize(("promised_h", "share", "where"), [(24.0, "0 %", "earlier"), (5000.0, "100 %", "later")])
def test_a_promise_far_outside_is_told_and_does_not_squeeze_the_distribution(even, promised_h, share, where):
    pytest.importorskip("matplotlib")
    axes = draw(arrivals(even + 600, TUESDAY, promised_h), [], "A to B", {}).axes[0]
    (text,) = (text for text in texts(axes) if text.startswith("promised"))
    assert f"({where} than shown)" in text
    assert text.endswith(f"\n{share} on time")
    low, high = axes.get_xlim()
    # 10 days of arrivals, at most as much again on one side, and margins.
    assert high - low <= 21


def test_the_shares_are_bars_from_the_largest_down_with_the_rest_in_the_note(even):
    pytest.importorskip("matplotlib")
    shares = [Share("Xi'an: load", "leg", 0.1), Share("Brest $x$", "traffic", 0.6), Share("tiny", "leg", 0.001)]
    figure = draw(arrivals(even), shares, "A to B", {})
    axes = figure.axes[1]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Brest $x$", "Xi'an: load"]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([60, 10])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [KINDS["traffic"].label, KINDS["leg"].label]
    note = " ".join(figure.texts[-1].get_text().split())
    assert "The rest, 30 %, is due to 1 smaller group and to causes together." in note


def test_of_many_groups_the_first_are_drawn_and_a_certain_time_says_so(even):
    pytest.importorskip("matplotlib")
    many = draw(arrivals(even), [Share(str(number), "leg", 0.02) for number in range(50)], "A to B", {})
    assert len(many.axes[1].patches) == MOST_GROUPS
    certain = draw(arrivals(np.full(100, 300.0), TUESDAY), [], "A to B", {})
    assert texts(certain.axes[0]) == ["always 15 Nov (12.5 d)"]
    assert texts(certain.axes[1]) == ["the time does not vary"]


def test_of_several_itineraries_each_is_a_curve_with_its_share_on_time(even):
    pytest.importorskip("matplotlib")
    found = [
        Curve(arrivals(even, TUESDAY, 330.0), CORRIDORS["northern"]),
        Curve(arrivals(2 * even, TUESDAY, 330.0), CORRIDORS["suez"]),
    ]
    (axes,) = draw_curves(found, "A to B", {}).axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["Northern Corridor: 38 % on time", "Sea by Suez: 0 % on time"]
    assert "promised by Mon 16 Nov 2026" in texts(axes)
    curve = axes.lines[0]
    days, shares = curve.get_xdata(), curve.get_ydata()
    # Half of the shipments are there after 360 h.
    assert float(np.interp(50, shares, days)) - float(days[0]) == pytest.approx((360 - 240) / 24, abs=0.01)
