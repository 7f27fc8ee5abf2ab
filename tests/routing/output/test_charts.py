"""Charts: figures without a display, files by their suffix."""

import sys

import pytest

from landbridge.networks import LandbridgeError, QueryError
from landbridge.routing.output.charts import chart_named, new_figure, save_chart


def test_a_figure_is_written_by_its_suffix_and_nothing_else(tmp_path):
    pytest.importorskip("matplotlib")
    for suffix, start in ((".png", b"\x89PNG"), (".SVG", b"<?xml"), (".pdf", b"%PDF")):
        path = save_chart(new_figure(figsize=(2, 1)), tmp_path / f"chart{suffix}")
        assert path.read_bytes().startswith(start)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["chart", "chart.doc", ".png"])
def test_another_name_is_refused(name):
    with pytest.raises(QueryError, match=r"name with \.png, \.svg or \.pdf"):
        chart_named(name)


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LandbridgeError, match=r"landbridge\[plot\]"):
        new_figure()
