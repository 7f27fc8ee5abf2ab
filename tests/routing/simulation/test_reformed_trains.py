"""Trains made up anew at a border, by the direction in which they go on."""

import pytest

from landbridge.routing.simulation.queueing_network import StationKind
from tests.support.queues import QUEUES, demand, model_of, steps_of
from tests.support.tiny import link, operation, tiny_network

LOADS = [{"id": "train-pl", "unit": "train", "teu": 80}]


def polish_border(folder, **columns):
    """Return a network from Belarus to Poland, where trains are made up anew after the entry, and to two countries."""
    entry = {"mean_h": 30, "reform_load": "train-pl"} | columns
    return tiny_network(
        folder,
        links=[
            link(f"{start} -- {end}")
            for start, end in (
                ("by-a", "by-b"),
                ("by-b", "pl-c"),
                ("pl-c", "pl-d"),
                ("pl-d", "de-e"),
                ("de-e", "de-f"),
                ("pl-d", "cz-g"),
            )
        ],
        operations=[operation("border_entry", "pl-c", other_place="by-b", **entry)],
        tables={"loads": LOADS, "congestion": QUEUES},
    )


def test_trains_are_made_up_by_the_next_country_and_not_by_destination(tmp_path):
    rows = [demand(60, "by-a", to, id=to) for to in ("de-e", "de-f", "cz-g", "pl-d")]
    model = model_of(polish_border(tmp_path), *rows)
    assert {(row.direction, row.assigned_teu_day) for row in model.rows} == {("CZ", 60), ("DE", 120), ("PL", 60)}
    assert set(model.queueing.stations.kind.tolist()) == {StationKind.REFORM}
    assert {row.batch_teu for row in model.rows} == {80}


def test_the_published_time_holds_the_usual_wait_for_the_next_train(tmp_path):
    # Trains of 100 TEU, 1.2 a day, into trains of 80: always one more train, 20 h, of the 30 h.
    model = model_of(polish_border(tmp_path), demand(120, "by-a", "de-f"))
    lead_h, ((_, station, after_h),) = steps_of(model, 0)
    # Load 1, rail 2, exit 4, rail 2, entry 10, and then the yard; rail 2, exit 4 and entry 5 h in the union are those
    # of the tiny network at both later borders.
    assert lead_h == pytest.approx(1 + 2 + 4 + 2 + (30 - 20))
    assert lead_h + 20 + after_h == pytest.approx(model.routes[0].static_h)
    assert model.rows[station].wait_ref_h == 20


def test_an_incomplete_train_leaves_after_the_longest_wait(tmp_path):
    model = model_of(polish_border(tmp_path, reform_max_wait_h=12), demand(120, "by-a", "de-f"))
    assert model.queueing.stations.max_wait_h.tolist() == [12]
    assert model.rows[0].wait_ref_h == 12


def test_other_trains_go_on_as_they_came(tmp_path):
    assert model_of(polish_border(tmp_path, reform_load=None), demand(120, "by-a", "de-f")).rows == ()
