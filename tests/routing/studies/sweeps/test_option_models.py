"""The options of each measure."""

import inspect

import pytest
from pydantic import ValidationError

from landbridge.routing.query.cargo import Cargo
from landbridge.routing.questions.matrix import matrix
from landbridge.routing.questions.route import route
from landbridge.routing.studies.sweeps.measures import CARGO, MEASURES, WEIGHTS
from landbridge.routing.studies.sweeps.option_models import MODELS, columns


def test_each_measure_has_its_options():
    assert MODELS.keys() == MEASURES.keys()


def test_options_are_those_that_the_questions_take():
    assert set(CARGO) <= set(vars(Cargo()))
    for measure, question in (("route", route), ("pairs", matrix)):
        known = {*inspect.signature(question).parameters, *CARGO, *WEIGHTS}
        assert columns(measure) <= known
    own = set(inspect.signature(MEASURES["simulate"]).parameters)
    assert columns("simulate") - columns("route") <= own


def test_options_that_contradict_are_refused():
    ends = {"origin": "cn-a", "destination": "cn-b"}
    with pytest.raises(ValidationError, match="it belongs to the objective generalised"):
        MODELS["route"](**ends, objective="time", carbon_price=5.0)
    with pytest.raises(ValidationError, match="it belongs to the demand of the network"):
        MODELS["assign"](estimated=True, demand="d.csv")
    with pytest.raises(ValidationError, match="destination"):
        MODELS["route"](origin="cn-a")
