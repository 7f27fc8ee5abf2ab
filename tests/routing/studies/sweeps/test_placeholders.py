"""Placeholders of parameters in a study."""

from landbridge.routing.studies.sweeps.placeholders import filled, placeholders


def test_a_placeholder_is_found_wherever_a_value_may_be():
    document = {"a": "$x", "b": [1, {"c": "$y"}, "no"], "d": ("$x",)}
    assert [*placeholders(document)] == [(("a",), "x"), (("b", 1, "c"), "y"), (("d", 0), "x")]


def test_filling_keeps_types_and_everything_else():
    document = {"a": "$x", "b": [1, "$y", {"c": None}]}
    assert filled(document, {"x": 1.5, "y": False}) == {"a": 1.5, "b": [1, False, {"c": None}]}
    assert document["a"] == "$x"


def test_a_doubled_sign_is_a_text():
    assert [*placeholders(["$$x"])] == []
    assert filled(["$$x", "5 $"], {}) == ["$x", "5 $"]
