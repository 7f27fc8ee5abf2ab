import pytest

from landbridge.routing import Cargo, matrix, route
from landbridge.routing.query.containers import closed_trades, is_outside
from tests.support.tiny import link, tiny_network


def across_the_border(folder):
    """Return a network with a short way on which containers of Russia alone go, and a detour of 800 km."""
    return tiny_network(
        folder,
        links=[
            link("kz-k -- ru-a"),
            link("ru-a -- az-z", containers_of="RU;BY", containers_source="A1"),
            link("kz-k -- tm-d", length_km=400),
            link("tm-d -- az-z", length_km=400),
        ],
    )


@pytest.mark.parametrize(
    ("shipper", "consignee", "outside"),
    [("RU", "AZ", False), ("AZ", "BY", False), ("KZ", "AZ", True), (None, "AZ", True), (None, None, False)],
)
def test_a_cargo_belongs_to_a_trade_by_its_shipper_or_its_consignee(shipper, consignee, outside):
    cargo = Cargo(shipper_country=shipper, consignee_country=consignee)
    assert is_outside(cargo, frozenset({"RU", "BY"})) == outside
    assert is_outside(cargo, frozenset())


def test_block_trains_carry_the_trade_of_the_named_countries_alone_and_loose_cargo_any_with_a_note(tmp_path):
    network = across_the_border(tmp_path)
    assert route(network, "ru-a", "az-z")[0].distance_km == 100
    block, loose = (route(network, "kz-k", "az-z", cargo=Cargo(cargo_class=name))[0] for name in ("block", "loose"))
    assert (block.distance_km, loose.distance_km) == (800, 200)
    (note,) = (note for note in loose.notes if note.kind == "containers")
    assert note.text == "no container service is known but for the trade of BY and RU on A - Z"
    assert note.sources == ("A1",)
    assert closed_trades(network, Cargo(shipper_country="RU")) == frozenset()


def test_a_shipper_who_is_named_opens_the_way_from_anywhere(tmp_path):
    found = route(across_the_border(tmp_path), "kz-k", "az-z", cargo=Cargo(shipper_country="BY"))
    assert found[0].distance_km == 200


def test_a_matrix_tells_the_trades_of_its_pairs_apart(tmp_path):
    # From Russia by the border, 100 km; from Kazakhstan by the detour.
    found = matrix(across_the_border(tmp_path), ["kz-k", "ru-a"], ["az-z"], objective="distance")
    assert found.to_frame()["distance_km"].tolist() == [800, 100]
