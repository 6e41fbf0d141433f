"""Makes AnalysisTests/Reference/statistics.json: figures of the statistics of comparisons, by other programs.

    pip install scipy rliable statsmodels 'pandas<3'
    python Tests/statistics_figures.py

Wilcoxon's signed-rank test with ties and zeros, and the BCa bootstrap, by SciPy; the interquartile mean over all runs,
the probability of improvement and performance profiles by rliable, which takes higher as better, so losses are negated;
the pigeonhole bootstrap (Owen 2007) drawn by NumPy, and worked out by hand for two rows and two columns; the two-way
random-effects analysis from the mean squares of statsmodels' analysis of variance, held against published ones.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas
import scipy.stats
import statsmodels.api
import statsmodels.formula.api
from rliable import library, metrics

folder = Path(__file__).parent / "AnalysisTests/Reference"
random = np.random.default_rng(2021)


def wilcoxon(differences, method):
    """Zeros dropped before ranking, as Wilcoxon did; exact where there are neither ties nor many."""
    kept = differences[differences != 0]
    result = scipy.stats.wilcoxon(kept, method=method, correction=method == "asymptotic")
    return {
        "differences": differences.tolist(),
        "pValue": float(result.pvalue),
        "smallerRankSum": float(result.statistic),
        "isExact": method != "asymptotic",
    }


def by_all_signs(differences):
    """The exact distribution of the rank sum, ties or not: SciPy's own, by permutation of all signs."""
    kept = differences[differences != 0]
    ranks = scipy.stats.rankdata(np.abs(kept))
    result = scipy.stats.permutation_test(
        (np.sign(kept) * ranks,), lambda values: np.sum(values[values > 0]), permutation_type="samples",
        n_resamples=np.inf, alternative="two-sided",
    )
    sums = [np.sum(ranks[kept > 0]), np.sum(ranks[kept < 0])]
    return {
        "differences": differences.tolist(),
        "pValue": float(result.pvalue),
        "smallerRankSum": float(min(sums)),
        "isExact": True,
    }


tied = np.round(random.normal(0.3, 1, 14), 0)
signed_rank = [
    wilcoxon(random.normal(0.4, 1, 12), "exact"),
    by_all_signs(tied),
    by_all_signs(np.array([0.0, 0.0, 1, -1, 2, 2, 3, -1, 0.5])),
    wilcoxon(np.round(random.normal(0.2, 1, 120), 1), "asymptotic"),
]

losses = random.lognormal(-1.2, 0.3, 40)
interval = scipy.stats.bootstrap(
    (losses,), np.mean, n_resamples=400_000, batch=1000, method="BCa", rng=np.random.default_rng(1)
).confidence_interval
bca = {"values": losses.tolist(), "low": float(interval.low), "high": float(interval.high),
       "standardError": float(np.std(losses) / np.sqrt(losses.size))}

# Runs × tasks, as rliable has them.
first, second = random.gamma(4, 0.1, (10, 6)), random.gamma(4, 0.11, (7, 6))
second[:3, 0] = first[:3, 0]
thresholds = np.linspace(0.05, 1.2, 24)
agarwal = {
    "first": first.T.tolist(),
    "second": second.T.tolist(),
    "interquartileMean": float(-metrics.aggregate_iqm(-first)),
    "probabilityOfImprovement": float(metrics.probability_of_improvement(-first, -second)),
    "thresholds": thresholds.tolist(),
}
profile, _ = library.create_performance_profile({"first": -first}, -thresholds, reps=10)
agarwal["profile"] = profile["first"].tolist()


def two_way(values):
    """The mean of crossed values with both factors random: mean squares by statsmodels, degrees by Satterthwaite."""
    rows, columns = values.shape
    frame = pandas.DataFrame(
        [(row, column, values[row, column]) for row, column in itertools.product(range(rows), range(columns))],
        columns=["replicate", "student", "value"],
    )
    fit = statsmodels.formula.api.ols("value ~ C(replicate) + C(student)", frame).fit()
    table = statsmodels.api.stats.anova_lm(fit)
    squares = (table["sum_sq"] / table["df"]).to_numpy()
    degrees = table["df"].to_numpy()
    signs = np.array([1, 1, -1])
    # Components below 0 count as 0.
    if squares[0] <= squares[2] or squares[1] <= squares[2]:
        keep = [index for index in (0, 1) if squares[index] > squares[2]] or [2]
        squares, degrees, signs = squares[keep], degrees[keep], np.ones(len(keep))
    total = np.sum(signs * squares)
    satterthwaite = total**2 / np.sum(squares**2 / degrees)
    mean, variance = float(values.mean()), float(total / (rows * columns))
    return {
        "values": values.tolist(),
        "mean": mean,
        "variance": variance,
        "degrees": float(satterthwaite),
        "pValue": float(2 * scipy.stats.t.sf(abs(mean) / np.sqrt(variance), satterthwaite)),
        "meanSquares": [float(value) for value in table["sum_sq"] / table["df"]],
    }


def crossed(rows, columns, row_deviation, column_deviation, rest, mean):
    return (
        mean
        + random.normal(0, row_deviation, (rows, 1))
        + random.normal(0, column_deviation, (1, columns))
        + random.normal(0, rest, (rows, columns))
    )


# Shrout and Fleiss 1979, "Intraclass correlations: uses in assessing rater reliability", table 2: four judges rate six
# targets. Their table 3 has the mean squares: between targets 11.24, between judges 32.49, residual 1.02.
published = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
analyses = [
    two_way(published),
    two_way(crossed(10, 100, 0.01, 0.02, 0.02, -0.012)),
    two_way(crossed(3, 20, 0.0, 0.02, 0.02, -0.004)),
    two_way(crossed(5, 8, 0.03, 0.0, 0.02, 0.02)),
    two_way(np.array([[1.0, -1.0], [-1.0, 1.2]])),
]
assert np.allclose(analyses[0]["meanSquares"], [11.24, 32.49, 1.02], atol=0.005)


def pigeonhole(values, resamples=200_000):
    generator = np.random.default_rng(7)
    rows, columns = values.shape
    means = np.empty(resamples)
    for index in range(resamples):
        row = generator.integers(0, rows, rows)
        column = generator.integers(0, columns, columns)
        means[index] = values[np.ix_(row, column)].mean()
    low, high = np.quantile(means, [0.025, 0.975])
    return {"values": values.tolist(), "low": float(low), "high": float(high), "standardError": float(means.std())}


figures = {
    "about": "SciPy " + scipy.__version__ + ", rliable and statsmodels; made by Tests/statistics_figures.py",
    "signedRank": signed_rank,
    "bca": bca,
    "agarwal": agarwal,
    "twoWay": analyses,
    "pigeonhole": [pigeonhole(crossed(10, 30, 0.01, 0.03, 0.02, 0.3)), pigeonhole(published)],
    "student": [
        {"t": t, "degrees": degrees, "pValue": float(2 * scipy.stats.t.sf(t, degrees)),
         "reach": float(scipy.stats.t.ppf(0.975, degrees))}
        for t in (0.3, 2.1, 9.7) for degrees in (0.7, 1, 3.37, 9, 61.8, 1234.5)
    ],
    "sign": [
        {"wins": wins, "losses": losses, "pValue": float(scipy.stats.binomtest(wins, wins + losses).pvalue)}
        for wins, losses in ((10, 0), (9, 1), (5, 5), (3, 7), (1, 0), (600, 400))
    ],
}
folder.mkdir(exist_ok=True)
(folder / "statistics.json").write_text(json.dumps(figures) + "\n")
print(json.dumps({key: value for key, value in figures.items() if key in ("sign",)}))
print([(a["mean"], a["variance"], a["degrees"], a["pValue"]) for a in analyses])
