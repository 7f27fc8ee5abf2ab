"""Run a study on a Dask cluster whose workers are jobs of Slurm (dask-jobqueue).

Run it on a login node, or as a job of its own, with `python dask_on_slurm.py study.toml`; it needs the packages
`landbridge[cluster]` and `dask-jobqueue`, and a home folder that all nodes see. Started again, it goes on where it was.
"""

import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster  # pyright: ignore[reportMissingImports]

import landbridge as lb


def main() -> None:
    """Start the jobs, run the rows, and write the answer beside the study."""
    study = lb.Study.read(sys.argv[1])
    store = Path(f"{study.name}-store").absolute()
    with SLURMCluster(cores=4, processes=4, memory="16GB", walltime="01:00:00") as cluster:
        cluster.scale(jobs=8)
        with cluster.get_client() as client:
            found = study.run(store=store, executor=client.get_executor(pure=False), workers=32)
    print(found)
    print(found.sensitivity)
    found.write(f"{study.name}-result")


if __name__ == "__main__":
    main()
