"""A network for QGIS: read back as before, with styles, a project beside it, and names in their own script."""

import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import pytest

from landbridge.networks import QueryError, read_network
from landbridge.routing.output.network_map import write_network_map
from tests.support.tiny import link, place, tiny_network


@pytest.fixture
def network(tmp_path):
    return tiny_network(
        tmp_path / "in",
        links=[link("cn-a -- cn-b"), link("cn-b -- kz-d", "road"), link("kz-d -- sea-x", "sea")],
        places=[place("cn-a", name="Xi'an", aliases=("Sian", "西安"))],
    )


def test_it_is_read_back_as_it_was(network, tmp_path):
    path, _ = write_network_map(network, tmp_path / "out.gpkg")
    again = read_network(path)
    for name, table in network.tables.items():
        columns = table.schema.names
        expected = [[row[column] for column in columns] for row in table]
        assert [[row[column] for column in columns] for row in again.tables[name]] == expected, name


def test_places_have_their_name_in_their_own_script(network, tmp_path):
    path, _ = write_network_map(network, tmp_path / "out.gpkg")
    with closing(sqlite3.connect(path)) as database:
        names = dict(database.execute("SELECT id, name_local FROM places"))
        styled = [name for (name,) in database.execute("SELECT f_table_name FROM layer_styles")]
        version = database.execute("PRAGMA user_version").fetchone()
    assert (names["cn-a"], names["cn-b"]) == ("西安", None)
    assert styled == ["places", "links", "land"]
    assert version == (10_300,)


def test_the_project_shows_places_by_kind_and_links_by_mode(network, tmp_path):
    path, project = write_network_map(network, tmp_path / "out.gpkg")
    assert (path.name, project.name) == ("out.gpkg", "out.qgz")
    with zipfile.ZipFile(project) as archive:
        document = ET.fromstring(archive.read("out.qgs"))  # noqa: S314 - our own text
    layers = {item.findtext("layername"): item for item in document.iter("maplayer")}
    fields = {name: item.find("renderer-v2").get("attr") for name, item in layers.items()}
    assert fields == {"Places by kind": "kind", "Links by mode": "mode", "Land (Natural Earth)": None}
    assert layers["Links by mode"].findtext("datasource") == "./out.gpkg|layername=links"
    assert layers["Places by kind"].get("labelsEnabled") == "1"


def test_it_is_replaced_unless_the_project_was_saved_by_qgis(network, tmp_path):
    path, project = write_network_map(network, tmp_path / "out.gpkg")
    before = path.read_bytes(), project.read_bytes()
    write_network_map(network, path)
    assert project.read_bytes() == before[1]
    with zipfile.ZipFile(project, "w") as archive:
        archive.writestr("out.qgs", "<qgis/>")
    with pytest.raises(QueryError, match=r"out\.qgz was saved by QGIS or another program.*move it"):
        write_network_map(network, path)


@pytest.mark.parametrize("table", ["services", "layer_styles"])
def test_it_is_not_replaced_if_a_row_or_a_style_was_edited(network, tmp_path, table):
    files = write_network_map(network, tmp_path / "out.gpkg")
    with closing(sqlite3.connect(files[0])) as database, database:
        database.execute(f"DELETE FROM {table}")  # noqa: S608
    before = [file.read_bytes() for file in files]
    with pytest.raises(QueryError, match=r"out\.gpkg changed since landbridge wrote it"):
        write_network_map(network, files[0])
    assert [file.read_bytes() for file in files] == before


def test_a_name_that_is_not_that_of_a_geopackage_is_named_as_given(network, tmp_path):
    with pytest.raises(QueryError) as error:
        write_network_map(network, tmp_path / "net")
    assert str(error.value).startswith(f"{tmp_path / 'net'} does not fit the format gpkg; give a file")


def test_a_symbolic_link_stays_and_the_file_that_it_leads_to_is_replaced(network, tmp_path):
    (tmp_path / "kept").mkdir()
    path = tmp_path / "net.gpkg"
    path.symlink_to(tmp_path / "kept" / "real.gpkg")
    for _ in range(2):
        write_network_map(network, path)
    assert path.is_symlink()
    assert sorted(file.name for file in (tmp_path / "kept").iterdir()) == ["real.gpkg", "real.qgz"]
    path.unlink()
    path.symlink_to(tmp_path / "kept" / "real.txt")
    with pytest.raises(QueryError, match=r"real\.txt does not fit the format gpkg"):
        write_network_map(network, path)
