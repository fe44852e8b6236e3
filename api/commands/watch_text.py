"""What ``qdq watch`` prints for people."""

from collections.abc import Sequence

from api.commands.terminal import origin_text
from api.export.feed import watched
from api.schemas.watches import feed_path, host_of
from index.errors import Language
from index.times import format_range
from rag.answer import UNKNOWN_SPEAKER
from rag.watches.types import Attempt, Finding, Sent, Watch


def added_text(watch: Watch, language: Language) -> str:
    """Its line, and what is told once."""
    lines = [watch_line(watch, language)]
    if watch.webhook:
        label = (
            "Secret du webhook, montré cette fois seulement :"
            if language == "fr"
            else "The webhook's secret, shown this once:"
        )
        lines.append(f"{label} {watch.secret}")
    feed = "Flux Atom de « qdq serve » :" if language == "fr" else "Atom feed of “qdq serve”:"
    return "\n".join([*lines, f"{feed} {feed_path(watch)}"])


def watches_text(watches: Sequence[Watch], language: Language) -> str:
    """A line each."""
    none = "Aucune veille." if language == "fr" else "No watch."
    return "\n".join(watch_line(watch, language) for watch in watches) or none


def watch_line(watch: Watch, language: Language) -> str:
    """Its id, what it is for, from which confidence on, and who is told."""
    percent = f"{watch.threshold:.0%}".replace("%", " %") if language == "fr" else f"{watch.threshold:.0%}"
    parts = [watch.id, watched(watch, language), f"≥ {percent}"]
    if watch.webhook:
        stopped = "" if watch.active else (" (arrêté)" if language == "fr" else " (stopped)")
        parts.append(f"{host_of(watch.webhook)}{stopped}")
    if watch.error:
        parts.append(f"! {watch.error}")
    return "  ".join(parts)


def findings_text(watch: Watch, findings: Sequence[Finding], language: Language) -> str:
    """Its line and the feed's path, then each passage under its line, the newest first."""
    none = "Rien pour l'instant." if language == "fr" else "Nothing so far."
    told = [_finding_text(finding, language) for finding in findings] or [none]
    return "\n\n".join(["\n".join([watch_line(watch, language), feed_path(watch)]), *told])


def _finding_text(finding: Finding, language: Language) -> str:
    told = finding.passage
    origin = origin_text(told.attribution, language)
    speaker = f"{told.speaker} ({origin})" if told.speaker else UNKNOWN_SPEAKER[0 if language == "fr" else 1]
    head = f"{finding.found.astimezone():%Y-%m-%d %H:%M}  {format_range(told.start, told.end)}  {speaker}"
    return f"{head}  {finding.debate}  {told.recording or told.permalink}\n{told.quote}"


def attempt_text(attempt: Attempt, language: Language) -> str:
    """Whether it arrived, and else why not."""
    if attempt.delivered:
        return f"Reçu ({attempt.status})." if language == "fr" else f"Received ({attempt.status})."
    return f"Pas reçu : {attempt.reason}." if language == "fr" else f"Not received: {attempt.reason}."


def delivered_text(found: int, sent: Sequence[Sent], language: Language) -> str:
    """How many passages were found, what was sent, and what did not arrive."""
    arrived = sum(one.attempt.delivered for one in sent)
    lines = [
        f"{found} passages trouvés, {arrived} envois reçus sur {len(sent)}."
        if language == "fr"
        else f"{found} passages found, {arrived} of {len(sent)} notices received."
    ]
    lines += [f"  {one.watch}  {one.attempt.reason}" for one in sent if not one.attempt.delivered]
    return "\n".join(lines)
