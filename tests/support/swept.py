"""Functions of a row for tests of sweeps, which workers import."""

import math
import os
import signal
import time
from pathlib import Path


def double(_network, row):
    """Return numbers that are exact in no short text."""
    return {"double": 2 * row["x"], "root": math.sqrt(row["x"])}


def places(network, row):
    return {"places": len(network.places), "x2": row["x"] ** 2}


def odd(_network, row):
    """Return or raise what a row asks for."""
    if row["do"] == "raise":
        raise ValueError(f"no\n{row['x']}\ud800")
    if row["do"] == "exit":
        raise SystemExit(3)
    if row["do"] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if row["do"] == "list":
        return {"y": [1]}
    if row["do"] == "taken":
        return {"x": 1}
    if row["do"] == "status":
        return {"status": 1}
    if row["do"] == "numbered":
        return {1: 2}
    if row["do"] == "text":
        return 5
    return {"y": row["x"]}


def slow(_network, row):
    """Sleep, and tell the run in a file, and before it the process in another one."""
    if "pid" in row:
        Path(row["pid"]).write_text(str(os.getpid()))
    time.sleep(row["s"])
    with Path(row["log"]).open("a") as file:
        file.write(f"{row['x']}\n")
    return {"root": math.sqrt(row["x"])}


def echo(_network, row):
    return {"got": row["value"], f"only_{row['n']}": 1}


def fingerprint(network, _row):
    from landbridge.routing.studies.sweeps.network_reference import network_fingerprint

    return {"fingerprint": network_fingerprint(network), "places": len(network.places)}


def starts_late(_network, row):
    """Fail until a variable of the environment is set."""
    return {"value": os.environ[row["variable"]]}
