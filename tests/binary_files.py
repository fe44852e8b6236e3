"""Files of the binary formats, made in memory."""

import io
import struct
import zipfile

from docx import Document


def docx(*paragraphs: str, tables: tuple[tuple[tuple[str, ...], ...], ...] = (), title: str = "") -> bytes:
    document = Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for cells in tables:
        table = document.add_table(rows=0, cols=len(cells[0]))
        for row in cells:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """A document with its main part, or others, replaced; "__" stands for a slash."""
    contents = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents |= {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()


def gsi(rate: int = 25, table: bytes = b"00", language: bytes = b"0F", start: bytes = b"00000000") -> bytes:
    """The first block of an EBU STL, on the file."""
    head = b"850STL%d.011" % rate + table + language + "Le débat".encode("cp850").ljust(32)
    return head.ljust(256) + start + b" " * (1024 - 264)


def tti(
    number: int, begin: tuple[int, ...], end: tuple[int, ...], text: bytes, more: int = 0xFF, comment: int = 0
) -> bytes:
    """A block of an EBU STL with a subtitle, or a part of one."""
    return struct.pack("<BHBB4B4BBBB", 0, number, more, 0, *begin, *end, 20, 2, comment) + text.ljust(112, b"\x8f")
