"""Files made to take all the memory or time of a machine: each ends in a refusal that names the limit, or is read, in a
process that never holds more than 300 MB."""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from index.errors import FileTooLarge, LimitExceeded, MetadataInvalid
from index.speakers.labels import read_labels
from index.transcripts import read_transcript
from index.transcripts.limits import LIMITS, Limits
from index.writing.build import Details
from index.writing.metadata import details_of
from tests.binary_files import docx, with_parts

MB = 1_000_000
_MOST_MB = 300
_READ = """
import sys
from pathlib import Path
from index.errors import QdqError
from index.transcripts import read_transcript
try:
    print(read_transcript(Path(sys.argv[1])).report.segments)
except QdqError as error:
    print(type(error).__name__, error.message("en"))
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def lrc(lines: int) -> bytes:
    return b"".join(b"[%02d:%02d.00]a\n" % (at // 60 % 100, at % 60) for at in range(lines))


def srt(cues: int) -> bytes:
    return b"".join(
        b"%d\n00:%02d:%02d,000 --> 00:59:59,900\na\n\n" % (at, at // 60 % 60, at % 60) for at in range(cues)
    )


def ttml(inside: bytes, head: bytes = b"") -> bytes:
    return head + b'<tt xmlns="http://www.w3.org/ns/ttml"><body>' + inside + b"</body></tt>"


def word(paragraphs: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, paragraphs)
    return with_parts(docx(), word__document=body)


def paragraphs(number: int) -> bytes:
    """Each another, so that they do not pack like a bomb."""
    return b"".join(b"<w:p><w:r><w:t>00:01 %x</w:t></w:r></w:p>" % (at * 7919 % 99_991) for at in range(number))


def bomb() -> bytes:
    """Ten entities, each ten times the one before."""
    names = b"abcdefghijk"
    entities = (b'<!ENTITY %c "%s">' % (name, b"&%c;" % before * 10) for before, name in pairwise(names))
    head = b'<!DOCTYPE tt [<!ENTITY a "ha">' + b"".join(entities) + b"]>"
    return ttml(b'<p begin="1s" end="2s">&k;</p>', head)


WORST: dict[str, tuple[Callable[[], bytes], str]] = {
    "a line of 200 MB": (lambda: b"a" * 200 * MB, "FileTooLarge"),
    "a line of 24 MB": (lambda: b"a " * 12 * MB, "1000000 characters on one line"),
    "wide characters": (lambda: "é😀\n".encode() + b"a\n" * 12 * MB, "400000 lines"),
    "a million captions": (lambda: srt(1_000_000), "FileTooLarge"),
    "half a million captions": (lambda: srt(500_000), "400000 lines"),
    "lines of a song": (lambda: lrc(390_000), "100000 passages"),
    "one line at many times": (lambda: (b"[01:01.00]" * 99_000 + b"a\n") * 24, "25000000 characters in its passages"),
    "JSON in JSON": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "lists in lists": (lambda: b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "values": (lambda: b'{"segments":[' + b"{}," * 600_000 + b"{}]}", "1000000 values"),
    "passages of JSON": (
        lambda: b'{"segments":[' + b'{"start":1.5,"end":2.5,"text":"a b"},' * 240_000 + b"{}]}",
        "100000 passages",
    ),
    "a long passage": (
        lambda: b'{"segments":[{"start":0,"end":1,"text":"' + b"a " * 12 * MB + b'"}]}',
        "1000000 characters in one passage",
    ),
    "tags": (lambda: ttml(b"<p/>" * 500_000), "400000 tags"),
    "passages of XML": (lambda: ttml(b'<p begin="1s">a</p>' * 190_000), "100000 passages"),
    "entities": (bomb, "FormatBroken"),
    "elements in elements": (lambda: b"<tt>" * 300_000, "Excessive depth"),
    "a ZIP bomb": (lambda: word(b"<w:p>" + b" " * 250 * MB + b"</w:p>"), "it unpacks to 250 MB"),
    "paragraphs": (lambda: word(paragraphs(250_000)), "100000 passages"),
    "groups of RTF": (lambda: b"{\\rtf1 " + b"{" * 500_000, "400000 commands"),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc")
@pytest.mark.parametrize("name", WORST)
def test_the_worst_files_are_refused_within_the_memory(tmp_path: Path, name: str) -> None:
    make, expected = WORST[name]
    path = tmp_path / "worst.txt"
    path.write_bytes(make())
    done = subprocess.run([sys.executable, "-c", _READ, path], capture_output=True, text=True, check=True, timeout=120)
    *said, kilobytes = done.stdout.splitlines()
    assert expected in "\n".join(said)
    assert int(kilobytes) < _MOST_MB * 1000


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("le secret", "utf-8")
    path = tmp_path / "a.ttml"
    head = b'<!DOCTYPE tt [<!ENTITY a SYSTEM "%s">]>' % secret.as_uri().encode()
    path.write_bytes(ttml(b'<p begin="1s" end="2s">Voici &a;.</p>', head))
    assert "secret" not in " ".join(segment.text for segment in read_transcript(path).segments)


@pytest.mark.parametrize(
    ("limits", "content", "said"),
    [
        (Limits(file_mb=1), (b"00:01 " + b"a " * 500 + b"\n") * 1_000, "is over 1 MB"),
        (Limits(parts=10), b"00:01 a\n" * 11, "10 lines: cut the file, or raise the limit with QDQ_MAX_PARTS."),
        (Limits(line_chars=20), b"00:01 " + b"a" * 15, "more than 20 characters on one line"),
        (Limits(segments=2), b"00:01 a\n00:02 b\n00:03 c", "more than 2 passages"),
        (Limits(values=5), b'{"segments": [{"start": 0, "end": 1, "text": "a"}, {}]}', "more than 5 values"),
        (Limits(parts=5), ttml(b'<p begin="1s">a</p>'), "more than 5 tags"),
        (Limits(parts=3), b"<html><body><p>00:01 a<p>00:02 b</html>", "more than 3 tags"),
        (Limits(parts=2), b"{\\rtf1 \\b 00:01 a\\par}", "more than 2 commands"),
    ],
)  # fmt: skip
def test_each_limit_can_be_set(tmp_path: Path, limits: Limits, content: bytes, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises((FileTooLarge, LimitExceeded)) as refused:
        read_transcript(path, limits=limits)
    assert said in refused.value.message("en")
    assert read_transcript(path, limits=LIMITS).segments


def test_what_lies_in_a_document_has_the_same_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx(*(f"00:{second:02} a" for second in range(12))))
    with pytest.raises(LimitExceeded, match="more than 10 lines"):
        read_transcript(path, limits=Limits(parts=10))


@pytest.mark.parametrize("content", [b"start\tspeaker\n" + b"1\tA\n" * 400_001, b"[" * 100_001 + b"1," * 1_000_000])
def test_a_side_file_has_the_limits_of_a_transcript(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.speakers.tsv"
    path.write_bytes(content)
    with pytest.raises(LimitExceeded):
        read_labels(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a: &a [x]\nb: &b [*a, *a]\ntitle: *b", "aliases"),
        ("a: &a {x: 1}\n<<: [*a, *a]", "aliases"),
        ("title: " + "[" * 5000, "recursion"),
        ("title: " + "a" * 1_000_001, "over 1 MB"),
        ("date: [1, 2]", "is not YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_yaml_cannot_grow(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.yaml").write_text(content, "utf-8")
    with pytest.raises(MetadataInvalid, match=reason):
        details_of(tmp_path / "a.srt", Details())
