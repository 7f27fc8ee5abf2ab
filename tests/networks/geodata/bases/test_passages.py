"""Passages of the sea: gates that lanes cross, seasons, and who may go through."""

from datetime import date

import numpy as np
import pytest

from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.geodata.bases.passages import (
    NAMED,
    STRAIT,
    Passage,
    closed_passages,
    passages_not_named,
    passages_of,
    read_passages,
)

STRAITS = Passage("strait", "Strait", STRAIT, (((10.0, 0.0), (10.0, 2.0)),))
WINTER = Passage("winter", "Shut in summer", NAMED, (((20.0, 0.0), (20.0, 2.0)),), ((11, 1), (3, 31)))
PASSAGES = (STRAITS, WINTER)


@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        ((9.0, 1.0), (11.0, 1.0), True),
        ((11.0, 1.0), (9.0, 1.0), True),
        ((9.0, 3.0), (11.0, 3.0), False),  # beside the gate
        ((8.0, 1.0), (9.0, 1.0), False),  # short of it
        ((9.0, 0.5), (9.0, 1.5), False),  # along it
        ((-179.0, 1.0), (179.0, 1.0), False),  # the short way over 180 degrees, not the long one over the gate
    ],
)
def test_a_lane_goes_through_a_passage_if_it_crosses_the_gate(start, end, crosses):
    assert STRAITS.crossed_by(np.array([start]), np.array([end])).tolist() == [crosses]


def test_a_line_with_a_point_on_the_gate_crosses_once():
    line = np.array([(9.0, 1.0), (10.0, 1.0), (11.0, 1.0)])
    assert STRAITS.crossed_by(line[:-1], line[1:]).sum() == 1


def test_a_line_has_the_passages_that_it_crosses():
    assert passages_of([(9.0, 1.0), (11.0, 1.0), (21.0, 1.0)], PASSAGES) == ("strait", "winter")
    assert passages_of([(9.0, 1.0), (9.5, 1.0)], PASSAGES) == ()


@pytest.mark.parametrize(("day", "opened"), [((1, 15), True), ((3, 31), True), ((4, 1), False), ((11, 1), True)])
def test_a_season_may_run_over_the_new_year(day, opened):
    assert WINTER.in_season(date(2026, *day)) is opened


def test_a_passage_to_be_named_is_shut_to_those_who_do_not_and_out_of_season_to_all():
    assert closed_passages(PASSAGES) == {"winter"}
    assert closed_passages(PASSAGES, named=["winter"]) == set()
    assert closed_passages(PASSAGES, named=["winter"], on=date(2026, 7, 1)) == {"winter"}
    assert closed_passages(PASSAGES, named=["winter"], avoid=["strait"], on=date(2026, 1, 1)) == {"strait"}


def test_a_link_uses_straits_and_what_it_names():
    assert passages_not_named(PASSAGES, ()) == {"winter"}
    assert passages_not_named(PASSAGES, ["winter", "danube"]) == set()


def test_an_unknown_passage_is_an_error_that_lists_the_known():
    with pytest.raises(QueryError, match="seuz: no such sea passage; known passages are strait, winter"):
        closed_passages(PASSAGES, avoid=["seuz"])


def test_all_faulty_rows_are_told(tmp_path):
    file = tmp_path / "sea_passages.csv"
    file.write_text(
        "id,name,use,season_from,season_to,gate\n"
        "a,A,sometimes,,,1 1;2 2\n"
        "b,B,strait,,,1 1;2\n"
        "c,C,named,02-31,03-01,1 1;2 2\n"
    )
    with pytest.raises(DataError) as caught:
        read_passages(file)
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4]


def test_the_bundled_passages_hold_those_that_corridors_are_told_by():
    passages = {passage.id: passage for passage in read_passages()}
    assert {"suez", "cape", "nsr", "volga-don", "malacca", "bosporus", "bab-el-mandeb", "panama"} <= set(passages)
    assert passages["nsr"].season == ((7, 1), (11, 30))
    assert all(passages[name].use == NAMED for name in ("nsr", "northwest", "panama", "volga-don"))
