"""How `make trust` runs its parts."""

import time

from tests.trust import run

HANGS = """
import subprocess, sys
print('{"what": "one", "tried": 2, "held": 2}', flush=True)
subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"])
"""


def test_a_part_that_hangs_is_killed_with_its_processes_and_has_a_row_that_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "OUT", tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "hangs.py").write_text(HANGS)
    begun = time.monotonic()
    one, hung = run._run(run.Part("hangs", ("hangs",), longest_s=3))
    assert time.monotonic() - begun < 60
    assert (one["held"], hung["held"], hung["tried"]) == (2, 0, 1)
    assert hung["failed"][0].startswith("exit code -9 after ")
