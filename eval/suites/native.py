"""A folder of debates and questions, or a file of questions to the user's own index.

    my-suite/
      questions.jsonl              or questions.NAME.jsonl, as many as there are sets
      debates/evening.srt          any format that ``qdq add`` reads
      debates/evening.speakers.tsv its side file, when there is one (or .csv)

A question names a debate by its file's name without the ending, or by the id that this makes ("Evening_1" or
"evening-1").
"""

from collections.abc import Iterable, Mapping, Sequence
from glob import escape
from pathlib import Path

from eval.suites.questions import GoldQuestion, GoldSpan, invalid, read_questions, refuse_repeats
from eval.suites.suite import Recording, Suite
from index.errors import SuiteInvalid, listed
from index.speakers.names import canonical
from index.transcripts.limits import Limits
from index.types import Debate
from index.writing.build import Details, read_debate, slug
from rag.engine import Engine

_SIDE_FILE = ".speakers"
_LATE = 1.0
"""Seconds by which a span may pass the end of a recording, whose last segment has an estimated end in most formats."""


def read_folder(folder: Path, name: str, *, limits: Limits) -> Suite:
    """Raises QuestionsInvalid with file and line, SuiteInvalid, or a TranscriptError."""
    files = sorted(folder.glob("questions*.jsonl"))
    recordings = [_recording(path, limits) for path in _transcripts(folder / "debates")]
    if not files or not recordings:
        reason, reason_fr = "it has no questions*.jsonl or no debates/", "il y manque questions*.jsonl ou debates/"
        raise SuiteInvalid(suite=str(folder), reason=reason, reason_fr=reason_fr)
    names = {recording.path.stem: recording.debate for recording in recordings if recording.path}
    ids = {recording.debate.id: recording.debate for recording in recordings}
    if len(ids) < len(recordings):
        reason, reason_fr = "two debates have the same id", "deux débats ont le même identifiant"
        raise SuiteInvalid(suite=str(folder), reason=reason, reason_fr=reason_fr)
    questions, sets = _questions(files, names | ids)
    return Suite(name, questions, tuple(recordings), sets)


def read_file(path: Path, engine: Engine) -> Suite:
    """Questions to the debates of ``engine``, whose labels are taken for gold. Raises QuestionsInvalid."""
    debates = {summary.id: engine.debate(summary.id) for summary in engine.debates()}
    questions, sets = _questions([path], debates)
    recordings = tuple(Recording(debate) for debate in debates.values())
    return Suite(path.stem, questions, recordings, sets, home=engine.settings.home)


def _transcripts(folder: Path) -> list[Path]:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in files if path.is_file() and path.name[0] != "." and not path.stem.endswith(_SIDE_FILE)]


def _recording(path: Path, limits: Limits) -> Recording:
    known = next((other for other in sorted(path.parent.glob(f"{escape(path.stem)}{_SIDE_FILE}.*"))), None)
    debate, _report = read_debate(path, Details(id=slug(path.stem), speakers=known), limits=limits)
    return Recording(debate, path, known)


def _questions(files: Sequence[Path], debates: Mapping[str, Debate]) -> tuple[tuple[GoldQuestion, ...], dict[str, str]]:
    """The questions of all ``files`` with the debates' ids in their gold, and the set that each belongs to."""
    found: list[GoldQuestion] = []
    taken: dict[str, str] = {}
    sets: dict[str, str] = {}
    for path in files:
        lines = read_questions(path)
        refuse_repeats(path, [(number, question.id) for number, question in lines], taken)
        for number, question in lines:
            found.append(_resolved(question, debates, path, number))
            taken[question.id] = f"{path.name}:{number}"
            sets[question.id] = path.name.removesuffix(".jsonl").removeprefix("questions.")
    return tuple(found), sets


def _resolved(question: GoldQuestion, debates: Mapping[str, Debate], path: Path, line: int) -> GoldQuestion:
    gold = tuple(_span(span, debates, path, line) for span in question.gold)
    speaker = question.speaker and _speaker(question.speaker, [debates[span.debate] for span in gold], path, line)
    return question.model_copy(update={"gold": gold, "speaker": speaker})


def _span(span: GoldSpan, debates: Mapping[str, Debate], path: Path, line: int) -> GoldSpan:
    debate = debates.get(span.debate)
    if debate is None:
        known = listed(sorted({debate.id for debate in debates.values()}))
        reason = f"there is no debate “{span.debate}”, but {known}"
        raise invalid(path, line, reason, f"il n'y a pas de débat « {span.debate} », mais {known}")
    duration = max((segment.end for segment in debate.segments), default=0.0)
    if span.end > duration + _LATE:
        moment = f"{span.start:g}–{span.end:g} s"
        reason = f"the span {moment} lies outside {debate.id}, which lasts {duration:g} s"
        raise invalid(path, line, reason, f"le passage {moment} sort de {debate.id}, qui dure {duration:g} s")
    if not debate.between(span.start, span.end):
        moment = f"{span.start:g}–{span.end:g} s"
        raise invalid(path, line, f"nothing is said at {moment}", f"rien n'est dit à {moment}")
    return span.model_copy(update={"debate": debate.id})


def _speaker(name: str, debates: Iterable[Debate], path: Path, line: int) -> str:
    """The name as the labels have it; a slip would count every answer as somebody else's words."""
    labelled = [{segment.speaker for segment in debate.segments} - {None} for debate in debates]
    names = sorted({speaker for speakers in labelled for speaker in speakers if speaker})
    found = canonical(name, names)
    if labelled and all(labelled) and found not in names:
        reason = f"nobody is labelled “{name}”, but {listed(names)}"
        raise invalid(path, line, reason, f"personne n'est étiqueté « {name} », mais {listed(names)}")
    return found
