"""Tables as frames: the columns of the schema with their types, and geometries in WGS 84."""

import geopandas as gpd
import pytest
import shapely

from landbridge.networks import load_network, read_network
from tests.support.tiny import link, place, tiny_network

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


def test_a_frame_has_the_columns_of_the_schema_with_their_types(tiny):
    frame = tiny.frame("services")
    assert tuple(frame.columns) == tiny.tables["services"].schema.names
    assert frame["speed_km_h"].dtype == "float64"
    assert frame["vehicle_teu"].isna().all()
    assert frame["speed_year"].tolist() == [2024] * 5
    assert not isinstance(frame, gpd.GeoDataFrame)


def test_frames_of_places_and_links_have_geometries_in_wgs_84(tiny):
    places, links = tiny.frame("places"), tiny.frame("links")
    for frame in (places, links):
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs == "EPSG:4326"
    assert shapely.get_coordinates(places.geometry).tolist() == places[["lon", "lat"]].to_numpy().tolist()
    assert places["aliases"].tolist()[0] == "Бэ;B"
    assert set(links.geom_type) == {"LineString"}


def test_frames_as_csv_are_the_same_network_again(tmp_path):
    network = load_network()
    for name in network.tables:
        frame = network.frame(name).drop(columns="geometry", errors="ignore")
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    again = read_network(tmp_path)
    for name, table in network.tables.items():
        assert again.tables[name].rows == table.rows, name


def test_days_of_the_year_and_clocks_are_text(tmp_path):
    links = [link("cn-a -- cn-b", season_from="04-01", season_to="11-30", open_from="08:00", open_to="17:30")]
    frame = tiny_network(tmp_path, check=False, links=links).frame("links")
    columns = ["season_from", "season_to", "open_from", "open_to"]
    assert frame[columns].to_numpy().tolist() == [["04-01", "11-30", "08:00", "17:30"]]
