"""What every store scores words by: BM25 as SQLite's FTS5 computes it.

Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond.
"""

import math

K1, B = 1.2, 0.75
"""What a term adds stays below idf * (K1 + 1)."""
_LEAST_IDF = 1e-6


def idf(count: int, windows: int) -> float:
    """Of a term that stands in ``count`` of ``windows``; positive, also where it stands in most."""
    found = math.log((windows - count + 0.5) / (count + 0.5))
    return found if found > 0 else _LEAST_IDF
