"""Cells of files in GMNS: numbers, truth values, lists and units."""

import pytest

from landbridge.networks import DataError, QueryError
from landbridge.networks.formats.gmns_files import LENGTHS_KM, SPEEDS_KM_H, Record, read_folder, read_rows, words
from tests.support.gmns import written


def record(**cells):
    return Record("link.csv", 7, cells, [])


@pytest.mark.parametrize(("text", "value"), [("3", 3.0), (" 2.5 ", 2.5), ("1e3", 1000.0), ("", None), ("NaN", None)])
def test_numbers_are_read(text, value):
    row = record(length=text)
    assert row.number("length") == value
    assert row.faults == []


@pytest.mark.parametrize("text", ["long", "-1", "inf", "1e400", "1,5", "0x10"])
def test_what_is_no_number_is_a_fault(text):
    row = record(length=text)
    assert row.number("length") is None
    assert str(row.faults[0]) == f"link.csv:7 [length]: is {text!r}; give a number from 0"


def test_the_first_of_several_columns_that_is_not_blank_counts():
    assert record(capacity="", vdf_cap1="9").number("capacity", "vdf_cap1") == 9
    assert record(facility_type="nan", link_type_name="rail").text("facility_type", "link_type_name") == "rail"


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("1", True), ("false", False), ("0.0", False), ("", True)])
def test_truth_values_are_read(text, value):
    assert record(directed=text).boolean("directed", default=True) is value


def test_lists_are_separated_by_commas_semicolons_or_bars():
    assert words("Car, truck;bus | ") == ("car", "truck", "bus")


@pytest.mark.parametrize(("unit", "km"), [("mile", 1.609344), ("Meters", 0.001), ("km", 1), ("feet", 0.0003048)])
def test_units_of_length_are_those_of_the_configuration(tmp_path, unit, km):
    files = read_folder(written(tmp_path, config=f"long_length,speed\n{unit},mph\n"))
    assert files.km(2.0) == pytest.approx(2 * km)


def test_units_given_take_precedence(tmp_path):
    files = read_folder(written(tmp_path), length_unit="km", speed_unit="m/s")
    assert files.km(5.0) == 5
    assert files.km_h(10.0) == pytest.approx(36)


def test_speeds_are_lengths_per_hour():
    # A foot per second is 3,600 feet per hour.
    assert SPEEDS_KM_H["ft/s"] == pytest.approx(3600 * LENGTHS_KM["ft"])
    assert SPEEDS_KM_H["mph"] == LENGTHS_KM["mile"]
    assert SPEEDS_KM_H["m/s"] == pytest.approx(3600 * LENGTHS_KM["m"])


def test_an_unknown_unit_is_refused(tmp_path):
    with pytest.raises(QueryError, match="length_unit is 'league' and must be one of km"):
        read_folder(written(tmp_path), length_unit="league")


def test_column_names_may_be_in_any_case(tmp_path):
    files = read_folder(written(tmp_path, node="NODE_ID,X_coord,y_Coord\n1,9,50\n2,9,50.1\n3,9,50.3\n"))
    assert files.nodes["2"].number("y_coord") == 50.1


def test_a_file_that_is_not_there_is_named(tmp_path):
    files = read_folder(written(tmp_path))
    with pytest.raises(DataError, match=r"has no demand.csv; .* a problem demand.csv"):
        read_rows(files, "demand", ("volume",))


def test_a_file_may_have_no_rows_but_has_its_columns(tmp_path):
    files = read_folder(written(tmp_path, demand="VOLUME\n"))
    assert read_rows(files, "demand", ("volume",)) == []
    with pytest.raises(DataError, match=r"demand.csv:1 \[o_zone_id\]: the column is missing"):
        read_rows(files, "demand", ("o_zone_id", "volume"))


@pytest.mark.parametrize("header", ["node_id,x_coord,y_coord,x_coord", "node_id,x_coord,y_coord,X_Coord"])
def test_a_repeated_column_is_a_fault(tmp_path, header):
    files = read_folder(written(tmp_path, node=f"{header}\n1,9,50,8\n2,9,50.1,8\n3,9,50.3,8\n"))
    assert [str(fault) for fault in files.faults] == ["node.csv:1 [x_coord]: the column is repeated; keep one"]


def test_a_second_row_of_the_configuration_is_a_fault(tmp_path):
    files = read_folder(written(tmp_path, config="long_length,speed\nkm,km/h\nmile,mph\n"))
    assert [str(fault) for fault in files.faults] == ["config.csv:3: is a second row; keep one"]


@pytest.mark.parametrize("column", ["Volume", "VDF_fftt1", "VDF_cap1", "fixed_cost", "pce"])
def test_thousands_between_semicolons_are_faults_whatever_the_case_of_the_column(tmp_path, column):
    files = read_folder(written(tmp_path, demand=f"{column}\tname\n1.500\ta\n"))
    assert read_rows(files, "demand", ()) == []
    assert [fault.problem for fault in files.faults] == ["'1.500' may be 1500 or 1.50"]


def test_a_file_that_is_no_text_is_refused(tmp_path):
    folder = written(tmp_path)
    (folder / "node.csv").write_bytes(b"\xff\xfe\x00,\n")
    with pytest.raises(DataError, match=r"node.csv cannot be read as CSV in UTF-8"):
        read_folder(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing is not a folder; give one with node.csv and link.csv"):
        read_folder(tmp_path / "missing")


def test_many_links_are_read(tmp_path):
    nodes = "node_id,x_coord,y_coord\n" + "".join(f"{number},9,{number / 1e4}\n" for number in range(20_000))
    links = "link_id,from_node_id,to_node_id\n" + "".join(f"{n},{n},{n + 1}\n" for n in range(19_999))
    files = read_folder(written(tmp_path, node=nodes, link=links))
    assert (len(files.nodes), len(files.links), files.faults) == (20_000, 19_999, [])
