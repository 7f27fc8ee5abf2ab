"""Legs sum to the totals of an itinerary, agree with the tables, and every output says the same."""

import json
from collections import Counter
from itertools import pairwise
from math import isclose
from tempfile import TemporaryDirectory

import pytest
from hypothesis import strategies as st

from landbridge.networks.units import YEAR_H
from landbridge.routing import route
from landbridge.routing.cli.tables.itineraries import print_itineraries
from tests.support.prices import emitted_kg, paid_usd
from tests.support.properties import answered, assert_drawn, holds
from tests.support.random_networks import DEPARTURES, cargoes, networks, objectives, pairs

NO_WAY = "same terminal|same place|no terminal"
SUMMED = ("cost_usd", "co2e_kg", "distance_km", "inventory_usd")


def close(one, other):
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def assert_consistent(item):
    """Assert that the totals of an itinerary are those of its legs, and that each leg goes on where the last ended."""
    found, legs, cargo = item.to_dict(), item.to_dict()["legs"], item.cargo
    for name in SUMMED:
        assert close(found[name], sum(leg[name] for leg in legs)), name
    assert close(found["time_h"]["mean"], sum(leg["time_h"]["mean"] for leg in legs))
    hauls = [number for number, leg in enumerate(legs) if leg["kind"] == "haul" and not leg["access"]]
    transit = legs[hauls[0] : hauls[-1] + 1]
    assert close(found["transit_h"]["mean"], sum(leg["time_h"]["mean"] for leg in transit))
    assert close(found["inventory_usd"], found["time_h"]["mean"] * cargo.value_usd * 0.25 / YEAR_H)
    assert close(found["cost_usd"], sum(found["cost_by_kind"].values()))
    assert close(found["cost_usd"], found["cost_usd_per_teu"] * cargo.teu)
    assert close(found["cost_usd"], sum(found["cost_by_kind_per_container"].values()) * cargo.containers)
    assert found["cost_p10_usd"] <= found["cost_usd"] * (1 + 1e-9)
    assert found["cost_usd"] <= found["cost_p90_usd"] * (1 + 1e-9)
    assert all(before["to"] == after["from"] for before, after in pairwise(legs))
    assert found["places"] == [legs[0]["from"], *(leg["to"] for leg in legs if leg["to"] != leg["from"])]
    assert found["gauge_changes"] == sum(leg["gauge_change"] for leg in legs)
    assert found["transshipments"] == sum(leg["operation"] == "transship" for leg in legs)
    stops = [leg for leg in legs if leg["kind"] != "haul"]
    assert found["bottleneck"]["time_h"]["mean"] == pytest.approx(max(leg["time_h"]["mean"] for leg in stops))


def assert_as_in_the_tables(item):
    """Assert that the money and emissions of each leg are those of its rows, and borders and countries of its links."""
    network = item.network
    for leg in item.legs:
        if leg.access is None:
            assert close(leg.cost_usd, paid_usd(network, item.cargo, leg)), leg
            assert close(leg.co2e_kg, emitted_kg(network, item.cargo, leg)), leg
    passed = [network.places[place]["country"] for place in item.places if place in network.places]
    assert {country for country in passed if country} <= {*item.countries}
    by_land = [
        leg
        for leg in item.hauls
        if leg.link is not None and leg.mode in {"rail", "road"}
        if network.places[leg.start]["country"] != network.places[leg.end]["country"]
    ]
    sides = Counter(leg.operation for leg in item.legs)
    assert sides["border_exit"] == sides["border_entry"] == len(by_land)
    assert item.border_crossings >= len(by_land)
    if all(leg.mode in {"rail", "road"} for leg in item.hauls):
        assert item.border_crossings == len(by_land)


def assert_clock(item, depart):
    """Assert that a dated itinerary passes without a gap to its arrival, and that others have no clock."""
    if depart is None:
        assert all(leg.departs is None and leg.arrives is None for leg in item.legs)
        return
    assert all(abs(before.arrives.timestamp() - after.departs.timestamp()) < 1 for before, after in pairwise(item.legs))
    passed_h = _hours_between(item.departs, item.arrives)
    assert isclose(passed_h, item.time_mean_h, abs_tol=1e-3)
    for leg in item.legs:
        taken_h = _hours_between(leg.departs, leg.arrives)
        assert isclose(taken_h, leg.time.mean_h, abs_tol=1e-3), leg
    assert 0 <= item.chance_in_time <= 1


def _hours_between(first, last):
    """Return the hours that pass: moments of one zone, subtracted, differ by what its clocks say."""
    return (last.timestamp() - first.timestamp()) / 3600


def assert_said_alike(found):
    """Assert that the frame, the rows of CSV and the layers of an answer say what its JSON says."""
    said = json.loads(json.dumps(found.to_dict(), allow_nan=False))["itineraries"]
    frame, legs = found.to_frame("itineraries"), found.to_frame("legs")
    drawn, hauls, stops = (found.to_geodataframe(name) for name in ("itineraries", "legs", "operations"))
    assert len(said) == len(frame) == len(drawn) == len(found)
    assert len(legs) == len(hauls) + len(stops) == sum(len(item["legs"]) for item in said)
    for number, item in enumerate(said):
        for row in (frame.iloc[number], drawn.iloc[number]):
            for name in (*SUMMED, "generalised_cost_usd", "cost_p10_usd", "border_crossings", "itinerary_id"):
                assert row[name] == item[name], name
            assert (row["time_mean_h"], row["time_p90_h"]) == (item["time_h"]["mean"], item["time_h"]["p90"])
    flat = [leg for item in said for leg in item["legs"]]
    for name in ("distance_km", "cost_usd", "co2e_kg", "kind"):
        assert legs[name].tolist() == [leg[name] for leg in flat], name
    assert hauls["distance_km"].tolist() == [leg["distance_km"] for leg in flat if leg["kind"] == "haul"]
    assert not drawn.geometry.is_empty.any()


def test_legs_sum_to_the_totals_of_itineraries_of_random_networks():
    seen = Counter()

    @holds(networks() | networks(calendar=True), st.data(), few=25, many=110)
    def sums(drawn, data):
        network, ends, depart = drawn.network(), data.draw(pairs(drawn)), data.draw(st.sampled_from(DEPARTURES))
        found = answered(
            route,
            network,
            *ends,
            cargo=data.draw(cargoes()),
            objective=data.draw(st.none() | objectives()),
            depart=depart,
            k=data.draw(st.sampled_from([1, 3])),
        )
        for item in found:
            assert_consistent(item)
            assert_as_in_the_tables(item)
            assert_clock(item, depart)
            assert (item.places[0], item.places[-1]) == ends
        assert_said_alike(found)
        seen[depart is not None] += 1
        seen["by road and another mode"] += any(len({leg.mode for leg in item.hauls} | {"road"}) > 1 for item in found)
        seen["borders"] += any(item.border_crossings for item in found)

    sums()
    assert_drawn(seen, least=3)


def test_legs_sum_to_the_totals_of_itineraries_of_the_bundled_network(network):
    """Ends are places and points, so that there is drayage beyond the network, and the options are any."""
    places = sorted(place for place, row in network.places.items() if row["modes"])
    seen = Counter()

    def near(place):
        row = network.places[place]
        return round(row["lat"] + 0.04, 4), round(row["lon"] + 0.05, 4)

    end = st.sampled_from(places) | st.sampled_from(places).map(near)

    @holds(end, end, cargoes(), objectives(), st.sampled_from([None, *DEPARTURES[1:]]), few=12, many=60)
    def sums(origin, destination, cargo, objective, depart):
        asked = {"cargo": cargo, "objective": objective, "depart": depart}
        found = answered(route, network, origin, destination, **asked, refused=NO_WAY)
        for item in found:
            assert_consistent(item)
            assert_as_in_the_tables(item)
            assert_clock(item, depart)
            seen["drayage"] += any(leg.access is not None for leg in item.legs)
        assert_said_alike(found)

    sums()
    assert_drawn(seen, "drayage", least=2)


def test_a_printed_table_has_the_figures_of_the_answer(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr("landbridge.routing.cli.tables.console._PIPE_COLUMNS", 400)

    @holds(networks(), st.data(), few=5, many=20)
    def prints(drawn, data):
        found = answered(route, drawn.network(), *data.draw(pairs(drawn)), objective=data.draw(objectives()), k=3)
        capsys.readouterr()
        print_itineraries(found, title="t", sorted_by="cost", details=True, costs=True)
        out = capsys.readouterr().out
        for item in json.loads(json.dumps(found.to_dict()))["itineraries"]:
            cells = [f"{item[name]:,.0f}" for name in ("cost_usd", "co2e_kg", "distance_km")]
            assert any(all(f" {cell} " in line for cell in cells) for line in out.splitlines()), (cells, out)

    prints()


def test_files_have_the_figures_of_the_answer():
    import geopandas as gpd
    import pandas as pd

    @holds(networks(calendar=True), st.data(), few=3, many=15)
    def written(drawn, data):
        network, ends, depart = drawn.network(), data.draw(pairs(drawn)), data.draw(st.sampled_from(DEPARTURES))
        found = answered(route, network, *ends, depart=depart, k=2)
        with TemporaryDirectory() as folder:
            files = {path.name: path for path in found.write(folder)}
            totals = found.to_frame("itineraries")
            for name in SUMMED:
                for read in (
                    pd.read_csv(files["itineraries.csv"]),
                    gpd.read_file(files["itineraries.geojson"]),
                    gpd.read_file(files["landbridge.gpkg"], layer="itineraries"),
                ):
                    assert read[name].tolist() == totals[name].tolist(), name
            assert json.loads(found.to_csv(f"{folder}/t.csv").with_name("t.csv.meta.json").read_text()) == json.loads(
                json.dumps(found.meta, default=str)
            )

    written()
