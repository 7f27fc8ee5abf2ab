"""Tables of a network that are none, or do not fit, are refused by each command with file, row, column and cure."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.support.hostile_tables import NUMBERS, as_saved, damaged, unreadable
from tests.support.refusals import check_refused, outcome
from tests.support.tiny import link, place, write_tiny


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    links = [link("cn-a -- cn-b", resource="r"), link("cn-b -- kz-c")]
    resources = [{"id": "r", "kind": "line", "capacity": 50}]
    demand = [{"id": "d", "origin": "cn-a", "destination": "kz-c", "teu_per_year": 3650}]
    folder = tmp_path_factory.mktemp("network")
    return write_tiny(folder, links=links, tables={"resources": resources, "demand": demand})


@pytest.fixture
def network(good, tmp_path):
    """Return a copy of the network that a test may damage."""
    return Path(shutil.copytree(good, tmp_path / "net"))


def routed(network):
    return outcome(["route", "cn-a", "kz-c", "--network", "net", "--json"], network.parent)


def row_of(network, table):
    with (network / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def with_cell(network, table, column, value, *, row=0):
    with (network / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = value
    with (network / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


LINK = {"id": "x", "from": "cn-a", "to": "cn-b", "service": "rail"}


@pytest.mark.parametrize("name", [name for name in unreadable(LINK) if name != "no end"])
def test_what_is_no_table_is_refused(network, name):
    content, words = unreadable(row_of(network, "links"))[name]
    (network / "links.csv").write_bytes(content)
    check_refused(routed(network), "links.csv", *words)


@pytest.mark.parametrize("name", damaged(LINK, "from"))
def test_a_damaged_table_is_refused(network, name):
    content, words = damaged(row_of(network, "links"), "from")[name]
    (network / "links.csv").write_bytes(content)
    check_refused(routed(network), "links.csv", *words)


@pytest.mark.parametrize("name", as_saved(LINK))
def test_a_table_is_read_as_programs_save_it(network, name):
    plain = routed(network)
    assert plain.code == 0, plain.err
    (network / "resources.csv").write_bytes(as_saved(row_of(network, "resources"))[name])
    assert routed(network) == plain


def test_a_spreadsheet_writes_booleans_in_capitals(network):
    plain = routed(network)
    with_cell(network, "links", "both_ways", "TRUE")
    assert routed(network) == plain


@pytest.mark.parametrize("number", NUMBERS, ids=[number[:9] for number in NUMBERS])
def test_an_amount_that_is_no_number_is_refused(network, number):
    with_cell(network, "resources", "capacity", number)
    check_refused(routed(network), f"resources.csv:2 [capacity]: {NUMBERS[number]}", "give capacity as published")


def test_an_unknown_column_is_named_with_the_right_one(network):
    text = (network / "links.csv").read_text(encoding="utf-8")
    (network / "links.csv").write_text(text.replace("length_km", "Length_km", 1), encoding="utf-8")
    check_refused(routed(network), "links.csv:1 [Length_km]: unknown column; write it as length_km")


@pytest.mark.parametrize("name", ["tariffs.csv.txt", "tarifs.csv", "tariff.csv", "tariffs.csv.bak"])
def test_a_misspelt_table_is_refused_and_not_passed_over_for_the_bundled_one(network, name):
    (network / "tariffs.csv").rename(network / name)
    check_refused(routed(network), f"{name} is not named as a table is; rename it to tariffs.csv, or remove it")


def test_a_copy_of_a_table_beside_it_is_left_alone(network):
    plain = routed(network)
    (network / "tariffs.csv.bak").write_bytes(b"mine")
    assert plain.code == 0
    assert routed(network) == plain


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("dataset", "value", "x\x00", "dataset.csv:2 [value]: has the control character '\\x00'; leave it out"),
        ("links", "mode", "tram", "links.csv:2 [mode]: 'tram' is not one of rail, road, sea, ferry, iww"),
        ("links", "valid_from", "2026-02-30", "links.csv:2 [valid_from]: '2026-02-30' is not a date YYYY-MM-DD"),
        ("links", "valid_from", "20260228", "links.csv:2 [valid_from]: '20260228' is not a date YYYY-MM-DD"),
        ("links", "season_from", "02-30", "links.csv:2 [season_from]: '02-30' is not a day of the year MM-DD"),
        ("links", "open_from", "24:00", "links.csv:2 [open_from]: '24:00' is not a time of day HH:MM"),
        ("links", "both_ways", "yes", "links.csv:2 [both_ways]: 'yes' is neither true nor false"),
        ("links", "mean_h", "1e9", "links.csv:2 [mean_h]: 1e9 is out of range (0 to 87600 h); give mean time"),
        ("links", "waypoints", "0 95", "links.csv:2 [waypoints]: '0 95' is out of range; the order is 'lon lat'"),
        ("links", "from", "nowhere", "links.csv:2 [from]: 'nowhere' is not in places.csv; correct it or add the row"),
        ("places", "id", "a b", "places.csv:2 [id]: 'a b' is not an id (no spaces, commas, semicolons or bars)"),
        ("places", "country", "China", "places.csv:2 [country]: 'China' is not an ISO 3166 alpha-2 country code"),
        ("places", "lat", "91", "places.csv:2 [lat]: 91 is out of range (-90 to 90 degree)"),
        ("places", "parent", "cn-a", "places.csv:2 [parent]: cn-a is its own parent; give the city that it belongs to"),
        ("spreads", "p90_ratio", "0.5", "spreads.csv:2 [p50_ratio]: not ascending: 1, 1, 0.5; give p10_ratio <= p50"),
        ("demand", "teu_per_year", "1e10", "demand.csv:2 [teu_per_year]: 1e10 is out of range (0 to 1e9 TEU/year)"),
        ("links", "note", "x" * 200_000, "links.csv cannot be read as CSV in UTF-8: line 2: a cell has more than"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_at_its_place(network, table, column, value, words):
    with_cell(network, table, column, value)
    check_refused(routed(network), words)


SETTINGS = [
    ("reference_date", "tomorrow", "'tomorrow' is not a date YYYY-MM-DD; give the day of queries without a date"),
    ("reference_date", "9999-12-31", "9999-12-31 is out of range (1990 to 2100); give a day of these years"),
    ("usd_year", "abc", "'abc' is not a whole number; give the year of all prices in results"),
    ("usd_year", "2031", "there is no deflator for 2031; give a year of deflators ("),
    ("inventory_rate_per_year", "nan", "nan is out of range (0 to 10); give the yearly cost of capital as a share"),
    ("inventory_rate_per_year", "-5", "-5 is out of range (0 to 10)"),
    ("inventory_rate_per_year", "x", "'x' is not a number"),
]


@pytest.mark.parametrize(("key", "value", "words"), SETTINGS)
@pytest.mark.parametrize("command", [["route", "cn-a", "kz-c"], ["assign"]], ids=["route", "assign"])
def test_a_setting_that_does_not_fit_is_refused_by_every_command(network, command, key, value, words):
    with (network / "dataset.csv").open(encoding="utf-8", newline="") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    with_cell(network, "dataset", "value", value, row=keys.index(key))
    seen = outcome([*command, "--network", "net"], network.parent)
    check_refused(seen, f"dataset.csv:{keys.index(key) + 2} [value]: {key}: {words}")


def test_the_check_says_what_the_other_commands_refuse(network):
    with_cell(network, "dataset", "value", "tomorrow", row=2)
    seen = outcome(["network", "check", "net"], network.parent)
    assert (seen.code, seen.err) == (2, "")
    assert seen.out.startswith("dataset.csv:4 [value]: reference_date: 'tomorrow' is not a date YYYY-MM-DD; give")


def test_a_mode_without_a_row_is_a_fault_of_the_first_link(network):
    text = (network / "modes.csv").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("rail,")]
    (network / "modes.csv").write_text("".join(kept), encoding="utf-8")
    check_refused(routed(network), "links.csv:2 [mode]: rail has no row in modes.csv; add the mode there")


def test_parents_in_a_circle_are_refused(tmp_path):
    places = [place("cn-a", parent="cn-b"), place("cn-b", parent="cn-a")]
    network = write_tiny(tmp_path / "net", links=[link("cn-a -- cn-b"), link("cn-b -- kz-c")], places=places)
    check_refused(routed(network), "places.csv:2 [parent]: cn-a is its own parent through cn-b; give the city")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "links.csv:1 [from]: the column is missing; add it"),
        (None, "links.csv: there is no row; give at least one of the links"),
    ],
    ids=["an empty file", "only a header"],
)
def test_a_table_without_rows_is_refused(network, content, words):
    header = (network / "links.csv").read_bytes().splitlines(keepends=True)[0]
    (network / "links.csv").write_bytes(header if content is None else content)
    check_refused(routed(network), words)


@pytest.mark.parametrize("table", ["links", "demand"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nothing"])
def test_what_is_no_file_in_place_of_a_table_is_refused_and_not_passed_over(network, table, kind):
    path = network / f"{table}.csv"
    path.unlink()
    match kind:
        case "folder":
            path.mkdir()
        case "pipe" if hasattr(os, "mkfifo"):
            os.mkfifo(path)
        case _:
            path.symlink_to("nothing.csv")
    check_refused(routed(network), f"{table}.csv is no file; put the table there, or remove it")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"id": "\ud800x"}, "places.geojson:1 [id]: has the control character '\\ud800'; give country code"),
        ({"name": "Xi\x07an"}, "places.geojson:1 [name]: has the control character '\\x07'; give name"),
        ({"lon": 1e308}, "is out of range (-180 to 180 degree)"),
        ({"year": 10**30}, "is out of range (1990 to 2100 year)"),
        ({"primary": "perhaps"}, "[primary]: 'perhaps' is neither true nor false"),
        ({"Name": "x"}, "places.geojson [Name]: unknown column; write it as name"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_property_that_does_not_fit_is_refused(network, properties, words):
    with (network / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]
    (network / "places.csv").unlink()
    features = [{"type": "Feature", "properties": row, "geometry": None} for row in rows]
    features[0]["properties"] |= properties
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (network / "places.geojson").write_text(text, encoding="utf-8")
    check_refused(routed(network), words)


@pytest.mark.parametrize("option", ["--value-of-time", "--value-of-reliability", "--carbon-price"])
@pytest.mark.parametrize("value", ["2e9", "-1"])
def test_a_weight_beyond_sums_of_money_is_refused(network, option, value):
    arguments = ["route", "cn-a", "kz-c", "--network", "net", "--objective", "generalised", option, value]
    check_refused(outcome(arguments, network.parent), "and must be from 0 to 1e+09")


def test_a_chapter_in_superscripts_is_refused(network):
    seen = outcome(["route", "cn-a", "kz-c", "--network", "net", "--hs", "²³"], network.parent)
    check_refused(seen, "--hs is '²³' and must be 2 to 10 digits")
