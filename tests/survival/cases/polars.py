# requires: polars==1.34.0
# Lazy queries, SQL, CSV, Parquet, JSON, dates with time zones, joins, windows, errors and what lacks its dependency.
import datetime
import io

import polars as pl


def handler(event, context):
    frame = pl.read_csv(io.BytesIO(b"day,shop,n\n2024-03-30,a,1\n2024-03-31,b,2\n2024-04-01,a,3\n"), try_parse_dates=True)
    lazy = frame.lazy().filter(pl.col("n") > 0).group_by("shop").agg(pl.col("n").sum(), pl.len()).sort("shop")
    found = {"lazy": lazy.collect().to_dicts(), "plan": "FILTER" in lazy.explain(optimized=False)}
    found["sql"] = pl.SQLContext(t=frame).execute("select shop, avg(n) as n from t group by shop order by 1").collect().rows()
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    buffer.seek(0)
    found["parquet"] = pl.read_parquet(buffer).equals(frame)
    found["json"] = pl.read_json(io.StringIO(frame.write_json())).shape
    found["window"] = frame.select(pl.col("n").cum_sum().over("shop")).to_series().to_list()
    found["join"] = frame.join(pl.DataFrame({"shop": ["a"], "x": ["ä"]}), on="shop", how="left")["x"].to_list()
    when = pl.Series([datetime.datetime(2024, 3, 31, 1)]).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    found["zone"] = when.dt.strftime("%H:%M%z").to_list()
    found["string"] = pl.Series(["a-b", None]).str.split("-").to_list()
    found["mapped"] = frame["n"].map_elements(lambda n: n * 2, return_dtype=pl.Int64).to_list()
    found["shown"] = str(frame)
    found["selectors"] = frame.select(pl.selectors.numeric()).columns
    errors = []
    for call in (
        lambda: frame.select("none"),
        lambda: frame.to_pandas(),
        lambda: pl.read_excel(io.BytesIO(b"x")),
        lambda: frame.plot,
        lambda: pl.read_parquet(io.BytesIO(b"nonsense")),
    ):
        try:
            call()
            errors.append(None)
        except Exception as caught:
            errors.append([type(caught).__name__, str(caught)[:60]])
    found["errors"] = errors
    return found
