"""What was just done, told on the page that follows.

The address names it, and the sentence comes from what is stored: a link made by somebody else shows no text of theirs.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query

from api.web.speakers.acts import Act, acts_of
from rag.engine import Engine

Problem = Literal["no_turn", "no_name", "no_word", "changed"]


@dataclass(frozen=True, slots=True)
class Done:
    """The act that was made, whether one was undone, or why nothing was changed."""

    act: int | None = None
    undone: bool = False
    problem: Problem | None = None


def _done(
    done: Annotated[int | None, Query(ge=1)] = None, undone: bool = False, problem: Problem | None = None
) -> Done:
    return Done(done, undone, problem)


DoneDep = Annotated[Done, Depends(_done)]


@dataclass(frozen=True, slots=True)
class Notice:
    """``act`` can be undone; the address of one that is no longer there says nothing."""

    act: Act | None
    undone: bool
    problem: Problem | None


def notice_of(engine: Engine, debate: str, done: Done) -> Notice:
    """What ``done`` means in ``debate``."""
    made = [one for one in engine.corrections(debate) if one.act == done.act] if done.act else []
    return Notice(next(iter(acts_of(debate, made)), None), done.undone, done.problem)
