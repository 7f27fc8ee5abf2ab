"""A .osm.pbf file is decoded in a process of its own first, since damage can end the process that decodes it."""

import base64
import subprocess
import sys
import zlib

import pytest

osmium = pytest.importorskip("osmium")

# A map of eight nodes with some bytes changed, at which osmium 4.3 ends the process that filters its relations.
ENDS_OSMIUM = (
    "c-m!9O-lkn7@nEkb;nl|nbR@^)}BI0cm3!PL?9kQC_$l1r?H)E!PVGR!kcso`Um}qDC+K|L-+nhe;^1Nb2Y_x-orEV@ILcAFG6Sw"
    "lFjz%i4>j;Ef<P*rWpn8%WD~k{d1>qU_)K@BY8IPWORqKJ-;)E0)G?~ONCOo;39<5U@C>W7z*nJ!xM%aAa%@8_};A;gBcCQ&>!?c"
    "?~6bJZnFo>?lDlJs^SomF9Ahyu_fY5WG_*kk{H$a<o)x9Ox~=`Zt&^%*M~NJOmB88OElexMHX-+!7GMm46WFIZ|2|VicwdBKD&eN"
    "R!gp86P?iaX0L9gTm@|`BQV0jXefbtqi~+rxRPP0<{js-;;;+8O-)8H;p$skCC(xX?VvrQrq33^bCfa-lLXf^ldkc`-=;XHNk)>u"
    "Nh-ZY6OvIGQvVr_;Rr0{QAgt&xv&+RL2TE~QDg3dXe&Z`4eJfeS{VNVuNr2)"
)


def decoded(path):
    command = [sys.executable, "-m", "landbridge.networks.geodata.osm.decoding", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_sound_file_is_decoded_whole(tmp_path):
    with osmium.SimpleWriter(str(tmp_path / "a.osm.pbf")) as writer:
        for number in (1, 2):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(50 + number / 100, 40)))
        writer.add_way(osmium.osm.mutable.Way(id=3, nodes=[1, 2], tags={"railway": "rail"}))
    assert decoded(tmp_path / "a.osm.pbf") == 0


def test_a_file_that_is_none_ends_with_an_error(tmp_path):
    (tmp_path / "a.osm.pbf").write_text("no map", encoding="ascii")
    assert decoded(tmp_path / "a.osm.pbf") == 1


def test_damage_that_ends_osmium_does_not_end_the_process(tmp_path):
    (tmp_path / "a.osm.pbf").write_bytes(zlib.decompress(base64.b85decode(ENDS_OSMIUM)))
    program = """
from landbridge.networks import DataError
from landbridge.networks.geodata.osm.reading import read_ways
try:
    read_ways("a.osm.pbf")
except DataError:
    pass
"""
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
