"""The transcript as a plain page, so that permalinks lead somewhere: ``/d/{debate}?t=220,240`` marks and shows the
moment."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.deps import EngineDep, LanguageDep
from index.errors import Language
from index.times import format_time
from index.types import Debate, Segment, Turn
from index.windows import turns

router = APIRouter()

_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
 body {{ max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif; color: #1c1c1c }}
 h1 {{ font-size: 1.3rem }} h2 {{ font: 600 .85rem/1.4 system-ui, sans-serif; margin: 1.4rem 0 .2rem }}
 h2 small {{ font-weight: 400; color: #555 }} p {{ margin: 0 }} mark {{ background: #ffe58a; outline: none }}
</style>
<h1>{title}</h1>
{turns}
"""
_UNKNOWN = {"fr": "Locuteur inconnu", "en": "Unknown speaker"}


@router.get("/d/{debate}", response_class=HTMLResponse, include_in_schema=False)
def read_debate(
    debate: str,
    engine: EngineDep,
    language: LanguageDep,
    t: Annotated[str | None, Query(pattern=r"^\d{1,7}(,\d{1,7})?$")] = None,
) -> str:
    """The whole transcript by turns."""
    found = engine.debate(debate)
    begin, end = _moment(t)
    shown = [_turn(found, turn, begin, end, language) for turn in turns(found.segments)]
    return _PAGE.format(language=escape(found.language), title=escape(found.title), turns="\n".join(shown))


def _moment(t: str | None) -> tuple[float, float]:
    """The seconds of "220,240" or "220"; an empty stretch for None."""
    if t is None:
        return 0.0, 0.0
    begin, _, end = t.partition(",")
    return float(begin), float(end or int(begin) + 1)


def _turn(debate: Debate, turn: Turn, begin: float, end: float, language: Language) -> str:
    segments = debate.segments[turn.first : turn.last + 1]
    speaker = escape(turn.attribution.speaker or _UNKNOWN[language])
    text = " ".join(_segment(segment, begin, end) for segment in segments)
    return f"<h2>{speaker} <small>{format_time(segments[0].start)}</small></h2>\n<p>{text}</p>"


def _segment(segment: Segment, begin: float, end: float) -> str:
    text = escape(segment.text)
    if segment.start < end and segment.end > begin:
        # the browser focuses the first of them, and so scrolls there without a script
        return f'<mark id="t{int(segment.start)}" tabindex="-1" autofocus>{text}</mark>'
    return text
