"""What the tests of networks/ share."""

import pyogrio
import pytest


@pytest.fixture(scope="session", autouse=True)
def _fast_geopackages():
    """Let SQLite not wait for the disk after each of the layers of a GeoPackage."""
    before = pyogrio.get_gdal_config_option("OGR_SQLITE_SYNCHRONOUS")
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    yield
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": before})
