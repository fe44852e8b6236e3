"""TTML and DFXP (.ttml, .dfxp, .xml), the captions of the W3C, with SMPTE-TT, EBU-TT and IMSC, which build on it.

    <tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="fr">
      <head><metadata><ttm:title>Le débat</ttm:title>
        <ttm:agent xml:id="ada" type="person"><ttm:name type="full">Ada Martin</ttm:name></ttm:agent></metadata></head>
      <body><div><p begin="00:00:01" dur="1.5s" ttm:agent="ada">Bonjour<br/>à tous</p></div></body>
    </tt>

Times count from the begin of the element around, as the standard says, or from the begin of the file where that would
put one past the end of the element around. A span with times is a word when all such spans of its paragraph are, else
a passage. Languages of the divs are told apart. By hand: pysubs2 and pycaption know neither agents nor spans with
times, nor lines. https://www.w3.org/TR/ttml1/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from lxml import etree

from index.transcripts.language_code import language_code
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable, Word
from index.transcripts.source import Source, line_of
from index.transcripts.subtitles.language_tracks import main_track
from index.transcripts.subtitles.ttml_clock import Clock, counts_frames
from index.transcripts.xml_elements import attributes_of, name_of, text_of

_ROOT = re.compile(r"<(?:[\w.-]{1,30}:)?tt[\s>]")
_NOT_TEXT = frozenset({"metadata", "title", "desc", "copyright", "agent", "name", "set", "animate", "information"})
_TIMES = ("begin", "end", "dur")


@dataclass(frozen=True, slots=True)
class _Span:
    """What an element inherits: when it is shown, ``timed`` when anything says so, who speaks, in what language."""

    begin: float = 0.0
    end: float | None = None
    timed: bool = False
    agent: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of the text of a paragraph; ``own`` when it has a time of its own."""

    text: str
    span: _Span
    own: bool


def looks_like(source: Source) -> bool:
    """By its root element, whatever its prefix."""
    return source.looks_like_xml and _ROOT.search(source.text[:10_000]) is not None


def read(source: Source) -> Reading:
    """The main language of several. Raises Unreadable for another root."""
    root = source.xml
    if root is None or name_of(root) != "tt":
        raise Unreadable("the root of the document is not “tt”", 1, "la racine du document n'est pas « tt »")
    reading, attributes = Reading(), attributes_of(root)
    titles = [text_of(element) for element in root.iter() if name_of(element) == "title"]
    reading.title = next(filter(str.strip, titles), "")
    walk = _Walk(reading, Clock.of(attributes, source.options.frames_per_second), _agents(root))
    for body in (child for child in root if name_of(child) == "body"):
        walk.through(body, walk.span(body, _Span(language=attributes.get("lang", "")), 0.0))
    main, reading.cues = main_track(walk.tracks, reading)
    reading.language = language_code(main)
    if walk.clock.assumed and walk.frames_counted:
        reading.note(NoteKind.FRAME_RATE_ASSUMED, None, f"{walk.clock.frames:g}")
    return reading


@dataclass(slots=True)
class _Walk:
    """Through the document, from the body down; ``agents`` is id -> name."""

    reading: Reading
    clock: Clock
    agents: dict[str, str]
    tracks: dict[str, list[Cue]] = field(default_factory=dict)
    frames_counted: bool = False

    def through(self, element: etree._Element, span: _Span | None) -> None:
        """Read the paragraphs in a body or div; text that stands outside of them is none."""
        if span is None:
            return
        for child, inner in self.children(element, span):
            if inner is not None and name_of(child) == "p":
                self.paragraph(child, inner)
            elif inner is not None and name_of(child) not in _NOT_TEXT:
                self.through(child, inner)
        outside = " ".join([element.text or "", *(child.tail or "" for child in element)])
        if outside.strip():
            self.reading.note(NoteKind.BAD_LINE, line_of(element), outside)

    def children(self, element: etree._Element, span: _Span) -> Iterator[tuple[etree._Element, _Span | None]]:
        """The elements in ``element``, each with what it inherits and says; None where that cannot be read."""
        base = self.base(element, span)
        sequential = element.get("timeContainer") == "seq"
        for child in element:
            inner = self.span(child, span, base) if isinstance(child.tag, str) else None
            yield child, inner
            if sequential and inner is not None and inner.end is not None:
                base = inner.end

    def base(self, element: etree._Element, span: _Span) -> float:
        """From where the times in ``element`` count."""
        if span.begin == 0 or span.end is None:
            return span.begin
        shown = (child for child in element if name_of(child) not in _NOT_TEXT)
        begins = [self.seconds(begin) for child in shown if (begin := child.get("begin"))]
        if all(begin is None or span.begin + begin < span.end for begin in begins):
            return span.begin
        self.reading.note(NoteKind.TIMES_SHIFTED, line_of(element), f"{name_of(element)} {span.begin:g} → 0")
        return 0.0

    def span(self, element: etree._Element, outer: _Span, base: float) -> _Span | None:
        attributes = attributes_of(element)
        times = {name: self.seconds(attributes[name]) for name in _TIMES if name in attributes}
        said = " ".join(f'{name}="{attributes[name]}"' for name in times)
        if times.get("begin", 0.0) is None:
            self.reading.note(NoteKind.BAD_TIME, line_of(element), said)
            return None
        if None in times.values():
            self.reading.note(NoteKind.END_UNREADABLE, line_of(element), said)
        begin = base + (times.get("begin") or 0.0) if times else max(base, outer.begin)
        end, dur = times.get("end"), times.get("dur")
        ends = [] if end is None else [base + end]
        ends += [] if dur is None else [begin + dur]
        ends += [] if outer.end is None or (times and base < outer.begin) else [outer.end]
        agent = " & ".join(self.agents.get(name, name) for name in attributes.get("agent", "").split())
        language = attributes.get("lang", outer.language)
        return _Span(begin, min(ends, default=None), outer.timed or bool(times), agent or outer.agent, language)

    def seconds(self, text: str) -> float | None:
        self.frames_counted |= counts_frames(text)
        return self.clock.seconds(text)

    def paragraph(self, element: etree._Element, span: _Span) -> None:
        """A cue for each speaker, and for each span with a time of its own when those are more than words."""
        runs = list(self.runs(element, span, own=False))
        spread = any(run.own and len(run.text.split()) > 1 for run in runs)
        timed = [run.span for run in runs if run.own and run.text.strip()]
        if timed and not span.timed:
            span = replace(span, begin=timed[0].begin, end=timed[-1].end, timed=True)
        for said in _groups(runs, spread):
            shown = said[0].span if spread and said[0].own else span
            self.add(said, shown, () if spread else _words(said, line_of(element)), line_of(element))

    def add(self, runs: list[_Run], shown: _Span, words: tuple[Word, ...], line: int | None) -> None:
        text = "".join(run.text for run in runs)
        if not shown.timed:
            self.reading.note(NoteKind.BAD_TIME, line, text)
            return
        cues = self.tracks.setdefault(shown.language, [])
        cues.append(Cue(shown.begin, shown.end, text, runs[0].span.agent, line, words))

    def runs(self, element: etree._Element, span: _Span, own: bool) -> Iterator[_Run]:
        yield _Run(element.text or "", span, own)
        for child, inner in self.children(element, span):
            if inner is not None and name_of(child) == "br":
                yield _Run("\n", span, own)
            elif inner is not None and name_of(child) not in _NOT_TEXT:
                yield from self.runs(child, inner, own or any(name in child.attrib for name in _TIMES))
            yield _Run(child.tail or "", span, own)


def _groups(runs: list[_Run], spread: bool) -> list[list[_Run]]:
    """The runs of one speaker, and of one time where these are ``spread``; those with text, or else the first."""
    keyed = groupby(runs, key=lambda run: (run.span.agent, run.span if spread and run.own else None))
    groups = [list(group) for _, group in keyed]
    return [group for group in groups if any(run.text.strip() for run in group)] or groups[:1]


def _words(runs: list[_Run], line: int | None) -> tuple[Word, ...]:
    """The runs as words, when all have a time; two without a space between them ("be", "fore") are one."""
    words: list[Word] = []
    glued = False
    for run in runs:
        text = run.text.strip()
        if text and not run.own:
            return ()
        if text and glued and not run.text[0].isspace():
            words[-1] = replace(words[-1], text=words[-1].text + text, end=run.span.end)
        elif text:
            words.append(Word(run.span.begin, run.span.end, text, run.span.agent, line))
        glued = (bool(text) and not run.text[-1].isspace()) or (glued and not run.text)
    return tuple(words)


def _agents(root: etree._Element) -> dict[str, str]:
    found = {}
    for agent in (element for element in root.iter() if name_of(element) == "agent"):
        names = sorted(
            (child for child in agent if name_of(child) == "name"), key=lambda name: name.get("type") != "full"
        )
        texts = [" ".join(text_of(name).split()) for name in names]
        found[attributes_of(agent).get("id", "")] = next(filter(None, texts), "")
    return {key: name for key, name in found.items() if key and name}
