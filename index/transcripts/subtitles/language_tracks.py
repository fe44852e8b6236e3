"""Captions in several languages in one file -> those of one.

A language is left out where most of its passages come while the main one says something:
it says the same again. A language that is spoken at other times, as in a debate in two languages, stays.
"""

from bisect import bisect_right

from index.transcripts.report import Cue, NoteKind, Reading


def main_track(tracks: dict[str, list[Cue]], reading: Reading) -> tuple[str, list[Cue]]:
    """The name of the main track, and its cues with those of the tracks that stay beside it, in the order of their
    starts. ``tracks`` is language -> its cues; the main one is the first with half as many as the longest."""
    most = max(map(len, tracks.values()), default=0)
    main = next((name for name, cues in tracks.items() if len(cues) >= most / 2), "")
    kept = list(tracks.get(main, []))
    for name, cues in tracks.items():
        if name != main and _repeats(cues, tracks[main]):
            reading.note(NoteKind.LEFT_OUT, cues[0].line, f"{name or '?'}: {len(cues)}")
        elif name != main:
            kept += cues
    return main, sorted(kept, key=lambda cue: cue.start) if len(tracks) > 1 else kept


def _repeats(cues: list[Cue], main: list[Cue]) -> bool:
    """Whether most of ``cues`` begin while one of ``main`` is shown."""
    shown = sorted((cue.start, cue.end if cue.end is not None else cue.start + 1) for cue in main)
    at = [bisect_right(shown, (cue.start + 0.5, 0.0)) - 1 for cue in cues]
    inside = sum(place >= 0 and cue.start < shown[place][1] for place, cue in zip(at, cues, strict=True))
    return inside > len(cues) / 2
