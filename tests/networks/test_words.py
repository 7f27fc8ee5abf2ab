"""Words in messages."""

import pytest

from landbridge.networks.words import counted, hidden_in, name_meant, names_beside, shortened, without_hidden


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 faults"), (1, "1 fault"), (1.0, "1.0 fault"), (1.5, "1.5 faults"), (2000, "2,000 faults")],
)
def test_only_one_is_in_the_singular(number, text):
    assert counted(number, "fault") == text


def test_an_irregular_plural_is_given():
    assert (counted(1, "city", "cities"), counted(2, "city", "cities")) == ("1 city", "2 cities")


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x7f", "\u202e", "\u2066", "\udfff", "\ufeff"])
def test_what_is_not_shown_is_found_and_escaped(sign):
    assert hidden_in(f"Xi{sign}an") == sign
    assert without_hidden(f"Xi{sign}an") == f"Xi{sign!r}an".replace("'", "")


def test_tabs_newlines_and_marks_of_persian_are_shown():
    text = "a\tb\r\nmi\u200cravam\u200e"
    assert (hidden_in(text), without_hidden(text)) == (None, text)


def test_a_long_text_is_cut():
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "abc...")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tonnes_per_year", "tonnes_per_year"),
        ("Tonnes per Year", "tonnes_per_year"),
        (" tonnes-per-yaer", "tonnes_per_year"),
        ("tonnes", None),
        ("", None),
    ],
)
def test_a_misspelt_name_is_recognised(text, meant):
    assert name_meant(text, ["id", "tonnes_per_year", "teu_per_year"]) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("back", ["back_teu_day"]),
        ("Back TEU", ["back_teu_day"]),
        ("life", ["life_years"]),
        ("years", ["life_years"]),
        ("lif", []),
        ("teu", []),
        ("_", []),
        ("", []),
    ],
)
def test_the_first_or_last_words_of_a_name_are_recognised(text, meant):
    assert names_beside(text, ["id", "back_teu_day", "life_years"]) == meant
