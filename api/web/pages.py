"""Every page, and the files that they load."""

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from api import errors
from api.web import media_page, signin_page, verify_page, watches_page
from api.web.ask import page as ask_page
from api.web.debates import bring_page, edit_page, list_page
from api.web.reader import page as read_page
from api.web.reader.kept import Shelf
from api.web.rendering import STATIC, asset, for_reader, page_of, problem_page, see_other
from api.web.speakers import check_page, correct_page, people_page, recording_page, voices_page
from index.errors import KeyMissing, QdqError

PAGES = (
    *(ask_page, read_page, media_page, verify_page, signin_page),
    *(list_page, bring_page, edit_page),
    *(check_page, correct_page, people_page, voices_page, recording_page),
    watches_page,
)


def install(app: FastAPI) -> None:
    """Pages are for people: they are not in the description of the API, and for people every error is a page."""
    router = APIRouter(include_in_schema=False)
    for page in PAGES:
        router.include_router(page.router)
    app.include_router(router)
    app.state.shelf = Shelf()
    app.mount("/static", _Static(directory=STATIC))
    for kind in errors.KINDS:
        app.add_exception_handler(kind, told)


def refused(request: Request, error: QdqError) -> Response:
    """An error of ours, as a page for whoever reads pages; whoever has yet to sign in is led there."""
    if isinstance(error, KeyMissing) and request.method in ("GET", "HEAD") and for_reader(request):
        return _to_sign_in(request)
    return problem_page(request, error) if for_reader(request) else errors.problem_response(request, error)


def _to_sign_in(request: Request) -> Response:
    """A browser that follows a link of another site leaves out a strict cookie (RFC 6265bis, 5.2): it is asked to come
    again from a page of ours, with it, before its reader is taken for somebody who has none."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return page_of(request)("arriving.html", here=here)
    return see_other("/signin", next=here)


async def told(request: Request, error: Exception) -> Response:
    """Any error, as a page for whoever reads pages."""
    return problem_page(request, error) if for_reader(request) else await errors.as_problem(request, error)


class _Static(StaticFiles):
    """Kept by the browser for good under the address of its content now; asked for again each time under another, as
    one script imports another."""

    async def get_response(self, path: str, scope: Scope):  # type: ignore[no-untyped-def]
        response = await super().get_response(path, scope)
        if asset(path) == f"/static/{path}?{scope['query_string'].decode('latin-1')}":
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response
