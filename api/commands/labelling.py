"""The dialogue of ``qdq label``, on stderr so that stdout stays for the result: one key a turn, saved at once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum

from api.commands.console import LANGUAGE, say
from api.commands.dialogue import pressed, tell, typed
from api.commands.terminal import origin_text
from index.speakers.attribution import Attributed
from index.times import format_time
from index.types import Origin
from index.writing.labelling import SpokenTurn, turns_of, uncertain
from rag.engine import Engine

_SHOWN = 600
"""Characters of a turn: its beginning and its end tell who speaks."""
_CONTEXT = 160


class _Key(StrEnum):
    """What is no person."""

    NEXT = " "
    CONFIRM = "o" if LANGUAGE == "fr" else "y"
    BACK = "b"
    UNCERTAIN = "u"
    SPLIT = "s"
    NEW = "n"
    UNDO = "z"
    QUIT = "q"


def label_all(engine: Engine, debate: str) -> None:
    """Until the person quits or the input ends. Raises DebateUnknown."""
    at = _first_open(engine.attribution(debate))
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            now = engine.attribution(debate)
            turns = turns_of(now)
            at = min(max(at, 0), len(turns) - 1)
            _show(now, turns, at)
            key = pressed()
            if key == _Key.QUIT:
                return
            at = _done(engine, now, turns, at, key)


def _done(engine: Engine, now: Attributed, turns: Sequence[SpokenTurn], at: int, key: str) -> int:
    """What ``key`` means, and the turn to show next."""
    turn, people = turns[at], [person.name for person in now.debate.participants]
    if key.isascii() and key.isdigit() and int(key) <= len(people):
        return _said(engine, now.debate.id, turn, people[int(key) - 1] if int(key) else None)
    meanings: dict[str, Callable[[], int]] = {
        _Key.CONFIRM: lambda: _confirmed(engine, now.debate.id, turn, at),
        _Key.BACK: lambda: at - 1,
        _Key.UNCERTAIN: lambda: _first_open(now),
        _Key.NEW: lambda: _new(engine, now.debate.id, turn, at),
        _Key.SPLIT: lambda: _split(engine, now, turn, at),
        _Key.UNDO: lambda: _undo(engine, now.debate.id, at),
    }
    return meanings.get(key, lambda: at + 1)()


def _confirmed(engine: Engine, debate: str, turn: SpokenTurn, at: int) -> int:
    """Where nothing is guessed there is nothing to confirm."""
    likeliest = turn.attribution.speaker or turn.guess.attribution.speaker
    return _said(engine, debate, turn, likeliest) if likeliest else at


def _new(engine: Engine, debate: str, turn: SpokenTurn, at: int) -> int:
    name = typed(say("  Qui parle ? ", "  Who speaks? "))
    return _said(engine, debate, turn, name) if name else at


def _said(engine: Engine, debate: str, turn: SpokenTurn, speaker: str | None) -> int:
    """The turn that follows, as turns are after the correction."""
    now = turns_of(engine.correct(debate, turn.first, turn.last, speaker, seen=turn.text))
    return next((at for at, one in enumerate(now) if one.first > turn.last), len(now))


def _split(engine: Engine, now: Attributed, turn: SpokenTurn, at: int) -> int:
    """Before a word that is typed, where the turn has it."""
    wanted = typed(say("  Couper avant quels mots ? ", "  Cut before which words? ")).split()
    for segment in now.debate.segments[turn.first : turn.last + 1] if wanted else ():
        words = segment.text.split()
        least = 0 if segment.index > turn.first else 1
        found = [word for word in range(least, len(words)) if words[word : word + len(wanted)] == wanted]
        if found:
            engine.split(now.debate.id, segment.index, found[0])
            return at
    tell(say("  Ces mots ne sont pas dans ce tour.", "  These words are not in this turn."))
    return at


def _undo(engine: Engine, debate: str, at: int) -> int:
    """What a person said last."""
    made = [one.act for one in engine.corrections(debate) if one.origin is Origin.CORRECTED and one.act is not None]
    if made:
        engine.undo(debate, made[-1])
    return at


def _first_open(now: Attributed) -> int:
    """The least certain turn; the first one when all are told."""
    left = uncertain(now)
    first = left[0].first if left else 0
    return next(at for at, turn in enumerate(turns_of(now)) if turn.last >= first)


def _who(turn: SpokenTurn) -> str:
    """The name and where it comes from; a guess with a question mark."""
    sure = turn.attribution.speaker is not None
    known = turn.attribution if sure else turn.guess.attribution
    if known.speaker is None:
        return turn.voice or "?"
    percent = "" if known.origin is Origin.CORRECTED else f" {int(100 * known.confidence)} %"
    return f"{known.speaker}{'' if sure else ' ?'} ({origin_text(known.origin, LANGUAGE)}{percent})"


def _show(now: Attributed, turns: Sequence[SpokenTurn], at: int) -> None:
    turn = turns[at]
    told = sum(one.words for one in turns if one.attribution.speaker)
    share = 100 * told // max(sum(one.words for one in turns), 1)
    tell(f"\n[{at + 1}/{len(turns)}, {share} %]  {format_time(turn.start)}–{format_time(turn.end)}  {_who(turn)}")
    if at:
        tell(f"  … {turns[at - 1].text[-_CONTEXT:]}")
    half = _SHOWN // 2
    tell(f"> {turn.text}" if len(turn.text) <= _SHOWN else f"> {turn.text[:half]} […] {turn.text[-half:]}")
    if at + 1 < len(turns):
        tell(f"  {turns[at + 1].text[:_CONTEXT]} …")
    names = "  ".join(f"[{n}] {person.name}" for n, person in enumerate(now.debate.participants[:9], start=1))
    keys = say(
        "[o]ui  [0] inconnu  [n]ouveau nom  [espace] suivant  [b] avant  [u] moins sûr  [s] couper  [z] annuler  "
        "[q]uitter",
        "[y]es  [0] unknown  [n]ew name  [space] next  [b]ack  [u]ncertain  [s]plit  [z] undo  [q]uit",
    )
    tell(f"  {names}  {keys}".replace("    ", "  "))
