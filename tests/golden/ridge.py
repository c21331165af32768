"""Ridge regression, leaving out photos with their mirrored copies, and temperatures: ridge.json.

Run with scikit-learn and scipy installed: python ridge.py > ridge.json
(scikit-learn 1.9, scipy 1.17, numpy 2.4)
"""

import json
import sys

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(1)
PHOTOS, TEST, CLASSES = 14, 5, 3
PENALTIES = [0.02, 0.5, 7.0]

labels = np.array([i % CLASSES for i in range(PHOTOS)])
centres = [rng.normal(size=(CLASSES, columns)) for columns in (40, 7)]


def block(centres, scale):
    """Training photos, their mirrored copies, test photos; one column never varies."""
    photos = centres[labels] + rng.normal(size=(PHOTOS, centres.shape[1]))
    mirrored = photos + 0.4 * rng.normal(size=photos.shape)
    test = rng.normal(size=(TEST, centres.shape[1])) + centres[rng.integers(0, CLASSES, TEST)]
    rows = np.round(scale * np.concatenate([photos, mirrored, test]) + 3, 3)
    rows[:, -1] = 5
    return rows.astype(np.float32)


blocks = [block(centres[0], 1.0), block(centres[1], 30.0)]
train = np.arange(2 * PHOTOS)
targets = np.eye(CLASSES)[np.concatenate([labels, labels])]
groups = np.concatenate([np.arange(PHOTOS), np.arange(PHOTOS)])


def scaled(scaling):
    """Both blocks side by side, so that the scalar products of the rows are the kernel."""
    out = []
    for rows in blocks:
        rows = rows.astype(np.float64)
        rows = StandardScaler(with_std=scaling == "standardised").fit(rows[train]).transform(rows)
        out.append(rows / np.sqrt((rows[train] ** 2).sum(1).mean() * len(blocks)))
    return np.concatenate(out, axis=1)


cases = []
for scaling in ["standardised", "centred"]:
    rows = scaled(scaling)
    for penalty in PENALTIES:
        test = Ridge(penalty).fit(rows[train], targets).predict(rows[2 * PHOTOS :])
        left_out = np.zeros_like(targets)
        for photo in range(PHOTOS):
            asked = groups == photo
            left_out[asked] = Ridge(penalty).fit(rows[train][~asked], targets[~asked]).predict(rows[train][asked])
        alone = RidgeCV([penalty], store_cv_results=True).fit(rows[train], targets)
        cases.append(
            {
                "scaling": scaling,
                "penalty": penalty,
                "test": test.tolist(),
                "left_out": left_out.tolist(),
                "squared_errors_alone": alone.cv_results_[:, :, 0].tolist(),
            }
        )

scores = rng.normal(size=(40, 4))
truth = np.where(rng.random(40) < 0.6, scores.argmax(1), rng.integers(0, 4, 40))
loss = lambda log_temperature: log_loss(truth, softmax(scores / np.exp(log_temperature), axis=1), labels=range(4))
found = minimize_scalar(loss, bounds=(-5, 5), method="bounded", options={"xatol": 1e-10})

json.dump(
    {
        "blocks": [[[float(f"{v:.3f}") for v in row] for row in rows] for rows in blocks],
        "photos": PHOTOS,
        "targets": targets.tolist(),
        "groups": groups.tolist(),
        "cases": cases,
        "temperature": {
            "scores": scores.tolist(),
            "labels": truth.tolist(),
            "temperature": float(np.exp(found.x)),
            "loss": float(found.fun),
        },
    },
    sys.stdout,
)
