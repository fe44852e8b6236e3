"""A page of HTML -> its pieces of text, in order. No network, no entities beyond those of HTML, nothing executed.

<p>Ada <b>Martin</b><br>Oui.</p><tr><td>0:20</td><td>Non.</td></tr>  ->  "Ada Martin", "Oui.", "0:20<tab>Non."
"""

import re
from dataclasses import dataclass, field

from lxml import etree, html

from index.transcripts.report import Unreadable
from index.transcripts.source import Source, line_of

MOST_MB = 8
"""A tree takes several times as much memory."""

_INLINE = frozenset(
    """
    a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time u var
    wbr
    """.split()
)
_HIDDEN = frozenset("script style noscript template head svg select button iframe object".split())
_CELLS = frozenset({"td", "th"})
_VERBATIM = frozenset({"pre", "textarea"})


@dataclass(frozen=True, slots=True)
class Block:
    """Text that no element divides, the innermost element that ends with it, and its line in the markup."""

    tag: str
    line: int
    text: str


@dataclass(slots=True)
class _Gathering:
    """``apart`` are inline elements that stand by themselves; inside a cell everything is inline."""

    apart: frozenset[str]
    blocks: list[Block] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    line: int = 1
    hidden: int = 0
    cells: int = 0
    verbatim: int = 0

    def start(self, element: "etree._Element") -> None:
        tag = str(element.tag)
        self.hidden += tag in _HIDDEN
        self.verbatim += tag in _VERBATIM
        if tag in _CELLS:
            self.cells += 1
        elif not self._is_inline(tag):
            self._end("")
        self._hold(element.text, line_of(element) or 1)

    def end(self, element: "etree._Element") -> None:
        tag = str(element.tag)
        if tag in _CELLS:
            self.cells -= 1
            self.held.append("\t")
        elif not self._is_inline(tag):
            self._end(tag)
        self.hidden -= tag in _HIDDEN
        self.verbatim -= tag in _VERBATIM
        self._hold(element.tail, line_of(element) or 1)

    def _is_inline(self, tag: str) -> bool:
        if self.cells:
            self.held.append("" if tag in _INLINE else " ")
        return self.cells > 0 or (tag in _INLINE and tag not in self.apart)

    def _hold(self, text: str | None, line: int) -> None:
        if text and not self.hidden:
            if not any(map(str.strip, self.held)):
                self.held.clear()
                self.line = line
            self.held.append(text if self.verbatim else re.sub(r"\s+", " ", text))

    def _end(self, tag: str) -> None:
        for line, text in enumerate("".join(self.held).split("\n"), start=self.line):
            cells = [" ".join(cell.split()) for cell in text.removesuffix("\t").split("\t")]
            if any(cells):
                self.blocks.append(Block(tag, line, "\t".join(cells)))
        self.held.clear()


def page_of(source: Source) -> "etree._Element":
    """Its root element. Raises Unreadable for what has no element, and for what is too large."""
    if len(source.text) > MOST_MB * 1_000_000:
        raise Unreadable(f"a page of over {MOST_MB} MB", 1, f"une page de plus de {MOST_MB} Mo")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable(str(error) or "no element", 1, str(error) or "aucun élément") from error


def blocks_of(root: "etree._Element", apart: frozenset[str] = frozenset()) -> list[Block]:
    """The texts of the page below ``root``, in order."""
    gathering = _Gathering(apart)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            gathering.start(element)
        else:
            gathering.end(element)
    return gathering.blocks
