"""Documents that hold transcripts: DOCX, RTF and HTML; real files; hostile ones."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import FileBinary, FileEmpty, FormatBroken, FormatUnknown, TimesMissing, TranscriptError
from index.read_options import ReadOptions
from index.transcripts import read_transcript
from tests.binary_files import docx, with_parts
from tests.reading import WILD, Said, in_linear_time, noted, read, said

BOTH: list[Said] = [(20.0, "Ada Martin", "L'été, « oui »."), (25.0, "Jean Petit", "Bien.")]


def body(inner: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    more = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    return f'<w:document xmlns:w="{space}" xmlns:mc="{more}"><w:body>{inner}</w:body></w:document>'.encode()


CELLS = (("00:20", "Ada Martin", "L'été,\n« oui »."), ("00:25", "Jean Petit", "Bien."))
SUBRIP = ("1", "00:00:20,000 --> 00:00:25,000", "L'été, « oui ».", "", "2", "00:00:25,000 --> 00:00:26,000", "Bien.")


@pytest.mark.parametrize(
    "data",
    [
        docx("Ada Martin [00:20]", "L'été, « oui ».", "", "Jean Petit [00:25]", "Bien."),
        docx("Ada Martin   0:20\nL'été, « oui ».", "Jean Petit   0:25\nBien."),
        docx("0:0:20.0 --> 0:0:25.0\nAda Martin\nL'été, « oui ».", "0:0:25.0 --> 0:0:26.0\nJean Petit\nBien."),
        docx("00:20 Ada Martin : L'été, « oui ».", "00:25 Jean Petit : Bien."),
        docx("Le débat", tables=((("Temps", "Qui", "Texte"), *CELLS),)),
        docx(tables=(CELLS,)),
    ],
)
def test_a_word_document_holds_any_of_the_layouts(tmp_path: Path, data: bytes) -> None:
    transcript = read(tmp_path, data, "a.docx")
    assert (transcript.report.format, transcript.report.encoding, said(transcript)) == ("DOCX", "binary", BOTH)


def test_captions_in_a_word_document_and_its_title(tmp_path: Path) -> None:
    transcript = read(tmp_path, docx(*SUBRIP, title="Le débat"), "whatever.bin")
    assert (transcript.title, said(transcript)) == ("Le débat", [(20, None, BOTH[0][2]), (25, None, BOTH[1][2])])


def test_notes_name_the_paragraph_and_a_row_of_a_table_is_one(tmp_path: Path) -> None:
    cells = ((("start", "texte", "note"), ("1", "a", ""), ("zut", "b", "")),)
    transcript = read(tmp_path, docx("Titre", "", "Sous-titre\nsuite", tables=cells), "a.docx")
    assert transcript.title == "Titre"
    assert noted(transcript) == [
        ("dropped_line", 3, "Sous-titre"),
        ("dropped_line", 3, "suite"),
        ("left_out", 4, "note"),
        ("bad_time", 6, "zut b"),
    ]


def test_insertions_and_text_boxes_are_read_once_and_what_was_moved_away_is_not(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>".format
    box = "<w:txbxContent><w:p>" + run("boîte") + "</w:p></w:txbxContent>"
    inner = (
        f"<w:p>{run('00:20 ')}<w:ins>{run('Oui')}</w:ins><w:del><w:r><w:delText>Non</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('ailleurs')}</w:moveFrom><w:r><w:tab/><w:t>et</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('00:25 ')}<mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:p></w:sdtContent></w:sdt>"
    )
    transcript = read(tmp_path, with_parts(docx(), word__document=body(inner)))
    assert said(transcript) == [(20, None, "Oui et"), (25, None, "boîte")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_parts(docx(), word__media=b"\0" * 30_000_000), "MB, and the limit is 12 MB"),
        (with_parts(docx(), word__x=b"\0" * 11_000_000), "times its size, and the limit is 200"),
        (with_parts(docx(), word__document=b"<w:p"), "XMLSyntaxError"),
        (with_parts(docx(), word__document=b"<a/>"), "AttributeError"),
        (with_parts(docx(), word__document=body("<w:p>" * 5000 + "</w:p>" * 5000)), "Excessive depth"),
        (docx("00:20 Oui.")[:5000], "not a zip file"),
        (b"PK\x03\x04word/", "not a zip file"),
    ],
)
def test_hostile_and_damaged_documents_are_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(FormatBroken, match=reason):
        read(tmp_path, data, "a.docx")


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    document = body("<w:p><w:r><w:t>00:20 a&e9;b</w:t></w:r></w:p>").decode()
    bomb = f'<!DOCTYPE w [<!ENTITY e0 "x"><!ENTITY f SYSTEM "file:///etc/passwd">{entities}]>{document}'
    try:
        assert [
            text[:1]
            for _start, _speaker, text in said(read(tmp_path, with_parts(docx(), word__document=bomb.encode())))
        ] == ["a"]
    except FormatBroken as error:
        assert "amplification" in str(error)
    file = bomb.replace("&e9;", "&f;").encode()
    assert "root" not in str(said(read(tmp_path, with_parts(docx(), word__document=file))))


@pytest.mark.parametrize(
    ("data", "error"),
    [(docx(), FileEmpty), (docx("Un", "deux"), TimesMissing), (b"PK\x03\x04" + bytes(50), FileBinary)],
)
def test_documents_without_a_transcript(tmp_path: Path, data: bytes, error: type[TranscriptError]) -> None:
    with pytest.raises(error) as caught:
        read(tmp_path, data, "a.docx")
    assert type(caught.value) is error
    assert error is not TimesMissing or "Un\ndeux" in str(caught.value)


_DOCX = docx("Ada [00:20]", "Oui.", tables=((("00:30", "non"),),))


@settings(max_examples=40)  # each opens an archive
@given(at=st.integers(0, len(_DOCX) - 1), piece=st.binary(max_size=20), cut=st.integers(0, 40))
def test_a_damaged_document_gives_a_transcript_or_an_error_of_the_tree(
    tmp_path_factory: pytest.TempPathFactory, at: int, piece: bytes, cut: int
) -> None:
    try:
        read(tmp_path_factory.getbasetemp(), _DOCX[:at] + piece + _DOCX[at + cut :], "a.docx")
    except TranscriptError as error:
        assert error.message("fr")


def rtf(inner: str, header: str = r"\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}}\f0") -> str:
    return "{\\rtf1" + header + " " + inner + "}"


LINK = r"{\field{\*\fldinst{HYPERLINK \"http://a.fr\"}}{\fldrslt oui}}"


@pytest.mark.parametrize(
    "content",
    [
        rtf(r"Ada Martin [00:20]\par L'\'e9t\'e9, \'ab oui \'bb.\par\par Jean Petit [00:25]\par {\b Bien}.\par"),
        rtf(rf"00:20 Ada Martin: L'\u233?t\u233 ?, \'ab {LINK} \'bb.\par 00:25 Jean Petit: Bien."),
        rtf(r"Ada Martin [00:20]\line L'\'8et\'8e, \'c7 oui \'c8.\line Jean Petit [00:25]\line Bien.", r"\mac\deff0"),
        rtf(r"00:20\cell Ada Martin\cell L'\'e9t\'e9, \'ab oui \'bb.\row 00:25\cell Jean Petit\cell Bien.\row"),
    ],
)
def test_rich_text_holds_any_of_the_layouts(tmp_path: Path, content: str) -> None:
    transcript = read(tmp_path, content + "\r\n\0", "a.rtf")
    assert (transcript.report.format, said(transcript)) == ("RTF", BOTH)


def test_rich_text_with_halves_of_emoji_pictures_and_notes_by_paragraph(tmp_path: Path) -> None:
    picture = r"{\*\shppict{\pict\pngblip " + "0a" * 5000 + "}}"
    transcript = read(tmp_path, rtf(rf"Titre\par Page\par 00:20 \u-10179?\u-8704? oui{picture}\par suite"))
    assert (transcript.title, said(transcript)) == ("Titre", [(20, None, "😀 oui suite")])
    assert noted(transcript) == [("dropped_line", 2, "Page"), ("joined_line", 4, "suite")]


@pytest.mark.parametrize(
    "content",
    [
        rtf(r"\uc a \u99999999999 b"),
        rtf(r"\u2147483647 b"),
        rtf("{\\fonttbl" + r"\f0" * 100_000, header=""),
        rtf("a" * 6_000_000),
    ],
)
def test_rich_text_that_makes_no_sense_or_would_take_too_long_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(FormatBroken):
        read(tmp_path, content)


@pytest.mark.parametrize("piece", [r"{\field{\*\fldinst{", "{", "}", r"{\pict", r"{\f0", "\\'e9", r"\\{"])
def test_rich_text_is_read_in_linear_time(tmp_path: Path, piece: str) -> None:
    try:
        with in_linear_time():
            read(tmp_path, rtf("00:20 oui" + piece * (300_000 // len(piece))))
    except TranscriptError as error:
        assert error.message("fr")


PODCAST = """<!DOCTYPE html>
<html lang="fr-FR"><head><title>Le débat</title><style>p {}</style></head><body>
<cite>Ada Martin:</cite>
<time>00:20</time>
<p>L'été, &laquo; <b>oui</b> &raquo;.</p>
<cite>Jean Petit:</cite>
<time>00:25</time>
<p>Bien.</p>
</body></html>"""


def test_html_of_the_podcast_namespace(tmp_path: Path) -> None:
    transcript = read(tmp_path, PODCAST, "a.html")
    assert (transcript.report.format, said(transcript)) == ("Podcast HTML", BOTH)
    assert (transcript.title, transcript.language, noted(transcript)) == ("Le débat", "fr", [])


def test_what_has_no_time_in_podcast_html_is_noted(tmp_path: Path) -> None:
    first = "<p>Avant</p>\n<cite>Ada:</cite>\n<time>0:20</time>\n<p>Un.</p>\n<p>Deux.</p>\n"
    transcript = read(tmp_path, first + "<cite>Jean:</cite>\n<p>Trois.</p>\n<time>zut</time>")
    assert said(transcript) == [(20, "Ada", "Un. Deux."), (20, "Jean", "Trois.")]
    assert noted(transcript) == [
        ("dropped_line", 1, "Avant"),
        ("joined_line", 5, "Deux."),
        ("time_estimated", 7, "Trois."),
        ("bad_time", 8, "zut"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "<p>Ada Martin [0:20]</p><p>L'été, &laquo; oui &raquo;.</p><p>Jean Petit [0:25]</p><p>Bien.</p>",
        "<body><p><b>Ada Martin</b> <span>0:20</span><br>L'été, « <i>oui</i> ».<p>Jean Petit 0:25<br>Bien.</body>",
        "<html><body><pre>\n0:20 Ada Martin: L'été, « oui ».\n0:25 Jean Petit: Bien.\n</pre></body></html>",
        "<table><tr><th>Début<th>Qui<th>Texte</tr><tr><td><p>0:20<td>Ada Martin<td><p>L'été,<p>« oui ».</tr>"
        "<tr><td>0:25<td>Jean Petit<td>Bien.</table>",
        "<?xml version='1.0'?><!DOCTYPE html><html><body><div>0:20</div><div>Ada Martin: L'été, « oui ».</div>"
        "<script>0:21 x</script><div>0:25</div><div>Jean Petit: Bien.</div></body></html>",
    ],
)
def test_a_page_holds_any_of_the_layouts(tmp_path: Path, content: str) -> None:
    transcript = read(tmp_path, content, "a.html")
    assert (transcript.report.format, said(transcript)) == ("HTML", BOTH)


def test_a_page_without_times_needs_a_speed_and_hostile_pages_end(tmp_path: Path) -> None:
    page = "<cite>Ada Martin:</cite><p>Un deux.</p><cite>Jean Petit:</cite><p>Trois.</p>"
    with pytest.raises(TimesMissing):
        read(tmp_path, page)
    expected = [(0, "Ada Martin", "Un deux."), (2, "Jean Petit", "Trois.")]
    assert said(read(tmp_path, page, options=ReadOptions(words_per_minute=60))) == expected
    for hostile in ("<div>" * 50_000, "<p>" + "&amp;" * 50_000, "<p><" * 50_000, "<!--" + "-" * 200_000):
        with pytest.raises(TranscriptError), in_linear_time():
            read(tmp_path, hostile)
    with pytest.raises(FormatBroken, match="page of over"):
        read(tmp_path, "<p>" + "a" * 9_000_000)


def test_a_document_inside_a_document_is_not_opened(tmp_path: Path) -> None:
    nested = "<p>" + "&amp;" + "amp;" * 10_000 + "lt;p&gt;00:20 oui"
    with pytest.raises((TimesMissing, FormatUnknown)):
        read(tmp_path, nested)


def _files() -> list[str]:
    formats = {"html", "txt", "csv", "docx", "rtf"}
    manifest = WILD / "manifest.json"
    entries = json.loads(manifest.read_text("utf-8")) if manifest.is_file() else []
    return sorted(entry["file"] for entry in entries if entry["format"] in formats)


EXPECTED: dict[str, tuple[str, int, int, float, float]] = {
    "test.sample.csv": ("CSV / TSV", 200, 0, 13.02, 662.25),
    "docx.docx": ("DOCX", 2, 0, 137.4, 3742.5),
    "rtf.rtf": ("RTF", 1, 0, 1.0, 2.0),
    "Rack 1.html": ("Podcast HTML", 401, 9, 0.0, 5052.0),
    "Matt D. Hoffman.html": ("HTML", 104, 0, 119.0, 5256.0),
    "AI Agents.txt": ("WebVTT", 727, 0, 0.0, 3251.44),
}
"""End of the name -> format, segments, speakers, first start, last end."""
REFUSED = ("300 multiple choices.html", "test.sample.txt")
"""They have no times."""


@pytest.mark.skipif(not WILD.is_dir(), reason=f"no transcripts found in the wild at {WILD}")
@pytest.mark.parametrize("file", _files())
def test_real_files_are_read_or_refused_for_want_of_times(file: str) -> None:
    if file.endswith(REFUSED):
        with pytest.raises(TimesMissing):
            read_transcript(WILD / file)
        estimated = read_transcript(WILD / file, options=ReadOptions(words_per_minute=150)).report
        assert estimated.words > 1_000
        return
    report = read_transcript(WILD / file).report
    assert (report.format, report.segments, len(report.speakers), report.first, report.last) == next(
        (row for end, row in EXPECTED.items() if file.endswith(end)), None
    )
