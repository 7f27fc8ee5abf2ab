"""A network by reference: the same content has the same fingerprint, and a worker with other data says so."""

import pickle
from dataclasses import replace

import pytest

from landbridge.networks import QueryError, load_network, read_network, write_network
from landbridge.routing.studies.scenarios.scenario import Scenario
from landbridge.routing.studies.sweeps import network_reference
from landbridge.routing.studies.sweeps.network_reference import WorkerError, network_fingerprint, reference_to
from tests.support.tiny import link, tiny_network


@pytest.fixture(autouse=True)
def _empty_caches(monkeypatch):
    monkeypatch.setattr(network_reference, "_NETWORKS", type(network_reference._NETWORKS)())
    monkeypatch.setattr(network_reference, "_CHANGED", type(network_reference._CHANGED)())


@pytest.fixture
def tiny(tmp_path):
    return tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])


def forget():
    network_reference._NETWORKS.clear()


def test_the_fingerprint_is_of_the_content_in_any_format(tiny, tmp_path):
    for file_format, name in (("csv", "c"), ("geojson", "g"), ("gpkg", "n.gpkg")):
        write_network(tiny, tmp_path / name, file_format=file_format)
        assert network_fingerprint(read_network(tmp_path / name)) == network_fingerprint(tiny), file_format


def test_another_cell_is_another_fingerprint(tiny, tmp_path):
    other = tiny_network(tmp_path / "other", links=[link("cn-a -- cn-b", length_km=101)])
    assert network_fingerprint(other) != network_fingerprint(tiny)


def test_the_bundled_network_is_found_by_its_content():
    reference = reference_to(load_network(), None)
    assert reference.path is None
    assert reference == reference_to(None, None)
    assert len(pickle.dumps(reference)) < 500


def test_a_network_is_loaded_once_in_a_process(tiny, tmp_path):
    reference = reference_to(tmp_path / "tiny", None)
    forget()
    loaded = reference.load()
    assert loaded is reference.load()
    assert network_fingerprint(loaded) == network_fingerprint(tiny)


def test_a_network_in_memory_is_written_to_the_store_once(tiny, tmp_path):
    with pytest.raises(QueryError, match="only in memory"):
        reference_to(tiny, None)
    reference = reference_to(tiny, tmp_path / "store")
    assert reference == reference_to(tiny, tmp_path / "store")
    forget()
    assert network_fingerprint(reference.load()) == network_fingerprint(tiny)
    assert [path.name for path in (tmp_path / "store").iterdir()] == [f"network-{reference.fingerprint[:12]}"]


def test_a_worker_reads_what_the_driver_has_though_links_of_the_bundled_network_have_no_length(tmp_path):
    network = Scenario.read("base").apply(load_network())
    assert any(link["length_km"] is None for link in network.links)
    reference = reference_to(network, tmp_path)
    forget()
    assert network_fingerprint(reference.load()) == reference.fingerprint


def test_a_worker_with_another_version_other_data_or_none_says_so(tmp_path):
    tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b")])
    reference = reference_to(tmp_path / "tiny", None)
    forget()
    with pytest.raises(WorkerError, match=r"has landbridge .* and not 9.9"):
        replace(reference, landbridge="9.9").load()
    with pytest.raises(WorkerError, match="reads other data"):
        replace(reference, fingerprint="0" * 24).load()
    with pytest.raises(WorkerError, match="cannot read the network"):
        replace(reference, path=str(tmp_path / "nowhere")).load()


def test_few_networks_and_scenarios_are_kept(tmp_path):
    networks = [tiny_network(tmp_path / str(n), links=[link("cn-a -- cn-b", length_km=100 + n)]) for n in range(3)]
    references = [reference_to(tmp_path / str(n), None) for n in range(3)]
    assert len({reference.fingerprint for reference in references}) == len(networks)
    assert len(network_reference._NETWORKS) == network_reference._MOST_NETWORKS
