# requires: pymongo==4.15.3
# BSON with its compiled codec, extended JSON, ObjectIds, bulk operations' checks, URIs, an unreachable server.
import asyncio
import datetime
import decimal
import uuid

import bson
import pymongo
from bson import json_util
from bson.binary import Binary, UuidRepresentation
from bson.codec_options import CodecOptions, TypeCodec, TypeRegistry
from bson.decimal128 import Decimal128
from bson.son import SON
from pymongo import AsyncMongoClient, InsertOne, MongoClient, UpdateOne, uri_parser


class Decimals(TypeCodec):
    python_type = decimal.Decimal
    bson_type = Decimal128

    def transform_python(self, value):
        return Decimal128(value)

    def transform_bson(self, value):
        return value.to_decimal()


async def later():
    client = AsyncMongoClient("mongodb://127.0.0.1:9", serverSelectionTimeoutMS=50)
    try:
        await client.admin.command("ping")
    except pymongo.errors.ServerSelectionTimeoutError as caught:
        return type(caught).__name__
    finally:
        await client.close()


def handler(event, context):
    options = CodecOptions(
        tz_aware=True, uuid_representation=UuidRepresentation.STANDARD, type_registry=TypeRegistry([Decimals()])
    )
    document = SON(
        [
            ("_id", bson.ObjectId("65f0c0ffee00000000000001")),
            ("when", datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc)),
            ("n", [1, 2**40, 2.5, None, True]),
            ("price", decimal.Decimal("1.10")),
            ("id", uuid.UUID(int=3)),
            ("raw", Binary(b"\x00\x01", 5)),
            ("re", bson.Regex("^a", "i")),
            ("code", bson.Code("x", {"a": 1})),
        ]
    )
    data = bson.encode(document, codec_options=options)
    back = bson.decode(data, codec_options=options)
    errors = []
    client = MongoClient("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50&compressors=zlib")
    for call in (
        lambda: client.db.things.find_one({"a": 1}),
        lambda: client.db.things.bulk_write([InsertOne({"a": 1}), UpdateOne({"a": 1}, {"b": 2})]),
        lambda: bson.decode(b"\x05\x00\x00\x00\x01"),
        lambda: bson.ObjectId("x"),
        lambda: MongoClient("mongodb+srv://h.example.com"),
    ):
        try:
            call()
            errors.append(None)
        except Exception as caught:
            errors.append(type(caught).__name__)
    uri = uri_parser.parse_uri("mongodb://u:p%40@a:1,b/db.c?replicaSet=r&w=majority")
    style = json_util.CANONICAL_JSON_OPTIONS.with_options(uuid_representation=UuidRepresentation.STANDARD)
    back = json_util.dumps({**back, "price": str(back["price"])}, json_options=style)
    return [data.hex(), back, bson.has_c(), errors, uri["nodelist"], uri["collection"], asyncio.run(later())]
