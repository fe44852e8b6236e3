"""Who reads a page, as it is shown to them: by name, and without what they may not do."""

from dataclasses import dataclass

from starlette.requests import Request

from api.access.scopes import Caller, KeyScope
from api.access.sessions import token
from index.errors import ScopeMissing


@dataclass(frozen=True, slots=True)
class Visitor:
    """``token`` is for the forms of this page; empty, as ``name`` is, where nobody is signed in."""

    name: str = ""
    token: str = ""
    may_change: bool = True


def check_may_change(request: Request) -> None:
    """For a page whose address alone does not say that it leads to a change. Raises ScopeMissing."""
    caller: Caller | None = request.scope.get("state", {}).get("caller")
    if caller is not None and not caller.may(KeyScope.WRITE):
        raise ScopeMissing(name=caller.name, scope=KeyScope.WRITE.value)


def visitor_of(request: Request) -> Visitor:
    """Somebody whom nobody asked for a key may do everything."""
    state = request.scope.get("state", {})
    caller: Caller | None = state.get("caller")
    if caller is None:
        return Visitor()
    session = state.get("session", "")
    may_change = caller.may(KeyScope.WRITE)
    return Visitor(caller.name, token(session), may_change) if session else Visitor(may_change=may_change)
