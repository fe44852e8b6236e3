"""What routes ask for, as annotated aliases."""

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi import Path as PathParameter

from api.access.quotas import Share
from api.errors import language_of
from api.schemas.shape import DEBATE
from api.serving.hearing import OneAtATime
from index.errors import Language
from rag.engine import MOST_TOP_K, Engine


# async, since FastAPI runs what is not in a thread, which takes longer than they do
async def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


async def _share(request: Request) -> Share:
    return Share(request.app.state.access.keys, request.app.state.engine, request.state.caller)


async def _listening(request: Request) -> OneAtATime:
    place: OneAtATime = request.app.state.listening
    return place


async def _language(request: Request) -> Language:
    return language_of(request)


EngineDep = Annotated[Engine, Depends(_engine)]
ShareDep = Annotated[Share, Depends(_share)]
"""For what adds a debate or removes one."""
ListeningDep = Annotated[OneAtATime, Depends(_listening)]
"""For what listens to a recording."""
LanguageDep = Annotated[Language, Depends(_language)]
DebateId = Annotated[str, PathParameter(description="The debate's id.", examples=[DEBATE])]
TopK = Annotated[int, Query(ge=1, le=MOST_TOP_K)]
