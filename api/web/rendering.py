"""A template and what it shows -> a page, in the reader's language, that may load nothing from elsewhere."""

import hashlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import quote, urlencode

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.errors import language_of, told
from api.serving.headers import SAFE
from api.web.texts import long_date, say_in
from api.web.visitor import visitor_of
from index.errors import DebateUnknown, Language, QdqError
from index.times import format_time

STATIC = Path(__file__).parent / "static"
LANGUAGE_COOKIE = "qdq-language"
_TEMPLATES = Path(__file__).parent / "templates"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Page:
    """What a route renders with: the request, and the language that its reader chose or whose browser asks for."""

    request: Request
    language: Language

    def __call__(
        self,
        template: str,
        *,
        status: int = 200,
        frames: Sequence[str] = (),
        media: Sequence[str] = (),
        **shown: Any,
    ) -> HTMLResponse:
        """``template`` with what is ``shown``. ``frames`` and ``media`` are the origins, such as https://host, from
        which this page may embed a player or play a file, once its reader asks for it."""
        say = say_in(self.language)
        read_again = self.request.method in ("GET", "HEAD")  # what was sent is not in the address
        text = (
            _environment()
            .get_template(template)
            .render(
                status=status,
                say=say,
                language=self.language,
                path=self.request.url.path,
                other_language=_in_language(self.request, "en" if self.language == "fr" else "fr")
                if read_again
                else "",
                visitor=visitor_of(self.request),
                long_date=partial(long_date, language=self.language),
                **shown,
            )
        )
        response = HTMLResponse(text, status_code=status, headers=_headers(frames, media))
        if _chosen(self.request.query_params.get("lang")):
            response.set_cookie(LANGUAGE_COOKIE, self.language, max_age=_YEAR, samesite="lax", httponly=True)
        return response


def page_of(request: Request) -> Page:
    """In the language that the address or a cookie names, else the browser's."""
    asked = _chosen(request.query_params.get("lang")) or _chosen(request.cookies.get(LANGUAGE_COOKIE))
    return Page(request, asked or language_of(request))


PageDep = Annotated[Page, Depends(page_of)]


class PageRoute(APIRoute):
    """A route whose errors are pages. HEAD is answered as GET, without what is shown."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        methods = self.methods or set()
        self.methods = methods | {"HEAD"} if "GET" in methods else methods

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handler(request)
            except (QdqError, RequestValidationError) as error:
                return problem_page(request, error)

        return handled


def problem_page(request: Request, error: Exception) -> HTMLResponse:
    """What went wrong, in the reader's language, with the status and the headers that a program would get."""
    page = page_of(request)
    document, headers = told(request, error, page.language)
    debate = None if isinstance(error, DebateUnknown) else request.path_params.get("debate")
    back = debate and f"/d/{quote(debate, safe='')}"
    response = page("problem.html", status=document["status"], detail=document["detail"], back=back)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def for_reader(request: Request) -> bool:
    """Whether a page is what the client would rather have than the answer for programs, which ``/v1`` always gives."""
    if request.url.path.startswith("/v1/"):
        return False
    return _preferred(request.headers.get("accept", "")) in ("text/html", "application/xhtml+xml")


def _preferred(accepted: str) -> str:
    """The first of the best kinds of https://www.rfc-editor.org/rfc/rfc9110#name-accept.

    >>> _preferred("text/html;q=0.5, application/json;q=0.9, */*;q=0.1"), _preferred("")
    ('application/json', '')
    """
    kinds = [part.split(";") for part in accepted.split(",")]
    return max(kinds, key=_weight)[0].strip().lower()


def _weight(kind: Sequence[str]) -> float:
    given = (part.partition("=")[2] for part in kind[1:] if part.strip().lower().startswith("q="))
    try:
        return float(next(given, "1"))
    except ValueError:
        return 0.0


def see_other(path: str, **query: str | int | None) -> RedirectResponse:
    """The page that follows a form, so that loading it again changes nothing. What is empty is left out."""
    asked = urlencode({name: value for name, value in query.items() if value}, safe=",")
    address = quote(path) + (f"?{asked}" if asked else "")
    return RedirectResponse(address, status_code=303)


def asset(name: str) -> str:
    """The path of a static file, which changes with its content."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def seconds(moment: float) -> str:
    """Of an attribute, to the hundredth.

    >>> seconds(220.0), seconds(220.456)
    ('220', '220.46')
    """
    return f"{moment:.2f}".rstrip("0").rstrip(".")


def _chosen(language: str | None) -> Language | None:
    return next((known for known in get_args(Language) if known == language), None)


def _in_language(request: Request, language: Language) -> str:
    """The address of the same page in another language, without the host."""
    url = request.url.include_query_params(lang=language)
    return f"{url.path}?{url.query}"


def _headers(frames: Sequence[str], media: Sequence[str]) -> dict[str, str]:
    """https://www.w3.org/TR/CSP3/: nothing runs but our own modules, nothing is fetched but from here."""
    own = "'self'"
    policy = {
        "default-src": ["'none'"],
        "script-src": [own],
        "style-src": [own],
        "img-src": [own],
        "connect-src": [own],
        "media-src": [own, *media],
        "frame-src": list(frames) or ["'none'"],
        "form-action": [own],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return SAFE | {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(origins)}" for name, origins in policy.items()),
        "Referrer-Policy": "same-origin",
        "Vary": "Accept-Language, Cookie",
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["time"] = format_time
    environment.filters["seconds"] = seconds
    return environment
