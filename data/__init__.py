"""The bundled corridor data set: CSV tables, the schema of each table, sources and licences."""

from pathlib import Path

DATA_DIR = Path(__file__).parent
"""Folder of the bundled tables."""

SCHEMA_DIR = DATA_DIR / "schema"
"""Folder of the schema of each table."""
