"""Who reads a page, as it is shown to them: by name, and without what they may not do."""

from dataclasses import dataclass

from starlette.requests import Request

from api.access.scopes import Caller, KeyScope
from api.access.sessions import token


@dataclass(frozen=True, slots=True)
class Visitor:
    """``token`` is for the forms of this page; empty, as ``name`` is, where nobody is signed in."""

    name: str = ""
    token: str = ""
    may_change: bool = True


def visitor_of(request: Request) -> Visitor:
    """Somebody whom nobody asked for a key may do everything."""
    state = request.scope.get("state", {})
    caller: Caller | None = state.get("caller")
    if caller is None:
        return Visitor()
    session = state.get("session", "")
    may_change = caller.may(KeyScope.WRITE)
    return Visitor(caller.name, token(session), may_change) if session else Visitor(may_change=may_change)
