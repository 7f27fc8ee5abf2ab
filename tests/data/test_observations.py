"""The bundled observations: none is lost, none is an input, and the halves follow the rule that was fixed first."""

import csv
import hashlib
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from landbridge.networks.checks.observations import cited_by_values

FOLDER = Path(os.environ.get("LANDBRIDGE_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
REFERENCE = FOLDER / "observations.csv"
"""The reference that the table was made from; who does not have it skips what needs it."""
NEWER = FOLDER / "observations_2026.csv"
"""What was collected after it; of these the transit times, costs and volumes are rows."""

HOURS_PER_DAY = 24


@pytest.fixture
def rows(network):
    return network.tables["observations"].rows


def addresses(network):
    """Return the sources of inputs by the address of their page."""
    found = defaultdict(set)
    for source in network.sources.values():
        if source["url"]:
            found[source["url"].rstrip("/")].add(source["id"])
    return found


def publications(row):
    return [source for source in row["source"] if source.startswith("P")]


@pytest.mark.skipif(not REFERENCE.is_file(), reason="LANDBRIDGE_REFERENCE names no folder with observations.csv")
def test_no_reference_row_is_lost_and_its_figures_are_kept(rows):
    kept = {row["id"]: row for row in rows}
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = kept[row["id"]]
            assert own["kind"] == {"share or ratio": "ratio"}.get(row["kind"], row["kind"]), row["id"]
            figures = (own["published_low"], own["published_high"], own["published_unit"])
            assert figures == (float(row["value_low"]), float(row["value_high"]), row["unit"]), row["id"]
            assert row["lineage"] in (own["lineage"] or ""), row["id"]
            assert (own["scope"] or "") == row["scope"], row["id"]


@pytest.mark.skipif(not NEWER.is_file(), reason="LANDBRIDGE_REFERENCE names no folder with observations_2026.csv")
def test_no_time_cost_or_volume_collected_later_is_lost(rows):
    kept = {row["id"]: row for row in rows}
    with NEWER.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["metric"] in {"time", "cost", "volume"}:
                own = kept[row["id"]]
                figures = [abs(float(row[name])) for name in ("value_low", "value_high")]
                assert [own["published_low"], own["published_high"]] == figures, row["id"]
                assert (own["kind"], own["published_year"]) == (row["kind"], row["year"]), row["id"]


def test_the_half_of_a_row_is_the_parity_of_the_hash_of_its_group(rows):
    for row in rows:
        odd = int(hashlib.sha256(row["lineage_group"].encode()).hexdigest(), 16) % 2
        assert row["half"] == ("test" if odd else "training"), row["id"]


def test_twins_by_publication_and_by_lineage_are_in_one_group(network, rows):
    groups = {row["id"]: row["lineage_group"] for row in rows}
    by_page = defaultdict(set)
    for row in rows:
        for source in publications(row):
            by_page[network.sources[source]["url"] or network.sources[source]["publisher"]].add(row["lineage_group"])
        for other in re.findall(r"\b[HTVN]\d+\b", row["lineage"] or ""):
            assert groups[other] == row["lineage_group"], row["id"]
    assert {page: found for page, found in by_page.items() if len(found) > 1} == {}


def test_inputs_and_observations_cite_no_source_in_common(network, rows):
    observed = {source for row in rows for source in publications(row)}
    assert observed
    assert observed & cited_by_values(network.tables) == set()


def test_a_page_with_an_input_on_it_is_named_in_the_row(network, rows):
    """A page may hold an input and an observation, if they are different figures and the row says which."""
    by_address = addresses(network)
    for row in rows:
        own = set(publications(row))
        pages = {network.sources[source]["url"].rstrip("/") for source in own if network.sources[source]["url"]}
        others = {source for page in pages for source in by_address[page]} - own
        assert others <= {*row["shared_page"], *row["shared_event"]}, row["id"]
        assert row["note"] or not row["shared_page"], row["id"]


def test_an_observation_with_the_event_of_an_input_does_not_count(network, rows):
    inputs = cited_by_values(network.tables)
    twins = [row for row in rows if inputs & set(row["shared_event"])]
    assert {row["id"] for row in twins} >= {"H004", "H007", "H053", "T09"}
    assert [row["id"] for row in twins if row["comparable"]] == []


def test_inputs_named_in_the_lineage_are_declared(network, rows):
    inputs = cited_by_values(network.tables)
    for row in rows:
        named = set(re.findall(r"\b[IPS]\d+\b", row["lineage"] or "")) & inputs
        assert named <= {*row["shared_page"], *row["shared_event"]}, row["id"]


def test_what_does_not_count_says_why(rows):
    assert [row["id"] for row in rows if not row["comparable"] and not row["reason"]] == []
    assert [row["id"] for row in rows if row["comparable"] and row["reason"]] == []


# Of these the published range holds two events, and the note says which value is taken.
PARTS = {"T04"}


def test_values_are_the_published_ones_in_the_unit_of_the_quantity(rows):
    for row in rows:
        if row["quantity"] == "none":
            assert row["value_low"] is None, row["id"]
            continue
        factor = HOURS_PER_DAY if row["quantity"] == "time_h" else 1
        assert row["quantity"] != "time_h" or row["published_unit"].startswith("days"), row["id"]
        values = [row["published_low"] * factor, row["published_high"] * factor]
        if row["id"] in PARTS:
            assert row["note"]
            assert values[0] <= row["value_low"] <= row["value_high"] <= values[1]
        else:
            assert [row["value_low"], row["value_high"]] == pytest.approx(values), row["id"]


def test_rates_are_for_the_container_of_their_unit(rows):
    for row in rows:
        if row["quantity"] == "cost_usd":
            short = "20ft" in row["published_unit"] or "TEU" in row["published_unit"]
            assert row["container_feet"] == (20 if short else 40), row["id"]


def test_places_stand_for_regions_by_the_stated_assumption(rows):
    for row in rows:
        if len(row["from"]) > 1 or len(row["to"]) > 1:
            single = "/" in row["published_from"] + row["published_to"] or "or" in row["published_to"]
            assert "A2300" in row["source"] or single, row["id"]


def test_both_halves_have_times_that_count(rows):
    for half in ("training", "test"):
        counted = [
            row
            for row in rows
            if row["half"] == half and row["comparable"] and row["kind"] in {"observed_regular", "survey"}
        ]
        assert len(counted) >= 8, half
