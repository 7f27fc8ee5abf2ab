"""The models of a study."""

from typing import get_args

import pytest
from pydantic import ValidationError

from landbridge.routing.studies.sweeps.designs import DESIGNS
from landbridge.routing.studies.sweeps.measures import MEASURES
from landbridge.routing.studies.sweeps.spreads import NEEDED
from landbridge.routing.studies.sweeps.study_models import DesignModel, ParameterModel, StudyModel


def test_the_kinds_are_those_that_there_are():
    assert get_args(StudyModel.model_fields["measure"].annotation) == tuple(MEASURES)
    assert get_args(DesignModel.model_fields["kind"].annotation) == DESIGNS
    distributions = get_args(get_args(ParameterModel.model_fields["distribution"].annotation)[0])
    assert distributions == tuple(NEEDED)


@pytest.mark.parametrize("kind", NEEDED)
def test_each_distribution_takes_its_numbers_and_no_fewer(kind):
    numbers = {"low": 1.0, "mode": 2.0, "mean": 2.0, "median": 2.0, "high": 3.0, "p90": 3.0, "sd": 1.0}
    given = {name: numbers[name] for name in NEEDED[kind]}
    assert ParameterModel(distribution=kind, **given).spread().numbers == given
    for name in given:
        with pytest.raises(ValidationError, match="needs it"):
            ParameterModel(distribution=kind, **{other: value for other, value in given.items() if other != name})


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"values": [1], "low": 0.0}, "a list of values has no distribution"),
        ({"values": ["a"], "whole": True}, "the values are texts"),
        ({"low": 0.0, "high": 1.0, "mean": 0.5}, "a uniform distribution has no mean"),
        ({"low": 0.0, "high": 1.0, "distribution": "log-uniform"}, "low is 0"),
        ({"low": 0.0, "high": 1.0, "mode": 2.0, "distribution": "triangular"}, "high is 1 and mode 2"),
        ({"median": 2.0, "p90": 2.0, "distribution": "lognormal"}, "p90 is 2 and median 2"),
        ({"mean": 2.0, "sd": 1.0, "low": 3.0, "high": 3.0, "distribution": "normal"}, "high is 3 and low 3"),
        ({"mean": 2.0, "sd": 0.0, "distribution": "normal"}, "greater than 0"),
        ({"values": []}, "at least 1 item"),
    ],
)
def test_numbers_that_contradict_are_refused(given, problem):
    with pytest.raises(ValidationError, match=problem):
        ParameterModel(**given)


def test_a_list_keeps_the_types_of_its_values():
    model = StudyModel(name="s", measure="route", options={"a": "$x"}, parameters={"x": [1, 1.5, "a", True]})
    assert [type(value) for value in model.parameters["x"].spread().values] == [int, float, str, bool]
