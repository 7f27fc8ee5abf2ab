"""The bundled data set: complete evidence, every corridor, and lengths that were published elsewhere."""

import csv
import re
import unicodedata
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from landbridge.data import DATA_DIR
from landbridge.networks import PlaceError, check_network
from landbridge.networks.geodata.bases.passages import passages_of, read_passages
from landbridge.networks.graph.operations import CARGO_CLASSES
from landbridge.networks.graph.state_graph import EdgeKind
from landbridge.networks.tables.schema import schemas

OBSERVATION = re.compile(r"H\d+|T0[1-9]")
"""Ids of the end-to-end observations, which are for validation and never for input."""

# Where a triple stands for values that a row need not have: the columns that need it.
OPTIONAL = {
    ("capacities", "throughput_"): ("throughput",),
    ("links", "time_"): ("min_h", "mean_h", "p10_h", "p50_h", "p90_h", "speed_km_h"),
    ("links", "open_"): ("open_from", "open_to", "open_days"),
    ("operations", "open_"): ("open_from", "open_to", "open_days"),
    ("operations", "fee_"): ("fee_usd_per_teu", "fee_usd_per_feu", "fee_usd_per_consignment"),
    ("operations", "co2e_"): ("co2e_kg_per_teu",),
    ("services", "wait_"): (
        "headway_h",
        "departures",
        "wait_p10_h",
        "wait_p50_h",
        "wait_p90_h",
        "loose_wait_h",
        "cut_off_h",
    ),
    ("services", "timetabled_speed_"): ("timetabled_speed_km_h",),
    ("services", "max_wait_"): ("max_wait_h",),
    ("services", "boarding_"): ("boarding_usd_per_teu", "boarding_usd_per_feu"),
    ("services", "capacity_"): ("vehicle_teu", "capacity_teu_day"),
    ("resources", "background_"): ("background_teu_day",),
    ("resources", "ships_"): ("ships",),
    ("operations", "reform_"): ("reform_load", "reform_max_wait_h"),
    ("emission_factors", "adjustment_"): ("distance_adjustment",),
    ("emission_factors", "energy_"): ("fuel", "electric_share"),
    ("emission_factors", "ttw_"): ("ttw_share",),
    ("emission_factors", "load_"): ("load_factor", "empty_running"),
    ("modes", "range_"): ("low_g_co2e_per_tkm", "high_g_co2e_per_tkm"),
    ("loads", "low_water_"): ("low_water_loss",),
    ("loads", "loss_per_metre_"): ("loss_per_metre",),
}

# fmt: off
CHINESE_HUBS = (
    "lianyungang", "qingdao", "jinan", "shanghai", "yiwu", "jinhua", "suzhou", "hefei", "nanchang", "ganzhou",
    "shenzhen", "guangzhou", "wuhan", "changsha", "zhengzhou", "shijiazhuang", "tianjin", "shenyang", "harbin", "xian",
    "chengdu", "chongqing", "lanzhou", "shihezi", "urumqi",
)
# fmt: on
"""Hubs of the China-Europe trains."""

# The places on both sides of each gauge break, and the gauges that meet there.
BREAKS = {
    "Alashankou, Dostyk": (1435, 1520, "cn-alashankou", "kz-dostyk"),
    "Khorgos, Altynkol": (1435, 1520, "cn-khorgos", "kz-altynkol"),
    "Manzhouli, Zabaikalsk": (1435, 1520, "cn-manzhouli", "ru-zabaikalsk"),
    "Suifenhe, Grodekovo": (1435, 1520, "cn-suifenhe", "ru-grodekovo"),
    "Tongjiang, Nizhneleninskoye": (1435, 1520, "cn-tongjiang", "ru-nizhneleninskoye"),
    "Hunchun, Kamyshovaya": (1435, 1520, "cn-hunchun", "ru-kamyshovaya"),
    "Erenhot, Zamyn-Uud": (1435, 1520, "cn-erenhot", "mn-zamyn-uud"),
    "Brest, Malaszewicze": (1520, 1435, "by-brest", "pl-malaszewicze"),
    "Bruzgi, Kuznica": (1520, 1435, "by-bruzgi", "pl-kuznica"),
    "Svislach, Siemianowka": (1520, 1435, "by-svislach", "pl-siemianowka"),
    "Sestokai, Mockava": (1520, 1435, "lt-sestokai", "lt-mockava"),
    "Kaunas": (1520, 1435, "lt-kaunas"),
    "Kaliningrad, Braniewo": (1520, 1435, "ru-kaliningrad", "pl-braniewo"),
    "Chop, Zahony": (1520, 1435, "ua-chop", "hu-zahony"),
    "Chop, Cierna": (1520, 1435, "ua-chop", "sk-cierna-nad-tisou"),
    "Mostiska, Medyka": (1520, 1435, "ua-mostiska", "pl-medyka"),
    "Slawkow": (1520, 1435, "pl-slawkow"),
    "Kosice": (1520, 1435, "sk-kosice"),
    "Vadul-Siret, Vicsani": (1520, 1435, "ua-vadul-siret", "ro-vicsani"),
    "Ungheni, Iasi": (1520, 1435, "md-ungheni", "ro-iasi"),
    "Galati": (1520, 1435, "ro-galati"),
    "Akhalkalaki": (1520, 1435, "ge-akhalkalaki"),
    "Serakhs, Sarakhs": (1520, 1435, "tm-serakhs", "ir-sarakhs"),
    "Akyayla, Incheboron": (1520, 1435, "tm-akyayla", "ir-incheboron"),
    "Julfa": (1520, 1435, "az-julfa", "ir-julfa"),
    "Zahedan": (1676, 1435, "ir-zahedan"),
    "Hendaye, Irun": (1435, 1668, "fr-hendaye", "es-irun"),
    "Cerbere, Portbou": (1435, 1668, "fr-cerbere", "es-portbou"),
    "Varna": (1520, 1435, "bg-varna"),
    "Mukran": (1520, 1435, "de-mukran"),
    "Makmal": (1435, 1520, "kg-makmal"),
}


def test_the_check_finds_no_fault():
    assert [str(fault) for fault in check_network(DATA_DIR)] == []


# Evidence


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_value_has_source_year_and_confidence(network, name):
    table = network.tables[name]
    assert len(table) > 0
    for line, row in table.numbered():
        for prefix in table.schema.evidence_prefixes:
            triple = [row[f"{prefix}{part}"] for part in ("source", "year", "confidence")]
            needed = any(row[column] for column in OPTIONAL[name, prefix]) if (name, prefix) in OPTIONAL else True
            complete = all(triple)
            assert complete or not (needed or any(triple)), f"{table.file}:{line} {prefix}"


def cited(network):
    """Yield file, line and each source that a row cites."""
    for table in network.tables.values():
        for column in table.schema.columns:
            if column.refers_to == "sources":
                for line, row in table.numbered():
                    for source in row[column.name]:
                        yield table.file, line, source


def noted(network):
    """Return the sources that a remark names: contradicting and older values are kept there as evidence."""
    texts = [row.get("note") or "" for table in network.tables.values() for row in table]
    texts += [source["title"] for source in network.sources.values()]
    return {source for text in texts for source in re.findall(r"\b[AIPS]\d+\b", text)}


def test_every_source_that_is_cited_exists(network):
    assert {source for *_, source in cited(network)} - set(network.sources) == set()
    assert noted(network) - set(network.sources) == set()


def test_every_source_is_cited_by_a_value_or_in_a_remark(network):
    with (DATA_DIR / "hand_drawn.csv").open(encoding="utf-8", newline="") as file:
        drawn = {row["source"] for row in csv.DictReader(file)}
    texts = (file.read_text(encoding="utf-8") for file in (DATA_DIR / "scenarios").glob("*.toml"))
    scenarios = {source for text in texts for source in re.findall(r'"([A-Z]+\d+)"', text)}
    named = {source for *_, source in cited(network)} | noted(network) | drawn | scenarios
    assert set(network.sources) - named == set()


def test_assumptions_have_ids_with_an_a_and_a_reason(network):
    for source in network.sources.values():
        assert source["id"].startswith("A") == (source["kind"] == "assumption"), source["id"]
        assert len(source["title"]) > 20 or source["kind"] != "assumption", source["id"]


def test_what_is_assumed_cites_its_assumption(network):
    for table in network.tables.values():
        for prefix in table.schema.evidence_prefixes:
            for line, row in table.numbered():
                if row[f"{prefix}confidence"] == "assumed":
                    kinds = {network.sources[source]["kind"] for source in row[f"{prefix}source"]}
                    assert "assumption" in kinds, f"{table.file}:{line} {prefix}"


def test_what_is_published_or_observed_rests_on_no_assumption(network):
    # A row of the observations names what was assumed to compare it, not what the figure rests on.
    for table in (table for name, table in network.tables.items() if name != "observations"):
        for prefix in table.schema.evidence_prefixes:
            for line, row in table.numbered():
                if row[f"{prefix}confidence"] in {"published", "observed"}:
                    kinds = {network.sources[source]["kind"] for source in row[f"{prefix}source"]}
                    assert "assumption" not in kinds, f"{table.file}:{line} {prefix}"


def test_no_observation_is_an_input(network):
    assert [item for item in cited(network) if OBSERVATION.fullmatch(item[2])] == []
    assert [source for source in network.sources if OBSERVATION.fullmatch(source)] == []


# Corridors


def test_each_chain_is_covered_by_a_corridor(network):
    covered = {int(chain) for row in network.tables["corridors"] for chain in row["chains"]}
    # Chain 13, the gateways to Europe, is shared by all.
    assert covered | {13} == set(range(1, 30))


def test_each_crossing_that_a_corridor_names_is_that_of_a_link(network):
    for row in network.tables["corridors"]:
        named = [tag for group in row["require"].split(";") for tag in group.split("|") if tag != "*"]
        named += (row["forbid"] or "").split("|") if row["forbid"] else []
        unknown = {tag for tag in named if tag not in network.graph.tags}
        assert unknown == set(), row["id"]


def test_no_two_corridors_have_one_priority(network):
    priorities = [row["priority"] for row in network.tables["corridors"]]
    assert len(set(priorities)) == len(priorities)


@pytest.fixture(scope="module")
def block_trains(network):
    """Return the states and the edges that block cargo may take on the reference date."""
    graph, view = network.graph, nx.DiGraph()
    rail = {number for number, row in enumerate(network.links) if row["mode"] == "rail"}
    block = (graph.classes & 1 << CARGO_CLASSES.index("block")) != 0
    usable = graph.open_on(network.reference_date, seasonal=False) & block
    for edge in np.flatnonzero(usable):
        if graph.kind[edge] != EdgeKind.HAUL or int(graph.row[edge]) in rail:
            view.add_edge(int(graph.tail[edge]), int(graph.head[edge]))
    return view


@pytest.mark.parametrize("hub", CHINESE_HUBS)
@pytest.mark.parametrize("westward", [True, False], ids=["westward", "eastward"])
def test_each_chinese_hub_reaches_duisburg_and_back_by_rail(network, block_trains, hub, westward):
    places = (f"cn-{hub}", "de-duisburg")
    start, end = (network.terminals[place] for place in (places if westward else places[::-1]))
    graph = network.graph
    origins = [int(graph.origins[graph.place_index[place]]) for place in start]
    ends = {int(graph.destinations[graph.place_index[place]]) for place in end} - {-1}
    assert any(origin in block_trains and nx.descendants(block_trains, origin) & ends for origin in origins)


@pytest.mark.parametrize("name", BREAKS)
def test_each_gauge_break_has_an_operation_in_both_directions(network, name):
    one, other, *places = BREAKS[name]
    assert set(places) <= set(network.places)
    graph = network.graph
    changes = set()
    for edge in np.flatnonzero(graph.kind == EdgeKind.OPERATION):
        tail, head = graph.states[graph.tail[edge]], graph.states[graph.head[edge]]
        if tail.place in places and tail.gauge and head.gauge:
            changes.add((tail.gauge, head.gauge))
    assert changes >= {(one, other), (other, one)}


# Names


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("西安", "cn-xian"),
        ("Xi'an", "cn-xian"),
        ("Алматы", "kz-almaty"),
        ("İstanbul", "tr-istanbul"),
        ("ISTANBUL", "tr-istanbul"),
        ("CNSIA", "cn-xian"),
        ("KZALA", "kz-almaty"),
        ("DE DUI", "de-duisburg"),
        ("NLRTM", "nl-rotterdam"),
        ("Alat UZ", "uz-alat"),
        ("Alat AZ", "az-alat"),
        ("Astara AZ", "az-astara"),
        ("Astara IR", "ir-astara"),
        ("Brest BY", "by-brest"),
    ],
)
def test_names_in_their_own_language_and_codes_are_found(network, text, place):
    assert network.place_index.resolve(text) == place


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("Alat", {"AZ", "UZ"}),
        ("Astara", {"AZ", "IR"}),
        ("Khorgos", {"CN", "KZ"}),
        ("Sarakhs", {"IR", "TM"}),
        ("Brest", {"BY"}),
    ],
)
def test_a_name_that_two_countries_have_is_resolved_by_rule_or_lists_its_candidates(network, name, countries):
    same = {row["id"]: row for row in network.places.values() if name in (row["name"], *row["aliases"])}
    primary = [place for place, row in same.items() if row["primary"]]
    if len(same) == 1 or len(primary) == 1:
        found = network.place_index.resolve(name)
        assert found in (primary or same)
        assert network.places[found]["country"] in countries
        return
    with pytest.raises(PlaceError) as raised:
        network.place_index.resolve(name)
    assert {network.places[place]["country"] for place in raised.value.candidates} == countries
    assert all(f"({country})" in str(raised.value) for country in countries)


def test_places_with_a_unlocode_have_one_of_their_country(network):
    codes = [row["unlocode"] for row in network.places.values() if row["unlocode"]]
    assert len(set(codes)) == len(codes)
    for row in network.places.values():
        code = row["unlocode"]
        assert code is None or re.fullmatch(rf"{row['country']}[A-Z2-9]{{3}}", code), row["id"]


# Lengths that were published for whole lines; no link has them as its own length


def shortest_km(network, start, end, modes, *, without=()):
    graph = nx.Graph()
    for link, length_km in zip(network.links, network.link_lengths_km, strict=True):
        if link["mode"] in modes and not set(link["passage"]) & set(without):
            known = graph.get_edge_data(link["from"], link["to"], {"km": np.inf})["km"]
            graph.add_edge(link["from"], link["to"], km=min(known, length_km))
    return nx.shortest_path_length(graph, start, end, weight="km")


@pytest.mark.parametrize(
    ("start", "end", "km", "tolerance"),
    [
        ("kz-altynkol", "kz-aktau", 3128, 0.02),
        ("az-keshla", "az-boyuk-kesik", 504, 0.04),
        ("ge-gardabani", "ge-poti", 360, 0.07),
        ("ge-gardabani", "ge-batumi", 396, 0.07),
        ("ir-sarakhs", "ir-bandar-abbas", 1600, 0.04),
        ("tm-turkmenbashi", "tm-farap", 1165, 0.04),
        ("kz-dostyk", "by-brest", 5430, 0.04),
    ],
)
def test_lines_are_as_long_as_published(network, start, end, km, tolerance):
    assert shortest_km(network, start, end, {"rail"}) == pytest.approx(km, rel=tolerance)


@pytest.mark.parametrize(
    ("without", "km"), [(("cape", "nsr"), 19_631), (("suez", "nsr"), 25_558)], ids=["suez", "cape"]
)
def test_sea_lanes_are_as_long_as_published(network, without, km):
    assert shortest_km(network, "cn-shanghai", "nl-rotterdam", {"sea"}, without=without) == pytest.approx(km, rel=0.025)


def test_drawn_lines_are_no_longer_than_their_links(network):
    """A line drawn longer than the link would mean that it runs elsewhere."""
    from landbridge.networks.geometry.sphere import geometry_km

    for row in network.links:
        if row["length_km"] is not None:
            drawn = geometry_km(network.geometry(row))
            assert drawn <= 1.05 * row["length_km"] + 10, row["id"]


def test_bands_of_a_tariff_fall_with_the_distance(network):
    bands = {}
    for row in network.tables["tariffs"]:
        bands.setdefault((row["id"], row["equipment"]), []).append((row["band_from_km"], row["usd_per_teu_km"]))
    for tariff, rows in bands.items():
        rates = [rate for _, rate in sorted(rows)]
        assert all(near >= far for near, far in pairwise(rates)), tariff


SCRIPTS = ("LATIN", "CYRILLIC", "CJK")


def names_in(row, script):
    """Return the names of a place whose letters are all of a script."""
    names = (row["name"], *row["aliases"])
    return [name for name in names if all(script in unicodedata.name(char, "") for char in name if char.isalpha())]


def test_each_place_is_found_in_three_scripts(network):
    # Where another place has the same name the country settles it: `Астара, IR`.
    missing = []
    for row in network.places.values():
        for script in SCRIPTS if row["kind"] != "passage" else ():
            texts = [text for name in names_in(row, script) for text in (name, f"{name}, {row['country']}")]
            if row["id"] not in map(resolved(network), texts):
                missing.append((row["id"], script))
    assert missing == []


def resolved(network):
    """Return a function from a text to the place that it names, None if it names several."""

    def place_of(text):
        try:
            return network.place_index.resolve(text)
        except PlaceError:
            return None

    return place_of


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("阿克套", "kz-aktau"),
        ("库雷克", "kz-kuryk"),
        ("土库曼巴希", "tm-turkmenbashi"),
        ("阿拉特", "az-alat"),
        ("波季", "ge-poti"),
        ("巴统", "ge-batumi"),
        ("康斯坦察", "ro-constanta"),
        ("布列斯特", "by-brest"),
        ("多斯特克", "kz-dostyk"),
        ("阿腾科里", "kz-altynkol"),
        ("卡尔斯", "tr-kars"),
        ("恰巴哈尔", "ir-chabahar"),
        ("霍尔果斯", "cn-khorgos"),
        ("Актау", "kz-aktau"),
        ("Курык", "kz-kuryk"),
        ("Достык", "kz-dostyk"),
        ("Алтынколь", "kz-altynkol"),
        ("Поти", "ge-poti"),
        ("Хоргос", "cn-khorgos"),  # noqa: RUF001 - Cyrillic letters that look like Latin ones
    ],
)
def test_places_are_found_as_they_are_written_there(network, text, place):
    assert network.place_index.resolve(text) == place


def test_a_name_of_several_places_has_one_that_is_meant_or_is_known_to_have_none(network):
    index, several = network.place_index, set()
    for row in network.places.values():
        for name in (row["name"], *row["aliases"]):
            if resolved(network)(name) is None:
                several.add(row["id"])
    # Towns on both banks of a border river, and the two ends of the Suez Canal at sea.
    assert several == {"az-astara", "ir-astara", "az-julfa", "ir-julfa", "sea-suez-north", "sea-suez-south"}
    assert index.resolve("Astara, IR") == "ir-astara"


def test_ships_name_the_straits_and_canals_that_their_lines_cross(network):
    passages, unnamed = read_passages(), []
    for row in network.links:
        if row["mode"] in {"sea", "ferry", "iww"}:
            line = network.geometry(row)
            for part in getattr(line, "geoms", [line]):
                crossed = {*passages_of(list(part.coords), passages)}
                unnamed += [(row["id"], passage) for passage in crossed - {*row["passage"]}]
    assert unnamed == []
