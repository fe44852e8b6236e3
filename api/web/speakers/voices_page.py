"""``/d/{debate}/voices``: the voices of a debate, to be heard and named with one click, and its recording, to be
brought and listened to."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.routes.deps import EngineDep
from api.web.choices import names_offered
from api.web.media import frames, media, player_of
from api.web.rendering import Page, PageDep, PageRoute, see_other
from api.web.speakers.acts import acts_of
from api.web.speakers.choosing import LONGEST_NAME, FormDep, field, name_in
from api.web.speakers.notices import Done, DoneDep, Problem, notice_of
from api.web.speakers.voices_shown import mark_of_voice, shown_voices
from api.web.voices import colours
from index.errors import AudioMissing, QdqError, RecordingShifted, VoiceUnknown
from index.media import is_address
from index.read_options import MOST_VOICES
from index.sound.networks import extra
from index.speakers.corrections import CorrectionKind
from index.transcripts.segments import plain
from index.writing.hearing import NOTES
from rag.engine import Engine

router = APIRouter(route_class=PageRoute)

_ACTS = 50


@router.get("/d/{debate}/voices")
def voices(
    page: PageDep, engine: EngineDep, debate: str, done: DoneDep, heard: Annotated[bool, Query()] = False
) -> Response:
    """With what was just done; ``heard`` after a recording was brought."""
    return shown(page, engine, debate, done=done, heard=heard)


@router.post("/d/{debate}/voices")
def name_voice(engine: EngineDep, debate: str, form: FormDep) -> Response:
    """A whole voice is somebody's, or nobody's who is known."""
    voice, speaker = field(form, "voice"), plain(name_in(form, "speaker")) or None
    if speaker is None and not field(form, "nobody"):
        return _back(debate, problem="no_name")
    if mark_of_voice(engine.debate(debate), voice) != field(form, "seen"):
        return _back(debate, problem="voice_changed")
    try:
        engine.name_voice(debate, voice, speaker)
    except VoiceUnknown:
        return _back(debate, problem="voice_changed")
    return _back(debate, done=engine.corrections(debate)[-1].act)


def _back(debate: str, *, done: int | None = None, problem: Problem | None = None) -> Response:
    return see_other(f"/d/{debate}/voices", done=done, problem=problem)


def shown(
    page: Page,
    engine: Engine,
    debate: str,
    *,
    done: Done | None = None,
    heard: bool = False,
    error: QdqError | None = None,
    status: int = 200,
) -> Response:
    """The page; with the ``error`` for which a recording could not be used."""
    known, catalogue, settings = engine.attribution(debate), engine.catalogue(), engine.settings
    player, corrections, report = player_of(known.debate), engine.corrections(debate), engine.report(debate)
    notes = [note for note in report.notes if note.kind in NOTES] if report else []
    acts = [
        act
        for act in acts_of(debate, corrections, frozenset(known.lost))
        if any(one.act == act.number and one.kind is CorrectionKind.VOICE for one in corrections)
    ]
    return page(
        "voices.html",
        status=status,
        frames=frames([player]),
        media=media([player]),
        player=player,
        debate=known.debate,
        voices=shown_voices(known, colours(catalogue, {debate}).get(debate, {}), page.language),
        names=names_offered(catalogue),
        longest_name=LONGEST_NAME,
        most_voices=MOST_VOICES,
        limit=settings.max_media_mb,
        folder=settings.media_folder is not None,
        here=known.debate.media is not None and not is_address(known.debate.media),
        notes=[note.message(page.language) for note in notes],
        missing="" if extra.is_there() else AudioMissing().message(page.language),
        notice=notice_of(engine, debate, done or Done()),
        heard=heard,
        error=error.message(page.language) if error else "",
        shifted=isinstance(error, RecordingShifted),
        acts=acts[:_ACTS],
        more_acts=len(acts[_ACTS:]),
    )
