"""Reports: the corridors of a pair and the front of time and cost as one result and one page."""

import pickle

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Weights, compare_corridors, pareto, report
from landbridge.routing.reports.report import EPSILON


def test_a_report_has_the_corridors_and_then_the_rest_of_the_front(hostile, hostile_report):
    rows = compare_corridors(hostile, "cn-a", "ru-d").itineraries
    assert hostile_report.itineraries == rows
    assert {item.corridor for item in rows} == {"by-b", "by-c"}
    # Both are on the front: by C takes less time and costs more, so nothing is left to add.
    assert [item["on_front"] for item in hostile_report.document["itineraries"]] == [True, True]
    assert all(item["best_of_corridor"] for item in hostile_report.document["itineraries"])


def test_each_itinerary_of_the_whole_front_is_near_one_that_is_shown(network, real_report):
    whole = pareto(network, "Xi'an", "Duisburg", objectives=["time", "cost"]).itineraries
    shown = [item for item in real_report.itineraries if not item.seasonal]
    bound = 1 + real_report.document["epsilon"]
    assert 1 + EPSILON <= bound <= (1 + EPSILON) ** 2
    for item in whole:
        assert any(
            one.time_mean_h <= bound * item.time_mean_h + 1e-9 and one.cost_usd <= bound * item.cost_usd + 1e-9
            for one in shown
        )


def test_what_is_marked_as_on_the_front_is_dominated_by_nothing_shown(real_report):
    items = [
        (one, item) for one, item in zip(real_report.document["itineraries"], real_report.itineraries, strict=True)
    ]
    assert any(one["on_front"] for one, _ in items)
    assert any(not one["on_front"] for one, _ in items)
    for one, item in items:
        better = [
            other.itinerary_id
            for _, other in items
            if not other.seasonal and other.time_mean_h <= item.time_mean_h and other.cost_usd < item.cost_usd
        ]
        assert one["on_front"] == (not better and not item.seasonal), better


def test_options_given_by_an_iterator_hold_for_corridors_and_front(network):
    found = report(network, "Xi'an", "Duisburg", avoid=iter(["RU"]), modes=iter(["rail", "sea", "ferry"]))
    assert len(found.itineraries) > len(found.comparison.corridors)
    for item in found.itineraries:
        assert "RU" not in item.countries


def test_the_json_has_corridors_front_and_sources(hostile_report):
    document = hostile_report.to_dict()
    assert list(document) == ["corridors", "left_out", "front", "sources"]
    assert {row["id"] for row in document["sources"]} == {"A1", "S1"}
    assert hostile_report.to_frame("sources")["id"].tolist() == [row["id"] for row in document["sources"]]
    assert [layer.name for layer in hostile_report.layers()] == ["itineraries", "legs", "operations"]
    assert repr(hostile_report) == "<Report from cn-a to ru-d: 2 corridors, 2 itineraries>"


def test_a_stored_report_writes_the_same_page(hostile_report, tmp_path):
    before = hostile_report.to_html(tmp_path / "a.html").read_bytes()
    stored = pickle.loads(pickle.dumps(hostile_report))  # noqa: S301 - our own
    assert stored.to_html(tmp_path / "b.html").read_bytes() == before


def test_the_same_question_gives_the_same_bytes(hostile, hostile_report, tmp_path):
    again = report(hostile, "cn-a", "ru-d")
    first, second = (item.to_html(tmp_path / "a.html").read_bytes() for item in (hostile_report, again))
    assert first == second


def test_a_page_is_written_atomically_and_only_under_its_name(hostile_report, tmp_path, monkeypatch):
    path = hostile_report.to_html(tmp_path / "page.html")
    before = path.read_bytes()
    monkeypatch.setattr("landbridge.networks.files.os.replace", refuse)
    with pytest.raises(QueryError, match=r"page\.html cannot be written"):
        hostile_report.to_html(path)
    assert path.read_bytes() == before
    with pytest.raises(QueryError, match=r"page\.pdf is not a page; use a name that ends in \.html"):
        hostile_report.to_html(tmp_path / "page.pdf")


def refuse(*_):
    raise OSError(28, "No space left on device")


def test_the_best_of_each_corridor_is_simulated_if_so_asked(simulated_report):
    items = simulated_report.document["itineraries"]
    best = len(simulated_report.comparison.corridors)
    assert [item["simulation"] is not None for item in items] == [item["best_of_corridor"] for item in items]
    assert len(simulated_report.simulations) == best
    for item, found in zip(items, simulated_report.simulations, strict=False):
        run = item["simulation"]
        assert (run["runs"], run["promised"], run["on_time"]) == (2000, "Thu 26 Nov 2026", found.on_time)
        # The first 0.05 % may be left of the first bin, the last 0.5 % are right of the last one.
        assert 0.99 <= sum(run["shares"]) <= 1 + 1e-3
        assert run["days_p95"] == pytest.approx(found.p95_h / 24, abs=0.01)
        assert sum(cause["share"] for cause in run["causes"]) <= 1.05
    document = simulated_report.to_dict()
    assert list(document) == ["corridors", "left_out", "front", "simulations", "sources"]
    assert [item["on_time"] for item in document["simulations"]] == [
        item.on_time for item in simulated_report.simulations
    ]


def test_a_stored_report_keeps_its_simulations(simulated_report, tmp_path):
    stored = pickle.loads(pickle.dumps(simulated_report))  # noqa: S301 - our own
    pages = [
        item.to_html(tmp_path / name).read_bytes() for item, name in ((stored, "a.html"), (simulated_report, "b.html"))
    ]
    assert pages[0] == pages[1]


def test_options_of_runs_are_refused_without_any(hostile):
    with pytest.raises(QueryError, match="seed, promised have no effect without runs; omit them"):
        report(hostile, "cn-a", "ru-d", seed=0, promised="2026-12-01")


def test_where_nothing_leads_there_is_no_report(hostile):
    with pytest.raises(NoRouteError):
        report(hostile, "cn-a", "ru-d", modes="road")


def test_conditions_are_said_to_the_reader(network):
    found = report(network, "Almaty", "Poti", avoid="RU", depart="2026-11-01", modes=["rail", "ferry", "sea"])
    conditions = "; ".join(found.document["conditions"])
    assert "avoiding the countries RU" in conditions
    assert "by ferry, rail, sea" in conditions
    assert conditions.endswith("departure 2026-11-01; sorted by generalised cost")
    assert all(item["depart"] and item["arrive"] for item in found.document["itineraries"])


def test_weights_are_said_to_the_reader(hostile):
    found = report(hostile, "cn-a", "ru-d", objective=Weights(value_of_time_usd_per_h=2.5, carbon_usd_per_t=80))
    assert found.document["conditions"] == [
        "sorted by generalised cost",
        "value of time 2.5 USD/h",
        "carbon price 80 USD/t",
    ]


def test_in_its_season_a_seasonal_itinerary_is_compared_for_the_front(network):
    found = report(network, "Xi'an", "Duisburg", depart="2026-08-15", modes=["rail", "sea"], objective="time")
    seasonal = [item for item in found.document["itineraries"] if item["seasonal"]]
    assert any(item["on_front"] for item in seasonal)
