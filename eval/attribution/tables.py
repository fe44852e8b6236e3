"""What ``qdq eval speakers`` finds, gathered and as text: each mode, each trial of voices, the text alone, labels."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.attribution.heard_words import Sure
from eval.attribution.hearing import HearingRow, pooled
from eval.attribution.held_out import Judged, leave_one_out
from eval.attribution.labelling import LabellingRow, labelling_rows
from eval.attribution.modes import ModeRow, mode_rows
from eval.attribution.recordings import gold_debates
from eval.attribution.text import CoverageRow, TextRow, coverage, text_row
from eval.attribution.voices import VoiceRow, measure_voices, read_told
from eval.measures.speakers import SpeakerMeasures
from eval.suites.native import read_folder
from index.errors import Language
from index.speakers.suggest import suggest
from index.speakers.suggest.turn_model import load_model
from index.transcripts.limits import Limits
from index.types import Progress

LABELS = (0, 1, 3, 5, 8, 12)
"""Answers after which the share of right words is told."""


@dataclass(frozen=True, slots=True)
class SpeakerTables:
    """``held_out``: the weights of the text were fitted again without each debate; else they are those that ship."""

    held_out: bool
    modes: tuple[ModeRow, ...]
    voices: tuple[VoiceRow, ...]
    text: tuple[TextRow, ...]
    coverage: tuple[CoverageRow, ...]
    labels: tuple[LabellingRow, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def speaker_tables(
    folder: Path, limits: Limits, *, held_out: bool = False, progress: Progress | None = None
) -> SpeakerTables:
    """Over the recordings of a suite whose speakers are known. Raises a QdqError."""
    debates = [recording.debate for recording in read_folder(folder, folder.name, limits=limits).recordings]
    told = progress or (lambda _stage, _done, _total: None)
    modes = []
    for done, debate in enumerate(debates):
        told("speakers", done, len(debates) + 2)
        modes += list(mode_rows([debate]))
    told("speakers", len(debates), len(debates) + 2)
    voices = measure_voices(read_told(folder), lambda _debate: None, repeats=1)
    told("speakers", len(debates) + 1, len(debates) + 2)
    judged = _judged(folder, held_out)
    labels = [row for one in judged for row in _labels(one)]
    told("speakers", len(debates) + 2, len(debates) + 2)
    return SpeakerTables(
        held_out, tuple(modes), tuple(voices), tuple(map(text_row, judged)), tuple(coverage(judged)), tuple(labels)
    )


def _judged(folder: Path, held_out: bool) -> list[Judged]:
    gold = gold_debates(folder)
    if held_out:
        return leave_one_out(gold)
    model = load_model()
    return [Judged(one, model, suggest(one.segments, one.participants, model=model)) for one in gold]


def _labels(judged: Judged) -> Iterator[LabellingRow]:
    rows = labelling_rows(judged.debate, judged.model, max(LABELS))
    return (row for row in rows if row.labels in LABELS)


def tables_text(tables: SpeakerTables, language: Language) -> str:
    """Shares of words in [0, 1], a table after the other."""
    french = language == "fr"
    parts = [
        _table(
            "Locuteurs par mode" if french else "Speakers by mode",
            ["", "right", "named", "right of all", "turn F1"],
            [[f"{row.debate} {row.mode}", *_numbers(*_of_mode(row.measures))] for row in tables.modes],
        ),
        _table(
            "Voix anonymes" if french else "Anonymous voices",
            ["", "voices right", "wrong", "role", "words right", "wrong"],
            [[f"{row.kind} ({row.trials})", *_numbers(*_of_voices(row))] for row in tables.voices],
        ),
        _table(
            "Texte seul" if french else "Text alone",
            ["", "change F1", "host F1", "identity", "top speaker", "name rule", "shown", "shown right"],
            [[row.debate, *_numbers(*_of_text(row))] for row in tables.text],
        ),
        _table(
            "Confiance et couverture" if french else "Confidence and coverage",
            ["from", "shown", "right"],
            [_numbers(row.threshold, row.covered, row.right) for row in tables.coverage],
        ),
        _table(
            "Réponses d'une personne" if french else "Answers of a person",
            ["", "answers", "right", "seconds"],
            [[row.debate, str(row.labels), *_numbers(row.accuracy, row.seconds)] for row in tables.labels],
        ),
    ]
    return "\n\n".join(parts)


def hearing_text(rows: Sequence[HearingRow], language: Language) -> str:
    """Each condition over all its debates, then each debate; ``x`` is how many times faster than it is heard."""
    french = language == "fr"
    colon = " :" if french else ":"
    refused = [f"{row.debate}, {row.condition}{colon} {row.refused}" for row in rows if row.refused]
    head = ["right", "wrong", "role", "perfect", "in voice", "speakers", "voices", "x"]
    return "\n\n".join(
        [
            _table(
                "Voix d'enregistrements fabriqués" if french else "Voices of made recordings",
                ["", *head],
                [[f"{row.condition} ({row.words})", *_of_sound(row)] for row in pooled(rows)],
            ),
            _table(
                "Débat par débat" if french else "Debate by debate",
                ["", *head],
                [[f"{row.debate} {row.condition}", *_of_sound(row)] for row in rows],
            ),
            _table(
                "Confiance des noms" if french else "Confidence of the names",
                ["from", "words", "told", "right"],
                [[f"{row.condition} {one.least:.2f}", *_of_sure(one)] for row in pooled(rows) for one in row.sure],
            ),
            *(["\n".join(["Refusés" if french else "Refused", *refused])] if refused else []),
        ]
    )


def hearing_dict(rows: Sequence[HearingRow]) -> dict[str, Any]:
    """``hearing``: a row for each condition and debate; ``pooled``: one for each condition, over all its words."""
    return {"hearing": [asdict(row) for row in rows], "pooled": [asdict(row) for row in pooled(rows)]}


def _of_sound(row: HearingRow) -> list[str]:
    shares = _numbers(row.right, row.wrong, row.role, row.perfect, row.in_voice)
    return [*shares, str(row.speakers), str(row.voices), f"{row.seconds / max(row.took, 1e-3):.0f}"]


def _of_sure(one: Sure) -> list[str]:
    shares = (one.expected / one.words, one.right / one.words) if one.words else (None, None)
    return [str(one.words), *_numbers(*shares)]


def _of_mode(found: SpeakerMeasures) -> tuple[float, ...]:
    return found.accuracy, found.coverage, found.accuracy_100, found.turn_f1


def _of_voices(row: VoiceRow) -> tuple[float, ...]:
    return row.right, row.wrong, row.role, row.words_right, row.words_wrong


def _of_text(row: TextRow) -> tuple[float | None, ...]:
    names = row.identity, row.top_speaker, row.name_rule
    return row.change_f1, row.host_f1, *names, row.shown, row.shown_right


def _numbers(*values: float | None) -> list[str]:
    return ["–" if value is None else f"{value:.3f}" for value in values]


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "  ".join(f"{row[0]:{widths[0]}}" if not at else f"{cell:>{widths[at]}}" for at, cell in enumerate(row))
        for row in cells
    ]
    return "\n".join([title, *lines])
