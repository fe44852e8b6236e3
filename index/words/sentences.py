"""Where sentences end, in French and English transcripts.

By hand because sentencex 1.0 ends a sentence after « M. » in « M. Macron » and after « J. » in « J.-B. Kempf », and
pysbd, which does not, has had no release since 2021. Limit: a transcript without punctuation is one sentence; callers
then cut by words.
"""

import re

# A full stop after these ends no sentence; single capitals (initials) are met by the pattern itself.
_ABBREVIATIONS = frozenset(
    """
    m mm mr mrs ms mme mmes mlle mlles dr drs pr prof me st ste sr jr av bd art al cf ex fig vol chap éd ed env
    min max tél no vs approx dept gov sen rep hon inc ltd
    """.split()
)
_END = re.compile(r"[.!?…]+[\"”’)\]]*(?:\s?»)?(?=\s)")
_LAST_WORD = re.compile(r"([^\W\d_]+)\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """``(begin, end)`` of each sentence of single-spaced ``text``, in order, without the spaces between them.

    >>> [text[a:b] for text in ["Il dit oui. M. Macron ? Non…"] for a, b in sentence_spans(text)]
    ['Il dit oui.', 'M. Macron ?', 'Non…']
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if _ends_sentence(text, match):
            spans.append((begin, match.end()))
            begin = match.end() + 1
    if begin < len(text):
        spans.append((begin, len(text)))
    return spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Not after an abbreviation or an initial, and not before punctuation that belongs to the same sentence."""
    following = text[match.end() + 1 : match.end() + 2]
    if following and following in "»!?…:;,":
        return False
    if match.group() != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.end() - 24), match.end())  # no abbreviation is longer
    return word is None or not (word[1].lower() in _ABBREVIATIONS or (len(word[1]) == 1 and word[1].isupper()))
