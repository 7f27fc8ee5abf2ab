"""Demand that is no table, or a damaged one, or does not fit, is refused with file, row, column and cure."""

import json
import os

import pytest

from tests.support.hostile_tables import NUMBERS, as_saved, damaged, unreadable
from tests.support.refusals import check_refused, outcome, untouched
from tests.support.tiny import link, write_tiny

GOOD = {"origin": "cn-a", "destination": "kz-c", "teu_per_year": "3650"}
LINKS = [link("cn-a -- cn-b"), link("cn-b -- kz-c")]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("network"), links=LINKS)


def assigned(folder, network, content, *options):
    (folder / "few.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return outcome(["assign", "few.csv", "--network", str(network), *options], folder)


@pytest.mark.parametrize("name", unreadable(GOOD))
def test_what_is_no_table_is_refused(tmp_path, network, name):
    content, words = unreadable(GOOD)[name]
    check_refused(assigned(tmp_path, network, content), "few.csv", *words)


@pytest.mark.parametrize("name", damaged(GOOD, "origin"))
def test_a_damaged_table_is_refused(tmp_path, network, name):
    content, words = damaged(GOOD, "origin")[name]
    check_refused(assigned(tmp_path, network, content), "few.csv", *words)


@pytest.mark.parametrize("name", as_saved(GOOD))
def test_a_table_is_read_as_programs_save_it(tmp_path, network, name):
    plain = assigned(tmp_path, network, ",".join(GOOD) + "\n" + ",".join(GOOD.values()), "--json")
    assert plain.code == 0, plain.err
    assert assigned(tmp_path, network, as_saved(GOOD)[name], "--json") == plain


@pytest.mark.parametrize("number", NUMBERS, ids=[number[:9] for number in NUMBERS])
def test_an_amount_that_is_no_number_is_refused_and_nothing_is_written(tmp_path, network, number):
    header = "value_of_time_usd_per_teu_h,origin,destination,teu_per_year\n"
    content = f'{header}5,cn-a,kz-c,3650\n,cn-a,kz-c,"{number}"\n'
    (tmp_path / "few.csv").write_text(content, encoding="utf-8")
    with untouched(tmp_path):
        seen = assigned(tmp_path, network, content, "--out", "answer")
    check_refused(seen, f"few.csv:3 [teu_per_year]: {NUMBERS[number]}", "give TEU per year")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"origin": "kz-c"}, "[destination]: is the same place as the origin; give two different places"),
        ({"origin": "Zzyzyx"}, "[origin]: no place is called 'Zzyzyx'"),
        ({"origin": "x" * 100_000}, f"[origin]: no place is called '{'x' * 59}..."),
        ({"origin": '"95,200"'}, "[origin]: '95,200' is out of range; coordinates are lat,lon"),
        ({"teu_per_year": ""}, "[teu_per_year]: is blank; give teu_per_year or tonnes_per_year"),
        ({"cargo_class": "fast"}, "[cargo_class]: 'fast' is not one of block, loose, road, bulk, timetabled"),
        ({"modes": "rail;air"}, "[modes]: 'air' is not one of rail, road, sea, ferry, iww"),
        ({"corridor": "silk"}, "[corridor]: there is no corridor 'silk'"),
        ({"avoid_links": "x--y"}, "[avoid_links]: there is no link 'x--y'"),
        ({"value_usd_per_teu": "1e10"}, "[value_usd_per_teu]: 1e10 is out of range (0 to 1e+09)"),
        ({"value_of_time_usd_per_teu_h": "1e7"}, "[value_of_time_usd_per_teu_h]: 1e7 is out of range (0 to 1e+06)"),
        ({"tonnes_per_teu": "0"}, "[tonnes_per_teu]: 0 is out of range (0.01 to 30.48)"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_value_that_does_not_fit_is_refused_at_its_cell(tmp_path, network, cells, words):
    row = GOOD | cells
    content = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    check_refused(assigned(tmp_path, network, content), "few.csv:2 " + words)


@pytest.mark.parametrize("column", ["value_usd_per_TEU", "value_usd_per_tue", "value usd per teu"])
def test_a_misspelt_column_is_refused_and_not_passed_over_for_the_default(tmp_path, network, column):
    seen = assigned(tmp_path, network, f"origin,destination,teu_per_year,{column}\ncn-a,kz-c,3650,90000\n")
    words = f"few.csv:1 [{column}]: unknown column; write it as value_usd_per_teu, or give it another name"
    check_refused(seen, words)


def test_points_with_one_terminal_are_refused_at_their_row(tmp_path, network):
    content = 'origin,destination,teu_per_year\ncn-a,kz-c,1\n"0.001,0.0","0.002,0.0",1\n'
    check_refused(assigned(tmp_path, network, content), "few.csv:3 [destination]: has the same terminal as the origin")


def test_rows_that_are_given_twice_are_added_up(tmp_path, network):
    header, row = ",".join(GOOD), ",".join(GOOD.values())
    options = ("--logit", "100", "--json")
    once = assigned(tmp_path, network, f"{header}\n{row.replace('3650', '7300')}\n", *options)
    twice = assigned(tmp_path, network, f"{header}\n{row}\n{row}\n", *options)
    assert (once.code, twice.code) == (0, 0), twice.err
    one, two = (json.loads(seen.out) for seen in (once, twice))
    assert one["served_teu_day"] == pytest.approx(two["served_teu_day"]) == 20


def test_all_faults_are_said_at_once(tmp_path, network):
    content = "origin,destination,teu_per_year\nZzyzyx,kz-c,1\ncn-a,kz-c,x\ncn-a,kz-c,1,2\n"
    check_refused(assigned(tmp_path, network, content), "3 faults", "few.csv:2", "few.csv:3", "few.csv:4")


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "few.csv:1 [origin]: the column is missing"), (",".join(GOOD), "few.csv has no demand; give at least one")],
    ids=["an empty file", "only a header"],
)
def test_a_file_without_rows_is_refused(tmp_path, network, content, words):
    check_refused(assigned(tmp_path, network, content), words)


def test_what_is_no_file_is_refused(tmp_path, network):
    (tmp_path / "folder.csv").mkdir()
    for given, words in (("folder.csv", "folder.csv cannot be read (Is a directory); give a file"), ("x", "no file x")):
        check_refused(outcome(["assign", given, "--network", str(network)], tmp_path), words)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path, network):
    os.mkfifo(tmp_path / "pipe.csv")
    check_refused(outcome(["assign", "pipe.csv", "--network", str(network)], tmp_path), "pipe.csv:1 [origin]")
    (tmp_path / "pipe.csv").unlink()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable for this user")
def test_a_file_that_may_not_be_read_is_refused(tmp_path, network):
    (tmp_path / "shut.csv").touch(mode=0)
    seen = outcome(["assign", "shut.csv", "--network", str(network)], tmp_path)
    check_refused(seen, "shut.csv cannot be read (Permission denied); give a file")


def test_an_unserved_cost_beyond_the_solvers_is_refused(tmp_path):
    row = {"key": "unserved_usd_per_teu", "value": "1e308"}
    other = write_tiny(tmp_path / "net", links=LINKS, tables={"dataset": [row]})
    words = "dataset.csv:8 [value]: unserved_usd_per_teu: 1e308 is out of range (1 to 1e9 USD/TEU); give the cost"
    check_refused(assigned(tmp_path, other, ",".join(GOOD) + "\n" + ",".join(GOOD.values())), words)
