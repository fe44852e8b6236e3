"""A debate <-> the parts that are read whole, and the windows that are searched."""

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from index.milvus.blobs import Draft
from index.milvus.client import Row
from index.milvus.schema import TEXT_BYTES, speaker_number, term_number
from index.milvus.state import Entry, Part
from index.originals import packed
from index.pieces.table import PieceTable
from index.pieces.windows import pieces
from index.speakers.corrections import Correction, CorrectionKind
from index.store import Import, IndexedDebate
from index.transcripts.report import ImportReport
from index.types import Attribution, Debate, Origin, Segment, Vectors, Window, WordTime, joined_text
from index.words.bm25 import K1, B

_USUAL_TERMS = 25.0
"""About the mean of a window. The weights that Milvus finds candidates by are made with it, since they are written
once and the true mean moves; the scores that leave are made with the true one (``search.py``)."""
_NO_TERM = {0: 1e-6}
"""A vector may not be empty: a window of stop words has the number of no term."""
_HIGHEST_RUNG = 30

Cut = tuple[int, int, int]
"""A window as its first and last piece, and its width."""


def debate_parts(entry: IndexedDebate, draft: Draft) -> dict[str, Part]:
    """What is read whole, by name. Parts that ``entry`` does not have are left out."""
    parts = {
        **spoken_parts(entry.debate, draft),
        "original": draft.add(packed(entry.base or entry.debate)),
        **term_parts(entry.windows, entry.terms, draft),
    }
    if any(segment.words for segment in entry.debate.segments):
        parts["words"] = draft.add_json(_words_out(entry.debate.segments))
    if entry.origin is not None:
        parts["origin"] = draft.add_json([entry.origin.source, entry.origin.report.to_json()])
    if entry.tokens is not None:
        parts["tokens"] = draft.add(entry.tokens.to_bytes())
    return parts


def term_parts(windows: Sequence[Window], terms: Sequence[Sequence[str]], draft: Draft) -> dict[str, Part]:
    """The terms of the windows in their order, and how many windows hold each."""
    rows = [[cut.first, cut.last, cut.width, " ".join(found)] for cut, found in zip(windows, terms, strict=True)]
    counts = Counter(term for row in rows for term in set(str(row[3]).split()))
    return {"terms": draft.add_json(rows), "counts": draft.add_json(counts)}


def spoken_parts(debate: Debate, draft: Draft) -> dict[str, Part]:
    """What a change of who speaks, or of the fields, changes."""
    return {
        "segments": draft.add_json(_segments_out(debate.segments)),
        "pieces": draft.add(zlib.compress(PieceTable.of(debate).to_bytes())),
    }


def window_rows(version: int, entry: IndexedDebate) -> list[Row]:
    """In the order of the windows, which is their number."""
    parts, speakers = pieces(entry.debate.segments), _speakers_by_index(entry.debate)
    rows = []
    for number, (window, vector, terms) in enumerate(zip(entry.windows, entry.vectors, entry.terms, strict=True)):
        spoken = range(parts[window.first].index, parts[window.last].index + 1)
        names = {speakers[index] for index in spoken if index in speakers}
        rows.append(
            {
                "id": f"{version}-{number}",
                "version": version,
                "number": number,
                "width": window.width,
                "first": window.first,
                "last": window.last,
                "rung": _rung(entry.debate.id, window),
                "speakers": sorted(map(speaker_number, names)),
                "terms": _fitting(terms),
                "vector": stored_vector(vector),
                "weights": _weights(" ".join(terms).split()),
            }
        )
    return rows


def stored_vector(vector: Vectors) -> Vectors:
    """As sixteen bits keep it, as in every store; milvus-lite has no type for these."""
    return vector.astype("<f2").astype(np.float32)


def _speakers_by_index(debate: Debate) -> dict[int, str]:
    return {part.index: part.speaker for part in debate.segments if part.speaker is not None}


def _fitting(terms: Sequence[str]) -> str:
    """As many whole terms as a field holds: a window is some hundred words, but a word has no longest."""
    text = " ".join(terms)
    while len(text.encode()) > TEXT_BYTES:
        text = text[: min(len(text), TEXT_BYTES) * 3 // 4].rpartition(" ")[0]
    return text


def _weights(terms: Sequence[str]) -> Mapping[int, float]:
    """What each term adds to BM25, but for its idf, which is the question's part of the product."""
    length = K1 * (1 - B + B * len(terms) / _USUAL_TERMS)
    found: Counter[int] = Counter(map(term_number, terms))
    return {number: count * (K1 + 1) / (count + length) for number, count in found.items()} or _NO_TERM


def _rung(debate: str, window: Window) -> int:
    """Every window is on rung 0 or above, half of them on 1 or above, and so on, by chance but always the same: an even
    sample is a condition."""
    chance = zlib.crc32(f"{debate} {window.width} {window.first}".encode())
    return (chance & -chance).bit_length() - 1 if chance else _HIGHEST_RUNG


# back


def debate_of(entry: Entry, segments: Sequence[list[Any]], words: Mapping[str, list[list[Any]]]) -> Debate:
    """``segments`` and ``words`` are the contents of those parts."""
    found = entry.summary
    return Debate(
        id=found.id,
        title=found.title,
        segments=tuple(_segment_in(row, words.get(str(row[0]), [])) for row in segments),
        participants=found.participants,
        date=found.date,
        url=found.url,
        language=found.language,
        description=entry.description,
        media=found.media,
    )


def origin_of(row: Sequence[str]) -> Import:
    return Import(row[0], ImportReport.from_json(row[1]))


def windows_of_rows(debate: Debate, rows: Sequence[list[Any]]) -> tuple[list[Window], list[list[str]]]:
    """Each window and its terms, from the content of the part ``terms``."""
    parts = pieces(debate.segments)
    windows = [Window(first, last, width, joined_text(parts[first : last + 1])) for first, last, width, _terms in rows]
    return windows, [row[3].split() for row in rows]


def relabelled(stored: Debate, wanted: Debate) -> Debate:
    """``stored`` with the speakers and the people of ``wanted``."""
    said = {part.index: part.attribution for part in wanted.segments}
    segments = tuple(replace(part, attribution=said[part.index]) for part in stored.segments)
    return replace(stored, participants=wanted.participants, segments=segments)


def corrections_out(corrections: Sequence[Correction]) -> list[Any]:
    return [asdict(one) for one in corrections]


def corrections_in(rows: Sequence[Mapping[str, Any]]) -> list[Correction]:
    return [Correction(**{**row, "kind": CorrectionKind(row["kind"]), "origin": Origin(row["origin"])}) for row in rows]


def _segments_out(segments: Sequence[Segment]) -> list[list[Any]]:
    return [
        [
            *(part.index, part.start, part.end, part.text, part.speaker),
            *(part.attribution.origin, part.attribution.confidence, part.voice),
        ]
        for part in segments
    ]


def _words_out(segments: Sequence[Segment]) -> dict[str, list[list[Any]]]:
    return {
        str(part.index): [[word.start, word.end, word.text] for word in part.words] for part in segments if part.words
    }


def _segment_in(row: Sequence[Any], words: Sequence[list[Any]]) -> Segment:
    index, start, end, text, speaker, origin, confidence, voice = row
    said = Attribution(speaker, Origin(origin), confidence)
    return Segment(index, start, end, text, said, tuple(WordTime(*word) for word in words), voice)
