"""Hand an answer over: a page for any browser, a map for QGIS, a workbook, and tables.

Run it with `python examples/07_report_and_qgis.py`; it needs no connection and writes `out/handover/`.
"""

from importlib.util import find_spec
from pathlib import Path

import landbridge as lb

OUT = Path("out/handover")

network = lb.load_network()
cargo = lb.Cargo(teu=2, tonnes=20, value_usd=150_000)
found = lb.report(network, "Xi'an", "Duisburg", cargo=cargo)
found.write(OUT)  # project and GeoPackage for QGIS, GeoJSON and CSV
found.to_html(OUT / "report.html")
if find_spec("xlsxwriter"):  # the extra `excel`
    found.to_excel(OUT / "report.xlsx")

for path in sorted(OUT.iterdir()):
    print(f"{path.stat().st_size / 1000:>9,.1f} kB  {path}")
print(
    f"\nThe page names {len(found.to_dict()['sources'])} sources: open out/handover/report.html in a browser.\n"
    "Look at out/handover/landbridge.qgz in QGIS: it holds layers, styles and labels over a land map,\n"
    "with relative paths: the folder can be sent as it is."
)
