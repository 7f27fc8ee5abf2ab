"""The sources of each figure of a leg are those of the cells that it comes from."""

from datetime import time

from landbridge.routing import Cargo, route
from landbridge.routing.reports.figure_sources import FIGURES, figure_sources
from tests.support.tiny import link, operation, tiny_network


def sources(*ids):
    return [{"id": one, "kind": "publication", "title": one, "year": 2025} for one in ids]


def test_each_figure_of_a_haul_and_of_a_stop_has_its_own_sources(tmp_path):
    # A link without a source of its own time has that of its service; the check wants sources in every cell of a test.
    network = tiny_network(
        tmp_path,
        check=False,
        links=[link("cn-a -- cn-b", length_source=("S1",), time_source=(), open_source=())],
        services=[
            {
                "id": "rail",
                "mode": "rail",
                "emission_factor": "rail",
                "speed_source": ("S2",),
                "wait_kind": "headway",
                "headway_h": 24,
                "wait_source": ("S5",),
                "boarding_usd_per_teu": 10,
                "boarding_usd_year": 2024,
                "boarding_source": ("S6",),
                "tariff": "flat",
            }
        ],
        operations=[operation("load", "cn-a", to_mode="rail", mean_h=1, time_source=("S7",), fee_source=("S8",))],
        tables={
            "tariffs": [{"id": "flat", "usd_per_teu_km": 0.1, "usd_year": 2024, "source": ("S3",)}],
            "emission_factors": [
                {"id": "rail", "mode": "rail", "g_co2e_per_tkm": 10, "source": ("S4",), "adjustment_source": ()}
            ],
            "sources": sources("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"),
        },
    )
    legs = route(network, "cn-a", "cn-b")[0].legs
    found = {leg.operation or leg.kind: figure_sources(network, Cargo(), leg) for leg in legs}
    assert found["haul"] == {"time": ("S2",), "cost": ("S3",), "co2e": ("S4",), "distance": ("S1",)}
    assert found["wait"] == {"time": ("S5",), "cost": ("S6",), "co2e": (), "distance": ()}
    assert (found["load"]["time"], found["load"]["cost"], found["load"]["distance"]) == (("S7",), ("S8",), ())


def test_the_figures_of_the_bundled_network_name_every_source_of_each_leg(network):
    kinds = set()
    for query in ({}, {"depart": "2026-11-01"}):
        for item in route(network, "Ürümqi", (51.43, 6.76), **query):
            for leg in item.legs:
                found = figure_sources(network, item.cargo, leg)
                assert tuple(found) == FIGURES
                assert {source for ids in found.values() for source in ids} >= set(leg.sources), leg
                kinds.add((leg.kind, leg.access is not None))
    assert {("haul", False), ("haul", True), ("operation", False), ("wait", False)} <= kinds


def test_the_wait_for_an_opening_cites_the_opening_hours_alone(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", open_from=time(8), open_to=time(20), open_source=("S1",))],
        tables={"sources": sources("S1")},
    )
    legs = route(network, "cn-a", "cn-b", depart="2026-01-01T00:00")[0].legs
    found = {leg.name: figure_sources(network, Cargo(), leg) for leg in legs}
    # Loaded at 1:00, the cargo waits until 8:00.
    assert found["opening of rail"] == {"time": ("S1",), "cost": (), "co2e": (), "distance": ()}
    assert found["rail"]["time"] == ("A1", "S1")
