# requires: psycopg2-binary==2.9.11
# Version 2 with its bundled libraries: adapting types, SQL composition, DSNs, a pool, error classes, a refused connection.
import datetime
import decimal
import uuid

import psycopg2
import psycopg2.extras
from psycopg2 import errorcodes, errors, extensions, pool, sql, tz


def handler(event, context):
    psycopg2.extras.register_uuid()
    values = [
        1, 2.5, None, True, decimal.Decimal("1.1"), datetime.date(2024, 2, 29), uuid.UUID(int=1), [1, "a"],
        psycopg2.extras.Json({"a": "ä"}), psycopg2.extras.NumericRange(1, 5), datetime.timedelta(1),
        datetime.datetime(2024, 1, 1, tzinfo=tz.FixedOffsetTimezone(60)), psycopg2.Binary(b"\x00"),
    ]  # fmt: skip
    adapted = [extensions.adapt(v).getquoted().decode() for v in values]
    query = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier("t"), sql.SQL(", ").join(map(sql.Identifier, ["a"])), sql.Placeholder("a")
    )
    failures = []
    for make in (
        lambda: psycopg2.connect("host=127.0.0.1 port=9 dbname=x"),
        lambda: pool.ThreadedConnectionPool(1, 2, host="127.0.0.1", port=9),
        lambda: psycopg2.connect("host=127.0.0.1 port=9 sslmode=require", cursor_factory=psycopg2.extras.RealDictCursor),
        lambda: psycopg2.connect("nonsense"),
    ):
        try:
            make()
        except psycopg2.OperationalError as caught:
            failures.append([type(caught).__name__, "refused" in str(caught)])
        except psycopg2.ProgrammingError as caught:
            failures.append([type(caught).__name__, str(caught).strip()])
    cast = extensions.DATE("2024-02-29", None), extensions.INTEGERARRAY("{1,2}", None)
    dsn = extensions.parse_dsn("postgresql://u:p@h:5/d?sslmode=require")
    return [adapted, repr(query), failures, str(cast), dsn, errors.lookup("23505").__name__, errorcodes.lookup("40001"),
            psycopg2.__libpq_version__ > 100000]  # fmt: skip
