"""What may be done at an address: a path with several routes answers a method that it does not have by the first of
them, which knows its own only."""

from starlette.requests import Request
from starlette.routing import Match, Router

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def allowed(request: Request) -> str:
    """For the header ``Allow``: every method that some route of the app has at this path."""
    router: Router = request.app.router
    asked = {name: request.scope[name] for name in ("type", "path", "headers")} | {"root_path": ""}
    found = (
        method
        for method in _METHODS
        if any(route.matches(asked | {"method": method})[0] is Match.FULL for route in router.routes)
    )
    return ", ".join(found)
