"""Build a small network as CSV, check it, and find a route on it.

Run it with `python examples/08_own_network_from_tables.py`; it needs no connection. Tables that a folder lacks
(tariffs, emission factors, spreads, ...) are taken from the bundled data set.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import landbridge as lb

PLACES = """id,name,kind,country,lon,lat,modes,source,year,confidence
kz-aktau,Aktau,port,KZ,51.20,43.60,sea,A1,2026,assumed
az-alat,Alat,port,AZ,49.41,39.95,rail;sea,A1,2026,assumed
ge-poti,Poti,port,GE,41.66,42.16,rail,A1,2026,assumed
"""
SERVICES = """id,name,mode,speed_km_h,spread,speed_source,speed_year,speed_confidence,wait_kind,headway_h,\
wait_source,wait_year,wait_confidence,vehicle,tariff,emission_factor
feeder,Feeder Aktau-Alat,sea,20,caspian-haul,A1,2026,assumed,headway,72,\
A1,2026,assumed,vessel-caspian-feeder,sea-feeder,sea-feeder
rail,Caucasus railways,rail,28,rail-haul,A1,2026,assumed,headway,24,A1,2026,assumed,train-1520,rail-az,rail-az
"""
LINKS = """id,from,to,mode,service,gauge,regime,length_km,length_source,length_year,length_confidence
aktau-alat,kz-aktau,az-alat,sea,feeder,,,470,A1,2026,assumed
alat-poti,az-alat,ge-poti,rail,rail,1520,smgs,790,A1,2026,assumed
"""
SOURCES = """id,kind,title,year
A1,assumption,A sketch for this example,2026
"""

with TemporaryDirectory() as folder:
    for name, text in (("places", PLACES), ("services", SERVICES), ("links", LINKS), ("sources", SOURCES)):
        Path(folder, f"{name}.csv").write_text(text, encoding="utf-8")
    for fault in lb.check_network(folder):
        print(fault)
    trip = lb.route(lb.read_network(folder), "Aktau", "Poti")[0]
    for leg in trip.legs:
        print(f"{leg.kind:<10}{leg.operation or leg.mode:<13}{leg.start:<10}{leg.end:<10}{leg.time.mean_h:7.1f} h")
    print(trip)

print("\nLook at the wait for the feeder: half the 72 hours between two ships, as the table of services says.")
