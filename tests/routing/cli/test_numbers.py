"""Numbers of options: plain digits, finite, and of a size that a quantity can have."""

import pytest

from landbridge.routing.cli.numbers import number, whole


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0.0), ("-2.5", -2.5), (".5", 0.5), ("3e9", 3e9), ("1e-12", 1e-12), (" 7 ", 7.0)]
)
def test_a_number_is_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e308", "1e-308", "1e999", "9" * 30, "²", "0x10", "1_000", "", "1,5", "١٢", "1e"]
)
def test_what_is_no_usable_number_is_refused_with_the_cure(text):
    with pytest.raises(ValueError, match=r"is not a usable number; give digits, such as 0\.5"):
        number(text)


def test_a_whole_number_is_read():
    assert (whole("12"), whole("-3"), whole("9" * 18)) == (12, -3, 10**18 - 1)


@pytest.mark.parametrize("text", ["1.0", "1e3", "9" * 19, "²", "1_000", "", "nan", "١٢", "0x10"])
def test_what_is_no_usable_whole_number_is_refused_with_the_cure(text):
    with pytest.raises(ValueError, match="is not a usable whole number; give up to 18 digits"):
        whole(text)
