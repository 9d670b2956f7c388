# requires: astropy==8.0.2 numpy==2.2.6 scipy==1.16.3
# Units, offline times, coordinates, tables by format name, FITS in memory, cosmologies, errors.
import io

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.cosmology import Planck18
from astropy.io import ascii, fits, registry
from astropy.modeling import fitting, models
from astropy.stats import sigma_clip
from astropy.table import Table
from astropy.time import Time
from astropy.utils import iers
from astropy.wcs import WCS

iers.conf.auto_download = False


def handler(event, context):
    table = Table({"a": [1, 2], "b": [1.5, 2.5] * u.m, "c": ["x", "y"]})
    texts = {}
    for kind in ("ascii.csv", "ascii.ecsv", "ascii.html", "ascii.fixed_width", "ascii.latex", "votable"):
        out = io.BytesIO() if kind == "votable" else io.StringIO()
        table.write(out, format=kind)
        texts[kind] = len(out.getvalue())
    hdus = fits.HDUList([fits.PrimaryHDU(np.arange(6).reshape(2, 3)), fits.BinTableHDU(table)])
    hdus[0].header["OBSERVER"] = "me"
    out = io.BytesIO()
    hdus.writeto(out)
    again = fits.open(io.BytesIO(out.getvalue()))
    x = np.linspace(-3, 3, 50)
    fit = (
        fitting.LevMarLSQFitter()(models.Gaussian1D(), x, 2 * np.exp(-0.5 * (x - 1) ** 2)) if event.get("fit") else None
    )
    star = SkyCoord("00h42m44.3s", "+41d16m9s", frame="icrs")
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    errors = []
    for attempt in (
        lambda: (1 * u.m).to(u.s),
        lambda: u.Unit("florp"),
        lambda: Time("never"),
        lambda: table.write("/tmp/x", format="none_such"),
    ):
        try:
            attempt()
        except (u.UnitConversionError, ValueError, registry.IORegistryError) as error:
            errors.append(type(error).__name__)
    return {
        "unit": str((3 * u.lyr).to(u.pc)),
        "time": [Time("2024-01-02 03:04:05", scale="utc").tai.iso, round(Time(2460000.5, format="jd").decimalyear, 6)],
        "galactic": star.galactic.to_string("dms", precision=1),
        "constellation": star.get_constellation(),
        "texts": texts,
        "fits": [again[0].header["OBSERVER"], int(again[0].data.sum()), again[1].columns.names],
        "csv": len(ascii.read("a,b\n1,2\n3,4")),
        "age": str(Planck18.age(1).round(3)),
        "clip": int(sigma_clip(np.array([1.0] * 20 + [99.0])).mask.sum()),
        "wcs": [round(float(value), 4) for value in wcs.wcs_pix2world(0, 0, 0)],
        "fit": fit,
        "errors": errors,
    }
