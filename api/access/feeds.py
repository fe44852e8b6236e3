"""The feed of a watch, whose address holds a token: a feed reader sends no key."""

import re
from urllib.parse import parse_qs

from starlette.types import Scope

_FEED = re.compile(r"/v1/watches/([^/]+)/feed")


def feed_in(scope: Scope) -> tuple[str, str] | None:
    """The watch whose feed a request is for, and the token in its address; None for any other request, and for one with
    several tokens."""
    feed = _FEED.fullmatch(scope["path"])
    if feed is None or scope["method"] not in ("GET", "HEAD"):
        return None
    tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    return (feed[1], tokens[0]) if len(tokens) == 1 else None
