"""A folder in the layout of BEIR (Thakur et al. 2021): each document is read as a recording of one segment.

    corpus.jsonl        {"_id": "d1", "title": "…", "text": "…"}
    queries.jsonl       {"_id": "q1", "text": "…"}
    qrels.tsv           query-id <tab> corpus-id <tab> score, under a header; or qrels/test.tsv

A document lasts as long as its words take to say. Documents of the highest score answer, other judged ones help; score
0 is not gold. Queries without a judgement are left out.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from eval.suites.questions import GoldQuestion, GoldSpan, invalid, lines_of, read_lines, refuse_repeats
from eval.suites.suite import Recording, Suite
from index.errors import SuiteInvalid
from index.transcripts.segments import plain
from index.types import Debate, Segment
from index.writing.build import slug
from rag.question import language_of

WORDS_A_SECOND = 2.9
"""As the synthetic times of bench/fredsum-dev."""
_SCORE = re.compile(r"-?\d{1,9}")
_LONGEST_ID = 100
_QRELS = ("qrels.tsv", "qrels/test.tsv")


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    id: str = Field(alias="_id", min_length=1)
    title: str = ""
    text: str


class _Query(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    id: str = Field(alias="_id", min_length=1)
    text: str = Field(min_length=1)
    metadata: dict[str, Any] = Field(default_factory=dict)


def is_beir(folder: Path) -> bool:
    return (folder / "corpus.jsonl").is_file()


def read_beir(folder: Path, name: str) -> Suite:
    """Raises QuestionsInvalid with file and line, SuiteInvalid for a missing file, or FileUnreadable."""
    documents = _documents(folder / "corpus.jsonl")
    queries = _queries(folder / "queries.jsonl")
    judged = _judgements(_qrels(folder), queries, documents)
    questions = tuple(_question(query, judged[query.id], documents) for query in queries.values() if query.id in judged)
    return Suite(name, questions, tuple(documents.values()), left_out=len(queries) - len(questions))


def _documents(path: Path) -> dict[str, Recording]:
    """By the corpus' own ids; two that make the same slug are told apart by a number."""
    lines = list(read_lines(path, _Document))
    refuse_repeats(path, [(number, document.id) for number, document in lines])
    found: dict[str, Recording] = {}
    taken: set[str] = set()
    for number, document in lines:
        text = plain(document.text) or plain(document.title)
        if not text:
            raise invalid(path, number, "the document is empty", "le document est vide")
        id_ = _free(slug(document.id), number, taken)
        segment = Segment(0, 0.0, round(len(text.split()) / WORDS_A_SECOND, 3), text)
        title = plain(document.title) or document.id
        found[document.id] = Recording(Debate(id_, title, (segment,), language=language_of(text)))
    return found


def _free(id_: str, number: int, taken: set[str]) -> str:
    """``id_``, or with the number of its line behind it when it is taken."""
    shown = id_
    while shown in taken:
        shown = f"{id_[:_LONGEST_ID]}-line-{number}"
        id_ += "-x"
    taken.add(shown)
    return shown


def _queries(path: Path) -> dict[str, _Query]:
    lines = list(read_lines(path, _Query))
    refuse_repeats(path, [(number, query.id) for number, query in lines])
    for number, query in lines:
        if not plain(query.text):
            raise invalid(path, number, "the query is empty", "la question est vide")
    return {query.id: query for _number, query in lines}


def _qrels(folder: Path) -> Path:
    path = next((folder / name for name in _QRELS if (folder / name).is_file()), None)
    if path is None:
        raise SuiteInvalid(suite=str(folder), reason="it has no qrels.tsv", reason_fr="il y manque qrels.tsv")
    return path


def _judgements(
    path: Path, queries: Mapping[str, object], documents: Mapping[str, object]
) -> dict[str, dict[str, int]]:
    """Query id -> document id -> score above 0. The first line is a header unless it ends with a number."""
    scores: dict[tuple[str, str], int] = {}
    for at, (number, line) in enumerate(lines_of(path)):
        cells = [cell.strip() for cell in line.split("\t")]
        if at == 0 and not _SCORE.fullmatch(cells[-1]):
            continue
        if len(cells) != 3 or not _SCORE.fullmatch(cells[2]):
            reason, reason_fr = "a line is query-id, corpus-id, score", "une ligne est query-id, corpus-id, score"
            raise invalid(path, number, reason, reason_fr)
        query, document, score = cells
        for id_, known in ((query, queries), (document, documents)):
            if id_ not in known:
                raise invalid(path, number, f"“{id_}” is unknown", f"« {id_} » est inconnu")
        if (query, document) in scores:
            raise invalid(path, number, f"“{document}” is judged twice", f"« {document} » est jugé deux fois")
        scores[query, document] = int(score)
    found: dict[str, dict[str, int]] = {}
    for (query, document), value in scores.items():
        if value > 0:
            found.setdefault(query, {})[document] = value
    return found


def _question(query: _Query, judged: Mapping[str, int], documents: Mapping[str, Recording]) -> GoldQuestion:
    highest = max(judged.values())
    gold = tuple(
        GoldSpan(
            debate=documents[id_].debate.id,
            start=0.0,
            end=documents[id_].debate.segments[0].end,
            grade=2 if score == highest else 1,
        )
        for id_, score in sorted(judged.items())
    )
    return GoldQuestion(
        id=query.id,
        question=plain(query.text),
        lang=language_of(query.text),
        category=str(query.metadata.get("category", "other")),
        answerable=True,
        gold=gold,
    )
