"""Places of a network in GMNS: their kind, country and id."""

import pytest

from landbridge.networks.formats.gmns_files import read_folder
from landbridge.networks.formats.gmns_places import free_name, gmns_places
from tests.support.gmns import NODE, written


def places(folder, node, country="DE"):
    return gmns_places(read_folder(written(folder, node=node)), country, 2024)


def test_a_node_type_that_is_a_kind_of_place_is_kept(tmp_path):
    rows = zip(NODE.splitlines(), ("node_type", "port", "signal", "Border"), strict=True)
    found = places(tmp_path, "\n".join(",".join(row) for row in rows))
    assert [row["kind"] for row in found.values()] == ["port", "junction", "border"]


def test_a_node_without_a_name_is_called_by_its_id(tmp_path):
    found = places(tmp_path, NODE.replace("Bruck", ""))
    assert (found["2"]["name"], found["2"]["id"]) == ("Node 2", "de-2")


@pytest.mark.parametrize(("name", "place"), [("Köln Süd", "de-koln-sud"), ("西安", "de-node"), ("A/B;C", "de-a-b-c")])
def test_ids_are_country_and_name_in_ascii(tmp_path, name, place):
    assert places(tmp_path, NODE.replace("Bruck", name))["2"]["id"] == place


def test_names_in_another_script_that_leave_nothing_differ_by_their_node(tmp_path):
    found = places(tmp_path, NODE.replace("Bruck", "西安").replace("Calw", "成都"))
    assert [row["id"] for row in found.values()] == ["de-aach", "de-node-2", "de-node-3"]


def test_an_id_of_ours_is_kept_and_a_name_that_would_be_the_same_is_numbered(tmp_path):
    rows = zip(NODE.splitlines(), ("landbridge_id", "", "de-aach-1", ""), strict=True)
    node = "\n".join(",".join(row) for row in rows).replace("Calw", "Aach")
    assert [row["id"] for row in places(tmp_path, node).values()] == ["de-aach-1-2", "de-aach-1", "de-aach-3"]


def test_a_node_in_no_country_is_a_fault_that_says_what_to_give(tmp_path):
    files = read_folder(written(tmp_path, node=NODE.replace("9.0,50.1", "-30.0,40.0")))
    gmns_places(files, None, 2024)
    cure = "give the column country, or the country of the whole network"
    assert [str(fault) for fault in files.faults] == [f"node.csv:3 [country]: the node lies in no country; {cure}"]


def test_free_names_are_numbered():
    taken = {"a"}
    assert [free_name("a", taken), free_name("a", taken), free_name("b", taken)] == ["a-2", "a-3", "b"]
