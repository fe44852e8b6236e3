"""ELAN (.eaf): tiers of annotations in XML. https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf

    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="20"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
    <TIER TIER_ID="tx@A" PARTICIPANT="Ada Martin" LINGUISTIC_TYPE_REF="utterance"><ANNOTATION>
      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
        <ANNOTATION_VALUE>Bonjour.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>

A slot without a time lies between its neighbours, as ELAN draws it; an annotation that refers to another has its time,
shared evenly where several do. Which tiers are speech is for ``tiers.py``. By hand: pympi-ling
gives no lines, expands entities, and ends in a KeyError where an attribute is missing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from index.times import decimal_seconds
from index.transcripts.report import Cue, NoteKind, Reading, Unreadable
from index.transcripts.research.tiers import Tier, speech
from index.transcripts.source import Source, line_of

_HEAD = 4_000
_UNITS = {"milliseconds": 0.001, "ntsc-frames": 1001 / 30_000, "pal-frames": 0.04}
"""Seconds of what TIME_UNITS counts."""
_DEEPEST = 20
"""Tiers that depend on one another; more are a circle."""
_Slot: TypeAlias = tuple[float, bool]
"""Seconds, and whether they are estimated."""


@dataclass(frozen=True, slots=True)
class _Span:
    """When an annotation is said, in seconds; ``estimated``: a slot of it had no time."""

    start: float
    end: float
    estimated: bool


def looks_like(source: Source) -> bool:
    """By its root element."""
    return source.looks_like_xml and re.search(r"<ANNOTATION_DOCUMENT[\s>]", source.text[:_HEAD]) is not None


def read(source: Source) -> Reading:
    """Raises Unreadable for what is no XML, or has no time at all."""
    root = source.xml
    if root is None or root.find("TIME_ORDER") is None:
        raise Unreadable("no TIME_ORDER in it", 1, "aucun élément TIME_ORDER")
    reading = Reading()
    elements = list(root.iter("TIER"))
    named = {element.get("TIER_ID", ""): element for element in elements}
    coded = {kind.get("LINGUISTIC_TYPE_ID", "") for kind in root.iter("LINGUISTIC_TYPE") if _is_coded(kind)}
    spans: dict[str, _Span] = {}
    slots = _slots(root)
    lines = {element: _lineage(element, named) for element in elements}
    parents_first = sorted(elements, key=lambda element: len(lines[element]))
    tiers = {element: _tier(element, lines[element], coded, slots, spans) for element in parents_first}
    speech((tiers[element] for element in elements), reading)
    return reading


def _tier(
    element: etree._Element, lineage: list[str], coded: set[str], slots: dict[str, _Slot], spans: dict[str, _Span]
) -> Tier:
    told = Reading()
    told.cues.extend(_cues(element, slots, spans, told))
    kind = element.get("LINGUISTIC_TYPE_REF", "")
    return Tier(
        lineage[0],
        line_of(element),
        tuple(told.cues),
        tuple(told.notes),
        kind=kind,
        participant=element.get("PARTICIPANT", "").strip(),
        family=lineage[-1],
        depth=len(lineage) - 1,
        coded=kind in coded,
    )


def _is_coded(kind: etree._Element) -> bool:
    """Whether the values of tiers of this type come from a fixed list: gestures, say, but no speech."""
    return bool(kind.get("CONTROLLED_VOCABULARY_REF"))


def _lineage(tier: etree._Element, named: dict[str, etree._Element]) -> list[str]:
    """The tier, the one that it depends on, and so on up to the root."""
    names = [tier.get("TIER_ID", "")]
    while (parent := tier.get("PARENT_REF", "")) in named and len(names) < _DEEPEST:
        names.append(parent)
        tier = named[parent]
    return names


def _slots(root: etree._Element) -> dict[str, _Slot]:
    """The seconds of each time slot, and whether they are estimated: those without a time are spread evenly."""
    header = root.find("HEADER")
    units = header.get("TIME_UNITS", "") if header is not None else ""
    unit = _UNITS.get(units.lower(), _UNITS["milliseconds"])
    slots: dict[str, _Slot] = {}
    waiting: list[str] = []
    known = 0.0
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        name, value = slot.get("TIME_SLOT_ID", ""), decimal_seconds(slot.get("TIME_VALUE", ""))
        if value is None:
            waiting.append(name)
            continue
        step = (value * unit - known) / (len(waiting) + 1)
        slots |= {other: (known + step * count, True) for count, other in enumerate(waiting, start=1)}
        waiting, known = [], round(value * unit, 6)
        slots[name] = known, False
    return slots | dict.fromkeys(waiting, (known, True))


def _cues(tier: etree._Element, slots: dict[str, _Slot], spans: dict[str, _Span], reading: Reading) -> Iterator[Cue]:
    """What a tier holds; its annotations are added to ``spans``, from which those that refer to them take their
    times."""
    annotations = list(tier.iterfind("ANNOTATION/*"))
    sharing = Counter(annotation.get("ANNOTATION_REF") for annotation in annotations)
    before: Counter[str | None] = Counter()
    for annotation in annotations:
        parent = annotation.get("ANNOTATION_REF")
        text = annotation.findtext("ANNOTATION_VALUE") or ""
        span = (
            _aligned(annotation, slots)
            if parent is None
            else _share(spans.get(parent), before[parent], sharing[parent])
        )
        before[parent] += 1
        if span is None:
            reading.note(NoteKind.BAD_TIME, line_of(annotation), text)
            continue
        spans[annotation.get("ANNOTATION_ID", "")] = span
        if span.estimated and text.strip():
            reading.note(NoteKind.TIME_ESTIMATED, line_of(annotation), text)
        yield Cue(span.start, span.end, text, None, line_of(annotation))


def _aligned(annotation: etree._Element, slots: dict[str, _Slot]) -> _Span | None:
    first, last = (slots.get(annotation.get(name, "")) for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2"))
    return _Span(first[0], last[0], first[1] or last[1]) if first and last else None


def _share(span: _Span | None, before: int, sharing: int) -> _Span | None:
    """The part of ``span`` that falls to one of ``sharing`` annotations, ``before`` of which come first."""
    if span is None:
        return None
    part = (span.end - span.start) / sharing
    return _Span(span.start + part * before, span.start + part * (before + 1), span.estimated or sharing > 1)
