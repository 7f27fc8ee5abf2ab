"""Charts of flows: what is drawn of corridors, crossings, resources, counts, thresholds and cuts."""

import pytest

from landbridge.routing import assign, bottlenecks
from landbridge.routing.flows.charts import draw_counts, draw_cut, draw_flows, draw_thresholds, draw_utilisation
from landbridge.routing.output.palette import BANDS, MODES, RESOURCES
from tests.support.flow_networks import demand, two_ways

to_hex = pytest.importorskip("matplotlib.colors").to_hex

PLACES = {
    "a": {"name": "A_$1$", "country": "CN"},
    "b": {"name": "B", "country": "KZ"},
    "c": {"name": "C", "country": "KZ"},
}


def flow(start, end, teu, mode="rail"):
    return {"link": f"{start}--{end}", "mode": mode, "from_place": start, "to_place": end, "flow_teu_day": teu}


def texts(axes):
    return [text.get_text() for text in axes.texts]


def names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def row(name, utilisation, price=0.0, **cells):
    return {"name": name, "direction": "both", "section": None, "place": "a", "utilisation": utilisation,
            "flow_teu_day": 50.0, "shadow_price_usd_per_teu_day": price} | cells  # fmt: skip


def test_both_directions_of_a_crossing_are_one_bar_and_links_inland_are_left_out():
    links = [flow("a", "b", 30.0), flow("b", "a", 10.0), flow("b", "c", 99.0), flow("a", "c", 5.0, "ferry")]
    left, right = draw_flows([("middle", None, 40.0), ("mine", "Mine", 5.0)], links, PLACES, "Flows", {}).axes
    assert [patch.get_width() for patch in right.patches] == [40.0, 5.0]
    assert texts(right) == ["30 + 10", "5 + 0"]
    assert names(right) == ["A_$1$ - B, rail", "A_$1$ - C, ferry"]
    assert [to_hex(patch.get_facecolor()) for patch in right.patches] == [MODES["rail"].colour, MODES["ferry"].colour]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["rail", "ferry"]
    assert (names(left), texts(left)) == (["Middle Corridor", "Mine"], ["40", "5"])
    assert (left.get_xlabel(), right.get_xlabel()) == ("TEU a day by corridor", "TEU a day over crossings of borders")
    assert left.get_ylim() == right.get_ylim()


def test_equal_flows_both_ways_are_one_bar():
    _, right = draw_flows([], [flow("a", "b", 7.0), flow("b", "a", 7.0)], PLACES, "Flows", {}).axes
    assert texts(right) == ["7 + 7"]


def test_in_one_country_the_largest_links_are_shown():
    _, right = draw_flows([], [flow("b", "c", 9.0)], PLACES, "Flows", {}).axes
    assert names(right) == ["B - C, rail"]
    assert right.get_xlabel() == "TEU a day over links"


def test_an_assignment_is_drawn_with_what_it_carries(tmp_path):
    found = assign(two_ways(tmp_path), [demand()])
    figure = found.plot()
    assert figure.texts[0].get_text().endswith("50 of 50 TEU a day carried")
    left, right = figure.axes
    assert sum(patch.get_width() for patch in left.patches) == pytest.approx(50.0)
    # 30 TEU a day fit through the hall; each of the four links is a bar.
    assert sorted(patch.get_width() for patch in right.patches) == pytest.approx([20.0, 20.0, 30.0, 30.0])


def test_utilisation_has_the_colour_of_its_band_and_the_price():
    rows = [row("Full", 1.0, 12.0), row("None", None), row("Half", 0.6), row("Little", 0.1), row("Much", 0.9)]
    figure = draw_utilisation(rows, "Bottlenecks", {})
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches] == pytest.approx([100, 100, 60, 10, 90])
    bands = ("full", "full", "50 % and more", "less than 50 %", "80 % and more")
    assert [to_hex(patch.get_facecolor()) for patch in axes.patches] == [BANDS[band].colour for band in bands]
    assert texts(axes)[0] == "100.0 %, 50 TEU, 12 USD"
    assert texts(axes)[2] == "60.0 %, 50 TEU"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [band.label for band in BANDS.values()]


def test_resources_of_one_name_are_told_by_direction_and_section():
    rows = [row("Line", 1.0, direction="west"), row("Line", 0.9, direction="east", section="a--b"),
            row("Line", 0.8, direction="east", section="b--c")]  # fmt: skip
    (axes,) = draw_utilisation(rows, "Bottlenecks", {}).axes
    assert names(axes) == ["Line, west", "Line, east (a--b)", "Line, east (b--c)"]


def test_bottlenecks_are_drawn_in_their_order(tmp_path):
    network = two_ways(tmp_path)
    found = bottlenecks(network, [demand()], closures=0)
    (axes,) = found.plot().axes
    assert names(axes)[0] == "Hall of B, forward"
    # 30 of the 40, beside 10 of others.
    assert axes.patches[0].get_width() == pytest.approx(100.0)


def test_a_count_is_three_bars_and_fitted_ones_are_marked():
    count = {"counted_teu_day": 100.0, "unfitted_teu_day": 50.0, "estimated_teu_day": 90.0}
    rows = [
        count | {"id": "x--in--2024", "fitted": True},
        count | {"id": "y--in--2024", "fitted": False, "counted_teu_day": 200.0},
    ]
    (axes,) = draw_counts(rows, "Counts", {}).axes
    assert [patch.get_width() for patch in axes.patches] == [200.0, 90.0, 50.0, 0.0, 100.0, 90.0, 50.0]
    assert [name for name in names(axes) if name] == ["y, in, 2024", "x, in, 2024 *"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "counted",
        "estimated, with constants",
        "model without constants",
    ]


def test_thresholds_and_cuts_are_bars_in_their_order():
    (axes,) = draw_thresholds([row("Hall", None) | {"factor": 0.75}], "Thresholds", {}).axes
    assert (names(axes), texts(axes)) == (["Hall"], ["0.75"])
    (axes,) = draw_cut([row("Hall", None) | {"kind": "terminal", "residual_teu_day": 30.0}], "Cut", {}).axes
    assert (names(axes), texts(axes)) == (["Hall"], ["30"])
    assert to_hex(axes.patches[0].get_facecolor()) == RESOURCES["terminal"].colour
