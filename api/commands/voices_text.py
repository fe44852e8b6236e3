"""The voices of a debate as the terminal shows them: whose they are, why, how much they say, where to hear them."""

from collections.abc import Sequence

from api.schemas.voices import ExcerptOut, VoiceOut
from index.errors import Language
from index.times import format_range
from index.transcripts.report import Note

_EVIDENCE_SHOWN = 5
_TEXT_SHOWN = 100


def voices_text(voices: Sequence[VoiceOut], language: Language, notes: Sequence[Note] = ()) -> str:
    """What was done to the debate, then each voice with its reasons and excerpts."""
    none = "Aucune voix sans nom dans ce débat." if language == "fr" else "No voice without a name in this debate."
    told = [note.message(language) for note in notes]
    return "\n".join([*told, *(voice_text(one, language) for one in voices)] if voices or told else [none])


def voice_text(voice: VoiceOut, language: Language) -> str:
    """« SPEAKER_00 : Ada Martin (98 %), 34 % des mots », then why, then where it is heard."""
    colon, unknown, of = (" : ", "inconnu", "des mots") if language == "fr" else (": ", "unknown", "of the words")
    sure = f" ({_percent(voice.confidence, language)})" if voice.speaker else ""
    head = f"{voice.voice}{colon}{voice.speaker or unknown}{sure}, {_percent(voice.share, language)} {of}"
    why = [f"  {told.message}" for told in voice.evidence[:_EVIDENCE_SHOWN]]
    return "\n".join([head, *why, *(f"  {_excerpt(one, language)}" for one in voice.excerpts)])


def _percent(share: float, language: Language) -> str:
    return f"{int(100 * share)} %" if language == "fr" else f"{int(100 * share)}%"


def _excerpt(one: ExcerptOut, language: Language) -> str:
    text = one.text if len(one.text) <= _TEXT_SHOWN else f"{one.text[:_TEXT_SHOWN]}…"
    quoted = f"« {text} »" if language == "fr" else f"“{text}”"
    return f"{format_range(one.start, one.end)}  {quoted}  {one.permalink}"
