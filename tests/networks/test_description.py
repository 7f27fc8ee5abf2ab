from landbridge.networks.description import describe
from tests.support.tiny import link, tiny_network


def test_a_link_counts_once_whichever_way_it_runs_in_the_country_where_it_starts(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[
            link("cn-a -- cn-b", length_km=300),
            link("cn-b -> kz-c", length_km=200),
            link("kz-c -> cn-b", length_km=200),
            link("cn-b -- kz-c", "road", length_km=250),
        ],
    )
    found = describe(network)
    assert found["length_km"] == {"rail": 500, "road": 250}
    assert found["length_km_by_country"] == {"CN": {"rail": 500, "road": 250}}


def test_sizes_are_those_of_the_tables_and_the_state_graph(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    found = describe(network)
    assert (found["name"], found["version"], found["reference_date"]) == ("tiny", "1", "2026-01-01")
    assert found["tables"]["places"] == 2
    assert found["tables"]["links"] == 1
    # Each end: origin, ready, boarded, on board, destination.
    assert found["states"] == 10
    assert found["edges"] == network.graph.edges


def test_the_bundled_network_is_as_large_as_promised_and_says_how_its_values_are_known(network):
    found = describe(network)
    assert found["tables"]["places"] >= 350
    assert found["tables"]["links"] >= 700
    assert found["tables"]["operations"] >= 450
    assert set(found["evidence"]) == {"observed", "published", "derived", "assumed"}
    assert all(count > 0 for count in found["evidence"].values())
    assert set(found["length_km"]) == {"rail", "road", "sea", "ferry", "iww"}
