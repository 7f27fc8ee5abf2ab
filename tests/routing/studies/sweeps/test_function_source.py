"""The function of a sweep: what workers can import, and when it counts as another one."""

import functools
import sys
from types import SimpleNamespace

import pytest

from landbridge.networks import QueryError
from landbridge.routing.studies.sweeps.function_source import check_function, function_name, function_source
from tests.support.swept import double, odd


def test_a_function_of_a_module_and_a_partial_one_are_taken():
    check_function(double, by_import=True)
    check_function(functools.partial(double, scale=2), by_import=True)
    assert function_name(functools.partial(double)) == "tests.support.swept.double"


def test_a_lambda_or_inner_function_is_refused():
    def inner(_network, _row):
        return {}

    for function in (lambda _network, _row: {}, inner):
        with pytest.raises(QueryError, match="workers cannot import the function"):
            check_function(function, by_import=False)


@pytest.mark.parametrize("given", [5, None, "double"])
def test_what_is_no_function_is_refused(given):
    with pytest.raises(QueryError, match="must be a function of a module"):
        check_function(given, by_import=False)


def test_a_function_of_a_session_is_refused_only_where_workers_have_to_import_it(monkeypatch):
    def of_main(_network, _row):
        return {}

    of_main.__module__, of_main.__qualname__ = "__main__", "of_main"
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(of_main=of_main, __spec__=None))
    check_function(of_main, by_import=False)
    with pytest.raises(QueryError, match="interactive session"):
        check_function(of_main, by_import=True)


def test_a_program_of_standard_input_is_refused_where_workers_have_to_import_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__spec__=None, __file__="<stdin>"))
    check_function(double, by_import=False)
    with pytest.raises(QueryError, match="standard input"):
        check_function(double, by_import=True)


def test_source_and_arguments_tell_functions_apart():
    sources = [
        double,
        odd,
        functools.partial(double, a=1),
        functools.partial(double, a=2),
        functools.partial(double, 1),
    ]
    assert len({function_source(function) for function in sources}) == len(sources)
    assert function_source(functools.partial(double, a=1)) == function_source(functools.partial(double, a=1))


def test_functions_without_source_are_told_apart_by_their_code():
    made = {}
    for text in ("2 * x", "3 * x"):
        exec(f"def f(network, x): return {text}", made)  # noqa: S102 - a function that has no file
        made[text] = made.pop("f")
    assert function_source(made["2 * x"]) != function_source(made["3 * x"])
