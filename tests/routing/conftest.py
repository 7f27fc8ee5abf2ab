import pytest


@pytest.fixture(autouse=True)
def _no_real_roads_under_drawn_networks(request, monkeypatch):
    """Tiny networks lie in the Atlantic, where the real roads and borders have nothing to say."""
    if "tmp_path" in request.fixturenames and "network" not in request.fixturenames:
        monkeypatch.setattr("landbridge.routing.query.access.highways", lambda: None)
        monkeypatch.setattr("landbridge.routing.query.access.country_at", lambda _: None)
