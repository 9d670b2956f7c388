# requires: brotli==1.1.0 zstandard==0.23.0 python-snappy==0.7.3 cramjam==2.10.0 lz4==4.4.4 brotlicffi==1.1.0.0 cffi==1.17.1
# Compressors, some with a backend for C and one for cffi: which one is chosen at run time.
import io
import os

import brotli
import brotlicffi
import cramjam
import lz4.block
import lz4.frame
import snappy
import zstandard


def handler(event, context):
    data = b"hello world " * 1000
    found = {"backend": zstandard.backend}
    found["brotli"] = len(brotli.decompress(brotlicffi.compress(data))) + len(
        brotlicffi.decompress(brotli.compress(data))
    )
    d = zstandard.train_dictionary(1024, [os.urandom(0) + b"sample %d" % i * 20 for i in range(200)])
    found["zstd"] = len(
        zstandard.ZstdDecompressor(dict_data=d).decompress(zstandard.ZstdCompressor(dict_data=d).compress(data))
    )
    os.environ["PYTHON_ZSTANDARD_IMPORT_POLICY"] = "cffi"
    import importlib

    importlib.reload(zstandard)
    found["backend2"] = zstandard.backend
    found["zstd2"] = len(zstandard.ZstdDecompressor().decompress(zstandard.ZstdCompressor().compress(data)))
    found["lz4"] = [
        len(lz4.frame.decompress(lz4.frame.compress(data))),
        len(lz4.block.decompress(lz4.block.compress(data))),
    ]
    found["snappy"] = len(snappy.uncompress(snappy.compress(data)))
    for codec in ("snappy", "lz4", "zstd", "brotli", "gzip", "deflate", "bzip2", "xz"):
        module = getattr(cramjam, codec, None) or getattr(cramjam.experimental, codec)
        found["c" + codec] = len(bytes(module.decompress(module.compress(data))))
    sink = io.BytesIO()
    snappy.stream_compress(io.BytesIO(data), sink)
    found["stream"] = sink.getvalue()[:4].hex()
    for call in (brotli.decompress, lz4.frame.decompress, zstandard.ZstdDecompressor().decompress):
        try:
            call(b"nonsense")
        except Exception as caught:
            found.setdefault("errors", []).append(type(caught).__name__)
    return found
