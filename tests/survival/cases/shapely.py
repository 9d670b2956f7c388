# requires: shapely==2.2.0
# Geometry, GeoJSON, WKB, prepared geometry, an index, plain errors.
import shapely
from shapely import affinity, ops, wkt
from shapely.geometry import LineString, Point, box, mapping, shape
from shapely.prepared import prep
from shapely.strtree import STRtree


def handler(event, context):
    square = box(0, 0, 2, 2)
    disc = Point(2, 2).buffer(1, quad_segs=4)
    union = ops.unary_union([square, disc])
    tree = STRtree([Point(x, x) for x in range(5)])
    again = shape(mapping(affinity.rotate(square, 45)))
    try:
        wkt.loads("POLYGON((0 0, 1")
        error = None
    except shapely.errors.GEOSException as problem:
        error = type(problem).__name__
    return {
        "area": round(union.area, 6),
        "near": [int(i) for i in tree.query(box(0.5, 0.5, 3.5, 3.5))],
        "inside": prep(union).contains(Point(1, 1)),
        "rotated": round(again.length, 6),
        "wkb": shapely.to_wkb(LineString([(0, 0), (1, 1)]), hex=True),
        "json": shapely.to_geojson(Point(1, 2)),
        "error": error,
    }
