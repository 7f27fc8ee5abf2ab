from datetime import date

import pytest

from landbridge.networks import NoRouteError, QueryError
from landbridge.routing import Cargo, route
from landbridge.routing.query.admissibility import rules_in_force
from tests.support.tiny import link, tiny_network


def rule(name, **cells):
    base = {"id": name, "valid_from": "2020-01-01", "transit_countries": ("RU",), "note": f"what {name} says"}
    return base | cells


def with_rules(folder, *rules):
    """Return a network with a short way through Russia and a long one through Iran."""
    return tiny_network(
        folder,
        links=[
            link("kz-a -- ru-b"),
            link("ru-b -- de-d"),
            link("kz-a -- ir-c", length_km=900),
            link("ir-c -- de-d", length_km=900),
        ],
        tables={"admissibility": rules},
    )


def names(network, cargo, day=date(2026, 1, 1)):
    return [found["id"] for found in rules_in_force(network, cargo, day)]


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2022, 6, 30), True),
        (date(2022, 7, 1), False),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(tmp_path, day, holds):
    network = with_rules(tmp_path, rule("ban", valid_to="2022-06-30"))
    assert names(network, Cargo(), day) == (["ban"] if holds else [])


@pytest.mark.parametrize(
    ("condition", "cargo", "other"),
    [
        ({"shipper_countries": ("DE", "FR")}, {"shipper_country": "FR"}, {"shipper_country": "CN"}),
        ({"consignee_countries": ("US",)}, {"consignee_country": "US"}, {"consignee_country": "CN"}),
        ({"hs_chapters": ("93", "88")}, {"hs_chapter": "88"}, {"hs_chapter": "84"}),
        ({"hs_chapters": ("93", "88")}, {"hs_chapter": "8802300010"}, {"hs_chapter": "8488"}),
        ({"dangerous": True}, {"dangerous": True}, {"reefer": True}),
        ({"reefer": True}, {"reefer": True}, {"dangerous": True}),
    ],
    ids=["shipper", "consignee", "commodity", "code", "dangerous", "reefer"],
)
def test_a_rule_about_a_cargo_holds_for_that_cargo_alone(tmp_path, condition, cargo, other):
    network = with_rules(tmp_path, rule("ban", **condition))
    assert names(network, Cargo(**cargo)) == ["ban"]
    assert names(network, Cargo(**other)) == []
    assert names(network, Cargo()) == []


def test_all_conditions_of_a_rule_have_to_be_met(tmp_path):
    network = with_rules(tmp_path, rule("ban", shipper_countries=("DE",), hs_chapters=("93",)))
    assert names(network, Cargo(shipper_country="DE")) == []
    assert names(network, Cargo(shipper_country="DE", hs_chapter="93")) == ["ban"]


@pytest.mark.parametrize("name", ["shipper_country", "consignee_country"])
def test_a_country_in_small_letters_escapes_no_rule(tmp_path, name):
    network = with_rules(tmp_path, rule("ban", shipper_countries=("DE",)), rule("other", consignee_countries=("DE",)))
    try:
        cargo = Cargo(**{name: "de"})
    except QueryError:
        return
    assert names(network, cargo) == names(network, Cargo(**{name: "DE"}))


def test_cargo_that_a_rule_keeps_out_of_a_country_goes_round_it(tmp_path):
    network = with_rules(tmp_path, rule("ban", hs_chapters=("93",)))
    assert "ru-b" in route(network, "kz-a", "de-d")[0].places
    assert "ru-b" not in route(network, "kz-a", "de-d", cargo=Cargo(hs_chapter="93"))[0].places


def test_a_rule_holds_on_the_day_of_departure(tmp_path):
    network = with_rules(tmp_path, rule("ban", valid_from="2026-06-01"))
    assert "ru-b" in route(network, "kz-a", "de-d")[0].places
    assert "ru-b" in route(network, "kz-a", "de-d", depart="2026-05-31")[0].places
    assert "ru-b" not in route(network, "kz-a", "de-d", depart="2026-06-01")[0].places


def test_where_rules_leave_no_way_they_are_named_with_what_they_say(tmp_path):
    network = with_rules(tmp_path, rule("ban", transit_countries=("RU", "IR"), dangerous=True))
    with pytest.raises(NoRouteError, match=r"ban.*what ban says"):
        route(network, "kz-a", "de-d", cargo=Cargo(dangerous=True))


def test_a_rule_that_shuts_the_country_of_an_end_is_named(tmp_path):
    network = with_rules(tmp_path, rule("ban"))
    with pytest.raises(NoRouteError, match=r"ru-b is in RU.*ban.*what ban says"):
        route(network, "ru-b", "de-d")


@pytest.mark.parametrize(
    ("cargo", "day", "name"),
    [
        (Cargo(shipper_country="DE", hs_chapter="93"), date(2026, 1, 1), "eu-russia-transit-firearms"),
        (Cargo(shipper_country="IL"), date(2026, 1, 1), "turkiye-ban-goods-of-israel"),
        (Cargo(consignee_country="AM"), date(2025, 10, 20), "azerbaijan-no-transit-to-armenia"),
    ],
)
def test_bundled_rules_hold_for_what_they_name(network, cargo, day, name):
    assert name in [found["id"] for found in rules_in_force(network, cargo, day)]


def test_a_bundled_rule_that_was_lifted_holds_no_more(network):
    rules = rules_in_force(network, Cargo(consignee_country="AM"), date(2025, 10, 21))
    assert "azerbaijan-no-transit-to-armenia" not in [found["id"] for found in rules]


def test_an_ordinary_cargo_is_under_no_bundled_rule(network):
    assert rules_in_force(network, Cargo(), network.reference_date) == []


def test_firearms_from_the_eu_do_not_pass_russia(network):
    cargo = Cargo(shipper_country="DE", hs_chapter="93")
    found = route(network, "Duisburg", "Xi'an", cargo=cargo)[0]
    assert not {"RU", "BY"} & set(found.countries)


def by_sea_or_round(folder):
    """Return a network with ships of a barred port and trains through it, and a detour by a free port."""
    ban = rule("port", transit_countries=(), ports=("ru-p",), consignee_countries=("DE",))
    return tiny_network(
        folder,
        links=[
            link("kz-a -- ru-p"),
            link("ru-p -- de-d", "sea"),
            link("ru-p -- ru-q", length_km=500),
            link("ru-q -- de-d", "sea", length_km=500),
        ],
        tables={"admissibility": [ban]},
    )


def test_a_barred_port_takes_no_cargo_on_board_but_trains_pass_it(tmp_path):
    network = by_sea_or_round(tmp_path)
    assert route(network, "kz-a", "de-d", objective="distance")[0].distance_km == 100 + 500 + 500
    free = route(network, "kz-a", "de-d", objective="distance", cargo=Cargo(consignee_country="TR"))
    assert free[0].distance_km == 200


def test_a_rule_on_ports_is_named_where_nothing_else_leads_there(tmp_path):
    ban = rule("port", transit_countries=(), ports=("ru-p",))
    links = [link("kz-a -- ru-p"), link("ru-p -- de-d", "sea")]
    network = tiny_network(tmp_path, links=links, tables={"admissibility": [ban]})
    with pytest.raises(NoRouteError, match=r"there is one without the rule port \(what port says\)"):
        route(network, "kz-a", "de-d")


def test_a_rule_on_transit_alone_does_not_hold_for_cargo_from_or_to_its_countries(tmp_path):
    network = with_rules(tmp_path, rule("transit", transit_only=True))
    assert names(network, Cargo()) == ["transit"]
    assert names(network, Cargo(shipper_country="KZ", consignee_country="DE")) == ["transit"]
    assert names(network, Cargo(shipper_country="RU")) == names(network, Cargo(consignee_country="RU")) == []


def test_a_rule_may_be_limited_to_classes_of_cargo(tmp_path):
    network = with_rules(tmp_path, rule("classes", cargo_classes=("loose", "road")))
    assert names(network, Cargo(cargo_class="loose")) == ["classes"]
    assert names(network, Cargo(cargo_class="block")) == []
