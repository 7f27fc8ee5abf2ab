"""The Network: its views are those of its tables."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from landbridge.networks import LandbridgeError, QueryError, read_network
from landbridge.networks.graph.state_graph import EdgeKind
from tests.support.tiny import link, operation, place, service, tiny_network, write_tiny

LINKS = [link("cn-a -- cn-b", id="l"), link("cn-b -- sea-x", "sea", id="m"), link("sea-x -- sg-c", "sea", id="n")]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return tiny_network(
        tmp_path_factory.mktemp("tiny"),
        links=LINKS,
        places=[
            place("cn-b", lon=120.5, lat=30, aliases=("Бэ", "B"), unlocode="CNBBB"),
            place("cn-city", kind="city", modes=()),
            place("cn-a", parent="cn-city", lon=120, lat=30),
            place("sea-x", lon=121, lat=30),
            place("sg-c", lon=121.5, lat=30),
        ],
    )


def test_a_network_says_its_name_and_sizes(tiny):
    # 5 loads and unloads each, 25 transshipments and 4 sides of borders are the defaults.
    assert repr(tiny) == "<Network tiny: 5 places, 3 links, 39 operations, 5 services>"


def test_the_zone_of_a_place_is_its_own_or_that_of_its_country_or_utc_at_sea(tmp_path):
    places = [place("cn-b", timezone="Asia/Urumqi")]
    network = tiny_network(tmp_path, links=LINKS, places=places)
    assert network.zone("cn-a") == ZoneInfo("Asia/Shanghai")
    assert network.zone("cn-b") == ZoneInfo("Asia/Urumqi")
    assert network.zone("sea-x") == ZoneInfo("UTC")


def test_the_zone_of_an_unknown_place_is_an_error_with_a_cure(tiny):
    with pytest.raises(QueryError, match=r"no place with the id 'Xian'.*place_index"):
        tiny.zone("Xian")


def test_settings_are_those_of_the_table_dataset(tiny):
    assert tiny.setting("usd_year") == "2024"
    assert tiny.reference_date == date(2026, 1, 1)


def test_an_unknown_setting_is_named(tiny):
    with pytest.raises(QueryError, match="no key 'colour'; add a row") as raised:
        tiny.setting("colour")
    assert isinstance(raised.value, LandbridgeError)
    assert isinstance(raised.value, ValueError)


def test_rows_are_found_by_id(tiny):
    assert tiny.places["sea-x"]["country"] is None
    assert tiny.places["cn-b"]["aliases"] == ("Бэ", "B")
    assert tiny.services["rail"]["speed_km_h"] == 50
    assert tiny.sources["A1"]["kind"] == "assumption"
    assert [row["id"] for row in tiny.links] == ["l", "m", "n"]


def test_names_are_those_of_the_places(tiny):
    assert tiny.place_index.resolve("бэ") == "cn-b"
    assert tiny.place_index.resolve("CNBBB") == "cn-b"


def test_a_city_has_its_terminals_and_a_passage_none(tiny):
    assert tiny.terminals == {
        "cn-b": ("cn-b",),
        "cn-city": ("cn-a",),
        "cn-a": ("cn-a",),
        "sea-x": (),
        "sg-c": ("sg-c",),
    }


def test_a_city_that_handles_cargo_itself_is_its_own_first_terminal(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c")]
    network = tiny_network(tmp_path, links=links, places=[place("cn-a", kind="city"), place("cn-b", parent="cn-a")])
    assert network.terminals["cn-a"] == ("cn-a", "cn-b")


def test_a_transfer_within_a_city_is_no_line_haul(tmp_path):
    places = [
        place("cn-city", kind="city", modes=()),
        place("cn-east", parent="cn-city"),
        place("cn-west", parent="cn-city"),
    ]
    links = [link("cn-east -- cn-west", "road"), link("cn-east -- cn-b", "road"), link("cn-west -- cn-b")]
    assert tiny_network(tmp_path, links=links, places=places).haul_modes == (None, "road", "rail")


def test_the_line_of_a_link_runs_from_its_start_to_its_end(tiny):
    geometry = tiny.geometry(tiny.links[0])
    assert geometry.coords[0] == pytest.approx((120, 30))
    assert geometry.coords[-1] == pytest.approx((120.5, 30))


def test_the_state_graph_is_made_once(tiny):
    assert tiny.graph is tiny.graph


def test_an_unknown_table_is_named_with_those_that_there_are(tiny):
    with pytest.raises(QueryError, match="no table 'roads'; give one of admissibility, berths"):
        tiny.frame("roads")


def test_the_networkx_view_has_every_state_and_edge(tiny):
    view = tiny.to_networkx()
    assert set(view) == set(tiny.graph.states)
    assert view.number_of_edges() == tiny.graph.edges
    hauls = [data for *_, data in view.edges(data=True) if data["kind"] == EdgeKind.HAUL]
    assert {tiny.links[data["row"]]["id"] for data in hauls} == {"l", "m", "n"}
    assert {data["length_km"] for data in hauls} == {100.0}
    assert {data["time_mean_h"] for data in hauls} == {2.0}
    assert {data["countries"] for data in hauls if tiny.links[data["row"]]["id"] == "l"} == {frozenset({"CN"})}


def test_a_network_is_read_from_a_text_or_a_path(tmp_path):
    path = write_tiny(tmp_path, links=[link("cn-a -- cn-b")])
    assert read_network(str(path)).frame("links").equals(read_network(path).frame("links"))
    assert isinstance(read_network(path).frame("resources"), pd.DataFrame)


def test_the_helper_of_these_tests_refuses_a_column_that_is_not_there(tmp_path):
    with pytest.raises(KeyError, match="links has no column lenght_km"):
        write_tiny(tmp_path, links=[link("cn-a -- cn-b", lenght_km=5)])


def test_the_helper_of_these_tests_replaces_a_default_by_a_row_of_the_same_id(tmp_path):
    rows = {"services": [service("rail", speed_km_h=20)], "operations": [operation("load", to_mode="rail", mean_h=7)]}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], **rows)
    loads = [row["mean_h"] for row in network.operations if row["id"] == "default--load-rail"]
    assert (network.services["rail"]["speed_km_h"], loads) == (20, [7])
