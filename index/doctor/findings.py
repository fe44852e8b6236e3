"""What was looked at, what came of it, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.errors import Language

_SHOWN = 5


class Check(StrEnum):
    """What is looked at, in the order in which it is told."""

    FILE = "file"
    TABLES = "tables"
    STATE = "state"
    REFERENCES = "references"
    LEFTOVERS = "leftovers"
    DEBATES = "debates"
    WORDS = "words"
    ORIGINALS = "originals"
    REPORTS = "reports"
    CORRECTIONS = "corrections"
    PLACES = "places"
    RENAMES = "renames"
    COUNTS = "counts"
    PIECES = "pieces"
    WINDOWS = "windows"
    VECTORS = "vectors"
    TERMS = "terms"
    TOKENS = "tokens"
    FINGERPRINT = "fingerprint"
    EMBEDDING = "embedding"
    SEARCH_FILE = "search-file"
    ANSWERS = "answers"
    KEYS = "keys"
    WATCHES = "watches"
    KEPT_VECTORS = "kept-vectors"
    MODEL = "model"


class Outcome(StrEnum):
    """``mendable`` is a cache that is wrong and was left so; ``noted`` is no fault, and good to know; ``damaged`` is
    the truth, or what only the model can make again."""

    OK = "ok"
    NOTED = "noted"
    MENDED = "mended"
    MENDABLE = "mendable"
    DAMAGED = "damaged"

    @property
    def well(self) -> bool:
        """Whether there is nothing left to do about it."""
        return self in (Outcome.OK, Outcome.NOTED, Outcome.MENDED)


@dataclass(frozen=True, slots=True)
class Finding:
    """``reasons`` say where and what, in the words of whatever found it; none where all is well."""

    check: Check
    outcome: Outcome
    reasons: tuple[str, ...] = ()

    def name(self, language: Language) -> str:
        """What is looked at, in words."""
        return _NAMES[self.check][language != "fr"]

    def advice(self, language: Language) -> str:
        """What to do about it; "" where nothing is."""
        if self.outcome.well and self.outcome is not Outcome.NOTED:
            return ""
        if self.outcome is Outcome.MENDABLE:
            return ("« qdq doctor » le refait.", "“qdq doctor” makes it again.")[language != "fr"]
        return _ADVICE[_HELP[self.check]][language != "fr"]


def found(check: Check, reasons: Sequence[str], bad: Outcome = Outcome.DAMAGED) -> Finding:
    """Well without ``reasons``, else ``bad``; of many, the first few and how many there are."""
    shown = list(reasons[:_SHOWN]) + ([f"… {len(reasons)}"] if len(reasons) > _SHOWN else [])
    return Finding(check, bad if reasons else Outcome.OK, tuple(map(_printable, shown)))


def _printable(reason: str) -> str:
    """What lies in a damaged file may be anything, and is shown on a terminal."""
    return "".join(one if one.isprintable() else "?" for one in reason)


_NAMES: dict[Check, tuple[str, str]] = {
    Check.FILE: ("fichier de l'index", "the file of the index"),
    Check.TABLES: ("tables", "tables"),
    Check.STATE: ("état et numéros", "state and numbers"),
    Check.REFERENCES: ("ce qui renvoie à un débat", "what belongs to a debate"),
    Check.LEFTOVERS: ("vecteurs sans fenêtre", "vectors without a window"),
    Check.DEBATES: ("débats et segments", "debates and segments"),
    Check.WORDS: ("temps des mots", "times of words"),
    Check.ORIGINALS: ("transcriptions d'origine", "original transcripts"),
    Check.REPORTS: ("rapports de lecture", "reports of reading"),
    Check.CORRECTIONS: ("corrections", "corrections"),
    Check.PLACES: ("place des corrections", "places of corrections"),
    Check.RENAMES: ("noms des personnes", "names of people"),
    Check.COUNTS: ("comptes et locuteurs", "counts and speakers"),
    Check.PIECES: ("morceaux", "pieces"),
    Check.WINDOWS: ("fenêtres", "windows"),
    Check.VECTORS: ("vecteurs des fenêtres", "vectors of windows"),
    Check.TERMS: ("mots cherchés", "words that are searched"),
    Check.TOKENS: ("vecteurs des mots", "vectors of words"),
    Check.FINGERPRINT: ("modèle des vecteurs", "the model of the vectors"),
    Check.EMBEDDING: ("vecteurs recalculés", "vectors made again"),
    Check.SEARCH_FILE: ("fichier des vecteurs", "the file of vectors"),
    Check.ANSWERS: ("réponses conservées", "answers that are kept"),
    Check.KEYS: ("clefs d'accès", "keys of access"),
    Check.WATCHES: ("veilles", "watches"),
    Check.KEPT_VECTORS: ("vecteurs gardés", "vectors that are kept"),
    Check.MODEL: ("modèle préparé", "the prepared model"),
}

_ADVICE: dict[str, tuple[str, str]] = {
    "restore": (
        "Restaurez une sauvegarde : « qdq restore FICHIER --replace ».",
        "Restore a backup: “qdq restore FILE --replace”.",
    ),
    "add": (
        "Ajoutez de nouveau la transcription de ces débats, ou restaurez une sauvegarde (« qdq restore »).",
        "Add the transcripts of these debates again, or restore a backup (“qdq restore”).",
    ),
    "rebuild": (
        "« qdq rebuild » les refait à partir des transcriptions.",
        "“qdq rebuild” makes them again from the transcripts.",
    ),
    "model": (
        "Revenez au modèle de l'index avec QDQ_MODEL, ou « qdq rebuild ».",
        "Go back to the model of the index with QDQ_MODEL, or “qdq rebuild”.",
    ),
    "aside": (
        "Restaurez une sauvegarde, ou déplacez ce fichier : il sera refait vide.",
        "Restore a backup, or move this file away: an empty one is made.",
    ),
    "look": (
        "La transcription a changé depuis : redites-les si elles valent toujours, ou défaites-les.",
        "The transcript has changed since: say them again if they still hold, or undo them.",
    ),
    "rename": (
        "« qdq people part » défait les noms qui tournent en rond.",
        "“qdq people part” undoes the names that go in a circle.",
    ),
}

_HELP: dict[Check, str] = {
    **dict.fromkeys((Check.FILE, Check.TABLES, Check.STATE, Check.REFERENCES, Check.CORRECTIONS), "restore"),
    **dict.fromkeys((Check.DEBATES, Check.WORDS, Check.ORIGINALS, Check.REPORTS), "add"),
    **dict.fromkeys((Check.LEFTOVERS, Check.COUNTS, Check.PIECES, Check.TERMS, Check.SEARCH_FILE), "rebuild"),
    **dict.fromkeys((Check.WINDOWS, Check.VECTORS, Check.TOKENS, Check.EMBEDDING), "rebuild"),
    **dict.fromkeys((Check.ANSWERS, Check.KEYS, Check.WATCHES, Check.KEPT_VECTORS, Check.MODEL), "aside"),
    Check.FINGERPRINT: "model",
    Check.PLACES: "look",
    Check.RENAMES: "rename",
}
