"""Charts of Time/Cost-Distance: what they show, and that no name covers another or the line."""

import sys
from itertools import combinations, pairwise

import numpy as np
import pytest

from landbridge.networks import LandbridgeError
from landbridge.routing import QueryError, route, write_tcd_chart
from landbridge.routing.output.palette import STOPS
from landbridge.routing.statements.tcd_chart import MAX_ITINERARIES, MAX_PANELS, draw
from landbridge.routing.statements.time_cost_distance import line
from tests.support.tiny import link, tiny_network

pytest.importorskip("matplotlib")


@pytest.fixture
def trip(tmp_path):
    network = tiny_network(tmp_path / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])
    return route(network, "cn-a", "kz-d")[0]


@pytest.fixture(scope="module")
def bundled(network):
    rail = {"modes": ["rail", "sea", "ferry"]}
    return [
        route(network, "Xi'an", "Duisburg", corridor=name, **rail)[0] for name in ("northern", "middle", "southern")
    ]


def names(axis):
    return [text.get_text() for text in axis.texts]


def test_borders_are_named_with_their_time_and_thickest(trip):
    (axis,) = draw([trip]).axes
    # 9 h of 16 h are 0.4 days
    assert "B / C  0.4 d" in names(axis)
    widths = {item.get_color(): item.get_linewidth() for item in axis.lines if item.get_linewidth() > 2}
    assert widths[STOPS["border_exit"].colour] == max(widths.values())
    assert sorted(widths.values())[-2] < widths[STOPS["border_exit"].colour]


def test_axes_say_what_they_measure_in_which_unit(trip):
    (axis,) = draw([trip]).axes
    assert axis.get_xlabel() == "distance from the origin (km)"
    assert axis.get_ylabel() == "cumulative mean time (days)"
    (axis,) = draw([trip], quantity="cost").axes
    assert axis.get_ylabel() == "cumulative cost (USD, whole cargo)"
    # 10 USD for the one container on each side
    assert "B / C  20 USD" in names(axis)


def test_the_source_line_names_data_set_cargo_and_itinerary(trip):
    title, _, lines = [text.get_text() for text in draw([trip]).texts]
    source = " ".join(lines.split())
    assert title == "Time-Distance: A to D"
    assert "data set tiny 1" in source
    assert trip.itinerary_id in source
    assert "24 t" in source


def test_panels_share_their_scales(bundled):
    axes = draw(bundled).axes
    assert len(axes) == 3
    assert len({(*axis.get_xlim(), *axis.get_ylim()) for axis in axes}) == 1


@pytest.mark.parametrize("quantity", ["time", "cost"])
def test_no_name_covers_another_or_the_line_or_leaves_the_panel(bundled, quantity):
    figure = draw(bundled, quantity=quantity)
    renderer = figure.canvas.get_renderer()
    for axis, itinerary in zip(figure.axes, bundled, strict=True):
        boxes = [text.get_window_extent(renderer) for text in axis.texts]
        assert len(boxes) > 3
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
        points = line(itinerary, quantity) / (1, 24 if quantity == "time" else 1)
        dense = np.concatenate([np.linspace(a, b, 50) for a, b in pairwise(points)])
        pixels = axis.transData.transform(dense)
        frame = axis.get_window_extent(renderer)
        for text, box in zip(axis.texts, boxes, strict=True):
            inside = (
                (pixels[:, 0] > box.x0) & (pixels[:, 0] < box.x1) & (pixels[:, 1] > box.y0) & (pixels[:, 1] < box.y1)
            )
            assert not inside.any(), text.get_text()
            assert frame.x0 <= box.x0 < box.x1 <= frame.x1
            assert frame.y0 <= box.y0 < box.y1 <= frame.y1


def test_more_itineraries_than_panels_share_one_with_a_number_at_the_end_of_each(trip):
    figure = draw([trip] * (MAX_PANELS + 1))
    (axis,) = figure.axes
    stairs = [item for item in axis.lines if len(item.get_xdata()) == len(trip.legs) + 1]
    assert len(stairs) == MAX_PANELS + 1
    # All go to the same end: 300 km after 18 hours; the colour is that of the corridor, the dash another one.
    assert {(item.get_xdata()[-1], round(24 * item.get_ydata()[-1])) for item in stairs} == {(300.0, 18)}
    assert len({item.get_linestyle() + str(item._unscaled_dash_pattern) for item in stairs}) == MAX_PANELS + 1
    entries = [text.get_text() for text in axis.get_legend().get_texts()]
    assert [entry.split()[0] for entry in entries[: MAX_PANELS + 1]] == ["1", "2", "3", "4"]
    assert "border crossing" in entries


def test_panels_fit_a_page(bundled):
    # A page is 1.42 times as high as wide.
    for count in (1, 2, 3):
        width, height = draw(bundled[:count]).get_size_inches()
        assert height <= 1.42 * width


def test_files_are_written_by_their_suffix(trip, tmp_path):
    for suffix, start in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")):
        path = write_tcd_chart([trip], tmp_path / f"chart{suffix}")
        assert path.read_bytes().startswith(start)


def test_what_cannot_be_drawn_is_refused(trip, tmp_path):
    for itineraries, path, quantity in (
        ([trip], "chart.doc", "time"),
        ([], "chart.png", "time"),
        ([trip] * (MAX_ITINERARIES + 1), "chart.png", "time"),
        ([trip], "chart.png", "joy"),
    ):
        with pytest.raises(QueryError):
            write_tcd_chart(itineraries, tmp_path / path, quantity=quantity)
    assert list(tmp_path.glob("chart*")) == []


def test_without_matplotlib_the_error_names_the_extra(trip, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(LandbridgeError, match=r"landbridge\[plot\]"):
        write_tcd_chart([trip], tmp_path / "chart.png")
