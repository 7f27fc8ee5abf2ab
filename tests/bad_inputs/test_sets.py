"""Folders and files of results: what is there already, what stands in the way, what is damaged, and full disks."""

import json
import subprocess
import sys

import pytest

from landbridge.networks import read_network
from landbridge.networks.file_sets import MANIFEST
from landbridge.networks.work_folders import JOURNAL
from landbridge.routing import route
from tests.support.leftovers import ended_process, leftover
from tests.support.refusals import OWN_PROCESS, check_refused, largest_file, outcome, tree, untouched
from tests.support.tiny import link, write_tiny


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """Return the folder of a network of two links."""
    return write_tiny(tmp_path_factory.mktemp("net"), links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])


@pytest.fixture(autouse=True)
def _places(tmp_path):
    (tmp_path.parent / "places.csv").write_text("place\ncn-a\ncn-c\n", encoding="utf-8")


@pytest.fixture(scope="module")
def ended():
    """Return the id of a process that has ended."""
    return ended_process()


WRITERS = {
    "folder of a route": ("route", "cn-a", "cn-c", "--out", "out"),
    "table and metadata": ("matrix", "../places.csv", "--out", "out.csv"),
    "workbook": ("route", "cn-a", "cn-c", "--out", "out.xlsx"),
    "parquet": ("route", "cn-a", "cn-c", "--out", "out.parquet"),
    "folder and chart": ("route", "cn-a", "cn-c", "--out", "out", "--chart", "out.png"),
    "chart": ("route", "cn-a", "cn-c", "--chart", "out.pdf"),
    "page": ("report", "cn-a", "cn-c", "--html", "out.html"),
    "statements": ("emissions", "cn-a", "cn-c", "--out", "out"),
    "network as CSV": ("network", "export", "--format", "csv", "--out", "out"),
    "network as GeoJSON": ("network", "export", "--format", "geojson", "--out", "out"),
    "network as GMNS": ("network", "export", "--format", "gmns", "--out", "out"),
    "network as GeoPackage": ("network", "export", "--out", "out.gpkg"),
}
"""Each way to write files, into `out`."""


def run(arguments, folder, net):
    return outcome([*arguments, "--network", str(net)], folder)


def write(folder, net, name="folder of a route"):
    seen = run(WRITERS[name], folder, net)
    assert seen.code == 0, seen.err


def half_written(parent, pid, *, journal=False):
    """Make the temporary folder of a process, with half a file."""
    found = leftover(parent, pid=pid)
    (found / "new").mkdir()
    (found / "new" / "half.csv").write_text("half of the n")
    if journal:
        (found / JOURNAL).write_text("{}")
    return found


# ---- what is there already


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_one_line_with_the_path_and_leaves_what_was_there(name, net, tmp_path):
    write(tmp_path, net, name)
    with untouched(tmp_path), largest_file(150):
        seen = run(WRITERS[name], tmp_path, net)
    # In a process of its own the limit cuts the message, too, which goes to a file there.
    check_refused(seen, "out", "cannot be written", *([] if OWN_PROCESS else ["give another file or folder"]))


@pytest.mark.parametrize("name", WRITERS)
def test_what_a_killed_run_left_is_gone_after_the_next_one(name, net, tmp_path, ended):
    left = [half_written(tmp_path, ended)]
    if "." not in WRITERS[name][-1]:
        (tmp_path / "out").mkdir()
        left.append(half_written(tmp_path / "out", ended))
    write(tmp_path, net, name)
    assert [path for path in left if path.exists()] == []
    assert not list(tmp_path.rglob(".writing-*"))


def foreign(out):
    (out / MANIFEST).unlink()


def edited(out):
    (out / "legs.csv").write_text("mine")


def replaced_by_a_folder(out):
    (out / "itineraries.csv").unlink()
    (out / "itineraries.csv").mkdir()


def damaged_manifest(out):
    (out / MANIFEST).write_text((out / MANIFEST).read_text()[:100])


def manifest_that_leads_elsewhere(out):
    (out / MANIFEST).write_text('{"files": [{"name": "../places.csv", "size": 1, "sha256": "0"}]}')


def open_in_qgis(out):
    (out / "landbridge.gpkg-wal").write_text("changes")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (foreign, ("exists and is not listed in a landbridge-manifest.json", "move it or give another folder")),
        (edited, ("legs.csv in ", "changed since landbridge wrote it", "move it or give another folder")),
        (replaced_by_a_folder, ("itineraries.csv is a folder now", "move it or give another folder")),
        (damaged_manifest, ("landbridge-manifest.json is not a manifest of landbridge", "move it")),
        (manifest_that_leads_elsewhere, ("landbridge-manifest.json is not a manifest of landbridge", "move it")),
        (open_in_qgis, ("landbridge.gpkg is open in another program", "close it there")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_folder_with_files_of_others_is_left_as_it_is(change, words, net, tmp_path):
    write(tmp_path, net)
    change(tmp_path / "out")
    with untouched(tmp_path):
        seen = run(WRITERS["folder of a route"], tmp_path, net)
    check_refused(seen, *words)


@pytest.mark.parametrize("name", ["folder of a route", "table and metadata", "workbook", "chart", "page", "statements"])
def test_a_path_below_a_file_is_named_and_nothing_is_made(name, net, tmp_path):
    (tmp_path / "file").write_text("mine")
    arguments = [
        argument.replace("out", "file/out") if argument == WRITERS[name][-1] else argument for argument in WRITERS[name]
    ]
    with untouched(tmp_path):
        seen = run(arguments, tmp_path, net)
    check_refused(seen, "file/out", "give another")


@pytest.mark.parametrize("side", ["out.csv.meta.json", "out.qgz"])
def test_a_folder_in_the_place_of_a_side_file_leaves_the_file(side, net, tmp_path):
    name = "table and metadata" if "csv" in side else "network as GeoPackage"
    write(tmp_path, net, name)
    (tmp_path / side).unlink()
    (tmp_path / side).mkdir()
    with untouched(tmp_path):
        seen = run(WRITERS[name], tmp_path, net)
    check_refused(seen, side)


def test_a_chart_that_cannot_be_written_leaves_the_folder_of_the_same_answer(net, tmp_path):
    write(tmp_path, net, "folder and chart")
    (tmp_path / "out.png").unlink()
    (tmp_path / "out.png").mkdir()
    with untouched(tmp_path):
        seen = run((*WRITERS["folder of a route"], "--teu", "4", "--chart", "out.png"), tmp_path, net)
    check_refused(seen, "out.png is a folder")


def test_a_folder_that_cannot_be_written_leaves_the_chart_and_the_page_of_the_same_answer(net, tmp_path):
    arguments = ("report", "cn-a", "cn-c", "--html", "out.html", "--out", "out", "--chart", "out.png")
    assert run(arguments, tmp_path, net).code == 0
    edited(tmp_path / "out")
    with untouched(tmp_path):
        seen = run((*arguments, "--teu", "4"), tmp_path, net)
    check_refused(seen, "legs.csv in ", "changed since landbridge wrote it")


def test_a_geopackage_of_another_program_is_not_replaced(net, tmp_path):
    (tmp_path / "out.gpkg").write_text("mine")
    with untouched(tmp_path):
        seen = run(WRITERS["network as GeoPackage"], tmp_path, net)
    check_refused(seen, "out.gpkg was not written by landbridge, so it is not replaced", "move it")


def test_a_style_of_the_user_is_kept_beside_the_new_layer(net, tmp_path, caplog):
    trips = route(read_network(net), "cn-a", "cn-c")
    trips.to_geojson(tmp_path / "a.geojson")
    before = (tmp_path / "a.geojson").read_bytes()
    (tmp_path / "a.qml").write_text("mine")
    (tmp_path / "a.geojson").write_text("old")
    trips.to_geojson(tmp_path / "a.geojson")
    assert ((tmp_path / "a.geojson").read_bytes(), (tmp_path / "a.qml").read_text()) == (before, "mine")
    assert "is kept" in caplog.text


# ---- sets that are read


@pytest.fixture
def own(net, tmp_path):
    """Return a network as landbridge wrote it, and the arguments of a command that reads it."""
    write(tmp_path, net, "network as CSV")
    return tmp_path / "out", ("network", "info", "--network", "out")


def test_a_network_with_a_missing_table_is_not_read_with_the_bundled_one_instead(own, tmp_path):
    folder, arguments = own
    (folder / "tariffs.csv").unlink()
    with untouched(tmp_path):
        check_refused(outcome(arguments, tmp_path), "out has no tariffs.csv", MANIFEST, "remove the manifest")
        check_refused(outcome(("network", "check", "out"), tmp_path), "out has no tariffs.csv", MANIFEST)


def test_an_edited_network_is_read_with_a_note(own, tmp_path, caplog):
    folder, arguments = own
    text = (folder / "places.csv").read_text(encoding="utf-8")
    (folder / "places.csv").write_text(text.replace("cn-a", "cn-a", 1) + "\n", encoding="utf-8")
    seen = outcome(arguments, tmp_path)
    assert seen.code == 0
    assert "places.csv in out changed since landbridge wrote it, and is read as it is now" in seen.err + caplog.text


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 1}', '{"files": [{"name": "links.csv"}]}'])
def test_a_network_with_a_damaged_manifest_is_refused_with_the_cure(text, own, tmp_path):
    folder, arguments = own
    (folder / MANIFEST).write_text(text)
    with untouched(tmp_path):
        seen = outcome(arguments, tmp_path)
    check_refused(seen, "landbridge-manifest.json is damaged", "write the files again, or remove it")


def test_a_network_that_a_run_is_replacing_is_not_read(own, tmp_path, request):
    folder, arguments = own
    running = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    request.addfinalizer(lambda: running.communicate(b"\n"))
    half_written(folder, running.pid, journal=True)
    with untouched(tmp_path):
        seen = outcome(arguments, tmp_path)
    check_refused(seen, "the files in out are being replaced by another run", "wait until it has ended")


def test_a_network_whose_replacing_was_killed_is_read_as_it_was(own, tmp_path, ended):
    folder, arguments = own
    before = tree(folder)
    whole = outcome(arguments, tmp_path).out
    left = half_written(folder, ended)
    # Killed after two moves, with the manifest still to come.
    old = left / "old"
    old.mkdir()
    (folder / MANIFEST).rename(old / MANIFEST)
    (folder / "links.csv").rename(old / "links.csv")
    (folder / "half.csv").write_text("half of the n")
    (left / "new" / "half.csv").unlink()
    (left / "new" / MANIFEST).write_text("{}")
    seen = (folder / "half.csv").stat()
    stamps = {"half.csv": [seen.st_size, seen.st_mtime_ns]}
    (left / JOURNAL).write_text(json.dumps({"last": MANIFEST, "new": stamps, "gone": ["links.csv"]}))
    assert outcome(arguments, tmp_path).out == whole
    assert tree(folder) == before


def test_gmns_without_a_file_of_its_set_is_refused(net, tmp_path):
    write(tmp_path, net, "network as GMNS")
    (tmp_path / "out" / "config.csv").unlink()
    with untouched(tmp_path):
        seen = outcome(("network", "build", "--gmns", "out", "--out", "built"), tmp_path)
    check_refused(seen, "out has no config.csv", MANIFEST)
