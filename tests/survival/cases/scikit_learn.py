# requires: scikit-learn==1.6.1 pandas==2.2.3
# Pipelines, trees, forests, SVMs, clustering, text features, grid search with joblib, metrics, a pickle, bundled data.
import io
import pickle

import joblib
import numpy as np
import pandas as pd
from sklearn import datasets, exceptions
from sklearn.cluster import DBSCAN, KMeans
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC


def handler(event, context):
    x, y = datasets.load_iris(return_X_y=True)
    train, test, ytrain, ytest = train_test_split(x, y, random_state=0)
    found = {}
    for model in (
        make_pipeline(StandardScaler(), LogisticRegression()),
        RandomForestClassifier(20, random_state=0),
        HistGradientBoostingClassifier(max_iter=5, random_state=0),
        SVC(probability=True, random_state=0),
        KNeighborsClassifier(),
    ):
        found[type(model).__name__] = round(model.fit(train, ytrain).score(test, ytest), 3)
    found["pickle"] = pickle.loads(pickle.dumps(model)).predict(test[:3]).tolist()
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    buffer.seek(0)
    found["joblib"] = joblib.load(buffer).predict(test[:3]).tolist()
    grid = GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=3).fit(*datasets.load_diabetes(return_X_y=True))
    found["grid"] = grid.best_params_
    found["cv"] = cross_val_score(KNeighborsClassifier(), x, y, cv=3).round(3).tolist()
    found["pca"] = PCA(2).fit(x).explained_variance_ratio_.round(3).tolist()
    found["kmeans"] = np.bincount(KMeans(3, n_init=2, random_state=0).fit_predict(x)).sum().item()
    found["dbscan"] = sorted(set(DBSCAN(eps=0.6).fit_predict(x).tolist()))
    found["tfidf"] = TfidfVectorizer(stop_words="english").fit(["the cat sat", "a dog"]).get_feature_names_out().tolist()
    frame = pd.DataFrame({"c": ["a", "b", "a"], "n": [1.0, 2.0, 3.0]})
    columns = make_column_transformer((OneHotEncoder(), ["c"]), (StandardScaler(), ["n"]))
    found["columns"] = np.asarray(columns.fit_transform(frame)).round(3).tolist()
    found["report"] = classification_report([0, 1, 1], [0, 1, 0])
    found["auc"] = float(roc_auc_score([0, 1, 1], [0.1, 0.9, 0.4]))
    found["html"] = len(columns._repr_html_()) > 1000
    try:
        Ridge().predict(x)
    except exceptions.NotFittedError as caught:
        found["error"] = str(caught)[:60]
    return found
