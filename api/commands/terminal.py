"""What the command line prints: for people here, as JSON in the shapes of ``schemas.py``."""

import sys
from collections.abc import Sequence
from datetime import datetime

from index.errors import Language
from index.times import format_range, format_time
from index.transcripts.report import ImportReport, NoteKind, first_of_each_kind
from index.types import DebateSummary, Origin, Segment
from index.writing.batch import Outcome
from index.writing.build import Added
from index.writing.renaming import Person
from rag.enrolled.file import Enrolled
from rag.label_with_llm import ModelLabels
from rag.records import Record, RecordSummary
from rag.standing import Standing, Stood
from rag.types import Answer, Citation, Context

_NOTES_SHOWN = 5
_OF_THE_SOUND = (NoteKind.NOT_HEARD, NoteKind.VOICES_OF_FILE, NoteKind.RECORDING_UNPROVEN)
"""What is told at once of a file with a recording."""
_DIM = "\x1b[2m{}\x1b[22m"


def answer_text(answer: Answer, language: Language) -> str:
    """The answer as it is, each quote under the question that it answers, then its confidence and where each quote
    stands."""
    percent = int(100 * answer.confidence)  # downwards: 99.6 is not certain
    confidence = f"Confiance : {percent} %" if language == "fr" else f"Confidence: {percent}%"
    told = _with_questions(answer, language)
    return "\n".join([told, "", confidence, "", citations_text(answer.citations, language)]).rstrip()


def _with_questions(answer: Answer, language: Language) -> str:
    """A question is told once, dimmed on a screen, and not where the answer itself tells it."""
    lines: list[str] = []
    for line in answer.answer.split("\n"):
        for context in [one.context for one in answer.citations if one.context and _quotes(line, one)]:
            question = _question_text(context, language)
            if question not in lines and context.text not in answer.answer:
                lines.append(question)
        lines.append(line)
    return "\n".join(lines)


def _quotes(line: str, citation: Citation) -> bool:
    return f"[{citation.n}]" in line and citation.quote in line


def _question_text(context: Context, language: Language) -> str:
    who, moment = context.speaker or _unknown(language), format_time(context.start)
    text = f"« {context.text} » ({who}, {moment})" if language == "fr" else f"“{context.text}” ({who}, {moment})"
    return _DIM.format(f"  {text}") if sys.stdout.isatty() else f"  {text}"


def _unknown(language: Language) -> str:
    return "locuteur inconnu" if language == "fr" else "unknown speaker"


def citations_text(citations: Sequence[Citation], language: Language) -> str:
    """A line each: number, time, speaker with the origin of the name, debate, link."""
    return "\n".join(
        f"[{citation.n}] {format_range(citation.start, citation.end)}  {_speaker(citation, language)}  "
        f"{citation.debate}  {citation.video_url or citation.permalink}"
        for citation in citations
    )


def records_text(records: Sequence[RecordSummary], language: Language) -> str:
    """A line each: id, local time, question."""
    none = "Aucune réponse conservée." if language == "fr" else "No answer is kept."
    lines = [f"{one.id}  {one.created.astimezone():%Y-%m-%d %H:%M}  {one.question}" for one in records]
    return "\n".join(lines) or none


def record_text(record: Record, stood: Sequence[Stood], language: Language) -> str:
    """When it was given, the answer, then which of its citations no longer stand as they did."""
    told = [_stood_line(one, language) for one in stood if one.standing is not Standing.UNCHANGED]
    head = f"{record.id}  {record.created.astimezone():%Y-%m-%d %H:%M}  {record.answer.question}"
    return "\n".join([head, "", answer_text(record.answer, language), *([""] if told else []), *told])


_STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.UNCHANGED: ("inchangé", "unchanged"),
    Standing.MOVED: ("les mêmes mots sont maintenant à {link}", "the same words are now at {link}"),
    Standing.CHANGED: ("ces mots ne sont plus dans le débat", "these words are no longer in the debate"),
    Standing.GONE: ("le débat a été retiré", "the debate was removed"),
}


def _stood_line(stood: Stood, language: Language) -> str:
    text = _STANDINGS[stood.standing][0 if language == "fr" else 1].format(link=stood.permalink)
    return f"[{stood.n}] {text}"


def passages_text(citations: Sequence[Citation], language: Language) -> str:
    """Each passage whole, under its line."""
    lines = citations_text(citations, language).split("\n")
    return "\n\n".join(f"{line}\n{citation.text}" for line, citation in zip(lines, citations, strict=False))


_ORIGINS: dict[Origin, tuple[str, str]] = {
    Origin.LABELLED: ("étiqueté", "labelled"),
    Origin.CORRECTED: ("corrigé", "corrected"),
    Origin.VOICE: ("voix", "voice"),
    Origin.MODEL: ("modèle", "model"),
    Origin.SUGGESTED: ("suggéré", "suggested"),
    Origin.UNKNOWN: ("", ""),
}


def origin_text(origin: Origin, language: Language) -> str:
    """Where a name comes from, in a word."""
    return _ORIGINS[origin][0 if language == "fr" else 1]


def _speaker(citation: Citation, language: Language) -> str:
    if citation.speaker is None:
        return _unknown(language)
    origin = origin_text(citation.attribution, language)
    return f"{citation.speaker} ({origin})"


def debates_text(debates: Sequence[DebateSummary], language: Language) -> str:
    if not debates:
        french = "Aucun débat : ajoutez une transcription avec « qdq add FICHIER »."
        return french if language == "fr" else "No debate: add a transcript with “qdq add FILE”."
    return "\n".join(_debate_line(debate, language) for debate in debates)


def _debate_line(debate: DebateSummary, language: Language) -> str:
    known = debate.labelled_words / debate.words
    words = f"{debate.words} mots" if language == "fr" else f"{debate.words} words"
    speakers = f"{known:.0%} attribués" if language == "fr" else f"{known:.0%} attributed"
    day = debate.date.isoformat() if debate.date else "–"
    return f"{debate.id}  {day}  {format_time(debate.duration)}  {words}, {speakers}  {debate.title}"


def added_text(added: Added, language: Language) -> str:
    """One line, and what to install where a recording could not be listened to; what was mended or dropped is kept with
    the debate."""
    done = (("ajouté", "added"), ("remplacé", "replaced"))[added.replaced][language != "fr"]
    line = report_line(f"{added.debate.id} {done}", added.report, language)
    if added.voices:
        names = ", ".join(f"{one.voice} = {one.speaker or '?'}" for one in added.voices)
        line += f" ; voix : {names}" if language == "fr" else f"; voices: {names}"
    if added.lost:
        count = len(added.lost)
        plural = "s" if count > 1 else ""
        french, english = f" ; {count} correction{plural} sans place", f"; {count} correction{plural} without a place"
        line += french if language == "fr" else english
    sounded = [note.message(language) for note in added.report.notes if note.kind in _OF_THE_SOUND]
    return "\n".join([line, *(f"  {message}" for message in sounded)])


def outcome_text(outcome: Outcome, language: Language) -> str:
    """What became of a file, as ``added_text``, or in one line."""
    if outcome.error is not None:
        return outcome.error.message(language)
    if outcome.added is None:
        return f"{outcome.unchanged} : inchangé" if language == "fr" else f"{outcome.unchanged}: unchanged"
    return added_text(outcome.added, language)


def outcomes_text(outcomes: Sequence[Outcome], language: Language) -> str:
    """How many were added, unchanged and refused."""
    failed = sum(outcome.error is not None for outcome in outcomes)
    unchanged = sum(outcome.unchanged is not None for outcome in outcomes)
    added = len(outcomes) - failed - unchanged
    if language == "fr":
        return f"{added} ajoutés, {unchanged} inchangés, {failed} refusés"
    return f"{added} added, {unchanged} unchanged, {failed} refused"


def report_line(name: str, report: ImportReport, language: Language) -> str:
    """What was read, in one line."""
    who = ", ".join(report.speakers) or ("locuteurs inconnus" if language == "fr" else "speakers unknown")
    words, colon = ("mots", " : ") if language == "fr" else ("words", ": ")
    line = (
        f"{name}{colon}{report.format}, {report.encoding}, {report.segments} segments, {report.words} {words}, "
        f"{format_range(report.first, report.last)}, {who}"
    )
    if not report.notes:
        return line
    noted = "remarque" if language == "fr" else "note"
    return f"{line}, {len(report.notes)} {noted}{'s' if len(report.notes) > 1 else ''}"


def report_text(name: str, report: ImportReport, language: Language) -> str:
    """That line, then what was mended or dropped: the first of each kind, and how many more there are."""
    lines = [report_line(name, report, language)]
    for notes, more in first_of_each_kind(report.notes, _NOTES_SHOWN):
        lines += [f"  {note.message(language)}" for note in notes]
        if more:
            lines.append(f"  … et {more} de même (--json)" if language == "fr" else f"  … and {more} alike (--json)")
    return "\n".join(lines)


def people_text(people: Sequence[Person], alike: Sequence[tuple[str, str]], language: Language) -> str:
    """A line a person with their debates and merged names, then who may be one."""
    lines = []
    for person in people:
        also = f" (= {', '.join(person.names)})" if person.names else ""
        lines.append(f"{person.name}{also}  {', '.join(person.debates)}")
    for one, other in alike:
        lines.append(
            f'« {one} » et « {other} » sont peut-être une personne : qdq people merge "{one}" --into "{other}"'
            if language == "fr"
            else f'“{one}” and “{other}” may be one person: qdq people merge "{one}" --into "{other}"'
        )
    return "\n".join(lines)


def enrolled_text(people: Sequence[Enrolled], language: Language) -> str:
    """A line a person: since when, from which debate."""
    none = "Aucune voix n'est gardée." if language == "fr" else "No voice is kept."
    lines = [f"{one.name}  {datetime.fromtimestamp(one.created):%Y-%m-%d %H:%M}  {one.debate}" for one in people]
    return "\n".join(lines) or none


def model_labels_text(labels: ModelLabels, language: Language) -> str:
    """How many segments were named, what failed, and what is to be done with it."""
    named, asked = len(labels.suggested), labels.asked
    lines = [
        f"{labels.model} : {named} segments nommés sur {asked}, à confirmer avec qdq label"
        if language == "fr"
        else f"{labels.model}: {named} of {asked} segments named, to be confirmed with qdq label"
    ]
    lines += [f"  {piece.first}–{piece.last} : {piece.error.message(language)}" for piece in labels.failed]
    return "\n".join(lines)


def segments_text(segments: Sequence[Segment]) -> str:
    """The transcript, with the speaker where it changes."""
    lines: list[str] = []
    speaker: str | None = ""
    for segment in segments:
        if segment.speaker != speaker:
            speaker = segment.speaker
            lines.append(f"\n{speaker or '?'}")
        lines.append(f"  {format_time(segment.start)}  {segment.text}")
    return "\n".join(lines).strip("\n")
