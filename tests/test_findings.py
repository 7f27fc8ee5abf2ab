"""The pages that are made from runs of the model: what they ask, how they judge, and that none is from other data."""

import csv
import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from landbridge.networks.errors import NoRouteError
from landbridge.routing import DemandFlow

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def scripts():
    """Return the modules `studies` and `findings` of docs/, which is no package."""
    found = []
    for name in ("dates_table", "scenarios_table", "studies", "findings_queues", "findings_what_if", "findings"):
        spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found.append(module)
    yield {module.__name__: module for module in found}
    for name in ("dates_table", "scenarios_table", "studies", "findings_queues", "findings_what_if", "findings"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def studies(scripts):
    return scripts["studies"]


@pytest.fixture(scope="module")
def findings(scripts):
    return scripts["findings"]


@pytest.fixture(scope="module")
def queues(scripts):
    return scripts["findings_queues"]


@pytest.fixture(scope="module")
def what_if(scripts):
    return scripts["findings_what_if"]


def test_the_findings_are_of_the_data_as_they_are(findings, studies):
    stamp = findings.STAMP.format(digest=findings.digest())
    assert studies.PAGE.read_text(encoding="utf-8").startswith(stamp), "the data have changed: run `make findings`"


def test_the_page_of_scenarios_is_as_their_files_are(findings):
    page = DOCS / "scenarios.md"
    _, blocks = findings.library()
    assert page.read_text(encoding="utf-8") == findings.filled(page, blocks), "run `make findings`"


def test_a_changed_table_changes_the_stamp(findings, monkeypatch, tmp_path):
    (tmp_path / "links.csv").write_text("id\n", encoding="utf-8")
    monkeypatch.setattr(findings, "DATA", tmp_path)
    before = findings.digest()
    (tmp_path / "links.csv").write_text("id\na\n", encoding="utf-8")
    assert findings.digest() != before


def test_each_claim_is_asked_or_says_why_not(studies):
    asked = {row["id"] for row in studies.read("questions")}
    claims = {row["id"]: row for row in studies.read("studies")}
    assert asked <= claims.keys()
    assert {name for name, row in claims.items() if not row["not_asked"]} == asked


def test_each_claim_names_its_study_and_each_question_its_band(studies):
    assert [
        row["id"] for row in studies.read("studies") if not (row["study"] and row["address"].startswith("http"))
    ] == []
    for row in studies.read("questions"):
        assert float(row["agrees_low"]) <= float(row["agrees_high"]), row["id"]


def test_a_number_agrees_within_its_band_and_a_range_that_meets_it(studies):
    def agrees(low, high):
        return studies.Answer("", low, high, (10, 20)).agrees

    assert [agrees(value, value) for value in (9.9, 10, 20, 20.1)] == [False, True, True, False]
    # Ranges that end before, begin in, hold, and begin after the band.
    assert [agrees(*found) for found in ((5, 9), (15, 30), (5, 30), (21, 30))] == [False, True, True, False]
    assert not agrees(None, None)


def test_a_claim_of_several_questions_may_agree_in_part(studies):
    yes, no = (studies.Answer("", value, value, (0, 1)) for value in (1, 2))
    assert [studies.verdict(found) for found in ([yes, yes], [yes, no], [no])] == ["agrees", "partly", "contradicts"]


def test_a_query_is_computed_and_a_missing_route_is_said(studies):
    def days(destination):
        if destination == "nowhere":
            raise NoRouteError("there is no way.")
        return {"near": 10, "far": 30}[destination]

    names = {"days": days, "mean": studies.NAMES["mean"]}
    # A comprehension sees the names as well: (30 / 10 + 10 / 10) / 2 = 2.
    query = "mean(days(place) / days('near') for place in ('far', 'near'))"
    assert studies.answer("", query, (0, 1), names).low == 2
    missing = studies.answer("", "days('nowhere')", (0, 1), names)
    assert (missing.low, missing.agrees) == (None, False)
    assert "there is no way" in missing.text()


def test_a_query_reads_the_itinerary_in_days_km_and_dollars(studies, network):
    names = studies.Asked(network).names()
    ends = "'Altynkol', 'Aktau', modes='rail'"
    trip = names["trip"]("Altynkol", "Aktau", modes="rail")
    found = studies.answer("", f"transit_range({ends})", (0, 1), names)
    assert (found.low * 24, found.high * 24) == pytest.approx((trip.transit_time.p10_h, trip.transit_time.p90_h))
    assert names["days"]("Altynkol", "Aktau", modes="rail") * 24 == pytest.approx(trip.transit_time.p50_h)
    assert names["percent"](120, 100) == pytest.approx(20)


def test_a_block_is_replaced_and_the_text_around_it_kept(findings, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- made: scales -->\nold\n<!-- end -->\nAfter\n", encoding="utf-8")
    made = findings.filled(page, {"scales": "new\n"})
    assert made == "Before\n<!-- made: scales -->\nnew\n<!-- end -->\nAfter\n"
    assert findings.stale({page: made}) == [page]
    page.write_text(made, encoding="utf-8")
    assert findings.stale({page: made}) == []


def test_a_block_that_nothing_makes_is_refused(findings, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- made: unknown -->\n<!-- end -->\n", encoding="utf-8")
    with pytest.raises(KeyError, match="unknown"):
        findings.filled(page, {"scales": "new\n"})


def test_all_capacities_and_all_traffic_are_moved(queues, network, monkeypatch):
    flow = DemandFlow(origin="kz-almaty", destination="kz-aktau", teu_per_year=3650.0)
    monkeypatch.setattr(queues, "bundled", lambda _year: (network, [flow]))
    queues.loaded.cache_clear()
    moved, assignment = queues.loaded(2025, 0.9, 1.1)
    queues.loaded.cache_clear()

    def ratios(table, column):
        rows = zip(network.tables[table], moved.tables[table], strict=True)
        return {round(new[column] / old[column], 9) for old, new in rows if old[column]}

    assert ratios("resources", "capacity") == ratios("capacities", "capacity") == {0.9}
    assert ratios("berths", "handling_teu_h") == ratios("services", "vehicle_teu") == {0.9}
    assert ratios("loads", "teu") == {0.9, 1.0}
    assert ratios("resources", "background_teu_day") == ratios("capacities", "background") == {1.1}
    assert ratios("resources", "closure_days") == {1.0}
    assert assignment.demand_teu_day.sum() == pytest.approx(11.0)  # 3650 TEU in 365 days, times 1.1


def test_a_range_lies_below_above_or_meets_what_is_published(queues):
    # Published 10 to 20, over 10, and 10 alone.
    assert [queues._beside((10.0, 20.0), *found)[1] for found in ((1, 9), (1, 10), (20, 30), (21, 30))] == [
        "below", "meets", "meets", "above",
    ]  # fmt: skip
    assert queues._beside((1000.0, float("inf")), 400.0, 971.0) == ("over 1,000", "below")
    assert queues._beside((10.0, 10.0), 5.0, 15.0) == ("10", "meets")
    assert queues._beside(None, 1.0, 2.0) == ("", "")


def test_the_remarks_on_waits_are_of_resources_of_the_network(queues, network):
    with queues.WAITS.open(encoding="utf-8", newline="") as file:
        named = {row["resource"] for row in csv.DictReader(file)}
    known = {row["id"] for table in ("resources", "berths", "operations") for row in network.tables[table]}
    assert named - known == set()


def test_each_question_of_a_scenario_has_a_band_with_its_source_or_neither(studies):
    rows = studies.read("what-if")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert bool(row["agrees_low"]) == bool(row["agrees_high"]) == row["address"].startswith("http"), row["id"]
        assert not row["agrees_low"] or float(row["agrees_low"]) <= float(row["agrees_high"]), row["id"]


def test_the_page_of_scenarios_says_why_an_answer_misses():
    page = (DOCS / "findings" / "what-if.md").read_text(encoding="utf-8")
    assert "**misses**" in page
    assert "cause not examined" not in page


def test_the_page_of_scenarios_has_each_case(findings, studies):
    page = (DOCS / "findings" / "what-if.md").read_text(encoding="utf-8")
    blocks = {match["name"] for match in findings.BLOCK.finditer(page)}
    assert {f"what-if-{row['case']}" for row in studies.read("what-if")} <= blocks


def test_a_query_may_name_scenarios(studies, network):
    asked = studies.Asked(network)
    ends = ("Shanghai", "Jebel Ali", "closure")
    # The closure of the strait is in force on the day of the scenario.
    assert [asked.warned(*ends, modes="sea", scenario=name) for name in ("", "hormuz-shut")] == [0, 1]
    # Low water takes 15 % of a load, and each metre 29 %: 1 - 0.15 - 0.29.
    assert asked.load_at("feeder-aktau-alat", -1.0) == pytest.approx(56)


def test_works_count_in_the_countries_of_their_places_and_links(studies):
    works = [
        {"cost_musd": 1.0, "place": "kz-aktau", "resources": (), "links": ()},
        {
            "cost_musd": 2.0,
            "place": None,
            "resources": (),
            "links": ("cn-kashgar--cn-torugart--rail", "kg-a--kz-b--rail"),
        },
        {"cost_musd": 4.0, "place": None, "resources": ("caspian-feeder--fleet",), "links": ()},
    ]
    asked = studies.Asked(SimpleNamespace(tables={"candidates": works}))
    assert [asked.works_musd(country) for country in ("kz", "kg", "cn", "tm")] == [3, 2, 2, 0]


def assignment(*rows):
    """Return flows of rows: name, TEU a day not carried, and paths of corridor, TEU a day, hours and USD per TEU."""
    paths = [
        [
            SimpleNamespace(corridor=name, teu_day=teu, time_mean_h=hours, usd_per_teu=usd)
            for name, teu, hours, usd in found
        ]
        for _, _, found in rows
    ]
    return SimpleNamespace(
        demand=[SimpleNamespace(flow=flow) for flow, _, _ in rows],
        unserved_teu_day=np.array([lost for _, lost, _ in rows]),
        paths=paths.__getitem__,
    )


def test_flows_are_summed_by_corridor_with_what_is_not_carried(what_if):
    found = assignment(
        ("china-eu-westbound", 1.0, [("middle", 2.0, 240.0, 9000.0), ("suez", 6.0, 480.0, 5000.0)]),
        ("china-eu-eastbound", 0.0, [("middle", 1.0, 240.0, 9000.0)]),
        ("titr-containers", 5.0, [("middle", 7.0, 100.0, 1.0)]),
    )
    # In a year of 365 days: 3 TEU a day by the middle, 6 by Suez, 1 not carried.
    assert what_if.ways(found, "china-eu") == {"not carried": 365.0, "middle": 1095.0, "suez": 2190.0}
    # (3 x 10 + 6 x 20) / 9 days and (3 x 9000 + 6 x 5000) / 9 USD.
    assert what_if.means(found, "china-eu") == pytest.approx((150 / 9, 57_000 / 9))
