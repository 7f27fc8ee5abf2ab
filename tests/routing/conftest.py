import numpy as np
import pytest

from landbridge.networks.geometry.sphere import great_circle_km


@pytest.fixture(autouse=True)
def _no_real_roads_under_drawn_networks(request, monkeypatch):
    """Tiny networks lie in the Atlantic, where the real roads and borders have nothing to say."""
    if "tmp_path" in request.fixturenames and "network" not in request.fixturenames:
        monkeypatch.setattr("landbridge.routing.query.access.highways", lambda: None)
        monkeypatch.setattr("landbridge.routing.query.access.country_at", lambda _: None)
        monkeypatch.setattr("landbridge.routing.query.access.crosses_sea", lambda *_: False)


@pytest.fixture
def roads_everywhere(monkeypatch):
    """Let a base map of roads join all points by straight roads."""

    def lengths_km(point, ends, **_):
        return np.array([great_circle_km(point, end) for end in ends])

    monkeypatch.setattr("landbridge.routing.query.access.highways", object)
    monkeypatch.setattr("landbridge.routing.query.access.road_lengths_km", lengths_km)
