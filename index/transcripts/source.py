"""A file as its readers see it: bytes, text, and what the structured formats parse, each made once and only when it is
asked for."""

import json
import re
from functools import cached_property
from pathlib import PurePath
from typing import Any

from lxml import etree

from index.read_options import AS_IT_IS, ReadOptions
from index.transcripts.limits import LIMITS, Limits
from index.transcripts.report import Unreadable

_JSON = re.compile(r"[\ufeff\s]*(?:\{\s*[\"}]|\[\s*(?:\[\s*)*[{\]])")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,1000}-->\s*)?<(?:!doctype\s+html|"
    r"(?:html|head|title|meta|body|main|article|section|header|div|p|h[1-6]|cite|time|span|ul|ol|dl|table|blockquote|b|"
    r"strong|em|i|a|br|hr)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""How a page, or a piece of one, begins: XML formats begin with an element of their own."""

_BEFORE_ROOT = re.compile(r"[\ufeff\s]*(?:<\?xml[^<>]{0,200}\?>)?")
"""No parser takes a declaration below an empty line."""


def line_of(element: "etree._Element") -> int | None:
    """The line of the source on which ``element`` begins (its stub leaves the type open)."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def parsed_json(text: str) -> Any:
    """Raises Unreadable with the line for what is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.msg, error.lineno) from error
    except RecursionError as error:
        raise Unreadable("nested too deeply", 1, "trop de niveaux") from error
    except ValueError as error:
        raise Unreadable(str(error), 1) from error


class Source:
    """``text`` is "" when the bytes are no text; ``name`` is for messages and for the ending that breaks ties."""

    def __init__(
        self,
        name: str,
        data: bytes,
        text: str = "",
        encoding: str = "",
        options: ReadOptions = AS_IT_IS,
        limits: Limits = LIMITS,
    ) -> None:
        self.name = name
        self.data = data
        self.text = text
        self.encoding = encoding
        self.options = options
        self.limits = limits

    @property
    def suffix(self) -> str:
        """Lower case, with the dot: ".srt"."""
        return PurePath(self.name).suffix.lower()

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def looks_like_json(self) -> bool:
        """A text may begin with a bracket as well: "[00:20] Hello", "{1}{20}Hello"."""
        return _JSON.match(self.text) is not None

    @cached_property
    def json(self) -> Any:
        """The document; None when the text does not look like JSON. Raises Unreadable with the line when it looks so
        and is none."""
        if not self.looks_like_json:
            return None
        return parsed_json(self.text)

    @cached_property
    def looks_like_xml(self) -> bool:
        return self.text.lstrip("\ufeff \t\r\n").startswith("<") and not self.looks_like_html

    @cached_property
    def looks_like_html(self) -> bool:
        """A whole page or a fragment."""
        return _HTML.match(self.text.lstrip("\ufeff \t\r\n")[:2000]) is not None

    @cached_property
    def looks_like_rtf(self) -> bool:
        return self.text.lstrip("\ufeff \t\n").startswith("{\\rtf")

    @cached_property
    def xml(self) -> "etree._Element | None":
        """The root element; None when the text does not look like XML. Entities are not expanded and nothing is
        fetched. Raises Unreadable with the line when it looks so and is none."""
        if not self.looks_like_xml:
            return None
        head = _BEFORE_ROOT.match(self.text)
        cut, lines = (head.end(), head[0].count("\n")) if head else (0, 0)
        data = ("\n" * lines + self.text[cut:].rstrip("\ufeff \t\r\n")).encode()
        parser = _parser(recover=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if any(entry.domain != etree.ErrorDomains.NAMESPACE for entry in parser.error_log):
                raise Unreadable(str(error.msg), error.lineno or 1) from error
            return etree.fromstring(data, _parser(recover=True))  # a prefix that is not declared: nothing is lost


def _parser(recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",  # whatever the file declares: its text has been decoded
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,  # two elements may have one id
        recover=recover,
    )
