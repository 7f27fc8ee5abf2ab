"""GeoPackages that another program has open: SQLite and GDAL read one state, with the changes in the log."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from landbridge.networks import DataError, check_network, read_network, write_network
from landbridge.networks.geopackages import log_of, one_state, opened
from tests.support.tiny import link, tiny_network


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the content of a GeoPackage with a tiny network."""
    folder = tmp_path_factory.mktemp("written")
    (path,) = write_network(tiny_network(folder, links=[link("cn-a -- cn-b")]), folder / "n.gpkg", file_format="gpkg")
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, written):
    """Return a GeoPackage with a tiny network and without triggers, which call functions that only GDAL has."""
    path = tmp_path / "n.gpkg"
    path.write_bytes(written)
    with closing(sqlite3.connect(path)) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
    return path


@pytest.fixture
def program(path):
    """Return the connection of another program, which writes its changes to a log as QGIS does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        yield file


def files_of(path: Path) -> dict[str, bytes]:
    return {side.name: side.read_bytes() for side in path.parent.iterdir() if not side.name.endswith("-shm")}


def test_a_change_in_the_log_is_read_and_the_log_stays(path, program):
    program.execute("UPDATE services SET speed_km_h = 41 WHERE id = 'rail'")
    before = files_of(path)
    assert log_of(path).name == "n.gpkg-wal"
    assert read_network(path).services["rail"]["speed_km_h"] == 41
    assert files_of(path) == before


def test_a_fault_in_the_log_names_the_file_itself(path, program):
    program.execute("UPDATE links SET geom = x'0000'")
    (fault,) = check_network(path)
    assert (fault.file, fault.problem) == ("n.gpkg/links", "cannot be read as a geometry")


def test_a_layer_that_is_only_in_the_log_is_read(path):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE links RENAME TO kept")
    with closing(sqlite3.connect(path, isolation_level=None)) as program:
        program.execute("PRAGMA journal_mode = WAL")
        program.execute("ALTER TABLE kept RENAME TO links")
        assert len(read_network(path).links) == 1


def test_a_view_in_the_log_is_refused(path, program):
    program.execute("ALTER TABLE services RENAME TO mine")
    program.execute("CREATE VIEW services AS SELECT * FROM mine")
    with pytest.raises(DataError, match=r"^n\.gpkg/services is a view or a virtual table; save it as a table"):
        read_network(path)


def test_a_log_that_cannot_be_read_is_refused(path, tmp_path):
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
    (tmp_path / "n.gpkg-wal").write_bytes(b"changes")
    # In place of the index of the log, which cannot be made in a folder that lets nothing be written.
    (tmp_path / "n.gpkg-shm").symlink_to("nowhere")
    cure = "open it in the program that made them, and close it there"
    with pytest.raises(DataError, match=rf"^n\.gpkg cannot be read with the changes to it in n\.gpkg-wal .*; {cure}$"):
        read_network(path)


def test_a_file_that_changes_while_it_is_read_is_refused(path):
    with (
        pytest.raises(DataError, match=r"^n\.gpkg was changed by another program while it was read; read it again$"),
        one_state(path) as file,
        closing(sqlite3.connect(file)) as program,
        program,
    ):
        program.execute("UPDATE services SET speed_km_h = 41")


def test_errors_of_sqlite_name_the_file(path):
    with (
        pytest.raises(DataError, match=r"^n\.gpkg cannot be read as a GeoPackage: no such table: lynx; save it again$"),
        opened(path) as file,
    ):
        file.execute("SELECT * FROM lynx")
