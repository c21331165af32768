"""statsmodels' exact McNemar test and Newcombe's interval of a difference, for tests/differences.rs.

Run with statsmodels 0.15.0 and numpy 2.4.6:
    python differences.py > differences.json
"""

import json

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep

rng = np.random.default_rng(2023)

pairs = [(0, 0), (1, 0), (0, 5), (0, 6), (10, 2), (10, 3), (37, 37), (52, 31), (180, 120), (900, 800), (3, 1200)]
pairs += [tuple(map(int, rng.integers(0, 60, 2))) for _ in range(20)]
tests = [[a, b, float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)] for a, b in pairs]

# The report's networks beside each other and beside cited works 1 and 2; ends of the range; other counts.
counts = [(47, 92, 26, 92), (47, 92, 18, 92), (26, 92, 18, 92), (47, 92, 63, 150), (47, 92, 18, 56), (18, 56, 63, 150)]
counts += [(0, 10, 10, 10), (10, 10, 10, 10), (0, 7, 0, 9), (1, 1, 0, 1)]
for _ in range(20):
    n, m = (int(rng.integers(1, 500)) for _ in range(2))
    counts.append((int(rng.integers(0, n + 1)), n, int(rng.integers(0, m + 1)), m))
differences = []
for a, n, b, m in counts:
    low, high = confint_proportions_2indep(a, n, b, m, compare="diff", method="newcomb")
    differences.append([a, n, b, m, float(low), float(high)])

print(json.dumps({"mcnemar": tests, "newcombe": differences}))
