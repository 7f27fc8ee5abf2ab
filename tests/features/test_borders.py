"""What happens at a border, and to whom?"""

import pytest

from landbridge.routing import Cargo, route
from tests.support.tiny import link, operation, tiny_network


def stops(itinerary, *kinds):
    return [(leg.operation, leg.start, leg.time.mean_h) for leg in itinerary.legs if leg.operation in kinds]


def test_each_direction_has_an_exit_and_an_entry_of_its_own(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- cn-b")],
        operations=[
            operation("border_exit", "kz-a", mean_h=11),
            operation("border_entry", "kz-a", mean_h=12),
            operation("border_exit", "cn-b", mean_h=21),
            operation("border_entry", "cn-b", mean_h=22),
        ],
    )
    border = ("border_exit", "border_entry")
    assert stops(route(network, "kz-a", "cn-b")[0], *border) == [
        ("border_exit", "kz-a", 11),
        ("border_entry", "cn-b", 22),
    ]
    assert stops(route(network, "cn-b", "kz-a")[0], *border) == [
        ("border_exit", "cn-b", 21),
        ("border_entry", "kz-a", 12),
    ]


def test_an_operation_of_the_pair_goes_before_one_of_the_place_and_that_before_the_default(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- cn-b"), link("kz-a -- ru-c"), link("uz-d -- ru-c")],
        operations=[
            operation("border_exit", "kz-a", mean_h=11),
            operation("border_exit", "kz-a", id="to-ru", other_place="ru-c", mean_h=1),
        ],
    )
    assert stops(route(network, "kz-a", "cn-b")[0], "border_exit") == [("border_exit", "kz-a", 11)]
    assert stops(route(network, "kz-a", "ru-c")[0], "border_exit") == [("border_exit", "kz-a", 1)]
    assert stops(route(network, "uz-d", "ru-c")[0], "border_exit") == [("border_exit", "uz-d", 4)]


@pytest.mark.parametrize(("cargo_class", "hours"), [("block", 5), ("road", 5), ("loose", 50)])
def test_a_class_of_cargo_may_have_a_border_of_its_own(tmp_path, cargo_class, hours):
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- cn-b")],
        operations=[operation("border_entry", "cn-b", id="loose", cargo_class="loose", mean_h=50)],
    )
    found = route(network, "kz-a", "cn-b", cargo=Cargo(cargo_class=cargo_class), modes="rail")[0]
    assert stops(found, "border_entry") == [("border_entry", "cn-b", hours)]


@pytest.mark.parametrize(("ends", "hours"), [(("kz-a", "ru-b"), 1), (("pl-c", "de-d"), 4), (("kz-a", "cn-e"), 4)])
def test_a_union_has_a_default_for_its_inner_borders(tmp_path, ends, hours):
    # Kazakhstan and Russia are in the EAEU; there is no row for the EU here.
    network = tiny_network(
        tmp_path,
        links=[link("kz-a -- ru-b"), link("ru-b -- pl-c"), link("pl-c -- de-d"), link("kz-a -- cn-e")],
        operations=[operation("border_exit", id="inner", union="EAEU", mean_h=1)],
    )
    assert stops(route(network, *ends)[0], "border_exit") == [("border_exit", ends[0], hours)]


def test_a_train_that_stays_in_a_country_passes_no_border(tmp_path):
    network = tiny_network(tmp_path, links=[link("kz-a -- kz-b"), link("kz-b -- kz-c")])
    found = route(network, "kz-a", "kz-c")[0]
    assert found.border_crossings == 0
    assert stops(found, "border_exit", "border_entry") == []


def test_a_consignment_note_is_changed_where_the_lines_ask_for_another(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("by-a -- by-b"),
            link("by-b -> pl-b"),
            link("pl-b -> by-b", regime="cim"),
            link("pl-b -- pl-c", regime="cim"),
        ],
        operations=[
            operation("note_change", "pl-b", other_place="by-b", from_regime="smgs", to_regime="cim", mean_h=6),
            operation("note_change", "by-b", other_place="pl-b", from_regime="cim", to_regime="smgs", mean_h=7),
        ],
    )
    # load 1, haul 2, exit 4, haul 2, entry 5, note 6 (back 7), haul 2, unload 2
    assert route(network, "by-a", "pl-c")[0].time.mean_h == 24
    assert route(network, "pl-c", "by-a")[0].time.mean_h == 25
