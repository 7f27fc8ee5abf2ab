"""The bundled demand: its sums are the published totals, it stays within the control totals, and each row has a way."""

from collections import Counter, defaultdict

import pytest

from landbridge.networks import NoRouteError
from landbridge.routing import Cargo, route

# Worked out by hand from the figures of the sources; docs/demand.md says which.
TEU = {
    # 380,000 TEU (P2100) as 255.6 westbound to 40.7 eastbound (P2101): 380,000 * 255.6 / 296.3 = 327,802.9
    "china-eu-westbound": 327_803,
    "china-eu-eastbound": 52_197,
    # 36 % of 1.8 million and 56 % of 1.2 million TEU (P2107)
    "china-russia-westbound": 648_000,
    "china-russia-eastbound": 672_000,
    # 2,077,216 * 10,546 / 19,392 - 327,803 - 648,000 - 36,248 = 117,606 is left over westbound; half of it, rounded
    "china-belarus-westbound": 59_000,
    # 1,500 trains of 120,000 / 988 TEU are 182,186 (P2118, P2119), rounded
    "china-belarus-eastbound": 182_000,
    # 521,000 = 795,500 at Alashankou + 873,000 at Khorgos - (2,077,216 - 604,000 - 325,800), as 10,546 to 8,846
    "china-central-asia-westbound": 283_337,
    "china-central-asia-eastbound": 237_663,
    # 20,956 + 15,292 of trains from China (P2122), and half of the other 20,252 of 56,500 (P2121)
    "titr-containers-westbound": 46_374,
    "titr-containers-eastbound": 10_126,
    # 5,500 (P2128); three times 1,300 / 2.5 (P2130)
    "instc-west-containers": 5_500,
    "instc-east-containers": 1_560,
}
TONNES = {
    # 3.3 Mt * 2.5 / 4.2 (P2121, P2124) is 1.964 Mt dry; less 56,500 TEU of 14 t (P2126) 1.173 Mt; nine tenths westbound
    "titr-bulk-westbound": 1_055_700,
    "titr-bulk-eastbound": 117_300,
    # 814,000 t (P2129) less 5,500 TEU of 12 t
    "instc-west-bulk": 748_000,
    # 1.6 Mt (P2131) less 1,560 TEU of 12 t, rounded
    "instc-east-bulk": 1_581_000,
}

# China-Europe trains of 2024 (P134), the control total: trains that end in Russia and Belarus are in it.
CONTROL_TEU, TRAINS_OUT, TRAINS_IN = 2_077_216, 10_546, 8_846
FROM_CHINA_BY_THE_MIDDLE_CORRIDOR = 20_956 + 15_292
CONTROL_CENTRAL_ASIA_TEU = 882_712
HUB_TRAINS = {
    "cn-xian": 3849,
    "cn-chengdu": 2285,
    "cn-chongqing": 2059,
    "cn-zhengzhou": 2052,
    "cn-yiwu": 812,
    "cn-changsha": 764,
    "cn-wuhan": 742,
    "cn-guangzhou": 742,
    "cn-shenyang": 676,
    "cn-jinan": 653,
    "cn-shijiazhuang": 598,
    "cn-hefei": 498,
}

# The other trains are taken at Suzhou and Tianjin: 2,286 trains of Jiangsu less the 93 of 195 that are of Lianyungang,
# and 464 in 240 days (P3238, P3239).
OTHER_TRAINS = TRAINS_OUT + TRAINS_IN - sum(HUB_TRAINS.values())
JIANGSU, TIANJIN = 2286 * 102 / 195, 464 * 365 / 240
CITY_TRAINS = HUB_TRAINS | {
    "cn-suzhou": OTHER_TRAINS * JIANGSU / (JIANGSU + TIANJIN),
    "cn-tianjin": OTHER_TRAINS * TIANJIN / (JIANGSU + TIANJIN),
}

# Exports by rail to China in thousand TEU, by loading for export (P3233, P3234, P3235, P3237) and the part of rail in
# rail and sea: 345.7 * 12/7 * 22.5/1.339/45.7 * 0.7, 128.3/1.093 * 12/10 * 0.7, 1.7 * 12 * 0.7.
EXPORTED = {"ru-irkutsk": 152.5, "ru-krasnoyarsk": 98.6, "ru-khabarovsk": 14.3}
OTHER_EXPORTS = {"ru-moscow": 35, "ru-st-petersburg": 10, "ru-yekaterinburg": 15, "ru-novosibirsk": 15}

# Resources whose other traffic, once counted as background, is rows of the demand.
NOT_COUNTED_TWICE = (
    "caspian-railferry--fleet",
    "az-alat--rail-ferry",
    "az-alat--astara",
    "ir-astara--terminal",
    "kz-bolashak--border",
)


# What is published of 2025; rows of other flows have no year, so that those of 2024 hold.
TEU_2025 = {
    # 18 % less than in 2024 (P2800): 327,803 * 0.82 = 268,798.5 and 52,197 * 0.82 = 42,801.5, rounded half to even
    "china-eu-westbound": 268_798,
    "china-eu-eastbound": 42_802,
    # 25 % more trains (P2803): 283,337 * 1.25 = 354,171.25 and 237,663 * 1.25 = 297,078.75
    "china-central-asia-westbound": 354_171,
    "china-central-asia-eastbound": 297_079,
    # 77,000 TEU (P2801) as 46,374 to 10,126
    "titr-containers-westbound": 63_200,
    "titr-containers-eastbound": 13_800,
    # P2802
    "instc-west-containers": 7_500,
}
TONNES_2025 = {
    # 4.12 Mt after 4.48 Mt (P2801): 1,055,700 and 117,300 t times 0.91964
    "titr-bulk-westbound": 970_867,
    "titr-bulk-eastbound": 107_874,
    # 2.5 Mt (P2806) less 1,560 TEU of 12 t, rounded
    "instc-east-bulk": 2_481_000,
}


def of_year(rows, year):
    """Return the rows that hold in a year."""
    own = {row["id"] for row in rows if row["for_year"] == year}
    return [row for row in rows if row["for_year"] == (year if row["id"] in own else None)]


@pytest.fixture(scope="module")
def demand(network):
    return of_year(network.tables["demand"], 2024)


@pytest.fixture(scope="module")
def demand_2025(network):
    return of_year(network.tables["demand"], 2025)


def sums(rows, column, of="flow"):
    found = Counter()
    for row in rows:
        if row[column] is not None:
            found[row[of]] += row[column]
    return dict(found)


def test_each_flow_adds_up_to_its_total(demand):
    assert sums(demand, "teu_per_year") == TEU
    assert sums(demand, "tonnes_per_year") == TONNES


def test_the_flows_of_2025_add_up_to_their_totals(demand_2025):
    assert sums(demand_2025, "teu_per_year") == TEU | TEU_2025
    assert sums(demand_2025, "tonnes_per_year") == TONNES | TONNES_2025


def test_2025_has_the_rows_of_2024(demand, demand_2025):
    def cells(row):
        return [row[name] for name in ("id", "cargo_class", "modes", "corridor", "value_usd_per_teu", "tonnes_per_teu")]

    assert sorted(map(cells, demand)) == sorted(map(cells, demand_2025))


def test_trans_caspian_containers_of_2025_are_those_of_the_ministry():
    assert sum(TEU_2025[f"titr-containers-{way}bound"] for way in ("west", "east")) == 77_000


def test_the_traffic_of_china_europe_trains_stays_within_their_control_total_in_each_direction():
    west = sum(TEU[f"china-{end}-westbound"] for end in ("eu", "russia", "belarus")) + FROM_CHINA_BY_THE_MIDDLE_CORRIDOR
    east = sum(TEU[f"china-{end}-eastbound"] for end in ("eu", "russia", "belarus"))
    trains = TRAINS_OUT + TRAINS_IN
    assert west <= CONTROL_TEU * TRAINS_OUT / trains
    assert east <= CONTROL_TEU * TRAINS_IN / trains
    # Not far below it either, or a flow would be missing: over nine tenths of the control total are accounted for.
    assert west + east > 0.9 * CONTROL_TEU


def test_central_asia_stays_within_the_control_total_of_its_trains():
    central_asia = TEU["china-central-asia-westbound"] + TEU["china-central-asia-eastbound"]
    assert central_asia <= CONTROL_CENTRAL_ASIA_TEU


def test_demand_between_china_and_the_eu_is_that_of_the_index_and_not_of_all_china_europe_trains(network, demand):
    union = {code for code, row in network.tables["countries"].by_key().items() if row["union"] == "EU"}
    assert "PL" in union
    total = 0
    for row in demand:
        ends = {network.places[row[column]]["country"] for column in ("origin", "destination")}
        if "CN" in ends and ends & union:
            total += row["teu_per_year"]
    assert total == 380_000


def test_westbound_to_the_eu_agrees_with_the_count_at_malaszewicze():
    # 280,000 TEU were counted there in 2024 (P2105), 85 to 90 % of China-EU rail traffic (I155).
    assert 280_000 / 0.90 <= TEU["china-eu-westbound"] <= 280_000 / 0.85


@pytest.mark.parametrize(
    "flow", [f"china-{end}-{way}bound" for end in ("eu", "russia", "belarus") for way in ("west", "east")]
)
def test_chinese_cities_share_a_flow_as_they_share_the_trains(demand, flow):
    rows = [row for row in demand if row["flow"] == flow]
    found = sums(rows, "teu_per_year", of="origin" if flow.endswith("westbound") else "destination")
    assert set(found) == set(CITY_TRAINS)
    ends = len(rows) / len(CITY_TRAINS)
    for city, trains in CITY_TRAINS.items():
        # Each row is rounded to a whole TEU.
        assert found[city] == pytest.approx(TEU[flow] * trains / (TRAINS_OUT + TRAINS_IN), abs=ends), city


def test_russian_exports_start_where_containers_are_loaded_for_export(demand):
    found = sums([row for row in demand if row["flow"] == "china-russia-eastbound"], "teu_per_year", of="origin")
    rest = 672 - sum(EXPORTED.values())
    expected = EXPORTED | {place: rest * part / 75 for place, part in OTHER_EXPORTS.items()}
    assert {place: teu / 1000 for place, teu in found.items()} == pytest.approx(expected, abs=0.1)


def test_countries_of_the_eu_share_as_published_for_the_first_quarter(network, demand):
    west, east = Counter(), Counter()
    for row in demand:
        if row["flow"] == "china-eu-westbound":
            west[network.places[row["destination"]]["country"]] += row["teu_per_year"]
        if row["flow"] == "china-eu-eastbound":
            east[network.places[row["origin"]]["country"]] += row["teu_per_year"]
    assert west["PL"] / west["DE"] == pytest.approx(57_837 / 7_734, rel=1e-3)
    assert east["DE"] / east["PL"] == pytest.approx(9_464 / 3_714, rel=1e-3)
    assert set(west) == {"PL", "DE", "BE", "HU", "NL"}


def test_a_row_is_named_by_its_flow_and_ends_and_no_pair_stands_twice_in_a_flow(demand):
    assert [row["id"] for row in demand] == [f"{row['flow']}--{row['origin']}--{row['destination']}" for row in demand]


def test_flows_have_one_class_one_direction_and_one_corridor(demand):
    kinds = defaultdict(set)
    for row in demand:
        kinds[row["flow"]].add((row["cargo_class"], row["corridor"], row["modes"]))
    assert all(len(found) == 1 for found in kinds.values()), kinds


def test_rail_traffic_is_bound_to_modes_that_do_not_lead_around_the_land_bridges(demand):
    """A row free to go by any mode would leave for the sea where cost decides, and rail was what was counted."""
    assert all(row["modes"] for row in demand)
    assert all("sea" not in row["modes"] or row["corridor"] == "middle" for row in demand)


def test_values_are_those_published_for_trains(network, demand):
    dollars = network.tables["deflators"].by_key()["2022"]["usd_to_2024"]
    # 58 billion USD in 17,000 trains of 2024 (P2133); 7 billion USD of 2022 in 382,058 TEU (P2134).
    europe = 58e9 / (17_000 * CONTROL_TEU / (TRAINS_OUT + TRAINS_IN))
    manzhouli = 7e9 / 382_058 * dollars
    for row in demand:
        if row["cargo_class"] == "block":
            expected = europe if row["flow"].startswith(("china-eu", "titr")) else manzhouli
            assert row["value_usd_per_teu"] == pytest.approx(expected, abs=50), row["id"]


def test_the_value_of_time_follows_its_rule(network, demand):
    rate = float(network.setting("inventory_rate_per_year"))
    for row in demand:
        # Containers: 0.5 % of the value a day (I226); bulk: what the capital costs (I227).
        share_per_h = rate / 8760 if row["cargo_class"] == "bulk" else 0.005 / 24
        expected = row["value_usd_per_teu"] * share_per_h
        assert row["value_of_time_usd_per_teu_h"] == pytest.approx(expected, abs=0.006), row["id"]


@pytest.mark.parametrize("resource", NOT_COUNTED_TWICE)
def test_traffic_that_is_demand_is_no_background_too(network, resource):
    assert network.tables["resources"].by_key()[resource]["background_teu_day"] == 0


def test_each_row_has_a_way_by_its_modes_and_corridor(network, demand):
    """With fewer modes than all there is a way by all modes too."""
    lost = []
    for row in demand:
        # Above 15.24 t for each TEU only 20-foot containers bear the weight.
        feet = 20 if row["tonnes_per_teu"] > 15.24 else 40
        teu = feet / 20
        cargo = Cargo(
            teu=teu,
            tonnes=teu * row["tonnes_per_teu"],
            value_usd=teu * row["value_usd_per_teu"],
            cargo_class=row["cargo_class"],
            container_feet=feet,
        )
        try:
            route(
                network,
                row["origin"],
                row["destination"],
                cargo=cargo,
                modes=row["modes"],
                corridor=row["corridor"],
            )
        except NoRouteError as error:
            lost.append(f"{row['id']}: {error}")
    assert lost == []
