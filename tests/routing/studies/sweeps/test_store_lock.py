"""The lock of a store: one driver, or one for each shard; a dead one does not hold it."""

import json
import os
import platform
import subprocess
import sys
import time

import pytest

from landbridge.networks import QueryError
from landbridge.networks.errors import WriteError
from landbridge.networks.work_folders import machine
from landbridge.routing.studies.sweeps.store_lock import locked
from tests.support.refusals import largest_file


def write_lock(folder, name="all", *, host=None, pid=None, age_s=0.0, container=False):
    path = folder / f"landbridge-sweep-{name}.lock"
    here = "another" if host or container else machine()
    path.write_text(json.dumps({"host": host or platform.node(), "machine": here, "pid": pid or os.getpid()}))
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def dead_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_a_second_driver_is_refused_and_the_lock_is_released(tmp_path):
    with locked(tmp_path, "all"):
        with (
            pytest.raises(QueryError, match=f"is used by another sweep .process {os.getpid()}"),
            locked(tmp_path, "all"),
        ):
            pass
        with pytest.raises(QueryError, match="is used by another sweep"), locked(tmp_path, "1of2"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_shards_share_a_store_with_each_other_only(tmp_path):
    with locked(tmp_path, "1of2"), locked(tmp_path, "2of2"):
        for other in ("1of2", "1of3", "all"):
            with pytest.raises(QueryError, match="is used by another sweep"), locked(tmp_path, other):
                pass


def test_a_living_process_holds_it_however_long_ago(tmp_path):
    write_lock(tmp_path, pid=os.getppid(), age_s=1e6)
    with pytest.raises(QueryError), locked(tmp_path, "all"):
        pass


@pytest.mark.parametrize("stale", ["ended", "an earlier process with this id", "silent elsewhere", "empty and old"])
def test_a_dead_driver_does_not_hold_it(tmp_path, stale):
    if stale == "ended":
        write_lock(tmp_path, pid=dead_pid())
    elif stale == "silent elsewhere":
        write_lock(tmp_path, host="elsewhere", age_s=1e4)
    elif stale == "empty and old":
        write_lock(tmp_path, age_s=1e4).write_text("")
        os.utime(tmp_path / "landbridge-sweep-all.lock", (0, 0))
    else:
        write_lock(tmp_path)
    with locked(tmp_path, "all"):
        pass


def test_a_driver_in_a_container_with_the_name_of_this_machine_holds_it(tmp_path):
    write_lock(tmp_path, container=True, pid=dead_pid(), age_s=30)
    with pytest.raises(QueryError, match="is used by another sweep"), locked(tmp_path, "all"):
        pass


def test_a_driver_elsewhere_that_gave_a_sign_of_life_holds_it(tmp_path):
    write_lock(tmp_path, host="elsewhere", pid=1, age_s=30)
    with pytest.raises(QueryError, match="process 1 on elsewhere"), locked(tmp_path, "all"):
        pass


def test_lock_files_of_others_are_left_alone(tmp_path):
    (tmp_path / "uv.lock").write_text("")
    os.utime(tmp_path / "uv.lock", (0, 0))
    with locked(tmp_path, "all"):
        pass
    assert (tmp_path / "uv.lock").exists()


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    with pytest.raises(WriteError, match="cannot be written"), locked(tmp_path / "nowhere", "all"):
        pass


def test_sigterm_releases_the_lock(tmp_path):
    code = (
        "import os, signal, sys, time; from pathlib import Path\n"
        "from landbridge.routing.studies.sweeps.store_lock import locked\n"
        "with locked(Path(sys.argv[1]), 'all'):\n"
        "    os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == 143
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="limits are set in another way")
def test_a_lock_that_cannot_be_written_is_not_left(tmp_path):
    with largest_file(5), pytest.raises(WriteError, match="File too large"), locked(tmp_path, "all"):
        pytest.fail("locked")
    assert list(tmp_path.iterdir()) == []


def test_a_driver_killed_while_it_makes_its_lock_holds_none(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from landbridge.routing.studies.sweeps.store_lock import locked\n"
        "def strike(event, args):\n"
        "    if event == 'os.link' or (event == 'open' and str(args[0]).endswith('.lock') and seen.append(1)):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "seen = []; sys.addaudithook(strike)\n"
        "with locked(Path(sys.argv[1]), 'all'): pass"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == -9
    assert not list(tmp_path.glob("*.lock"))
    with locked(tmp_path, "all"):
        assert json.loads(next(tmp_path.glob("*.lock")).read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_where_the_file_system_has_no_links_the_lock_is_made_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    with locked(tmp_path, "all"), pytest.raises(QueryError, match="is used by another sweep"), locked(tmp_path, "all"):
        pytest.fail("locked twice")
    assert list(tmp_path.iterdir()) == []
