"""A result in the formats of trec_eval: ``run`` and ``qrels``, over segments.

A document is a segment, "debate:position"; its relevance is its gain, 2^grade - 1, so that trec_eval's ndcg_cut_20 is
our nDCG@20 over segments. Unanswerable questions have no judgement and stand only in the run.
"""

import re
from pathlib import Path

from eval.runs.results import QuestionRecord, Result
from index.files import save_text


def export_trec(result: Result, folder: Path) -> tuple[Path, Path]:
    """``NAME.run`` and ``NAME.qrels`` in ``folder``. Raises FileUnwritable."""
    run, qrels = folder / f"{result.name}.run", folder / f"{result.name}.qrels"
    save_text(run, "".join(_run_lines(record, result.system) for record in result.questions))
    save_text(qrels, "".join(_qrels_lines(record) for record in result.questions))
    return run, qrels


def ranked_segments(record: QuestionRecord) -> list[str]:
    """Each segment of the passages where it comes first."""
    return list(dict.fromkeys(f"{part.debate}:{position}" for part in record.passages for position in part.segments))


def _run_lines(record: QuestionRecord, system: str) -> str:
    """Scores fall by one a rank: those of passages may tie, and trec_eval orders ties by name."""
    ranked = ranked_segments(record)
    return "".join(
        f"{_token(record.question.id)} Q0 {segment} {rank} {len(ranked) - rank + 1} {_token(system)}\n"
        for rank, segment in enumerate(ranked, start=1)
    )


def _qrels_lines(record: QuestionRecord) -> str:
    return "".join(
        f"{_token(record.question.id)} 0 {debate}:{position} {2**grade - 1}\n"
        for debate, position, grade in record.gold_segments
    )


def _token(name: str) -> str:
    """Columns are parted by white space, so none may stand in a name: "q 1" becomes "q%201"."""
    return re.sub(r"[\s%]", lambda sign: f"%{ord(sign[0]):02X}", name)
