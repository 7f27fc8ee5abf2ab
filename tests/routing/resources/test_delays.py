"""Waits as functions of flow: their formulas by hand, their derivatives and integrals by differences."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from landbridge.networks.errors import DataError, QueryError
from landbridge.routing.resources.capacities import capacities
from landbridge.routing.resources.delay_kinds import AKCELIK, BPR, CONICAL, NONE, POLYNOMIAL, QUEUE, TANGENT_FROM
from landbridge.routing.resources.delays import DelayFunctions, delays
from tests.support.beckmann import integral
from tests.support.tiny import link, operation, service, tiny_network


def delay(kind, size_h=1.0, exponent=1.0, capacity=100.0, background=0.0):
    numbers = (np.array([value]) for value in (size_h, exponent, capacity, background))
    return DelayFunctions(np.array([kind], dtype=np.int8), *numbers)


def hours(function, flow):
    return float(function.hours(np.array([float(flow)]))[0])


def test_a_line_takes_longer_by_the_fourth_power_of_its_use():
    # 10 h x 0.15 at capacity; at half of it 1/16 of that.
    line = delay(BPR, 1.5, 4.0)
    assert hours(line, 100) == pytest.approx(1.5)
    assert hours(line, 50) == pytest.approx(1.5 / 16)


def test_a_queue_of_one_server_is_pollaczek_and_khinchin():
    # One server with service time s: W = scv x s x rho / (1 - rho), here 2 h x 0.5 / 0.5 and 2 h x 0.8 / 0.2.
    queue = delay(QUEUE, 2.0, 1.0)
    assert hours(queue, 50) == pytest.approx(2)
    assert hours(queue, 80) == pytest.approx(8)


def test_traffic_that_is_not_modelled_fills_a_queue_but_its_own_wait_is_not_counted():
    # rho = 0.3 + 0.5; the wait of 0.3 alone, 2 x 0.3 / 0.7, is in the times of the data set.
    assert hours(delay(QUEUE, 2.0, 1.0, background=30.0), 50) == pytest.approx(8 - 2 * 0.3 / 0.7)


def test_above_the_tangent_point_the_wait_is_finite_and_goes_on_without_a_kink():
    queue = delay(QUEUE, 2.0, 1.6)
    at, step = 100 * TANGENT_FROM, 1e-6
    assert hours(queue, at + step) - hours(queue, at) == pytest.approx(
        hours(queue, at) - hours(queue, at - step), rel=1e-3
    )
    assert hours(queue, 120) - hours(queue, 110) == pytest.approx(hours(queue, 110) - hours(queue, 100))
    assert np.isfinite(hours(queue, 1e6))


def test_without_a_function_there_is_no_wait():
    assert hours(delay(NONE, 5.0), 1e6) == 0


SHAPES = [
    (BPR, 1.5, 4.0, 100.0, 20.0),
    (BPR, 1.0, 1.0, 1.0, 0.0),
    (QUEUE, 2.0, 1.0, 100.0, 30.0),
    (QUEUE, 0.5, 3.2, 100.0, 0.0),
    (NONE, 1.0, 1.0, 100.0, 0.0),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("flow", [5.0, 60.0, 95.0, 130.0])
def test_slopes_and_integrals_are_those_of_differences(shape, flow):
    function, step = delay(*shape), 1e-4
    around = hours(function, flow + step) - hours(function, flow - step)
    assert float(function.slope(np.array([flow]))[0]) == pytest.approx(around / (2 * step), rel=1e-5, abs=1e-9)
    points = np.linspace(0, flow, 200_001)
    values = np.array([function.hours(np.full(1, point))[0] for point in points[::100]])
    expected = np.trapezoid(values, points[::100])
    assert float(integral(function, np.array([flow]))[0]) == pytest.approx(expected, rel=1e-4)


OTHERS = [
    DelayFunctions.bpr(np.array([1.5]), np.array([4.4]), np.array([100.0])),
    DelayFunctions.conical(np.array([10.0]), np.array([6.0]), np.array([100.0])),
    DelayFunctions.akcelik(np.array([1.0]), np.array([0.4]), np.array([100.0])),
    DelayFunctions.polynomial(np.array([[1.0, 0.0, 4.0]]), np.array([100.0])),
]


@pytest.mark.parametrize("function", [delay(*shape) for shape in SHAPES] + OTHERS)
@pytest.mark.parametrize("flow", [5.0, 60.0, 95.0, 130.0])
def test_its_own_integral_is_that_of_quadrature(function, flow):
    corners = [TANGENT_FROM * 100 - 30, TANGENT_FROM * 100, 100.0]
    expected, _ = quad(
        lambda at: hours(function, at), 0, flow, points=[c for c in corners if c < flow] or None, limit=200
    )
    assert float(function.integral(np.array([flow]))[0]) == pytest.approx(expected, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("function", OTHERS)
def test_slopes_of_functions_of_others_are_those_of_differences(function):
    for flow in (5.0, 95.0, 130.0):
        around = hours(function, flow + 1e-4) - hours(function, flow - 1e-4)
        assert float(function.slope(np.array([flow]))[0]) == pytest.approx(around / 2e-4, rel=1e-5)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"size_h": np.ones(2)}, "size_h of the delays has 2 values"),
        ({"capacity": np.zeros(1)}, "capacity of the delays"),
        ({"exponent": np.full(1, np.nan)}, "exponent of the delays"),
        ({"kind": np.array([CONICAL], np.int8)}, "alpha of a conical delay"),
        ({"kind": np.array([AKCELIK], np.int8), "exponent": np.full(1, 4.1)}, "is not convex"),
        ({"kind": np.array([POLYNOMIAL], np.int8)}, "terms of the delays has the shape"),
        ({"kind": np.array([POLYNOMIAL], np.int8), "terms": np.array([[-1.0]])}, "negative value"),
        ({"kind": np.array([POLYNOMIAL], np.int8), "terms": np.array([[np.inf]])}, "give finite values"),
        ({"kind": np.array([POLYNOMIAL], np.int8), "terms": np.empty((1, 0))}, r"give \(1, degree\)"),
        ({"kind": np.array([POLYNOMIAL], np.int8), "terms": np.ones(1)}, "terms of the delays has the shape .* table"),
        *(({"kind": [wrong]}, "kind of the delays must be one of 0, 1, 2, 3, 4, 5") for wrong in (99, -1, 2**40)),
        ({"kind": np.array([1.0])}, "kind of the delays has .* whole numbers"),
        ({"size_h": np.full(1, np.inf)}, "size_h of the delays contains a value that is too small or not finite"),
        ({"background": np.full(1, np.inf)}, "background of the delays"),
        ({"size_h": np.ma.array([1.0], mask=[1])}, "size_h of the delays has masked values"),
    ],
)
def test_functions_that_would_fall_are_refused(changed, message):
    with pytest.raises(QueryError, match=message):
        replace(delay(BPR), **changed)


def test_arrays_changed_afterwards_do_not_change_the_waits():
    size, terms, full = np.array([10.0]), np.array([[4.0, 6.0]]), np.array([50.0])
    power, cubic = DelayFunctions.bpr(size, np.ones(1), full), DelayFunctions.polynomial(terms, full)
    size[:], terms[:], full[:] = 0, -1, 1
    assert (hours(power, 50), hours(cubic, 50)) == (10.0, 10.0)
    for array in (power.kind, power.size_h, power.capacity, cubic.terms):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 1


@pytest.mark.parametrize("made", [DelayFunctions.bpr, DelayFunctions.conical, DelayFunctions.akcelik])
def test_functions_are_made_of_lists_of_equal_length(made):
    assert len(made([1.0, 2.0], [2.0, 2.0], [40, 50]).kind) == 2
    for wrong in (1.0, "a", [["a"]]):
        with pytest.raises(QueryError, match="must be a flat array of numbers"):
            made(wrong, [2.0], [50.0])
    with pytest.raises(QueryError, match=r"capacity have 1, 1, 2 values; give as many"):
        made([1.0], [2.0], [40.0, 50.0])


def test_akcelik_in_minutes_with_capacities_per_hour_is_that_in_hours():
    # At capacity T / 4 x sqrt(8 J / (Q T)) = 1 / 4 x sqrt(0.8 / 1800) h = 0.3162 min.
    capacity, parameter = np.array([1800.0]), np.array([0.1])
    minutes = DelayFunctions.akcelik(np.array([60.0]), parameter, capacity, capacity_period=60)
    assert hours(minutes, 1800) == pytest.approx(60 / 4 * (0.8 / 1800) ** 0.5)
    in_hours = DelayFunctions.akcelik(np.ones(1), parameter, capacity)
    assert [hours(minutes, flow) for flow in (900, 2500)] == pytest.approx(
        [60 * hours(in_hours, flow) for flow in (900, 2500)]
    )
    with pytest.raises(QueryError, match="capacity_period is 0; give a finite number above 0"):
        DelayFunctions.akcelik(np.ones(1), parameter, capacity, capacity_period=0)


def test_the_power_0_adds_nothing_to_what_is_there_without_flow():
    assert hours(delay(BPR, 2.0, 0.0), 50.0) == 0


def drawn(folder, **resource):
    row = {"id": "hall", "kind": "terminal", "place": "kz-b", "capacity": 10, "capacity_unit": "trains/day"} | resource
    table = [
        {"id": "q", "kind": row["kind"], "model": "queue", "batch_teu": 50, "service_h": 12, "scv": 0.5},
        {"id": "q", "kind": "line", "model": "bpr", "alpha": 0.2, "beta": 3},
    ]
    return tiny_network(
        folder,
        links=[link("cn-a -- kz-b", resource="hall" if row["kind"] == "line" else None), link("kz-b -- kz-c")],
        operations=[operation("border_entry", "kz-b", other_place="cn-a", resource=row["id"], mean_h=5)],
        tables={
            "resources": [row],
            "congestion": [{key: value for key, value in item.items() if key != "id"} for item in table],
        },
    )


def test_a_terminal_is_a_queue_of_its_trains(tmp_path):
    network = drawn(tmp_path)
    rows = capacities(network)
    found = delays(network, rows, rows.capacity_teu_day)
    row = rows.rows_of("hall")[0]
    # 10 trains a day of 100 TEU: one every 2.4 h when all servers are busy, 10 x 12 / 24 = 5 servers.
    assert found.kind[row] == QUEUE
    assert found.size_h[row] == pytest.approx(0.5 * 2.4)
    assert found.exponent[row] == pytest.approx(np.sqrt(12) - 1)
    assert (found.kind == NONE).sum() == len(rows) - 1, "the space of services has no queue"


def test_what_comes_in_no_trains_comes_in_the_batches_of_its_kind(tmp_path):
    network = drawn(tmp_path, capacity=500, capacity_unit="teu/day")
    rows = capacities(network)
    row = rows.rows_of("hall")[0]
    # 10 batches of 50 TEU a day, as before.
    assert delays(network, rows, rows.capacity_teu_day).size_h[row] == pytest.approx(0.5 * 2.4)


def test_a_row_without_capacity_has_no_wait_of_its_own(tmp_path):
    network = drawn(tmp_path)
    rows = capacities(network)
    assert np.all(delays(network, rows, np.zeros(len(rows))).kind == NONE)


def test_a_line_has_the_running_time_of_its_section(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="line"), link("cn-b -- cn-c")],
        services=[service("rail", speed_km_h=20)],
        tables={
            "resources": [{"id": "line", "capacity": 300}],
            "congestion": [{"kind": "line", "model": "bpr", "alpha": 0.2, "beta": 3}],
        },
    )
    rows = capacities(network)
    found = delays(network, rows, rows.capacity_teu_day)
    # 100 km at 20 km/h are 5 h.
    assert [found.size_h[row] for row in rows.rows_of("line")] == pytest.approx([1.0, 1.0])
    assert {found.kind[row] for row in rows.rows_of("line")} == {BPR}


def test_a_kind_of_resource_without_parameters_is_named(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b", resource="line")],
        tables={
            "resources": [{"id": "line", "capacity": 300}],
            "congestion": [{"kind": "port", "model": "queue", "batch_teu": 9, "service_h": 1, "scv": 1}],
        },
    )
    rows = capacities(network)
    with pytest.raises(DataError, match="congestion has no row for resources of kind line"):
        delays(network, rows, rows.capacity_teu_day)


def test_the_bundled_table_has_every_kind_of_resource(network):
    rows = capacities(network)
    found = delays(network, rows, rows.capacity_teu_day)
    assert {rows.kind[row] for row in np.flatnonzero(found.kind == NONE)} == {"service"}
