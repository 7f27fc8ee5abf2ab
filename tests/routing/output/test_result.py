"""Every public answer is a Result: the same methods, each of which does what it says."""

import copy
import csv
import inspect
import io
import json
import pickle
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from landbridge import routing
from landbridge.networks import QueryError, load_network
from landbridge.networks.file_sets import MANIFEST
from landbridge.networks.formats.flow_problem import FlowProblem
from landbridge.routing.output.geopackage import GEOPACKAGE
from landbridge.routing.output.qgis_project import PROJECT
from landbridge.routing.output.result import NetworkResult, Result, ResultList
from landbridge.routing.output.styles import qml
from tests.support.compared import both_ways, closing, sent
from tests.support.flow_networks import demand, two_ways
from tests.support.observed import SOURCES, observation
from tests.support.swept import double
from tests.support.tiny import link, tiny_network
from tests.support.works import OPTIONS, THIRD, WIDE, three_ways

ENDS = ("Altynkol", "Aktau")
RAIL = {"modes": ["rail"]}
META = {"version", "data_set", "reference_date", "options", "scenario"}


def pigou():
    """Return a problem of two roads of which one takes longer with its flow."""
    numbers = {"free_flow_time": [1.0, 1.0], "capacity": [1.0, 1.0], "b": [0.0, 1.0], "power": [1.0, 1.0]}
    ends = {"tail": [0, 0], "head": [1, 1], "origin": [0], "destination": [1], "amount": [1.0]}
    return FlowProblem(nodes=2, name="tiny", **{name: np.array(values) for name, values in (numbers | ends).items()})


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """Return a function that makes the answer of a name, once."""
    network, folder = load_network(), tmp_path_factory.mktemp("networks")

    @cache
    def trips():
        return routing.route(network, *ENDS, k=2, **RAIL)

    @cache
    def assigned():
        return routing.assign(two_ways(folder / "ways"), [demand(), demand(0.0)])

    @cache
    def sums():
        return routing.sweep(double, [{"x": number} for number in range(4)], network=network, workers=0)

    def observed(name):
        tables = {"observations": [observation(), observation("H2", 3, half="test")], "sources": SOURCES}
        return tiny_network(folder / name, links=[link("cn-a -- cn-b")], tables=tables, check=False)

    makers = {
        "Itineraries": trips,
        "Itinerary": lambda: trips()[0],
        "by corridor": lambda: routing.route_by_corridor(network, *ENDS, **RAIL),
        "ParetoFront": lambda: routing.pareto(network, *ENDS, objectives=["time", "cost"], **RAIL),
        "Profile": lambda: routing.profile(network, *ENDS, first="2026-03-01", last="2026-03-03", **RAIL),
        "Reach": lambda: routing.reach(network, "Altynkol", [48, 96], **RAIL),
        "Matrix": lambda: routing.matrix(network, ENDS),
        "Pairs": lambda: routing.matrix(
            network, pairs=[{"origin": ENDS[0], "destination": end} for end in (ENDS[1], "X")]
        ),
        "Comparison": lambda: routing.compare_corridors(network, *ENDS, **RAIL),
        "Assignment": assigned,
        "Bottlenecks": lambda: routing.bottlenecks(assigned().network, assignment=assigned(), closures=1),
        "Thresholds": lambda: routing.thresholds(assigned(), most=1.0),
        "Cut": lambda: routing.min_cut(network, ["CN"], ["KZ"], **RAIL),
        "SailingPlan": lambda: routing.plan_sailings(
            network, {"feeder-aktau-alat": 60}, period_days=7, storm_days=0, time_limit_s=20
        ),
        "EmissionsStatement": lambda: routing.emissions_statement(trips()[0]),
        "ItineraryIndicators": lambda: routing.itinerary_indicators(trips()[0]),
        "Validation": lambda: routing.validate(observed("validate")),
        "Calibration": lambda: routing.calibrate(observed("calibrate")),
        "CrossingEstimate": lambda: routing.estimate_crossings(network, year=2024),
        "Report": lambda: routing.report(network, *ENDS, **RAIL),
        "Drivers": lambda: routing.drivers(network, *ENDS, searches=0, **RAIL),
        "ShipmentSimulation": lambda: routing.simulate(trips()[0], runs=500),
        "NetworkSimulation": lambda: routing.simulate_network(
            assigned().network, [demand(20.0)], days=30, warm_up=10, replications=2, close="hall:2026-01-20..2026-01-22"
        ),
        "Criticality": lambda: routing.criticality(assigned().network, [demand()], kinds="resources"),
        "Investment": lambda: routing.invest(three_ways(folder / "works"), [THIRD, WIDE], budget_usd=3e6, **OPTIONS),
        "ScenarioComparison": lambda: routing.compare(both_ways(folder / "both"), None, closing("MN"), demand=[sent()]),
        "Equilibrium": lambda: routing.equilibrium(pigou()),
        "Sweep": sums,
        "Sensitivity": lambda: routing.sensitivity(sums().to_frame(), ["x"], ["double", "root"], meta=sums().meta),
    }
    return SimpleNamespace(of=cache(lambda name: makers[name]()), names=tuple(makers))


NAMES = (
    "Itineraries",
    "Itinerary",
    "by corridor",
    "ParetoFront",
    "Profile",
    "Reach",
    "Matrix",
    "Pairs",
    "Comparison",
    "Assignment",
    "Bottlenecks",
    "Thresholds",
    "Cut",
    "SailingPlan",
    "EmissionsStatement",
    "ItineraryIndicators",
    "Validation",
    "Calibration",
    "CrossingEstimate",
    "Report",
    "Drivers",
    "ShipmentSimulation",
    "NetworkSimulation",
    "Criticality",
    "Investment",
    "ScenarioComparison",
    "Equilibrium",
    "Sweep",
    "Sensitivity",
)
DRAWN = {
    "Itineraries",
    "Itinerary",
    "by corridor",
    "ParetoFront",
    "Reach",
    "Comparison",
    "Assignment",
    "Bottlenecks",
    "Report",
    "ShipmentSimulation",
    "NetworkSimulation",
    "Criticality",
    "Investment",
    "ScenarioComparison",
}
"""Those with geometry."""


def test_every_public_answer_is_tried_here(answer):
    classes = [found for name in routing.__all__ if inspect.isclass(found := getattr(routing, name))]
    results = {found.__name__ for found in classes if issubclass(found, Result)}
    assert results == set(NAMES) - {"by corridor"}
    assert answer.names == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_a_result_of_its_name_and_leaves_as_json(answer, name):
    found = answer.of(name)
    assert isinstance(found, Result)
    assert type(found).__name__ == ("Itineraries" if name == "by corridor" else name)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))


def spoil(part):
    """Empty a document, and all that is in it."""
    for item in part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ():
        spoil(item)
    if isinstance(part, dict | list):
        part.clear()


@pytest.mark.parametrize("name", NAMES)
def test_a_document_that_is_changed_changes_no_answer(answer, name):
    found = answer.of(name)
    before, first = json.dumps(found.to_dict()), found.to_csv()
    spoil(found.to_dict())
    for table in found.tables():
        spoil(list(table.rows()))
    assert json.dumps(found.to_dict()) == before
    assert found.to_csv() == first


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_says_what_it_is_an_answer_to(answer, name):
    meta = answer.of(name).meta
    assert meta.keys() == META
    assert meta["scenario"] == ("base -> closed-mn" if name == "ScenarioComparison" else None)
    assert meta["version"]
    assert meta["data_set"]["name"] in {"landbridge corridors", "tiny"}
    assert json.loads(json.dumps(meta, allow_nan=False)) == meta


@pytest.mark.parametrize("name", NAMES)
def test_each_table_is_a_frame_and_csv_of_scalars(answer, name):
    found = answer.of(name)
    assert found.tables()
    for table in found.tables():
        frame = found.to_frame(table.name)
        rows = list(csv.DictReader(io.StringIO(found.to_csv(table=table.name))))
        assert isinstance(frame, pd.DataFrame)
        assert len(frame) == len(rows) == len(list(table.rows()))
        assert list(frame.columns) == (list(rows[0]) if rows else list(table.columns or ()))
        for row in table.rows():
            assert all(isinstance(cell, str | int | float | None) for cell in row.values()), (table.name, row)
    assert found.to_frame().equals(found.to_frame(found.tables()[0].name))


@pytest.mark.parametrize("name", NAMES)
def test_csv_is_written_with_what_it_says_about_itself_beside(answer, name, tmp_path):
    found = answer.of(name)
    path = found.to_csv(tmp_path / "a.csv")
    assert path.read_text(encoding="utf-8") == found.to_csv()
    assert json.loads((tmp_path / "a.csv.meta.json").read_text(encoding="utf-8")) == found.meta
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", NAMES)
def test_what_has_geometry_is_a_geodataframe_and_geojson_and_the_rest_says_that_it_has_none(answer, name, tmp_path):
    found = answer.of(name)
    if name not in DRAWN:
        assert list(found.layers()) == []
        for ask in (found.to_geodataframe, lambda: found.to_geojson(tmp_path / "a.geojson")):
            with pytest.raises(QueryError, match=rf"^{type(found).__name__} has no geometry; take `to_frame`$"):
                ask()
        assert list(tmp_path.iterdir()) == []
        return
    for layer in found.layers():
        frame = found.to_geodataframe(layer.name)
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs == "EPSG:4326"
        path = found.to_geojson(tmp_path / f"{layer.name}.geojson", layer.name)
        assert len(json.loads(path.read_text(encoding="utf-8"))["features"]) == len(frame)
        assert path.with_suffix(".qml").read_text(encoding="utf-8") == qml(layer.style(), layer.geometry)
    first = found.to_geojson(tmp_path / "first.geojson").read_bytes()
    assert first == (tmp_path / f"{found.layers()[0].name}.geojson").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_holds_all_layers_and_tables_and_a_manifest_with_meta(answer, name, tmp_path):
    found = answer.of(name)
    written = found.write(tmp_path / "out")
    layers, tables = ([part.name for part in parts] for parts in (found.layers(), found.tables()))
    maps = [*(f"{x}.geojson" for x in layers), GEOPACKAGE, PROJECT] if layers else []
    assert [path.name for path in written] == maps + [f"{x}.csv" for x in tables]
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["meta"] == found.meta
    assert manifest["command"] == f"{type(found).__name__}.write"
    listed = {item["name"] for item in manifest["files"]}
    assert listed == {path.name for path in written} | {f"{layer}.qml" for layer in layers}
    assert {path.name for path in (tmp_path / "out").iterdir()} == listed | {MANIFEST}


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_with_a_file_of_the_user_of_that_name_is_refused(answer, name, tmp_path):
    found = answer.of(name)
    own = tmp_path / f"{found.tables()[-1].name}.csv"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(QueryError, match=own.name):
        found.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [own.name]
    assert own.read_text() == "mine"


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_a_figure_with_a_title_and_the_source_of_its_data(answer, name):
    pytest.importorskip("matplotlib")
    found = answer.of(name)
    figure = found.plot()
    assert figure.axes
    assert any(axes.has_data() or axes.texts for axes in figure.axes)
    title, *_, foot = [text.get_text() for text in figure.texts]
    assert title
    # In lines as long as the figure is wide.
    words = " ".join(foot.split())
    data, version, date = found.meta["data_set"], found.meta["version"], found.meta["reference_date"]
    if name == "Equilibrium":  # of arrays, which have neither version nor date
        assert f"Source: landbridge {version}, data set tiny, model output" in words
    else:
        assert f"Source: landbridge {version}, data set {data['name']} {data['version']}" in words
        assert f"(reference date {date})" in words


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_chart_leaves_it(answer, name):
    pytest.importorskip("matplotlib")
    figure = answer.of(name).plot()
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox(figure.canvas.get_renderer())
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01


def test_a_result_without_a_chart_says_so():
    class Bare(Result):
        def to_dict(self):
            return {}

    with pytest.raises(QueryError, match=r"^Bare has no chart yet"):
        Bare().plot()


def test_the_ending_of_another_format_is_refused(answer, tmp_path):
    found = answer.of("Matrix")
    with pytest.raises(QueryError, match=r"is no Parquet file; use a name with \.parquet"):
        found.to_parquet(tmp_path / "a.csv")
    with pytest.raises(QueryError, match=r"is no Excel workbook; use a name with \.xlsx"):
        found.to_excel(tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_has_each_table_with_its_rows_and_says_where_it_comes_from(answer, name, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    found = answer.of(name)
    book = openpyxl.load_workbook(found.to_excel(tmp_path / "a.xlsx"))
    assert book.sheetnames == [*(table.name for table in found.tables()), "columns", "metadata"]
    for table in found.tables():
        sheet, frame = book[table.name], found.to_frame(table.name)
        header = [cell.value for cell in sheet[1]]
        assert [column for column in header if column in frame.columns] == list(frame.columns)
        assert sheet.max_row == 1 + len(frame)
        for column in frame.columns:
            if pd.api.types.is_numeric_dtype(frame[column]) and frame[column].notna().all():
                cells = [row[header.index(column)].value for row in sheet.iter_rows(min_row=2)]
                assert cells == pytest.approx(list(frame[column]), rel=1e-12)
    told = dict(book["metadata"].iter_rows(min_row=2, values_only=True))
    assert told["version"] == found.meta["version"]
    assert told["data_set.name"] == found.meta["data_set"]["name"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_the_repr_is_short_and_a_notebook_shows_a_table_with_all_escaped(answer, name):
    found = answer.of(name)
    assert repr(found).startswith(f"<{type(found).__name__}")
    assert max(map(len, repr(found).splitlines())) < 200
    text = found._repr_html_()
    assert f"&lt;{type(found).__name__}" in text
    assert f"<{type(found).__name__}" not in text
    assert "<table>" in text or "<p>none</p>" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_answer_is_the_same_and_does_not_carry_the_network(answer, name):
    found = answer.of(name)
    stored = pickle.dumps(found)
    again = pickle.loads(stored)  # noqa: S301 - dumped just now
    assert again.to_dict() == found.to_dict()
    assert again.meta == found.meta
    assert repr(again) == repr(found)
    assert again.to_csv() == found.to_csv()
    # The bundled network takes some 20 MB.
    assert len(stored) < 300_000


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_answer_equals_its_original_and_no_other(answer, name):
    found = answer.of(name)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    assert again == found
    assert found != "text"
    if name in {"Assignment", "Bottlenecks", "Matrix"}:
        assert hash(again) == hash(found)


def test_answers_with_other_numbers_differ(answer):
    found = {name: answer.of(name) for name in ("Assignment", "Bottlenecks", "Matrix")}
    flow = found["Assignment"].flow
    assert found["Assignment"] != replace(found["Assignment"], flow=replace(flow, flow=flow.flow * 2))
    assert found["Bottlenecks"] != replace(found["Bottlenecks"], closed_for_days=1.0)
    assert found["Matrix"] != replace(found["Matrix"], cost_usd=found["Matrix"].cost_usd * 2)
    assert found["Matrix"] != replace(found["Matrix"], objective="cost")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_there_is_named_with_what_is(answer, name):
    found = answer.of(name)
    tables = ", ".join(table.name for table in found.tables())
    with pytest.raises(QueryError, match=f"has no table 'joy'; give one of {tables}$"):
        found.to_frame("joy")
    if name in DRAWN:
        with pytest.raises(QueryError, match="has no layer 'joy'; give one of "):
            found.to_geodataframe("joy")


# ---- lists


@pytest.mark.parametrize("name", ["Itineraries", "Thresholds"])
def test_a_list_of_answers_is_used_as_a_list(answer, name):
    found = answer.of(name)
    items = list(found)
    assert isinstance(found, ResultList)
    assert len(found) == len(items) >= 1
    assert (found[0], found[-1]) == (items[0], items[-1])
    assert found == items == found
    assert found == tuple(items)
    assert found != items[1:]
    assert found != "text"
    assert hash(found) == hash(found[:])
    assert items[0] in found
    assert found.index(items[-1]) == len(items) - 1
    assert type(found[:1]) is type(found)
    assert (list(found[:1]), found[:1].meta) == (items[:1], found.meta)
    assert sorted(found, key=id) == sorted(items, key=id)
    with pytest.raises(IndexError):
        found[len(items)]


# ---- answers on a network


@pytest.mark.parametrize("name", ["Itinerary", "Assignment"])
def test_a_stored_answer_gets_its_network_back(answer, name, tmp_path):
    found = answer.of(name)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    assert isinstance(found, NetworkResult)
    with pytest.raises(QueryError, match=rf"this {name} was stored without its network; .*with_network"):
        _ = again.network
    with pytest.raises(QueryError, match="network is 5 and must be Network"):
        again.with_network(5)
    whole = again.with_network(found.network)
    assert whole.network is found.network
    assert (
        whole.to_geojson(tmp_path / "b.geojson").read_bytes() == found.to_geojson(tmp_path / "a.geojson").read_bytes()
    )
    other = tiny_network(
        tmp_path / "other", links=[link("cn-a -- cn-b")], tables={"dataset": [{"key": "name", "value": "x"}]}
    )
    with pytest.raises(QueryError, match="give the same"):
        again.with_network(other)


def test_a_stored_assignment_is_analysed_as_its_original_when_it_has_its_network(answer):
    found = answer.of("Assignment")
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    with pytest.raises(QueryError, match="this Assignment was stored without its network; attach it with"):
        routing.thresholds(again)
    whole = again.with_network(found.network)
    options = {"closures": 1, "check": 1}
    assert routing.bottlenecks(found.network, assignment=whole, **options) == routing.bottlenecks(
        found.network, assignment=found, **options
    )
    assert routing.thresholds(whole, most=1.0) == answer.of("Thresholds")
    assert [item for _, item in whole.itineraries(0)] == [item for _, item in found.itineraries(0)]
    assert len(pickle.dumps(whole)) < 300_000


def test_stored_bottlenecks_get_their_network_back(answer):
    found = answer.of("Bottlenecks")
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - dumped just now
    with pytest.raises(QueryError, match="stored without its network"):
        again.to_geodataframe()
    whole = again.with_network(found.assignment.network)
    assert whole.to_geodataframe("bottleneck-lines").equals(found.to_geodataframe("bottleneck-lines"))


@pytest.mark.parametrize("name", ["Itinerary", "Assignment"])
def test_a_copy_is_the_answer_itself(answer, name):
    found = answer.of(name)
    assert copy.copy(found) is found
    assert copy.deepcopy([found])[0] is found
