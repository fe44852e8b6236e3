"""What a watch found as an Atom feed (RFC 4287), which any feed reader takes.

Ids are tag URIs (RFC 4151) that never change, under a name that nobody can own (RFC 2606). XML cannot hold some control
characters: in the feed alone U+FFFD stands for them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from index.errors import Language
from index.times import format_range
from rag.answer import UNKNOWN_SPEAKER
from rag.watches.types import Finding, Watch

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets"""
_AUTHOR = "Qui dit quoi"


def atom(watch: Watch, findings: Sequence[Finding], base: str, address: str) -> bytes:
    """``findings`` with the newest first. ``base`` is the server's address without a slash at its end, ``address``
    that of the feed itself."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # None is the default
    root.set(_LANGUAGE, watch.language)
    _text(root, "id", _tag(watch))
    _text(root, "title", watched(watch, watch.language))
    _text(root, "updated", updated(watch, findings).isoformat())
    _text(_child(root, "author"), "name", _AUTHOR)
    _child(root, "link", rel="self", type=MEDIA_TYPE, href=address)
    for finding in findings:
        _entry(root, watch, finding, base)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return document


def updated(watch: Watch, findings: Sequence[Finding]) -> datetime:
    """When the feed last changed, in whole seconds."""
    return max([watch.created, *(finding.found for finding in findings)]).astimezone(UTC).replace(microsecond=0)


def watched(watch: Watch, language: Language) -> str:
    """What is watched for, in a few words."""
    french = language == "fr"
    if watch.topic is None:
        return f"Quand {watch.speaker} parle" if french else f"When {watch.speaker} speaks"
    if watch.speaker is None:
        return f"« {watch.topic} »" if french else f"“{watch.topic}”"
    return f"{watch.speaker} sur « {watch.topic} »" if french else f"{watch.speaker} on “{watch.topic}”"


def _entry(root: etree._Element, watch: Watch, finding: Finding, base: str) -> None:
    told, moment = finding.passage, finding.found.astimezone(UTC).replace(microsecond=0).isoformat()
    entry = _child(root, "entry")
    _text(entry, "id", f"{_tag(watch)}/{finding.number}")
    _text(
        entry, "title", f"{_speaker(finding, watch.language)}, {format_range(told.start, told.end)} – {finding.title}"
    )
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    _child(entry, "link", rel="alternate", type="text/html", href=f"{base}{told.permalink}")
    if told.recording:
        _child(entry, "link", rel="related", href=told.recording)
    _text(entry, "content", _content(finding, watch.language)).set("type", "text")


def _content(finding: Finding, language: Language) -> str:
    quote, spoken = finding.passage.quote, finding.passage.spoken
    told = f"« {quote} »" if language == "fr" else f"“{quote}”"
    if spoken is None:
        return told
    minutes = f"{spoken / 60:.1f}"
    return f"{told} ({minutes.replace('.', ',')} min)" if language == "fr" else f"{told} ({minutes} min)"


def _speaker(finding: Finding, language: Language) -> str:
    """With a question mark after a name that neither the transcript nor a person gives."""
    told = finding.passage
    if told.speaker is None:
        return UNKNOWN_SPEAKER[0 if language == "fr" else 1]
    return told.speaker if told.attribution.settled else f"{told.speaker} (?)"


def _tag(watch: Watch) -> str:
    return f"tag:qui-dit-quoi.invalid,{watch.created.year}:watches/{watch.id}"


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    clean = {key: _NOT_XML.sub("\ufffd", value) for key, value in attributes.items()}
    return etree.SubElement(parent, f"{{{_ATOM}}}{name}", clean)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = _child(parent, name)
    child.text = _NOT_XML.sub("\ufffd", text)
    return child
