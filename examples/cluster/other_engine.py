"""Run a study on another engine: whatever has a `concurrent.futures.Executor`, here Ray, in a few lines.

Run it with `python other_engine.py study.toml`; it needs the package `ray`. MPI needs none of this, since
`mpi4py.futures.MPIPoolExecutor` is such an executor, and Parsl has `parsl.concurrent.ParslPoolExecutor`.
"""

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import ray  # pyright: ignore[reportMissingImports]

import landbridge as lb


class RayExecutor(Executor):
    """The workers of Ray: a task whose worker dies is run again elsewhere."""

    def __init__(self, address: str | None = None) -> None:
        ray.init(address=address, ignore_reinit_error=True)
        self._call = ray.remote(_call)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give a call to Ray, and return its future."""
        return self._call.remote(fn, args, kwargs).future()


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return function(*args, **kwargs)


def main() -> None:
    """Run the rows on all processors of the cluster, and print what moves the answers."""
    study = lb.Study.read(sys.argv[1])
    executor = RayExecutor()
    found = study.run(store=f"{study.name}-store", executor=executor, workers=int(ray.cluster_resources()["CPU"]))
    print(found)
    print(found.sensitivity)


if __name__ == "__main__":
    main()
