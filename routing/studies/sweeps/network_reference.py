"""A network by reference: a task names it, and each worker loads it once and checks that it is the same."""

import csv
import io
import socket
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final

from landbridge.networks.caches import digest
from landbridge.networks.errors import DataError, QueryError
from landbridge.networks.moves import moving_to
from landbridge.networks.network import Network, load_network, network_given, read_network
from landbridge.networks.writing import write_network
from landbridge.routing.studies.sweeps.package_source import landbridge_code

if TYPE_CHECKING:
    from landbridge.routing.studies.scenarios.scenario import Scenario

NETWORK: Final = "network-"
"""What the name of a folder begins with in which a store keeps a network."""

_MOST_NETWORKS: Final = 2
_MOST_SCENARIOS: Final = 4
"""Networks kept by a process; each has some 100 MB once it has answered questions."""

_NETWORKS: Final[OrderedDict[str, Network]] = OrderedDict()
_CHANGED: Final[OrderedDict[tuple[str, str], Network]] = OrderedDict()
_LOCK: Final = RLock()


class WorkerError(DataError):
    """A worker cannot do what it is asked, whatever the row: the sweep ends, and nothing is recorded."""


@dataclass(frozen=True)
class NetworkReference:
    """A network by where it is read, small enough to send with each task.

    Attributes
    ----------
    path
        Absolute path of its folder or GeoPackage; None for the bundled network.
    name, version
        Name and version of its data set.
    fingerprint
        Hash of the content of its tables, see `network_fingerprint`.
    landbridge
        Version and code of landbridge that made the reference; a worker needs the same, see `landbridge_code`.
    """

    path: str | None
    name: str
    version: str
    fingerprint: str
    landbridge: str

    def load(self) -> Network:
        """Return the network, read once in a process.

        Raises
        ------
        WorkerError
            If this process has another version or code of landbridge, cannot read the network, or reads another one.
        """
        with _LOCK:
            if self.fingerprint not in _NETWORKS:
                keep_network(self.fingerprint, self._read())
            return _NETWORKS[self.fingerprint]

    def load_changed(self, scenario: "Scenario") -> Network:
        """Return the network with a scenario applied; the few latest are kept in a process."""
        key = self.fingerprint, scenario.fingerprint
        with _LOCK:
            if key not in _CHANGED:
                _CHANGED[key] = scenario.apply(self.load())
                while len(_CHANGED) > _MOST_SCENARIOS:
                    _CHANGED.popitem(last=False)
            _CHANGED.move_to_end(key)
            return _CHANGED[key]

    def _read(self) -> Network:
        here = f"a worker on {socket.gethostname()}"
        own = landbridge_code()
        if self.landbridge != own:
            raise WorkerError(f"{here} has landbridge {own} and not {self.landbridge}; install the same on all workers")
        try:
            network = load_network() if self.path is None else read_network(self.path)
        except DataError as error:
            raise WorkerError(
                f"{here} cannot read the network: {error}; use a folder that all workers can read"
            ) from error
        if network_fingerprint(network) != self.fingerprint:
            what = "the bundled network" if self.path is None else self.path
            raise WorkerError(
                f"{here} reads other data from {what} than the driver had ({self.name} {self.version}); "
                "install the same landbridge on all workers, and do not edit a network while it is used"
            )
        return network


def keep_network(fingerprint: str, network: Network) -> None:
    """Keep a network that this process has already, so that it is not read again."""
    with _LOCK:
        _NETWORKS[fingerprint] = network
        while len(_NETWORKS) > _MOST_NETWORKS:
            dropped, _ = _NETWORKS.popitem(last=False)
            for key in [key for key in _CHANGED if key[0] == dropped]:
                del _CHANGED[key]


def network_fingerprint(network: Network) -> str:
    """Return a hash of the content of the tables of a network, whatever files it is kept in.

    The drawn lines of links are left out: they change maps, and no answer.
    """
    return network.cached(_fingerprint)


def _fingerprint(network: Network) -> str:
    parts: list[str] = []
    for name, table in sorted(network.tables.items()):
        if len(table):
            buffer = io.StringIO()
            columns = table.schema.columns
            csv.writer(buffer).writerows([column.format(row[column.name]) for column in columns] for row in table)
            parts += [name, buffer.getvalue()]
    return digest(*parts)


def reference_to(network: "Network | str | Path | None", store: Path | None) -> NetworkReference:
    """Return the reference to a network, which this process keeps loaded.

    Parameters
    ----------
    network
        A network, the path of one, or None for the bundled one.
    store
        Folder into which a network that is only in memory is written.

    Raises
    ------
    QueryError
        If it is only in memory and there is no store, or it is no network.
    DataError
        If it cannot be read.
    """
    if network is None:
        return _bundled()
    if isinstance(network, str | Path):
        return _reference(read_network(network), Path(network).resolve())
    if network_fingerprint(network_given(network)) == _bundled().fingerprint:
        return _bundled()
    if store is None:
        raise QueryError(
            "the network is only in memory, where the workers of an executor cannot read it; "
            "give `store`, a folder that they can read, or write it with write_network and give its path"
        )
    path = store / f"{NETWORK}{network_fingerprint(network)[:12]}"
    with moving_to(path):  # of shards that begin at once, the first one writes it
        if not path.is_dir():
            write_network(network, path)
    # As workers read it: a written network has the lengths that the one in memory measures.
    return _reference(read_network(path), path.resolve())


@cache
def _bundled() -> NetworkReference:
    return _reference(load_network(), None)


def _reference(network: Network, path: Path | None) -> NetworkReference:
    fingerprint = network_fingerprint(network)
    keep_network(fingerprint, network)
    name, version = network.setting("name"), network.setting("version")
    return NetworkReference(None if path is None else str(path), name, version, fingerprint, landbridge_code())
