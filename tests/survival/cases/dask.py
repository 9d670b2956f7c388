# requires: dask[array,dataframe]==2026.8.0
# Delayed, bags, arrays and data frames with threads; the configuration in dask.yaml; errors.
import dask
import dask.array as da
import dask.bag as db
import dask.dataframe as dd
import numpy as np
import pandas as pd


@dask.delayed
def double(x):
    return 2 * x


def handler(event, context):
    with dask.config.set(scheduler="threads", num_workers=2):
        array = da.from_array(np.arange(100.0).reshape(10, 10), chunks=(5, 5))
        bag = db.from_sequence(["a b", "b c"], npartitions=2)
        frame = dd.from_pandas(pd.DataFrame({"k": list("abab"), "v": [1, 2, 3, 4]}), npartitions=2)
        result = {
            "delayed": int(dask.delayed(sum)([double(n) for n in range(4)]).compute()),
            "array": float((array @ array.T).trace().compute()),
            "svd": round(float(da.linalg.svd(array.rechunk((10, 5)))[1].compute()[0]), 4),
            "bag": sorted(bag.str.split().flatten().frequencies().compute()),
            "frame": frame.groupby("k").v.sum().compute().sort_index().tolist(),
            "merged": len(frame.merge(frame, on="k").compute()),
            "config": dask.config.get("array.chunk-size"),
            "token": dask.base.tokenize([1, "a"]) == dask.base.tokenize([1, "a"]),
        }
        try:
            double("x").compute()
            dask.delayed(int)("x").compute()
        except ValueError as error:
            result["error"] = str(error)
        try:
            dask.compute(double(1), scheduler="none_such")
        except ValueError as error:
            result["scheduler"] = str(error)[:30]
    return result
