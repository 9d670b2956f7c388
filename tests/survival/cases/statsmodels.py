# requires: statsmodels==0.14.6 numpy==2.2.6 scipy==1.16.3 pandas==3.1.1
# Formulas through patsy, time series in Cython, tables.
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.tsa.api import SARIMAX, ExponentialSmoothing, adfuller

warnings.simplefilter("ignore")


def handler(event, context):
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"x": np.arange(40.0), "g": list("ab") * 20})
    frame["y"] = 2 * frame.x + (frame.g == "a") * 3 + random.normal(size=40)
    fit = smf.ols("y ~ x + C(g) + np.log1p(x)", frame).fit()
    logit = smf.glm(
        "z ~ x", frame.assign(z=(frame.y > 40).astype(int) * 0.8 + 0.1), family=sm.families.Binomial()
    ).fit()
    series = pd.Series(np.sin(np.arange(60) / 5) + random.normal(scale=0.1, size=60))
    arima = SARIMAX(series, order=(1, 0, 1)).fit(disp=False)
    smooth = ExponentialSmoothing(series, trend="add").fit()
    try:
        smf.ols("y ~ missing", frame)
    except Exception as error:
        message = type(error).__name__
    return {
        "params": {key: round(value, 3) for key, value in fit.params.items()},
        "summary": len(fit.summary().as_text().splitlines()),
        "logit": round(float(logit.params["x"]), 3),
        "arima": [round(float(value), 2) for value in arima.forecast(2)],
        "smooth": round(float(smooth.forecast(1).iloc[0]), 2),
        "adf": round(float(adfuller(series)[0]), 2),
        "data": list(sm.datasets.macrodata.load_pandas().data.shape),
        "error": message,
    }
