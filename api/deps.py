"""What routes ask for, as annotated aliases."""

from typing import Annotated

from fastapi import Depends, Request

from api.errors import language_of
from index.errors import Language
from rag.engine import Engine


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


EngineDep = Annotated[Engine, Depends(_engine)]
LanguageDep = Annotated[Language, Depends(language_of)]
