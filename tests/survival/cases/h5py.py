# requires: h5py==3.14.0 numpy==2.2.6
# Files in memory and on disk, filters, attributes, references, string types, errors.
import os
import tempfile

import h5py
import numpy as np


def handler(event, context):
    path = os.path.join(tempfile.gettempdir(), "slim.h5")
    with h5py.File(path, "w") as file:
        group = file.create_group("a/b")
        data = group.create_dataset(
            "x", data=np.arange(100).reshape(10, 10), chunks=(5, 5), compression="gzip", shuffle=True, fletcher32=True
        )
        data.attrs["unit"] = "m"
        data.dims[0].label = "row"
        file["names"] = np.array(["ä", "b"], dtype=h5py.string_dtype())
        file["ref"] = data.ref
        file["link"] = h5py.SoftLink("/a/b/x")
        group.create_dataset("kind", data=np.array([1, 0]), dtype=h5py.enum_dtype({"no": 0, "yes": 1}))
        layout = h5py.VirtualLayout((10, 10), dtype="i8")
        layout[:] = h5py.VirtualSource(data)
        file.create_virtual_dataset("virtual", layout)
    with h5py.File(path) as file:
        seen = []
        file.visit(seen.append)
        result = {
            "seen": seen,
            "sum": int(file["link"][2:4, [1, 3]].sum()),
            "unit": file["a/b/x"].attrs["unit"],
            "names": list(file["names"].asstr()[()]),
            "ref": file[file["ref"][()]].name,
            "enum": h5py.check_enum_dtype(file["a/b/kind"].dtype),
            "virtual": int(file["virtual"][9, 9]),
        }
        errors = []
        for attempt in (lambda: file["none"], lambda: file.create_group("y"), lambda: h5py.File("/tmp/none.h5")):
            try:
                attempt()
            except (KeyError, ValueError, OSError) as error:
                errors.append(type(error).__name__)
    with h5py.File("memory", "w", driver="core", backing_store=False) as file:
        file["y"] = 3.5
        result["memory"] = float(file["y"][()])
    os.remove(path)
    return {**result, "errors": errors}
