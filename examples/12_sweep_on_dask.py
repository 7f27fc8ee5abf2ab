"""What moves time and cost of a corridor: a study of many rows, on a Dask cluster or on all processors of this machine.

Run it with `python examples/12_sweep_on_dask.py`; it needs no connection, and writes to `out/`. With the extra
`cluster` it starts a Dask cluster here; the files in `examples/cluster/` start one on Slurm or Kubernetes.
"""

from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import landbridge as lb

STUDY = """
name = "middle-corridor"
title = "Xi'an to Duisburg by the Middle Corridor"
measure = "route"
outputs = ["time_p50_h", "cost_usd"]

[design]
kind = "saltelli"
points = 8

[options]
origin = "Xi'an"
destination = "Duisburg"
corridor = "middle"

[parameters]
border_hours = { low = 0.5, high = 3 }
ship_waits = { low = 0.5, high = 2 }

[[changes]]
do = "set"
table = "operations"
where = { kind = ["border_exit", "border_entry"] }
multiply = { hours = "$border_hours", fees = "$border_hours" }

[[changes]]
do = "slow"
what = "waits"
ids = ["feeder-aktau-*"]
factor = "$ship_waits"
"""


def main() -> None:
    """Run the study twice: the second time all is in the store already."""
    folder = Path("out")
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    study = lb.Study.read(folder / "study.toml")
    print(f"{study.title}: {len(study.rows())} rows, the first one {study.rows()[0]}")

    with ExitStack() as stack:
        executor = None
        if find_spec("distributed"):
            dask = import_module("distributed")
            options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
            cluster = stack.enter_context(dask.LocalCluster(**options))
            executor = stack.enter_context(dask.Client(cluster)).get_executor(pure=False)
        print("on a Dask cluster of two workers" if executor else "on all processors; Dask needs the extra `cluster`")
        found = study.run(store=folder / "store", executor=executor, workers=2)

    print(f"\n{'answer':<12}{'parameter':<14}{'low':>10}{'high':>10}{'S':>7}{'total':>7}")
    for effect in found.sensitivity:
        indices = f"{effect.first_order or 0:>7.2f}{effect.total or 0:>7.2f}"
        print(f"{effect.output:<12}{effect.parameter:<14}{effect.low:>10,.0f}{effect.high:>10,.0f}{indices}")

    done: list[int] = []
    again = study.run(store=folder / "store", workers=0, progress=done.append)
    print(f"\nonce more from the store: {done[0]} of {len(again.sweep)} rows were done")
    found.write(folder / "sweep")
    print("Look at out/sweep/rows.csv, and at which parameter moves time and which moves cost.")


if __name__ == "__main__":
    main()
