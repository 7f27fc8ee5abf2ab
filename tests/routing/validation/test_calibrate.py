"""Calibration: it moves what is assumed, by the training half, and nothing else."""

import copy

import numpy as np
import pytest

from landbridge.networks import QueryError
from landbridge.routing import calibrate, validate
from landbridge.routing.validation.calibrate import BOUNDS, PARAMETERS, fit_factors, hours_by_parameter, scaled
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, operation, service, tiny_network

PUBLISHED = {"speed_source": "P1", "speed_year": 2024, "speed_confidence": "published"}
TIMED = {"time_source": "P1", "time_year": 2024, "time_confidence": "published"}
FACTORS = dict.fromkeys(PARAMETERS, 1.5)


def drawn(folder, rows, *, services=(), links=None, operations=()):
    return tiny_network(
        folder,
        links=links or [link("cn-a -- cn-b")],
        services=services,
        operations=operations,
        tables={"observations": rows, "sources": SOURCES},
        check=False,
    )


def test_the_fit_meets_the_prior_half_way_as_worked_out_by_hand(tmp_path):
    # One line of 2 h, all of it assumed, and three observations of 3 h: with x = ln f, the sum
    # 3 ((x - ln 1.5) / 0.25)^2 + (x / 0.2)^2 is least at x = ln 1.5 * 48 / (48 + 25) = 0.26661: f = 1.3055.
    rows = [observation(f"H{number}", 3) for number in (1, 2, 3)]
    found = calibrate(drawn(tmp_path, rows))
    factors = {item.name: item for item in found.parameters}
    assert factors["rail_running"].factor == pytest.approx(1.3055, abs=1e-3)
    assert factors["rail_running"].hours_share == 1
    # The standard error of x is 1 / sqrt(48 + 25) = 0.1170.
    assert np.log(factors["rail_running"].high / factors["rail_running"].factor) == pytest.approx(0.1170, abs=1e-3)
    # With one of the three sources left out: ln 1.5 * 32 / (32 + 25) = 0.22763.
    assert factors["rail_running"].least == pytest.approx(np.exp(0.22763), abs=1e-3)
    assert [factors[name].factor for name in PARAMETERS[1:]] == pytest.approx([1, 1, 1])
    assert found.used == ("H1", "H2", "H3")


def test_after_the_fit_the_model_has_the_factors(tmp_path):
    rows = [observation("H1", 3), observation("H2", 3, half="test")]
    found = calibrate(drawn(tmp_path, rows))
    factor = found.parameters[0].factor
    assert factor > 1
    assert [item.modelled["p50"] for item in found.after.comparisons] == pytest.approx([2 * factor] * 2)
    assert [item.modelled["p50"] for item in found.before.comparisons] == pytest.approx([2] * 2)


def test_the_test_half_does_not_move_the_fit(tmp_path):
    training = observation("H1", 3)
    alone = calibrate(drawn(tmp_path / "a", [training]))
    beside = calibrate(drawn(tmp_path / "b", [training, observation("H2", 40, half="test")]))
    assert beside.used == ("H1",)
    assert [item.factor for item in beside.parameters] == [item.factor for item in alone.parameters]


def test_a_row_of_the_test_half_is_refused(tmp_path):
    rows = [observation("H1", 3), observation("H2", 3, half="test")]
    with pytest.raises(QueryError, match="H2 are in the test half"):
        fit_factors(validate(drawn(tmp_path, rows)).comparisons)


def test_demonstrations_and_what_is_not_comparable_are_not_fitted_to(tmp_path):
    rows = [
        observation("H1", 3),
        observation("H2", 30, kind="demonstration"),
        observation("H3", 30, comparable=False, reason="another time"),
        observation("H4", 30, kind="announced"),
    ]
    assert calibrate(drawn(tmp_path, rows)).used == ("H1",)


def test_without_a_training_row_there_is_nothing_to_fit(tmp_path):
    with pytest.raises(QueryError, match="nothing can be fitted"):
        calibrate(drawn(tmp_path, [observation("H1", 3, half="test")]))


def test_factors_stay_within_their_bounds(tmp_path):
    rows = [observation(f"H{number}", 2000) for number in range(40)]
    found = calibrate(drawn(tmp_path, rows))
    assert found.parameters[0].factor == pytest.approx(BOUNDS[1])


def test_a_published_speed_is_not_touched_and_gets_no_factor(tmp_path):
    rows = [observation("H1", 3)]
    network = drawn(tmp_path, rows, services=[service("rail", **PUBLISHED)])
    found = calibrate(network)
    assert [item.factor for item in found.parameters] == pytest.approx([1] * len(PARAMETERS))
    assert found.after.comparisons[0].modelled == found.before.comparisons[0].modelled


def test_only_assumed_values_are_scaled(tmp_path):
    network = drawn(
        tmp_path,
        [observation()],
        links=[
            link("cn-a -- cn-b"),
            link("cn-b -- cn-c", speed_km_h=40, **TIMED),
            link("cn-c -- kz-d", speed_km_h=40, time_source="A1", time_year=2024, time_confidence="assumed"),
        ],
        services=[
            service("rail", wait_kind="headway", headway_h=24, **PUBLISHED),
            service("slow", wait_kind="headway", headway_h=24, wait_confidence="published", wait_source="P1"),
        ],
        operations=[operation("border_exit", "cn-c", other_place="kz-d", mean_h=10, **TIMED)],
    )
    before = copy.deepcopy(network.tables)
    after = scaled(network, FACTORS).tables
    for name in ("links", "services", "operations"):
        for old, new in zip(before[name], after[name], strict=True):
            changed = {column for column in old if old[column] != new[column]}
            evidence = {"links": "time_", "operations": "time_"}.get(name)
            for column in changed:
                prefix = evidence or ("speed_" if column == "speed_km_h" else "wait_")
                assert old[f"{prefix}confidence"] == "assumed", (name, old["id"], column)
    services = {row["id"]: row for row in after["services"]}
    assert services["rail"]["speed_km_h"] == 50
    assert services["rail"]["headway_h"] == 36
    assert services["slow"]["speed_km_h"] == pytest.approx(50 / 1.5)
    assert services["slow"]["headway_h"] == 24
    assert [row["speed_km_h"] for row in after["links"]] == [None, 40, pytest.approx(40 / 1.5)]
    assert next(row["mean_h"] for row in after["operations"] if row["place"] == "cn-c") == 10
    assert network.tables == before


def test_published_and_derived_values_of_the_bundled_data_are_not_touched(network):
    after = scaled(network, FACTORS).tables
    changed = 0
    for name, prefixes in (("links", ("time_",)), ("operations", ("time_",)), ("services", ("speed_", "wait_"))):
        for old, new in zip(network.tables[name], after[name], strict=True):
            if all(old[f"{prefix}confidence"] != "assumed" for prefix in prefixes):
                assert new == old, old["id"]
            changed += new != old
    assert changed > 0
    for name in set(after) - {"links", "operations", "services"}:
        assert after[name] is network.tables[name]


def test_hours_by_parameter_add_up_to_the_mean(network):
    found = validate(network, ids=["T04", "V012", "H047"])
    for item in found.comparisons:
        assert sum(hours_by_parameter(item)) == pytest.approx(item.modelled["mean"])
