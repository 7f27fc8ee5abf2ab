"""The workers of a Dask cluster as an executor of `concurrent.futures`: the only module that imports Dask."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from landbridge.networks.errors import NotInstalledError, QueryError, extra_cure

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S: Final = 30.0
_ADDRESS: Final = "tcp://10.0.0.1:8786"


@contextmanager
def dask_executor(scheduler: str, *, timeout_s: float = _CONNECT_S) -> Iterator[tuple[Executor, int]]:
    """Connect to the scheduler of a Dask cluster, and yield an executor with the number of its workers.

    Nothing else of Dask is used: `Client(...).get_executor()`, whose futures are those of `concurrent.futures`. The
    cluster is not ended.

    Parameters
    ----------
    scheduler
        Address of the scheduler, such as `tcp://10.0.0.1:8786`.
    timeout_s
        Seconds to wait for it, and for the first worker.

    Yields
    ------
    executor : concurrent.futures.Executor
        The executor. A task whose worker dies runs again on another one.
    workers : int
        Number of threads of all workers, each of which runs a task.

    Raises
    ------
    NotInstalledError
        If Dask is not installed (the extra `cluster`).
    QueryError
        If nothing answers at the address, or there is no worker.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NotInstalledError(f"a Dask cluster needs the package distributed; {extra_cure('cluster')}") from error
    client: Any  # half of its methods have no types
    with _connected(Client, scheduler, timeout_s) as client:
        yield client.get_executor(pure=False), _threads(client, scheduler, timeout_s)


@contextmanager
def _connected(client: "type[Client]", scheduler: str, timeout_s: float) -> "Iterator[Client]":
    try:
        found = client(scheduler, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError) as error:
        raise QueryError(
            f"no Dask scheduler answers at {scheduler!r} ({error}); give its address, such as {_ADDRESS}"
        ) from error
    with found:
        yield found


def _threads(client: Any, scheduler: str, timeout_s: float) -> int:
    """Return the number of threads of the workers, of which there has to be one."""
    try:
        client.wait_for_workers(1, timeout=timeout_s)
    except TimeoutError as error:
        raise QueryError(
            f"the scheduler {scheduler} has no worker after {timeout_s:g} s; start some: dask worker {scheduler}"
        ) from error
    return sum(client.nthreads().values())
