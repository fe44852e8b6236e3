"""Who takes part, and when, as a title says it.

    "Mardi 19 novembre 2024, SMART TECH reçoit Ada Martin (avocate) et Jean Petit (fondateur de X)"
    -> Ada Martin, avocate; Jean Petit, fondateur de X; 2024-11-19

Names are read where a title gives a role in parentheses behind them; failing that, behind words such as « reçoit »,
« avec », « débat », « face à ». Anything else gives no participant rather than a wrong one.
"""

import re
from collections.abc import Iterable
from datetime import date

from index.speakers.names import same_person
from index.types import Participant
from index.words.lexical import fold

_LONGEST_TITLE = 1_000
_NO_NAME = r"(?!(?:Avec|Entre|Débat|Entretien|Interview|Invités?|With|Between|Debate|Le|La|Les|Et|And|The)\b)"
# A capital and somewhere a small letter or a full stop: "Ada", "J.-P.", not "SMART"
_GIVEN = r"(?=\S{0,40}[a-zß-ÿ.])[A-ZÀ-ÖØ-Þ][\w'’]*\.?(?:-[A-ZÀ-ÖØ-Þ][\w'’]*\.?)*"
_PARTICLE = r"(?:de|du|des|la|le|van|von|der|den|di|da|del|ben|el|al|d['’]|l['’])"
_SURNAME = r"(?:Mc|Mac|O['’]|d['’]|D['’]|L['’])?[A-ZÀ-ÖØ-Þ][\w'’]+(?:-[A-ZÀ-ÖØ-Þ][\w'’]+)*"
_NAME = rf"{_NO_NAME}{_GIVEN}(?:\s+(?:{_PARTICLE}\s*)*{_SURNAME}){{1,3}}"
_WITH_ROLE = re.compile(rf"({_NAME})\s*\(((?:[^()]|\([^()]*\))*?[^\W\d_](?:[^()]|\([^()]*\))*)\)")
_INTRODUCTION = re.compile(
    r"\b(?:reçoi(?:t|vent)|avec|débat(?:\s+entre)?|invité(?:e|s|es)?|entretien|interview(?:\s+(?:de|with))?|face\s+à|"
    r"entre|with|debate|between|guests?|hosts?|interviews|featuring)\b\s*(?:de\s+|:|of\s+)?\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:,|;|/|\s[-–—]\s|\bet\b|\band\b|&|\bvs\.?(?=\s)|\bversus\b|\bcontre\b|\bface\s+à\b|\bavec\b)\s*"
)
_LEADING_NAME = re.compile(_NAME)
_MONTHS = {
    month: number
    for number, months in enumerate(
        (
            "janvier january", "fevrier february", "mars march", "avril april", "mai may", "juin june", "juillet july",
            "aout august", "septembre september", "octobre october", "novembre november", "decembre december",
        ),
        start=1,
    )
    for month in months.split()
}  # fmt: skip
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})(?:er|st|nd|rd|th)?\s+(?:of\s+)?([^\W\d_]+)\.?,?\s+((?:19|20)\d{2})\b")
_MONTH_DAY_YEAR = re.compile(r"\b([^\W\d_]+)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{2})\b")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")


def participants_of(title: str) -> list[Participant]:
    """The people whom ``title`` names, with their roles, in its order. Nothing is read after 1,000 characters."""
    title = " ".join(title[:_LONGEST_TITLE].split())
    found = [Participant(name, " ".join(role.split())) for name, role in _WITH_ROLE.findall(title)]
    return _distinct(found or (Participant(name) for name in _introduced(title)))


def listed_names(text: str) -> list[str]:
    """The names of "Ada Martin, Léa Roy et Marc Bel", up to what is none."""
    found: list[str] = []
    for part in filter(None, map(str.strip, _SEPARATOR.split(text))):
        name = _LEADING_NAME.match(part)
        if name is None:
            break
        found.append(name[0])
        if part[name.end() :].strip(" .:!?"):
            break
    return found


def date_of(title: str) -> date | None:
    """The first full date in ``title``, in French, English or ISO 8601."""
    if match := _DAY_MONTH_YEAR.search(title):
        return _date(match[3], match[2], match[1])
    if match := _MONTH_DAY_YEAR.search(title):
        return _date(match[3], match[1], match[2])
    if match := _ISO.search(title):
        return _date(*match.groups())
    return None


def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(fold(month), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _introduced(title: str) -> Iterable[str]:
    introduction = _INTRODUCTION.search(title)
    if introduction is None:
        return
    yield from listed_names(re.sub(r"\([^)]*\)", "", title[introduction.end() :]))


def _distinct(participants: Iterable[Participant]) -> list[Participant]:
    kept: list[Participant] = []
    for participant in participants:
        if not any(same_person(participant.name, other.name) for other in kept):
            kept.append(participant)
    return kept
