"""What killed runs leave behind."""

import subprocess
import sys
from pathlib import Path

from landbridge.networks.work_folders import temporary_folder


def ended_process() -> int:
    """Return the id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leftover(parent: Path, *, pid: int | None = None, parked: str = "") -> Path:
    """Make the temporary folder that a process left behind, by default one that has ended."""
    with temporary_folder(parent) as folder:
        machine = folder.name.split("-")[1]
    found = parent / f".writing-{machine}-{ended_process() if pid is None else pid}-abcdefgh{parked}"
    found.mkdir()
    return found
