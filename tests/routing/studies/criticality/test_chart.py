"""The chart of closures."""

import pytest

from landbridge.routing import criticality
from tests.support.narrow_way import ONE, two_ways


@pytest.fixture
def found(tmp_path):
    network = two_ways(tmp_path, other=70)
    return criticality(network, ONE, days=10, unserved_usd_per_teu=1000, pairs=[("direct", "yard")])


def test_the_chart_ranks_resources(found):
    pytest.importorskip("matplotlib")
    axes, waiting = found.plot().axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    drawn = [item for item in found.distinct if item.usd > 0 and item.kind in {"resources", "pair"}]
    assert [name.replace("\n", " ") for name in names] == [item.name for item in drawn]
    assert not any(label.get_visible() for label in waiting.get_yticklabels())
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == sorted(widths, reverse=True)
    assert all(bar.get_width() <= width for bar, width in zip(waiting.patches, widths, strict=True))
