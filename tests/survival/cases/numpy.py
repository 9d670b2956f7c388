# requires: numpy==2.2.6
# ci: yes
# Linear algebra, FFT, random streams, polynomials, masked and structured arrays, files, strings, testing.
import io
import os
import tempfile

import numpy as np


def handler(event, context):
    rng = np.random.default_rng(7)
    a = rng.normal(size=(4, 4))
    spectrum = np.abs(np.fft.rfft(np.sin(np.arange(16)))).round(6).tolist()
    solved = np.allclose(np.linalg.solve(a, a @ np.ones(4)), 1)
    roots = np.sort(np.polynomial.Polynomial([6, -5, 1]).roots()).round(6).tolist()
    masked = np.ma.masked_less(np.arange(5), 2).mean()
    people = np.array([("a", 1), ("b", 2)], dtype=[("name", "U5"), ("n", "i4")])
    path = os.path.join(tempfile.mkdtemp(), "x.npz")
    np.savez_compressed(path, a=np.arange(3), p=people)
    with np.load(path) as file:
        loaded = [file["a"].tolist(), file["p"]["name"].tolist()]
    text = np.genfromtxt(io.StringIO("a,b\n1,2\n3,"), delimiter=",", names=True, filling_values=-1)
    legacy = np.random.RandomState(3).randint(0, 100, 3).tolist()
    errors = []
    for call in (
        lambda: np.linalg.inv(np.zeros((2, 2))),
        lambda: np.ones(2) + np.ones(3),
        lambda: np.testing.assert_allclose(1, 2),
        lambda: np.nonsense,
    ):
        try:
            call()
        except Exception as caught:
            errors.append([type(caught).__name__, str(caught)[:60]])
    strings = np.strings.upper(np.array(["a", "ß"])).tolist()
    busy = np.busday_count("2024-01-01", "2024-02-01").item()
    einsum = np.einsum("ij,jk->ik", np.eye(2), np.ones((2, 2))).tolist()
    return [spectrum, solved, roots, float(masked), loaded, text["b"].tolist(), legacy, errors, strings, busy, einsum,
            rng.integers(0, 9, 3).tolist(), repr(np.float32(0.1))]  # fmt: skip
