import math

import numpy as np
import pandas as pd
import pytest

from landbridge.networks import QueryError
from landbridge.routing import Cargo


def test_by_default_one_40_foot_container_of_24_t_and_100_000_usd_goes_in_a_block_train():
    cargo = Cargo()
    assert (cargo.teu, cargo.tonnes, cargo.value_usd, cargo.cargo_class) == (2, 24, 100_000, "block")
    assert cargo.containers == 1


@pytest.mark.parametrize(("feet", "containers"), [(20, 6), (40, 3), (45, 3)])
def test_a_long_container_is_two_teu(feet, containers):
    assert Cargo(teu=6, container_feet=feet).containers == containers


@pytest.mark.parametrize(
    ("cargo_class", "mask"), [("block", 1), ("loose", 2), ("road", 4), ("bulk", 8), ("timetabled", 16)]
)
def test_each_class_has_a_bit_of_its_own(cargo_class, mask):
    assert Cargo(cargo_class=cargo_class).class_mask == mask


@pytest.mark.parametrize("name", ["teu", "tonnes", "value_usd"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0])
def test_a_size_that_is_no_amount_is_refused(name, value):
    with pytest.raises(QueryError, match=name):
        Cargo(**{name: value})


def test_a_cargo_of_no_size_is_refused_but_it_may_weigh_nothing_and_be_worth_nothing():
    with pytest.raises(QueryError, match="teu is 0"):
        Cargo(teu=0)
    assert Cargo(tonnes=0, value_usd=0).tonnes == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cargo_class", "express"),
        ("container_feet", 30),
        ("equipment", "leased"),
        ("hs_chapter", "8"),
        ("hs_chapter", "ab"),
        ("hs_chapter", "88023000101"),
        ("hs_chapter", "\u0661\u0662"),
    ],
)
def test_an_unknown_choice_is_refused_with_the_choices(name, value):
    with pytest.raises(QueryError, match=f"{name} is {value!r} and must be"):
        Cargo(**{name: value})


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(QueryError) as caught:
        Cargo(teu=-1, tonnes=math.nan, cargo_class="express", hs_chapter="x")
    for name in ("teu", "tonnes", "cargo_class", "hs_chapter"):
        assert name in str(caught.value)


def test_cargo_that_is_too_heavy_for_its_containers_is_refused():
    with pytest.raises(QueryError, match=r"3000 t in 1 container is more than the 30\.48 t"):
        Cargo(cargo_class="bulk", tonnes=3000)
    assert Cargo(teu=200, tonnes=3000).containers == 100


@pytest.mark.parametrize(("tonnes", "feet", "fits"), [(26, 40, True), (26, 45, True), (31, 40, False), (31, 20, False)])
def test_a_cargo_too_heavy_for_long_containers_is_told_when_shorter_ones_would_do(tonnes, feet, fits):
    with pytest.raises(QueryError, match="give more teu") as caught:
        Cargo(teu=1, tonnes=tonnes, container_feet=feet)
    assert ("or container_feet=20 (--container 20)" in str(caught.value)) is fits


def test_a_size_out_of_range_is_said_without_its_consequences():
    with pytest.raises(QueryError, match=r"^teu is -1 and must be from 0\.01 to 1e\+06$"):
        Cargo(teu=-1)


@pytest.mark.parametrize("name", ["shipper_country", "consignee_country"])
@pytest.mark.parametrize("code", ["C", "CHN", "C1", "\u00c4B", ""])
def test_what_is_no_country_code_is_refused(name, code):
    with pytest.raises(QueryError, match=f"{name} is '{code}' and must be an ISO 3166 code of two letters"):
        Cargo(**{name: code})
    assert getattr(Cargo(**{name: "cn"}), name) == "CN"


def test_the_ends_of_a_range_are_within_it():
    largest = Cargo(teu=1e6, tonnes=1e6, value_usd=1e12)
    assert (largest.teu, largest.value_usd) == (1e6, 1e12)
    assert Cargo(teu=0.01, tonnes=0).teu == 0.01


@pytest.mark.parametrize("name", ["cargo_class", "container_feet", "equipment"])
@pytest.mark.parametrize("given", [pd.Series([40, 20]), pd.NA, np.array(["block"] * 2), None, pd.DataFrame()], ids=repr)
def test_what_is_no_choice_is_refused(name, given):
    with pytest.raises(QueryError, match=f"^{name} is .* and must be one of"):
        Cargo(**{name: given})


def test_numbers_of_numpy_become_those_of_python():
    sent = Cargo(teu=np.float32(2.5), tonnes=np.int64(20), reefer=np.bool_(1))
    assert (type(sent.teu), type(sent.tonnes), type(sent.reefer)) == (float, int, bool)
