"""Who speaks, as a language model reads it: a guess to show and to confirm, kept apart from what is known.

    debate -> overlapping pieces -> {"segments": [{"n": 12, "speaker": "…"}]} each -> names checked -> one for a segment

A reply gives nothing but a name of the people of the debate for a segment of its piece that nobody labelled; the rest
of it is dropped. Where two pieces read a segment differently, and where the model names somebody else, it stays
unknown.

The confidence is the same for the whole debate: the share of the segments read in two pieces on which both agree, one
agreement and one disagreement added, (agreed + 1) / (twice + 2). It says how far the model agrees with itself, not how
often it is right, and 0.5 where nothing was read twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import BaseModel, ValidationError

from index.errors import LlmReplyInvalid, LlmUnavailable, ParticipantsMissing
from index.speakers.names import canonical, name_parts
from index.types import Attribution, Debate, Origin, Participant, Progress, Segment
from rag.label_prompt import asked_again, is_settled, messages, people_of, pieces, schema
from rag.llm import ChatServer, Message

_Reading: TypeAlias = dict[int, str | None]
"""Of one piece: the index of a segment, and who speaks there; None for somebody who is not of the debate."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who the model says speaks in the segment with this ``index``."""

    index: int
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class FailedPiece:
    """Segments ``first`` to ``last`` (both included) that the model gave no use of, and why."""

    first: int
    last: int
    error: LlmReplyInvalid | LlmUnavailable


@dataclass(frozen=True, slots=True)
class ModelLabels:
    """What ``model`` said. ``suggested`` holds, in order, only segments that it names somebody for, of the ``asked``
    that nobody labelled."""

    model: str
    asked: int
    suggested: tuple[Suggested, ...]
    failed: tuple[FailedPiece, ...]


class _Entry(BaseModel):
    n: int
    speaker: str | None = None


class _Reply(BaseModel):
    segments: list[_Entry]


def label(debate: Debate, server: ChatServer, progress: Progress | None = None) -> ModelLabels:
    """Asks ``server`` about each piece in which somebody is unknown. A piece whose reply is no use twice is
    reported and left; a server that stops answering leaves that piece and all later ones.

    Raises ParticipantsMissing, and LlmUnavailable where the server does not answer from the start.
    """
    if not (people := people_of(debate)):
        raise ParticipantsMissing(debate=debate.id)
    wanted = frozenset(segment.index for segment in debate.segments if not is_settled(segment))
    todo = [piece for piece in pieces(debate.segments) if not wanted.isdisjoint(_indexes(piece))]
    readings: list[_Reading] = []
    failed: list[FailedPiece] = []
    for done, piece in enumerate(todo):
        if progress:
            progress("llm", done, len(todo))
        try:
            readings.append(_read(debate, people, piece, wanted, server))
        except LlmReplyInvalid as error:
            failed.append(_failed(piece, error))
        except LlmUnavailable as error:
            if done == 0:
                raise
            failed += [_failed(left, error) for left in todo[done:]]
            break
    if progress:
        progress("llm", len(todo), len(todo))
    return ModelLabels(server.model, len(wanted), tuple(_agreed(readings)), tuple(failed))


def _indexes(piece: Sequence[Segment]) -> list[int]:
    return [segment.index for segment in piece]


def _failed(piece: Sequence[Segment], error: LlmReplyInvalid | LlmUnavailable) -> FailedPiece:
    return FailedPiece(piece[0].index, piece[-1].index, error)


def _read(
    debate: Debate, people: Sequence[Participant], piece: Sequence[Segment], wanted: frozenset[int], server: ChatServer
) -> _Reading:
    """Asks once more when the first reply is no use. Raises LlmReplyInvalid, LlmUnavailable."""
    question = messages(debate, people, piece)
    among = wanted.intersection(_indexes(piece))
    try:
        return _asked(question, people, among, server)
    except LlmReplyInvalid:
        return _asked(asked_again(debate, question), people, among, server)


def _asked(
    question: Sequence[Message], people: Sequence[Participant], among: frozenset[int], server: ChatServer
) -> _Reading:
    """Raises LlmReplyInvalid, also for a reply about none of the segments asked: numbered anew, or empty."""
    try:
        reply = _Reply.model_validate(server.complete(question, schema(people)))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise LlmReplyInvalid(
            model=server.model, reason=f"{where}: {fault['msg']}", reason_fr=f"{where} : {fault['msg']}"
        ) from error
    entries = [entry for entry in reply.segments if entry.n in among]
    if not entries:
        raise LlmReplyInvalid(
            model=server.model, reason="it is about none of the segments", reason_fr="elle ne porte sur aucun segment"
        )
    return _reading(entries, people)


def _reading(entries: Iterable[_Entry], people: Sequence[Participant]) -> _Reading:
    """Segments without a name are left out; one that has several is like one of somebody else."""
    found: _Reading = {}
    for entry in entries:
        if entry.speaker is not None:
            who = _person(entry.speaker, people)
            found[entry.n] = who if found.get(entry.n, who) == who else None
    return found


def _person(name: str, people: Sequence[Participant]) -> str | None:
    """The one of ``people`` who is meant, also by an alias."""
    names, parts = [person.name for person in people], name_parts(name)
    chosen = canonical(name, names)
    if chosen in names and len(parts) <= len(name_parts(chosen)):  # not "Ada Martin and Jean Petit"
        return chosen
    # an alias as it is: "Bernard Kempf" is not the one who is also called "Kempf"
    called = [person.name for person in people if any(name_parts(alias) == parts for alias in person.aliases)]
    return called[0] if len(called) == 1 else None


def _agreed(readings: Sequence[_Reading]) -> Iterator[Suggested]:
    said: dict[int, list[str | None]] = {}
    for reading in readings:
        for index, name in reading.items():
            said.setdefault(index, []).append(name)
    twice = [set(names) for names in said.values() if len(names) > 1]
    confidence = round((sum(len(names) == 1 for names in twice) + 1) / (len(twice) + 2), 3)
    for index, names in sorted(said.items()):
        if len(set(names)) == 1 and names[0] is not None:
            yield Suggested(index, Attribution(names[0], Origin.MODEL, confidence))
