"""The words of an answer, in the question's language, built from quotes alone."""

from collections.abc import Sequence
from enum import Enum, auto

from index.times import format_range
from index.types import DebateSummary
from index.words.lexical import fold
from rag.types import Citation, Kind, Question

MOST_QUOTES = 3
_QUOTES_OF_A_FACT = 2
_SCORE_LOSS = 2.0
_SCORE_LOSS_OF_A_FACT = 0.5
"""How much less than the best passage another one may score and still be quoted: an opinion is told in several places,
a fact in one."""


class Outcome(Enum):
    """What became of a question."""

    ANSWERED = auto()
    SPEAKERS_UNIDENTIFIED = auto()
    NOT_SAID = auto()
    NOT_SAID_BY = auto()
    PERSON_ABSENT = auto()
    NOTHING_ATTRIBUTED = auto()
    NO_DEBATE = auto()
    NO_DEBATE_WITHIN = auto()


_OPENINGS: dict[Outcome, tuple[str, str]] = {
    Outcome.ANSWERED: ("", ""),
    Outcome.SPEAKERS_UNIDENTIFIED: (
        "Les locuteurs ne sont pas identifiés dans {debates} : voici ce qui s'y dit, "
        "sans pouvoir affirmer que c'est {person} qui parle.",
        "Speakers are not identified in {debates}: here is what is said there, "
        "without knowing whether {person} says it.",
    ),
    Outcome.NOT_SAID: (
        "Rien de trouvé dans ces débats qui réponde à cette question. {why} Passages les plus proches :",
        "Nothing was found in these debates that answers this question. {why} The nearest passages:",
    ),
    Outcome.NOT_SAID_BY: (
        "Aucun propos {of_person} trouvé là-dessus dans ces débats. {why} Les plus proches :",
        "No words of {person} were found on this in these debates. {why} The nearest:",
    ),
    Outcome.PERSON_ABSENT: (
        "{person} n'est pas parmi les personnes identifiées dans ces débats. Passages les plus proches :",
        "{person} is not among the people identified in these debates. The nearest passages:",
    ),
    Outcome.NOTHING_ATTRIBUTED: (
        "Aucun propos n'est attribué à {person} dans ces débats. Passages les plus proches :",
        "No words are attributed to {person} in these debates. The nearest passages:",
    ),
    Outcome.NO_DEBATE: (
        "Aucun débat dans cet index : ajoutez une transcription avec « qdq add FICHIER ».",
        "No debate in this index: add a transcript with “qdq add FILE”.",
    ),
    Outcome.NO_DEBATE_WITHIN: (
        "Aucun débat de l'index n'est dans ces bornes.",
        "No debate of the index is within these bounds.",
    ),
}
NOBODY = frozenset({Outcome.PERSON_ABSENT, Outcome.NOTHING_ATTRIBUTED})
"""Outcomes in which the person has no words to answer with."""
_ELSEWHERE = (
    "{person} : {count} autre(s) débat(s) de l'index n'ont pas de locuteurs identifiés et n'ont pas été interrogés.",
    "{person}: {count} more debate(s) of the index have no speakers identified and were not asked.",
)
_CANDIDATES = ("Personnes annoncées : {people}.", "People announced: {people}.")
_TO_LABEL = (" Pour dire qui parle : qdq label {debate}", " To say who speaks: qdq label {debate}")
_SAYS = ("{person} :", "{person}:")
_AND = (" et ", " and ")
UNKNOWN_SPEAKER = ("locuteur inconnu", "unknown speaker")
_QUOTE = ("« {quote} » [{n}] ({speaker}, {time})", "“{quote}” [{n}] ({speaker}, {time})")


def compose(
    outcome: Outcome,
    citations: Sequence[Citation],
    question: Question,
    *,
    people: Sequence[str],
    debates: Sequence[DebateSummary],
    elsewhere: int = 0,
    why: str = "",
) -> str:
    """The opening sentence and up to three quotes (two for a fact), a line each: those nearly as good as the best one.

    ``people`` are those whose words were wanted, ``debates`` were searched, ``elsewhere`` is in how many more these
    people were announced and nobody is identified, ``why`` is the reason for an abstention.
    """
    choice = 0 if question.language == "fr" else 1
    opening = _SAYS if outcome is Outcome.ANSWERED and people else _OPENINGS[outcome]
    person = question.absent if outcome is Outcome.PERSON_ABSENT else _AND[choice].join(people)
    lines = [
        opening[choice].format(
            person=person, of_person=_of(person or ""), debates=_listed([one.title for one in debates], choice), why=why
        )
    ]
    lines += [quote_line(citation, choice) for citation in quoted(citations, question.kind)]
    if outcome is Outcome.SPEAKERS_UNIDENTIFIED and len(debates) == 1:
        announced = ", ".join(one.name for one in debates[0].participants)
        told = _CANDIDATES[choice].format(people=announced) + label_hint(debates[0].id, choice)
        lines.append(told if announced else "")
    if elsewhere:
        lines.append(_ELSEWHERE[choice].format(person=person, count=elsewhere))
    return "\n".join(filter(None, lines))


def label_hint(debate: str, choice: int) -> str:
    """How the speakers of ``debate`` are named on the command line, as a sentence ends with it; ``choice`` is 0 in
    French, 1 in English."""
    return _TO_LABEL[choice].format(debate=debate)


def quote_line(citation: Citation, choice: int) -> str:
    """The quote with its number, speaker and time; ``choice`` is 0 in French, 1 in English."""
    speaker, moment = citation.speaker or UNKNOWN_SPEAKER[choice], format_range(citation.start, citation.end)
    return _QUOTE[choice].format(quote=citation.quote, n=citation.n, speaker=speaker, time=moment)


def _of(person: str) -> str:
    """« de Kempf », « d'Éric Zemmour »."""
    return f"d'{person}" if fold(person[:1]) in "aeiou" else f"de {person}"


def _listed(titles: Sequence[str], choice: int) -> str:
    """One title, or how many debates there are."""
    if len(titles) == 1:
        return ("« {} »", "“{}”")[choice].format(titles[0])
    return ("{} débats", "{} debates")[choice].format(len(titles))


def quoted(citations: Sequence[Citation], kind: Kind) -> Sequence[Citation]:
    """The citations that the answer's text quotes: no questions, unless there is nothing else."""
    fact = kind is Kind.FACT
    most, loss = (_QUOTES_OF_A_FACT, _SCORE_LOSS_OF_A_FACT) if fact else (MOST_QUOTES, _SCORE_LOSS)
    near = [citation for citation in citations[:most] if citation.score >= citations[0].score - loss]
    statements = [citation for citation in near if not citation.quote.endswith("?")]
    return statements or near
