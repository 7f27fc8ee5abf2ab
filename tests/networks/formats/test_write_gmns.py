"""Writing in GMNS: fields of the specification, and the same network or problem when it is read again."""

import csv
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.networks import FlowProblem, QueryError, load_network, read_gmns, read_gmns_problem, write_gmns
from landbridge.networks.formats.read_gmns import network_of_gmns
from landbridge.networks.times.durations import link_duration
from tests.support.tiny import link, place, service, tiny_network

FIELDS = {
    "node": "node_id name x_coord y_coord z_coord node_type ctrl_type zone_id parent_node_id",
    "link": "link_id name from_node_id to_node_id directed geometry_id geometry parent_link_id dir_flag length grade"
    " facility_type capacity free_speed lanes bike_facility ped_facility parking allowed_uses toll jurisdiction"
    " row_width",
    "config": "dataset_name short_length long_length speed crs geometry_field_format currency version_number id_type",
    "zone": "zone_id name boundary super_zone",
    "use_definition": "use persons_per_vehicle pce special_conditions description",
    "use_group": "use_group uses description",
}
"""Fields of the specification 0.96 by file."""

OWN = {
    "node": "landbridge_id country modes unlocode neutral",
    "link": "landbridge_id gauge regime service countries passage bridge season_from season_to",
}
REQUIRED = {
    "node": ("node_id", "x_coord", "y_coord"),
    "link": ("link_id", "from_node_id", "to_node_id", "directed"),
    "zone": ("zone_id",),
    "use_definition": ("use", "persons_per_vehicle", "pce"),
    "use_group": ("use_group", "uses"),
}


def rows_of(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(network, links=None):
    """Return ends, mode, service, track, length and mean time of each link by id."""
    spreads = network.tables["spreads"].by_key()
    return {
        row["id"]: (
            *(row[name] for name in ("from", "to", "both_ways", "mode", "gauge", "regime", "passage")),
            pytest.approx(km, rel=1e-12),
            pytest.approx(link_duration(row, network.services[row["service"]], km, spreads).time.mean_h, rel=1e-12),
        )
        for row, km in zip(network.links, network.link_lengths_km, strict=True)
        if links is None or row["id"] in links
    }


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gmns")
    write_gmns(load_network(), folder / "g")
    return folder / "g"


@pytest.fixture(scope="module")
def again(bundled):
    return network_of_gmns(bundled)


def test_the_bundled_network_has_the_same_topology_lengths_and_times_when_read_again(again):
    first = load_network()
    today = first.reference_date
    open_now = {row["id"] for row in first.links if (row["valid_from"] or today) <= today <= (row["valid_to"] or today)}
    assert facts(again.network) == facts(first, open_now)
    assert again.left_out == {}
    assert {row["service"] for row in again.network.links} <= {row["service"] for row in first.links}
    for key, row in again.network.places.items():
        before = first.places[key]
        assert (row["name"], row["lon"], row["lat"], row["country"], row["kind"]) == tuple(
            before[name] for name in ("name", "lon", "lat", "country", "kind")
        )


def test_lines_of_links_are_kept_to_the_metre(again):
    first = load_network()
    before = {row["id"]: row for row in first.links}
    for row in again.network.links[::50]:
        line, other = first.geometry(before[row["id"]]), again.network.geometry(row)
        assert line.geom_type == other.geom_type
        assert line.hausdorff_distance(other) < 2e-5


def test_a_line_across_180_degrees_is_one_line_in_the_file_and_split_again(bundled, again):
    first, second = load_network(), again.network
    across = [row for row in second.links if second.geometry(row).geom_type == "MultiLineString"]
    assert across
    assert all("MULTI" not in row["geometry"] for row in rows_of(bundled, "link"))
    before = {row["id"]: row for row in first.links}
    for row in across:
        assert first.geometry(before[row["id"]]).hausdorff_distance(second.geometry(row)) < 2e-5


@pytest.mark.parametrize("name", FIELDS)
def test_columns_are_fields_of_the_specification_or_ours(bundled, name):
    rows = rows_of(bundled, name)
    assert {*rows[0]} <= {*FIELDS[name].split(), *OWN.get(name, "").split()}
    assert all(row[column] for row in rows for column in REQUIRED.get(name, ()))


def test_values_are_within_the_limits_of_the_specification(bundled):
    links = rows_of(bundled, "link")
    assert all(0 < float(row["free_speed"]) <= 200 for row in links)
    assert all(float(row["capacity"]) > 0 for row in links if row["capacity"])
    assert {row["directed"] for row in links} == {"true"}
    nodes = {row["node_id"] for row in rows_of(bundled, "node")}
    assert {row[end] for row in links for end in ("from_node_id", "to_node_id")} <= nodes
    groups = {row["use_group"]: row["uses"] for row in rows_of(bundled, "use_group")}
    assert {row["allowed_uses"] for row in links} == {*groups}
    assert {*groups.values()} == {row["use"] for row in rows_of(bundled, "use_definition")}
    zones = {row["zone_id"] for row in rows_of(bundled, "zone")}
    assert {row["zone_id"] for row in rows_of(bundled, "node")} == zones | {""}
    assert len(rows_of(bundled, "config")) == 1


def test_each_direction_is_a_link_and_what_is_not_open_is_left_out(tmp_path):
    links = [
        link("cn-a -- cn-b", length_km=150),
        link("cn-b -> kz-c", "road"),
        link("kz-c -> cn-b", "road", length_km=200),
        link("cn-b -- cn-d", valid_from="2030-01-01"),
    ]
    write_gmns(tiny_network(tmp_path / "in", links=links), tmp_path / "g")
    written = rows_of(tmp_path / "g", "link")
    names = ("from_node_id", "to_node_id", "length", "free_speed")
    # a, b and c are 1, 2 and 3: every service runs at 50 km/h.
    assert [[float(row[name]) for name in names] for row in written] == [
        [1, 2, 150, 50],
        [2, 1, 150, 50],
        [2, 3, 100, 50],
        [3, 2, 200, 50],
    ]
    assert [row["landbridge_id"] for row in rows_of(tmp_path / "g", "node")] == ["cn-a", "cn-b", "kz-c"]


def test_capacities_are_vehicles_per_hour(tmp_path):
    services = [service("slow", vehicle="train", vehicle_teu=50, capacity_teu_day=2400)]
    tables = {"resources": [{"id": "line", "capacity": 36, "capacity_unit": "trains/day"}]}
    links = [link("cn-a -- cn-b", service="slow"), link("cn-b -- cn-c", service="slow", resource="line")]
    write_gmns(tiny_network(tmp_path / "in", links=links, services=services, tables=tables), tmp_path / "g")
    # 2,400 TEU / 50 TEU / 24 h = 2 trains per hour; 36 trains / 24 h = 1.5.
    assert [row["capacity"] for row in rows_of(tmp_path / "g", "link")] == ["2.0", "2.0", "1.5", "1.5"]


def test_a_terminal_keeps_its_city(tmp_path):
    places = [place("cn-city", kind="city", modes=""), place("cn-a", kind="terminal", parent="cn-city")]
    network = tiny_network(tmp_path / "in", links=[link("cn-a -- cn-b")], places=places)
    write_gmns(network, tmp_path / "g")
    assert read_gmns(tmp_path / "g").places["cn-a"]["parent"] == "cn-city"


ENDS = st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")).filter(lambda ends: ends[0] != ends[1])


@settings(max_examples=8)
@given(
    drawn=st.dictionaries(
        st.tuples(ENDS, st.sampled_from(["rail", "road"])), st.floats(30, 900), min_size=1, max_size=6
    )
)
def test_any_network_is_the_same_when_read_again(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("any")
    # Without pairs there and back, which would be the same link twice.
    kept = {(min(ends), max(ends), mode): km for (ends, mode), km in drawn.items()}
    cells = [
        link(f"cn-{start} -- cn-{end}", mode, length_km=round(km, 3), id=f"{start}-{end}-{mode}", service=f"{mode}-cn")
        for (start, end, mode), km in kept.items()
    ]
    # One ring holds all parts together.
    cells += [link(f"cn-{start} -- cn-{end}", "road", id=f"ring-{start}") for start, end in ("ax", "bx", "cx", "dx")]
    services = [service("rail-cn"), service("road-cn", "road")]
    network = tiny_network(folder / "in", links=cells, services=services)
    write_gmns(network, folder / "g")
    assert facts(read_gmns(folder / "g")) == facts(network)


# ---- problems


def problem(seed=1, **changed):
    """Return a random problem of 30 nodes, of which 5 are no through nodes."""
    rng = np.random.default_rng(seed)
    ends = rng.permutation(30 * 29)[:120]
    tail, head = ends // 29, ends % 29
    head = head + (head >= tail)
    arrays = {
        "nodes": 30,
        "tail": tail,
        "head": head,
        "free_flow_time": rng.uniform(0, 5, 120),
        "capacity": rng.uniform(1, 9, 120),
        "b": rng.choice([0, 0.15, 1], 120),
        "power": rng.uniform(1, 8, 120),
        "origin": np.array([0, 1, 2]),
        "destination": np.array([3, 4, 0]),
        "amount": rng.uniform(1, 99, 3),
        "fixed_cost": rng.uniform(0, 2, 120),
        "length": rng.uniform(0, 40, 120),
        "first_through_node": 5,
        "name": "random",
    }
    return FlowProblem(**arrays | changed)


@pytest.mark.parametrize("first_through_node", [0, 5])
def test_a_problem_is_the_same_to_the_last_digit_when_read_again(tmp_path, first_through_node):
    first = problem(first_through_node=first_through_node)
    write_gmns(first, tmp_path)
    again = read_gmns_problem(tmp_path)
    for field in fields(FlowProblem):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name)), field.name


@pytest.mark.parametrize("name", ["", "nan", "Braess"])
def test_a_problem_keeps_its_name(tmp_path, name):
    write_gmns(problem(name=name), tmp_path)
    assert read_gmns_problem(tmp_path).name == name


def test_a_link_without_length_has_no_speed(tmp_path):
    """A speed of 0 would say that it is shut."""
    tiny = tiny_network(tmp_path / "tiny", links=[link("cn-a -- cn-b", length_km=0, mean_h=1), link("cn-b -- cn-c")])
    write_gmns(tiny, tmp_path / "gmns")
    assert [row["free_speed"] for row in rows_of(tmp_path / "gmns", "link")][:2] == ["", ""]


def test_a_problem_has_the_columns_and_files_of_path4gmns(tmp_path):
    files = write_gmns(problem(), tmp_path)
    names = ["config.csv", "demand.csv", "link.csv", "node.csv", "settings.yml", "use_definition.csv", "zone.csv"]
    assert [file.name for file in files] == names
    link_row = rows_of(tmp_path, "link")[0]
    extra = {"VDF_alpha1", "VDF_beta1", "VDF_cap1", "VDF_fftt1", "fixed_cost"}
    assert {*link_row} <= {*FIELDS["link"].split(), *extra}
    assert link_row["toll"] == link_row["fixed_cost"]
    assert {*rows_of(tmp_path, "demand")[0]} == {"o_zone_id", "d_zone_id", "volume"}
    zones = {row["zone_id"] for row in rows_of(tmp_path, "zone")}
    assert zones == {"1", "2", "3", "4", "5"}
    assert [row["node_type"] for row in rows_of(tmp_path, "node")] == ["centroid"] * 5 + [""] * 25


def test_nodes_of_a_problem_are_in_different_places(tmp_path):
    write_gmns(problem(), tmp_path)
    assert len({(row["x_coord"], row["y_coord"]) for row in rows_of(tmp_path, "node")}) == 30


def test_a_file_of_somebody_else_is_not_replaced(tmp_path):
    (tmp_path / "node.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match=r"node.csv exists and is not listed"):
        write_gmns(problem(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["node.csv"]


def test_files_of_another_problem_or_network_are_replaced_with_a_warning(tmp_path, caplog):
    folder = tmp_path / "out"
    for _ in range(2):
        write_gmns(problem(), folder)
    assert not caplog.records
    write_gmns(problem(name="other"), folder)
    assert (
        f"{folder} contained the problem random, whose files were replaced by those of the problem other" in caplog.text
    )
    caplog.clear()
    network = tiny_network(tmp_path / "in", links=[link("cn-a -- cn-b")])
    write_gmns(network, folder)
    assert "contained the problem other, whose files were replaced by those of the network " in caplog.text
    assert not (folder / "demand.csv").exists()
    caplog.clear()
    write_gmns(network, folder)
    assert not caplog.records
