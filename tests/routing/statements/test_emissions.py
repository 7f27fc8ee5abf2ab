"""Statements of emissions: elements that add up to the itinerary, worked out by hand on tiny networks."""

import pytest

from landbridge.routing import Cargo, emissions_statement, route
from landbridge.routing.statements.emissions import METHOD
from landbridge.routing.statements.emissions_report import statement_markdown
from tests.support.tiny import link, operation, service, tiny_network

CARGO = Cargo(teu=2, tonnes=20, container_feet=40)


def statement(network, start, end, **options):
    return emissions_statement(route(network, start, end, cargo=options.pop("cargo", CARGO), **options)[0])


def factors(**cells):
    """Return the table of factors with cells of that of rail replaced; it is 10 g/tkm."""
    return {"emission_factors": [{"id": "rail", "mode": "rail", "g_co2e_per_tkm": 10} | cells]}


def test_hauls_of_one_service_are_one_element(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- cn-c")])
    (element,) = statement(network, "cn-a", "cn-c").transports
    assert (element.start, element.end, element.distance_km) == ("cn-a", "cn-c", 200)
    # 20 t x 200 km, 2 TEU x 200 km, 10 g x 4000 tkm
    assert (element.activity_tkm, element.activity_teu_km) == (4000, 400)
    assert element.co2e_kg == pytest.approx(40)
    assert element.to_dict()["g_co2e_per_tkm"] == pytest.approx(10)
    assert element.to_dict()["g_co2e_per_teu_km"] == pytest.approx(100)


def test_a_border_does_not_break_an_element_and_is_named_as_unmeasured(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d")])
    found = statement(network, "cn-a", "kz-d")
    (element,) = found.transports
    assert (element.start, element.end, element.distance_km) == ("cn-a", "kz-d", 300)
    assert element.countries == ("CN", "KZ")
    assert [leg.operation for leg in found.unmeasured] == ["border_exit", "border_entry"]


def test_a_change_of_gauge_inside_an_entry_side_is_a_hub_although_its_emissions_are_unknown(tmp_path):
    links = [link("cn-a -- cn-b"), link("cn-b -- kz-c"), link("kz-c -- kz-d", gauge=1520)]
    gauges = {"from_gauge": 1435, "to_gauge": 1520}
    entry = operation("border_entry", "kz-c", other_place="cn-b", mean_h=9, **gauges)
    back = operation("gauge_change", "kz-c", from_gauge=1520, to_gauge=1435, mean_h=10)
    found = statement(tiny_network(tmp_path, links=links, operations=[entry, back]), "cn-a", "kz-d")
    assert [item.operation for item in found.hubs] == ["load", "border_entry", "unload"]
    assert [(item.start, item.end, item.shortest_feasible_km) for item in found.transports] == [
        ("cn-a", "kz-c", 200),
        ("kz-c", "kz-d", 100),
    ]


def test_a_change_of_service_begins_another_element_with_a_hub_between(tmp_path):
    network = tiny_network(
        tmp_path,
        links=[link("cn-a -- cn-b"), link("cn-b -- cn-c", "road")],
        operations=[
            operation("transship", from_mode="rail", to_mode="road", mean_h=3, co2e_kg_per_teu=7, both_ways=True),
        ],
    )
    found = statement(network, "cn-a", "cn-c", modes=["rail", "road"])
    assert [item.mode for item in found.transports] == ["rail", "road"]
    assert [item.operation for item in found.hubs] == ["load", "transship", "unload"]
    # 7 kg x 2 TEU
    assert found.hubs[1].co2e_kg == pytest.approx(14)
    assert found.hubs[1].to_dict()["data_kind"] == "modelled"


def test_the_vehicle_and_the_provision_of_energy_stand_apart(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=factors(ttw_share=0.3))
    data = statement(network, "cn-a", "cn-b").transports[0].to_dict()
    # 10 g x 20 t x 100 km = 20 kg, of it 30 %
    assert (data["ttw_kg"], data["wtt_kg"]) == pytest.approx((6, 14))


def test_a_share_that_is_unknown_makes_the_split_of_the_total_unknown(tmp_path):
    found = statement(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]), "cn-a", "cn-b")
    assert found.transports[0].ttw_kg is None
    assert found.totals()["transport_ttw_kg"] is None
    assert found.totals()["transport_wtt_kg"] is None


def test_the_distance_adjustment_is_in_the_emissions_and_not_in_the_activity(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=factors(distance_adjustment=1.05))
    found = statement(network, "cn-a", "cn-b")
    (element,) = found.transports
    assert element.activity_tkm == 2000
    # 10 g x 1.05 x 2000 tkm
    assert element.co2e_kg == pytest.approx(21)
    assert found.itinerary.co2e_kg == pytest.approx(21)
    assert element.to_dict()["factor"]["distance_adjustment"] == 1.05


def test_a_factor_per_teu_km_goes_by_teu(tmp_path):
    cells = {"g_co2e_per_tkm": None, "g_co2e_per_teu_km": 90}
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")], tables=factors(**cells))
    data = statement(network, "cn-a", "cn-b").transports[0].to_dict()
    # 90 g x 2 TEU x 100 km
    assert data["co2e_kg"] == pytest.approx(18)
    assert (data["factor"]["value"], data["factor"]["unit"]) == (90, "g/TEU-km")


@pytest.mark.parametrize(
    ("rail", "held", "without"),
    [
        ({}, "nowhere", ", the energy of cooling by rail and road"),
        ({"reefer_g_co2e_per_teu_km": 200}, "on 100 of 200 km", ", the energy of cooling by road"),
    ],
    ids=["none", "by rail"],
)
def test_a_statement_of_refrigerated_cargo_says_where_it_holds_the_cooling(tmp_path, rail, held, without):
    factor = {"g_co2e_per_tkm": None, "g_co2e_per_teu_km": 100} | rail
    change = operation("transship", from_mode="rail", to_mode="road", mean_h=3, both_ways=True)
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c", "road")]
    network = tiny_network(tmp_path, links=links, operations=[change], tables=factors(**factor))
    (trip,) = route(network, "cn-a", "cn-c", cargo=Cargo(reefer=True), modes=["rail", "road"])
    found = emissions_statement(trip)
    assert found.method["cooling"] == f"CO2e holds the cooling {held}"
    assert found.method["cooling"] in trip.notes[0].text
    assert found.method["left_out"] == METHOD["left_out"] + without
    data = found.to_dict()
    assert (data["cargo"]["reefer"], data["method"]) == (True, found.method)
    text = statement_markdown(found)
    assert f"2 TEU, 24 t gross, refrigerated; CO2e holds the cooling {held}\n" in text
    assert without in text


def test_the_basis_is_the_shortest_distance_unless_the_way_is_longer(tmp_path):
    # By b it is 200 km, directly 120 km by a slow service: the quicker way is the longer one.
    slow = service("slow", speed_km_h=10)
    links = [link("cn-a -- cn-b"), link("cn-b -- cn-c"), link("cn-a -- cn-c", service="slow", length_km=120)]
    network = tiny_network(tmp_path, links=links, services=[slow])
    (element,) = statement(network, "cn-a", "cn-c").transports
    assert (element.distance_km, element.shortest_feasible_km) == (200, 120)
    assert element.distance_basis == "actual"
    (element,) = statement(network, "cn-a", "cn-c", objective="distance").transports
    assert element.distance_basis == "shortest_feasible"


def test_an_access_leg_is_an_element_of_the_road_without_a_shortest_distance(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b"), link("cn-a -- cn-b", "road")])
    found = statement(network, "0.05,0.0", "cn-b", modes=["rail"])
    first = found.transports[0]
    assert (first.mode, first.service) == ("road", "access by road")
    assert (first.shortest_feasible_km, first.distance_basis) == (None, "shortest_feasible")
    assert found.co2e_kg == pytest.approx(found.itinerary.co2e_kg, rel=1e-9)


def test_published_factors_are_default_data_and_others_modelled(tmp_path):
    cells = {"confidence": "published"}
    published = tiny_network(tmp_path / "p", links=[link("cn-a -- cn-b")], tables=factors(**cells))
    assumed = tiny_network(tmp_path / "a", links=[link("cn-a -- cn-b")])
    assert statement(published, "cn-a", "cn-b").transports[0].data_kind == "default"
    assert statement(assumed, "cn-a", "cn-b").transports[0].data_kind == "modelled"


def test_a_cargo_without_weight_has_no_intensity_per_tonne(tmp_path):
    network = tiny_network(tmp_path, links=[link("cn-a -- cn-b")])
    found = statement(network, "cn-a", "cn-b", cargo=Cargo(teu=2, tonnes=0))
    assert found.totals()["co2e_kg_per_tonne"] is None
    assert found.totals()["g_co2e_per_tkm"] is None


def test_totals_per_tonne_and_teu(tmp_path):
    totals = statement(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]), "cn-a", "cn-b").totals()
    # 20 kg over 20 t and 2 TEU
    assert (totals["co2e_kg"], totals["co2e_kg_per_tonne"], totals["co2e_kg_per_teu"]) == pytest.approx((20, 1, 10))


def test_the_repr_names_total_and_elements(tmp_path):
    found = statement(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]), "cn-a", "cn-b")
    assert repr(found).endswith(": 20 kg CO2e, 1 transport element, 2 hubs>")


PAIRS = [
    ("Xi'an", "Duisburg", {"modes": ["rail"]}),
    ("Xi'an", "Duisburg", {}),
    ("Xi'an", "Istanbul", {"corridor": "middle", "modes": ["rail", "sea", "ferry"]}),
    ("Xi'an", "Istanbul", {"corridor": "southern"}),
    ("Chongqing", "Hamburg", {"corridor": "suez"}),
    ("Shanghai", "Rotterdam", {"corridor": "cape"}),
    ("Mumbai", "Moscow", {}),
    ("Urumqi", "Tbilisi", {"objective": "cost"}),
    ("Almaty", "Poti", {"objective": "co2e"}),
    ("Tashkent", "Mersin", {}),
    ("Yiwu", "Madrid", {"modes": ["rail"]}),
    ("34.3,108.9", "51.4,6.8", {}),
]


@pytest.mark.parametrize(("start", "end", "options"), PAIRS, ids=[f"{a}-{b}-{n}" for n, (a, b, _) in enumerate(PAIRS)])
def test_elements_add_up_to_the_itinerary(network, start, end, options):
    for itinerary in route(network, start, end, k=2, **options):
        found = emissions_statement(itinerary)
        assert found.co2e_kg == pytest.approx(itinerary.co2e_kg, rel=1e-9)
        totals = found.totals()
        assert totals["distance_km"] == pytest.approx(itinerary.distance_km, rel=1e-9)
        assert totals["transport_ttw_kg"] + totals["transport_wtt_kg"] + totals["hub_co2e_kg"] == pytest.approx(
            itinerary.co2e_kg, rel=1e-9
        )


def test_each_element_is_its_factor_times_its_activity(network):
    for element in statement(network, "Xi'an", "Istanbul", corridor="middle").transports:
        data = element.to_dict()
        activity = data["activity_tkm"] if data["factor"]["unit"] == "g/tkm" else data["activity_teu_km"]
        grams = data["factor"]["value"] * data["factor"]["distance_adjustment"] * activity
        assert element.co2e_kg == pytest.approx(grams / 1000, rel=1e-9)
        assert element.shortest_feasible_km <= element.distance_km * (1 + 1e-9)


def test_a_statement_names_method_version_and_the_sources_of_its_factors(network):
    data = statement(network, "Xi'an", "Duisburg", modes=["rail"]).to_dict()
    assert data["method"] == METHOD
    assert data["landbridge_version"]
    assert data["data_set"]["reference_date"] == "2026-10-01"
    cited = {source for element in data["elements"] for source in element["factor"]["sources"]}
    assert cited == set(data["sources"])


def test_chains_stand_in_the_published_order(network):
    """Ocean below rail below road: GLEC v3, EEA 2021 (P2410)."""
    intensity = {
        name: statement(network, *ends, **options).totals()["g_co2e_per_tkm"]
        for name, ends, options in (
            ("sea", ("Shanghai", "Rotterdam"), {"modes": ["sea"]}),
            ("rail", ("Xi'an", "Duisburg"), {"modes": ["rail"]}),
            ("road", ("Xi'an", "Duisburg"), {"modes": ["road"]}),
        )
    }
    assert sorted(intensity, key=intensity.get) == ["sea", "rail", "road"]


def test_statements_can_be_put_into_sets(tmp_path):
    (trip,) = route(tiny_network(tmp_path, links=[link("cn-a -- cn-b")]), "cn-a", "cn-b")
    assert len({emissions_statement(trip), emissions_statement(trip)}) == 1
