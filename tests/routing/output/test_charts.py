"""Charts are written whole by their suffix, and show names as they are, with the source of the data."""

import sys
from itertools import combinations

import pytest

from landbridge.networks import QueryError
from landbridge.routing.output.charts import (
    MOST_BARS,
    Bar,
    bar_chart,
    chart_named,
    check_chart,
    draw_bars,
    footer,
    framed,
    label_points,
    legend,
    look_of,
    new_figure,
    save_chart,
)
from landbridge.routing.output.palette import CORRIDORS

META = {
    "version": "9.9",
    "data_set": {"name": "tiny_$x$", "version": "1"},
    "reference_date": "2026-10-01",
    "options": {"cargo": {"teu": 2.0, "tonnes": 24.0, "value_usd": 100_000.0, "cargo_class": "block"}},
    "scenario": None,
}
HOSTILE = r"_$\frac{1}{0}$ <b> ^_{x} %s {0}"


def drawn(figure):
    """Return the texts of a figure as they are drawn: a formula would not be."""
    from matplotlib.text import Text

    figure.draw_without_rendering()
    found = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert not any(text.get_parse_math() and "$" in text.get_text() for text in found)
    return [text.get_text() for text in found]


def test_the_file_is_of_the_kind_of_its_suffix(tmp_path):
    pytest.importorskip("matplotlib")
    for suffix, start in ((".png", b"\x89PNG"), (".SVG", b"<?xml"), (".pdf", b"%PDF")):
        path = save_chart(new_figure(figsize=(2, 1)), tmp_path / f"chart{suffix}")
        assert path.read_bytes().startswith(start)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_chart_gives_the_same_file(suffix, tmp_path):
    pytest.importorskip("matplotlib")
    for name in ("one", "two"):
        save_chart(bar_chart([Bar("a", 1.0, "1", "#123456")], "TEU", "Title", META), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.parametrize("name", ["chart", "chart.doc", ".png"])
def test_another_suffix_is_refused_with_the_cure(name):
    with pytest.raises(QueryError, match=r"\.png, \.svg or \.pdf"):
        chart_named(name)


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(QueryError, match=r"landbridge\[plot\]"):
        new_figure()


def test_a_chart_that_cannot_be_drawn_is_refused_before_the_work(monkeypatch):
    pytest.importorskip("matplotlib")
    check_chart("chart.svg")
    with pytest.raises(QueryError, match="is not a chart"):
        check_chart("chart.txt")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(QueryError, match=r"landbridge\[plot\]"):
        check_chart("chart.svg")


def test_texts_are_drawn_without_latex_whatever_the_settings_of_matplotlib(tmp_path, monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    monkeypatch.setenv("PATH", str(tmp_path))  # no program `latex`
    with matplotlib.rc_context({"text.usetex": True}):
        figure = bar_chart([Bar(HOSTILE, 1234.0, "1,234", "#225588")], "hours", "Hours & days", META)
        path = save_chart(figure, tmp_path / "chart.png")
    with matplotlib.rc_context({"text.usetex": False}):
        figure = bar_chart([Bar(HOSTILE, 1234.0, "1,234", "#225588")], "hours", "Hours & days", META)
        assert save_chart(figure, tmp_path / "other.png").read_bytes() == path.read_bytes()


def test_the_footer_states_cargo_conditions_scenario_and_source():
    options = META["options"] | {
        "avoid_countries": ["RU", "BY"],
        "avoid_places": [],
        "avoid_crossings": ["suez"],
        "modes": ["rail"],
        "via": ["Baku"],
        "corridor": None,
        "depart": "2026-11-01",
        "planned": True,
    }
    assert footer(META | {"options": options, "scenario": "low water"}) == (
        "Cargo: 2 TEU, 24 t, value 100,000 USD, class block. "
        "Conditions: by way of Baku, avoid RU, BY, suez, modes rail, depart 2026-11-01, with planned links. "
        "Scenario: low water. "
        "Source: landbridge 9.9, data set tiny_$x$ 1 (reference date 2026-10-01), model output."
    )


def test_the_footer_of_a_period_has_its_first_and_last_day_instead_of_a_departure():
    options = {"first": "2026-01-01", "last": "2026-12-31", "depart": "2026-01-01"}
    assert "Conditions: first 2026-01-01, last 2026-12-31." in footer(META | {"options": options})


def test_the_footer_of_a_simulation_has_its_disruptions():
    options = {"year": 2025, "close": ["a:2025-09-12..2025-09-24"], "limit": [], "ban": ["b:2025-04-22..2025-06-30"]}
    stated = "Conditions: year 2025, close a:2025-09-12..2025-09-24, ban b:2025-04-22..2025-06-30."
    assert stated in footer(META | {"options": options})


def test_a_footer_without_a_data_set_still_has_a_source():
    assert footer({}) == "Source: landbridge , data set without a name, model output."


def test_title_and_footer_are_above_and_below_the_panel():
    pytest.importorskip("matplotlib")
    figure = new_figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    framed(figure, "A title " * 20, META, subtitle="TEU a day", note="A note.")
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    title, subtitle, foot = [text.get_window_extent(renderer) for text in figure.texts]
    panel = axes.get_tightbbox(renderer)
    assert foot.y1 <= panel.y0
    assert panel.y1 <= subtitle.y0
    assert subtitle.y1 <= title.y0
    assert title.x1 <= figure.bbox.x1
    assert figure.texts[2].get_text().startswith("A note. Cargo: 2 TEU")


def test_hostile_names_are_drawn_as_they_are(tmp_path):
    pytest.importorskip("matplotlib")
    look = look_of({}, HOSTILE)
    figure = bar_chart([Bar(HOSTILE, 1.0, HOSTILE, "#123456")], HOSTILE, HOSTILE, META, subtitle=HOSTILE, looks=[look])
    found = [" ".join(text.split()) for text in drawn(figure)]
    # The name of the bar, its value, the unit, the title, the subtitle and the legend.
    assert found.count(HOSTILE) == 6
    for suffix in (".png", ".svg", ".pdf"):
        save_chart(figure, tmp_path / f"chart{suffix}")


def test_characters_that_no_font_has_are_boxes_without_a_warning(tmp_path):
    pytest.importorskip("matplotlib")
    figure = bar_chart([Bar("\U0001f980", 1.0, "西安", "#123456")], "TEU", "西安", META)
    label_points(figure.axes[0], [(0.5, 0.0)], ["西安"])
    save_chart(figure, tmp_path / "chart.png")


def test_a_bar_has_its_value_name_range_and_text():
    pytest.importorskip("matplotlib")
    axes = new_figure().add_subplot()
    draw_bars(axes, [Bar("one", 2.0, "2.0", "#ff0000", 1.0, 4.0), Bar("two", 3.0, "3.0", "#00ff00")], "days")
    assert [patch.get_width() for patch in axes.patches] == [2.0, 3.0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["one", "two"]
    assert [text.get_text() for text in axes.texts] == ["2.0", "3.0"]
    # The range is drawn twice, black on white, and only for the first; its text stands at its end.
    assert [list(line.get_xdata()) for line in axes.lines] == [[1.0, 4.0]] * 2
    assert [text.xy for text in axes.texts] == [(4.0, 0), (3.0, 1)]
    assert axes.get_xlabel() == "days"
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_a_range_without_width_is_not_drawn():
    pytest.importorskip("matplotlib")
    axes = new_figure().add_subplot()
    draw_bars(
        axes, [Bar("not known", 2.0, "2.0", "#ff0000", 2.0, 2.0), Bar("one", 2.0, "2.0", "#ff0000", 1.0, 3.0)], "USD"
    )
    assert [list(line.get_xdata()) for line in axes.lines] == [[1.0, 3.0]] * 2


def test_of_many_bars_the_first_are_shown_and_the_subtitle_says_so():
    pytest.importorskip("matplotlib")
    bars = [Bar(f"n{number}", float(number), str(number), "#123456") for number in range(MOST_BARS + 5)]
    figure = bar_chart(bars, "TEU", "Title", META, subtitle="By size")
    assert len(figure.axes[0].patches) == MOST_BARS
    assert figure.texts[1].get_text() == f"By size; the first {MOST_BARS} of {MOST_BARS + 5}"


def test_without_a_bar_the_chart_says_so():
    pytest.importorskip("matplotlib")
    assert "nothing to show" in drawn(bar_chart([], "TEU", "Title", META))


def test_a_long_name_takes_two_lines_and_covers_nothing():
    pytest.importorskip("matplotlib")
    bars = [Bar("A very long name of a resource " * 5, 1.0, "1", "#123456") for _ in range(8)]
    figure = bar_chart(bars, "TEU", "Title", META)
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    boxes = [label.get_window_extent(renderer) for label in figure.axes[0].get_yticklabels()]
    assert all(label.get_text().count("\n") == 1 for label in figure.axes[0].get_yticklabels())
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert min(box.x0 for box in boxes) >= 0


def test_a_legend_shows_names_that_start_with_an_underscore():
    pytest.importorskip("matplotlib")
    axes = new_figure().add_subplot()
    (line,) = axes.plot([0, 1], [0, 1])
    found = legend(axes, [line, line], ["_hidden", "$x$"])
    assert [text.get_text() for text in found.get_texts()] == ["_hidden", "$x$"]


def test_labels_of_points_cover_neither_each_other_nor_a_point():
    pytest.importorskip("matplotlib")
    figure = new_figure(figsize=(4, 3))
    axes = figure.add_subplot()
    points = [(0.0, 0.0), (1.0, 1.0), *[(0.5, 0.5)] * 12]
    axes.plot(*zip(*points, strict=True), "o")
    left_out = label_points(axes, points, [f"name {number}" for number in range(len(points))])
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert left_out == len(points) - len(boxes) > 0
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    pixels = axes.transData.transform(points)
    assert not any(box.count_contains(pixels) for box in boxes)
    assert axes.texts[0].get_text() == "name 0"


def test_what_the_palette_does_not_list_is_grey_and_keeps_its_name():
    assert look_of(CORRIDORS, "middle").label == "Middle Corridor"
    assert look_of(CORRIDORS, "middle", "Mine").label == "Mine"
    assert look_of(CORRIDORS, "mine") == ("mine", "#888888", (), "circle")
