"""The chart of a validation."""

import sys

import pytest

from landbridge.networks import LandbridgeError
from landbridge.routing import validate, write_validation_chart
from tests.support.observed import SOURCES, observation
from tests.support.tiny import link, tiny_network

PNG = b"\x89PNG"

ROWS = [
    observation("H1", 2),
    observation("H2", 3, 4, half="test", kind="demonstration"),
    observation("H3", 8, quantity="cost_usd", container_feet=20, teu=1, usd_year=2024),
]


def validated(folder, rows):
    tables = {"observations": rows, "sources": SOURCES}
    return validate(tiny_network(folder, links=[link("cn-a -- cn-b")], tables=tables))


def test_a_chart_is_written(tmp_path):
    pytest.importorskip("matplotlib")
    path = write_validation_chart(validated(tmp_path / "network", ROWS), tmp_path / "out" / "chart.png")
    assert path.read_bytes().startswith(PNG)
    assert [file.name for file in path.parent.iterdir()] == ["chart.png"]


def test_a_panel_without_rows_says_so_and_svg_is_written(tmp_path):
    pytest.importorskip("matplotlib")
    path = write_validation_chart(validated(tmp_path / "network", ROWS[:1]), tmp_path / "chart.svg")
    assert "<svg" in path.read_text(encoding="utf-8")


def test_without_matplotlib_the_error_names_the_extra(tmp_path, monkeypatch):
    found = validated(tmp_path / "network", ROWS)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LandbridgeError, match=r"pip install 'landbridge\[plot\]'"):
        write_validation_chart(found, tmp_path / "chart.png")
