# requires: orjson==3.13.0 ujson==6.1.0 msgpack==1.2.4 simplejson==4.3.0
# Extension modules with and without a pure twin: options, hooks, errors.
import dataclasses
import datetime
import decimal
import io
import uuid

import msgpack
import orjson
import simplejson
import ujson


@dataclasses.dataclass
class Point:
    x: int
    at: datetime.datetime


def handler(event, context):
    point = Point(1, datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc))
    data = {"b": [1.5, None, "ä"], "a": {"x": True}}
    packer = msgpack.Packer(default=lambda value: msgpack.ExtType(1, str(value).encode()), datetime=True)
    packed = packer.pack({"d": decimal.Decimal("1.5"), "t": point.at, "raw": b"\x00"})
    errors = []
    for attempt in (
        lambda: orjson.loads("{bad"),
        lambda: orjson.dumps(object),
        lambda: ujson.loads("[1,"),
        lambda: simplejson.loads("[1,]"),
        lambda: msgpack.unpackb(b"\xc1"),
    ):
        try:
            attempt()
        except (ValueError, TypeError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    unpacker = msgpack.Unpacker(io.BytesIO(b"\x01\xa1x\xc0"))
    return {
        "orjson": orjson.dumps(
            [point, uuid.UUID(int=2), data], option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z
        ).decode(),
        "ujson": ujson.dumps(data, indent=1, sort_keys=True, ensure_ascii=False),
        "simplejson": simplejson.dumps(
            {"d": decimal.Decimal("1.10"), "n": float("nan")}, use_decimal=True, ignore_nan=True
        ),
        "decimal": str(simplejson.loads("[1.10]", use_decimal=True)[0]),
        "fast": bool(simplejson.encoder.c_make_encoder),
        "msgpack": repr(msgpack.unpackb(packed, timestamp=3, ext_hook=lambda code, value: value.decode())),
        "stream": list(unpacker),
        "errors": errors,
    }
