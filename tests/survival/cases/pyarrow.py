# requires: pyarrow==19.0.1 numpy==2.2.6
# Parquet, CSV, JSON, ORC and Feather files, compute functions, datasets with partitions, joins, IPC, an S3 file system.
import io
import os
import tempfile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.feather
import pyarrow.fs
import pyarrow.json
import pyarrow.orc
import pyarrow.parquet as pq


def handler(event, context):
    table = pa.table({"a": [1, 2, None], "s": ["x", "ä", "z"], "l": [[1], [], [2, 3]], "p": ["u", "v", "u"]})
    place = tempfile.mkdtemp()
    found = {}
    for codec in ("snappy", "zstd", "gzip", "brotli", "lz4"):
        path = os.path.join(place, codec + ".parquet")
        pq.write_table(table, path, compression=codec)
        found[codec] = pq.read_table(path, filters=[("a", ">", 1)]).to_pylist()
    found["schema"] = str(pq.read_schema(path))
    ds.write_dataset(table, os.path.join(place, "parts"), format="parquet", partitioning=["p"], partitioning_flavor="hive")
    dataset = ds.dataset(os.path.join(place, "parts"), partitioning="hive")
    found["dataset"] = [len(dataset.files), dataset.to_table(filter=pc.field("p") == "u").num_rows]
    found["csv"] = pa.csv.read_csv(io.BytesIO(b"a,b\n1,2024-01-01\n")).to_pylist().__repr__()
    found["json"] = pa.json.read_json(io.BytesIO(b'{"a": {"b": [1]}}\n')).to_pylist()
    path = os.path.join(place, "x.feather")
    pa.feather.write_feather(table, path)
    found["feather"] = pa.feather.read_table(path).num_rows
    path = os.path.join(place, "x.orc")
    pa.orc.write_table(table, path)
    found["orc"] = pa.orc.read_table(path).num_rows
    found["group"] = table.group_by("p").aggregate([("a", "sum")]).sort_by("p").to_pydict()
    found["join"] = table.drop_columns(["l"]).join(pa.table({"p": ["u"], "n": [9]}), "p").sort_by("s").column("n").to_pylist()
    found["compute"] = [pc.utf8_upper(table["s"]).to_pylist(), pc.mean(table["a"]).as_py()]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    found["ipc"] = pa.ipc.open_stream(sink.getvalue()).read_all().equals(table)
    found["time"] = pc.strftime(pa.array([0], pa.timestamp("s", "Europe/Berlin")), format="%H:%M %Z").to_pylist()
    found["s3"] = pa.fs.S3FileSystem(region="eu-central-1", anonymous=True).type_name
    found["numpy"] = table["a"].to_numpy()[:2].tolist()
    try:
        pq.read_table(io.BytesIO(b"nonsense"))
    except pa.ArrowInvalid as caught:
        found["error"] = str(caught)[:60]
    return found
