"""Decode a .osm.pbf file and nothing more: run in a process of its own, which damage can end (`extracts`)."""

import sys
from pathlib import Path

from landbridge.networks.geodata.osm.extracts import decode

if __name__ == "__main__":
    decode(Path(sys.argv[1]))
