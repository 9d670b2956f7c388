"""Turns a table of orders into Parquet, CSV and JSON, and reads all three back with pandas and pyarrow."""

import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq


def by_pandas(orders):
    """Each format written and read by pandas."""
    parquet = io.BytesIO()
    orders.to_parquet(parquet, compression="zstd", index=False)
    parquet.seek(0)
    return {
        "parquet": pd.read_parquet(parquet),
        "csv": pd.read_csv(io.StringIO(orders.to_csv(index=False)), parse_dates=["day"]),
        "json": pd.read_json(io.StringIO(orders.to_json(orient="records", date_format="iso")), convert_dates=["day"]),
    }


def by_pyarrow(table):
    """Each format written and read by pyarrow; it has no writer of JSON."""
    parquet, csv = io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet, compression="snappy")
    pa.csv.write_csv(table, csv)
    lines = "\n".join(json.dumps(row, default=str) for row in table.to_pylist())
    return {
        "parquet": pq.read_table(io.BytesIO(parquet.getvalue()), filters=[("price", ">", 5)]),
        "csv": pa.csv.read_csv(io.BytesIO(csv.getvalue())),
        "json": pa.json.read_json(io.BytesIO(lines.encode())),
    }


def handler(event, context):
    orders = pd.DataFrame(event["orders"]).assign(day=lambda table: pd.to_datetime(table["day"]))
    found = {}
    for name, table in by_pandas(orders).items():
        found["pandas " + name] = [len(table), float(table["price"].sum()), str(table["day"].max())[:10]]
    for name, table in by_pyarrow(pa.Table.from_pandas(orders)).items():
        found["pyarrow " + name] = [table.num_rows, pa.compute.sum(table["price"]).as_py()]
    return found
