# requires: lightgbm==3.3.5 scikit-learn==1.7.2 numpy==1.26.4
# Training, saving and loading as text, the scikit-learn interface; the library is opened by path.
import lightgbm as lgb
import numpy as np


def handler(event, context):
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 4))
    y = (x[:, 0] + x[:, 1] > 0).astype(int)
    settings = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1}
    booster = lgb.train(settings, lgb.Dataset(x, y), 10)
    again = lgb.Booster(model_str=booster.model_to_string())
    model = lgb.LGBMRegressor(n_estimators=5, verbose=-1, n_jobs=1).fit(x, x[:, 0])
    scores = lgb.cv(settings, lgb.Dataset(x, y), 3, nfold=2)
    try:
        lgb.train({"objective": "nonsense", "verbose": -1}, lgb.Dataset(x, y), 1)
    except lgb.basic.LightGBMError as error:
        message = str(error)
    return {
        "same": bool(np.allclose(again.predict(x), booster.predict(x))),
        "right": bool(((booster.predict(x) > 0.5) == y).mean() > 0.9),
        "importance": [int(value) for value in model.feature_importances_],
        "cv": sorted(scores),
        "error": message,
    }
