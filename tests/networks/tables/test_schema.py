"""The schema: what the cells of a table may hold, and that a value survives being written and read."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.networks.tables.schema import Column, schemas
from landbridge.networks.tables.table import (
    NETWORK_TABLES,
    REFERENCE_TABLES,
    REQUIRED_TABLES,
    STUDY_TABLES,
    VALIDATION_TABLES,
)
from landbridge.networks.words import hidden_in


def column(kind: str, *, allowed: str = "", default: str = "", unit: str = "") -> Column:
    return Column("c", kind, unit, required=False, default=default, allowed=allowed, meaning="a value")


@pytest.mark.parametrize(
    ("kind", "allowed", "text", "value"),
    [
        ("number", "", "2.5", 2.5),
        ("number", "", "1E5", 100_000.0),
        ("number", "0..1", " 1 ", 1.0),
        ("number", "-180..180", "-180", -180.0),
        ("integer", "1435|1520", "1520", 1520),
        ("integer", "1990..2100", "1990", 1990),
        ("boolean", "", "true", True),
        ("boolean", "", "false", False),
        ("boolean", "", "TRUE", True),
        ("boolean", "", "False", False),
        ("date", "", "2022-02-24", date(2022, 2, 24)),
        ("monthday", "", "02-29", 229),
        ("monthday", "", "11-01", 1101),
        ("clock", "", "00:00", time(0)),
        ("clock", "", "23:59", time(23, 59)),
        ("clocks", "", "06:00; 18:30;", (time(6), time(18, 30))),
        ("country", "countries.code", "NA", "NA"),
        ("id", "", "kz-dostyk--entry", "kz-dostyk--entry"),
        ("ref", "places.id", "0101", "0101"),
        ("text", "", "0101", "0101"),
        ("text", "", "1E5", "1E5"),
        ("text", "rail|road", "rail", "rail"),
        ("list", "countries.code", "KZ; CN;", ("KZ", "CN")),
    ],
)
def test_text_becomes_a_value_by_its_column_and_not_by_its_looks(kind, allowed, text, value):
    found = column(kind, allowed=allowed).parse(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "allowed", "text", "says"),
    [
        ("number", "", "3,5", "not a number"),
        ("number", "", "1_000", "not a number"),
        ("number", "", "nan", "out of range"),
        ("number", "", "inf", "out of range"),
        ("number", "", "1e999", "out of range"),
        ("number", "0..1", "1.0001", "0 to 1"),
        ("number", "0..", "-0.1", "0 to no limit"),
        ("number", "-90..90", "95", "-90 to 90"),
        ("integer", "", "2.5", "not a whole number"),
        ("integer", "", "1_000", "not a whole number"),
        ("integer", "", "1e3", "not a whole number"),
        ("integer", "1435|1520", "1524", "1435, 1520"),
        ("integer", "1990..2100", "1989", "1990 to 2100"),
        ("boolean", "", "yes", "neither true nor false"),
        ("boolean", "", "1", "neither true nor false"),
        ("date", "", "24.02.2022", "YYYY-MM-DD"),
        ("date", "", "2023-02-29", "YYYY-MM-DD"),
        ("date", "", "2024-W10-1", "YYYY-MM-DD"),
        ("monthday", "", "13-01", "MM-DD"),
        ("monthday", "", "02-30", "MM-DD"),
        ("monthday", "", "W10-1", "MM-DD"),
        ("clock", "", "24:00", "HH:MM"),
        ("clock", "", "7:30", "HH:MM"),
        ("clock", "", "07:30:00", "HH:MM"),
        ("clock", "", "0730", "HH:MM"),
        ("clock", "", "07:60", "HH:MM"),
        ("clocks", "", "06:00;noon", "HH:MM"),
        ("country", "", "KAZ", "alpha-2"),
        ("country", "", "kz", "alpha-2"),
        ("id", "", "kz dostyk", "not an id"),
        ("id", "", "a;b", "not an id"),
        ("ref", "", "a|b", "not an id"),
        ("text", "rail|road", "air", "rail, road"),
        ("list", "rail|road", "rail;air", "rail, road"),
        ("list", "countries.code", "KZ;CHN", "alpha-2"),
    ],
)
def test_text_that_does_not_fit_is_refused_with_what_the_column_takes(kind, allowed, text, says):
    with pytest.raises(ValueError, match=says):
        column(kind, allowed=allowed).parse(text)


def test_a_refused_number_names_its_unit():
    with pytest.raises(ValueError, match="0 to 100 km/h"):
        column("number", allowed="0..100", unit="km/h").parse("150")


def test_a_blank_cell_is_none_an_empty_list_or_the_default():
    assert column("number").parse("  ") is None
    assert column("list").parse("") == ()
    assert column("clocks").parse("") == ()
    assert column("clock").parse("") is None
    assert column("number", default="12").parse("") == 12.0
    assert column("boolean", default="true").parse("") is True


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("number", st.floats(allow_nan=False, allow_infinity=False)),
        ("integer", st.integers()),
        ("boolean", st.booleans()),
        ("date", st.dates()),
        ("monthday", st.dates().map(lambda day: day.month * 100 + day.day)),
        ("clock", st.times().map(lambda clock: time(clock.hour, clock.minute))),
        ("clocks", st.lists(st.times().map(lambda clock: time(clock.hour, clock.minute))).map(tuple)),
        ("list", st.lists(st.from_regex(r"[A-Za-z0-9-]+", fullmatch=True)).map(tuple)),
        ("text", st.text(min_size=1).map(str.strip).filter(lambda text: text and not hidden_in(text))),
    ],
)
def test_parse_undoes_format(kind, values):
    @given(values)
    def holds(value):
        assert column(kind).parse(column(kind).format(value)) == value

    holds()


def test_a_column_knows_the_table_that_its_ids_come_from():
    assert column("ref", allowed="places.id").refers_to == "places"
    assert column("list", allowed="countries.code").refers_to == "countries"
    assert column("number", allowed="0..1").refers_to is None
    assert column("text", allowed="rail|road").refers_to is None


def test_evidence_is_found_by_its_prefix():
    assert schemas()["places"].evidence_prefixes == ("",)
    assert schemas()["links"].evidence_prefixes == ("time_", "open_", "length_")
    assert schemas()["operations"].evidence_prefixes == ("time_", "open_", "reform_", "fee_", "co2e_")
    assert schemas()["sources"].evidence_prefixes == ()


def test_every_table_that_the_code_names_has_a_schema():
    assert {*REFERENCE_TABLES, *NETWORK_TABLES, *VALIDATION_TABLES, *STUDY_TABLES} == set(schemas())
    assert set(REQUIRED_TABLES) <= set(NETWORK_TABLES)


@pytest.mark.parametrize("table", sorted(schemas()))
def test_a_schema_is_complete(table):
    schema = schemas()[table]
    assert len(set(schema.names)) == len(schema.names)
    for item in schema.columns:
        assert item.meaning, item.name
        assert item.refers_to is None or item.refers_to in schemas(), item.name
        if item.default:
            assert item.parse("") is not None, item.name
    for prefix in schema.evidence_prefixes:
        assert {f"{prefix}source", f"{prefix}year", f"{prefix}confidence"} <= set(schema.names)


@pytest.mark.parametrize("table", sorted(schemas()))
def test_names_are_unique_for_qgis_and_none_is_its_own(table):
    """GeoPackage columns are compared without regard to case, and fid, ogc_fid and geom belong to GDAL."""
    names = [name.casefold() for name in schemas()[table].names]
    assert len(set(names)) == len(names)
    assert not {"fid", "ogc_fid", "geom", "geometry"} & set(names)


def test_units_stand_in_the_names_of_what_is_measured():
    endings = {"h": "_h", "km": "_km", "km/h": "_km_h", "USD/TEU": "_per_teu", "USD/FEU": "_per_feu"}
    for schema in schemas().values():
        for item in schema.columns:
            ending = endings.get(item.unit)
            assert ending is None or item.name.endswith(ending), f"{schema.table}.{item.name}"


@pytest.mark.parametrize("text", ["1,000", "1.000.000", "1 000", "12,345.5", "1'000"])
def test_a_number_with_marks_of_thousands_is_told_to_leave_them_out(text):
    with pytest.raises(ValueError, match=r"is not a number \(write nothing between thousands, and a decimal point\)"):
        column("number").parse(text)
