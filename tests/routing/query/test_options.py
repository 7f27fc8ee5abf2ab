"""From the words of a user to a query."""

from inspect import signature
from pathlib import Path

import pytest

from landbridge.networks import NoRouteError, PlaceError, QueryError
from landbridge.routing import (
    Cargo,
    assign,
    bottlenecks,
    compare_corridors,
    matrix,
    min_cut,
    pareto,
    profile,
    reach,
    route,
    route_by_corridor,
)
from landbridge.routing.query.options import (
    Avoided,
    conditions_from,
    countries_elsewhere,
    query_from_options,
    split_avoid,
    with_old_avoid,
)
from tests.support.tiny import link, place, tiny_network


@pytest.fixture
def drawn(tmp_path):
    return tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b-east"), link("kz-b-east -- kz-b-west"), link("kz-b-west -- de-z", passage=("suez",))],
        places=[
            place("cn-a", aliases=("甲",)),
            place("kz-b", kind="city"),
            place("kz-b-east", parent="kz-b"),
            place("kz-b-west", parent="kz-b"),
        ],
    )


def asked(drawn, ends, *, cargo=None, objective="time", **options):
    """Return the query of the options of a question."""
    return query_from_options(drawn, ends, conditions_from(drawn, **options), cargo=cargo, objective=objective)


def test_names_become_ids_and_a_city_that_is_avoided_its_terminals(drawn):
    query = asked(drawn, ("甲", "de-z"), via="B East", avoid=["B", "ru", "By"], modes="rail")
    conditions = query.conditions
    assert conditions.via == ("kz-b-east",)
    assert conditions.avoid_places == {"kz-b", "kz-b-east", "kz-b-west"}
    assert conditions.avoid_countries == {"RU", "BY"}
    assert conditions.modes == {"rail"}
    assert query.starts[0].place == "cn-a"


def test_parties_are_those_of_the_ends_unless_the_cargo_says_otherwise(drawn):
    assert (
        asked(drawn, ("cn-a", "de-z")).cargo.shipper_country,
        asked(drawn, ("cn-a", "de-z")).cargo.consignee_country,
    ) == (
        "CN",
        "DE",
    )
    own = asked(drawn, ("cn-a", "de-z"), cargo=Cargo(consignee_country="CH")).cargo
    assert (own.shipper_country, own.consignee_country) == ("CN", "CH")


@pytest.mark.parametrize(
    ("ends", "options", "error", "message"),
    [
        (("cn-a", "甲"), {}, QueryError, "are the same place"),
        (("cn-a", "0,0"), {}, QueryError, "have the same terminal, cn-a; give ends"),
        (("cn-a", "nowhere"), {}, PlaceError, "nowhere"),
        (("cn-a", "de-z"), {"via": ["0,0"]}, QueryError, "via takes places"),
        (("cn-a", "de-z"), {"avoid": ["CN-DE"]}, QueryError, "no link uses the crossing CN-DE"),
        (("cn-a", "de-z"), {"avoid": ["XX"]}, QueryError, "XX"),
        (("cn-a", "de-z"), {"modes": []}, QueryError, "none is not one of them"),
        (("cn-a", "de-z"), {"modes": ["air"]}, QueryError, "air is not one of them"),
        (("cn-a", "de-z"), {"objective": "speed"}, QueryError, "objective is 'speed'"),
        (("cn-a", "de-z"), {"corridor": "silk"}, QueryError, "silk"),
        (("cn-a", "de-z"), {"depart": "tomorrow"}, QueryError, "depart is 'tomorrow'"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_searched(drawn, ends, options, error, message):
    with pytest.raises(error, match=message):
        asked(drawn, ends, **options)


@pytest.mark.parametrize(
    ("given", "countries", "places", "crossings"),
    [
        ("RU", ["RU"], [], []),
        ("Russia", ["RU"], [], []),
        (["ru", "kazakhstan"], ["RU", "KZ"], [], []),
        ("甲", [], ["甲"], []),
        ("kz-b", [], ["kz-b"], []),
        ("suez", [], [], ["suez"]),
        ("Suez", [], [], ["suez"]),
        ("CN-KZ", [], [], ["CN-KZ"]),
        ("kz-cn", [], [], ["CN-KZ"]),
        ("KZ-CN:Rail", [], [], ["CN-KZ:rail"]),
        ("cn-a--kz-b-east--rail", [], [], ["cn-a--kz-b-east--rail"]),
        (["RU", "suez", "CN-KZ", "kz-b", "B East"], ["RU"], ["kz-b", "B East"], ["suez", "CN-KZ"]),
        (None, [], [], []),
        ((), [], [], []),
    ],
    ids=str,
)
def test_what_to_avoid_is_told_apart(drawn, given, countries, places, crossings):
    assert split_avoid(drawn, given) == Avoided(countries=countries, places=places, crossings=crossings)


def test_a_place_comes_before_a_passage_and_a_country_before_a_place_of_that_name(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- sg-singapore", "sea", passage=("malacca",)), link("sg-singapore -- malacca", "sea")],
        places=[place("malacca", name="Malacca", country="MY", kind="port", modes=("sea",))],
    )
    found = split_avoid(network, ["Singapore", "malacca", "sg-singapore"])
    assert (found.countries, found.places, found.crossings) == (["SG"], ["malacca", "sg-singapore"], [])


def test_a_border_is_closed_in_both_directions(drawn):
    with pytest.raises(NoRouteError):
        route(drawn, "cn-a", "de-z", avoid="KZ-CN")
    with pytest.raises(NoRouteError):
        route(drawn, "de-z", "cn-a", avoid="KZ-CN")


def test_a_name_that_means_nothing_gets_the_closest_of_countries_passages_and_places(drawn):
    with pytest.raises(PlaceError, match=r"'Kazakstan'.*Kazakhstan"):
        conditions_from(drawn, avoid=["Kazakstan"])
    with pytest.raises(PlaceError, match=r"'Suezz'.*suez"):
        conditions_from(drawn, avoid=["Suezz"])
    with pytest.raises(PlaceError, match=r"'B Easst'; did you mean B East \(KZ\), B West \(KZ\)\?$"):
        conditions_from(drawn, avoid=["B Easst"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"avoid_countries": ["ru"]}, {"countries": ["RU"]}),
        ({"avoid_places": ["Russia"]}, {"places": ["Russia"]}),
        ({"avoid_crossings": "suez"}, {"crossings": ["suez"]}),
        ({"avoid_countries": "RU", "avoid_places": ("a", "b")}, {"countries": ["RU"], "places": ["a", "b"]}),
    ],
    ids=str,
)
def test_the_old_names_warn_and_mean_what_they_meant(drawn, old, new):
    @with_old_avoid
    def question(network, *, avoid=None):
        return split_avoid(network, avoid)

    with pytest.warns(DeprecationWarning, match=r"avoid_.*: use avoid=\[...\]") as caught:
        assert question(drawn, avoid=["KZ"], **old) == Avoided(
            countries=["KZ", *new.get("countries", [])],
            places=new.get("places", []),
            crossings=new.get("crossings", []),
        )
    assert {Path(warning.filename) for warning in caught} == {Path(__file__)}


@pytest.mark.parametrize("name", ["avoid_countries", "avoid_places", "avoid_crossings"])
def test_each_question_takes_the_old_names(name):
    """The functions that took them in version 0.1; `functools.wraps` leaves the signature to the new name."""
    for question in (
        route,
        route_by_corridor,
        compare_corridors,
        pareto,
        profile,
        reach,
        matrix,
        assign,
        bottlenecks,
        min_cut,
    ):
        with pytest.warns(DeprecationWarning, match=name), pytest.raises(QueryError, match=f"{name} is 5"):
            question("network", **{name: 5})
        assert "avoid" in signature(question).parameters
        assert name not in signature(question).parameters


def test_points_and_single_values_are_taken_as_they_are(drawn):
    query = asked(drawn, ((0.0, 0.0), "de-z"), via="kz-b", modes="rail", avoid="RU")
    assert (query.origin, query.conditions.via, query.conditions.modes) == ("0,0", ("kz-b",), {"rail"})
    same = asked(drawn, ("0,0", "de-z"), via=["kz-b"], modes=["rail"], avoid=["RU"])
    assert (query.conditions, query.starts) == (same.conditions, same.starts)


def test_countries_without_a_place_or_link_of_the_network_are_named(drawn):
    assert countries_elsewhere(drawn, ["us", "KZ", "RU", "suez"]) == ["RU", "US"]


@pytest.mark.usefixtures("roads_everywhere")
def test_a_city_that_the_network_lacks_is_an_end_with_its_country(tmp_path):
    zurich = {"lon": 8.54, "lat": 47.37}
    network = tiny_network(
        tmp_path,
        links=[link("ch-a -- de-z", length_km=150), link("de-z -- ch-olten", length_km=150)],
        places=[
            place("ch-a", lon=8.7, lat=47.4),
            place("de-z", lon=8.7, lat=48.3),
            place("ch-olten", name="Olten", kind="junction", lon=7.9, lat=47.35),
        ],
        tables={
            "countries": [
                {"code": "DE", "name": "Germany", "timezone": "Europe/Berlin"},
                {"code": "CH", "name": "Switzerland", "timezone": "Europe/Zurich"},
            ]
        },
    )
    query = asked(network, ("Zürich", "de-z"))
    assert query.origin_at == pytest.approx((zurich["lon"], zurich["lat"]), abs=0.02)
    assert query.cargo.shipper_country == "CH"
    assert [way.place for way in query.starts] == ["ch-a"]
    assert query.resolved["from"]["name"] == "Zürich"
    assert query.meta["options"]["resolved"]["from"]["country"] == "CH"
    # A city of the network that trains only pass is used like its coordinates too.
    olten = asked(network, ("de-z", "ch-olten"))
    assert olten.destination_at == (7.9, 47.35)
    assert [way.place for way in olten.ends] == ["ch-a"]
    assert list(olten.resolved) == ["to"]


def test_a_city_that_the_network_lacks_is_no_place_on_the_way(network):
    with pytest.raises(QueryError, match=r"via takes places of the network; Zürich \(CH, .*\) is a city without one"):
        conditions_from(network, via="Zurich")


def test_one_text_may_name_several_as_on_the_command_line(drawn):
    found = conditions_from(drawn, avoid="RU, cn - kz,suez", modes="rail, sea")
    assert (found.avoid_countries, found.forbid, found.modes) == ({"RU"}, {"CN-KZ", "suez"}, {"rail", "sea"})


def test_an_option_that_does_not_exist_gets_the_closest_name(drawn):
    with pytest.raises(TypeError, match=r"^route has no option mode; did you mean modes"):
        route(drawn, "cn-a", "de-z", mode="rail")
    with pytest.raises(QueryError, match=r"^route has no option xyz; its docstring lists all$"):
        route(drawn, "cn-a", "de-z", xyz=1)


def test_a_point_is_no_place_to_visit(drawn):
    with pytest.raises(QueryError, match="via takes places of the network and not coordinates: '1,2'; give an id or"):
        conditions_from(drawn, via=(1, 2))
