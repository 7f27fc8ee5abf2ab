"""Which evidence a changed cell has."""

from landbridge.networks.tables.schema import schemas
from landbridge.routing.studies.scenarios.evidence import PERIOD, _groups, stamp

NEW = (("S9",), 2030, "assumed")


def test_a_column_belongs_to_the_evidence_behind_it():
    assert _groups("operations")["mean_h"] == "time_"
    assert _groups("operations")["fee_usd_per_feu"] == "fee_"
    assert _groups("links")["length_km"] == "length_"
    assert _groups("links")["speed_km_h"] == "time_"
    assert _groups("links")["tariff"] is None
    assert _groups("resources")["closure_days"] == "capacity_"
    assert _groups("demand")["teu_per_year"] == ""


def test_every_group_is_one_of_the_table():
    for name, schema in schemas().items():
        assert set(_groups(name).values()) - {None} <= set(schema.evidence_prefixes), name


def test_changed_columns_name_source_year_and_confidence_of_their_group_alone():
    assert stamp("operations", {}, ["mean_h", "min_h"], NEW) == {
        "time_source": ("S9",),
        "time_year": 2030,
        "time_confidence": "assumed",
    }


def test_evidence_that_is_itself_changed_stays_as_given():
    assert stamp("tariffs", {}, ["usd_per_teu_km", "confidence"], NEW) == {"source": ("S9",), "year": 2030}


def test_the_year_of_a_capacity_is_its_key_and_no_evidence():
    assert stamp("capacities", {}, ["capacity"], NEW) == {"source": ("S9",), "confidence": "assumed"}


def test_a_period_adds_its_source_to_that_of_what_it_is_about():
    link = {"length_source": ("S1",)}
    assert stamp("links", link, ["valid_to"], NEW) == {"length_source": ("S1", "S9")}
    assert {"valid_from", "season_to"} <= PERIOD
    assert stamp("operations", {}, ["valid_to"], NEW) == {}
