"""What reading every real file of ``WILD`` gives: ``python -m tests.wild`` prints a table and a summary.

Recall is the share of a file's own words, as tests/drawn.py draws them, that its segments hold; "–" where none are
drawn. A name in front of a line becomes its speaker, so the names of speakers count as found.
"""

import json
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.errors import TranscriptError
from index.transcripts import read_transcript
from index.transcripts.report import Transcript
from tests.drawn import Drawn, drawn
from tests.reading import WILD

_LEAST_REPEATED = 3
"""Words: people say one or two again by themselves."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one file: what was read, or the error, which is a refusal when it is of the tree."""

    file: str
    seconds: float
    transcript: Transcript | None = None
    error: Exception | None = None
    own: Drawn | None = None

    @property
    def verdict(self) -> str:
        return "read" if self.transcript else "refused" if isinstance(self.error, TranscriptError) else "crashed"

    @property
    def recall(self) -> float | None:
        return recall(self.own.texts, self.transcript) if self.own and self.transcript else None

    @property
    def off(self) -> tuple[float, float]:
        """Seconds between the first and last time read and those of the file; 0 where none are drawn."""
        if self.own is None or self.transcript is None:
            return 0.0, 0.0
        report = self.transcript.report
        pairs = ((report.first, self.own.first), (report.last, self.own.last))
        first, last = (0.0 if own is None else abs(found - own) for found, own in pairs)
        return first, last


def files(folder: Path = WILD) -> list[str]:
    manifest = folder / "manifest.json"
    return [entry["file"] for entry in json.loads(manifest.read_text("utf-8"))] if manifest.is_file() else []


def outcome(file: str, folder: Path = WILD) -> Outcome:
    """Read one file; only a refusal or a transcript is as it should be, so anything else is caught to be shown."""
    begun = time.perf_counter()
    try:
        transcript = read_transcript(folder / file)
    except Exception as error:
        return Outcome(file, time.perf_counter() - begun, error=error)
    seconds = time.perf_counter() - begun
    return Outcome(file, seconds, transcript=transcript, own=drawn(folder / file))


def recall(own: Iterable[str], transcript: Transcript) -> float:
    wanted = Counter(word for text in own for word in _words(text))
    found = Counter(
        word for segment in transcript.segments for word in _words(f"{segment.speaker or ''} {segment.text}")
    )
    return (wanted & found).total() / wanted.total() if wanted else 1.0


def repeated(transcript: Transcript) -> float:
    """Share of the words that a segment takes over from the end of the one before."""
    said = [_words(segment.text) for segment in transcript.segments]
    return sum(_overlap(before, after) for before, after in pairwise(said)) / max(1, sum(map(len, said)))


def _overlap(before: Sequence[str], after: Sequence[str]) -> int:
    longest = range(min(len(before), len(after)), _LEAST_REPEATED - 1, -1)
    return next((count for count in longest if before[-count:] == after[:count]), 0)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def rows(outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield _line("file", "format", "segments", "words", "first", "last", "notes", "s", "repeated", "recall")
    for one in outcomes:
        if one.transcript is None:
            yield f"{one.file[-60:]:60}  {one.verdict}: {' '.join(str(one.error).split())[:300]}"
            continue
        report = one.transcript.report
        shown = "–" if one.recall is None else f"{one.recall:.3f}"
        times = (f"{report.first:.2f}", f"{report.last:.2f}", len(report.notes), f"{one.seconds:.3f}")
        again = f"{repeated(one.transcript):.3f}"
        yield _line(one.file[-60:], report.format[:24], report.segments, report.words, *times, again, shown)


def _line(file: str, kind: str, *cells: object) -> str:
    return f"{file:60}  {kind:24}" + "".join(f"{cell!s:>9}" for cell in cells)


def summary(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(one.verdict for one in outcomes)
    worst = min((one.recall, one.file) for one in outcomes if one.recall is not None)
    slowest = max((one.seconds, one.file) for one in outcomes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{counts['read']} read, {counts['refused']} refused, {counts['crashed']} crashed; "
        f"worst recall {worst[0]:.3f} ({worst[1]}); slowest {slowest[0]:.2f} s ({slowest[1]}); peak {peak:.0f} MB"
    )


def main() -> None:
    outcomes = [outcome(file) for file in files()]
    if not outcomes:
        raise SystemExit(f"no transcripts found in the wild at {WILD}")
    for row in rows(outcomes):
        print(row)
    print(summary(outcomes))


if __name__ == "__main__":
    main()
