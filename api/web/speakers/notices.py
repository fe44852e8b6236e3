"""What was just done, told on the page that follows.

The address names it, and the sentence comes from what is stored: a link made by somebody else shows no text of theirs.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query

from api.web.speakers.acts import Act, acts_of
from rag.engine import Engine

Problem = Literal["no_turn", "no_name", "no_word", "changed", "gone", "voice_changed"]


@dataclass(frozen=True, slots=True)
class Done:
    """The number of the act that was made, that of one that was ``undone``, or why nothing was changed."""

    act: int | None = None
    undone: int | None = None
    problem: Problem | None = None


def _done(
    done: Annotated[int | None, Query(ge=1)] = None,
    undone: Annotated[int | None, Query(ge=1)] = None,
    problem: Problem | None = None,
) -> Done:
    return Done(done, undone, problem)


DoneDep = Annotated[Done, Depends(_done)]


@dataclass(frozen=True, slots=True)
class Notice:
    """``act`` can be undone; the address of one that is no longer there says nothing. ``undone`` is the number of one
    that is not there now: the address of one that is says nothing either."""

    act: Act | None
    undone: int | None
    problem: Problem | None


def notice_of(engine: Engine, debate: str, done: Done) -> Notice:
    """What ``done`` means in ``debate``."""
    acts = {act.number: act for act in acts_of(debate, engine.corrections(debate))}
    undone = None if done.undone in acts else done.undone
    return Notice(acts.get(done.act) if done.act else None, undone, done.problem)
