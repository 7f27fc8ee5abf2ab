"""What tables under change keep, and what new rows and sources they get."""

import pytest

from landbridge.networks.errors import ScenarioError
from tests.support.changed_networks import changed, row
from tests.support.tiny import link, tiny_network

LENGTH = 'do = "set"\ntable = "links"\nids = ["kz-a--kz-b--rail"]\nset = { length_km = 222 }'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return tiny_network(tmp_path_factory.mktemp("tiny"), links=[link("kz-a -- kz-b"), link("kz-b -- kz-c")])


@pytest.fixture
def tiny(drawn, tmp_path):  # noqa: ARG001 - with a folder of its own a test has no real roads around it
    return drawn


def test_the_old_network_and_tables_without_a_change_stay_the_same_objects(tiny):
    before = [dict(row) for row in tiny.links]
    found = changed(tiny, LENGTH)
    assert [dict(row) for row in tiny.links] == before
    assert found.tables["operations"] is tiny.tables["operations"]
    assert found.tables["links"] is not tiny.tables["links"]
    assert found.links[1] is tiny.links[1]


def test_a_changed_cell_names_the_scenario_as_an_assumption(tiny):
    found = changed(tiny, f"{LENGTH}\nyear = 2024", name="longer")
    link_row = row(found, "links", "kz-a--kz-b--rail")
    assert (link_row["length_source"], link_row["length_year"]) == (("SCENARIO-LONGER",), 2024)
    assert link_row["length_confidence"] == "assumed"
    assert row(found, "sources", "SCENARIO-LONGER")["kind"] == "assumption"


def test_sources_of_the_scenario_stand_behind_it_and_those_of_a_change_alone(tiny):
    of_scenario = changed(tiny, LENGTH, sources='["A1", "a paper"]')
    assert row(of_scenario, "links", "kz-a--kz-b--rail")["length_source"] == ("SCENARIO-TEST", "A1")
    assert row(of_scenario, "sources", "SCENARIO-TEST")["note"] == "A1; a paper"
    own = changed(tiny, f'{LENGTH}\nsource = ["A1", "https://example.org/a"]\nyear = 2020\nconfidence = "published"')
    link_row = row(own, "links", "kz-a--kz-b--rail")
    assert link_row["length_source"] == ("A1", "SCENARIO-TEST-1-2")
    assert (link_row["length_year"], link_row["length_confidence"]) == (2020, "published")
    assert row(own, "sources", "SCENARIO-TEST-1-2")["url"] == "https://example.org/a"


def test_an_unknown_id_of_a_source_is_a_fault(tiny):
    with pytest.raises(ScenarioError, match=r"changes\[0\]\.source\[0\].*'AA1' is no source; did you mean A1"):
        changed(tiny, f'{LENGTH}\nsource = ["AA1"]')


def test_a_value_that_is_there_already_changes_nothing(tiny):
    found = changed(tiny, LENGTH.replace("222", "100"))
    assert found.links[0] is tiny.links[0]
    assert "SCENARIO-TEST" not in found.sources


def test_all_faults_of_all_changes_come_at_once(tiny):
    bad = 'do = "set"\ntable = "links"\nids = ["kz-a--kz-b--rail"]\nset = { length_km = -1, mode = "air" }'
    with pytest.raises(ScenarioError) as caught:
        changed(tiny, bad, 'do = "close"\nwhat = "links"\nids = ["nowhere"]')
    assert [fault.column for fault in caught.value.faults] == [
        *("changes[0].set.length_km", "changes[0].set.mode", "changes[1].ids[0]"),
    ]
