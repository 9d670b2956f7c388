# requires: fsspec==2026.9.0 smart_open==9.0.2
# ci: yes
# File systems and compressions by name from a registry of strings, chained URLs, a cache; what is not installed says so.
import io
import os
import tempfile
import zipfile

import fsspec
import smart_open


def handler(event, context):
    memory = fsspec.filesystem("memory")
    with memory.open("/a/x.txt", "w") as file:
        file.write("hello")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("in/y.txt", "zipped")
    memory.pipe("/z.zip", buffer.getvalue())
    result = {"list": sorted(memory.find("/")), "url": str(fsspec.open("memory://a/x.txt").fs.protocol)}
    with fsspec.open("zip://in/y.txt::memory://z.zip", "rt") as file:
        result["zip"] = file.read()
    with fsspec.open("simplecache::memory://a/x.txt", simplecache={"cache_storage": tempfile.gettempdir()}) as file:
        result["cache"] = file.read().decode()
    folder = tempfile.mkdtemp()
    for kind in ("gzip", "xz", "bz2"):
        with fsspec.open(f"file://{folder}/c.{kind}", "wb", compression=kind) as file:
            file.write(b"data")
        with fsspec.open(f"{folder}/c.{kind}", "rb", compression=kind) as file:
            result[kind] = file.read().decode()
    result["dir"] = fsspec.filesystem("dir", path=folder, fs=fsspec.filesystem("file")).ls("", detail=False) != []
    result["mapper"] = list(fsspec.get_mapper("memory://a"))
    with smart_open.open(os.path.join(folder, "s.txt.gz"), "w", encoding="utf-8") as file:
        file.write("smart ä")
    with smart_open.open(os.path.join(folder, "s.txt.gz"), encoding="utf-8") as file:
        result["smart"] = file.read()
    errors = []
    for attempt in (
        lambda: fsspec.filesystem("s3"),
        lambda: fsspec.filesystem("none_such"),
        lambda: memory.open("/none"),
        lambda: fsspec.open("file:///tmp/x", compression="none_such").open(),
        lambda: smart_open.open("s3://b/k"),
        lambda: smart_open.open("none_such://b"),
    ):
        try:
            attempt()
        except (ImportError, ValueError, OSError, NotImplementedError) as error:
            errors.append(f"{type(error).__name__}: {str(error)[:60]}")
    return {**result, "errors": errors, "known": len(fsspec.available_protocols()) > 20}
