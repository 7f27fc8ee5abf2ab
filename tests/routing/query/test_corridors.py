import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.networks.places.place_index import normalise
from landbridge.routing import route
from landbridge.routing.query.corridors import OTHER, Corridor, classify, corridor_by_id, corridors
from landbridge.routing.studies.scenarios.scenario import Scenario
from tests.support.tiny import link, tiny_network


def corridor(name, require="*", **cells):
    return {"id": name, "name": name, "priority": 1, "require": require, **cells}


def with_corridors(folder, *rows, links=("cn-a -- kz-b",)):
    return tiny_network(folder, links=[link(drawn) for drawn in links], tables={"corridors": rows})


def rule(require, *, forbid=None, modes=()):
    row = corridor("any", require, forbid=forbid, modes=tuple(modes), seasonal_ok=False, market=(), aliases=())
    return Corridor.from_row(row)


@pytest.mark.parametrize(
    ("require", "crossings", "meets"),
    [
        ("CN-KZ", {"CN-KZ"}, True),
        ("CN-KZ", {"CN-RU"}, False),
        ("CN-KZ|CN-RU", {"CN-RU"}, True),
        ("CN-KZ;BY-PL", {"CN-KZ"}, False),
        ("CN-KZ;BY-PL", {"CN-KZ", "BY-PL", "KZ-RU"}, True),
        ("*", set(), True),
    ],
)
def test_a_rule_asks_for_one_crossing_of_each_group(require, crossings, meets):
    assert rule(require).admits(frozenset(crossings), frozenset({"rail"})) is meets


def test_a_rule_is_not_met_with_a_crossing_that_it_forbids():
    assert rule("CN-KZ", forbid="suez|cape").admits(frozenset({"CN-KZ"}), frozenset({"rail"}))
    assert not rule("CN-KZ", forbid="suez|cape").admits(frozenset({"CN-KZ", "cape"}), frozenset({"rail"}))


def test_a_rule_of_modes_is_met_by_these_alone():
    assert rule("*", modes=["road"]).admits(frozenset(), frozenset({"road"}))
    assert not rule("*", modes=["road"]).admits(frozenset(), frozenset({"road", "rail"}))


def test_corridors_stand_in_the_order_of_their_priority(tmp_path):
    network = with_corridors(tmp_path, corridor("late", priority=9), corridor("early", priority=2))
    assert [found.id for found in corridors(network)] == ["early", "late"]


def test_of_two_rules_that_are_met_the_prior_one_has_the_itinerary(tmp_path):
    network = with_corridors(tmp_path, corridor("late", priority=9), corridor("early", "CN-KZ", priority=2))
    assert classify(network, {"CN-KZ"}, {"rail"}) == "early"
    assert classify(network, {"CN-RU"}, {"rail"}) == "late"


def test_what_meets_no_rule_is_other(tmp_path):
    assert classify(with_corridors(tmp_path, corridor("only", "CN-KZ")), {"CN-RU"}, {"rail"}) == OTHER


def test_an_unknown_corridor_is_refused_with_those_that_there_are(tmp_path):
    network = with_corridors(tmp_path, corridor("north", "CN-KZ"), corridor("south", "CN-KZ", priority=2))
    with pytest.raises(QueryError, match=r"'west'.*north, south"):
        corridor_by_id(network, "west")


def test_a_corridor_is_asked_for_by_id_name_or_alias_in_any_case(tmp_path):
    north = corridor("north", "CN-KZ", aliases=("tsr", "Trans-North"))
    network = with_corridors(tmp_path, north, corridor("titr", "CN-KZ", priority=2))
    for text in ("north", "NORTH", "tsr", "TSR", "trans north"):
        assert corridor_by_id(network, text).id == "north"
        assert route(network, "cn-a", "kz-b", corridor=text)[0].meta["options"]["corridor"] == "north"


def test_an_id_goes_before_the_name_of_another(tmp_path):
    network = with_corridors(tmp_path, corridor("first", aliases=("titr",)), corridor("titr", priority=2))
    assert corridor_by_id(network, "titr").id == "titr"


def test_each_name_of_a_bundled_corridor_is_its_own(network):
    names = [(normalise(name), one.id) for one in corridors(network) for name in one.names]
    owners = {name: {owner for other, owner in names if other == name} for name, _ in names}
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
    assert corridor_by_id(network, "TITR").id == "middle"
    assert corridor_by_id(network, "tsr").id == "transsib"


def test_a_corridor_is_a_pair_of_countries_in_either_direction(tmp_path):
    network = with_corridors(tmp_path, corridor("steppe", "CN-KZ"))
    assert route(network, "cn-a", "kz-b")[0].corridor == "steppe"
    assert route(network, "kz-b", "cn-a")[0].corridor == "steppe"


def test_a_border_passed_there_and_back_is_no_way_to_take_a_corridor(tmp_path):
    """The crossing from China to Kazakhstan is a spur of the only way."""
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("cn-b -- ru-z")],
        tables={"corridors": [corridor("steppe", "CN-KZ")]},
    )
    with pytest.raises(NoRouteError, match="without the corridor steppe"):
        route(network, "cn-a", "ru-z", corridor="steppe")


def test_an_itinerary_of_a_corridor_avoids_what_makes_it_another_ones(tmp_path):
    """The best way of the second corridor also makes both crossings that the first, which is prior, asks for."""
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- ru-c"),
            link("ru-c -- by-d"),
            link("kz-b -- by-d", length_km=900),
        ],
        tables={"corridors": [corridor("first", "CN-KZ;KZ-RU"), corridor("second", "CN-KZ", priority=2)]},
    )
    assert route(network, "cn-a", "by-d", corridor="first")[0].distance_km == 300
    assert route(network, "cn-a", "by-d", corridor="second")[0].distance_km == 1000


def test_an_itinerary_of_a_corridor_may_escape_a_prior_one_by_what_that_forbids(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("kz-b -- de-z", "sea", passage=("suez",), length_km=100),
            link("kz-b -- de-z", "sea", passage=("cape",), length_km=900),
        ],
        tables={"corridors": [corridor("first", "CN-KZ", forbid="cape"), corridor("second", "CN-KZ", priority=2)]},
    )
    assert route(network, "cn-a", "de-z", corridor="first")[0].distance_km == 200
    assert route(network, "cn-a", "de-z", corridor="second")[0].distance_km == 1000


def test_a_crossing_may_be_told_by_its_mode_a_passage_or_a_link(tmp_path):
    rows = [
        corridor("canal", "suez", priority=1),
        corridor("railway", "CN-KZ:rail", priority=2),
        corridor("bridge", "kz-b--kz-c--road", priority=3),
    ]
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- kz-b"),
            link("cn-a -- kz-b", "road", length_km=50),
            link("kz-b -- kz-c", "road"),
            link("cn-a -- kz-d", "sea", passage=("suez",)),
        ],
        tables={"corridors": rows},
    )
    assert route(network, "cn-a", "kz-d")[0].corridor == "canal"
    assert route(network, "cn-a", "kz-b", modes=["rail"])[0].corridor == "railway"
    assert route(network, "cn-a", "kz-b", modes=["road"])[0].corridor == OTHER
    assert route(network, "kz-b", "kz-c")[0].corridor == "bridge"


@pytest.mark.parametrize(
    "name", ["northern", "transsib", "mongolia", "middle", "southern", "instc", "suez", "cape", "nsr", "cku", "road"]
)
def test_the_bundled_corridors_have_the_names_of_the_command_line(network, name):
    assert corridor_by_id(network, name).id == name


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize("name", ["northern", "middle", "southern", "instc", "mongolia", "transsib"])
def test_what_is_found_by_a_corridor_belongs_to_it(network, name, k):
    assert {found.corridor for found in route(network, "Xi'an", "Duisburg", corridor=name, k=k)} == {name}


def test_the_zangezur_corridor_passes_armenia_from_azerbaijan_to_azerbaijan(network):
    opened = Scenario.read("zangezur-opens").apply(network)
    asked, passing = (
        route(opened, "Baku", "Istanbul", **options)[0] for options in ({"corridor": "zangezur"}, {"via": ["Meghri"]})
    )
    assert (asked.corridor, passing.corridor) == ("zangezur", "zangezur")
    assert asked.edges == passing.edges


def test_corridors_are_read_once_and_cannot_be_changed_by_who_asks(network):
    first = corridors(network)
    assert isinstance(first, tuple)
    assert corridors(network) is first
