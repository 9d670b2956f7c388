# requires: adbc-driver-sqlite==1.5.0 adbc-driver-manager==1.5.0 adbc-driver-postgresql==1.5.0 pyarrow==19.0.1
# A driver is a shared object whose path, put together from its name, is handed to a manager, which opens it.
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi


def handler(event, context):
    with adbc_driver_sqlite.dbapi.connect() as con, con.cursor() as cur:
        cur.execute("create table t (a int, s text)")
        cur.executemany("insert into t values (?, ?)", [(1, "x"), (2, "ä")])
        cur.execute("select * from t order by a")
        found = {"rows": cur.fetch_arrow_table().to_pylist()}
        found["info"] = con.adbc_get_info()["driver_name"]
        found["tables"] = con.adbc_get_table_types()
        try:
            cur.execute("nonsense")
        except adbc_driver_sqlite.dbapi.Error as caught:
            found["error"] = type(caught).__name__
    try:
        adbc_driver_postgresql.dbapi.connect("postgresql://127.0.0.1:1/x")
    except adbc_driver_postgresql.dbapi.Error as caught:
        found["postgres"] = str(caught)[:40]
    return found
