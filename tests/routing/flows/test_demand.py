"""Demand from CSV and from the network's own table, with every fault named."""

from dataclasses import replace

import pandas as pd
import pytest

from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.tables.table import Table
from landbridge.routing.flows.demand import (
    COLUMNS,
    DemandFlow,
    demand_given,
    demand_records,
    network_demand,
    read_demand,
    scaled,
)
from tests.support.flow_networks import two_ways_by_year
from tests.support.tiny import link, tiny_network


@pytest.fixture
def line(tmp_path):
    corridor = {"id": "east", "name": "East", "priority": 1, "require": "CN-KZ"}
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")]
    return tiny_network(tmp_path / "network", links=links, tables={"corridors": [corridor]})


def read(network, tmp_path, text):
    file = tmp_path / "demand.csv"
    file.write_text(text, encoding="utf-8")
    return read_demand(network, file)


def test_places_and_an_amount_are_enough(line, tmp_path):
    found = read(line, tmp_path, "origin,destination,teu_per_year\ncn-a,D,3650\n")
    assert found == [DemandFlow(origin="cn-a", destination="D", teu_per_year=3650, id="row 2")]
    assert found[0].value_usd_per_teu == 50_000
    assert found[0].value_of_time_usd_per_teu_h is None


def test_every_column_is_read_and_others_are_passed_over(line, tmp_path):
    found = read(
        line,
        tmp_path,
        "id,origin,destination,flow,teu_per_year,cargo_class,value_usd_per_teu,value_of_time_usd_per_teu_h,"
        "tonnes_per_teu,modes,corridor,source,year,confidence,note\n"
        "x,cn-a,kz-d,west,100,loose,0,2.5,10,rail;sea,EAST,P1,2024,derived,why\n\n",
    )
    assert found == [
        DemandFlow(
            origin="cn-a",
            destination="kz-d",
            teu_per_year=100,
            cargo_class="loose",
            value_usd_per_teu=0,
            value_of_time_usd_per_teu_h=2.5,
            tonnes_per_teu=10,
            modes=("rail", "sea"),
            corridor="east",
            id="x",
            flow="west",
        )
    ]


ROWS = [
    {"id": "x", "origin": "cn-a", "destination": "kz-d", "teu_per_year": 100, "modes": ["rail", "sea"]},
    {"id": "y", "origin": (0.0, 0.0), "destination": "kz-d", "tonnes_per_year": 1200.0, "cargo_class": "bulk"},
]


@pytest.mark.parametrize("given", [ROWS, iter(ROWS), pd.DataFrame(ROWS)], ids=["list", "iterator", "frame"])
@pytest.mark.parametrize("reader", [read_demand, demand_given])
def test_dictionaries_and_a_frame_are_demand_as_a_file_is(line, tmp_path, given, reader):
    if not isinstance(given, pd.DataFrame):
        given = list(ROWS)
    found = reader(line, given)
    assert found == [
        DemandFlow(origin="cn-a", destination="kz-d", teu_per_year=100, modes=("rail", "sea"), id="x"),
        DemandFlow(origin="0,0", destination="kz-d", teu_per_year=100, cargo_class="bulk", id="y"),
    ]
    text = (
        "id,origin,destination,teu_per_year,tonnes_per_year,cargo_class,modes\n"
        'x,cn-a,kz-d,100,,,rail;sea\ny,"0.0,0.0",kz-d,,1200,bulk,\n'
    )
    assert read(line, tmp_path, text) == [replace(found[0]), replace(found[1], origin="0.0,0.0")]


def test_faults_of_a_frame_count_its_rows_from_1(line):
    frame = pd.DataFrame({"origin": ["cn-a", "cn-x"], "destination": "kz-d", "teu_per_year": [float("nan"), 5]})
    with pytest.raises(DataError) as error:
        read_demand(line, frame)
    assert [(fault.file, fault.row, fault.column) for fault in error.value.faults] == [
        ("demand", 1, "teu_per_year"),
        ("demand", 2, "origin"),
    ]
    with pytest.raises(DataError, match=r"demand \[teu_per_year\]: the column is missing"):
        read_demand(line, frame[["origin", "destination"]])


def test_rows_of_demand_are_taken_as_they_are_and_none_at_all_is_refused(line):
    one = DemandFlow(origin="cn-a", destination="kz-d", teu_per_year=1)
    assert demand_given(line, [one]) == demand_given(line, iter([one])) == [one]
    with pytest.raises(QueryError, match="there is no demand"):
        demand_given(line, [])
    with pytest.raises(QueryError, match=r"demand is 5 and must be DemandFlow; give DemandFlow\(origin="):
        demand_given(line, [one, 5])


def test_a_flow_takes_points_and_one_mode_and_refuses_what_is_no_amount():
    flow = DemandFlow(origin=(43.25, 76.9), destination="kz-d", teu_per_year=1, modes="rail")
    assert (flow.origin, flow.modes) == ("43.25,76.9", ("rail",))
    for wrong in ({"teu_per_year": "many"}, {"teu_per_year": -1}, {"origin": None}, {"tonnes_per_teu": None}):
        with pytest.raises(QueryError, match=next(iter(wrong))):
            DemandFlow(**{"origin": "a", "destination": "b", "teu_per_year": 1} | wrong)


def test_tonnes_become_teu_by_the_weight_of_one(line, tmp_path):
    text = "origin,destination,tonnes_per_year,tonnes_per_teu\ncn-a,kz-d,1200,\ncn-a,kz-d,1200,24\n"
    assert [item.teu_per_year for item in read(line, tmp_path, text)] == [100, 50]


def test_a_row_has_one_amount(line, tmp_path):
    text = "origin,destination,teu_per_year,tonnes_per_year\ncn-a,kz-d,100,1200\n"
    with pytest.raises(DataError, match=r"demand.csv:2 \[tonnes_per_year\]: is given beside teu_per_year; give one of"):
        read(line, tmp_path, text)


BY_YEAR = (
    "id,origin,destination,teu_per_year,for_year\n"
    ",kz-a,kz-d,1,2024\n,kz-a,kz-d,2,2025\n,kz-a,kz-d,4,2030\n,kz-a,kz-d,8,\nx,kz-a,kz-d,16,\nx,kz-a,kz-d,32,2024\n"
)


@pytest.mark.parametrize(("year", "teu"), [(None, 26), (2024, 41), (2025, 26), (2030, 28)])
def test_a_given_table_may_have_a_demand_for_each_year_too(tmp_path, year, teu):
    network = two_ways_by_year(tmp_path / "network")
    network.tables["capacities"].rows.append({**network.tables["capacities"].rows[0], "year": 2030})
    path = tmp_path / "demand.csv"
    path.write_text(BY_YEAR, encoding="utf-8")
    for given in (path, pd.read_csv(path), pd.read_csv(path).to_dict("records")):
        for reader in (read_demand, demand_given):
            assert sum(item.teu_per_year for item in reader(network, given, year=year)) == teu
    again = list(demand_records(read_demand(network, path, year=year)))
    assert sum(item.teu_per_year for item in read_demand(network, again, year=year)) == teu


def faults(network, tmp_path, text):
    with pytest.raises(DataError) as error:
        read(network, tmp_path, text)
    return [(fault.row, fault.column) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("cn-a,kz-d,many,block,", [(2, "teu_per_year")]),
        ("cn-a,kz-d,-1,block,", [(2, "teu_per_year")]),
        ("cn-a,kz-d,nan,block,", [(2, "teu_per_year")]),
        ("cn-a,kz-d,1e308,block,", [(2, "teu_per_year")]),
        ("cn-a,kz-d,1000000001,block,", [(2, "teu_per_year")]),
        ("cn-a,kz-d,,block,", [(2, "teu_per_year")]),
        ("cn-a,nowhere,1,block,", [(2, "destination")]),
        (",kz-d,1,block,", [(2, "origin")]),
        ("cn-a,A,1,block,", [(2, "destination")]),
        ("cn-a,kz-d,1,fast,", [(2, "cargo_class")]),
        ("cn-a,kz-d,1,block,west", [(2, "corridor")]),
        ("cn-a,kz-d,1", [(2, "")]),
        (
            "cn-x,kz-y,1,block,west\ncn-a,kz-d,x,block,",
            [(2, "corridor"), (2, "destination"), (2, "origin"), (3, "teu_per_year")],
        ),
    ],
)
def test_every_fault_is_named_by_row_and_column(line, tmp_path, row, expected):
    header = "origin,destination,teu_per_year,cargo_class,corridor\n"
    assert faults(line, tmp_path, f"{header}{row}\n") == expected


def test_links_to_avoid_must_be_links_and_a_set_one_that_is_known(line, tmp_path):
    header = "origin,destination,teu_per_year,avoid_links,demand_set\n"
    found = faults(line, tmp_path, f"{header}cn-a,cn-b,5,nowhere--rail,demand\ncn-a,cn-b,5,,other\n")
    assert found == [(2, "avoid_links"), (3, "demand_set")]


def test_missing_columns_are_named(line, tmp_path):
    assert faults(line, tmp_path, "from,to\nx,y\n") == [(1, "destination"), (1, "origin"), (1, "teu_per_year")]


def test_a_fault_says_what_to_do(line, tmp_path):
    with pytest.raises(DataError, match=r"demand.csv:2 \[corridor\]: there is no corridor 'west'; give one of east"):
        read(line, tmp_path, "origin,destination,teu_per_year,corridor\ncn-a,kz-d,1,west\n")


def test_no_file_no_rows_and_no_csv_are_said_to_be_so(line, tmp_path):
    with pytest.raises(DataError, match="there is no file"):
        read_demand(line, tmp_path / "none.csv")
    with pytest.raises(DataError, match="has no demand"):
        read(line, tmp_path, "origin,destination,teu_per_year\n")
    with pytest.raises(DataError, match="cannot be read as CSV"):
        read(line, tmp_path, 'origin,destination,teu_per_year\n"cn-a,kz-d,1\n')


def test_the_table_of_a_network_is_demand_as_well(line):
    blank = dict.fromkeys([column.name for column in COLUMNS])
    row = blank | {"id": "x", "origin": "cn-a", "destination": "kz-d", "teu_per_year": 0.0, "modes": ("rail",)}
    line.tables["demand"] = Table("demand", "demand.csv", [row], [2])
    assert network_demand(line) == [
        DemandFlow(origin="cn-a", destination="kz-d", teu_per_year=0, modes=("rail",), id="x")
    ]


@pytest.mark.parametrize(("year", "expected"), [(2024, 50), (2025, 60), (None, 60)])
def test_the_table_may_have_a_demand_for_each_year(tmp_path, year, expected):
    found = network_demand(two_ways_by_year(tmp_path), year=year)
    assert [(item.id, item.teu_per_year / 365) for item in found] == [("x", expected), ("y", 1)]


def test_a_year_of_capacities_alone_has_the_demand_of_the_default_year(tmp_path):
    network = two_ways_by_year(tmp_path)
    network.tables["capacities"].rows.append({**network.tables["capacities"].rows[0], "year": 2030})
    # 60 of 2025, and not the row without a year alone.
    assert [item.teu_per_year / 365 for item in network_demand(network, year=2030)] == [60, 1]


def test_a_network_without_demand_says_so(line):
    line.tables.pop("demand", None)
    with pytest.raises(DataError, match="no table of demand"):
        network_demand(line)


def test_demand_is_scaled():
    item = DemandFlow(origin="a", destination="b", teu_per_year=10.0, flow="x")
    assert scaled([item], 1.5) == [DemandFlow(origin="a", destination="b", teu_per_year=15.0, flow="x")]


# The places lie within 3 km of 0 N 0 E.
@pytest.mark.parametrize("row", ['"0,0","0.001,0",5', 'cn-a,"0,-0.001",5', '"0,0.0301",kz-d,5'])
def test_points_with_one_terminal_are_a_fault_of_their_row(line, tmp_path, row):
    text = f"origin,destination,teu_per_year\ncn-a,kz-d,1\n{row}\n"
    with pytest.raises(DataError) as error:
        read(line, tmp_path, text)
    (fault,) = error.value.faults
    assert (fault.row, fault.column) == (3, "destination")
    assert "has the same terminal as the origin" in fault.problem


def test_a_point_without_a_terminal_within_reach_is_a_fault_of_its_row(line, tmp_path):
    # The places lie within 3 km of 0 N 0 E; 10 degrees are 1,112 km.
    with pytest.raises(DataError) as error:
        read(line, tmp_path, 'origin,destination,teu_per_year\n"10,0",kz-d,5\n')
    (fault,) = error.value.faults
    assert (fault.row, fault.column) == (2, "origin")
    assert fault.problem.startswith("has no terminal within reach: the nearest is ")
    assert "1,112 km away" in fault.problem


@pytest.mark.parametrize(
    ("column", "value"),
    [("value_usd_per_teu", 1e300), ("value_of_time_usd_per_teu_h", 1e10), ("tonnes_per_year", 1e11)],
)
def test_absurd_values_are_out_of_range(line, tmp_path, column, value):
    amount = "" if column == "tonnes_per_year" else ",teu_per_year"
    text = f"origin,destination,{column}{amount}\ncn-a,kz-d,{value}{',1' if amount else ''}\n"
    assert faults(line, tmp_path, text) == [(2, column)]
    if column != "tonnes_per_year":
        with pytest.raises(QueryError, match=f"{column} is .* and must be from 0 to"):
            DemandFlow(**{"origin": "cn-a", "destination": "kz-d", "teu_per_year": 1, column: value})


def test_demand_as_a_spreadsheet_saves_it_is_read(line, tmp_path):
    found = read(line, tmp_path, "\ufefforigin;destination;teu_per_year;\r\n cn-a ;kz-d;1000,5;\r\n;;;\r\n")
    assert [(item.origin.strip(), item.destination, item.teu_per_year) for item in found] == [("cn-a", "kz-d", 1000.5)]
