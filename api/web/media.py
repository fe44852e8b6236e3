"""What plays a debate: its own media, or the embedded player of the site on which its recording is seen.

Nothing is loaded from elsewhere before a reader asks for it, and then from one origin, which the page's policy names.
Of an address only an id of letters, digits, - and _ goes into an embedded player's; where none is found, there is only
the link.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

from index.media import is_address, media_type
from index.types import Debate, DebateSummary
from rag.asked import Catalogue
from rag.links import media_path
from rag.quotes.types import Place
from rag.types import Citation

_ID = re.compile(r"[A-Za-z0-9_-]{3,64}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_YOUTUBE = re.compile(r"/(?:embed|live|shorts|v)/([^/]+)/?")
_DAILYMOTION = re.compile(r"/(?:embed/)?video/([A-Za-z0-9]+)(?:_[^/]*)?/?")
_VIMEO = re.compile(r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(\d{1,15})(?:/([0-9a-f]{6,40}))?/?", re.ASCII)
_PEERTUBE = re.compile(r"/(?:w|videos/watch|videos/embed)/([^/]+)/?")


class PlayerKind(StrEnum):
    """The element that plays it, named as in HTML but for a frame, which is another site's player."""

    AUDIO = "audio"
    VIDEO = "video"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Player:
    """``source`` is the address of the file; of a frame with ``{start}`` in it, which stands for whole seconds, and
    ``ending`` what is put behind it, with ``{end}``, so that it stops there: empty where the site cannot. ``link`` is
    where the recording is seen. ``origin`` is from where it is loaded, None for this server."""

    kind: PlayerKind
    title: str
    language: str
    source: str
    link: str
    origin: str | None = None
    ending: str = ""

    @property
    def host(self) -> str:
        """Of ``origin``, as a reader is told it; empty for this server."""
        return urlsplit(self.origin).netloc.removeprefix("www.") if self.origin else ""


def player_of(debate: Debate | DebateSummary) -> Player | None:
    """Of its media, failing that of its address; None where that is only a page to go to."""
    if debate.media and not is_address(debate.media):
        path = media_path(debate.id)
        return Player(_kind(debate.media), debate.title, debate.language, path, path)
    for address, given in ((debate.media, True), (debate.url, False)):
        found = _elsewhere(address, debate, is_media=given) if address else None
        if found:
            return found
    return None


def players_of(catalogue: Catalogue, cited: Iterable[Citation | Place]) -> dict[str, Player]:
    """By debate, for those that are cited and can be played."""
    wanted = {one.debate for one in cited}
    found = ((debate.id, player_of(debate)) for debate in catalogue.debates if debate.id in wanted)
    return {debate: player for debate, player in found if player}


def frames(players: Iterable[Player | None]) -> list[str]:
    """The origins from which a page may embed players, for its policy."""
    return _origins(players, frame=True)


def media(players: Iterable[Player | None]) -> list[str]:
    """The origins from which a page may play files, for its policy."""
    return _origins(players, frame=False)


def _origins(players: Iterable[Player | None], *, frame: bool) -> list[str]:
    wanted = (one for one in players if one and one.origin and (one.kind is PlayerKind.FRAME) is frame)
    return list(dict.fromkeys(one.origin for one in wanted if one.origin))


def _kind(name: str) -> PlayerKind:
    return PlayerKind.AUDIO if (media_type(name) or "").startswith("audio/") else PlayerKind.VIDEO


def _elsewhere(address: str, debate: Debate | DebateSummary, *, is_media: bool) -> Player | None:
    parts = urlsplit(address)
    if (frame := _frame(parts)) is not None:
        source, ending = frame
        return Player(
            PlayerKind.FRAME, debate.title, debate.language, source, address, _origin(urlsplit(source)), ending
        )
    origin = _origin(parts)
    if origin is None or not (is_media or media_type(parts.path)):
        return None
    return Player(_kind(parts.path), debate.title, debate.language, address, address, origin)


def _origin(parts: SplitResult) -> str | None:
    """As a policy wants it: https://host:port. None for a host that one cannot name, such as an IPv6 address."""
    try:
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def _frame(parts: SplitResult) -> tuple[str, str] | None:
    """The address of a site's player with ``{start}`` in it, and what makes it stop."""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com"):
        return _youtube(parts, host)
    if host in ("dailymotion.com", "dai.ly", "geo.dailymotion.com"):
        return _dailymotion(parts, host)
    if host in ("vimeo.com", "player.vimeo.com"):
        return _vimeo(parts)
    video = _matched(_PEERTUBE, parts.path)
    origin = _origin(parts)
    if video is None or origin is None:
        return None
    # without p2p the address of the reader is not told to other readers
    return f"{origin}/videos/embed/{video}?autoplay=1&p2p=0&start={{start}}s", "&stop={end}s"


def _youtube(parts: SplitResult, host: str) -> tuple[str, str] | None:
    if host == "youtu.be":
        video = _id(parts.path.strip("/"))
    elif parts.path.rstrip("/") == "/watch":
        video = _asked(parts, "v")
    else:
        video = _matched(_YOUTUBE, parts.path)
    if video is None or video == "videoseries":
        return None
    return f"https://www.youtube-nocookie.com/embed/{video}?autoplay=1&start={{start}}", "&end={end}"


def _dailymotion(parts: SplitResult, host: str) -> tuple[str, str] | None:
    if host == "dai.ly":
        video = _id(parts.path.strip("/"))
    elif parts.path.startswith("/player"):
        video = _asked(parts, "video")
    else:
        video = _matched(_DAILYMOTION, parts.path)
    return (f"https://geo.dailymotion.com/player.html?video={video}&startTime={{start}}", "") if video else None


def _vimeo(parts: SplitResult) -> tuple[str, str] | None:
    found = _VIMEO.fullmatch(parts.path)
    if found is None:
        return None
    secret = found[2] or _asked(parts, "h")  # of a video that is not listed
    query = {"dnt": "1", "autoplay": "1"} | ({"h": secret} if secret else {})
    return f"https://player.vimeo.com/video/{found[1]}?{urlencode(query)}#t={{start}}s", ""


def _asked(parts: SplitResult, name: str) -> str | None:
    return _id(parse_qs(parts.query).get(name, [""])[0])


def _matched(pattern: re.Pattern[str], path: str) -> str | None:
    found = pattern.fullmatch(path)
    return _id(found[1]) if found else None


def _id(text: str) -> str | None:
    return text if _ID.fullmatch(text) and quote(text, safe="") == text else None
