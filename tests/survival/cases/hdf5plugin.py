# requires: hdf5plugin==5.1.0 h5py==3.13.0 numpy==2.2.6
# Filters of HDF5: the library opens plugins of a directory when a file asks for them.
import os
import tempfile

import h5py
import hdf5plugin
import numpy as np


def handler(event, context):
    found = {"filters": sorted(hdf5plugin.FILTERS), "config": sorted(hdf5plugin.get_config().registered_filters)}
    found["config"] = [os.path.basename(p) for p in hdf5plugin.get_config().registered_filters.values()]
    path = os.path.join(tempfile.mkdtemp(), "x.h5")
    data = np.arange(4096, dtype="f4").reshape(64, 64)
    for name in ("Bitshuffle", "Blosc", "Blosc2", "BZip2", "FciDecomp", "LZ4", "Sperr", "SZ", "SZ3", "Zfp", "Zstd"):
        try:
            with h5py.File(path, "w") as file:
                file.create_dataset(
                    "a",
                    data=data if name != "FciDecomp" else data.astype("u1"),
                    chunks=(64, 64),
                    compression=getattr(hdf5plugin, name)(),
                )
            with h5py.File(path) as file:
                found[name] = float(np.round(file["a"][:].astype("f8").sum(), -6))
        except Exception as caught:
            found[name] = repr(caught)[:80]
    return found
