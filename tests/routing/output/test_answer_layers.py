"""The layers of all answers: the same fields with the same types in every run, whatever the answer."""

import pytest

from landbridge.routing.output.layers import features_of
from tests.support.drawn_answers import NAMES, drawn_answers

TYPES = {"text": str, "integer": int, "number": float, "boolean": bool, "moment": str}


@pytest.fixture(scope="module")
def answers(network, tmp_path_factory):
    return drawn_answers(network, tmp_path_factory.mktemp("networks"))


@pytest.mark.parametrize("name", NAMES)
def test_each_feature_has_exactly_the_fields_of_its_layer(answers, name):
    for layer in answers.of(name).layers():
        for item in layer.features():
            assert item["properties"].keys() <= layer.fields.keys(), layer.name
        for item in features_of(layer):
            assert list(item["properties"]) == list(layer.fields)
            for field, value in item["properties"].items():
                assert value is None or type(value) is TYPES[layer.fields[field]], (layer.name, field, value)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_fields_are_in_snake_case_and_differ_without_regard_to_case(answers, name):
    for layer in answers.of(name).layers():
        for field in layer.fields:
            assert field.isidentifier()
            assert field == field.lower()
            assert field not in {"fid", "ogc_fid", "geom"}


def test_every_field_has_a_value_in_some_answer(answers):
    """A field that no answer fills is one that its layer does not have."""
    fields, filled = set(), set()
    for name in NAMES:
        for layer in answers.of(name).layers():
            fields |= {(layer.name, field) for field in layer.fields}
            filled |= {
                (layer.name, field)
                for item in features_of(layer)
                for field, value in item["properties"].items()
                if value is not None
            }
    # Hauls have the fields of operations, to be joined with them; the note is of places reached by truck alone.
    assert fields - filled == {("legs", "operation"), ("reach_places", "note")}


@pytest.mark.parametrize("name", NAMES)
def test_each_value_that_is_drawn_has_a_symbol(answers, name):
    for layer in answers.of(name).layers():
        style = layer.style()
        if style.field:
            assert style.field in layer.fields
            found = {item["properties"][style.field] for item in features_of(layer)}
            assert found <= set(style.values), layer.name


def test_several_itineraries_are_shown_by_corridor_and_one_by_mode(answers):
    for name, shown in (("corridors", "itineraries"), ("route of one", "legs"), ("route over 180 degrees", "legs")):
        layers = answers.of(name).layers()
        assert {layer.name for layer in layers if layer.shown} == {shown, "operations"}, name


def test_the_name_of_a_place_is_shown_once(answers):
    (stops,) = (layer for layer in answers.of("corridors").layers() if layer.name == "operations")
    labels = [item["properties"]["label"] for item in features_of(stops) if item["properties"]["label"]]
    assert len(labels) == len(set(labels)) > 10
    assert "Xi'an" in labels


def test_the_nearest_band_of_reach_lies_on_top(answers):
    areas = answers.of("reach by time").layers()[0]
    # The last is drawn last. 100 h are no whole days.
    assert [item["properties"]["band"] for item in features_of(areas)] == ["100 h", "4 d", "2 d"]
    style = areas.style()
    assert [f'label="within {text}"' in style.renderer for text in ("2 days", "4 days", "100 h")] == [True] * 3
