"""Land and sea: straits are sea, the plain is land."""

import pytest

from landbridge.networks.geodata.bases.land import crosses_sea, sea_km


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        # From a shore to the other, with the width on a map: the Oresund, the strait of Kerch, that of Hormuz.
        ((12.60, 55.58), (12.98, 55.57), 16),
        ((36.45, 45.30), (36.65, 45.30), 12),
        ((56.30, 27.10), (56.30, 26.90), 22.2),
        # In the middle of the Caspian, which has no outlet.
        ((50.0, 42.0), (50.1, 42.0), 8.3),
    ],
)
def test_the_sea_between_two_shores_is_measured(start, end, km):
    assert sea_km(start, end) == pytest.approx(km, abs=4)
    assert sea_km(end, start) == pytest.approx(sea_km(start, end), abs=0.1)


@pytest.mark.parametrize(
    ("start", "end"), [((71.0, 51.0), (71.2, 51.0)), ((48.0, 40.0), (48.1, 40.1)), ((13.4, 52.5), (13.5, 52.5))]
)
def test_there_is_no_sea_on_land(start, end):
    assert sea_km(start, end) == 0


def test_a_point_has_no_length():
    assert sea_km((50.0, 42.0), (50.0, 42.0)) == 0


@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        # Over the Oresund, the strait of Kerch and the Bosporus.
        ((12.60, 55.58), (12.98, 55.57), True),
        ((36.45, 45.30), (36.65, 45.30), True),
        ((28.976, 41.013), (29.03, 40.99), True),
        # On land; and 8.3 km in the middle of the Caspian.
        ((71.0, 51.0), (71.2, 51.0), False),
        ((50.0, 42.0), (50.1, 42.0), True),
        # A mole of the port of Aktau and the city, and two points 1.6 km apart off the coast.
        ((51.21, 43.60), (51.30, 43.65), False),
        ((50.0, 42.0), (50.02, 42.0), False),
    ],
)
def test_a_line_crosses_the_sea_from_land_to_land_or_from_farther_off_than_ports_lie(start, end, crosses):
    assert crosses_sea(start, end) is crosses
    assert crosses_sea(end, start) is crosses
