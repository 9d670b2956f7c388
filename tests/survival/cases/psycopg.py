# requires: psycopg[binary]==3.2.10 psycopg-pool==3.2.6
# Version 3 with its compiled half: adapting types, composing SQL, escaping through libpq, a pool, a refused connection.
import asyncio
import datetime
import decimal
import ipaddress
import uuid

import psycopg
from psycopg import sql
from psycopg.adapt import PyFormat, Transformer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Escaping, Format
from psycopg.types.json import Jsonb
from psycopg.types.range import Range
from psycopg_pool import ConnectionPool, PoolTimeout


async def refused():
    try:
        await psycopg.AsyncConnection.connect("host=127.0.0.1 port=9 dbname=x")
    except psycopg.OperationalError as caught:
        return type(caught).__name__


def handler(event, context):
    values = [
        1, 2.5, "ä", b"\x00\xff", None, True, decimal.Decimal("1.10"), datetime.date(2024, 2, 29),
        datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc), uuid.UUID(int=5), [1, 2, 3], Jsonb({"a": 1}),
        ipaddress.ip_address("10.0.0.1"), Range(1, 5), datetime.timedelta(days=1, seconds=5),
    ]  # fmt: skip
    tx = Transformer()
    dumped = [tx.as_literal(v).decode() for v in values if v is not None]
    binary = [bytes(tx.get_dumper(v, PyFormat.BINARY).dump(v)).hex() for v in values[:4]]
    loaded = [tx.get_loader(oid, Format.TEXT).load(text) for oid, text in ((23, b"42"), (1700, b"1.5"), (1184, b"2024-01-01 00:00:00+00"), (1007, b"{1,2}"))]
    query = sql.SQL("select {} from {} where x = {}").format(sql.Identifier('a"b'), sql.Identifier("s", "t"), sql.Literal("o'k"))
    try:
        psycopg.connect("host=127.0.0.1 port=9 dbname=x")
        error = None
    except psycopg.OperationalError as caught:
        error = [type(caught).__name__, "refused" in str(caught)]
    pool = ConnectionPool("host=127.0.0.1 port=9", min_size=1, open=False, timeout=0.2)
    try:
        pool.open(wait=True, timeout=0.2)
        waited = None
    except PoolTimeout as caught:
        waited = type(caught).__name__
    finally:
        pool.close()
    info = conninfo_to_dict(make_conninfo("host=h", dbname="d b"))
    unique = psycopg.errors.lookup("23505").__name__
    escaped = Escaping().escape_string(b"o'k").decode()
    return [dumped, binary, [str(v) for v in loaded], query.as_string(None), error, waited, info, unique, escaped,
            psycopg.pq.__impl__, psycopg.pq.version() > 100000, asyncio.run(refused())]  # fmt: skip
