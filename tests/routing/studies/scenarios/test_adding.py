"""Rows that scenarios add."""

import pytest

from landbridge.networks.errors import ScenarioError
from landbridge.routing import route
from tests.support.changed_networks import changed, row
from tests.support.tiny import link, tiny_network

NEW = (
    'do = "add"\ntable = "links"\nrows = [{ id = "kz-a--kz-c--rail", from = "kz-a", to = "kz-c", mode = "rail", '
    'service = "rail", gauge = 1435, regime = "smgs", length_km = 120 }]'
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return tiny_network(tmp_path_factory.mktemp("tiny"), links=[link("kz-a -- kz-b"), link("kz-b -- kz-c")])


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def test_a_new_link_is_used_and_has_the_evidence_of_the_scenario(tiny):
    found = changed(tiny, NEW)
    assert (route(tiny, "A", "C")[0].distance_km, route(found, "A", "C")[0].distance_km) == (200, 120)
    added = row(found, "links", "kz-a--kz-c--rail")
    assert (added["length_source"], added["length_confidence"]) == (("SCENARIO-TEST",), "assumed")
    assert added["both_ways"] is True


def test_rows_of_csv_text_are_rows_as_well(tiny):
    rows = "id,from,to,mode,service,gauge,regime,length_km\\nkz-a--kz-c--rail,kz-a,kz-c,rail,rail,1435,smgs,120\\n"
    found = changed(tiny, f'do = "add"\ntable = "links"\ncsv = "{rows}"')
    assert found.links[-1] == changed(tiny, NEW).links[-1]


def test_a_place_can_be_added_for_a_link_of_a_later_change(tiny):
    place = (
        'do = "add"\ntable = "places"\nrows = [{ id = "kz-n", name = "N", kind = "terminal", country = "KZ", '
        'lon = 0.05, lat = 0.0, modes = ["rail"] }]'
    )
    new = NEW.replace("kz-c", "kz-n")
    assert route(changed(tiny, place, new), "C", "N")[0].distance_km == 100 + 100 + 120


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        (NEW.replace("kz-a--kz-c", "kz-a--kz-b"), "rows[0].id", "'kz-a--kz-b--rail' is already in links"),
        (NEW.replace("length_km", "lenght_km"), "rows[0].lenght_km", "no column of links; did you mean length_km"),
        (NEW.replace("120", "-1"), "rows[0].length_km", "-1 is out of range"),
        (NEW.replace('mode = "rail", ', ""), "rows[0].mode", "is blank"),
        (NEW.replace('to = "kz-c"', 'to = "kz-x"'), "", "links kz-a--kz-c--rail [to]: 'kz-x' is not in places.csv"),
        ('do = "add"\ntable = "links"\ncsv = "id,fro\\n"', "csv", "'fro' is no column of links; did you mean from"),
        ('do = "add"\ntable = "links"\ncsv = "id,from\\nx\\n"', "csv", "line 2 has another number of cells"),
    ],
)
def test_a_row_that_does_not_fit_is_a_fault_where_it_stands(tiny, change, key, message):
    with pytest.raises(ScenarioError) as caught:
        changed(tiny, change)
    assert caught.value.faults[0].column == f"changes[0].{key}".rstrip(".")
    assert message in str(caught.value)


def test_two_new_rows_of_one_id_are_a_fault(tiny):
    with pytest.raises(ScenarioError, match=r"changes\[1\]\.rows\[0\]\.id\]: 'kz-a--kz-c--rail' is already in links"):
        changed(tiny, NEW, NEW)
