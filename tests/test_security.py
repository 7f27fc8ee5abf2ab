"""What landbridge never does, whatever it reads: run code, reach the network, or let a name become markup or a path."""

import ast
import csv
import re
import socket
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest

from landbridge.networks import read_network, write_gmns, write_network
from landbridge.routing import (
    assign,
    bottlenecks,
    drivers,
    emissions_statement,
    itinerary_indicators,
    matrix,
    pareto,
    reach,
    report,
    route,
    statement_markdown,
    write_statements,
)
from landbridge.routing.cli import main
from landbridge.routing.output.table_files import is_formula
from landbridge.routing.statements.indicators_report import indicators_csv, indicators_markdown
from tests.support.tiny import link, place, service, tiny_network

ROOT = Path(__file__).parent.parent
SHIPPED = ("data", "networks", "routing", "landbridge", "qgis")
CODE = sorted(path for folder in (*SHIPPED, "benchmarks", "docs", "examples") for path in (ROOT / folder).rglob("*.py"))

NEVER_CALLED = re.compile(
    r"eval|exec|__import__|(.+\.)?(os\.(system|popen|exec\w+|spawn\w+)|mktemp|marshal\.\w+|shelve\.\w+|dill\.\w+"
    r"|yaml\.(load|load_all|unsafe_load|full_load)|read_pickle|joblib\.load)"
)
OWN_PAGES = {"runs.py", "studies.py"}
"""Scripts that run the code and the questions of our own documentation."""

NEVER_IMPORTED = {"dill", "ftplib", "http", "lxml", "marshal", "shelve", "smtplib", "telnetlib", "xml", "xmlrpc"}
"""Among them all parsers of XML: osmium, which declares no entities, reads that of OpenStreetMap."""

ALLOWED = {
    "networks/geodata/osm/overpass.py": {
        "requests"
    },  # errors of osmnx, which asks Overpass; nothing else asks a server
    "qgis/landbridge/answers.py": {"xml"},  # a project that the program wrote a moment ago
    "routing/itineraries/itinerary.py": {"pickle"},  # a part of a pickle, which is trusted where it is loaded
    "routing/studies/comparison/scenario_comparison.py": {"pickle"},  # likewise
    "routing/search/compilation.py": {"pickle"},  # machine code in the cache of the user
    "routing/studies/sweeps/function_source.py": {"pickle"},  # writes, and reads none
    "routing/studies/sweeps/worker_pool.py": {"pickle"},  # between a process and those that it started
    "routing/studies/sweeps/network_reference.py": {"socket"},  # the name of this machine
}
ONLY_WHERE_ALLOWED = {"pickle", "cloudpickle", "socket", "requests", "urllib3", "httpx", "aiohttp", "xml"}


def calls_of(path):
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def modules_of(path):
    """Return the top-level modules that a file imports; of urllib the one that reads."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {"urllib.request" if name == "urllib.request" else name.partition(".")[0] for name in names}
    return found


def test_there_is_code_to_look_at():
    assert {path.relative_to(ROOT).parts[0] for path in CODE} >= {*SHIPPED, "docs", "examples", "benchmarks"} - {"data"}
    assert NEVER_CALLED.fullmatch("np.os.system")
    assert NEVER_CALLED.fullmatch("tempfile.mktemp")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_code_is_made_of_text_and_no_shell_is_started(path):
    for call in calls_of(path):
        name = ast.unparse(call.func)
        options = {option.arg: ast.unparse(option.value) for option in call.keywords}
        allowed = path.name in OWN_PAGES and name in {"eval", "exec"}
        assert allowed or NEVER_CALLED.fullmatch(name) is None, f"{path}:{call.lineno}: {name}"
        assert options.get("shell", "False") == "False", f"{path}:{call.lineno}: a shell"
        assert options.get("allow_pickle", "False") == "False", f"{path}:{call.lineno}: pickles in arrays"


@pytest.mark.parametrize(
    "path",
    [path for path in CODE if path.relative_to(ROOT).parts[0] in SHIPPED],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_loads_code_or_reaches_the_network_is_imported_only_where_it_is_allowed(path):
    name = path.relative_to(ROOT).as_posix()
    risky = modules_of(path) & {*NEVER_IMPORTED, *ONLY_WHERE_ALLOWED, "urllib.request"}
    assert risky == ALLOWED.get(name, set())


def test_a_test_reaches_no_network_but_this_machine():
    with pytest.raises(RuntimeError, match="tests use no network"):
        socket.getaddrinfo("example.org", 80)
    with socket.socket() as other, pytest.raises(RuntimeError, match="tests use no network"):
        other.connect(("192.0.2.1", 80))
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_a_program_that_a_test_starts_reaches_no_network_either():
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NetworkUsedError" in done.stderr


NAMES = (
    "=1+1",
    "</script><img src=x onerror=alert(1)>",
    "'); DROP TABLE layer_styles; --",
    "a \"quoted\" & 'single' name",
    "[red]bold[/red] [link](javascript:x)",
    "$x$ ${y} {{script}} %s {0}",
    "a|b `c` \\",
    "-",
    "@SUM(A1)",
)
PLACES = tuple(f"kz-p{number}" for number in range(len(NAMES)))
CORRIDOR = "../\"'<b>=$x$[red]"
SERVICE = "=it's\"<b>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a network whose names, and ids as far as they may, try to become anything but text."""
    ends = pairwise(PLACES)
    return tiny_network(
        tmp_path_factory.mktemp("hostile") / "network",
        links=[link(f"{one} -- {other}", service=SERVICE) for one, other in ends],
        services=[service(SERVICE)],
        places=[place(each, name=name, aliases=(name,)) for each, name in zip(PLACES, NAMES, strict=True)],
        tables={
            "corridors": [{"id": CORRIDOR, "name": NAMES[1], "priority": 1, "require": "KZ"}],
            "sources": [{"id": "A1", "kind": "assumption", "title": NAMES[1], "year": 2024}],
            "demand": [{"id": "=d", "origin": PLACES[0], "destination": PLACES[-1], "teu_per_year": 3650}],
            "resources": [{"id": NAMES[5].replace(" ", "_"), "name": NAMES[2], "capacity": 5}],
        },
    )


ANSWERS = {
    "route": lambda network: route(network, PLACES[0], PLACES[-1]),
    "pareto": lambda network: pareto(network, PLACES[0], PLACES[-1]),
    "matrix": lambda network: matrix(network, PLACES[:2], PLACES[-2:]),
    "reach": lambda network: reach(network, PLACES[0], 100),
    "assign": assign,
    "bottlenecks": bottlenecks,
    "drivers": lambda network: drivers(network, PLACES[0], PLACES[-1]),
}


def best(network):
    return route(network, PLACES[0], PLACES[-1])[0]


@pytest.fixture(scope="module", params=ANSWERS)
def answer(request, hostile):
    """Return an answer on the hostile network."""
    return ANSWERS[request.param](hostile)


class Elements(HTMLParser):
    """The elements of a page, with their texts."""

    def __init__(self, page):
        super().__init__()
        self.names, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


def written(network, path):
    write_network(network, path, file_format="gpkg" if path.suffix else "csv")
    return path


def cells(text):
    return [cell for row in list(csv.reader(text.splitlines()))[1:] for cell in row]


def test_all_files_of_an_answer_show_names_as_text(answer, tmp_path):
    answer.write(tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        if path.suffix == ".csv":
            assert not [cell for cell in cells(path.read_text(encoding="utf-8")) if is_formula(cell)]
        elif path.suffix == ".qml":
            ET.parse(path)
        elif path.suffix == ".qgz":
            with zipfile.ZipFile(path) as archive:
                ET.fromstring(archive.read("landbridge.qgs"))
        elif path.suffix == ".gpkg":
            layers = {name for name, _ in pyogrio.list_layers(path)}
            assert layers >= {"land", "layer_styles", *(layer.name for layer in answer.layers())}
            for style in pyogrio.read_dataframe(path, layer="layer_styles")["styleQML"]:
                ET.fromstring(style)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "out"}


def test_a_notebook_and_a_workbook_show_names_as_text(answer, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    assert not {"img", "script"} & {*Elements(answer._repr_html_()).names}
    book = openpyxl.load_workbook(answer.to_excel(tmp_path / "answer.xlsx"))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert found
    assert not [cell for cell in found if cell.data_type == "f"]


def test_names_in_csv_are_whole_behind_the_apostrophe(hostile):
    frame = route(hostile, PLACES[0], PLACES[-1]).to_csv(table="legs")
    assert f"'{SERVICE}" in cells(frame)


def test_a_chart_shows_names_as_they_are(hostile, tmp_path):
    pytest.importorskip("matplotlib")
    code = main.run(
        [
            *("route", PLACES[0], PLACES[-1], "--network", str(written(hostile, tmp_path / "n.gpkg"))),
            *("--chart", str(tmp_path / "chart.svg")),
        ]
    )
    assert code == 0
    tags = {element.tag.rpartition("}")[2] for element in ET.parse(tmp_path / "chart.svg").iter()}
    assert not {"script", "image", "a"} & tags


def test_the_page_of_a_report_holds_its_own_two_scripts_and_no_image(hostile, tmp_path):
    page = tmp_path / "report.html"
    page = report(hostile, PLACES[0], PLACES[-1]).to_html(page)
    found = Elements(page.read_text(encoding="utf-8"))
    assert found.names.count("script") == 2
    assert "img" not in found.names
    assert any("</script" not in text and "u003cimg" in text for text in found.texts)


def test_markdown_shows_names_as_text_in_the_cells_of_their_columns(hostile):
    indicators = itinerary_indicators(best(hostile))
    for text in (statement_markdown(emissions_statement(best(hostile))), indicators_markdown([indicators])):
        for line in text.splitlines():
            assert re.search(r"(?<!\\)(<[a-z/]|\[red|\[link)", line) is None, line
        tables = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
        assert tables
        for table in tables:
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert not [cell for cell in cells(indicators_csv([indicators])) if is_formula(cell)]


def test_a_statement_stays_in_its_folder(hostile, tmp_path):
    written = write_statements(emissions_statement(best(hostile)), tmp_path / "out")
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "out"}
    assert {path.name[:10] for path in written} == {"emissions-"}


def test_the_terminal_shows_brackets_as_they_are(hostile, tmp_path, capsys):
    write_network(hostile, tmp_path / "network")
    assert main.run(["places", "kz-p4", "--network", str(tmp_path / "network")]) == 0
    assert "[red]bold[/red]" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["csv", "n.gpkg"])
def test_a_network_is_read_back_with_each_name_as_it_was(hostile, tmp_path, name):
    again = read_network(written(hostile, tmp_path / name))
    assert [row["name"] for row in again.places.values()] == [row["name"] for row in hostile.places.values()]
    assert again.tables["corridors"].rows == hostile.tables["corridors"].rows
    assert {SERVICE} <= {*again.services}


def test_gmns_files_stay_in_their_folder(hostile, tmp_path):
    write_gmns(hostile, tmp_path / "gmns")
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {tmp_path / "gmns"}
