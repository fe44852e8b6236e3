"""The routes about who speaks: turns, corrections, voices, people."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter

from api.routes.deps import DebateId, EngineDep, LanguageDep
from api.schemas.problem import PROBLEMS
from api.schemas.speakers import (
    CorrectionsOut,
    PeopleOut,
    Renaming,
    TurnCorrection,
    TurnsOut,
    TurnSplit,
    corrections_out,
    people_out,
    turn_out,
    turns_out,
)
from api.schemas.voices import VoiceNaming, VoicesOut, voices_out
from index.writing.labelling import uncertain

router = APIRouter(prefix="/v1", responses=PROBLEMS, tags=["speakers"])


@router.get("/debates/{debate}/turns")
def get_turns(debate: DebateId, engine: EngineDep) -> TurnsOut:
    """Who speaks when, as far as it is known, and how it is known."""
    return turns_out(engine.attribution(debate))


@router.patch("/debates/{debate}/turns")
def correct_turns(debate: DebateId, correction: TurnCorrection, engine: EngineDep) -> TurnsOut:
    """Say who speaks some segments. It is kept apart from the transcript, and reaches search at once."""
    return turns_out(
        engine.correct(debate, correction.first, correction.last, correction.speaker, seen=correction.seen)
    )


@router.post("/debates/{debate}/turns/split")
def split_turn(debate: DebateId, cut: TurnSplit, engine: EngineDep) -> TurnsOut:
    """Cut a segment in which two people speak."""
    return turns_out(engine.split(debate, cut.segment, cut.word))


@router.get("/debates/{debate}/uncertain")
def get_uncertain(
    debate: DebateId, engine: EngineDep, most: Annotated[int, Query(ge=1, le=100, examples=[5])] = 5
) -> TurnsOut:
    """The turns worth a person's word, the least certain first."""
    return TurnsOut(debate=debate, turns=[turn_out(turn) for turn in uncertain(engine.attribution(debate))[:most]])


@router.get("/debates/{debate}/corrections")
def get_corrections(debate: DebateId, engine: EngineDep) -> CorrectionsOut:
    """What was corrected, and whether the transcript still has its place."""
    return corrections_out(debate, engine.corrections(debate), engine.attribution(debate).lost)


@router.delete("/debates/{debate}/corrections/{act}")
def undo_correction(debate: DebateId, act: Annotated[int, PathParameter(examples=[1])], engine: EngineDep) -> TurnsOut:
    """Take back what was said at once."""
    return turns_out(engine.undo(debate, act))


@router.get("/debates/{debate}/voices")
def get_voices(debate: DebateId, engine: EngineDep, language: LanguageDep) -> VoicesOut:
    """The anonymous voices of a debate, with the names they were given and why, and where each is heard."""
    return voices_out(engine.attribution(debate), language)


@router.patch("/debates/{debate}/voices/{voice}")
def name_voice(
    debate: DebateId,
    voice: Annotated[str, PathParameter(description="As the debate calls it.", examples=["SPEAKER_00"])],
    naming: VoiceNaming,
    engine: EngineDep,
    language: LanguageDep,
) -> VoicesOut:
    """Say whose a whole voice is. What is said of single segments stands above it; undone as a correction is."""
    return voices_out(engine.name_voice(debate, voice, naming.speaker), language)


@router.get("/people")
def get_people(engine: EngineDep) -> PeopleOut:
    """Whoever speaks or takes part in the debates."""
    return people_out(engine.people(), engine.people_alike())


@router.post("/people/rename")
def rename_people(renaming: Renaming, engine: EngineDep) -> PeopleOut:
    """Give one name to one or several people, in every debate."""
    engine.rename(renaming.names, renaming.person)
    return people_out(engine.people(), engine.people_alike())


@router.delete("/people/rename/{renamed:path}")
def undo_rename(
    renamed: Annotated[
        str, PathParameter(description="A name that goes by another now.", examples=["Constantin Pavléas"])
    ],
    engine: EngineDep,
) -> PeopleOut:
    """Let a renamed person go by their own name again."""
    engine.part(renamed)
    return people_out(engine.people(), engine.people_alike())
