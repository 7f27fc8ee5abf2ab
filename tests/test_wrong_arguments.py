"""Every public function answers an argument of a wrong type with a sentence that names it."""

import inspect
from contextlib import suppress
from datetime import date

import numpy as np
import pandas as pd
import pytest

import landbridge.networks
import landbridge.routing
from landbridge.networks import FlowProblem, LandbridgeError
from landbridge.routing import Validation, assign, emissions_statement, route
from tests.support.swept import double
from tests.support.tiny import link, tiny_network

ENDS = {"origin": "cn-a", "destination": "cn-b"}
FLOW = {**ENDS, "teu_per_year": 365}
WORK = {"id": "w", "name": "W", "kind": "line", "resources": "x", "capacity_add": 5, "cost_musd": 1}
WORK |= {"cost_usd_year": 2024, "opening": 2026}
WRONG_CONDITIONS = [
    ("avoid", 3),
    ("avoid", [None]),
    ("avoid", {"RU": True}),
    ("modes", 3),
    ("modes", [3]),
    ("modes", "train"),
    ("planned", "yes"),
]
WRONG_QUERY = [
    ("network", "data"),
    ("network", None),
    *WRONG_CONDITIONS,
    ("cargo", "2 TEU"),
    ("cargo", {"teu": 2}),
]
WRONG_ENDS = [
    *((end, given) for end in ENDS for given in (None, 5, "", (1,), (1, 2, 3), ("a", "b"), ["cn-a"], {"id": "cn-a"})),
    ("via", 3),
    ("via", [None]),
    ("via", {"a": 1}),
]
WRONG_TABLES = [5, True, {"a": 1}, [5], ["cn-a"], [None], b"x.csv"]
NODE = np.zeros(1, int)
SMALL = FlowProblem(2, NODE, NODE + 1, *[np.ones(1)] * 4, NODE, NODE + 1, np.ones(1))


def trip(network):
    return route(network, **ENDS)[0]


CASES = {
    "route": (
        ENDS,
        [
            *WRONG_QUERY,
            *WRONG_ENDS,
            ("objective", 3),
            ("objective", ["time"]),
            ("corridor", 5),
            ("corridor", ["middle"]),
            ("depart", 5),
            ("depart", ["2026-01-01"]),
            ("arrive_by", 5),
            ("k", "two"),
            ("k", 2.5),
            ("k", True),
            ("k", None),
            ("max_shared", "half"),
            ("max_shared", None),
        ],
    ),
    "route_by_corridor": (ENDS, [*WRONG_QUERY, *WRONG_ENDS, ("objective", 3), ("depart", 5)]),
    "choices": (
        {"kind": "border"},
        [("network", None), ("kind", 3), ("kind", None), ("kind", "places"), ("kind", ["border"])],
    ),
    "compare_corridors": (ENDS, [*WRONG_QUERY, *WRONG_ENDS, ("objective", 3), ("depart", 5)]),
    "compare": (
        {"a": None, "b": None, "demand": [FLOW]},
        [
            *WRONG_QUERY,
            ("a", 5),
            ("b", True),
            ("b", "no-such-scenario"),
            *(("demand", given) for given in (5, True, [5], b"x.csv")),
            ("logit", "small"),
            ("logit", 0.0),
            ("unserved_usd_per_teu", "much"),
            ("year", "2025"),
            ("objective", 3),
            ("break_even", "no"),
            ("capacity", "soft"),
            ("congestion", 3),
            ("time_limit_s", -1),
        ],
    ),
    "report": (
        {**ENDS, "depart": "2026-01-01"},
        [
            *WRONG_QUERY,
            *WRONG_ENDS,
            ("objective", 3),
            ("depart", 5),
            ("runs", "100"),
            ("runs", -1),
            ("promised", "2026-02-01"),  # without runs
        ],
    ),
    "drivers": (
        ENDS,
        [
            *WRONG_QUERY,
            *WRONG_ENDS,
            ("objective", 3),
            ("depart", 5),
            ("corridor", 5),
            ("itinerary", "northern"),
            ("percent", "ten"),
            ("searches", 2.5),
            ("searches", -1),
        ],
    ),
    "simulate": (
        {"itinerary": trip, "depart": "2026-01-01"},
        [
            ("itinerary", None),
            ("itinerary", "northern"),
            ("runs", "100"),
            ("runs", 0),
            ("runs", 10**9),
            ("runs", True),
            ("seed", -1),
            ("seed", 1.5),
            ("depart", 5),
            ("promised", 5),
            ("promised", "2025-12-01"),
        ],
    ),
    "pareto": (
        ENDS,
        [*WRONG_QUERY, *WRONG_ENDS, ("objectives", 3), ("objectives", [3]), ("epsilon", "small"), ("corridor", 5)],
    ),
    "profile": (
        {**ENDS, "first": "2026-01-01", "last": "2026-01-02"},
        [
            *WRONG_QUERY,
            *WRONG_ENDS,
            ("first", None),
            ("last", 5),
            ("step_days", "one"),
            ("step_days", 1.5),
            ("objective", 3),
        ],
    ),
    "reach": (
        {"origin": "cn-a", "within": "2d"},
        [
            *WRONG_QUERY,
            ("origin", None),
            ("origin", 5),
            ("within", None),
            ("within", [None]),
            ("within", {"h": 5}),
            ("within", "soon"),
            ("within", True),
            ("by", 3),
            ("by", ["time"]),
            ("around_km", "50"),
            ("depart", 5),
        ],
    ),
    "matrix": (
        {"origins": ["cn-a", "cn-b"]},
        [
            *WRONG_QUERY,
            ("origins", None),
            ("origins", 5),
            ("origins", [None]),
            ("origins", {"place": "cn-a"}),
            ("destinations", 5),
            ("destinations", ["cn-a", 5]),
            ("objective", 3),
            ("depart", 5),
            ("pairs", 5),
        ],
    ),
    "simulate_network": (
        {"demand_or_assignment": [FLOW]},
        [
            ("network", "data"),
            *(
                (name, given)
                for name in ("days", "replications", "seed", "workers")
                for given in ("many", 1.5, True, -1)
            ),
            *(("warm_up", given) for given in ("long", 1.5, True, -1)),
            *((name, given) for name in ("close", "limit", "ban") for given in (5, [5], [""], {"a": 1}, "cn-a")),
            ("start", 5),
            ("year", "now"),
        ],
    ),
    "assign": (
        {"demand": [FLOW]},
        [
            ("network", "data"),
            *WRONG_CONDITIONS,
            *(("demand", given) for given in WRONG_TABLES),
            ("capacity", 3),
            ("congestion", True),
            ("logit", "50"),
            ("empties", "yes"),
            ("residual_teu_day", "none"),
            ("rows", [1]),
            ("unserved_usd_per_teu", "much"),
            ("time_limit_s", "1"),
            ("gap", "0"),
        ],
    ),
    "bottlenecks": (
        {"demand": [FLOW]},
        [
            ("network", "data"),
            *WRONG_CONDITIONS,
            *(("demand", given) for given in WRONG_TABLES),
            ("assignment", 5),
            ("closures", "all"),
            ("check", 1.5),
            ("closed_for_days", "30"),
            ("capacity", 3),
            ("gap", "0"),
        ],
    ),
    "criticality": (
        {"demand": [FLOW]},
        [
            ("network", "data"),
            *WRONG_CONDITIONS,
            *(("demand", given) for given in WRONG_TABLES),
            ("days", "14"),
            ("resources", 5),
            ("resources", [7]),
            ("pairs", 5),
            ("pairs", [("x", 3)]),
            ("kinds", "ships"),
            ("assignment", 5),
            ("unserved_usd_per_teu", "much"),
            ("time_limit_s", "1"),
        ],
    ),
    "invest": (
        {"candidates": [WORK], "demand": [FLOW], "budget_usd": 1e6},
        [
            ("network", "data"),
            *(("candidates", given) for given in WRONG_TABLES),
            *(("demand", given) for given in WRONG_TABLES),
            ("budget_usd", "much"),
            ("period_budgets_usd", "much"),
            ("horizon", "2045"),
            ("rate", "5 %"),
            ("step_years", 2.5),
            ("scenarios", 3),
            ("scenarios", [3]),
            ("probabilities", "half"),
            ("criterion", 3),
            ("alpha", "0.9"),
            ("growth_per_year", "3 %"),
            ("demand_sd", "much"),
            ("unserved_usd_per_teu", "much"),
            ("frontier", "all"),
            ("gap", "1 %"),
            ("time_limit_s", "60"),
            ("seed", 1.5),
        ],
    ),
    "min_cut": (
        {"origins": "cn-a", "destinations": "cn-c"},
        [
            ("network", "data"),
            *WRONG_CONDITIONS,
            ("origins", None),
            ("origins", 5),
            ("destinations", [5]),
            ("cargo_class", 3),
            ("rows", [1]),
            ("corridor", 5),
        ],
    ),
    "thresholds": (
        {"assignment": lambda network: assign(network, [FLOW])},
        [("assignment", None), ("least", "0"), ("most", None), ("step", "1"), ("tolerance", "0")],
    ),
    "network_demand": ({}, [("network", "data"), ("year", "2024")]),
    "estimated_demand": ({}, [("network", "data"), ("network", None)]),
    "estimate_crossings": ({}, [("network", "data"), ("network", None), ("all_counts", "yes")]),
    "read_demand": ({"demand": [FLOW]}, [("network", "data"), *(("demand", given) for given in WRONG_TABLES)]),
    "plan_sailings": (
        {"demand": {"ferry": 5}},
        [
            ("network", "data"),
            *(("demand", given) for given in (5, [5], {"ferry": "5"}, {"ferry": (1, 2, 3)}, {"ferry": None}, {5: 5})),
            ("period_days", "30"),
            ("closed_days", 5),
            ("closed_days", ["1"]),
            ("storm_days", "1"),
            ("low_water_loss", "0"),
            ("prefer", 3),
            ("max_wait_days", "14"),
            ("spare_sailings", 1.5),
            ("time_limit_s", "60"),
            ("seed", "a"),
        ],
    ),
    "calibrate": ({}, [("network", "data")]),
    "validate": ({}, [("network", "data"), ("ids", 5), ("ids", [5]), ("half", 3)]),
    "emissions_statement": ({"itinerary": trip}, [("itinerary", None), ("itinerary", [])]),
    "itinerary_indicators": ({"itinerary": trip}, [("itinerary", "middle")]),
    "sensitivity": (
        {"table": [{"a": 1, "usd": 2}], "parameters": ["a"], "outputs": ["usd"]},
        [
            *(("table", given) for given in WRONG_TABLES),
            *((name, given) for name in ("parameters", "outputs") for given in (5, None, [5], [])),
            ("by", 5),
            ("by", [5]),
        ],
    ),
    "staircase": ({"itinerary": trip}, [("itinerary", 5)]),
    "statement_markdown": (
        {"statement": lambda network: emissions_statement(trip(network))},
        [("statement", None), ("issued", "2026-01-01")],
    ),
    "write_itineraries": (
        {"itineraries": trip, "folder": "x"},
        [("itineraries", None), ("itineraries", []), ("itineraries", ["a"]), ("folder", None), ("folder", 5)],
    ),
    "write_statements": (
        {"statements": lambda network: emissions_statement(trip(network)), "folder": "x"},
        [("statements", None), ("statements", [5]), ("folder", None), ("issued", 5)],
    ),
    "write_tcd_chart": (
        {"itineraries": trip, "path": "x.svg"},
        [("itineraries", None), ("itineraries", ["a"]), ("path", 5), ("quantity", 3)],
    ),
    "write_validation_chart": (
        {"validation": Validation((), (), "", "", date(2026, 1, 1)), "path": "x.svg"},
        [("validation", None), ("path", 5)],
    ),
    "sweep": (
        {"function": lambda _: double, "table": lambda _: [{"x": 1}]},
        [
            *((name, given) for name in ("function", "workers", "chunk", "retries") for given in ("2", 2.5, -1)),
            *((name, given) for name in ("table", "network", "store", "executor") for given in (5, True)),
            ("table", [5]),
            ("table", [{"x": [1]}]),
            ("shard", 1),
            ("shard", "3/2"),
            ("retry_failed", "yes"),
            ("seed", -1),
            ("seed", "1"),
        ],
    ),
    "equilibrium": (
        {"problem": lambda _: SMALL},
        [
            *(("problem", given) for given in (None, "x", {"nodes": 2})),
            *((limit, given) for limit in ("gap", "time_limit_s", "max_memory_mb") for given in ("1", -1, True)),
            ("gap", None),
            *((option, "yes") for option in ("system", "delays", "start")),
        ],
    ),
    "check_network": ({"path": "."}, [("path", 5), ("path", None)]),
    "read_network": ({"path": "."}, [("path", 5), ("path", b"data")]),
    "write_network": ({"path": "x"}, [("network", "data"), ("path", None), ("file_format", 3)]),
    "load_network": ({}, []),
    "read_gmns": (
        {"folder": "x"},
        [
            *(("folder", given) for given in (5, None, b"x")),
            *(("country", given) for given in (5, "XX", "Germany")),
            *(("gauge", given) for given in ("wide", 5, True)),
            *((unit, given) for unit in ("length_unit", "speed_unit") for given in (5, "leagues", True)),
        ],
    ),
    "read_gmns_problem": (
        {"folder": "x"},
        [
            *(("folder", given) for given in (5, None)),
            *((number, given) for number in ("b", "power") for given in ("4", None, -1, float("nan"), True)),
            *((unit, given) for unit in ("length_unit", "speed_unit") for given in (5, "leagues")),
        ],
    ),
    "read_tntp": (
        {"path": "x"},
        [
            *((file, given) for file in ("path", "trips") for given in (5, b"x")),
            *((weight, given) for weight in ("toll_weight", "length_weight") for given in ("1", None, -1, True)),
        ],
    ),
    "read_tntp_flows": (
        {"path": "x", "problem": lambda _: SMALL},
        [("path", 5), ("problem", None), ("problem", "x"), ("problem", {"nodes": 2})],
    ),
    "write_gmns": (
        {"content": lambda network: network, "folder": "x"},
        [("folder", 5), ("folder", None), ("content", "data"), ("content", None), ("content", {"links": []})],
    ),
    "prepare_hierarchy": (
        {"tail": [0], "head": [1], "lon": [60.0, 61.0], "lat": [40.0, 41.0]},
        [
            *(
                (nodes, given)
                for nodes in ("tail", "head")
                for given in (5, None, "0", [0.5], ["a"], [[0]], [[0], [1, 2]])
            ),
            *((degrees, given) for degrees in ("lon", "lat") for given in (60.0, None, ["60"], [[60.0, 61.0]])),
            ("cache", 5),
        ],
    ),
}
"""For each public function arguments that are right, and single ones that are wrong."""


def public_functions():
    for module in (landbridge.networks, landbridge.routing):
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield name, getattr(module, name)


FUNCTIONS = dict(public_functions())


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "ferry", resource="x")]
    return tiny_network(tmp_path_factory.mktemp("line"), links=links, tables={"resources": [{"id": "x"}]})


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_public_function_is_tried():
    assert set(CASES) == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("name", "argument", "given"),
    [(name, argument, given) for name, (_, wrong) in CASES.items() for argument, given in wrong],
    ids=lambda value: repr(value)[:40],
)
def test_a_wrong_type_is_named_in_a_sentence(line, empty_folder, name, argument, given):
    function = FUNCTIONS[name]
    right = {"network": line} if "network" in inspect.signature(function).parameters else {}
    right |= {key: value(line) if callable(value) else value for key, value in CASES[name][0].items()}
    if (name, argument) in {("matrix", "pairs"), ("bottlenecks", "assignment"), ("criticality", "assignment")}:
        right = {"network": line}
    with pytest.raises(LandbridgeError, match=argument) as error:
        function(**right | {argument: given})
    assert len(str(error.value)) > len(argument) + 10
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_options_are_spelled_out_and_given_by_name(function):
    for parameter in inspect.signature(function).parameters.values():
        assert parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}, parameter
        # What may be left out is given by its name, but the demand and the places that an answer is about.
        positional = parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.default is not parameter.empty
        assert not positional or parameter.name in {
            "candidates",
            "demand",
            "demand_or_assignment",
            "origins",
            "destinations",
        }, parameter


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"sweep", "load_network"}))
@pytest.mark.parametrize("odd", [np.array(5), pd.DataFrame({"a": [1, 2]}), pd.NA], ids=["array", "frame", "missing"])
def test_what_can_neither_be_compared_nor_counted_is_taken_or_refused(line, name, odd):
    right = {key: value(line) if callable(value) else value for key, value in CASES[name][0].items()}
    for argument in inspect.signature(FUNCTIONS[name]).parameters.keys() - {"progress"}:
        network = {"network": line} if "network" in inspect.signature(FUNCTIONS[name]).parameters else {}
        with suppress(LandbridgeError):
            FUNCTIONS[name](**network | right | {argument: odd})
