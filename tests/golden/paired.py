"""Two methods in the same cross-validation, by scipy, baycomp and statsmodels: paired.json.

Run with baycomp, scipy and statsmodels installed: python paired.py > paired.json
(baycomp 1.0.3, scipy 1.17, statsmodels 0.15, numpy 2.4)
"""

import json
import sys

import numpy as np
from baycomp import CorrelatedTTest
from scipy.stats import permutation_test, t, ttest_1samp, ttest_rel
from statsmodels.stats.weightstats import DescrStatsW

rng = np.random.default_rng(1)
CLASSES, FOLDS = 3, 5
SIGN_FLIPS = 100_000


def case(photos, repeats, skill_a, skill_b):
    truth = rng.integers(0, CLASSES, photos)
    folds = np.array([rng.permutation(np.arange(photos) % FOLDS) for _ in range(repeats)])
    easy = rng.random(photos)
    said = []
    for skill in (skill_a, skill_b):
        right = rng.random((repeats, photos)) < np.clip(skill + 0.6 * (easy - 0.5), 0, 1)
        said.append(np.where(right, truth, (truth + 1 + rng.integers(0, CLASSES - 1, (repeats, photos))) % CLASSES))
    a, b = (s == truth for s in said)

    # By photo: the mean over the repeats is one number a photo.
    of_photos = a.mean(0) - b.mean(0)
    by_photo = ttest_rel(a.mean(0), b.mean(0))
    interval = by_photo.confidence_interval(0.95)
    alone = ttest_1samp(of_photos, 0)
    described = DescrStatsW(of_photos)
    assert np.isclose(alone.pvalue, by_photo.pvalue, rtol=1e-12) and np.isclose(described.ttest_mean(0)[1], by_photo.pvalue, rtol=1e-12)
    assert np.allclose(described.tconfint_mean(0.05), interval, rtol=1e-12)
    # The same question without a distribution: each photo's difference might as well have the other sign. Sums of so few
    # photos take few values: those equal to what was seen count half (the mid-p-value), as a continuous distribution has it.
    flips = permutation_test(
        (of_photos,), np.mean, permutation_type="samples", n_resamples=SIGN_FLIPS, rng=np.random.default_rng(2)
    )
    seen, drawn = round(abs(flips.statistic), 9), np.abs(flips.null_distribution).round(9)
    mid_p = (drawn > seen).mean() + (drawn == seen).mean() / 2

    # By fold: numbers of right answers over the mean size of a fold, which are accuracies where folds are of one size.
    accuracies = lambda right: np.array([right[r][folds[r] == f].sum() for r in range(repeats) for f in range(FOLDS)]) / (photos / FOLDS)
    x, y = accuracies(a), accuracies(b)
    test = CorrelatedTTest(y, x, runs=repeats)  # it takes the second less the first
    statistic = test.mean / np.sqrt(test.var)
    return {
        "truth": truth.tolist(),
        "folds": folds.tolist(),
        "said": [s.tolist() for s in said],
        "difference": float(a.mean() - b.mean()),
        "low": float(interval.low),
        "high": float(interval.high),
        "t_by_photo": float(by_photo.statistic),
        "p_by_photo": float(by_photo.pvalue),
        "p_by_sign_flips": float(mid_p),
        "mean": float(test.mean),
        "t_by_fold": float(statistic),
        "freedom": int(test.df),
        "p_by_fold": float(2 * t.sf(abs(statistic), test.df)),
    }


CASES = [(60, 5, 0.7, 0.5), (43, 5, 0.5, 0.55), (50, 2, 0.6, 0.5), (31, 1, 0.4, 0.7), (455, 5, 0.62, 0.6), (455, 3, 0.63, 0.6)]
json.dump({"sign_flips": SIGN_FLIPS, "cases": [case(*numbers) for numbers in CASES]}, sys.stdout)
