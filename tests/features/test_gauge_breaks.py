"""Does cargo change gauge where the tracks do, and only there?"""

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import route
from tests.support.tiny import link, operation, tiny_network


def change(at, other, before, after, mean_h=10):
    return operation("gauge_change", at, other_place=other, from_gauge=before, to_gauge=after, mean_h=mean_h)


def break_at_the_border(folder, *operations):
    """Lines of 1435 mm from cn-a and of 1520 mm from kz-d; trains of the sending side run across the border."""
    return tiny_network(
        folder,
        links=[
            link("cn-a -- cn-b"),
            link("cn-b -> kz-c"),
            link("kz-c -> cn-b", gauge=1520),
            link("kz-c -- kz-d", gauge=1520),
        ],
        operations=operations,
    )


def test_the_receiving_side_changes_the_gauge_in_either_direction(tmp_path):
    network = break_at_the_border(
        tmp_path, change("kz-c", "cn-b", 1435, 1520), change("cn-b", "kz-c", 1520, 1435, mean_h=30)
    )
    there, back = (route(network, *ends)[0] for ends in (("cn-a", "kz-d"), ("kz-d", "cn-a")))
    changes = [[(leg.start, leg.time.mean_h) for leg in trip.legs if leg.changes_gauge] for trip in (there, back)]
    assert changes == [[("kz-c", 10)], [("cn-b", 30)]]
    # load 1, hauls 6, exit 4, entry 5, unload 2, and the change
    assert (there.time.mean_h, back.time.mean_h) == (28, 48)


def test_a_change_inside_a_place_runs_both_ways_where_it_says_so(tmp_path):
    both = operation("gauge_change", "pl-b", from_gauge=1435, to_gauge=1520, both_ways=True, mean_h=7)
    network = tiny_network(tmp_path, links=[link("pl-a -- pl-b"), link("pl-b -- pl-c", gauge=1520)], operations=[both])
    for ends in (("pl-a", "pl-c"), ("pl-c", "pl-a")):
        found = route(network, *ends)[0]
        # load 1, hauls 4, change 7, unload 2
        assert (found.time.mean_h, found.gauge_changes) == (14, 1)


def test_a_rail_ferry_keeps_the_gauge_of_its_wagons(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("kz-a -- kz-port", gauge=1520),
            link("kz-port -- az-port", "ferry", gauge=1520, regime="smgs"),
            link("az-port -- az-z", gauge=1520),
        ],
    )
    found = route(network, "kz-a", "az-z")[0]
    assert (found.gauge_changes, found.transshipments, found.border_crossings) == (0, 2, 1)


def test_wagons_do_not_board_a_ferry_of_another_gauge(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("tr-a -- tr-port"),
            link("tr-port -- ge-port", "ferry", gauge=1520, regime="smgs"),
            link("ge-port -- ge-z", gauge=1520),
            link("tr-a -- ge-z", "road", length_km=2000),
        ],
        check=False,  # which reports that trains and ferry do not connect
    )
    assert [leg.mode for leg in route(network, "tr-a", "ge-z")[0].hauls] == ["road"]
    with pytest.raises(NoRouteError):
        route(network, "tr-a", "ge-z", modes=["rail", "ferry"])


@pytest.mark.parametrize("track", [{}, {"regime": "smgs"}, {"gauge": 1520}], ids=["none", "a note", "a gauge"])
def test_a_container_changes_from_train_to_ferry_as_from_ferry_to_train(tmp_path, track):
    """A ferry without gauge or note carries containers, which are lifted."""
    links = [link("kz-aktau -- az-alat", "ferry", **track), link("az-alat -- ge-poti", gauge=1520)]
    network = tiny_network(tmp_path, links=links)
    there, back = route(network, "kz-aktau", "ge-poti")[0], route(network, "ge-poti", "kz-aktau")[0]
    assert [leg.mode for leg in there.hauls] == ["ferry", "rail"]
    assert [leg.mode for leg in back.hauls] == ["rail", "ferry"]
    # Load 1 h, two hauls of 2 h, transship 3 h, the rail border 4 + 5 h, unload 2 h.
    assert there.time.mean_h == back.time.mean_h == 19
