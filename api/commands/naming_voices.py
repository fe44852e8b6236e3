"""The dialogue of ``qdq label --voices``: whose each voice is, by a key or a typed name, saved at once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum

from api.commands.console import LANGUAGE, say
from api.commands.dialogue import pressed, tell, typed
from api.commands.voices_text import voice_text
from api.schemas.voices import VoiceOut, voices_out
from index.speakers.corrections import CorrectionKind
from rag.engine import Engine


class _Key(StrEnum):
    """What is no person."""

    BACK = "b"
    NEW = "n"
    UNDO = "z"
    QUIT = "q"


def name_all(engine: Engine, debate: str) -> None:
    """Until each voice was shown, the person quits, or the input ends. Raises DebateUnknown."""
    at = 0
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            known = engine.attribution(debate)
            voices, people = voices_out(known, LANGUAGE).voices, [one.name for one in known.debate.participants]
            if at >= len(voices):
                return
            _show(voices, at, people)
            key = pressed()
            if key == _Key.QUIT:
                return
            at = _done(engine, debate, voices[at].voice, people, at, key)


def _done(engine: Engine, debate: str, voice: str, people: Sequence[str], at: int, key: str) -> int:
    """What ``key`` means, and the voice to show next."""
    if key.isascii() and key.isdigit() and int(key) <= len(people):
        engine.name_voice(debate, voice, people[int(key) - 1] if int(key) else None)
        return at + 1
    meanings: dict[str, Callable[[], int]] = {
        _Key.BACK: lambda: max(at - 1, 0),
        _Key.NEW: lambda: _new(engine, debate, voice, at),
        _Key.UNDO: lambda: _undo(engine, debate, at),
    }
    return meanings.get(key, lambda: at + 1)()


def _new(engine: Engine, debate: str, voice: str, at: int) -> int:
    name = typed(say("  Qui est-ce ? ", "  Who is it? "))
    if not name:
        return at
    engine.name_voice(debate, voice, name)
    return at + 1


def _undo(engine: Engine, debate: str, at: int) -> int:
    """What was said last of a whole voice."""
    made = [one.act for one in engine.corrections(debate) if one.kind is CorrectionKind.VOICE and one.act is not None]
    if made:
        engine.undo(debate, made[-1])
    return at


def _show(voices: Sequence[VoiceOut], at: int, people: Sequence[str]) -> None:
    tell(f"\n[{at + 1}/{len(voices)}]  {voice_text(voices[at], LANGUAGE)}")
    names = "  ".join(f"[{n}] {name}" for n, name in enumerate(people[:9], start=1))
    keys = say(
        "[0] inconnu  [n]ouveau nom  [espace] suivante  [b] avant  [z] annuler  [q]uitter",
        "[0] unknown  [n]ew name  [space] next  [b]ack  [z] undo  [q]uit",
    )
    tell(f"  {names}  {keys}" if names else f"  {keys}")
