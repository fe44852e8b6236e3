"""Reading a made-up file in a test, and what to compare of it."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.read_options import AS_IT_IS, ReadOptions
from index.transcripts import read_transcript
from index.transcripts.report import Transcript

WILD = Path(__file__).parents[2] / "shared" / "transcripts"
Said = tuple[float, str | None, str]
"""Start, speaker and text."""


def read(folder: Path, content: str | bytes, name: str = "a.txt", options: ReadOptions = AS_IT_IS) -> Transcript:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_transcript(path, options=options)


@contextmanager
def in_linear_time() -> Iterator[None]:
    """Around the reading of tens of thousands of a thing: a second or two, where a quadratic reader takes minutes."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < 20


def said(transcript: Transcript) -> list[Said]:
    return [(segment.start, segment.speaker, segment.text) for segment in transcript.segments]


def noted(transcript: Transcript) -> list[tuple[str, int | None, str]]:
    return [(note.kind.value, note.line, note.detail) for note in transcript.report.notes]


def rounded(rows: Iterable[Said]) -> list[Said]:
    return [(round(start, 3), speaker, text) for start, speaker, text in rows]
