"""Top-k accuracy and reliability bins of scikit-learn and a power law of SciPy,
for tests/how_far.rs.

Run with scikit-learn 1.9.1, scipy 1.17.1 and numpy 2.4.6:
    python how_far.py > how_far.json
"""

import json

import numpy as np
from scipy.optimize import curve_fit
from sklearn.calibration import calibration_curve
from sklearn.metrics import balanced_accuracy_score, precision_score, top_k_accuracy_score

rng = np.random.default_rng(7)

truth = rng.choice(4, 120, p=[0.5, 0.3, 0.15, 0.05])
logits = rng.normal(size=(120, 4)) + 1.2 * np.eye(4)[truth]
p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
predicted = p.argmax(axis=1)
sure = p.max(axis=1)
right, confidence = calibration_curve(predicted == truth, sure, n_bins=5)
filled = np.histogram(sure, bins=np.linspace(0, 1, 6))[0]

laws = []
for ceiling, factor, power, noise in [(0.7, 1.5, 0.4, 0.0), (0.9, 2.0, 0.6, 0.004), (0.55, 3.0, 0.9, 0.004), (0.8, 1.2, 0.3, 0.002)]:
    n = np.array([40.0, 80, 150, 220, 290, 364])
    y = ceiling - factor * n**-power + noise * rng.normal(size=len(n))
    (c, a, b), _ = curve_fit(
        lambda n, c, a, b: c - a * n**-b, n, y, p0=(0.7, 1.0, 0.5), bounds=([-np.inf, 0, 0.05], [1, np.inf, 2]), max_nfev=20000
    )
    laws.append({"photos": n.tolist(), "accuracy": y.tolist(), "at": [float(c - a * m**-b) for m in (364.0, 728.0, 2912.0)]})

print(
    json.dumps(
        {
            "truth": truth.tolist(),
            "probabilities": p.tolist(),
            "top": [float(top_k_accuracy_score(truth, p, k=k, labels=range(4))) for k in (1, 2, 3)],
            "bins": [[float(c), float(r)] for c, r in zip(confidence, right)],
            "filled": [int(n) for n in filled if n > 0],
            "balanced": float(balanced_accuracy_score(truth, predicted)),
            "precision": float(precision_score(truth, predicted, average="macro")),
            "laws": laws,
        }
    )
)
