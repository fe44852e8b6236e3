"""Word documents (.docx; Office Open XML, ECMA-376): paragraphs and tables in the order of the document, read like a
text of any layout.

Line numbers are those of paragraphs; a row of a table counts as one and its cells are parted by tabs. Opened with
python-docx; the text is gathered here, since its ``Paragraph.text`` leaves out insertions, content controls and text
boxes. Headers, footers, footnotes and comments are not read.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.transcripts.documents.text_inside import Inside, split_lines
from index.transcripts.report import Unreadable
from index.transcripts.source import Source

if TYPE_CHECKING:
    from lxml import etree

MOST_MB = 200
"""Of all parts together, once unpacked."""
MOST_XML_MB = 12
"""Of the parts that are parsed: a tree takes several times as much memory."""
MOST_RATIO = 200
"""Of the size unpacked to the size packed, where it is over 10 MB: Word's own documents reach 20."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def looks_like(source: Source) -> bool:
    """A ZIP archive with a folder of Word's."""
    return source.data.startswith(b"PK") and b"word/" in source.data


def unwrap(source: Source) -> Inside:
    """Raises Unreadable for a damaged document, and for one that unpacks to far more than a document does."""
    _check_size(source.data)
    from docx import Document

    try:
        document = Document(io.BytesIO(source.data))
        return Inside(split_lines(_texts(document.element.body)), document.core_properties.title or "")
    except Exception as error:  # of three libraries below it, for a hostile file
        raise Unreadable(f"{type(error).__name__}: {error}", 1) from error


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise Unreadable(str(error), 1) from error
    whole = sum(part.file_size for part in parts)
    parsed = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    for size, limit in ((whole, MOST_MB), (parsed, MOST_XML_MB)):
        if size > limit * 1_000_000:
            found = size // 1_000_000
            raise Unreadable(
                f"it unpacks to {found} MB, and the limit is {limit} MB",
                1,
                f"décompressé, il fait {found} Mo, et la limite est {limit} Mo",
            )
    if whole > max(10_000_000, MOST_RATIO * len(data)):
        times = whole // len(data)
        raise Unreadable(
            f"it unpacks to {times} times its size, and the limit is {MOST_RATIO}",
            1,
            f"décompressé, il fait {times} fois sa taille, et la limite est {MOST_RATIO}",
        )


def _texts(body: "etree._Element") -> Iterator[tuple[int, str]]:
    """Number and text of each paragraph and each row of a table, but for those inside another."""
    for hidden in list(body.iter(_FALLBACK, f"{_W}moveFrom")):
        parent = hidden.getparent()
        if parent is not None:
            parent.remove(hidden)
    outermost = (
        element
        for element in body.iter(f"{_W}p", f"{_W}tr")
        if next(element.iterancestors(f"{_W}p", f"{_W}tr"), None) is None
    )
    for number, element in enumerate(outermost, start=1):
        yield number, _row(element) if element.tag == f"{_W}tr" else _text(element)


def _row(row: "etree._Element") -> str:
    cells = (cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr"), None) is row)
    return "\t".join(" ".join(" ".join(_text(part).split()) for part in cell.iter(f"{_W}p")) for cell in cells)


def _text(paragraph: "etree._Element") -> str:
    return "".join(
        _SIGNS.get(str(element.tag), element.text or "") for element in paragraph.iter(f"{_W}t", *_SIGNS)
    ).strip("\n")
