"""Rows that changes select."""

import pytest

from landbridge.networks.errors import ScenarioError
from tests.support.changed_networks import changed, row
from tests.support.tiny import link, tiny_network


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return tiny_network(
        tmp_path_factory.mktemp("tiny"),
        links=[
            link("kz-a -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- ru-d", "road"),
            link("kz-b -- kz-p", "sea", passage=("suez",)),
            link("kz-p -- ru-d", "sea", passage=("suez", "bosporus")),
        ],
        tables={"resources": [{"id": "hall", "name": "Hall", "kind": "terminal", "place": "kz-b", "capacity": 9}]},
    )


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def lengths(network):
    return {link["id"]: link["length_km"] for link in network.links}


def touched(tiny, selection):
    """Return the ids of the links that a selection means."""
    found = changed(tiny, f'do = "set"\ntable = "links"\n{selection}\nset = {{ length_km = 222 }}')
    return {name for name, km in lengths(found).items() if km == 222}


def test_ids_are_whole_names_or_patterns_with_star_and_question_mark(tiny):
    assert touched(tiny, 'ids = ["kz-a--kz-b--rail"]') == {"kz-a--kz-b--rail"}
    assert touched(tiny, 'ids = ["kz-?--*--rail"]') == {"kz-a--kz-b--rail", "kz-b--ru-c--rail"}


def test_a_pattern_of_many_stars_is_answered(tiny):
    assert touched(tiny, 'ids = ["' + "*k*z*" * 2 + '"]') == {"kz-a--kz-b--rail", "kz-b--kz-p--sea"}
    with pytest.raises(ScenarioError, match="is no id of links"):
        touched(tiny, 'ids = ["' + "*a" * 500 + '"]')


def test_brackets_and_dots_of_an_id_mean_themselves(tiny):
    with pytest.raises(ScenarioError, match=r"'kz-\[ab\]\*' is no id of links"):
        touched(tiny, 'ids = ["kz-[ab]*"]')


def test_a_property_is_a_value_or_one_of_a_list_and_of_lists_what_they_contain(tiny):
    assert touched(tiny, 'where = { mode = "rail" }') == {"kz-a--kz-b--rail", "kz-b--ru-c--rail"}
    assert touched(tiny, 'where = { mode = ["road", "sea"], passage = "bosporus" }') == {"kz-p--ru-d--sea"}
    assert touched(tiny, 'where = { passage = ["bosporus", "suez"] }') == {"kz-b--kz-p--sea", "kz-p--ru-d--sea"}


def test_ids_and_properties_both_hold(tiny):
    assert touched(tiny, 'ids = ["kz-*"]\nwhere = { mode = "sea" }') == {"kz-b--kz-p--sea", "kz-p--ru-d--sea"}


def test_a_blank_property_selects_blank_cells(tiny):
    assert touched(tiny, 'where = { passage = "", mode = "rail" }') == {"kz-a--kz-b--rail", "kz-b--ru-c--rail"}


def test_a_country_is_that_of_the_land_that_a_link_passes(tiny):
    # Not the ships, for the sea is no land.
    assert touched(tiny, 'where = { country = "RU" }') == {"kz-b--ru-c--rail", "ru-c--ru-d--road"}


def test_a_resource_is_in_the_country_of_its_place(tiny):
    change = 'do = "set"\ntable = "resources"\nwhere = { country = "KZ" }\nset = { capacity = 7 }'
    assert row(changed(tiny, change), "resources", "hall")["capacity"] == 7


@pytest.mark.parametrize(
    ("selection", "key", "message"),
    [
        ('ids = ["kz-a--kz-b--rial"]', "ids[0]", "is no id of links; did you mean kz-a--kz-b--rail"),
        ('ids = ["kz-a--kz-b--rail", "x*"]', "ids[1]", "'x*' is no id of links"),
        ('where = { mod = "rail" }', "where.mod", "is no property of links; did you mean mode"),
        ('where = { length_km = "far" }', "where.length_km", "'far' is not a number"),
        ('where = { country = "XX" }', "where.country", "'XX' is no country"),
        ('ids = ["*"]\nwhere = { gauge = 1520 }', "ids", "meets 0 rows of links, and must meet 1 or more"),
        ('ids = ["*"]\nrows = 4', "rows", "meets 5 rows of links, and must meet 4"),
        ('ids = ["*"]\nrows = { min = 1, max = 3 }', "rows", "meets 5 rows of links, and must meet 1 to 3"),
    ],
)
def test_what_is_not_met_is_a_fault_at_its_key_with_near_names(tiny, selection, key, message):
    with pytest.raises(ScenarioError) as caught:
        touched(tiny, selection)
    (fault,) = caught.value.faults
    assert fault.column == f"changes[0].{key}"
    assert message in str(fault)
    assert fault.row > 3  # below the head and [[changes]]


def test_none_may_be_met_where_rows_say_so(tiny):
    assert touched(tiny, 'ids = ["nothing"]\nrows = { min = 0 }') == set()


def test_crossings_are_counted_by_their_names(tiny):
    change = 'do = "close"\nwhat = "crossings"\nids = ["suez"]\nrows = 1'
    closed = {link["id"] for link in changed(tiny, change).links if link["valid_to"]}
    assert closed == {"kz-b--kz-p--sea", "kz-p--ru-d--sea"}


@pytest.mark.parametrize("name", ["KZ-RU:rail", "RU-KZ:rail", "RU-K?:rail"])
def test_a_border_has_its_countries_in_either_order(tiny, name):
    change = f'do = "close"\nwhat = "crossings"\nids = ["{name}"]\nrows = 1'
    assert {link["id"] for link in changed(tiny, change).links if link["valid_to"]} == {"kz-b--ru-c--rail"}


@pytest.mark.parametrize("name", ["kz-ru:rail", "RU-KS:rail", "ru-kz:rial"])
def test_of_an_unknown_border_the_near_one_comes_first_of_any_case_and_order(tiny, name):
    with pytest.raises(ScenarioError, match=f"'{name}' is no id of crossings; did you mean KZ-RU:rail"):
        changed(tiny, f'do = "close"\nwhat = "crossings"\nids = ["{name}"]')


def test_part_of_an_id_offers_the_ids_that_have_it(tiny):
    with pytest.raises(ScenarioError, match=r"'rail' is no id of links; did you mean kz-a--kz-b--rail or kz-b--ru-c"):
        touched(tiny, 'ids = ["rail"]')


def test_an_unknown_crossing_names_near_ones(tiny):
    with pytest.raises(ScenarioError, match=r"'KZ-RV' is no id of crossings; did you mean KZ-RU"):
        changed(tiny, 'do = "close"\nwhat = "crossings"\nids = ["KZ-RV"]')
