"""Passages -> an edit decision list (CMX 3600), which editing programs read: they lie end to end on its timeline.

Source times are those of the recordings, at 25 frames a second without dropped ones; a recording whose own timecode
does not begin at zero has to be shifted there. https://www.edlmax.com/EdlMaxHelp/Edl/maxguide.html
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rag.types import Citation

FRAME_RATE = 25
_REEL = 8
"""Characters of the name of a reel, letters and figures."""
_TITLE = 70


def edit_list(title: str, clips: Sequence[Citation], link: Callable[[Citation], str]) -> str:
    """An event a clip, with sound and image, in their order, from 00:00:00:00; each with its debate, its speaker where
    known or guessed, its link and its quote as comments."""
    reels = reel_names(one.debate for one in clips)
    lines, at = [f"TITLE: {_line(title)[:_TITLE]}", "FCM: NON-DROP FRAME", ""], 0
    for event, one in enumerate(clips, start=1):
        first = frames(one.start)
        last = max(frames(one.end), first + 1)
        times = " ".join(map(timecode, (first, last, at, at + last - first)))
        lines.append(f"{event:03}  {reels[one.debate]:<{_REEL}} AA/V  C        {times}")
        lines.append(f"* FROM CLIP NAME: {_line(one.title)}")
        lines += (
            [f"* SPEAKER{' (guessed)' if one.attribution.guessed else ''}: {_line(one.speaker)}"] if one.speaker else []
        )
        lines += [f"* LINK: {link(one)}", f"* QUOTE: {_line(one.quote)}", ""]
        at += last - first
    return "\n".join(lines)


def frames(seconds: float) -> int:
    """The nearest frame."""
    return round(seconds * FRAME_RATE)


def timecode(frame: int) -> str:
    """Hours, minutes, seconds and frames.

    >>> timecode(5751)
    '00:03:50:01'
    """
    seconds, rest = divmod(frame, FRAME_RATE)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{rest:02}"


def reel_names(debates: Iterable[str]) -> dict[str, str]:
    """For each debate its id, cut to eight letters and figures; with a number at its end where another one has that
    name already.

    >>> reel_names(["smart-tech-2024", "smart-tech-2025"])
    {'smart-tech-2024': 'SMARTTEC', 'smart-tech-2025': 'SMARTTE2'}
    """
    names: dict[str, str] = {}
    for debate in dict.fromkeys(debates):
        whole = re.sub(r"[^A-Z0-9]", "", debate.upper()) or "REEL"
        name, number = whole[:_REEL], 1
        while name in names.values():
            number += 1
            name = f"{whole[: _REEL - len(str(number))]}{number}"
        names[debate] = name
    return names


def _line(text: str) -> str:
    return " ".join(text.split())
