"""The page as a person meets it, in headless Chromium: mouse, keys, themes, phone, paper, and no request.

Without Chromium these tests are skipped.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from landbridge.routing.reports.page_html import page_html
from tests.routing.reports.conftest import HOSTILE
from tests.support.browser import CHROMIUM, browser
from tests.support.simulated import under_load

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install the package chromium")

PICTURES = ("map", "scatter", "stairs")

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def window():
    """Return a browser."""
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory, real_report):
    """Return the path of the report of the README."""
    return real_report.to_html(tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture
def opened(window, page):
    """Return the browser with the page; at the end nothing is in the console, and only the file was requested."""
    show(window, page)
    yield window
    assert window.console == []
    assert window.requests == [page.resolve().as_uri()]


def show(window, page, **view):
    window.emulate(**view)
    window.open(page)
    window.ask(PROBE)


def ids(report):
    return [item["id"] for item in report.document["itineraries"]]


def assert_selected(window, item):
    found = window.ask("probe.selected()")
    assert found["pictures"] == [[item["id"]]] * len(PICTURES)
    assert found["table"] == [item["id"]]
    name = found["details"].removeprefix("Selected: ")
    assert found["reading"].startswith(f"{name}: {item['days_p50']:.1f} days")


def test_the_page_shows_every_itinerary_everywhere_and_selects_the_first(opened, real_report):
    for picture in PICTURES:
        assert sorted(opened.ask(f"probe.ids('{picture}')")) == sorted(ids(real_report))
    assert opened.ask("probe.rows()") == ids(real_report)
    assert opened.ask("document.getElementById('title').textContent") == "Xi'an to Duisburg"
    assert_selected(opened, real_report.document["itineraries"][0])


@pytest.mark.parametrize("picture", PICTURES)
def test_a_click_in_a_picture_selects_an_itinerary_everywhere(opened, real_report, picture):
    by_corridor = {item["corridor"]: item for item in reversed(real_report.document["itineraries"])}
    for corridor in ("middle", "mongolia", "cape"):
        item = by_corridor[corridor]
        opened.click(*opened.ask(f"probe.point('{picture}', '{item['id']}')"))
        assert_selected(opened, item)


def test_lines_are_whole_and_lie_side_by_side_where_itineraries_share_links(opened, real_report):
    items = real_report.document["itineraries"]
    lines = {item["id"]: opened.ask(f"probe.strokes('{item['id']}')") for item in items}
    for strokes in lines.values():
        assert len(strokes) == 1
    first, second = (
        item for item in items if item["corridor"] in {"northern", "mongolia"} and item["best_of_corridor"]
    )
    assert {number for number, _ in first["hauls"]} & {number for number, _ in second["hauls"]}
    # Two lines may cross; drawn on each other they would have some hundred points in common.
    assert len({*lines[first["id"]][0]} & {*lines[second["id"]][0]}) <= 3


def test_a_click_in_the_table_selects_an_itinerary_everywhere(opened, real_report):
    item = real_report.document["itineraries"][3]
    opened.click_on("#table tbody tr:nth-child(4) td:nth-child(3)")
    assert_selected(opened, item)
    opened.click_on("#table tbody tr:nth-child(2) button")
    assert_selected(opened, real_report.document["itineraries"][1])


@pytest.mark.parametrize("picture", PICTURES)
def test_keys_select_an_itinerary_everywhere(opened, real_report, picture):
    items = real_report.document["itineraries"]
    opened.ask(f"document.querySelector('#{picture} .item[tabindex=\"0\"]').focus()")
    view = opened.ask("probe.view()")
    for key, number in (("ArrowDown", 1), ("ArrowRight", 2), ("ArrowUp", 1), ("ArrowLeft", 0), ("ArrowUp", -1)):
        opened.press(key)
        assert_selected(opened, items[number])
        assert opened.ask("document.activeElement.dataset.id") == items[number]["id"]
        assert opened.ask(f"document.querySelector('#{picture}').contains(document.activeElement)")
    assert opened.ask("probe.view()") == view, "the arrow keys move the map only when it has the focus itself"


def test_the_table_is_used_by_keys(opened, real_report):
    opened.ask("document.querySelector('#table tbody tr:nth-child(3) button').focus()")
    opened.press("Enter")
    assert_selected(opened, real_report.document["itineraries"][2])
    assert opened.ask("document.activeElement.dataset.id") == ids(real_report)[2]


def test_every_control_is_reached_by_the_tab_key(opened):
    opened.ask("document.activeElement.blur()")
    seen = []
    while not seen or opened.ask("document.activeElement !== document.body"):
        opened.press("Tab")
        seen.append(opened.ask("probe.focused()"))
    controls = ("chooser input", "map-buttons button", "stairs-buttons button", "table button", "details summary")
    assert {*controls, "map svg group"} <= {*seen}
    for picture in PICTURES:
        # One stop each: arrow keys go on from there.
        assert seen.count(f"{picture} g radio") == 1


def test_a_corridor_is_switched_off_and_on_by_mouse_and_key(opened, real_report):
    items = real_report.document["itineraries"]
    left = sum(item["corridor"] != items[0]["corridor"] for item in items)
    box = '#chooser input[data-corridor="northern"]'
    opened.click_on(box)
    assert opened.ask("probe.counts()") == [left] * 4
    assert_selected(opened, next(item for item in items if item["corridor"] != "northern"))
    opened.ask(f"document.querySelector('{box}').focus()")
    opened.press(" ")
    assert opened.ask("probe.counts()") == [len(items)] * 4
    opened.click_on("#chooser .buttons button:last-child")
    assert opened.ask("probe.counts()") == [0] * 4
    assert opened.ask("document.getElementById('reading').textContent") == "No itinerary is shown."
    opened.click_on("#chooser .buttons button:first-child")
    assert opened.ask("probe.counts()") == [len(items)] * 4


def test_the_table_sorts_by_each_column_in_both_directions(opened, real_report):
    items = real_report.document["itineraries"]
    for column, name in ((3, "days_p50"), (6, "usd"), (8, "kg")):
        expected = [item["id"] for item in sorted(items, key=lambda item: (item[name], item["number"]))]
        opened.click_on(f"#table th:nth-child({column}) button")
        assert opened.ask("probe.rows()") == expected
        assert opened.ask(f"document.querySelector('#table th:nth-child({column})').ariaSort") == "ascending"
        opened.press("Enter")
        values = [next(item[name] for item in items if item["id"] == one) for one in opened.ask("probe.rows()")]
        assert values == sorted(values, reverse=True)
        assert opened.ask(f"document.querySelector('#table th:nth-child({column})').ariaSort") == "descending"


def test_the_sources_of_a_figure_are_shown_on_demand(opened, real_report):
    document = real_report.document
    step = document["itineraries"][0]["steps"][0]
    text = "document.getElementById('step-0').innerText"
    assert opened.ask("getComputedStyle(document.getElementById('step-0')).display") == "none"
    opened.click_on("#details tbody button")
    shown = opened.ask(text)
    for numbers in step["sources"].values():
        for number in numbers:
            source = document["sources"][number]
            assert source["title"] in shown
            assert str(source["year"]) in shown
            assert source["url"] is None or source["url"] in shown
    opened.emulate(width=900)
    assert opened.ask(text) == shown, "another size leaves it open"
    opened.press("Enter")
    assert opened.ask("getComputedStyle(document.getElementById('step-0')).display") == "none"


def test_the_map_zooms_and_pans_by_wheel_mouse_and_keys(opened):
    whole = opened.ask("probe.view()")
    x, y = opened.ask("probe.centre(document.getElementById('map'))")
    seen = {whole}
    opened.send("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=-240)
    seen.add(opened.ask("probe.view()"))
    opened.ask("document.getElementById('map').focus()")
    for key in ("+", "ArrowLeft", "ArrowDown", "-"):
        opened.press(key)
        seen.add(opened.ask("probe.view()"))
    for kind, place in (
        ("mousePressed", (x, y + 150)),
        ("mouseMoved", (x + 60, y + 150)),
        ("mouseReleased", (x + 60, y + 150)),
    ):
        opened.send(
            "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", buttons=1, clickCount=1
        )
    seen.add(opened.ask("probe.view()"))
    assert len(seen) == 7
    opened.ask("document.getElementById('map').focus()")
    opened.press("0")
    assert opened.ask("probe.view()") == whole


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, network, real_report):
    """Return the report with queues on the way, and its path."""
    found = replace(real_report, simulation=under_load(network))
    return found, found.to_html(tmp_path_factory.mktemp("loaded") / "report.html")


def test_queues_on_the_way_are_those_of_the_selected_itinerary(window, loaded):
    found, path = loaded
    show(window, path)
    names = "[...document.querySelectorAll('#queues tbody tr td:first-child')].map(cell => cell.textContent)"
    queues = found.document["under_load"]["queues"]
    for number in (0, 1):
        item = found.document["itineraries"][number]
        window.click_on(f"#table tbody tr:nth-child({number + 1}) button")
        assert window.ask(names) == [queues[queue]["name"] for queue in item["queues"]] != []
    assert len(
        window.ask("[...document.querySelectorAll('#queues .spark path')].map(line => line.getAttribute('d'))[0]")
    )
    assert window.ask("document.querySelector('#queues .small').textContent").startswith(
        "Simulation of 90 days from 2025-01-01, demand of 2025, 5 replications, with border:2025-02-01..2025-02-10."
    )
    assert window.console == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_with_queues_nothing_is_cut_off_either(window, loaded, width, dark):
    show(window, loaded[1], width=width, dark=dark)
    assert window.ask("document.documentElement.scrollWidth") <= width
    assert window.ask("probe.contrast()") >= 4.5


def test_without_a_simulation_there_are_no_queues(opened):
    assert opened.ask("document.getElementById('queues').hidden")


def test_the_staircase_shows_time_or_cost(opened):
    label = "[...document.querySelectorAll('#stairs .axis-label')].map(node => node.textContent).join()"
    assert "days" in opened.ask(label)
    opened.click_on("#stairs-buttons button:last-child")
    assert "USD" in opened.ask(label)
    assert opened.ask("document.querySelector('#stairs-buttons [aria-pressed=true]').textContent") == "Cost"


def test_without_simulated_shipments_there_is_no_panel_on_the_arrival(opened):
    for figure in ("arrival-figure", "causes-figure"):
        assert opened.ask(f"getComputedStyle(document.getElementById('{figure}')).display") == "none"


def test_the_arrival_of_the_selected_itinerary_is_drawn_with_the_promised_day_and_its_causes(
    window, simulated_report, tmp_path
):
    show(window, simulated_report.to_html(tmp_path / "report.html"))
    title, causes = "document.getElementById('arrival-title').textContent", "#causes text"
    for number, item in enumerate(simulated_report.document["itineraries"]):
        window.click_on(f"#table tbody tr:nth-child({number + 1}) button")
        run = item["simulation"]
        if run is None:  # a point of the front, which is not simulated
            assert window.ask(title) == "Arrival"
            assert window.ask("document.querySelectorAll('#arrival rect, #causes rect').length") == 0
            continue
        found = simulated_report.simulations[number]
        assert window.ask(title).startswith("Arrival: ")
        assert window.ask(title).endswith(" on time by Thu 26 Nov 2026")
        heights = "[...document.querySelectorAll('#arrival rect')].map(bar => +bar.getAttribute('height'))"
        bars, shares = window.ask(heights), run["shares"]
        # A bin that the promised day divides is two bars of one height.
        assert len(bars) in {len(shares), len(shares) + 1}
        assert max(bars) > 100
        assert window.ask("document.querySelectorAll('#arrival .quantile').length") == 3
        names = window.ask(f"[...document.querySelectorAll('{causes}')].map(text => text.textContent)")
        assert names[0].removesuffix("\u2026") in found.shares[0].name
        assert len(names) == 2 * len(run["causes"])
    assert window.console == []


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False)])
def test_the_panels_on_the_arrival_fit_every_width(window, simulated_report, tmp_path, width, dark):
    show(window, simulated_report.to_html(tmp_path / "report.html"), width=width, dark=dark)
    assert window.ask("document.documentElement.scrollWidth") <= width
    assert window.ask("probe.outside()") == []
    assert window.ask("probe.contrast()") >= 4.5
    assert window.ask("probe.overlaps('arrival')") == []
    assert window.console == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_at_every_width_nothing_is_cut_off_and_texts_are_readable(window, page, width, dark):
    show(window, page, width=width, dark=dark)
    assert window.ask("document.documentElement.scrollWidth") <= width
    assert window.ask("probe.outside()") == []
    # WCAG AA asks for 4.5.
    assert window.ask("probe.contrast()") >= 4.5
    assert window.ask("getComputedStyle(document.body).backgroundColor") == (
        "rgb(22, 24, 26)" if dark else "rgb(255, 255, 255)"
    )
    assert window.console == []


def test_labels_do_not_lie_on_each_other(opened):
    for number in range(1, 6):
        opened.click_on(f"#table tbody tr:nth-child({number}) button")
        for picture in PICTURES:
            assert opened.ask(f"probe.overlaps('{picture}')") == []


def test_the_page_is_printed_whole_on_a4(opened):
    assert opened.printed().startswith(b"%PDF")
    opened.send("Emulation.setEmulatedMedia", media="print")
    # A4 less the margins is 186 mm wide: 703 pixels.
    opened.send("Emulation.setDeviceMetricsOverride", width=703, height=1000, deviceScaleFactor=1, mobile=False)
    assert opened.ask("document.documentElement.scrollWidth") <= 703
    assert opened.ask("getComputedStyle(document.querySelector('#map-buttons')).display") == "none"
    opened.send("Emulation.setEmulatedMedia", media="")


def test_hostile_names_are_shown_as_text(window, hostile_report, tmp_path):
    path = hostile_report.to_html(tmp_path / "hostile.html")
    show(window, path)
    assert (window.console, window.requests) == ([], [path.resolve().as_uri()])
    assert window.ask("document.hacked") is None
    assert window.ask("document.querySelectorAll('script').length") == 2
    assert window.ask("document.querySelectorAll('img, body b, a[href^=javascript]').length") == 0
    assert HOSTILE in window.ask("document.getElementById('table').textContent")
    assert HOSTILE in window.ask("document.getElementById('notes').textContent")


def test_a_script_that_the_policy_does_not_admit_is_refused_and_seen(window, hostile_report, tmp_path):
    """What the other tests look for would be found: a changed script does not run, and the console says so."""
    path = Path(tmp_path / "changed.html")
    path.write_text(page_html(hostile_report.document).replace('"use strict";', '"use strict"; '), encoding="utf-8")
    show(window, path)
    assert window.ask("document.getElementById('title').textContent") == ""
    assert any("Content Security Policy" in text for text in window.console)
