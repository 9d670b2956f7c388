# requires: fiona==1.10.1 shapely==2.0.7 numpy==2.2.6
# GDAL and PROJ with their data: writes and reads vector formats, projects, shows the driver's error.
import os
import tempfile

import fiona
import fiona.transform
from fiona.crs import CRS


def handler(event, context):
    place = tempfile.mkdtemp()
    schema = {"geometry": "Point", "properties": {"name": "str:20", "n": "int"}}
    points = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": (x, 2.0)}, "properties": {"name": "ä", "n": x}}
        for x in range(3)
    ]
    found = {}
    for driver, end in (("GeoJSON", "json"), ("GPKG", "gpkg"), ("ESRI Shapefile", "shp"), ("FlatGeobuf", "fgb")):
        path = os.path.join(place, "x." + end)
        with fiona.open(path, "w", driver=driver, schema=schema, crs=CRS.from_epsg(4326)) as sink:
            sink.writerecords(points)
        with fiona.open(path) as source:
            found[end] = [source.driver, len(source), source.crs.to_epsg(), [dict(f.properties) for f in source]]
            found[end + " bounds"] = list(source.bounds)
    found["layers"] = fiona.listlayers(os.path.join(place, "x.gpkg"))
    xs, ys = fiona.transform.transform("EPSG:4326", "EPSG:3857", [10.0], [50.0])
    found["projected"] = [round(xs[0]), round(ys[0])]
    xs, ys = fiona.transform.transform("EPSG:4326", "EPSG:25832", [10.0], [50.0])
    found["utm"] = [round(xs[0]), round(ys[0])]
    found["wkt"] = CRS.from_epsg(2056).to_wkt()[:60]
    with fiona.MemoryFile() as memory:
        with memory.open(driver="GeoJSON", schema=schema) as sink:
            sink.write(points[0])
        found["memory"] = len(memory.getbuffer()) > 100
    found["drivers"] = sorted(fiona.supported_drivers)
    try:
        fiona.open(os.path.join(place, "none.gpkg"))
    except fiona.errors.DriverError as caught:
        found["error"] = type(caught).__name__
    return found
