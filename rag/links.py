"""Links to a moment: on this server, and where the recording can be seen."""

import math
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from index.media import is_address
from index.types import Debate, DebateSummary

_PEERTUBE = re.compile(r"/(?:w|videos/watch|videos/embed)/[\w-]+/?")


def permalink(debate: str, start: float, end: float) -> str:
    """The path of the moment on this server: whole seconds that hold it, so it survives a new index.

    >>> permalink("smart-tech", 220.4, 239.2)
    '/d/smart-tech?t=220,240'
    """
    return f"/d/{quote(debate)}?t={math.floor(start)},{math.ceil(end)}"


def media_path(debate: str) -> str:
    """The path on this server under which a debate's own media file plays."""
    return f"/d/{quote(debate)}/media"


def recording_url(debate: Debate | DebateSummary, start: float, end: float) -> str | None:
    """Where the moment is seen: the page of the recording, failing that its media where that is an address."""
    media = debate.media if debate.media and is_address(debate.media) else None
    return video_url(debate.url or media, start, end)


def sound_url(debate: Debate | DebateSummary, start: float, end: float) -> str | None:
    """Where the moment is heard, to the tenth of a second: the debate's media on this server, failing that where it is
    seen elsewhere; None where it is neither."""
    if debate.media and not is_address(debate.media):
        return f"{media_path(debate.id)}#t={start:.1f},{end:.1f}"
    return recording_url(debate, start, end)


def video_url(url: str | None, start: float, end: float) -> str | None:
    """``url`` with the start time as its site wants it; elsewhere a media fragment
    (https://www.w3.org/TR/media-frags/).

    >>> video_url("https://youtu.be/abc", 220.4, 240)
    'https://youtu.be/abc?t=220s'
    """
    if url is None:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    second = math.floor(start)
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com"):
        name = "start" if parts.path.startswith("/embed/") else "t"
        return _with(url, name, f"{second}" if name == "start" else f"{second}s", drop=("t", "start"))
    if host in ("dailymotion.com", "dai.ly", "geo.dailymotion.com"):
        return _with(url, "start", f"{second}", drop=("start",))
    if host in ("vimeo.com", "player.vimeo.com"):
        return urlunsplit(parts._replace(fragment=f"t={second}s"))
    if _PEERTUBE.fullmatch(parts.path):
        return _with(url, "start", f"{second}s", drop=("start",))
    return urlunsplit(parts._replace(fragment=f"t={second},{math.ceil(end)}"))


def _with(url: str, name: str, value: str, drop: tuple[str, ...]) -> str:
    parts = urlsplit(url)
    kept = [(key, old) for key, old in parse_qsl(parts.query, keep_blank_values=True) if key not in drop]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, value)]), fragment=""))
