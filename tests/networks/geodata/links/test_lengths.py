"""Measured lengths in the table of links: published ones kept beside them, all else to the letter."""

import csv

import pytest

from landbridge.networks.geodata.links.lengths import SOURCE, YEAR, measure_links
from landbridge.networks.geodata.links.matching import GREAT_CIRCLE, MATCHED, Match

HEADER = (
    "id,length_km,published_km,published_source,length_source,length_year,length_confidence,"
    "valid_from,valid_to,season_from,note"
)


def match(link, km, *, published=None, method=MATCHED):
    return Match(link, "rail", [(0.0, 0.0), (1.0, 0.0)], km, method, published_km=published)


@pytest.fixture
def measured(tmp_path):
    """Write rows, measure them, and return how many changed, the rows and the text."""

    def run(rows, *matches):
        path = tmp_path / "links.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        changed = measure_links(path, matches)
        text = path.read_text(encoding="utf-8")
        return changed, {row["id"]: row for row in csv.DictReader(text.splitlines())}, text

    return run


def test_a_length_is_measured_with_source_year_and_confidence(measured):
    changed, rows, _ = measured(["a,90,,,A1,2020,assumed,,,,"], match("a", 100.04))
    assert changed == 1
    assert rows["a"]["length_km"] == "100"
    assert (rows["a"]["length_source"], rows["a"]["length_year"], rows["a"]["length_confidence"]) == (
        SOURCE,
        YEAR,
        "derived",
    )


def test_a_published_length_is_kept_beside_the_measured_one_the_first_time(measured):
    row = "a,98.5,,,P1;P2,2020,published,,,,"
    _, rows, text = measured([row], match("a", 100.26, published=98.5))
    assert (rows["a"]["published_km"], rows["a"]["published_source"], rows["a"]["length_km"]) == (
        "98.5",
        "P1;P2",
        "100.3",
    )
    # Measured again, the published length is still that of the source.
    changed, rows, _ = measured(text.splitlines()[1:], match("a", 101.0, published=98.5))
    assert (changed, rows["a"]["published_km"], rows["a"]["length_km"]) == (1, "98.5", "101")


@pytest.mark.parametrize(
    "measured_before", ["a,98.5,,,P1;P2,2020,published,,,,", "a,100.3,98.5,P1;P2,P890,2024,derived,,,,"]
)
def test_a_published_length_stays_if_the_measured_one_is_more_than_3_per_cent_off(measured, measured_before):
    # 102 km are 3.6 % more than 98.5.
    _, rows, text = measured([measured_before], match("a", 102.0, published=98.5))
    assert (rows["a"]["length_km"], rows["a"]["length_source"], rows["a"]["length_confidence"]) == (
        "98.5",
        "P1;P2",
        "published",
    )
    assert (rows["a"]["published_km"], rows["a"]["published_source"]) == ("98.5", "P1;P2")
    assert measured(text.splitlines()[1:], match("a", 102.0, published=98.5))[0] == 0


def test_the_share_of_a_published_total_stays_derived(measured):
    row = "a,98.5,98.5,P1,P1;A3,2020,derived,,,,"
    assert measured([row], match("a", 102.0, published=98.5))[0] == 0


def test_a_length_measured_before_does_not_change(measured):
    _, _, text = measured(["a,90,,,A1,2020,assumed,,,,"], match("a", 100.0))
    changed, _, again = measured(text.splitlines()[1:], match("a", 100.0))
    assert (changed, again) == (0, text)


@pytest.mark.parametrize("dated", ["2024-01-01,,", ",2025-12-31,", ",,06-01"])
def test_the_source_of_a_dated_link_stays_for_it_says_when_it_is_open(measured, dated):
    _, rows, _ = measured([f"a,90,,,P7;P890,2020,assumed,{dated},"], match("a", 100.0))
    assert rows["a"]["length_source"] == f"{SOURCE};P7"


def test_doubtful_lines_and_those_that_were_not_matched_keep_their_length(measured):
    rows = ["a,90,,,A1,2020,assumed,,,,", "b,90,,,A1,2020,assumed,,,,", "c,90,,,A1,2020,assumed,,,,"]
    # 200 km where 90 are published is another line; a great circle is no measurement; c has no match.
    doubtful, drawn = match("a", 200.0, published=90.0), match("b", 100.0, method=GREAT_CIRCLE)
    assert doubtful.doubtful
    changed, _, text = measured(rows, doubtful, drawn)
    assert (changed, text.splitlines()[1:]) == (0, rows)


def test_the_rest_of_the_file_stays_to_the_letter(measured):
    note = '"a ""quoted"", note"'
    rows = [f"b,007.50,,,A1,2020,assumed,,,,{note}", "a,90,,,A1,2020,assumed,,,,x"]
    _, _, text = measured(rows, match("a", 100.0))
    assert text.splitlines()[1] == rows[0]
