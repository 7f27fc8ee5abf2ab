"""The rail base: the literal of the package, the cache, and what is said when the package is missing."""

import numpy as np
import pytest

from landbridge.networks.errors import DataError, NotInstalledError
from landbridge.networks.geodata.bases import line_base as base
from landbridge.networks.geodata.bases import railways

# Three nodes: 0 - 1 with 2.5 km one way and 2.4 km back, 1 - 2, and a loop at 2.
TEXT = """
from scgraph.core import GeoGraph
graph=[{1: 2.5}, {0: 2.4, 2: 1.0}, {2: 0.0, 1: 1.0}]
nodes=[[50.0, 60.0], [50.01, 60.02], [50.02, 60.02]]
g = GeoGraph(graph=graph, nodes=nodes)
"""


def test_each_edge_is_kept_once_and_loops_are_left_out():
    base = railways.parse_literal(TEXT, "x.py")
    assert base.lon.tolist() == [60.0, 60.02, 60.02]
    assert base.lat.tolist() == [50.0, 50.01, 50.02]
    assert list(zip(base.tail.tolist(), base.head.tolist(), base.km.tolist(), strict=True)) == [
        (0, 1, 2.4),
        (1, 2, 1.0),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("graph=[{", "tree=[{"),
        ("{1: 2.5}", "{1: __import__('os')}"),
        ("{1: 2.5}", "{7: 2.5}"),
        ("2.5", "-2.5"),
        ("[50.0, 60.0]", "[95.0, 60.0]"),
        ("[50.0, 60.0]", "[50.0]"),
    ],
)
def test_another_layout_is_refused(old, new):
    with pytest.raises(DataError, match=r"x\.py"):
        railways.parse_literal(TEXT.replace(old, new), "x.py")


def test_the_cache_is_read_and_a_new_file_makes_a_new_one(tmp_path, monkeypatch):
    source = tmp_path / "world_railways.py"
    source.write_text(TEXT)
    monkeypatch.setattr(railways, "package_file", lambda _module: source)
    railways.rail_base.cache_clear()
    first = railways.rail_base(cache=tmp_path / "cache")
    monkeypatch.setattr(railways, "parse_literal", lambda *_: pytest.fail("parsed again"))
    railways.rail_base.cache_clear()
    again = railways.rail_base(cache=tmp_path / "cache")
    for name in ("lon", "lat", "tail", "head", "km"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
    source.write_text(TEXT.replace("2.4", "2.3"))
    railways.rail_base.cache_clear()
    with pytest.raises(BaseException, match="parsed again"):
        railways.rail_base(cache=tmp_path / "cache")
    railways.rail_base.cache_clear()


def test_a_missing_package_names_the_cure(monkeypatch):
    monkeypatch.setattr(base, "find_spec", lambda _name: None)
    with pytest.raises(NotInstalledError, match=r"pip install 'landbridge\[geodata\]'"):
        railways.package_file()
