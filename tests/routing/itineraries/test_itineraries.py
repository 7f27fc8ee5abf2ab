"""Lists of itineraries: one answer with layers and tables of all."""

import json

import pytest

from landbridge.networks import QueryError
from landbridge.networks.file_sets import MANIFEST
from landbridge.routing import Itineraries, Weights, route, route_by_corridor, write_itineraries


@pytest.fixture(scope="module")
def trips(network):
    return route(network, "Xi'an", "Duisburg", modes=["rail", "ferry"], avoid=["RU"], k=3)


def test_route_and_route_by_corridor_answer_with_a_list_that_is_a_result(network, trips):
    assert isinstance(trips, Itineraries)
    assert isinstance(route_by_corridor(network, "Altynkol", "Aktau"), Itineraries)
    assert trips.to_dict() == {"itineraries": [trip.to_dict() for trip in trips]}
    assert repr(trips).splitlines() == [f"<Itineraries: {len(trips)}>", *(f"  {trip!r}" for trip in trips)]


def test_meta_holds_the_question_as_it_was_understood(network, trips):
    options = trips.meta["options"]
    assert (options["from"], options["to"], options["k"]) == ("Xi'an", "Duisburg", 3)
    assert (options["avoid_countries"], options["modes"]) == (["RU"], ["ferry", "rail"])
    assert options["cargo"]["teu"] == 2
    assert trips[0].meta["options"].items() <= options.items()
    weights = Weights(value_of_time_usd_per_h=5)
    found = route(network, "Altynkol", "Aktau", objective=weights, avoid=["suez"], depart="2026-03-01")
    options = found.meta["options"]
    assert (options["objective"], options["value_of_time_usd_per_h"]) == ("generalised", 5)
    assert (options["avoid_crossings"], options["depart"]) == (["suez"], "2026-03-01T00:00:00")


def test_what_the_search_changed_of_a_question_is_not_in_meta(network):
    # Each corridor is asked for by itself, and what belongs to another one is forbidden in turn.
    found = route_by_corridor(network, "Xi'an", "Duisburg", modes=["rail", "sea", "ferry"])
    assert len(found) > 5
    for trip in found:
        assert (trip.meta["options"]["corridor"], trip.meta["options"]["avoid_crossings"]) == (None, [])


def test_a_frame_has_a_row_for_each_itinerary_and_one_of_legs_for_each_leg(trips):
    assert trips.to_frame()["itinerary_id"].tolist() == [trip.itinerary_id for trip in trips]
    assert trips.to_frame()["time_p50_h"].tolist() == [trip.time.p50_h for trip in trips]
    legs = trips.to_frame("legs")
    assert len(legs) == sum(len(trip.legs) for trip in trips)
    assert legs.groupby("itinerary_id")["cost_usd"].sum().to_dict() == pytest.approx(
        {trip.itinerary_id: trip.cost_usd for trip in trips}
    )
    assert len(trips.to_geodataframe()) == len(trips)


def test_any_sequence_of_itineraries_is_written_as_one_answer(trips, tmp_path):
    written = write_itineraries(list(trips), tmp_path / "a")
    assert written == [tmp_path / "a" / path.name for path in trips.write(tmp_path / "b")]
    # The GeoPackage holds the metadata of the answer, and those of the first itinerary are not those of the list.
    for path in (path for path in written if path.suffix != ".gpkg"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    manifest = json.loads((tmp_path / "a" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["meta"] == trips[0].meta


def test_nothing_to_write_and_no_folder_are_refused(trips, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError, match="give the result of route"):
        write_itineraries([], tmp_path / "out")
    for folder in ("", 5):
        with pytest.raises(QueryError, match="folder"):
            write_itineraries(trips, folder)
    assert list(tmp_path.iterdir()) == []
