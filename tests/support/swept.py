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
    if row["do"] == "text":
        return 5
    return {"y": row["x"]}


def slow(_network, row):
    """Sleep, and count the run in a folder."""
    time.sleep(row["s"])
    with Path(row["log"]).open("a") as file:
        file.write(f"{row['x']}\n")
    return {"root": math.sqrt(row["x"])}
