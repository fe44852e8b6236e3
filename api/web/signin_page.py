"""``/signin``: a key becomes a session of the pages; ``/signout`` ends it."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.access.gate import wrong_key
from api.access.policy import Access, Mode
from api.access.sessions import Sessions, cookie_of, set_cookie
from api.errors import told
from api.web.rendering import PageDep, PageRoute, see_other

router = APIRouter(route_class=PageRoute)
_LONGEST = 2_000
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""Without what a browser would take for the path of another server: it drops tabs, and reads a backslash as a slash."""


def own_path(path: str) -> str:
    """``path``, or the first page in place of what leads elsewhere.

    >>> own_path("/d/x?t=1,2"), own_path("//evil.example"), own_path("https://evil.example")
    ('/d/x?t=1,2', '/', '/')
    """
    return path if len(path) <= _LONGEST and _OWN_PATH.fullmatch(path) else "/"


@router.get("/signin")
def show_signin(page: PageDep, next_path: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form; nothing to do where nobody is asked for a key."""
    if _access(page.request).mode is not Mode.KEYS:
        return see_other("/")
    return page("signin.html", next=own_path(next_path), problem="")


@router.post("/signin")
async def sign_in(
    page: PageDep, key: Annotated[str, Form()] = "", next_path: Annotated[str, Form(alias="next")] = "/"
) -> Response:
    """A session, and then where the reader wanted to go; for a wrong key the form again, after a while."""
    request = page.request
    access = _access(request)
    if access.mode is not Mode.KEYS:
        return see_other("/")
    given = key.strip()
    known = await run_in_threadpool(access.keys.known, given)
    if known is None:
        error = await wrong_key(request.app.state.slowing, request.scope, given)
        document, headers = told(request, error, page.language)
        shown = page("signin.html", status=document["status"], next=own_path(next_path), problem=document["detail"])
        shown.headers.update(headers)
        return shown
    value = await run_in_threadpool(Sessions(access.keys).begin, known, cookie_of(request.scope))
    response = RedirectResponse(own_path(next_path), status_code=303)
    set_cookie(response, request.scope, value)
    return response


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """The session is over, also for whoever copied the cookie."""
    Sessions(_access(request).keys).end(request.state.session)
    response = see_other("/signin")
    set_cookie(response, request.scope, "")
    return response


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access
