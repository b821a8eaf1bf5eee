"""Ranks and metrics of rows with many equal scores.

Written from the definitions: a target's rank is one more than the number of candidates before it.
Candidates with equal scores are in the order of a pseudo-random key of row and item, which is part
of ilora's definition of a rank, so that stored results mean the same on every machine.
"""
import numpy as np

from vectors import save_json

CUTOFFS = [1, 3, 5, 10]
MASK = 2**64 - 1


def mix(z):
    """The finaliser of SplitMix64 on 64 bits."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def tie_key(row, item):
    key = mix((mix((row + 0x9E3779B97F4A7C15) & MASK) + item) & MASK)
    return key - 2**64 if key >= 2**63 else key


def rank(row, target, candidates, scores):
    order = sorted(zip(candidates, scores), key=lambda c: (-c[1], tie_key(row, c[0])))
    return 1 + [item for item, _ in order].index(target)


def gains(ranks, name, cutoff):
    """What each rank adds to a metric."""
    ranks = np.asarray(ranks, dtype=np.float64)
    if name == "mrr":
        return 1 / ranks
    return np.where(ranks <= cutoff, 1.0 if name == "hr" else 1 / np.log2(ranks + 1), 0.0)


def of(ranks):
    """All metrics by the names they have in ilora's files."""
    named = {}
    for cutoff in CUTOFFS:
        for name in ("hr", "ndcg"):
            named[f"{name}@{cutoff}"] = float(gains(ranks, name, cutoff).mean())
    named["mrr"] = float(gains(ranks, "mrr", None).mean())
    return named


def over_ties(rows):
    """The mean of all metrics where every order of equal scores is as likely as any other."""
    each = []
    for row in rows:
        scores = np.array(row["scores"])
        own = scores[row["candidates"].index(row["target"])]
        first = 1 + int((scores > own).sum())
        each.append(of(range(first, first + int((scores == own).sum()))))
    return {name: float(np.mean([metrics[name] for metrics in each])) for name in each[0]}


def make(folder):
    random = np.random.Generator(np.random.PCG64(5))
    rows = []
    for row in range(60):
        candidates = [int(i) for i in random.permutation(1000)[:12]]
        # All equal in some rows, some equal in most, none in the last.
        levels = 1 if row < 6 else 4 if row < 40 else 1000
        scores = [float(s) / 8 for s in random.integers(-levels, levels, 12)]
        if levels == 1:
            scores = [0.25] * 12
        target = candidates[int(random.integers(12))]
        rows.append({"row": row, "target": target, "candidates": candidates, "scores": scores})
    for row in rows:
        row["rank"] = rank(row["row"], row["target"], row["candidates"], row["scores"])
    ranks = [row["rank"] for row in rows]
    ties = over_ties(rows)
    save_json(f"{folder}/rows.json", {"metrics": of(ranks), "over_ties": ties, "rows": rows})
