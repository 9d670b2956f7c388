# requires: pandas==2.2.3
# ci: yes
# CSV, JSON, HTML, groupby, time zones, resampling, merges, strings, categories, pickles, SQL, and what lacks its dependency.
import io
import sqlite3

import pandas as pd

CSV = """day,shop,n,price
2024-03-30,a,1,1.5
2024-03-31,b,2,
2024-04-01,a,3,2.5
"""


def handler(event, context):
    frame = pd.read_csv(io.StringIO(CSV), parse_dates=["day"], dtype={"shop": "category"})
    grouped = frame.groupby("shop", observed=True).agg(n=("n", "sum"), price=("price", "mean"))
    times = pd.to_datetime(["2024-03-31 00:30", "2024-03-31 01:30"], utc=True).tz_convert("Europe/Berlin")
    weekly = frame.set_index("day")["n"].resample("W").sum()
    merged = frame.merge(pd.DataFrame({"shop": ["a"], "city": ["Köln"]}), on="shop", how="left")
    pivot = frame.pivot_table(index="shop", values="n", aggfunc="sum", observed=True)
    words = pd.Series(["a-b", None, "c"], dtype="string").str.split("-", expand=True)
    with sqlite3.connect(":memory:") as db:
        frame.assign(shop=frame["shop"].astype(str)).to_sql("t", db, index=False)
        summed = pd.read_sql("select sum(n) as n from t", db)["n"].item()
    pickled = pd.read_pickle(io.BytesIO(pickle_of(frame)))
    errors = []
    for call in (
        lambda: frame["none"],
        lambda: pd.to_datetime("nonsense"),
        lambda: frame.to_parquet(io.BytesIO()),
        lambda: frame.plot(),
        lambda: pd.read_excel(io.BytesIO(b"x")),
    ):
        try:
            call()
            errors.append(None)
        except Exception as caught:
            errors.append([type(caught).__name__, str(caught)[:80]])
    return [
        frame.to_json(orient="records", date_format="iso"),
        grouped.to_csv(),
        [t.isoformat() for t in times],
        weekly.to_dict().__repr__(),
        merged.to_string(),
        pivot.to_dict(),
        words.fillna("-").values.tolist(),
        summed,
        pickled.equals(frame),
        frame.eval("n * 2 + price").fillna(0).tolist(),
        frame.rolling(2, on="day")["n"].mean().fillna(0).tolist(),
        pd.date_range("2024-01-31", periods=3, freq="ME").strftime("%d").tolist(),
        frame.describe().round(3).to_json(),
        frame.to_html(),
        errors,
    ]


def pickle_of(frame):
    buffer = io.BytesIO()
    frame.to_pickle(buffer)
    return buffer.getvalue()
