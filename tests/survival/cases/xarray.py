# requires: xarray==2026.9.0 numpy==2.2.6 pandas==3.1.1 scipy==1.16.3
# Labelled arrays, engines by entry point, netCDF 3 through SciPy, its HTML, errors.
import io

import numpy as np
import pandas as pd
import xarray as xr


def handler(event, context):
    data = xr.Dataset(
        {"t": (("time", "x"), np.arange(12.0).reshape(4, 3), {"units": "K"})},
        coords={"time": pd.date_range("2024-01-01", periods=4), "x": [10, 20, 30]},
    )
    raw = data.to_netcdf(engine="scipy")
    again = xr.open_dataset(io.BytesIO(bytes(raw)), engine="scipy")
    errors = []
    for attempt in (
        lambda: data.sel(x=15),
        lambda: data["none"],
        lambda: xr.open_dataset("/tmp/none.nc", engine="none_such"),
        lambda: data.to_zarr("/tmp/z"),
    ):
        try:
            attempt()
        except (KeyError, ValueError, ImportError) as error:
            errors.append(type(error).__name__)
    html = data._repr_html_()
    return {
        "mean": data.t.resample(time="2D").mean().values.tolist(),
        "near": float(data.t.sel(x=19, method="nearest").isel(time=-1)),
        "interp": float(data.t.interp(x=15).isel(time=0)),
        "group": data.t.groupby("time.day").sum().sizes["day"],
        "same": bool(again.identical(data)),
        "engines": sorted(xr.backends.list_engines()),
        "html": "xr-wrap" in html and "<svg" in html,
        "rolling": data.t.rolling(time=2).mean().isel(time=1).values.tolist(),
        "errors": errors,
    }
