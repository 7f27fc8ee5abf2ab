"""Hours spent at each row: of operations, of formalities at borders, of waits for ships."""

import pytest

from landbridge.routing import DemandFlow, bottlenecks
from tests.support.narrow_way import ONE, by_id, two_ways
from tests.support.tiny import link, service, tiny_network


def test_hours_at_a_terminal_in_parts_of_all_hours(tmp_path):
    yard = by_id(bottlenecks(two_ways(tmp_path), ONE, closures=0))["yard"]
    # 100 TEU load for 5 h and unload for 2 h; 40 run 2 h and 60 run 4 h.
    assert yard.delay_teu_h_day == pytest.approx(500)
    assert yard.delay_h_per_teu == pytest.approx(5)
    assert yard.delay_share == pytest.approx(500 / (700 + 80 + 240))


def test_formalities_count_for_the_border_and_waits_for_the_fleet(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- kz-b", resource="border"), link("kz-b -- az-c", "sea")],
        services=[
            service("rail", "rail", capacity_teu_day=None, vehicle="train"),
            service(
                "sea",
                "sea",
                wait_kind="headway",
                headway_h=48,
                resource="fleet",
                capacity_teu_day=None,
                vehicle="train",
            ),
        ],
        tables={
            "resources": [
                {"id": "border", "kind": "border", "capacity": 500},
                {"id": "fleet", "kind": "fleet", "capacity": 500},
            ]
        },
    )
    demand = [DemandFlow(origin="cn-a", destination="az-c", teu_per_year=36_500)]
    found = by_id(bottlenecks(network, demand, closures=0))
    # Exit 4 h and entry 5 h; ships every 48 h are waited for 24 h in the mean.
    assert found["border"].delay_h_per_teu == pytest.approx(9)
    assert found["fleet"].delay_h_per_teu == pytest.approx(24)
    # Load 1, border 9, rail 2, transship 3, wait 24, sea 2, unload 2.
    assert found["fleet"].delay_share == pytest.approx(24 / 43)
