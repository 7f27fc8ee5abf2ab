"""Lines of links in a FlatGeobuf file: simplified, split at 180 degrees, read back."""

import pytest

from landbridge.data import DATA_DIR
from landbridge.networks import DataError
from landbridge.networks.geometry.flatgeobuf import read_geometry, simplified
from landbridge.networks.tables.table import GEOMETRY_FILE


def test_the_bundled_file_holds_every_rail_and_sea_link_but_the_doubtful(network):
    lines = read_geometry(DATA_DIR / GEOMETRY_FILE)
    wanted = [link for link in network.links if link["mode"] in {"rail", "sea", "ferry"}]
    missing = [link for link in wanted if link["id"] not in lines]
    assert len(missing) < 0.05 * len(wanted)
    # What was measured is drawn as it was measured.
    assert all("P890" not in link["length_source"] for link in missing)
    assert (DATA_DIR / GEOMETRY_FILE).stat().st_size < 15e6
    assert all(line.is_valid and not line.is_empty for line in lines.values())


def test_the_geometry_is_split_at_180_degrees():
    shape = simplified([(179.0, 60.0), (-179.0, 61.0)])
    assert shape.geom_type == "MultiLineString"
    assert [part.coords[0][0] for part in shape.geoms] == [179.0, -180.0]
    assert all(abs(x) <= 180 for part in shape.geoms for x, _ in part.coords)


def test_a_file_that_is_no_geometry_is_a_data_error(tmp_path):
    (tmp_path / "geometry.fgb").write_bytes(b"nothing")
    with pytest.raises(DataError, match="make data"):
        read_geometry(tmp_path / "geometry.fgb")
